"""What a recipe learns from is kept clear of what must never be seen."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from connote.data.errors import UsageError
from connote.data.hashes import sentence_hash
from connote.data.schema import Example, Mention, write_examples
from connote.train.corpora import Corpora, read_corpora, read_hashes, sample
from connote.train.recipe import Recipe
from connote.train.sources import Source
from connote.train.values import RecipeError

SENTENCES = ["The rebels left the town.", "The mob burned the archive.", "Our heroes came home."]


def corpus(path: Path, groups: list[str]) -> Path:
    mention = Mention(4, 8, framing="neutral", stance="neutral", voice="own")
    write_examples(
        path,
        [
            Example(f"e{i}", SENTENCES[i % 3], (mention,), group=group)
            for i, group in enumerate(groups)
        ],
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
    dev = corpus(tmp_path / "dev.jsonl", ["d", "e"])
    public = replace(
        recipe(dev, dev, (never,)), train=(Source("newsmtsc", "newsmtsc", newsmtsc(tmp_path)),)
    )
    corpora = read_corpora(public)
    assert [e.text for e in corpora.train] == SENTENCES[1:]


def test_only_what_is_labelled_is_seen_if_the_recipe_says_so(tmp_path: Path) -> None:
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
    source = Source("newsmtsc", "newsmtsc", newsmtsc(tmp_path), labels=labels, only_labelled=True)
    read = read_corpora(replace(recipe(dev, dev), train=(source,)))
    (example,) = read.train
    assert example.text == SENTENCES[1]
    assert [(m.framing, m.stance) for m in example.mentions] == [
        ("delegitimizing", None),
        (None, "against"),
    ]
    assert read.account[0]["mentions"] == 2
    everything = replace(source, only_labelled=False)
    assert len(read_corpora(replace(recipe(dev, dev), train=(everything,))).train) == len(SENTENCES)


def test_a_share_of_the_groups_is_held_out_as_dev(tmp_path: Path) -> None:
    train = corpus(tmp_path / "train.jsonl", [f"g{i // 2}" for i in range(40)])
    shared = replace(
        recipe(train, train), train=(Source("corpus", path=train, dev_share=0.25),), dev=()
    )
    corpora = read_corpora(shared)
    assert (len(corpora.train), len(corpora.dev)) == (30, 10)
    assert not {e.group for e in corpora.train} & {e.group for e in corpora.dev}
    assert read_corpora(replace(shared, seed=2)) == corpora


def test_the_same_sentences_are_held_out_of_every_corpus(tmp_path: Path) -> None:
    def written(name: str, numbers: range) -> Source:
        path = tmp_path / f"{name}.jsonl"
        mention = Mention(0, 3, stance="favor")
        write_examples(path, [Example(f"{name}{i}", f"It {i}.", (mention,)) for i in numbers])
        return Source(name, path=path, dev_share=0.1)

    def dev(*sources: Source) -> set[str]:
        alone = replace(recipe(tmp_path, tmp_path), train=sources, dev=())
        return {example.text for example in read_corpora(alone).dev}

    one, other = written("one", range(200)), written("other", range(100, 300))
    assert len(dev(one)) == len(dev(other)) == 20
    common = {f"It {i}." for i in range(100, 200)}
    assert len(dev(one) & dev(other)) >= 0.7 * len(dev(one) & common) > 0


@pytest.fixture
def of_all_sizes(tmp_path: Path) -> Callable[[float], Corpora]:
    """Splits a corpus of 100 groups of 20 sentences and 100 of one, with a share held out."""
    path = tmp_path / "train.jsonl"
    mention = Mention(0, 3, stance="favor")
    examples = [
        Example(f"{group}-{i}", f"It {group} {i}.", (mention,), group=f"g{group}")
        for group in range(200)
        for i in range(20 if group % 2 else 1)
    ]
    write_examples(path, examples)

    def split(share: float) -> Corpora:
        source = Source("corpus", path=path, dev_share=share)
        return read_corpora(replace(recipe(path, path), train=(source,), dev=()))

    return split


@pytest.mark.parametrize("share", [0.1, 0.2, 0.4])
def test_large_groups_are_held_out_no_more_often_than_small_ones(
    of_all_sizes: Callable[[float], Corpora], share: float
) -> None:
    corpora = of_all_sizes(share)
    sizes = Counter(e.group for e in corpora.dev)
    assert len(sizes) == 200 * share
    assert set(sizes.values()) == {1, 20}
    assert len(corpora.dev) / 2_100 == pytest.approx(share, abs=0.08)
    assert len(corpora.dev) + len(corpora.train) == 2_100


def test_what_a_share_holds_out_a_larger_one_holds_out_too(
    of_all_sizes: Callable[[float], Corpora],
) -> None:
    some, more, most = ({e.text for e in of_all_sizes(s).dev} for s in (0.1, 0.2, 0.5))
    assert set() < some < more < most


def test_nothing_to_learn_from_or_to_choose_by_is_an_error(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    dev = corpus(tmp_path / "dev.jsonl", ["d"])
    with pytest.raises(RecipeError, match="expected examples to learn from, found none"):
        read_corpora(recipe(empty, dev))
    train = corpus(tmp_path / "train.jsonl", ["a"])
    with pytest.raises(RecipeError, match="expected labels to choose by among its 0 dev"):
        read_corpora(recipe(train, empty))


def test_a_temperature_shows_small_corpora_more_often() -> None:
    large = [Example(f"l{i}", "x") for i in range(90)]
    small = [Example(f"s{i}", "x") for i in range(10)]
    assert sample([large, small], 1.0, 1) == [*large, *small]
    warm = sample([large, small], 2.0, 1)
    assert len(warm) == 100
    counts = Counter(example.id for example in warm)
    assert sum(n for id, n in counts.items() if id[0] == "s") == 25
    assert {n for id, n in counts.items() if id[0] == "s"} == {2, 3}
    assert {n for id, n in counts.items() if id[0] == "l"} == {1}
    assert sample([large, small], 2.0, 1) == warm


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


@pytest.mark.parametrize("content", ["not-a-hash\n", "caf\u00e9\n", "\ufeff" + "0" * 64])
def test_a_list_of_something_else_is_an_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "never.sha256"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RecipeError, match=r"never\.sha256:1: expected a SHA-256"):
        read_hashes(path)


def test_the_shipped_list_covers_the_sentences_measured_on(shared: Path) -> None:
    from importlib.resources import files

    hashes = set(read_hashes(Path(str(files("connote.data") / "never_train.sha256"))))
    lines = (shared / "gold_dev.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines
    assert {sentence_hash(json.loads(line)["text"]) for line in lines} <= hashes
