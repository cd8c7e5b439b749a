"""What an import brought in, on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..data.checks import printable
from ..infer.console import print_line
from .import_report import ImportReport

SHOWN = 40
"""Problems that are shown one by one; ``--json`` has all."""
_LOSSES = {"annotation": "annotations", "mention": "mentions", "label": "labels"}


def print_import(report: ImportReport) -> None:
    """The files, the annotators, how far the strata are annotated, and every problem.

    Args:
        report: Of the import.
    """
    console = Console(highlight=False)
    files = _table("file", "form", "records", "annotations", "mentions", "untouched")
    for file in report.files:
        counts = (file.records, file.annotations, file.mentions, file.untouched)
        files.add_row(_text(file.file), file.form, *(f"{count:,}" for count in counts))
    console.print(files)
    console.print()
    console.print(_annotators(report))
    console.print()
    console.print(_strata(report))
    if report.problems:
        console.print()
        _print_problems(console, report)
    print_line(console, f"\n{_summary(report)}".strip())


def _annotators(report: ImportReport) -> Table:
    table = _table("annotator", "items", "mentions", "median s an item")
    for who in report.annotators:
        seconds = "–" if who.seconds is None else f"{who.seconds:.0f}"
        table.add_row(_text(who.annotator), f"{who.items:,}", f"{who.mentions:,}", seconds)
    return table


def _strata(report: ImportReport) -> Table:
    table = _table("stratum", "sampled", "annotated", "missing")
    for stratum in report.strata:
        missing = stratum.sampled - stratum.annotated
        table.add_row(
            _text(stratum.stratum), f"{stratum.sampled:,}", f"{stratum.annotated:,}", f"{missing:,}"
        )
    return table


def _print_problems(console: Console, report: ImportReport) -> None:
    table = _table("what was found", "times", "not come in")
    for (kind, lost), times in sorted(report.kinds.items(), key=lambda found: -found[1]):
        table.add_row(kind, f"{times:,}", lost or "–")
    console.print(table)
    console.print()
    first = sorted(report.problems, key=lambda problem: not problem.lost)
    for problem in first[:SHOWN]:
        print_line(console, str(problem))
    if len(first) > SHOWN:
        print_line(console, f"… and {len(first) - SHOWN:,} more; --json lists all")


def _summary(report: ImportReport) -> str:
    lost = [f"{n:,} {_LOSSES[what]}" for what, n in sorted(report.lost.items())]
    came = f"{report.annotated:,} of {report.items:,} items annotated"
    return f"{came}; not come in: {', '.join(lost)}" if lost else f"{came}; everything came in"


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first, overflow="fold")
    for name in others:
        table.add_column(name, justify="left" if name in ("form", "not come in") else "right")
    return table


def _text(value: str) -> Text:
    return Text(printable(value))
