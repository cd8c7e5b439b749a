"""The labels that connote adds to NewsMTSC fit its sentences and carry none of its text."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from connote.data.hashes import sentence_hash
from connote.data.newsmtsc import read_newsmtsc
from connote.data.schema import FRAMINGS, VOICES
from connote.data.standoff import with_labels

DATA = Path(str(files("connote.data")))
LABELS = (DATA / "newsmtsc.jsonl", DATA / "newsmtsc_dev.jsonl")


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    return [record for path in LABELS for record in lines(path)]


def test_no_sentence_is_learnt_from_and_chosen_by() -> None:
    learnt, chosen = ({record["sha256"] for record in lines(path)} for path in LABELS)
    assert len(learnt) > 2_500
    assert len(chosen) > 350
    assert not learnt & chosen


def test_a_label_stands_where_both_annotators_gave_it(records: list[dict[str, Any]]) -> None:
    for record in records:
        for unit in (None, *range(len(record["mentions"]))):
            one, other = (a for a in record["annotations"] if a.get("mention") == unit)
            assert (one["annotator"], other["annotator"]) == ("a1", "a2")
            marked = record if unit is None else record["mentions"][unit]
            assert marked.get("framing") == agreed(one, other, "framing")
            assert marked.get("loaded") == agreed(one, other, "loaded")
            if marked.get("framing") != "none":
                for head in ("stance", "voice"):
                    assert marked.get(head) == agreed(one, other, head)


def agreed(one: dict[str, Any], other: dict[str, Any], head: str) -> Any:
    return one.get(head) if one.get(head) == other.get(head) else None


def test_it_holds_offsets_and_labels_and_no_text(records: list[dict[str, Any]]) -> None:
    assert {key for record in records for key in record} == {
        "sha256", "mentions", "loaded", "annotations",
    }  # fmt: skip
    keys = {key for record in records for mention in record["mentions"] for key in mention}
    assert keys == {"start", "end", "framing", "stance", "voice"}


def test_no_sentence_to_measure_on_is_labelled(records: list[dict[str, Any]]) -> None:
    never = (files("connote.data") / "never_train.sha256").read_text().split()
    assert not {record["sha256"] for record in records} & set(never)


def test_it_fits_newsmtsc(records: list[dict[str, Any]], shared: Path) -> None:
    public = read_newsmtsc(shared / "corpora" / "newsmtsc")
    parts = [with_labels(public, path) for path in LABELS]
    assert set.union(*(set(hashes) for _, hashes in parts)) == {r["sha256"] for r in records}
    for joined, labelled in parts:
        mentions = [m for e in joined if sentence_hash(e.text) in labelled for m in e.mentions]
        assert {m.framing for m in mentions} == {*FRAMINGS, None}
        assert {m.voice for m in mentions} == {*VOICES, None}
