"""The examples of a recipe: read, kept clear of what must never be seen, accounted for."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..data.hashes import is_sentence_hash, sentence_hash
from ..data.public import read_corpus
from ..data.schema import MENTION_LABELS, Example, Mention, as_record
from ..data.standoff import with_labels
from .recipe import Recipe
from .sources import Source
from .values import RecipeError

KEPT_OUT = 0.125
"""Sentences without labels whose hashes lie below this are left to choose by."""


@dataclass(frozen=True, slots=True)
class Corpora:
    """What a recipe's sources hold.

    Attributes:
        train: Examples to learn from, those never to be seen taken out.
        dev: Examples to choose by.
        unlabelled: Sentences for a second round; what labels they have is not looked at.
        account: For each source its name, hash, numbers of sentences and mentions, and
            how many sentences were withheld; goes into the model's config.
    """

    train: tuple[Example, ...]
    dev: tuple[Example, ...]
    unlabelled: tuple[Example, ...]
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
    parts = [_read(source, never, account) for source in recipe.train]
    dev = [example for source in recipe.dev for example in _read(source, never, account)]
    held = {
        event
        for source, part in zip(recipe.train, parts, strict=True)
        for event in _held_out(part, source.dev_share)
    }
    dev += [e for part in parts for e in part if e.event in held]
    parts = [[e for e in part if e.event not in held] for part in parts]
    _check(recipe, parts, dev)
    more = recipe.distil.sources if recipe.distil else ()
    unlabelled = [
        example
        for source in more
        for example in _read(source, never, account)
        if _place(example) >= KEPT_OUT
    ]
    train = sample(parts, recipe.temperature, recipe.seed)
    return Corpora(tuple(train), tuple(dev), tuple(unlabelled), tuple(account))


def _check(recipe: Recipe, parts: Sequence[Sequence[Example]], dev: Sequence[Example]) -> None:
    shared = {e.group for p in parts for e in p if e.group} & {e.group for e in dev if e.group}
    if shared:
        raise RecipeError(
            f"group {min(shared)!r} is in train and in dev, {len(shared)} such groups in all; "
            "a group never crosses a split"
        )
    if not any(parts):
        raise RecipeError(f"{recipe.name}: expected examples to learn from, found none")
    if not any(e.loaded is not None or any(map(_is_marked, e.mentions)) for e in dev):
        raise RecipeError(
            f"{recipe.name}: expected labels to choose by among its {len(dev)} dev examples, "
            "found none; name a dev file, or raise dev_share"
        )


def _is_marked(mention: Mention) -> bool:
    return any(getattr(mention, head) is not None for head in MENTION_LABELS)


def _held_out(part: Sequence[Example], share: float) -> list[str]:
    """The events of a corpus that are kept for dev: those whose first sentences' hashes are lowest.

    So what one recipe holds out is held out by every other with the same or a larger share, and
    a model that starts from another is not chosen by what that one has learnt.
    """
    if not share:
        return []
    places: dict[str, float] = {}
    for example in part:
        places.setdefault(example.event, _place(example))
    return sorted(places, key=lambda e: (places[e], e))[: max(1, round(len(places) * share))]


def _place(example: Example) -> float:
    """Where a sentence's hash lies between 0 and 1."""
    return int(sentence_hash(example.text)[:8], 16) / 16**8


def sample(parts: Sequence[Sequence[Example]], temperature: float, seed: int) -> list[Example]:
    """As many examples as there are, small corpora more often than their size.

    Args:
        parts: The examples of each corpus, n of them.
        temperature: T: a corpus is seen in proportion to n^(1/T) (Devlin 2018, for languages;
            Raffel et al. 2020, for tasks).
        seed: Of the draw.

    Returns:
        Each corpus as often as it goes in whole, and a random part of it for the rest.
    """
    total = sum(map(len, parts))
    weights = [len(part) ** (1 / temperature) for part in parts]
    draw = random.Random(seed)  # noqa: S311 - a sample, not a secret
    chosen: list[Example] = []
    for part, weight in zip(parts, weights, strict=True):
        if part:
            whole, rest = divmod(round(total * weight / sum(weights)), len(part))
            chosen += [*part] * whole + draw.sample(list(part), rest)
    return chosen


def read_hashes(path: Path) -> list[str]:
    """SHA-256 hashes, a line each.

    Raises:
        RecipeError: If a line is something else.
    """
    # What is not ASCII is no hash, and is named as such below.
    hashes = path.read_text(encoding="ascii", errors="backslashreplace").split()
    for number, value in enumerate(hashes, 1):
        if not is_sentence_hash(value):
            raise RecipeError(
                f"{path}:{number}: expected a SHA-256 in hexadecimal, found {value[:80]!r}"
            )
    return hashes


def _read(source: Source, never: frozenset[str], account: list[dict[str, Any]]) -> list[Example]:
    found = read_corpus(source.format, source.path)
    labelled: frozenset[str] = frozenset()
    if source.labels is not None:
        found, labelled = with_labels(found, source.labels)
        if source.only_labelled:
            found = [example for example in found if sentence_hash(example.text) in labelled]
    kept = [example for example in found if sentence_hash(example.text) not in never]
    account.append(
        {
            "name": source.name,
            "sha256": fingerprint(found),
            "sentences": len(kept),
            "mentions": sum(len(e.mentions) for e in kept),
            "labelled": sum(sentence_hash(e.text) in labelled for e in kept),
            "withheld": len(found) - len(kept),
        }
    )
    return kept


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
