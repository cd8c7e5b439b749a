"""How well annotators agree, on a terminal."""

from __future__ import annotations

from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..data.checks import printable
from ..data.schema import HEADS
from ..infer.console import print_line
from .agreement import Agreement
from .agreement_tables import EVERYBODY
from .agreement_units import LABELS

SHOWN_PAIRS = 15
"""Pairs that are shown; ``--json`` has all."""


def print_agreement(found: Agreement, items: int) -> None:
    """All figures, confusions of all pairs together, and the most disputed items.

    Args:
        found: The agreement.
        items: How many items to show.
    """
    console = Console(highlight=False)
    console.print(_alphas(found.alphas))
    for row in found.alphas[found.alphas["flag"].notna()].itertuples():
        print_line(console, Text(printable(f"{row.label}: {row.flag}"), style="dim"))
    if len(found.pairs):
        console.print()
        console.print(_pairs(found.pairs))
        if len(found.pairs) > SHOWN_PAIRS * len(LABELS):
            more = len(found.pairs) // len(LABELS) - SHOWN_PAIRS
            print_line(console, f"… and {more:,} more pairs; --json lists all")
        console.print()
        console.print(_annotators(found.annotators))
    console.print()
    console.print(_shares(found.shares))
    for label in HEADS:
        _print_confusion(console, found.confusions, label)
    _print_items(console, found.items, items)


def _alphas(frame: pd.DataFrame) -> Table:
    table = _table("all annotators", "measure", "value", "95 % interval", "units", "documents")
    for row in frame.itertuples():
        table.add_row(
            row.label,
            row.measure,
            _number(row.value),
            _interval(row),
            f"{row.units:,}",
            f"{row.documents:,}",
        )
    return table


def _pairs(frame: pd.DataFrame) -> Table:
    """A row a pair; under each figure its interval and the number of units."""
    table = _table("pairs (kappa, F1)", *LABELS)
    for (one, other), rows in frame.groupby(["one", "other"], sort=False):
        if table.row_count == SHOWN_PAIRS:
            break
        by_label = {row.label: row for row in rows.itertuples()}
        names = Text("\n– ").join([_text(one), _text(other)])
        cells = (by_label[label] for label in LABELS)
        table.add_row(
            names,
            *(
                Text(_number(row.value)).append(f"\n{_interval(row)}\nn {row.units:,}", "dim")
                for row in cells
            ),
        )
    return table


def _annotators(frame: pd.DataFrame) -> Table:
    """A row an annotator: agreement with the others, and of these among themselves."""
    table = _table("with the others", *LABELS, "items")
    for name, rows in frame.groupby("annotator", sort=False):
        by_label = {row.label: row for row in rows.itertuples()}
        figures = (
            Text(_number(by_label[label].value)).append(
                f"\n{_number(by_label[label].without)}", "dim"
            )
            for label in LABELS
        )
        named = _text(name).append("\n– the others alone", "dim")
        table.add_row(named, *figures, f"{rows['items'].iloc[0]:,}")
    return table


def _shares(frame: pd.DataFrame) -> Table:
    """What each annotator says how often, one column an annotator."""
    names = list(dict.fromkeys(frame["annotator"]))
    table = _table("share of answers", *map(printable, names))
    for (label, answer), rows in frame.groupby(["label", "answer"], sort=False):
        by_name = dict(zip(rows["annotator"], rows["share"], strict=True))
        if label == LABELS[-1]:
            cells = [_number(by_name[name]) for name in names]
            table.add_row("mentions marked an item", *cells)
        else:
            table.add_row(f"{label}: {answer}", *(_percent(by_name[name]) for name in names))
    return table


def _print_confusion(console: Console, frame: pd.DataFrame, label: str) -> None:
    rows = frame[(frame["one"] == EVERYBODY) & (frame["label"] == label)]
    if not rows["count"].sum():
        return
    square = rows.pivot_table("count", "answer_one", "answer_other", "sum", sort=False)
    table = _table(f"{label}, all pairs", *square.columns)
    for answer, counts in square.iterrows():
        table.add_row(str(answer), *(f"{int(count):,}" if count else "·" for count in counts))
    console.print()
    console.print(table)


def _print_items(console: Console, frame: pd.DataFrame, items: int) -> None:
    if not items or not len(frame):
        return
    console.print()
    print_line(console, Text(f"most disputed ({min(items, len(frame))} of {len(frame)})", "bold"))
    for row in frame.head(items).itertuples():
        head = f"{row.id}  {row.disagreements} of {row.compared} comparisons differ"
        print_line(console, Text(printable(head), style="bold"))
        print_line(console, row.text)
        for line in row.said.split("\n"):
            print_line(console, f"  {line}")


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first)
    for name in others:
        table.add_column(Text(name), justify="left" if name == "measure" else "right", no_wrap=True)
    return table


def _number(value: Any) -> str:
    return "–" if pd.isna(value) else f"{value:.2f}"


def _percent(value: Any) -> str:
    return "–" if pd.isna(value) else f"{value:.0%}"


def _interval(row: Any) -> str:
    return "–" if pd.isna(row.low) or pd.isna(row.high) else f"{row.low:.2f}, {row.high:.2f}"


def _text(value: str) -> Text:
    return Text(printable(value))
