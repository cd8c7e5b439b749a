import csv
import json
from pathlib import Path
from typing import Any

import pytest

from connote.data.errors import UsageError
from connote.infer.inputs import InputError, source_of
from connote.infer.scores import are_scores, read_scores
from connote.infer.voices import OWN_VOICE, Voices, check_matrix_output, write_matrix
from connote.infer.writing import OutputError


def row(framing: str, **changed: Any) -> dict[str, Any]:
    """A row of a table of scores."""
    return {
        "doc_id": "d1",
        "sentence": 3,
        "sentence_text": "The regime must go, Moscow said.",
        "mention": "regime",
        "framing": framing,
        "referent": "Syrian government",
        "speaker_name": "Russian government",
        "speaker_kind": "official",
        "copy_cluster": "d1",
        **changed,
    }


def counts(voices: Voices) -> list[tuple[str, str, str, str, int]]:
    names = ("speaker", "speaker_kind", "referent", "framing", "count")
    return [tuple(record[name] for name in names) for record in voices.as_records()]


def test_mentions_are_counted_by_speaker_referent_and_framing() -> None:
    voices = Voices()
    for framing in ("delegitimizing", "delegitimizing", "neutral"):
        voices.add(row(framing))
    voices.add(row("neutral", referent="Hamas"))
    assert counts(voices) == [
        ("Russian government", "official", "Syrian government", "delegitimizing", 2),
        ("Russian government", "official", "Syrian government", "neutral", 1),
        ("Russian government", "official", "Hamas", "neutral", 1),
    ]
    assert voices.mentions == 4


def test_whoever_speaks_most_stands_first() -> None:
    voices = Voices()
    voices.add(row("neutral", speaker_name="Ankara"))
    voices.add(row("neutral", referent="Hamas"))
    voices.add(row("neutral"))
    assert [key[0] for key, _ in voices.rows()] == ["Russian government"] * 2 + ["Ankara"]


def test_an_outlets_own_voice_stands_under_its_name_where_a_column_tells_it() -> None:
    own = {"speaker_kind": "outlet", "speaker_name": None, "paper": "The Lantern"}
    unnamed, named = Voices(), Voices(outlet="paper")
    unnamed.add(row("neutral", **own))
    named.add(row("neutral", **own))
    assert counts(unnamed)[0][:2] == (OWN_VOICE, "outlet")
    assert counts(named)[0][:2] == ("The Lantern", "outlet")


def test_what_the_text_leaves_open_is_unresolved() -> None:
    voices = Voices()
    voices.add(row("neutral", speaker_name="unresolved", speaker_kind=None, referent=None))
    assert counts(voices) == [("unresolved", "unresolved", "unresolved", "neutral", 1)]


@pytest.mark.parametrize(
    "empty", [{"framing": None}, {"framing": "none"}, {"mention": None}, {"mention": ""}]
)
def test_rows_without_a_framed_mention_count_nothing(empty: dict[str, Any]) -> None:
    voices = Voices()
    voices.add({**row("neutral"), **empty})
    assert not voices.cells
    assert voices.mentions == 0


def test_copies_can_be_left_out_and_are_then_counted_apart() -> None:
    voices = Voices(copies=False)
    voices.add(row("neutral"))
    voices.add(row("neutral", doc_id="d2"))
    voices.add(row("neutral", doc_id="d3", copy_cluster=None))
    assert (voices.mentions, voices.left_out) == (2, 1)


def test_a_copy_is_known_by_its_documents_not_by_their_ids_alone() -> None:
    voices = Voices(copies=False)
    for sentence in (1, 2, 1, 2):
        voices.add(row("neutral", sentence=sentence))
    assert (voices.mentions, voices.left_out) == (2, 2)


def test_a_first_document_without_labels_is_still_the_first() -> None:
    voices = Voices(copies=False)
    voices.add(row("none"))
    voices.add(row("neutral", doc_id="d2"))
    assert (voices.mentions, voices.left_out) == (0, 1)


def test_documents_without_a_cluster_are_no_copies_of_each_other() -> None:
    voices = Voices(copies=False)
    for number in range(3):
        voices.add(row("neutral", doc_id=f"d{number}", copy_cluster=None))
    assert (voices.mentions, voices.left_out) == (3, 0)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"sentence": "a"}, "sentence: found 'a'; expected its number"),
        ({"sentence": None}, "sentence: found None"),
        ({"speaker_kind": "king"}, "speaker_kind: found 'king'; allowed: outlet, official"),
        ({"speaker_name": ["x"]}, r"speaker_name: found \['x'\]; allowed: a text"),
        ({"referent": 7}, "referent: found 7; allowed: a text"),
        ({"copy_cluster": {"a": 1}}, "copy_cluster: found {'a': 1}; allowed: a text"),
        (
            {"speaker_name": None, "speaker_kind": None, "referent": None},
            "score again without --no-speakers",
        ),
    ],
)
def test_columns_that_hold_what_they_cannot_are_refused(
    changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        Voices(copies=False).add(row("neutral", **changed))


def test_copies_cannot_be_left_out_without_their_column() -> None:
    old = row("neutral")
    del old["copy_cluster"]
    Voices().add(old)
    with pytest.raises(UsageError, match="score again to leave out copies"):
        Voices(copies=False).add(old)


def test_one_referent_can_be_asked_for() -> None:
    voices = Voices(referent="the syrian government")
    voices.add(row("neutral"))
    voices.add(row("neutral", referent="Hamas"))
    assert [key[2] for key, _ in voices.rows()] == ["Syrian government"]


def test_as_many_sentences_stand_behind_a_count_as_are_asked_for() -> None:
    voices = Voices(kept=2)
    for number in range(5):
        voices.add(row("neutral", sentence=number))
    (record,) = voices.as_records()
    assert record["count"] == 5
    assert [s["sentence"] for s in record["sentences"]] == [0, 1]
    assert record["sentences"][0] == {
        "doc_id": "d1",
        "sentence": 0,
        "mention": "regime",
        "sentence_text": "The regime must go, Moscow said.",
    }


def test_an_unknown_framing_and_a_missing_outlet_column_are_named() -> None:
    with pytest.raises(UsageError, match="framing: found 'bad'; allowed: delegitimizing, neutral"):
        Voices().add(row("bad"))
    with pytest.raises(UsageError, match=r"no column 'paper'; found doc_id.*--outlet"):
        Voices(outlet="paper").add(row("neutral", speaker_kind="outlet"))


def test_csv_and_json_say_the_same(tmp_path: Path) -> None:
    voices = Voices()
    voices.add(row("delegitimizing", speaker_name='A "source", unnamed\nhere'))
    write_matrix(voices, tmp_path / "v.csv")
    write_matrix(voices, tmp_path / "v.json")
    records = json.loads((tmp_path / "v.json").read_text(encoding="utf-8"))
    with (tmp_path / "v.csv").open(encoding="utf-8", newline="") as file:
        (line,) = csv.DictReader(file)
    assert line["speaker"] == records[0]["speaker"] == 'A "source", unnamed\nhere'
    assert line["count"] == "1"
    assert json.loads(line["sentences"]) == records[0]["sentences"]
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["v.csv", "v.json"]


def test_an_output_is_checked_before_anything_is_counted(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"expected an output ending in .csv, .json"):
        check_matrix_output(tmp_path / "v.parquet", overwrite=False)
    (tmp_path / "v.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="exists"):
        check_matrix_output(tmp_path / "v.csv", overwrite=False)
    check_matrix_output(tmp_path / "v.csv", overwrite=True)
    assert (tmp_path / "v.csv").read_text(encoding="utf-8") == "mine"


def test_scores_are_told_from_documents_by_their_columns(tmp_path: Path) -> None:
    scores, documents = tmp_path / "scores.jsonl", tmp_path / "news.jsonl"
    scores.write_text(json.dumps(row("neutral")) + "\n", encoding="utf-8")
    documents.write_text('{"text": "The regime fell."}\n', encoding="utf-8")
    names = (str(scores), str(documents), "-")
    assert [are_scores(source_of(name)) for name in names] == [True, False, False]


def test_scores_without_speakers_ask_to_be_made_again(tmp_path: Path) -> None:
    old = {k: v for k, v in row("neutral").items() if not k.startswith("speaker")}
    path = tmp_path / "old.jsonl"
    path.write_text(json.dumps(old) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="speaker_name, speaker_kind; score the documents again"):
        are_scores(source_of(str(path)))


def test_a_broken_row_of_scores_is_reported_and_the_rest_read(tmp_path: Path) -> None:
    path = tmp_path / "scores.jsonl"
    lines = [json.dumps(row("neutral")), "{broken", json.dumps(row("legitimizing"))]
    path.write_text("\n".join(lines), encoding="utf-8")
    voices = Voices()
    summary = read_scores([source_of(str(path))], voices.add)
    assert voices.mentions == 2
    assert [failure.position for failure in summary.failures] == [2]
