"""What `connote audit` shows on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..data.schema import HEADS, MENTION_LABELS
from .console import print_line

SHOWN_SLICES = 5
_NOTHING = "–"

Figure = Mapping[str, Any]
Sliced = Mapping[str, Any]
"""A figure under ``all``, and those of ``topics`` and ``registers`` by their names."""


@contextmanager
def waiting() -> Iterator[None]:
    """A sign of life on a terminal's standard error while sentences are judged."""
    with Console(stderr=True).status("judging sentences as they are and changed …"):
        yield


def print_audit(numbers: Mapping[str, Any]) -> None:
    """All probes of a model as tables.

    Args:
        numbers: An audit as plain values.
    """
    console = Console(highlight=False)
    print_line(console, f"model {numbers['model']}")
    for source in numbers["data"]:
        print_line(console, f"data {source['file']}: {source['n']:,} sentences")
    _masked(console, numbers["masked"])
    _swap(console, numbers["swap"])
    _groups(console, numbers["groups"], numbers["pairs"])
    _voice(console, numbers["voice"])
    _form(console, numbers["form"])
    print_line(console, "")
    print_line(console, "Intervals are at 95 %. --json has every figure by topic and register too.")


def _table(console: Console, title: str, *columns: str) -> Table:
    """An empty table under its title, which is not broken at the table's width."""
    console.print()
    console.print(Text(title, style="bold"), soft_wrap=True)
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for name in columns:
        table.add_column(name, justify="right")
    return table


def _share(figure: Figure) -> Text:
    """A share and what stands behind it, above its interval."""
    if not figure["n"]:
        return Text(_NOTHING)
    shown = Text(f"{figure['share']:.1%} of {figure['n']:,}\n")
    return shown.append(f"{100 * figure['low']:.1f}–{100 * figure['high']:.1f}", style="dim")


def _masked(console: Console, masked: Mapping[str, Sliced]) -> None:
    names = ("n", "as it is", "blanked", "drop", "interval", "floor")
    table = _table(console, "Mention blanked: macro-F1", *names)
    for head, figures in masked.items():
        found = figures["all"]
        if not found["n"]:
            table.add_row(head, "0", *[_NOTHING] * 5)
            continue
        table.add_row(
            head,
            f"{found['n']:,}",
            *(f"{found[key]:.3f}" for key in ("plain", "changed", "drop")),
            f"{found['low']:.3f} to {found['high']:.3f}",
            f"{found['floor']:.3f}",
        )
    console.print(table)
    for head, figures in masked.items():
        _worst(console, f"{head}, largest drop", figures, "drop")


def _swap(console: Console, swap: Mapping[str, Any]) -> None:
    missing = f", {swap['not_found']:,} not found" if swap["not_found"] else ""
    title = f"Names exchanged in {swap['sentences']:,} sentences{missing}: labels flip"
    table = _table(console, title, *swap["flips"])
    table.add_row("", *(_share(figures["all"]) for figures in swap["flips"].values()))
    console.print(table)
    for head in MENTION_LABELS:
        _worst(console, f"{head}, most flips", swap["flips"][head], "share")


def _groups(console: Console, groups: Mapping[str, Any], pairs: Sliced) -> None:
    table = _table(console, "Contrast groups right as a whole", *MENTION_LABELS)
    for kind, by_head in groups.items():
        table.add_row(kind, *(_share(by_head[head]["all"]) for head in MENTION_LABELS))
    console.print(table)
    for head, figures in groups["all"].items():
        _worst(console, f"{head}, least right", figures, "share", good=True)
    table = _table(console, "Matched pairs, both framings right", "framing")
    table.add_row("", _share(pairs["all"]))
    console.print(table)


def _voice(console: Console, voice: Mapping[str, Any]) -> None:
    parts = {
        "own_before": "own as it is",
        "voice": "voice follows",
        "framing": "framing stays",
        "stance": "stance stays",
    }
    table = _table(console, "Own voice put into another's mouth", *parts.values())
    for change, found in voice.items():
        table.add_row(change, *(_share(found[part]["all"]) for part in parts))
    console.print(table)
    for change, found in voice.items():
        _worst(console, f"{change}, voice follows least", found["voice"], "share", good=True)


def _form(console: Console, form: Mapping[str, Any]) -> None:
    table = _table(console, "Casing and marks: labels flip", *HEADS)
    for change, by_head in form.items():
        table.add_row(change, *(_share(by_head[head]["all"]) for head in HEADS))
    console.print(table)


def _worst(console: Console, title: str, figures: Sliced, key: str, *, good: bool = False) -> None:
    """The topics and registers in which a figure is worst, on a line each.

    Ordered by the better end of the interval: by the figure itself, chance would bring the
    slices with the fewest units to the top.

    Args:
        console: Where to print.
        title: What the lines begin with.
        figures: Of topics and registers.
        key: Name of the figure.
        good: Whether a large figure is good.
    """
    for axis in ("topics", "registers"):
        found = [(name, f) for name, f in figures[axis].items() if f[key] != float(good)]
        found.sort(key=lambda item: item[1]["high"] if good else -item[1]["low"])
        named = [f"{name} {f[key]:.2f} of {f['n']:,}" for name, f in found[:SHOWN_SLICES]]
        if named:
            print_line(console, f"{title} by {axis[:-1]}: {', '.join(named)}")
