"""Names exchanged in sentences, and the reader of the file that says which."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connote.data.checks import RecordError
from connote.data.errors import UsageError
from connote.data.schema import Example, Mention, read_examples
from connote.data.swaps import (
    CORPUS_FOLDER,
    SWAP_SPLITS,
    SWAPS_FILE,
    Swap,
    read_swaps,
    swapped,
)

TEXT = "Syria's army and Syrian rebels fought over North Syria, a Syrian said."


def example(*labels: str) -> Example:
    spans = [(TEXT.index(label), TEXT.index(label) + len(label)) for label in labels]
    return Example("a", TEXT, tuple(Mention(*span) for span in spans))


def written(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "swaps.jsonl"
    shown = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(shown) + "\n", encoding="utf-8")
    return path


def test_names_are_exchanged_all_at_once_and_the_longest_first() -> None:
    pairs = [("Syria", "Sudan"), ("Syrian", "Sudanese"), ("North Syria", "Syria")]
    changed = swapped(example("Syria's army", "Syrian rebels", "North Syria"), pairs)
    assert changed is not None
    assert changed.text == "Sudan's army and Sudanese rebels fought over Syria, a Sudanese said."
    mentions = [changed.text[m.start : m.end] for m in changed.mentions]
    assert mentions == ["Sudan's army", "Sudanese rebels", "Syria"]


def test_two_names_may_change_places() -> None:
    changed = swapped(example("rebels"), [("army", "rebels"), ("rebels", "army")])
    assert changed is not None
    assert changed.text.startswith("Syria's rebels and Syrian army fought")


def test_real_exchanges_are_read_and_fit_their_sentences(tmp_path: Path) -> None:
    corpus = read_examples(CORPUS_FOLDER / "test_unseen.jsonl")
    named = [e for e in corpus if "Belfast" in e.text.replace(",", " ").split()][:3]
    assert len(named) == 3
    lines = [{"id": e.id, "swap": [["Belfast", "Glasgow"]]} for e in named]
    path = written(tmp_path, *lines)
    assert read_swaps(path, corpus) == [Swap(e.id, (("Belfast", "Glasgow"),)) for e in named]
    for record in named:
        changed = swapped(record, [("Belfast", "Glasgow")])
        assert changed is not None
        assert changed.text == record.text.replace("Belfast", "Glasgow")
        for before, after in zip(record.mentions, changed.mentions, strict=True):
            words = record.text[before.start : before.end]
            assert changed.text[after.start : after.end] == words.replace("Belfast", "Glasgow")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{", "1: line: found broken JSON"),
        ("[]", "1: record: found []; allowed: a JSON object"),
        ({"id": "a"}, "1: swap: found None; allowed: an array"),
        ({"id": "a", "swap": []}, "1: swap: found no pair"),
        ({"id": "", "swap": [["Syria", "Mali"]]}, "1: id: found ''"),
        ({"id": "b", "swap": [["Syria", "Mali"]]}, "1: id: found 'b', which no record has"),
        ({"id": "a", "swap": [["Syria", "Mali"]], "why": "x"}, "1: why: found unknown key"),
        ({"id": "a", "swap": [["Syria"]]}, "1: swap[0]: found ['Syria']; allowed: a pair"),
        ({"id": "a", "swap": ["Syria"]}, "1: swap[0]: found 'Syria'; allowed: a pair"),
        ({"id": "a", "swap": [["Syria", ""]]}, "1: swap[0]: found ''"),
        ({"id": "a", "swap": [["Syria", " "]]}, "1: swap[0]: found ' '"),
        ({"id": "a", "swap": [["", "Mali"]]}, "1: swap[0]: found ''"),
        ({"id": "a", "swap": [["Syria", 7]]}, "1: swap[0]: found 7"),
        ({"id": "a", "swap": [["Syria", "“Mali”"]]}, "without double marks"),
        ('{"id": "a", "swap": [["Syria", "\\ud800"]]}', "names that UTF-8 can encode"),
        ({"id": "a", "swap": [["Syria", "Syria"]]}, "found 'Syria' for itself"),
        ({"id": "a", "swap": [["Syria", "Mali"], ["Syria", "Chad"]]}, "found 'Syria' twice"),
        ({"id": "a", "swap": [["Mali", "Chad"]]}, "found 'Mali', which is not in the sentence"),
        ({"id": "a", "swap": [["syria", "Chad"]]}, "found 'syria', which is not in the sentence"),
        ({"id": "a", "swap": [["Syri", "Chad"]]}, "found 'Syri', which is not in the sentence"),
        (
            {"id": "a", "swap": [["North Syria", "Chad"], ["North", "South"]]},
            "1: swap[1]: found 'North', which is not in the sentence",
        ),
    ],
)
def test_what_is_wrong_with_a_line_is_named(tmp_path: Path, line: object, expected: str) -> None:
    path = written(tmp_path, line)
    with pytest.raises(RecordError) as raised:
        read_swaps(path, [example("Syrian rebels")])
    assert str(raised.value).startswith(f"{path}:1: ")
    assert expected in str(raised.value)


def test_two_mentions_that_become_one_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, {"id": "a", "swap": [["North Syria", "Chad"]]})
    with pytest.raises(RecordError, match="found two mentions that become one"):
        read_swaps(path, [example("North Syria", "North")])


def test_a_whole_file_is_read_before_its_problems_are_told(tmp_path: Path) -> None:
    good = {"id": "a", "swap": [["Syria", "Mali"]]}
    path = written(tmp_path, good, good, "", {"id": "z", "swap": [["Syria", "Mali"]]})
    with pytest.raises(RecordError) as raised:
        read_swaps(path, [example("army")])
    told = [(problem.line, problem.field) for problem in raised.value.problems]
    assert told == [(2, "id"), (4, "id")]
    assert "a second time, first on line 1" in str(raised.value)


def test_a_file_without_exchanges_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expected names to exchange, found none"):
        read_swaps(written(tmp_path, ""), [example("army")])


def test_the_projects_own_exchanges_fit_the_corpus() -> None:
    if not SWAPS_FILE.is_file():
        pytest.skip("data/swaps.jsonl is still being curated")
    corpus = [e for s in SWAP_SPLITS for e in read_examples(CORPUS_FOLDER / f"{s}.jsonl")]
    swaps = read_swaps(SWAPS_FILE, corpus)
    by_id = {e.id: e for e in corpus}
    for swap in swaps:
        changed = swapped(by_id[swap.id], swap.pairs)
        assert changed is not None
        assert changed.text != by_id[swap.id].text
