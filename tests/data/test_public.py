"""The public corpora: one way to read them all, each true to what it says it marks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connote.data.checks import RecordError
from connote.data.errors import UsageError
from connote.data.public import FORMS, PUBLIC, read_corpus
from connote.data.schema import Example, Mention, write_examples

FIELDS = {"framing", "stance", "voice", "loaded", "loaded_spans"}
EXAMPLE = Example("e1", "The mob left.", (Mention(4, 7, framing="delegitimizing"),))
FOLDERS = {"semeval2023": "semeval2023_task3_en"}


def filled(examples: list[Example]) -> set[str]:
    """The fields that some example or mention fills."""
    things = [*examples, *(mention for example in examples for mention in example.mentions)]
    return {f for f in FIELDS for thing in things if getattr(thing, f, None) is not None}


def test_the_corpora_are_known_by_their_names() -> None:
    assert tuple(PUBLIC) == ("newsmtsc", "babe", "gwsd", "semeval2023", "basil")
    assert ("connote", *PUBLIC) == FORMS
    for name, corpus in PUBLIC.items():
        assert corpus.name == name
        assert {*corpus.marks, *corpus.unmarked} == FIELDS
        assert len(corpus.marks) + len(corpus.unmarked) == len(FIELDS)
        assert corpus.title
        assert corpus.licence
        assert corpus.citation.endswith(".")


@pytest.mark.parametrize("name", [name for name in PUBLIC if name != "basil"])
def test_a_corpus_fills_what_it_says_it_marks(shared: Path, name: str) -> None:
    examples = read_corpus(name, shared / "corpora" / FOLDERS.get(name, name))
    assert filled(examples) == set(PUBLIC[name].marks)


def test_basil_fills_what_it_says_it_marks(tmp_path: Path) -> None:
    annotation = {"bias": "Lexical", "start": 4, "text": "mob"}
    document = {"body": [{"sentence": "The mob left.", "annotations": [annotation]}]}
    (tmp_path / "1_nyt.json").write_text(json.dumps(document), encoding="utf-8")
    assert filled(read_corpus("basil", tmp_path)) == set(PUBLIC["basil"].marks)


def test_connotes_own_records_are_read_from_a_file_or_a_folder(tmp_path: Path) -> None:
    write_examples(tmp_path / "dev.jsonl", [EXAMPLE])
    assert read_corpus("connote", tmp_path / "dev.jsonl") == [EXAMPLE]
    assert read_corpus("connote", tmp_path, "dev") == [EXAMPLE]
    with pytest.raises(UsageError, match="expected a path, found none"):
        read_corpus("connote")


def test_an_unknown_form_lists_those_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="found 'bable'; allowed: connote, newsmtsc, babe, gwsd"):
        read_corpus("bable", tmp_path)


@pytest.mark.parametrize("name", [name for name, corpus in PUBLIC.items() if not corpus.hub])
def test_a_corpus_that_is_not_on_the_hub_needs_a_path(name: str) -> None:
    with pytest.raises(UsageError, match=f"--data {name}=PATH"):
        read_corpus(name)


@pytest.mark.parametrize("name", PUBLIC)
def test_records_of_another_corpus_are_refused(tmp_path: Path, name: str) -> None:
    write_examples(tmp_path / "train.jsonl", [EXAMPLE])
    with pytest.raises(RecordError, match=r"train\.jsonl:1: "):
        read_corpus(name, tmp_path)


@pytest.mark.parametrize("name", FORMS)
def test_a_folder_without_a_split_asks_for_one(tmp_path: Path, name: str) -> None:
    write_examples(tmp_path / "train.jsonl", [EXAMPLE])
    with pytest.raises(UsageError, match="found a folder; name one of its files, or the split"):
        read_corpus(name, tmp_path, None)


def test_a_file_needs_no_split(tmp_path: Path) -> None:
    write_examples(tmp_path / "any.jsonl", [EXAMPLE])
    assert read_corpus("connote", tmp_path / "any.jsonl", None) == [EXAMPLE]
