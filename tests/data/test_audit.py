"""Every fault of a corpus is found, and a sound one passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from connote.data.audit import Finding, audit
from connote.data.schema import Example, Mention, read_examples


@pytest.fixture(scope="module")
def dev(corpus_folder: Path) -> list[Example]:
    return read_examples(corpus_folder / "dev.jsonl")


@pytest.fixture(scope="module")
def test(corpus_folder: Path) -> list[Example]:
    return read_examples(corpus_folder / "test.jsonl")


def of(check: str, findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.check == check]


def test_a_group_a_sentence_and_an_id_in_two_splits_are_leaks(
    dev: list[Example], test: list[Example]
) -> None:
    leaked = of("leak", audit({"dev": dev, "test": [*test, dev[0]]}))
    assert [str(f).split()[1] for f in leaked] == ["group", "text", "id"]
    assert all(f.found == "in dev and in test" for f in leaked)
    assert repr(dev[0].group) in leaked[0].where


def test_a_reworded_sentence_in_another_split_is_a_near_duplicate(
    dev: list[Example], test: list[Example]
) -> None:
    long = max(dev, key=lambda e: len(e.text))
    copy = replace(long, id="copy", group="copy", text=long.text + " It was Monday.", mentions=())
    (found,) = of("near-duplicate", audit({"dev": dev, "test": [*test, copy]}))
    assert repr(long.id) in found.where
    assert "'copy'" in found.where
    assert not of("near-duplicate", audit({"dev": [*dev, copy]}))


def label(number: int, text: str, framing: str, topic: str) -> Example:
    start = text.index("[")
    bare = text.replace("[", "").replace("]", "")
    mention = Mention(start, text.index("]") - 1, framing=framing)
    return Example(str(number), bare, (mention,), topic=topic)


def test_an_unseen_split_shares_neither_topics_nor_heads_with_train() -> None:
    train = [label(1, "The [brutal junta] fell.", "delegitimizing", "myanmar")]
    sound = [label(2, "Whale [butchers] sailed.", "delegitimizing", "whaling")]
    neutral = [label(3, "A [junta] met.", "neutral", "whaling")]
    shared_head = [label(4, "They are [juntas of the sea].", "delegitimizing", "whaling")]
    shared_topic = [label(5, "The [butchers] stayed.", "delegitimizing", "myanmar")]
    assert audit({"train": train, "test_unseen": [*sound, *neutral]}) == []
    (head,) = audit({"train": train, "test_unseen": [*sound, *shared_head]})
    assert head.check == "unseen"
    assert "'junta'" in head.where
    assert "'4'" in head.where
    (topic,) = audit({"train": train, "test_unseen": shared_topic})
    assert "'myanmar'" in topic.where
    assert audit({"train": train, "test": shared_topic}) == []
    (alone,) = audit({"test_unseen": sound})
    assert alone.found == "no split called train"


def test_stamped_sentences_and_a_worn_label_are_found() -> None:
    towns = [f"{a}{b}{c}" for a in "BCDFGHL" for b in "aeiou" for c in "nrstlmk"]
    stamped = [
        label(i, f"Police held in {town} [thugs].", "delegitimizing", "policing")
        for i, town in enumerate(towns)
    ]
    findings = audit({"train": stamped})
    assert [f.check for f in findings] == ["template", "template", "variety", "variety"]
    assert "100.0% of sentences" in findings[0].found
    assert "'thugs'" in findings[2].where


def test_a_side_that_is_always_disparaged_is_found(dev: list[Example]) -> None:
    one_sided = [
        Example(
            f"x{i}", f"Row {i}: bandits.", (Mention(0, 3, framing="delegitimizing", referent="R"),)
        )
        for i in range(80)
    ]
    findings = of("symmetry", audit({"dev": [*dev, *one_sided]}))
    (found,) = (f for f in findings if f.where == "referent 'R'")
    assert "over 80 mentions" in found.found
