"""What a recipe learns from is kept clear of what must never be seen."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from connote.data.errors import UsageError
from connote.data.hashes import sentence_hash
from connote.data.schema import Example, Mention, write_examples
from connote.train.corpora import read_corpora, read_hashes
from connote.train.recipe import Recipe, RecipeError, Source

SENTENCES = ["The rebels left the town.", "The mob burned the archive.", "Our heroes came home."]


def corpus(path: Path, groups: list[str]) -> Path:
    mention = Mention(4, 8, framing="neutral", stance="neutral", voice="own")
    write_examples(
        path,
        [Example(f"e{i}", SENTENCES[i], (mention,), group=group) for i, group in enumerate(groups)],
    )
    return path


def recipe(train: Path, dev: Path, never: tuple[Path, ...] = ()) -> Recipe:
    return Recipe(
        "small",
        "encoder",
        (Source("corpus", path=train),),
        (Source("dev", path=dev),),
        never_train=never,
    )


def test_a_sentence_on_the_list_is_withheld_and_counted(tmp_path: Path) -> None:
    never = tmp_path / "never.sha256"
    never.write_text(sentence_hash("  " + SENTENCES[1] + "\n") + "\n")
    train = corpus(tmp_path / "train.jsonl", ["a", "b", "c"])
    dev = corpus(tmp_path / "dev.jsonl", ["d"])
    corpora = read_corpora(recipe(train, dev, (never,)))
    assert [e.text for e in corpora.train] == [SENTENCES[0], SENTENCES[2]]
    assert corpora.account[0]["withheld"] == 1
    assert corpora.account[0]["sentences"] == 2
    assert len(corpora.account[0]["sha256"]) == 64


def newsmtsc(folder: Path) -> Path:
    rows = [
        {
            "primary_gid": f"g{i}",
            "sentence_normalized": text,
            "targets": [{"from": 4, "to": 8, "polarity": 2.0}],
        }
        for i, text in enumerate(SENTENCES)
    ]
    (folder / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def test_the_list_holds_for_public_corpora_too(tmp_path: Path) -> None:
    never = tmp_path / "never.sha256"
    never.write_text(sentence_hash(SENTENCES[0]))
    dev = corpus(tmp_path / "dev.jsonl", ["d"])
    public = replace(
        recipe(dev, dev, (never,)), train=(Source("newsmtsc", "newsmtsc", newsmtsc(tmp_path)),)
    )
    corpora = read_corpora(public)
    assert [e.text for e in corpora.train] == SENTENCES[1:]


def test_labels_of_connotes_join_a_public_corpus_and_are_always_seen(tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    label = {"start": 4, "end": 7, "framing": "delegitimizing", "voice": "own"}
    annotation = {"annotator": "a1", "mention": 0, "framing": "delegitimizing"}
    known = {
        "sha256": sentence_hash(SENTENCES[1]),
        "mentions": [label],
        "annotations": [annotation],
    }
    labels.write_text(json.dumps(known) + "\n")
    dev = corpus(tmp_path / "dev.jsonl", ["d"])
    for seed in range(3):
        source = Source("newsmtsc", "newsmtsc", newsmtsc(tmp_path), weight=0.34, labels=labels)
        drawn = read_corpora(replace(recipe(dev, dev), train=(source,), seed=seed))
        (example,) = drawn.train
        assert example.text == SENTENCES[1]
        assert [(m.framing, m.stance) for m in example.mentions] == [
            ("delegitimizing", None),
            (None, "against"),
        ]
        assert drawn.account[0]["mentions"] == 2


def test_a_corpus_of_any_public_form_is_read(tmp_path: Path) -> None:
    row = {"text": SENTENCES[1], "label_bias": "Biased", "biased_words": "['mob']"}
    (tmp_path / "train.jsonl").write_text(json.dumps(row) + "\n")
    dev = corpus(tmp_path / "dev.jsonl", ["d"])
    babe = replace(recipe(dev, dev), train=(Source("babe", "babe", tmp_path),))
    (example,) = read_corpora(babe).train
    assert (example.loaded, example.loaded_spans) == (True, ((4, 7),))


def test_a_public_corpus_that_is_not_on_the_hub_needs_a_path(tmp_path: Path) -> None:
    dev = corpus(tmp_path / "dev.jsonl", ["d"])
    with pytest.raises(UsageError, match="--data gwsd=PATH"):
        read_corpora(replace(recipe(dev, dev), train=(Source("gwsd", "gwsd"),)))


def test_a_group_in_train_and_dev_is_an_error(tmp_path: Path) -> None:
    train = corpus(tmp_path / "train.jsonl", ["a", "b"])
    dev = corpus(tmp_path / "dev.jsonl", ["b"])
    with pytest.raises(RecipeError, match="group 'b' is in train and in dev"):
        read_corpora(recipe(train, dev))


def test_a_list_of_something_else_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "never.sha256"
    path.write_text("not-a-hash\n")
    with pytest.raises(RecipeError, match="expected a SHA-256"):
        read_hashes(path)


def test_the_shipped_list_covers_the_sentences_measured_on(shared: Path) -> None:
    from importlib.resources import files

    hashes = set(read_hashes(Path(str(files("connote.data") / "never_train.sha256"))))
    lines = (shared / "gold_dev.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines
    assert {sentence_hash(json.loads(line)["text"]) for line in lines} <= hashes
