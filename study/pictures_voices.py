"""A picture of who calls whom what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.patches import Patch, Rectangle

from .palette import FRAMINGS, LIGHT, Palette, contrast
from .pictures_canvas import (
    BASE,
    SMALL,
    Canvas,
    canvas,
    counted,
    described_axis,
    percent,
    require,
    wrapped,
)

_FEW = 5
"""Mentions below which a cell is not coloured."""
_STRIP = 0.14
_COLUMN_CHARACTERS = 80


def voices_plot(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    *,
    caption: str = "",
    speakers: int = 12,
    referents: int = 8,
    palette: Palette = LIGHT,
) -> Axes:
    """Who calls whom what: for each speaker and referent how the labels frame.

    The colour and the figure of a cell are the share of delegitimizing labels, the strip below
    tells all framings, n is the number of mentions. Cells of fewer than 5 are not coloured.

    Args:
        frame: A row for each ``speaker``, ``referent`` and ``framing`` with its ``mentions``.
        ax: To draw on; without it a new figure is made.
        caption: What is counted.
        speakers: Most of them, the most frequent first.
        referents: Most of them, the most frequent first.
        palette: Colours.

    Raises:
        PictureError: If there is nothing to draw.
    """
    require(frame, ("speaker", "referent", "framing", "mentions"), "voices")
    counts = frame.assign(**{c: frame[c].fillna("(none)").astype(str) for c in _WHO})
    counts = counts[counts["framing"].isin(FRAMINGS) & (counts["mentions"] > 0)]
    require(counts, (), "framed mentions")
    columns = _commonest(counts, "referent", referents)
    rows = _commonest(counts[counts["referent"].isin(columns)], "speaker", speakers)
    drawn = canvas(ax, 1.9 + 0.42 * len(rows), palette)
    cells = counts.pivot_table(
        index=list(_WHO), columns="framing", values="mentions", aggfunc="sum", fill_value=0
    ).reindex(columns=list(FRAMINGS), fill_value=0)
    said = []
    for y, speaker in enumerate(rows):
        for x, referent in enumerate(columns):
            numbers = cells.loc[(speaker, referent)] if (speaker, referent) in cells.index else None
            _cell(drawn, x, y, None if numbers is None else numbers.to_numpy(dtype=float))
            if numbers is not None:
                share = numbers["delegitimizing"] / numbers.sum()
                rest = f"{percent(share, 0)} delegitimizing of {numbers.sum():,}"
                said.append(f"{speaker} of {referent}: {rest}")
    _margins(drawn, rows, columns)
    left = {
        f"{column}s": counts[column].nunique() - len(shown)
        for column, shown in zip(_WHO, (rows, columns), strict=True)
    }
    missing = " and ".join(counted(number, unit) for unit, number in left.items() if number)
    more = f"Not shown: {missing}." if missing else ""
    how = (
        "Figure and colour: share of delegitimizing labels; n: mentions; strip: all framings; "
        f"cells of fewer than {_FEW} mentions are not coloured."
    )
    text = " ".join(part for part in (caption, how, more) if part)
    return drawn.finish("Who calls whom what", text, said)


_WHO = ("speaker", "referent")


def _commonest(counts: pd.DataFrame, column: str, most: int) -> list[str]:
    totals = counts.groupby(column)["mentions"].sum().reset_index()
    ordered = totals.sort_values(["mentions", column], ascending=[False, True])
    return [str(name) for name in ordered[column].head(most)]


def _cell(drawn: Canvas, x: int, y: int, numbers: Any) -> None:
    """One cell: heat, share and n, and the strip of framings."""
    ax, palette = drawn.ax, drawn.palette
    if numbers is None:
        ax.text(x, y, "–", ha="center", va="center", color=palette.soft, size=BASE)
        return
    total = float(numbers.sum())
    share = float(numbers[0]) / total
    few = total < _FEW
    heat = LinearSegmentedColormap.from_list("heat", list(palette.heat))
    fill = palette.paper if few else to_hex(heat(share))
    ink = max((palette.ink, palette.paper), key=lambda colour: contrast(colour, fill))
    ax.add_patch(
        Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, facecolor=fill, edgecolor=palette.rule)
    )
    ax.text(
        x, y - 0.09, f"{percent(share, 0)}   n {total:,.0f}", ha="center", va="center", size=SMALL,
        color=palette.soft if few else ink,
    )  # fmt: skip
    left = x - 0.48
    for name, number in zip(FRAMINGS, numbers, strict=True):
        tone, width = palette.framing[name], 0.96 * float(number) / total
        strip = Rectangle(
            (left, y + 0.46 - 2 * _STRIP), width, 2 * _STRIP, facecolor=tone.fill, linewidth=0.5,
            hatch=tone.hatch or None, edgecolor=palette.soft if tone.hatch else palette.paper,
        )  # fmt: skip
        if number:
            ax.add_patch(strip)
        left += width


def _margins(drawn: Canvas, rows: Sequence[str], columns: Sequence[str]) -> None:
    ax, palette = drawn.ax, drawn.palette
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_yticks(range(len(rows)), [wrapped(name, 26) for name in rows])
    ax.tick_params(axis="both", length=0, labelsize=BASE - 0.5)
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    _head_columns(ax, columns)
    ax.spines["bottom"].set_visible(False)
    described_axis(ax, "speaker", palette, "y")
    described_axis(ax, "of whom", palette)
    patches = [
        Patch(facecolor=tone.fill, hatch=tone.hatch or None, edgecolor=palette.soft, label=name)
        for name, tone in palette.framing.items()
    ]
    ax.legend(
        handles=patches, loc="upper left", bbox_to_anchor=(0, 0), ncols=4, frameon=False,
        fontsize=BASE - 0.5, labelcolor=palette.ink, handletextpad=0.5, columnspacing=1.4,
    )  # fmt: skip


def _head_columns(ax: Axes, columns: Sequence[str]) -> None:
    """Names above the columns, aslant where a word is longer than a column is wide."""
    width = max(8, _COLUMN_CHARACTERS // len(columns))
    aslant = any(len(word) > width for name in columns for word in name.split())
    names = [wrapped(name, 24 if aslant else width) for name in columns]
    ax.set_xticks(range(len(columns)), names)
    if aslant:
        for label in ax.get_xticklabels():
            label.set(rotation=35, ha="left", rotation_mode="anchor")
