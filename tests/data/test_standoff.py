"""Labels joined to sentences that lie elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connote.data.checks import RecordError
from connote.data.errors import UsageError
from connote.data.hashes import sentence_hash
from connote.data.schema import Example, Mention
from connote.data.standoff import with_labels

TEXT = "Senator Ruiz called the mob “patriots”."
OURS = Example("n1", TEXT, (Mention(0, 12, stance="neutral"),))
OTHER = Example("n2", "Rain fell.", (Mention(0, 4, stance="neutral"),))


def file_of(folder: Path, *records: dict[str, Any]) -> Path:
    path = folder / "labels.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def record(**fields: Any) -> dict[str, Any]:
    mentions = [
        {"start": 29, "end": 37, "framing": "legitimizing", "stance": "favor", "voice": "quoted"},
        {"start": 0, "end": 12, "framing": "neutral", "stance": "favor", "voice": "own"},
    ]
    return {"sha256": sentence_hash(TEXT), "mentions": mentions, "loaded": True, **fields}


def test_labels_by_the_codebook_replace_those_of_the_corpus(tmp_path: Path) -> None:
    annotations = [{"annotator": "a1", "mention": 0, "framing": "legitimizing"}]
    path = file_of(tmp_path, record(annotations=annotations))
    (joined, other), labelled = with_labels([OURS, OTHER], path)
    assert labelled == {sentence_hash(TEXT)}
    assert joined.mentions == (
        Mention(29, 37, framing="legitimizing", stance="favor", voice="quoted"),
        Mention(0, 12, framing="neutral", stance="favor", voice="own"),
    )
    assert joined.loaded is True
    assert joined.annotations[0].mention == 0
    assert joined.text[joined.mentions[0].start : joined.mentions[0].end] == "patriots"
    assert other == OTHER


def test_what_the_file_leaves_open_is_absent_and_other_mentions_keep_what_they_have(
    tmp_path: Path,
) -> None:
    open_stance = [{"start": 0, "end": 12, "framing": "neutral", "voice": "own"}]
    example = Example("n1", TEXT, (*OURS.mentions, Mention(20, 23, stance="against")))
    (joined,), _ = with_labels([example], file_of(tmp_path, record(mentions=open_stance)))
    assert joined.mentions == (
        Mention(0, 12, framing="neutral", voice="own"),
        Mention(20, 23, stance="against"),
    )


def test_a_mention_that_frames_nothing_loses_its_stance(tmp_path: Path) -> None:
    none = [{"start": 0, "end": 12, "framing": "none"}]
    (joined,), _ = with_labels([OURS], file_of(tmp_path, record(mentions=none)))
    assert joined.mentions == (Mention(0, 12, framing="none"),)


def test_labels_for_no_sentence_at_all_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="another edition of the corpus"):
        with_labels([OTHER], file_of(tmp_path, record()))


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"mentions": [{"start": 0, "end": 99}]}, "span outside the text"),
        ({"mentions": [{"start": 0, "end": 3, "framing": "bad"}]}, "mentions[0].framing"),
        ({"text": TEXT}, "text: found unknown key"),
        ({"sha256": None}, "sha256: found None"),
        ({"sha256": 7}, "sha256: found 7"),
        ({"sha256": "A" * 64}, "64 hexadecimal digits in small letters"),
    ],
)
def test_a_wrong_line_is_refused(fields: dict[str, Any], complaint: str, tmp_path: Path) -> None:
    path = file_of(tmp_path, {"sha256": "0" * 64, "mentions": []}, record(**fields))
    with pytest.raises(RecordError) as caught:
        with_labels([OURS], path)
    assert f"{path}:2: " in str(caught.value)
    assert complaint in str(caught.value)


def test_a_sentence_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="a second time"):
        with_labels([OURS], file_of(tmp_path, record(), record()))
