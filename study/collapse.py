"""Strata that are few and large enough: small ones are put together, and it is told which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from .strata import OTHER, PREDICTIONS, WITHOUT, Cell, least

_STRATA, _MOST_STRATA = 50, 1000
_FOR_EACH = 4
"""Sentences that a sample has for each stratum where there are more than `_STRATA`."""


def most_strata(size: int) -> int:
    """How many strata a sample of a size can have."""
    return min(max(_STRATA, size // _FOR_EACH), _MOST_STRATA)


def collapsed(cells: Sequence[Cell], size: int) -> tuple[tuple[Cell, ...], tuple[str, ...]]:
    """Strata that are few and large enough for a sample.

    Where there are more than `most_strata`, columns keep their largest values and the others are
    put together. Where a sample has no two sentences for each stratum, neighbours are put
    together: first those with mentions.

    Args:
        cells: The finest strata.
        size: Sentences that shall be drawn.

    Returns:
        Strata from each of which two sentences can be drawn (or the only one), and what was
        put together, in words.
    """
    most = most_strata(size)
    found = few_groups(cells, most)
    notes = []
    if len(found) < len(cells):
        kept = len({cell.group for cell in found} - {_other(cells[0])})
        groups = len({cell.group for cell in cells})
        notes.append(
            f"{len(cells)} strata are more than {most}: of {groups} groups the {kept} with "
            f"the most sentences are strata of their own, the others are in {OTHER}"
        )
    before = len(found)
    while sum(least(cell) for cell in found) > size:
        found = _merged_once(found)
    if len(found) < before:
        notes.append(
            f"{size} sentences are too few for two of each of {before} strata; neighbours put "
            f"together, there are {len(found)}"
        )
    return tuple(found), tuple(notes)


def few_groups(cells: Sequence[Cell], most: int) -> list[Cell]:
    """Put the smallest groups together where there are too many strata.

    Args:
        cells: The finest strata.
        most: How many there can be, at least one for each thing that can be found.
    """
    if len(cells) <= most:
        return list(cells)
    by_group: dict[tuple[str, ...], list[Cell]] = {}
    for cell in cells:
        by_group.setdefault(cell.group, []).append(cell)
    largest = sorted(
        by_group, key=lambda group: (-sum(cell.population for cell in by_group[group]), group)
    )
    room = most - len({cell.predictions for cell in cells})
    kept: list[Cell] = []
    while len(kept) + len(by_group[largest[0]]) <= room:
        kept += by_group[largest.pop(0)]
    rest = [cell for group in largest for cell in by_group[group]]
    return kept + _as_other(rest)


def _other(cell: Cell) -> tuple[str, ...]:
    return tuple(OTHER for _ in cell.group)


def _as_other(cells: Iterable[Cell]) -> list[Cell]:
    """Cells of several groups as those of one."""
    joined: dict[tuple[str, ...], Cell] = {}
    for cell in cells:
        moved = replace(cell, group=_other(cell))
        known = joined.get(cell.predictions)
        joined[cell.predictions] = moved if known is None else _joined(known, moved)
    return sorted(joined.values(), key=_place)


def _joined(one: Cell, other: Cell) -> Cell:
    return Cell(
        one.group,
        tuple(sorted({*one.predictions, *other.predictions}, key=PREDICTIONS.index)),
        one.parts + other.parts,
        one.population + other.population,
        one.side + other.side,
        one.doubt + other.doubt,
    )


def _place(cell: Cell) -> int:
    return PREDICTIONS.index(cell.predictions[0]) if cell.predictions else 0


def _merged_once(cells: Sequence[Cell]) -> list[Cell]:
    """One stratum less: a small one goes to its neighbour, else small groups to each other."""
    pairs = [(one, other) for one, other in pairwise(cells) if one.group == other.group]
    with_mentions = [pair for pair in pairs if not WITHOUT.intersection(pair[0].predictions)]
    for choice in (with_mentions, pairs):
        if choice:
            one, other = min(choice, key=lambda pair: min(cell.population for cell in pair))
            place = cells.index(one)
            return [*cells[:place], _joined(one, other), *cells[place + 2 :]]
    return _merged_groups(cells)


def _merged_groups(cells: Sequence[Cell]) -> list[Cell]:
    """Groups of one stratum each: the smallest goes to the others, or the two smallest do."""
    own = sorted((c for c in cells if c.group != _other(c)), key=lambda c: (c.population, c.group))
    others = [cell for cell in cells if cell.group == _other(cell)]
    moved = own[: 1 if others else 2]
    joined = replace(moved[0], group=_other(moved[0]))
    for cell in (*others, *moved[1:]):
        joined = _joined(joined, cell)
    return [*(cell for cell in cells if cell not in moved and cell not in others), joined]
