"""The headline findings of a report: in sentences, and as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

from .estimates import CORRECTED, GOLD, NAIVE, Estimates
from .report_parts import Table
from .report_text import as_number, count, interval, isolated, share, visible
from .scores import PERIODS
from .selection import REPORTED, Selection
from .study import Study

FRAMED = "framing=delegitimizing"
MOST_HEADLINES, MOST_ROWS = 30, 100
"""Groups in a headline table, and rows in a table below a picture."""
NAMES_OF = {NAIVE: "naive", GOLD: "gold\u00a0only", CORRECTED: "corrected"}

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Headlines:
    """What the headline findings rest on.

    Attributes:
        own: Shares of delegitimizing labels in the outlets' own voice, group by group.
        reported: The same in attributed and quoted voice.
        loaded: Mean loadedness of sentences.
        whole: The same three for the archive as a whole.
    """

    own: Estimates
    reported: Estimates
    loaded: Estimates
    whole: tuple[Estimates, Estimates, Estimates]

    @property
    def estimates(self) -> tuple[Estimates, ...]:
        """All of them, those of the groups first."""
        return (self.own, self.reported, self.loaded, *self.whole)

    @property
    def best(self) -> str:
        """The estimator whose figures the sentences tell."""
        found = set(self.own.frame["estimator"])
        return CORRECTED if CORRECTED in found else NAIVE


def headlines(study: Study, by: str | None) -> Headlines:
    """Estimate what a report begins with.

    Args:
        study: Of the archive.
        by: Column that divides it, if any.
    """
    own, reported = Selection(voice="own"), Selection(voice=REPORTED)

    def three(columns: Sequence[str]) -> tuple[Estimates, Estimates, Estimates]:
        return (
            study.share(FRAMED, columns, own),
            study.share(FRAMED, columns, reported),
            study.loadedness(columns),
        )

    whole = three(())
    groups = three([by]) if by else whole
    return Headlines(*groups, whole)


def findings(found: Headlines, by: str | None) -> Iterator[str]:
    """The headline findings, a sentence or two each."""
    own, reported, loaded = (values(e, found.best)[0] for e in found.whole)
    kind = "" if found.best == NAIVE else f"{NAMES_OF[found.best]}; "
    yield (
        f"In the outlets’ own voice, {share(own['estimate'])} of the labels are delegitimizing "
        f"({kind}{_around(own, 'labels')}); in what they attribute or quote, "
        f"{share(reported['estimate'])} ({_around(reported, 'labels')})."
    )
    if by:
        yield from _range(found.own, found.best, by)
    yield (
        f"The mean probability that a sentence is loaded is {share(loaded['estimate'])} "
        f"({_around(loaded, 'sentences')})."
    )
    if found.best == CORRECTED:
        naive = values(found.whole[0], NAIVE)[0]
        yield (
            f"Uncorrected, the share in own voice would have been {share(naive['estimate'])} "
            f"({interval(naive['low'], naive['high'])})."
        )


def _around(row: Row, unit: str) -> str:
    """The interval of a figure, or why there is none, and what it rests on."""
    number = count(row["sentences" if unit == "sentences" else "mentions"])
    said = f"95\u00a0% interval {interval(row['low'], row['high'])}"
    if as_number(row["low"]) is None:
        said = visible(str(row["flag"]))
    return f"{said}; {number} {unit} in {count(row['documents'])} documents"


def _range(estimates: Estimates, estimator: str, by: str) -> Iterator[str]:
    """The lowest and the highest group, of those with an interval that nothing is wrong with."""
    rows = [
        row
        for row in values(estimates, estimator)
        if as_number(row["low"]) is not None and not row["flag"]
    ]
    rows.sort(key=lambda row: float(row["estimate"]))
    if len(rows) < 2:
        return
    low, high = rows[0], rows[-1]
    others = len(values(estimates, estimator)) - len(rows)
    noted = f" Left out here are {others:,} with a note in the table." if others else ""
    yield (
        f"By {visible(by)}, the share in own voice runs from {share(low['estimate'])} in "
        f"{isolated(low[by])} ({interval(low['low'], low['high'])}) to {share(high['estimate'])} "
        f"in {isolated(high[by])} ({interval(high['low'], high['high'])}).{noted}"
    )


def values(estimates: Estimates, estimator: str | None = None) -> list[Row]:
    """Rows of the groups' own values, differences left out.

    Args:
        estimates: Of any measure.
        estimator: The only one wanted; all without it.
    """
    frame = estimates.frame[estimates.frame["against"].isna()]
    if estimator is not None:
        frame = frame[frame["estimator"] == estimator]
    rows: list[Row] = frame.to_dict("records")
    return rows


def headline_tables(found: Headlines, by: str | None) -> Iterator[Table]:
    """Own voice beside reported voice, and loadedness, by group and estimator."""
    several = found.best == CORRECTED
    names = (visible(by) if by else "archive", *(["estimate"] if several else []))
    own, reported, loaded = (_by_key(e, by) for e in (found.own, found.reported, found.loaded))
    yield _table(
        "Delegitimizing labels, as shares of all labels in the voice" + _cut(own, found.best),
        (*names, "own voice", "95\u00a0% interval", "labels"),
        ("reported voice", "95\u00a0% interval", "labels", "documents"),
        [
            (
                (*key, *_figures(row, "mentions"), *_figures(reported.get(name), "mentions"), docs),
                [_flag(row), _flag(reported.get(name), "reported voice: ")],
            )
            for name, key, row, docs in _keyed(own, found.best, several=several)
        ],
        len(names),
    )
    yield _table(
        "Mean probability that a sentence is loaded" + _cut(loaded, found.best),
        (*names, "mean", "95\u00a0% interval", "sentences"),
        ("documents",),
        [
            ((*key, *_figures(row, "sentences"), docs), [_flag(row)])
            for _, key, row, docs in _keyed(loaded, found.best, several=several)
        ],
        len(names),
    )


def _by_key(estimates: Estimates, by: str | None) -> dict[tuple[str, str], Row]:
    return {
        (str(row[by]) if by else "all of it", str(row["estimator"])): row
        for row in values(estimates)
    }


def _keyed(
    rows: Mapping[tuple[str, str], Row], best: str, *, several: bool
) -> Iterator[tuple[tuple[str, str], tuple[str, ...], Row, str]]:
    """The rows that are shown, groups from the highest estimate down."""
    groups = sorted(
        (name for name, estimator in rows if estimator == best),
        key=lambda name: -float(as_number(rows[name, best]["documents"]) or 0),
    )[:MOST_HEADLINES]
    groups.sort(key=lambda name: -(as_number(rows[name, best]["estimate"]) or 0.0))
    for name in groups:
        for estimator in (NAIVE, GOLD, CORRECTED):
            row = rows.get((name, estimator))
            if row is not None:
                key = (visible(name), *([NAMES_OF[estimator]] if several else []))
                yield (name, estimator), key, row, count(row["documents"])


def _cut(rows: Mapping[tuple[str, str], Row], best: str) -> str:
    number = sum(estimator == best for _, estimator in rows)
    if number <= MOST_HEADLINES:
        return ""
    return f"; the {MOST_HEADLINES} groups with most documents, of {number:,}"


def _figures(row: Row | None, unit: str) -> tuple[str, str, str]:
    if row is None:
        return ("–", "–", "0")
    return share(row["estimate"]), interval(row["low"], row["high"]), count(row[unit])


def _flag(row: Row | None, whose: str = "") -> str:
    return "" if row is None or not row["flag"] else whose + visible(str(row["flag"]))


def _table(
    caption: str,
    first: tuple[str, ...],
    then: tuple[str, ...],
    rows: list[tuple[tuple[str, ...], list[str]]],
    names: int,
) -> Table:
    """A table with a last column for letters of footnotes, where a row has a flag."""
    found = list(dict.fromkeys(flag for _, flags in rows for flag in flags if flag))
    if not found:
        return Table(caption, (*first, *then), tuple(row for row, _ in rows), names)
    cells = tuple(
        (*row, ", ".join(_letter(found.index(flag)) for flag in flags if flag))
        for row, flags in rows
    )
    notes = tuple(f"{_letter(i)}\u2002{flag}" for i, flag in enumerate(found))
    return Table(caption, (*first, *then, "note"), cells, names, notes=1, footnotes=notes)


def _letter(number: int) -> str:
    """Letters from a to z, then aa to az, and so on."""
    head, tail = divmod(number, len(ascii_lowercase))
    return (_letter(head - 1) if head else "") + ascii_lowercase[tail]


def estimates_table(estimates: Estimates, caption: str) -> Table:
    """All rows of estimates, in their order: what stands below a picture.

    Args:
        estimates: Of any measure.
        caption: What the table shows.
    """
    rows = values(estimates)
    of = "sentences" if estimates.measure == "loaded" else "mentions"
    rows = sorted(rows, key=lambda row: [str(row[name]) for name in estimates.by])
    shown = [
        (
            (
                *([visible(str(row[name])) for name in estimates.by] or ["all of it"]),
                NAMES_OF.get(str(row["estimator"]), str(row["estimator"])),
                *_figures(row, of),
                count(row["documents"]),
                share(row["uncertain"]),
            ),
            [_flag(row)],
        )
        for row in rows[:MOST_ROWS]
    ]
    if len(rows) > MOST_ROWS:
        caption += f" (the first {MOST_ROWS} of {len(rows):,} rows)"
    unit = "sentences" if of == "sentences" else "labels"
    periods = ["period" if name in PERIODS else visible(name) for name in estimates.by]
    names = (*(periods or ["archive"]), "estimate")
    figures = ("share" if of == "mentions" else "mean", "95\u00a0% interval", unit)
    return _table(caption, (*names, *figures), ("documents", "uncertain"), shown, len(names))
