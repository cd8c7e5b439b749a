"""GWSD brought to records: stance of a whole sentence, everything else absent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connote.data.checks import RecordError
from connote.data.errors import UsageError
from connote.data.gwsd import REFERENT, read_gwsd
from connote.data.hashes import sentence_hash
from connote.data.schema import Example, Mention, read_examples, write_examples

TEXT = "The harbour will flood every spring, the engineers warn."
COLUMNS = ("sentence", "worker_0", "disagree", "agree", "neutral", "guid", "in_held_out_test")


def row(
    disagree: Any = 0.1, agree: Any = 0.7, neutral: Any = 0.2, **changes: Any
) -> dict[str, Any]:
    return {"text": TEXT, "disagree": disagree, "agree": agree, "neutral": neutral} | changes


def written(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return path


def original(folder: Path, *rows: tuple[Any, ...]) -> Path:
    lines = ["\t".join(map(str, fields)) for fields in (COLUMNS, *rows)]
    path = folder / "GWSD.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_most_probable_stance_is_that_of_the_whole_sentence(tmp_path: Path) -> None:
    (example,) = read_gwsd(written(tmp_path / "train.jsonl", row()))
    name = f"gwsd-{sentence_hash(TEXT)[:12]}"
    mention = Mention(
        0, len(TEXT), referent=REFERENT, stance="favor", stance_shares=(0.1, 0.2, 0.7)
    )
    assert example == Example(name, TEXT, (mention,), topic="global warming", group=name)


@pytest.mark.parametrize(
    ("disagree", "agree", "neutral", "stance"),
    [
        (0.7, 0.1, 0.2, "against"),
        (0.1, 0.2, 0.7, "neutral"),
        (0.4, 0.2, 0.4, "neutral"),
        (0.2, 0.4, 0.4, "neutral"),
        (0.4, 0.4, 0.2, None),
        (0, 1, 0, "favor"),
        (0.334, 0.333, 0.332, "against"),
        ("1e-3", "0.9", "0.099", "favor"),
    ],
)
def test_a_tie_is_neutral_where_neutral_is_in_it(
    tmp_path: Path, disagree: Any, agree: Any, neutral: Any, stance: str | None
) -> None:
    (example,) = read_gwsd(written(tmp_path / "a.jsonl", row(disagree, agree, neutral)))
    mention = example.mentions[0]
    assert mention.stance == stance
    if mention.stance_shares is None:
        assert stance is None
    else:
        told = (float(disagree), float(neutral), float(agree))
        assert mention.stance_shares == pytest.approx(told, abs=0.002)
        assert sum(mention.stance_shares) == pytest.approx(1, abs=1e-9)


def test_the_original_file_holds_both_splits(tmp_path: Path) -> None:
    path = original(
        tmp_path,
        ("A sentence to test the annotators.", "agrees", "", "", "", "s0", ""),
        ("The ice is fine.", "disagrees", 0.9, 0.05, 0.05, "g1", False),
        ("The ice is going.", "agrees", 0.05, 0.9, 0.05, "g2", True),
    )
    for place in (path, tmp_path):
        assert [e.text for e in read_gwsd(place)] == ["The ice is fine."]
        assert [e.text for e in read_gwsd(place, "test")] == ["The ice is going."]
    assert [e.text for e in read_gwsd(path, None)] == ["The ice is fine.", "The ice is going."]
    with pytest.raises(UsageError, match="splits train, test, found 'dev'"):
        read_gwsd(tmp_path, "dev")


def test_a_file_without_the_column_is_read_whole(tmp_path: Path) -> None:
    written(tmp_path / "dev.jsonl", row(), row(text="Snow fell."))
    assert len(read_gwsd(tmp_path, "dev")) == 2


def test_of_a_sentence_twice_the_first_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", row(), row(0.8, 0.1, 0.1))
    assert [example.mentions[0].stance for example in read_gwsd(path)] == ["favor"]


@pytest.mark.parametrize(
    ("bad", "field", "allowed"),
    [
        ({"text": TEXT, "disagree": 0.5, "agree": 0.5}, "columns", "neutral"),
        ({"disagree": 0, "agree": 0, "neutral": 1}, "columns", "text"),
        (row(text=None), "text", "not blank"),
        (row(agree=None), "agree", "a number from 0 to 1"),
        (row(agree=True), "agree", "a number from 0 to 1"),
        (row(agree="nan"), "agree", "a number from 0 to 1"),
        (row(agree="inf"), "agree", "a number from 0 to 1"),
        (row(agree="most"), "agree", "a number from 0 to 1"),
        (row(agree=1.2), "agree", "a number from 0 to 1"),
        (row(agree=-0.1), "agree", "a number from 0 to 1"),
        (row(agree=10**400), "agree", "a number from 0 to 1"),
        (row(agree=[0.7]), "agree", "a number from 0 to 1"),
        (row(agree=0.8), "disagree, agree, neutral", "sum to 1"),
        (row(0, 0, 0), "disagree, agree, neutral", "sum to 1"),
        (row(in_held_out_test="maybe"), "in_held_out_test", "true, false"),
        (row(in_held_out_test=None), "in_held_out_test", "true, false"),
        (row(in_held_out_test=2), "in_held_out_test", "true, false"),
    ],
)
def test_a_row_of_another_shape_is_named(
    tmp_path: Path, bad: dict[str, Any], field: str, allowed: str
) -> None:
    path = written(tmp_path / "a.jsonl", row(), bad)
    with pytest.raises(RecordError) as caught:
        read_gwsd(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.field) == (str(path), 2, field)
    assert allowed in problem.allowed


def test_nan_is_no_json(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="NaN is not a JSON value"):
        read_gwsd(written(tmp_path / "a.jsonl", row(agree=float("nan"))))


def test_another_delimiter_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gwsd.csv"
    path.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r"separated by '\\t'"):
        read_gwsd(path)


def test_without_a_path_the_source_is_named() -> None:
    with pytest.raises(UsageError, match=r"GWStance.*--data gwsd=PATH"):
        read_gwsd()


def test_the_real_corpus_is_read_and_its_records_are_valid(shared: Path, tmp_path: Path) -> None:
    examples = read_gwsd(shared / "corpora" / "gwsd")
    write_examples(tmp_path / "out.jsonl", examples)
    assert read_examples(tmp_path / "out.jsonl") == examples
    assert len(examples) > 1_000
    mentions = [m for example in examples for m in example.mentions]
    assert {m.stance for m in mentions} == {"against", "neutral", "favor"}
    assert {m.framing for m in mentions} | {m.voice for m in mentions} == {None}
    assert {e.loaded for e in examples} | {e.loaded_spans for e in examples} == {None}


def test_without_a_split_the_column_does_not_matter(tmp_path: Path) -> None:
    path = written(tmp_path / "test.jsonl", row(in_held_out_test=True))
    assert read_gwsd(path) == []
    assert len(read_gwsd(path, None)) == 1
