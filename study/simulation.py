"""Do the intervals hold? Archives with known truth, sampled and estimated again and again.

Each cell of the grid draws archives of four outlets whose documents differ, a classifier whose
errors differ by outlet, finds too little and mistakes voices, and gold samples as `connote
sample` draws them. An interval should hold the true share of the source in 95 of 100 samples.

    python -m connote.study.simulation [RUNS]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..failures import run_module
from .estimates import CORRECTED, GOLD, NAIVE
from .estimators import Documents, Flags, Floats, Group, Integers, Sample
from .groups import difference, estimated
from .intervals import Interval
from .naive import naive_difference, naive_share

PREVALENCES, SIZES, RUNS = (0.03, 0.1, 0.4), (100, 300), 1000
OUTLETS = 4
_SHIFT = np.array([1.4, 1.0, 0.6, 1.0])
"""Shares of the outlets, in parts of the prevalence."""
_HITS = np.array([0.92, 0.80, 0.85, 0.65])
_FALSE_ALARMS = np.array([0.02, 0.06, 0.03, 0.10])
_DRAWS_OF_AN_ARCHIVE = 10


@dataclass(frozen=True, slots=True)
class World:
    """What archives are like.

    Attributes:
        documents: Of each outlet.
        sentences: Of a document, on average.
        clustering: Correlation of the mentions of a document.
        skill: Factor of the classifier's hits.
    """

    documents: int = 250
    sentences: int = 11
    clustering: float = 0.1
    skill: float = 1.0


LARGE = World()
SMALL = World(documents=40, sentences=30, clustering=0.3, skill=0.5)
"""Few documents, much alike within, and a weak classifier."""


@dataclass(frozen=True, slots=True)
class Archive:
    """Sentences with what is true of them and what a classifier says; shapes (sentences,).

    Attributes:
        document: Of each sentence.
        outlet: Of each sentence.
        truth: Units of the class and units, shape (sentences, 2).
        soft: The same by probabilities.
        hard: The same by labels.
        predicted: What a sample is stratified by: 0 no mention, 1 a mention, 2 one of the class.
    """

    document: Integers
    outlet: Integers
    truth: Floats
    soft: Floats
    hard: Floats
    predicted: Integers


@dataclass(slots=True)
class Tally:
    """What became of one kind of interval in one cell."""

    runs: int = 0
    held: int = 0
    width: float = 0.0
    flagged: int = 0

    def add(self, interval: Interval, truth: float, flag: str) -> None:
        """Count an interval."""
        self.runs += 1
        self.held += interval.low <= truth <= interval.high
        self.width += interval.width
        self.flagged += bool(flag)

    @property
    def coverage(self) -> float:
        """Share of the intervals that held the truth."""
        return self.held / self.runs

    @property
    def mean_width(self) -> float:
        """Of the intervals."""
        return self.width / self.runs


def simulate(
    prevalence: float, size: int, runs: int, world: World = LARGE, seed: int = 0
) -> dict[tuple[str, str], Tally]:
    """Run one cell of the grid.

    Args:
        prevalence: True share of the class over all outlets.
        size: Gold sentences.
        runs: Samples.
        world: What archives are like.
        seed: Of everything.

    Returns:
        By what is estimated (``share`` of all and of one ``outlet``, ``difference`` of two outlets)
        and estimator.
    """
    generator = np.random.default_rng(seed)
    shares = prevalence * _SHIFT / _SHIFT.mean()
    truths = {
        "share": prevalence,
        "outlet": float(shares[0]),
        "difference": float(shares[0] - shares[1]),
    }
    tallies = {(what, how): Tally() for what in truths for how in (NAIVE, GOLD, CORRECTED)}
    for run in range(runs):
        if run % _DRAWS_OF_AN_ARCHIVE == 0:
            archive = draw_archive(shares, world, generator)
            naive = _naive(archive)
        chosen, sample = draw_sample(archive, size, generator)
        for what, truth in truths.items():
            tallies[what, NAIVE].add(naive[what], truth, "")
        groups = [estimated(sample, _group(archive, chosen, which)) for which in (None, 0, 1)]
        for how in (GOLD, CORRECTED):
            everything, one, other = (group.get(how) for group in groups)
            for what, found in (("share", everything), ("outlet", one)):
                if found is not None:
                    tallies[what, how].add(found.interval, truths[what], found.flag("the class"))
            if one is not None and other is not None:
                interval, _ = difference(sample, one, other)
                flag = one.flag("the class") or other.flag("the class")
                tallies["difference", how].add(interval, truths["difference"], flag)
    return tallies


def draw_archive(shares: Floats, world: World, generator: np.random.Generator) -> Archive:
    """An archive of documents from outlets with some true shares, and its classifier."""
    outlets = np.repeat(np.arange(OUTLETS), world.documents)
    spread = (1 - world.clustering) / world.clustering
    of_document = generator.beta(shares[outlets] * spread, (1 - shares[outlets]) * spread)
    document = np.repeat(
        np.arange(len(outlets)), 1 + generator.poisson(world.sentences - 1, len(outlets))
    )
    n, outlet = len(document), outlets[document]

    def chance(probability: float | Floats) -> Flags:
        happened: Flags = generator.random(n) < probability
        return happened

    mention, own, of_class = chance(0.6), chance(0.7), chance(of_document[document])
    found = np.where(mention, chance(0.85), chance(0.1))
    own_by_classifier = np.where(chance(0.93), own, ~own)
    alarm = np.where(
        of_class & mention, chance(world.skill * _HITS[outlet]), chance(_FALSE_ALARMS[outlet])
    )
    belief = np.where(alarm, generator.beta(8, 2, n), generator.beta(1.2, 10, n))
    voice = np.where(own_by_classifier, 0.93, 0.07)
    return Archive(
        document=document,
        outlet=outlet,
        truth=_pair(mention & own & of_class, mention & own),
        soft=_pair(found * voice * belief, found * voice),
        hard=_pair(found & own_by_classifier & alarm, found & own_by_classifier),
        predicted=np.where(found, np.where(alarm, 2, 1), 0),
    )


def _pair(of_class: NDArray[np.generic], units: NDArray[np.generic]) -> Floats:
    pair: Floats = np.stack([of_class, units], axis=1).astype(float)
    return pair


def draw_sample(
    archive: Archive, size: int, generator: np.random.Generator
) -> tuple[Integers, Sample]:
    """A sample by outlet and prediction: positions of its sentences, and its design."""
    stratum = archive.outlet * 3 + archive.predicted
    population = np.bincount(stratum, minlength=OUTLETS * 3).astype(float)
    wanted = np.sqrt(population) * np.tile([0.15, 0.35, 0.45], OUTLETS)
    by_outlet = wanted.reshape(OUTLETS, 3)
    wanted = (by_outlet / by_outlet.sum(1, keepdims=True) * size / OUTLETS).ravel()
    sampled = np.minimum(np.maximum(np.round(wanted), 2), population).astype(int)
    chosen = [
        generator.choice(np.flatnonzero(stratum == h), sampled[h], replace=False)
        for h in range(len(population))
    ]
    strata = np.repeat(np.arange(len(population)), sampled)
    places = np.concatenate(chosen)
    return places, Sample(strata, population, sampled.astype(float), archive.document[places])


def _group(archive: Archive, chosen: Integers, outlet: int | None) -> Group:
    """The gold sentences of one outlet, or of all."""
    inside = _inside(archive, outlet)
    truth, soft = (values * inside[:, None] for values in (archive.truth, archive.soft))
    documents = _documents(archive, inside)
    return Group(truth[chosen], soft[chosen], soft.sum(0), documents, inside[chosen] > 0)


def _inside(archive: Archive, outlet: int | None) -> Floats:
    """1 for the sentences of an outlet, or for all, else 0."""
    if outlet is None:
        return np.ones(len(archive.outlet))
    inside: Floats = (archive.outlet == outlet).astype(float)
    return inside


def _documents(archive: Archive, inside: Floats) -> Documents:
    sums = np.zeros((archive.document[-1] + 1, 2))
    np.add.at(sums, archive.document, archive.hard * inside[:, None])
    codes = np.flatnonzero(sums[:, 1] > 0)
    return Documents(codes, sums[codes, 0], sums[codes, 1])


def _naive(archive: Archive) -> dict[str, Interval]:
    everything, one, other = (
        _documents(archive, _inside(archive, outlet)) for outlet in (None, 0, 1)
    )
    return {
        "share": naive_share(everything),
        "outlet": naive_share(one),
        "difference": naive_difference(one, other),
    }


def report(runs: int) -> Iterator[str]:
    """Lines of a table: a row for each cell, what is estimated, and estimator."""
    yield "archive  prevalence  gold  of          estimator  coverage  width   flagged"
    cells = [("large", LARGE, p, size) for p in PREVALENCES for size in SIZES]
    cells += [("small", SMALL, p, SIZES[-1]) for p in PREVALENCES]
    for name, world, prevalence, size in cells:
        for (what, how), tally in simulate(prevalence, size, runs, world).items():
            yield (
                f"{name:<7}  {prevalence:<10}  {size:<4}  {what:<10}  {how:<9}  "
                f"{tally.coverage:<8.3f}  {tally.mean_width:.4f}  {tally.flagged / tally.runs:.2f}"
            )


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    runs = int(arguments[0]) if arguments and arguments[0].isdecimal() else RUNS
    for line in report(runs):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    run_module(main)
