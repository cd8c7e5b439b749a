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

SHOWN = 60
SHOWN_LABELS = 8
"""Rows that are shown, of all groups and, of labels, of each."""
_STYLES = {"corrected": "bold", "gold": "", "naive": "dim"}


def print_estimates(found: Estimates) -> None:
    """The table, with what it is about above it and what to beware of below."""
    console = Console(highlight=False)
    _print_words(console, found.estimand)
    table = Table(box=None, pad_edge=False, header_style="bold")
    compared = found.frame["against"].notna().any()
    for name in (*found.by, *(["against"] if compared else []), "estimator"):
        table.add_column(printable(name), no_wrap=True, overflow="ellipsis", max_width=30)
    for name in ("estimate", "95 % interval", "documents", _unit(found), "uncertain", "gold"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", overflow="fold")
    for row in found.frame.head(SHOWN).to_dict("records"):
        names = [row[name] for name in (*found.by, *(["against"] if compared else []))]
        shown = [Text(printable(str(name))) if _there(name) else Text("") for name in names]
        table.add_row(*shown, *_figures(row), style=_STYLES[row["estimator"]])
    console.print(table)
    if len(found.frame) > SHOWN:
        console.print(f"… and {len(found.frame) - SHOWN:,} more rows; -o writes all of them")
    _print_checks(console, found)
    _print_warnings(found.warnings, found.model)


def _unit(found: Estimates) -> str:
    return "sentences" if found.measure == "loaded" else "mentions"


def _figures(row: dict[str, object]) -> list[str]:
    low, high = row["low"], row["high"]
    units = row["mentions"] if _there(row["mentions"]) else row["sentences"]
    return [
        str(row["estimator"]),
        _share(row["estimate"]),
        f"{_share(low)} to {_share(high)}" if _there(low) else "",
        f"{row['documents']:,}",
        f"{units:,}",
        _share(row["uncertain"], 0),
        f"{row['gold_sentences']:,.0f}" if _there(row["gold_sentences"]) else "",
        str(row["flag"]),
    ]


def _there(value: object) -> bool:
    return value is not None and not bool(pd.isna(value))


def _share(value: object, digits: int = 1) -> str:
    return f"{float(str(value)):.{digits}%}" if _there(value) else ""


def _print_checks(console: Console, found: Estimates) -> None:
    for row in found.checks.to_dict("records"):
        told = [
            f"{name.replace('_', ' ')} {_share(row[name]) or 'not defined'}"
            for name in ("adjusted_count", "probabilistic_adjusted_count")
        ]
        group = ", ".join(str(row[name]) for name in found.by) or "all"
        print_line(console, f"check {group}: {', '.join(told)}")


def print_labels(found: LabelChoice) -> None:
    """The labels that tell each group from the others."""
    console = Console(highlight=False)
    _print_words(console, found.estimand)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in (*found.by, "label", "framing"):
        table.add_column(printable(name), no_wrap=True, overflow="ellipsis", max_width=30)
    for name in ("mentions", "share", "of others", "log-odds", "z", "z clustered"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", overflow="fold")
    frame = found.frame[found.frame["mentions"] > 0]
    if found.by:
        frame = frame.groupby(list(found.by), sort=False).head(SHOWN_LABELS)
    for row in frame.head(SHOWN).to_dict("records"):
        names = [Text(printable(str(row[name]))) for name in (*found.by, "label", "framing")]
        table.add_row(
            *names,
            f"{row['mentions']:,}",
            _share(row["share"]),
            _share(row["other_share"]),
            *(f"{row[n]:+.2f}" if _there(row[n]) else "" for n in ("log_odds", "z", "z_clustered")),
            str(row["flag"]),
        )
    console.print(table)
    _print_warnings(found.warnings, found.model)


def _print_words(console: Console, text: str) -> None:
    console.print(Text(printable(text)))


def _print_warnings(warnings: Sequence[str], model: str) -> None:
    err = Console(stderr=True, highlight=False)
    for warning in warnings:
        err.print(Text(printable(warning), style="yellow"))
    print_line(err, f"model {model}")
