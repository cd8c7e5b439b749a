"""What the command shows of a sample and of a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..data.checks import printable
from ..infer.console import print_line
from .expectation import LEAST_POSITIVES
from .exports import FOR_ANNOTATORS, README
from .planning import Plan
from .sampling import Drawn

_COLUMNS = (
    "n: sentences annotated in all, and of these in the group; share: by the classifier; gold "
    "only, corrected: from the annotations alone, and with the classifier; at best: with "
    "everything annotated; positives: units of the class to be expected among the annotated."
)
_WIDTH, _NUMBER = "±{:.3f}", "{:,.0f}"
_EXPECTED = {
    "n": ("n", _NUMBER),
    "n_group": ("of\nthese", _NUMBER),
    "share": ("share", "{:.3f}"),
    "gold": ("gold\nonly", _WIDTH),
    "corrected": ("corrected", _WIDTH),
    "at_best": ("at\nbest", _WIDTH),
    "positives": ("positives", _NUMBER),
}
_NEEDED = {"gold": ("gold only", _NUMBER), "corrected": ("corrected", _NUMBER)}
_FLAGS = {
    "n too small": f"n too small: fewer than {LEAST_POSITIVES} positives",
    "not even all are enough": "not even all are enough: wider at best",
}
"""Flags that name figures, without these."""


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
    console = Console(highlight=False)
    said = f"{plan.estimand}: half-widths of 95 % intervals to be expected"
    console.print(Text(printable(said)))
    _print_table(console, plan, plan.frame, _EXPECTED)
    if len(plan.needed):
        console.print()
        width = plan.needed["width"].iloc[0]
        print_line(console, f"sentences to annotate in all for ±{width:.3f}:")
        _print_table(console, plan, plan.needed, _NEEDED)
    console.print()
    for said in (_COLUMNS, *plan.assumptions):
        console.print(Text(f"- {printable(said)}", style="dim"))


def _print_table(
    console: Console,
    plan: Plan,
    frame: pd.DataFrame,
    figures: Mapping[str, tuple[str, str]],
) -> None:
    """A row for each group, with letters for flags, which are told below.

    Args:
        console: Where to.
        plan: That tells the values of the groups.
        frame: With ``group``, ``flag`` and the figures.
        figures: Headings and formats of the columns of figures.
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in plan.columns or ("group",):
        table.add_column(_cut(column))
    for heading in (*(heading for heading, _ in figures.values()), ""):
        table.add_column(heading, justify="right", no_wrap=True)
    flags = dict.fromkeys(_without_figures(flag) for flag in frame["flag"] if flag)
    letters = dict(zip(flags, ascii_lowercase, strict=False))
    for row in frame.to_dict("records"):
        table.add_row(
            *map(_cut, _values(plan, row["group"])),
            *(_figure(row[name], form) for name, (_, form) in figures.items()),
            letters.get(_without_figures(row["flag"]), ""),
        )
    console.print(table)
    for flag, letter in letters.items():
        console.print(Text(f"{letter}: {flag}", style="italic"))


def _cut(text: str) -> Text:
    """One line, cut where there is no room."""
    return Text(printable(text), no_wrap=True, overflow="ellipsis")


def _values(plan: Plan, group: str) -> Sequence[str]:
    """Of each column."""
    return plan.values.get(group, (group, *("" for _ in plan.columns[1:])))


def _without_figures(flag: str) -> str:
    """A flag without the figures that the tables show."""
    return _FLAGS.get(flag.partition(":")[0], flag)


def _figure(value: Any, form: str) -> str:
    return "–" if pd.isna(value) else form.format(value)
