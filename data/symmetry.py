"""Whether one side of a dispute is always the one disparaged or praised."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from .schema import FRAMINGS, Example, Mention
from .yaml import read_yaml

ENOUGH_MENTIONS = 60
MOST_POINTS = 15.0


@dataclass(frozen=True, slots=True)
class Shares:
    """How often each framing befalls the mentions of one side.

    Attributes:
        kind: ``referent``, ``side`` or ``register``.
        name: Which one.
        mentions: How many mentions it has.
        points: For each framing its share here less its share in all mentions, in
            percentage points.
    """

    kind: str
    name: str
    mentions: int
    points: Mapping[str, float]

    @property
    def departure(self) -> float:
        """The largest difference, in percentage points, without its sign."""
        return max(map(abs, self.points.values()))


_NO_SIDE = "no side"


@cache
def _sides() -> dict[str, re.Pattern[str]]:
    """Patterns of the words in ``sides.yaml``, which lies beside this file."""
    listed = read_yaml(Path(str(files("connote.data") / "sides.yaml")))
    return {
        side: re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})s?(?!\w)")
        for side, words in listed.items()
    }


def sides_of(referent: str) -> list[str]:
    """The states, peoples, parties and religions that a referent's name tells of."""
    told = _sides()[_NO_SIDE].sub(" ", referent)
    return [side for side, words in _sides().items() if side != _NO_SIDE and words.search(told)]


def shares_of_sides(examples: Iterable[Example], at_least: int = ENOUGH_MENTIONS) -> list[Shares]:
    """Framing of every referent, side and register with enough mentions.

    Args:
        examples: Records with framing; other mentions are left out.
        at_least: Fewest mentions that a share is told of.

    Returns:
        The largest departure first.
    """
    total: Counter[str] = Counter()
    by_side: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for example in examples:
        for mention in example.mentions:
            if mention.framing is None:
                continue
            total[mention.framing] += 1
            for side in _belongs_to(example, mention):
                by_side[side][mention.framing] += 1
    found = [
        Shares(kind, name, counts.total(), _points(counts, total))
        for (kind, name), counts in by_side.items()
        if counts.total() >= at_least
    ]
    return sorted(found, key=lambda shares: (-shares.departure, shares.kind, shares.name))


def _belongs_to(example: Example, mention: Mention) -> Iterator[tuple[str, str]]:
    if example.register is not None:
        yield "register", example.register
    if mention.referent is not None:
        yield "referent", mention.referent
        yield from (("side", side) for side in sides_of(mention.referent))


def _points(counts: Counter[str], total: Counter[str]) -> dict[str, float]:
    return {
        framing: 100 * (counts[framing] / counts.total() - total[framing] / total.total())
        for framing in FRAMINGS
    }
