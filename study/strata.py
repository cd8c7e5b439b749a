"""The strata that the sentences of an archive fall in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PREDICTED = "predicted"
"""In place of a column: what was found in a sentence."""
NO_MENTION, ELSEWHERE, NOWHERE = (
    "no mention",
    "no mention here",
    "no mention in the document",
)
WITHOUT = frozenset({NO_MENTION, ELSEWHERE, NOWHERE})
"""Strata in which only what connote missed can be found."""
PREDICTIONS = (
    NOWHERE,
    ELSEWHERE,
    NO_MENTION,
    "neutral",
    "uncertain",
    "legitimizing",
    "delegitimizing",
)
"""Strata by what was found, each beside the ones that are most like it."""
OTHER = "(other)"
"""Of the values that have the fewest sentences."""
MILLION = 1_000_000
"""Probabilities are summed as whole numbers of millionths, the same in whatever order."""
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Cell:
    """A stratum, before it is known how many sentences are drawn from it.

    Attributes:
        group: Its values of the columns, in their order.
        predictions: What was found in its sentences; empty where that makes no strata.
        parts: The finest strata that it is made of.
        population: Its sentences.
        side: Mentions in them that take a side.
        doubt: Sum over their mentions of ``p (1 - p)`` of the framing, in millionths.
    """

    group: tuple[str, ...]
    predictions: tuple[str, ...]
    parts: tuple[int, ...]
    population: int
    side: int
    doubt: int

    def name(self, columns: Sequence[str]) -> str:
        """As files and tables call it."""
        values = [
            f"{column}={_brief(value)}" for column, value in zip(columns, self.group, strict=True)
        ]
        if self.predictions:
            values.append(f"{PREDICTED}={' or '.join(self.predictions)}")
        return "; ".join(values) or "all"


def least(cell: Cell) -> int:
    """How many sentences a stratum needs so that a variance can be estimated."""
    return min(2, cell.population)


def named(cells: Sequence[Cell], columns: Sequence[str]) -> list[str]:
    """A name for each stratum, no two alike."""
    names: list[str] = []
    for cell in cells:
        name = wanted = cell.name(columns)
        number = 1
        while name in names:
            number += 1
            name = f"{wanted} ({number})"
        names.append(name)
    return names


def _brief(value: str) -> str:
    return value if len(value) <= _LONGEST_NAME else value[: _LONGEST_NAME - 1] + "…"
