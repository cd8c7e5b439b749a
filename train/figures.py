"""Figures of an audit: shares and drops with their intervals, in all and by topic and register."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Generic, TypeVar

from ..data.schema import Example

LEAST_UNITS = 10
"""Fewest units that a figure of one topic or register is told of."""
_Z = 1.959963984540054
"""Of the standard normal distribution, for 95 %."""
_DIGITS = 4

Place = tuple[str | None, str | None]
"""The topic and the register that something belongs to."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of `n` units something befalls, with the Wilson interval at 95 %.

    Attributes:
        n: Units behind the figure; without any the others are ``None``.
        share: Of them, from 0 to 1.
        low: Lower end of the interval.
        high: Upper end.
    """

    n: int
    share: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """Macro-F1 before and after a change, with the bootstrap interval of its drop at 95 %.

    Attributes:
        n: Labels behind the figure; without any the others are ``None``.
        plain: Macro-F1 on the sentences as they are.
        changed: Macro-F1 after the change.
        drop: The first less the second.
        low: Lower end of the interval of the drop.
        high: Upper end.
        floor: Macro-F1 of always naming the most frequent class.
    """

    n: int
    plain: float | None = None
    changed: float | None = None
    drop: float | None = None
    low: float | None = None
    high: float | None = None
    floor: float | None = None


T = TypeVar("T")
Figure = TypeVar("Figure", Share, Drop)


@dataclass(frozen=True, slots=True)
class Sliced(Generic[Figure]):
    """A figure over everything, and over each topic and register with at least ten units."""

    all: Figure
    topics: Mapping[str, Figure]
    registers: Mapping[str, Figure]


def wilson(count: int, n: int) -> tuple[float, float]:
    """The interval of a share at 95 % (Wilson, JASA 22, 1927).

    Args:
        count: Units that something befell.
        n: All units, at least one.

    Returns:
        Lower and upper end, from 0 to 1.
    """
    share, square = count / n, _Z**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = _Z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def share_of(hits: Sequence[bool]) -> Share:
    """The share of hits among all units."""
    if not hits:
        return Share(0)
    return Share(len(hits), sum(hits) / len(hits), *wilson(sum(hits), len(hits)))


def place_of(examples: Sequence[Example]) -> Place:
    """The topic and the register that all of some sentences share, ``None`` where they differ."""
    topics = {example.topic for example in examples}
    registers = {example.register for example in examples}
    return (
        topics.pop() if len(topics) == 1 else None,
        registers.pop() if len(registers) == 1 else None,
    )


def sliced(
    items: Sequence[tuple[Place, T]],
    measure: Callable[[Sequence[T]], Figure],
    units: Callable[[Sequence[T]], int] = len,
) -> Sliced[Figure]:
    """A figure over all items, and over those of each topic and register.

    Args:
        items: With the place each belongs to.
        measure: Makes the figure of some items.
        units: Counts what stands behind it; with fewer than ten a slice is left out.
    """
    slices = []
    for axis in (0, 1):
        found: defaultdict[str, list[T]] = defaultdict(list)
        for place, item in items:
            name = place[axis]
            if name is not None:
                found[name].append(item)
        enough = {name: part for name, part in found.items() if units(part) >= LEAST_UNITS}
        slices.append({name: measure(part) for name, part in sorted(enough.items())})
    return Sliced(measure([item for _, item in items]), *slices)


def as_json(value: Any) -> Any:
    """Figures as plain values: fields by their names, absent ones left out, four digits.

    Args:
        value: Dataclasses, mappings, sequences, and plain values, nested at will.
    """
    if is_dataclass(value) and not isinstance(value, type):
        named = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: as_json(v) for name, v in named.items() if v is not None}
    if isinstance(value, Mapping):
        return {str(key): as_json(v) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(v) for v in value]
    return round(value, _DIGITS) if isinstance(value, float) else value
