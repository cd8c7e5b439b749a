"""The matrix of who calls whom what, on a terminal."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..data.checks import printable
from .console import print_line
from .display import STYLES
from .voices import FRAMED, Cell, Key, Voices

_HEADINGS = {
    "delegitimizing": "delegit.",
    "neutral": "neutral",
    "legitimizing": "legit.",
    "uncertain": "unsure",
}
_COUNTS_WIDTH = 13 + 4 * 10 + 4
SHOWN = 60
SHOWN_OF_ONE = 8
"""Rows of the matrix that are shown, of all speakers and of one."""


def print_voices(voices: Voices, output: Path | None, *, sentences: bool) -> None:
    """The matrix, its speakers by how often they speak.

    Args:
        voices: What was counted.
        output: Where it was written, if it was: then only the counts are shown.
        sentences: Whether the sentences that take a side are shown below their row.
    """
    console = Console(highlight=False)
    if output is None and voices.cells:
        _print_matrix(console, voices, sentences=sentences)
    speakers = len({key[:2] for key in voices.cells})
    referents = len({key[2] for key in voices.cells})
    counts = f"{voices.mentions:,} mentions, {speakers:,} speakers, {referents:,} referents"
    if voices.left_out:
        counts += f"; {voices.left_out:,} mentions in copies left out"
    err = Console(stderr=True, highlight=False)
    print_line(err, counts)
    if output is not None:
        print_line(err, Text(f"written to {output}"))


def _print_matrix(console: Console, voices: Voices, *, sentences: bool) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    room = max(16, min(34, (console.width - _COUNTS_WIDTH) // 2))
    table.add_column("speaker", overflow="ellipsis", no_wrap=True, max_width=room)
    table.add_column("kind", no_wrap=True, min_width=11)
    table.add_column("of whom", overflow="ellipsis", no_wrap=True, max_width=room)
    for name in FRAMED:
        table.add_column(_HEADINGS[name], justify="right", no_wrap=True, min_width=8)
    shown: Counter[tuple[str, str]] = Counter()
    behind: list[tuple[Key, dict[str, Cell]]] = []
    for (speaker, kind, referent), cells in voices.rows():
        new = not shown[speaker, kind]
        shown[speaker, kind] += 1
        if table.row_count >= SHOWN or shown[speaker, kind] > SHOWN_OF_ONE:
            continue
        table.add_row(
            Text(printable(speaker) if new else "", style="bold"),
            Text(kind if new else "", style="dim"),
            Text(printable(referent)),
            *(_count(cells[name].count if name in cells else 0, name) for name in FRAMED),
        )
        if sentences:
            behind.append(((speaker, kind, referent), cells))
    console.print(table)
    for key, cells in behind:
        _print_sentences(console, key, cells)
    more = len(voices.cells) - sum(min(number, SHOWN_OF_ONE) for number in shown.values())
    more = max(more, len(voices.cells) - SHOWN)
    if more > 0:
        console.print(f"… and {more:,} more rows; write all of them with -o voices.csv")


def _print_sentences(console: Console, key: Key, cells: dict[str, Cell]) -> None:
    """The sentences behind the counts of one row."""
    speaker, _, referent = key
    for name in FRAMED:
        for sentence in cells[name].sentences if name in cells else ():
            line = Text(printable(f"{speaker} of {referent}: "), style="dim")
            line.append(printable(sentence["mention"]), style=STYLES[name])
            line.append(printable(f"  “{sentence['sentence_text']}”"), style="dim")
            print_line(console, line)


def _count(number: int, framing: str) -> Text:
    return Text(f"{number:,}", style=STYLES[framing]) if number else Text("·", style="dim")
