"""Estimates and label choice on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..data.checks import printable
from ..infer.console import print_line
from .estimates import Estimates
from .label_choice import LabelChoice
from .measures import LOADED

SHOWN = 60
SHOWN_LABELS = 8
"""Rows that are shown, of all groups and, of labels, of each."""
_FIGURES = ("estimate", "95 % interval", "documents")
_OF_FIGURES = 64
"""Width of the columns that are not names of groups."""
_WIDEST_LABEL = 20
_STYLES = {"corrected": "bold", "gold": "", "naive": "dim"}


def print_estimates(found: Estimates) -> None:
    """The table, with what it is about above it and what to beware of below."""
    console = Console(highlight=False)
    _print_words(console, found.estimand)
    shown = found.frame.head(SHOWN)
    for against, rows in shown.groupby("against", dropna=False, sort=False):
        if _there(against):
            console.print(Text(printable(f"\nDifferences from {against}"), style="bold"))
        table = _table(console, found.by, ["estimator"], [*_FIGURES, _unit(found), "gold"])
        for row in rows.to_dict("records"):
            names = [Text(printable(str(row[name]))) for name in found.by]
            table.add_row(*names, *_figures(row), style=_STYLES[row["estimator"]])
        console.print(table)
    if len(found.frame) > SHOWN:
        console.print(f"… and {len(found.frame) - SHOWN:,} more rows; -o writes all of them")
    _print_flags(console, shown, found.by)
    _print_checks(console, found)
    print_warnings(found.warnings, found.model)


def _table(
    console: Console, by: Sequence[str], texts: Sequence[str], figures: Sequence[str]
) -> Table:
    """An empty table; names of groups get the room that is left."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    room = max(14, (console.width - _OF_FIGURES) // max(len(by), 1) - 2)
    for name in by:
        table.add_column(printable(name), no_wrap=True, overflow="ellipsis", max_width=room)
    for name in texts:
        table.add_column(name, no_wrap=True, overflow="ellipsis", max_width=_WIDEST_LABEL)
    for name in figures:
        table.add_column(name, justify="right", no_wrap=True, min_width=max(len(name), 5))
    return table


def _unit(found: Estimates) -> str:
    return "sentences" if found.measure == LOADED else "mentions"


def _figures(row: dict[str, object]) -> list[str]:
    low, high = row["low"], row["high"]
    units = row["mentions"] if _there(row["mentions"]) else row["sentences"]
    return [
        str(row["estimator"]),
        _share(row["estimate"]),
        f"{_share(low)} to {_share(high)}" if _there(low) else "",
        f"{row['documents']:,}",
        f"{units:,}",
        f"{row['gold_sentences']:,.0f}" if _there(row["gold_sentences"]) else "",
    ]


def _there(value: object) -> bool:
    return value is not None and not bool(pd.isna(value))


def _share(value: object) -> str:
    return f"{float(str(value)):.1%}" if _there(value) else ""


def _print_flags(console: Console, frame: pd.DataFrame, by: Sequence[str]) -> None:
    for row in frame[frame["flag"] != ""].to_dict("records"):
        less = f" less {row['against']}" if _there(row["against"]) else ""
        print_line(console, f"! {_group(row, by)}{less}, {row['estimator']}: {row['flag']}")


def _print_checks(console: Console, found: Estimates) -> None:
    for row in found.checks.to_dict("records"):
        counts = [row[name] for name in ("adjusted_count", "probabilistic_adjusted_count")]
        if any(map(_there, counts)):
            told = [_share(count) or "not defined" for count in counts]
            print_line(
                console,
                f"check {_group(row, found.by)}: adjusted count {told[0]}, probabilistic {told[1]}",
            )


def _group(row: dict[str, object], by: Sequence[str]) -> str:
    return ", ".join(str(row[name]) for name in by) or "all"


def print_labels(found: LabelChoice) -> None:
    """The labels that tell each group from the others."""
    console = Console(highlight=False)
    _print_words(console, found.estimand)
    figures = ["mentions", "share", "others", "z"]
    table = _table(console, found.by, ["label", "framing"], figures)
    frame = found.frame[found.frame["mentions"] > 0]
    if found.by:
        frame = frame.groupby(list(found.by), sort=False).head(SHOWN_LABELS)
    for row in frame.head(SHOWN).to_dict("records"):
        names = [Text(printable(str(row[name]))) for name in (*found.by, "label", "framing")]
        z = f"{row['z_clustered']:+.1f}" if _there(row["z_clustered"]) else ""
        shares = [_share(row["share"]), _share(row["other_share"])]
        table.add_row(*names, f"{row['mentions']:,}", *shares, z)
    console.print(table)
    print_warnings(found.warnings, found.model)


def _print_words(console: Console, text: str) -> None:
    console.print(Text(printable(text)))


def print_warnings(warnings: Sequence[str], model: str) -> None:
    """What to beware of, and whose labels they are, on standard error."""
    err = Console(stderr=True, highlight=False)
    for warning in warnings:
        err.print(Text(printable(warning), style="yellow"))
    print_line(err, f"model {model}")
