"""Agreement of the annotators of a gold sample: how well, who with whom, and over what.

Units of framing, stance and voice are mentions that two annotators marked, of ``loaded``
sentences; ``marked`` is whether they marked the same mentions at all, as F1 of their spans
matched by overlap. Intervals are bootstrapped over documents. What is not defined has a row
with the reason as its flag, and no number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..data.agreement import (
    NOT_INDEPENDENT,
    Statistic,
    alpha_interval,
    bootstrap_interval,
    cohen_kappa,
    krippendorff_alpha,
)
from ..data.bootstrap import Counts
from ..data.errors import UsageError
from ..data.schema import CLASSES, Example, read_examples
from .agreement_frames import (
    ALPHAS,
    ANNOTATORS,
    CONFUSIONS,
    ITEMS,
    PAIRS,
    SHARES,
    as_frame,
    as_records,
)
from .agreement_tables import confusions_of, shares_of
from .agreement_units import (
    LABELS,
    MARKED,
    NOT_MARKED,
    Unit,
    annotators_of,
    most_disputed,
    units_of,
)


@dataclass(frozen=True)
class Agreement:
    """How well annotators agree, as frames whose missing numbers are ``NA`` with a flag.

    Attributes:
        alphas: A row a label: ``label``, ``measure`` (alpha, or F1 of ``marked``), ``value``,
            ``low``, ``high`` (95 %), ``units``, ``documents``, ``annotators``, ``flag``.
        pairs: A row a pair and label: ``one``, ``other``, ``label``, ``measure`` (kappa or F1),
            ``observed`` (share of units on which both say the same; of ``marked`` the mentions
            that at least one of them marked), ``value``, ``low``,
            ``high``, ``units``, ``documents``, ``flag``.
        annotators: A row an annotator and label: ``items`` completed, ``units`` shared with
            others, ``value`` (kappa or F1 with the others, pooled), ``without`` (alpha or F1 of
            the others among themselves), ``flag``.
        shares: What each annotator says how often: ``annotator``, ``label``, ``answer``,
            ``count``, ``share``; of ``marked`` the mentions an item, as ``share``.
        confusions: ``one``, ``other``, ``label``, ``answer_one``, ``answer_other``, ``count``; a
            mention that one of them did not mark is ``not marked`` in framing. Of ``everybody``
            a cell counts pairs of judgements in either order.
        items: Most disputed first: ``id``, ``document``, ``text``, ``disagreements`` (pairs of
            judgements that differ), ``compared`` (all pairs), ``said`` (a line for each thing
            disputed, who said what).
    """

    alphas: pd.DataFrame
    pairs: pd.DataFrame
    annotators: pd.DataFrame
    shares: pd.DataFrame
    confusions: pd.DataFrame
    items: pd.DataFrame

    def record(self, items: int | None = None) -> dict[str, list[dict[str, Any]]]:
        """All frames as JSON takes them; what is missing is ``None``.

        Args:
            items: How many of the most disputed items; all without it.
        """
        frames = {f.name: getattr(self, f.name) for f in fields(self)}
        frames["items"] = self.items.head(len(self.items) if items is None else items)
        return {name: as_records(frame) for name, frame in frames.items()}


def read_agreement(path: Path) -> Agreement:
    """The agreement of a file of records.

    Args:
        path: That ``connote import`` wrote.

    Raises:
        RecordError: If a record is not valid.
        UsageError: If there is no annotation in it.
        OSError: If the file cannot be read.
    """
    examples = read_examples(path)
    if not any(example.annotations for example in examples):
        raise UsageError(
            f"{path}: expected records with annotations, as connote import writes them, found none"
        )
    return agreement_of(examples)


def agreement_of(examples: Sequence[Example]) -> Agreement:
    """The agreement of annotators.

    Args:
        examples: Records with annotations; those of one group are one cluster. Who judged
            knowing the others' labels, as ``adjudicated``, is left out.
    """
    who = sorted(annotators_of(examples) - NOT_INDEPENDENT)
    units = {label: units_of(examples, label, who) for label in LABELS}
    pooled = [_figure(label, who, units[label]) for label in LABELS]
    return Agreement(
        as_frame(pooled, ALPHAS),
        as_frame(_pairs(who, units), PAIRS),
        as_frame(_annotators(examples, who, units), ANNOTATORS),
        as_frame(shares_of(examples, who, units), SHARES),
        as_frame(confusions_of(who, units), CONFUSIONS),
        as_frame(most_disputed(examples, units), ITEMS),
    )


def _figure(label: str, who: Sequence[str], units: Sequence[Unit]) -> dict[str, Any]:
    """Alpha of a label, or F1 of what was marked, with its interval or the reason for none."""
    judged = [unit for unit in units if len(unit.answers) >= 2]
    shared = _compared(judged, combinations(who, 2))
    row = {"label": label, "measure": "F1" if label == MARKED else "alpha", **_sizes(shared)}
    row["annotators"] = len({name for unit in shared for name in unit.answers})
    flag = _undefined(label, who, judged)
    if flag:
        return {**row, "flag": flag}
    clusters = _by_document(shared)
    if label == MARKED:
        return {**row, **_with_interval(_f1_counts(clusters, combinations(who, 2)), _f1)}
    answers = [[list(unit.answers.values()) for unit in found] for found in clusters]
    row["value"] = krippendorff_alpha([given for found in answers for given in found])
    if len(clusters) < 2:
        return {**row, "flag": _ONE_DOCUMENT}
    row["low"], row["high"] = alpha_interval(answers)
    return row


_ONE_DOCUMENT = "one document: no interval"


def _compared(units: Iterable[Unit], pairs: Iterable[tuple[str, str]]) -> list[Unit]:
    """The units that two of some annotators can agree or differ on."""
    pairs = list(pairs)
    return [unit for unit in units if any(unit.compares(*pair) for pair in pairs)]


def _undefined(label: str, who: Sequence[str], shared: Sequence[Unit]) -> str | None:
    """Why nothing can be said about the agreement on some units, if so."""
    if len(who) < 2:
        return f"expected two annotators, found {len(who)}"
    if not shared:
        return "no unit that two annotators judged"
    answers = {answer for unit in shared for answer in unit.answers.values()}
    if label == MARKED:
        return None if answers != {NOT_MARKED} else "nobody marked a mention"
    return None if len(answers) > 1 else f"everybody always said {answers.pop()}"


def _with_interval(counts: Counts, statistic: Statistic) -> dict[str, Any]:
    value = statistic(counts.sum(axis=0))
    if value is None:
        flag = "neither marked a mention" if statistic is _f1 else "both always said the same"
        return {"flag": flag}
    if len(counts) < 2:
        return {"value": value, "flag": _ONE_DOCUMENT}
    low, high = bootstrap_interval(counts, statistic)
    return {"value": value, "low": low, "high": high}


def _pairs(who: Sequence[str], units: Mapping[str, Sequence[Unit]]) -> Iterator[dict[str, Any]]:
    for one, other in combinations(who, 2):
        for label in LABELS:
            row = {"one": one, "other": other, "label": label}
            yield {**row, **_of_pair(label, one, [other], units[label])}


def _of_pair(label: str, one: str, others: Sequence[str], units: Sequence[Unit]) -> dict[str, Any]:
    """Kappa or F1 of one annotator with others, over the units both judged."""
    pairs = [(one, other) for other in others]
    judged = [unit for unit in units if any(unit.has(*pair) for pair in pairs)]
    shared = _compared(judged, pairs)
    row = {"measure": "F1" if label == MARKED else "kappa", **_sizes(shared)}
    flag = _undefined(label, [one, *others], judged)
    if flag:
        return {**row, "flag": flag}
    clusters = _by_document(shared)
    both = [
        (unit.answers[a], unit.answers[b])
        for unit in shared
        for a, b in pairs
        if unit.compares(a, b)
    ]
    if not both:
        return {**row, "flag": "neither marked a mention"}
    row["observed"] = sum(a == b for a, b in both) / len(both)
    if label == MARKED:
        return {**row, **_with_interval(_f1_counts(clusters, pairs), _f1)}
    return {**row, **_with_interval(_tables(label, clusters, pairs), cohen_kappa)}


def _annotators(
    examples: Sequence[Example], who: Sequence[str], units: Mapping[str, Sequence[Unit]]
) -> Iterator[dict[str, Any]]:
    items = Counter(name for example in examples for name in annotators_of([example]))
    for name in who:
        others = [other for other in who if other != name]
        for label in LABELS:
            row = _of_pair(label, name, others, units[label])
            row |= {"annotator": name, "label": label, "items": items[name]}
            alone = _figure(label, others, [unit.without(name) for unit in units[label]])
            row["without"] = alone.get("value")
            if row["without"] is None:
                row.setdefault("flag", f"the others alone: {alone['flag']}")
            yield row


def _by_document(units: Iterable[Unit]) -> list[list[Unit]]:
    clusters: defaultdict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        clusters[unit.document].append(unit)
    return list(clusters.values())


def _tables(
    label: str, clusters: Sequence[Sequence[Unit]], pairs: Iterable[tuple[str, str]]
) -> Counts:
    """For each cluster the flat table of what the one and what the other said."""
    place = {answer: i for i, answer in enumerate(CLASSES[label])}
    pairs = list(pairs)
    tables = np.zeros((len(clusters), len(place), len(place)))
    for table, found in zip(tables, clusters, strict=True):
        for unit in found:
            for one, other in pairs:
                if unit.has(one, other):
                    table[place[unit.answers[one]], place[unit.answers[other]]] += 1
    return tables.reshape(len(clusters), -1)


def _f1_counts(clusters: Sequence[Sequence[Unit]], pairs: Iterable[tuple[str, str]]) -> Counts:
    """For each cluster: mentions both marked, and all that each of them marked."""
    pairs = list(pairs)
    counts = np.zeros((len(clusters), 2))
    for row, found in zip(counts, clusters, strict=True):
        for unit in found:
            for one, other in pairs:
                if unit.has(one, other):
                    marked = [unit.answers[name] == MARKED for name in (one, other)]
                    row[:] += all(marked), sum(marked)
    return counts


def _f1(sums: Counts) -> float | None:
    return float(2 * sums[0] / sums[1]) if sums[1] else None


def _sizes(units: Sequence[Unit]) -> dict[str, Any]:
    return {"units": len(units), "documents": len({unit.document for unit in units})}
