"""Speakers and referents against annotated articles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connote import Scorer
from connote.data.checks import RecordError
from connote.data.errors import UsageError
from connote.data.hashes import sentence_hash
from connote.data.names import load_names
from connote.train.attributions import (
    ANNOTATIONS,
    as_table,
    head_word,
    measure,
    read_attributions,
)

TEXT = (
    "Foreign Minister Lena Ord met reporters on Monday.\n\n"
    "“The Assad regime is lying,” she said, and a clerk said the terrorists had fled."
)


def span(words: str) -> list[int]:
    start = TEXT.index(words)
    return [start, start + len(words)]


def annotated(**changed: Any) -> dict[str, Any]:
    minister = span("Foreign Minister Lena Ord")
    speech = [
        {
            "start": span("The Assad")[0],
            "end": span("lying")[1],
            "voice": "quoted",
            "cited": span("she"),
            "speaker": minister,
            "kind": "official",
        },
        {
            "start": span("the terrorists")[0],
            "end": span("had fled")[1],
            "voice": "attributed",
            "cited": span("a clerk"),
            "speaker": minister,  # wrong on purpose: it is the clerk
            "kind": "witness",
        },
    ]
    start, end = span("Assad regime")
    mention = {
        "start": start,
        "end": end,
        "voice": "quoted",
        "speaker": minister,
        "referent": "Government of Syria",
        "also": ["Syria's government"],
    }
    return {
        "article": "a",
        "sha256": sentence_hash(TEXT),
        "chosen_by": "annotators",
        "speech": speech,
        "mentions": [mention],
        **changed,
    }


def files(folder: Path, record: dict[str, Any]) -> tuple[Path, Path]:
    articles, annotations = folder / "articles.jsonl", folder / "annotations.jsonl"
    articles.write_text(json.dumps({"id": "a", "paragraphs": TEXT.split("\n\n")}) + "\n")
    annotations.write_text(json.dumps(record) + "\n")
    return articles, annotations


def test_right_and_wrong_are_counted(tmp_path: Path, scorer: Scorer) -> None:
    found = read_attributions(*files(tmp_path, annotated()))
    (figures,) = measure(found, scorer, load_names()).values()
    assert (figures.counts["speech"], figures.counts["speech exact"]) == (2, 1)
    assert figures.share("quoted", "head") == 1.0
    assert figures.share("attributed", "head") == 0.0
    assert (figures.counts["kind"], figures.counts["kind right"]) == (1, 1)
    assert figures.share("mention", "exact") == 1.0
    assert figures.share("referent", "exact") == 1.0
    assert figures.voices == [("quoted", "quoted")]
    assert figures.share("nothing", "exact") is None


def test_a_referent_under_another_name_is_wrong(tmp_path: Path, scorer: Scorer) -> None:
    record = annotated()
    record["mentions"][0] |= {"referent": "Turkish government", "also": []}
    (figures,) = measure(read_attributions(*files(tmp_path, record)), scorer, load_names()).values()
    assert figures.share("referent", "exact") == 0.0
    assert figures.share("referent", "head") == 1.0


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("Senator John McCain", "mccain"),
        ("a spokesman for the State Department", "spokesman"),
        ("Secretary of State Hillary Clinton", "clinton"),
        ("people familiar with the matter", "familiar"),
        ("Critics of the law", "critics"),
        ("the ministry’s", "ministry"),
        ("", ""),
    ],
)
def test_a_name_has_its_last_word_and_a_phrase_its_noun_as_head(name: str, head: str) -> None:
    assert head_word(name) == head


def test_another_text_or_an_unknown_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="another text under its id"):
        read_attributions(*files(tmp_path, annotated(sha256="0" * 64)))
    with pytest.raises(UsageError, match="no such article"):
        read_attributions(*files(tmp_path, annotated(article="b")))
    with pytest.raises(RecordError, match="surplus"):
        read_attributions(*files(tmp_path, annotated(surplus=1)))
    with pytest.raises(RecordError, match="speech: found 7; allowed: an array"):
        read_attributions(*files(tmp_path, annotated(speech=7)))
    with pytest.raises(RecordError, match="chosen_by: found None"):
        read_attributions(*files(tmp_path, annotated(chosen_by=None)))


def test_the_annotations_hold_no_text_of_the_articles() -> None:
    lines = [json.loads(line) for line in ANNOTATIONS.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        for item in (*line["speech"], *line["mentions"]):
            for key, value in item.items():
                named = key in ("voice", "kind", "referent", "also")
                assert named or value is None or isinstance(value, int | list)
                if key in ("cited", "speaker") and value is not None:
                    assert [type(at) for at in value] == [int, int]
    assert sum(len(line["speech"]) for line in lines) >= 120
    assert sum(len(line["mentions"]) for line in lines) >= 150


def test_on_real_articles_most_speakers_are_right(shared: Path, scorer: Scorer) -> None:
    articles = shared / "corpora" / "basil" / "articles.jsonl"
    figures = measure(read_attributions(articles), scorer, load_names())
    told = figures["annotators"]
    heads, names = told.share("speech", "head"), told.share("referent", "head")
    assert heads is not None
    assert names is not None
    assert heads >= 0.80
    assert names >= 0.70
    assert as_table(figures).row_count >= 7
