"""The examples of a recipe: read, kept clear of what must never be seen, accounted for."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..data.hashes import is_sentence_hash, sentence_hash
from ..data.public import read_corpus
from ..data.schema import Example, as_record
from ..data.standoff import with_labels
from .recipe import Recipe, RecipeError, Source


@dataclass(frozen=True, slots=True)
class Corpora:
    """What a recipe's sources hold.

    Attributes:
        train: Examples to learn from, those never to be seen taken out.
        dev: Examples to choose by.
        account: For each source its name, hash, numbers of sentences and mentions, and
            how many sentences were withheld; goes into the model's config.
    """

    train: tuple[Example, ...]
    dev: tuple[Example, ...]
    account: tuple[dict[str, Any], ...]


def read_corpora(recipe: Recipe) -> Corpora:
    """Read the sources of a recipe and enforce its `never_train` lists.

    Raises:
        RecipeError: If a list is no list of hashes, or a group is in train and in dev.
        RecordError: If a source is not valid.
        UsageError: If a public corpus has no path and is not on the Hub.
        OSError: If a file cannot be read.
    """
    never = frozenset(h for path in recipe.never_train for h in read_hashes(path))
    account: list[dict[str, Any]] = []
    train = [e for source in recipe.train for e in _read(source, never, recipe.seed, account)]
    dev = [e for source in recipe.dev for e in _read(source, never, recipe.seed, account)]
    shared = {e.group for e in train if e.group} & {e.group for e in dev if e.group}
    if shared:
        raise RecipeError(
            f"group {min(shared)!r} is in train and in dev, {len(shared)} such groups in all; "
            "a group never crosses a split"
        )
    return Corpora(tuple(train), tuple(dev), tuple(account))


def read_hashes(path: Path) -> list[str]:
    """SHA-256 hashes, a line each.

    Raises:
        RecipeError: If a line is something else.
    """
    hashes = path.read_text(encoding="ascii").split()
    for number, value in enumerate(hashes, 1):
        if not is_sentence_hash(value):
            raise RecipeError(
                f"{path}:{number}: expected a SHA-256 in hexadecimal, found {value!r}"
            )
    return hashes


def _read(
    source: Source, never: frozenset[str], seed: int, account: list[dict[str, Any]]
) -> list[Example]:
    found = read_corpus(source.format, source.path)
    labelled: frozenset[str] = frozenset()
    if source.labels is not None:
        found, labelled = with_labels(found, source.labels)
    kept = [example for example in found if sentence_hash(example.text) not in never]
    if source.weight < 1:
        kept = _draw(kept, round(len(kept) * source.weight), labelled, seed)
    account.append(
        {
            "name": source.name,
            "sha256": fingerprint(found),
            "sentences": len(kept),
            "mentions": sum(len(e.mentions) for e in kept),
            "labelled": sum(sentence_hash(e.text) in labelled for e in kept),
            "withheld": sum(sentence_hash(e.text) in never for e in found),
        }
    )
    return kept


def _draw(examples: list[Example], number: int, first: frozenset[str], seed: int) -> list[Example]:
    """Some of the examples: all whose hashes are in `first`, and others up to `number`."""
    certain = [example for example in examples if sentence_hash(example.text) in first]
    others = [example for example in examples if sentence_hash(example.text) not in first]
    draw = random.Random(seed)  # noqa: S311 - a sample, not a secret
    return certain + draw.sample(others, max(0, number - len(certain)))


def fingerprint(examples: Iterable[Example]) -> str:
    """SHA-256 of what is learnt from: texts and labels, not what else a record tells."""
    bare = (
        replace(
            example,
            annotations=(),
            mentions=tuple(
                replace(m, concept=None, referent=None, speaker=None) for m in example.mentions
            ),
        )
        for example in examples
    )
    return sentence_hash("\n".join(repr(as_record(example)) for example in bare))
