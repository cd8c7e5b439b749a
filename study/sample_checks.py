"""Whether the items of a sample fit the design by which they are said to be drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..data.checks import shorten

if TYPE_CHECKING:
    from .sample_folder import SampleDesign, SampledItem

_TOLERANCE = 1e-9


def misfit_of(design: SampleDesign, items: Sequence[SampledItem]) -> str | None:
    """The first reason why no such sample can have been drawn, if there is one.

    Args:
        design: How it is said to be drawn.
        items: What was drawn.
    """
    return _of_design(design) or _of_items(design, items) or _of_counts(design, items)


def _of_design(design: SampleDesign) -> str | None:
    """Strata that are not what their sums say."""
    name = _twice(stratum.stratum for stratum in design.strata)
    if name is not None:
        return f"expected every stratum once, found {name} twice"
    for stratum in design.strata:
        if not 1 <= stratum.sampled <= stratum.population:
            found = f"{stratum.sampled:,} drawn of {stratum.population:,}"
            return f"expected some of the sentences of {shorten(stratum.stratum)}, found {found}"
    population = sum(stratum.population for stratum in design.strata)
    if population != design.sentences:
        return f"expected strata of {design.sentences:,} sentences together, found {population:,}"
    sampled = sum(stratum.sampled for stratum in design.strata)
    if sampled != design.size:
        return f"expected {design.size:,} sentences to be drawn, found strata with {sampled:,}"
    return None


def _of_items(design: SampleDesign, items: Sequence[SampledItem]) -> str | None:
    """Items that were not drawn as the design says."""
    strata = {stratum.stratum: stratum for stratum in design.strata}
    for item in items:
        stratum = strata.get(item.stratum)
        if stratum is None:
            said = f"stratum {shorten(item.stratum)}, which design.json does not name"
        elif (item.population, item.sampled) != (stratum.population, stratum.sampled):
            said = f"{item.sampled} of {item.population}, where design.json says otherwise"
        elif abs(item.probability - item.sampled / item.population) > _TOLERANCE:
            said = f"probability {item.probability}, not {item.sampled}/{item.population}"
        else:
            continue
        return f"item {shorten(item.id)}: found {said}"
    return None


def _of_counts(design: SampleDesign, items: Sequence[SampledItem]) -> str | None:
    """Items that are missing, or there twice."""
    name = _twice(item.id for item in items)
    if name is not None:
        return f"expected every id once, found {name} twice"
    place = _twice((item.document, item.sentence) for item in items)
    if place is not None:
        return f"expected every sentence once, found {place} twice"
    found = Counter(item.stratum for item in items)
    for stratum in design.strata:
        if found[stratum.stratum] != stratum.sampled:
            wanted = f"{stratum.sampled} items of {shorten(stratum.stratum)}"
            return f"expected {wanted}, found {found[stratum.stratum]}"
    return None


def _twice(values: Iterable[object]) -> str | None:
    times = Counter(values)
    return next((shorten(value) for value, number in times.items() if number > 1), None)
