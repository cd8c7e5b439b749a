"""What the command shows of a sample and of a plan."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..data.checks import printable
from ..infer.console import print_line
from .exports import FOR_ANNOTATORS, README
from .planning import Plan
from .sampling import Drawn

_COLUMNS = (
    "n: sentences annotated in all, and of these in the group; share: by the classifier; gold "
    "only, corrected: from the annotations alone, and with the classifier; at best: with "
    "everything annotated; positives: units of the class to be expected among the annotated."
)


def print_drawn(drawn: Drawn, folder: Path) -> None:
    """The strata, and what is in the folder."""
    console = Console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("stratum")
    for name in ("sentences", "drawn", "probability"):
        table.add_column(name, justify="right")
    for stratum in drawn.design.strata:
        table.add_row(
            Text(printable(stratum.stratum)),
            f"{stratum.population:,}",
            f"{stratum.sampled:,}",
            f"{stratum.sampled / stratum.population:.4f}",
        )
    console.print(table)
    errors = Console(stderr=True, highlight=False)
    for note in drawn.notes:
        print_line(errors, f"note: {note}")
    print_line(
        errors,
        f"{len(drawn.items):,} of {drawn.design.sentences:,} sentences drawn, seed "
        f"{drawn.design.seed}; written to {folder}",
    )
    print_line(errors, f"for annotators: {', '.join(FOR_ANNOTATORS)}; how: {README}")


def print_plan(plan: Plan) -> None:
    """Half-widths by size and group, sizes for a width, and what they rest on."""
    console = Console()
    print_line(console, f"{plan.estimand}: half-widths of 95 % intervals to be expected")
    console.print(_expected(plan.frame))
    if len(plan.needed):
        console.print()
        width = plan.needed["width"].iloc[0]
        print_line(console, f"sentences to annotate in all for ±{width:.3f}:")
        console.print(_needed(plan.needed))
    console.print()
    for said in (_COLUMNS, *plan.assumptions):
        print_line(console, Text(f"- {printable(said)}", style="dim"))


def _expected(frame: pd.DataFrame) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("group")
    for name in ("n", "of these", "share", "gold only", "corrected", "at best", "positives"):
        table.add_column(name, justify="right")
    table.add_column("")
    for row in frame.to_dict("records"):
        table.add_row(
            Text(printable(str(row["group"]))),
            f"{row['n']:,}",
            f"{row['n_group']:,}",
            _figure(row["share"]),
            *(_figure(row[name], "±") for name in ("gold", "corrected", "at_best")),
            f"{row['positives']:.0f}",
            Text(str(row["flag"]), style="italic"),
        )
    return table


def _needed(frame: pd.DataFrame) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("group")
    for name in ("gold only", "corrected"):
        table.add_column(name, justify="right")
    table.add_column("")
    for row in frame.to_dict("records"):
        table.add_row(
            Text(printable(str(row["group"]))),
            *("–" if pd.isna(row[name]) else f"{row[name]:,}" for name in ("gold", "corrected")),
            Text(str(row["flag"]), style="italic"),
        )
    return table


def _figure(value: Any, sign: str = "") -> str:
    return "–" if math.isnan(value) else f"{sign}{value:.3f}"
