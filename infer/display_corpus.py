"""What the corpus commands show on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..data.audit import Finding
from ..data.checks import Problem, printable
from ..data.public import PublicCorpus
from .console import print_line

SHOWN_FINDINGS = 50
SHOWN_SIDES = 12
SHOWN_NAMES = 30


def print_findings(found: Sequence[Problem | Finding], sentences: int) -> None:
    """Each finding as a line, then one line that sums up."""
    console = Console(highlight=False, soft_wrap=True, markup=False)
    for finding in found[:SHOWN_FINDINGS]:
        console.print(Text(printable(str(finding))))
    if len(found) > SHOWN_FINDINGS:
        console.print(f"… and {len(found) - SHOWN_FINDINGS:,} more; --json lists all")
    verdict = f"{len(found):,} found" if found else "nothing found"
    console.print(f"{sentences:,} sentences checked: {verdict}")


def print_corpus(numbers: Mapping[str, Any]) -> None:
    """The statistics of a corpus as tables."""
    console = Console(highlight=False)
    parts = {**numbers["splits"], "all": numbers["all"]}
    sizes = _table("", "sentences", "mentions", "groups")
    for split, counts in parts.items():
        sizes.add_row(_text(split), *(f"{n:,}" for n in counts.values()))
    console.print(sizes)
    console.print()
    console.print(_balance(numbers["balance"]))
    console.print()
    for name in ("loaded", "registers", "topics", "contrast_events"):
        print_line(console, f"{name.replace('_', ' ')}: {_listed(numbers[name])}")
    phenomena = {name: counts["mentions"] for name, counts in numbers["phenomena"].items()}
    print_line(console, f"mentions in hard negatives: {_listed(phenomena)}")
    _labels(console, numbers)
    if numbers["sides"]:
        console.print()
        console.print(_sides(numbers["sides"]))
    if numbers["agreement"]:
        console.print()
        console.print(_agreement(numbers["agreement"]))


def print_forms(corpora: Iterable[PublicCorpus]) -> None:
    """The public corpora, one below the other: side by side their citations leave no room."""
    table = _table("")
    table.show_header = False
    table.add_column()
    for corpus in corpora:
        table.add_row(Text(corpus.name, "bold"), Text(corpus.title, "bold"))
        for name, value in (
            ("marks", ", ".join(corpus.marks)),
            ("does not mark", ", ".join(corpus.unmarked)),
            ("licence", corpus.licence),
            ("citation", corpus.citation),
        ):
            table.add_row(f"  {name}", _text(value))
    Console(highlight=False).print(table)


def _text(value: str) -> Text:
    return Text(printable(value))


def _table(first: str, *numbers: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first)
    for name in numbers:
        table.add_column(name, justify="right")
    return table


def _listed(counts: Mapping[str, int]) -> str:
    if not counts:
        return "none"
    first = [f"{name} {number:,}" for name, number in islice(counts.items(), SHOWN_NAMES)]
    more = len(counts) - len(first)
    others = [f"and {more:,} more"] if more else []
    return f"{sum(counts.values()):,} ({', '.join(first + others)})"


def _balance(balance: Mapping[str, Mapping[str, Mapping[str, int]]]) -> Table:
    """Mentions by framing and stance, and by framing and voice."""
    stances, voices = balance["stance"], balance["voice"]
    first = next(iter(stances))
    table = _table("mentions", *stances[first], *voices[first])
    for framing, counts in stances.items():
        cells = [*counts.values(), *voices[framing].values()]
        table.add_row(framing, *(f"{n:,}" for n in cells))
    return table


def _labels(console: Console, numbers: Mapping[str, Any]) -> None:
    labels, marked, template = numbers["labels"], numbers["marked"], numbers["template"]
    if labels["rare_share"] is not None:
        (label, times), *_ = labels["most_frequent"].items()
        print_line(
            console,
            f"labels: {labels['expressions']:,} expressions; {labels['rare_share']:.0%} of "
            "mentions use one that occurs three times or less; "
            f"most frequent {label!r}, {times:,} times",
        )
    for name, share in marked.items():
        if share is not None:
            of = "mentions" if name == "referent" else "attributed and quoted mentions"
            print_line(console, f"{name}: marked in {share:.0%} of {of}")
    if template is not None:
        print_line(
            console,
            f"templates: {template['repeated_skeletons']:.1%} of sentences share a skeleton with "
            f"those of two other groups; most frequent opening {template['opening']!r}, "
            f"{template['opening_share']:.2%}",
        )


def _sides(sides: Sequence[Mapping[str, Any]]) -> Table:
    """The sides whose framing departs most from the corpus's, in percentage points."""
    framings = list(sides[0]["points"])
    first = f"points from the corpus ({min(SHOWN_SIDES, len(sides))} of {len(sides)} sides)"
    table = _table(first, "mentions", *framings)
    for side in sides[:SHOWN_SIDES]:
        points = [f"{side['points'][framing]:+.0f}" for framing in framings]
        table.add_row(_text(f"{side['kind']} {side['name']}"), f"{side['mentions']:,}", *points)
    return table


def _agreement(agreement: Mapping[str, Mapping[str, Any]]) -> Table:
    table = _table("agreement", "units", "annotators", "alpha", "95 % interval")
    for head, found in agreement.items():
        interval = f"{found['low']:.3f}–{found['high']:.3f}"
        who = str(len(found["annotators"]))
        table.add_row(head, f"{found['units']:,}", who, f"{found['alpha']:.3f}", interval)
    return table
