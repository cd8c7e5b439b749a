"""BABE brought to records: loaded sentences and words, everything else absent."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from connote.data import babe
from connote.data.babe import read_babe
from connote.data.checks import RecordError
from connote.data.errors import UsageError
from connote.data.hashes import sentence_hash
from connote.data.schema import Example, read_examples, write_examples

TEXT = "The shameless council’s plan is a shameless swindle."
HEADER = "text;news_link;outlet;topic;type;label_bias;label_opinion;biased_words"


def row(**changes: Any) -> dict[str, Any]:
    words = "['shameless', 'swindle']"
    return {"text": TEXT, "label_bias": "Biased", "biased_words": words, "topic": "tax"} | changes


def written(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return path


def marked(example: Example) -> list[str]:
    return [example.text[start:end] for start, end in example.loaded_spans or ()]


def test_a_biased_sentence_is_loaded_by_its_words(tmp_path: Path) -> None:
    (example,) = read_babe(written(tmp_path / "train.jsonl", row()))
    name = f"babe-{sentence_hash(TEXT)[:12]}"
    spans = ((4, 13), (34, 43), (44, 51))
    assert example == Example(name, TEXT, topic="tax", group=name, loaded=True, loaded_spans=spans)
    assert marked(example) == ["shameless", "shameless", "swindle"]


@pytest.mark.parametrize(
    ("label", "words", "loaded", "spans"),
    [
        ("Non-biased", "[]", False, ()),
        ("Non-biased", "['swindle']", False, ()),
        ("No agreement", "['swindle']", None, None),
        ("Biased", "[]", True, None),
        ("Biased", "['swyndle']", True, None),
        ("Biased", "['swyndle', 'swindle']", True, ((44, 51),)),
        ("Biased", '["council\'s"]', True, ((14, 23),)),
        ("Biased", ["swindle"], True, ((44, 51),)),
        ("Biased", None, True, None),
    ],
)
def test_what_is_left_open_stays_absent(
    tmp_path: Path, label: str, words: Any, loaded: Any, spans: Any
) -> None:
    path = written(tmp_path / "a.jsonl", row(label_bias=label, biased_words=words))
    (example,) = read_babe(path)
    assert (example.loaded, example.loaded_spans) == (loaded, spans)


@pytest.mark.parametrize("value", [1, 1.0, "1", "1.0"])
def test_the_hubs_label_is_a_number(tmp_path: Path, value: Any) -> None:
    bare = {"text": TEXT, "biased_words": "[]"}
    rows = bare | {"label": value}, {**bare, "text": "Rain fell.", "label": 0}
    assert [e.loaded for e in read_babe(written(tmp_path / "a.jsonl", *rows))] == [True, False]


def test_of_a_sentence_twice_the_first_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", row(), row(text=f" {TEXT}", label_bias="Non-biased"))
    assert [example.loaded for example in read_babe(path)] == [True]


def test_the_original_file_is_read(tmp_path: Path) -> None:
    fields = f"{TEXT};http://example.org;Gazette;;left;Biased;Entirely factual;['swindle']"
    quoted = '"He said: ""no""; she left.";u;o;t;;Non-biased;;[]'
    path = tmp_path / "final_labels_SG2.csv"
    path.write_text("\n".join(("\ufeff" + HEADER, fields, quoted)) + "\n", encoding="utf-8")
    first, second = read_babe(tmp_path)
    assert (marked(first), first.topic) == (["swindle"], None)
    assert (second.text, second.loaded) == ('He said: "no"; she left.', False)
    assert read_babe(path) == [first, second]


def test_the_original_file_is_no_test_split(tmp_path: Path) -> None:
    (tmp_path / "final_labels_SG2.csv").write_text(HEADER + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"expected a file test\.jsonl, found final_labels_SG2"):
        read_babe(tmp_path, "test")


@pytest.mark.parametrize(
    ("bad", "field", "allowed"),
    [
        ({"text": TEXT, "label_bias": "Biased"}, "columns", "biased_words"),
        ({"text": TEXT, "biased_words": "[]"}, "columns", "label"),
        (row(text=""), "text", "not blank"),
        (row(text=7), "text", "not blank"),
        (row(text="a\ud800"), "text", "lone surrogates"),
        (row(topic=["tax"]), "topic", "text"),
        (row(label_bias="biased"), "label_bias", "Biased, Non-biased, No agreement"),
        (row(label_bias=None), "label_bias", "Biased"),
        (row(label_bias=True), "label_bias", "Biased"),
        (row(label_bias=2), "label_bias", "Biased"),
        (row(label_bias=10**400), "label_bias", "Biased"),
        (row(label_bias=["Biased"]), "label_bias", "Biased"),
        (row(biased_words=""), "biased_words", "a list of texts"),
        (row(biased_words="nan"), "biased_words", "a list of texts"),
        (row(biased_words="swindle"), "biased_words", "a list of texts"),
        (row(biased_words="('swindle',)"), "biased_words", "a list of texts"),
        (row(biased_words="['swindle', 1]"), "biased_words", "a list of texts"),
        (row(biased_words="{'swindle': 1}"), "biased_words", "a list of texts"),
        (row(biased_words="{[]: 1}"), "biased_words", "a list of texts"),
        (row(biased_words="['swindle'"), "biased_words", "a list of texts"),
        (row(biased_words="__import__('os').getcwd()"), "biased_words", "a list of texts"),
        (row(biased_words="[" * 1_900), "biased_words", "a list of texts"),
        (row(biased_words="-" * 1_900 + "1"), "biased_words", "a list of texts"),
        (row(biased_words="1+" * 900 + "1"), "biased_words", "a list of texts"),
        (row(biased_words="['\\x00'"), "biased_words", "a list of texts"),
        (row(biased_words="['" + "x" * 2_000 + "']"), "biased_words", "at most 2,000 characters"),
        (row(biased_words=["x" * 2_001]), "biased_words", "at most 2,000 characters"),
        (row(biased_words=3), "biased_words", "a list of texts"),
    ],
)
def test_a_row_of_another_shape_is_named(
    tmp_path: Path, bad: dict[str, Any], field: str, allowed: str
) -> None:
    path = written(tmp_path / "a.jsonl", row(), bad)
    with pytest.raises(RecordError) as caught:
        read_babe(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.field) == (str(path), 2, field)
    assert allowed in problem.allowed
    assert len(problem.found) <= 120


def test_another_delimiter_is_named(tmp_path: Path) -> None:
    path = tmp_path / "babe.csv"
    path.write_text("text,label_bias,biased_words\na,Biased,[]\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r"without text, biased_words.*separated by ';'"):
        read_babe(path)


def test_without_a_path_the_hub_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def rows(*names: str) -> Iterable[dict[str, Any]]:
        asked.append(names)
        return [{"text": TEXT, "label": 1, "biased_words": "['swindle']", "topic": None}, {}]

    monkeypatch.setattr(babe, "hub_rows", rows)
    with pytest.raises(RecordError, match=r"mediabiasgroup/BABE:2: columns: found nothing"):
        read_babe(None, "test")
    assert asked == [("BABE", "babe", "mediabiasgroup/BABE", "test")]
    monkeypatch.setattr(babe, "hub_rows", lambda *names: list(rows(*names))[:1])
    assert marked(read_babe()[0]) == ["swindle"]


def test_the_real_corpus_is_read_and_its_records_are_valid(shared: Path, tmp_path: Path) -> None:
    examples = read_babe(shared / "corpora" / "babe")
    write_examples(tmp_path / "out.jsonl", examples)
    assert read_examples(tmp_path / "out.jsonl") == examples
    assert len(examples) > 2_000
    loaded = [example for example in examples if example.loaded]
    assert 0.4 < len(loaded) / len(examples) < 0.6
    assert sum(bool(example.loaded_spans) for example in loaded) > 0.9 * len(loaded)
    assert not any(example.mentions for example in examples)
