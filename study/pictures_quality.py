"""Pictures of how good labels are: agreement of annotators, calibration of probabilities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ..data.checks import printable
from .palette import LIGHT, Line, Palette
from .pictures_canvas import (
    SMALL,
    Canvas,
    canvas,
    counted,
    described_axis,
    legend,
    require,
    told,
)

TENTATIVE, RELIABLE = 0.667, 0.8
"""Alphas from which Krippendorff (2004, chapter 11) draws tentative and firm conclusions."""


def agreement_plot(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    *,
    caption: str = "",
    palette: Palette = LIGHT,
) -> Axes:
    """Krippendorff's alpha of each label with its interval.

    Args:
        frame: Columns ``label``, ``alpha``, ``low``, ``high``, ``units`` and ``flag``, in the order
            to be shown.
        ax: To draw on; without it a new figure is made.
        caption: Who annotated what.
        palette: Colours.

    Raises:
        PictureError: If there is nothing to draw.
    """
    require(frame, ("label", "alpha", "low", "high", "units", "flag"), "agreement")
    frame = _numeric(frame, ("alpha", "low", "high"))
    drawn = canvas(ax, 1.5 + 0.3 * len(frame), palette)
    for value, style in ((TENTATIVE, (0, (2, 2))), (RELIABLE, (0, (6, 2)))):
        drawn.ax.axvline(value, color=palette.soft, linewidth=0.9, linestyle=style, zorder=1)
        drawn.ax.text(
            value, 1.0, f"{value:g}", transform=drawn.ax.get_xaxis_transform(), size=SMALL,
            color=palette.soft, ha="center", va="bottom",
        )  # fmt: skip
    line = Line(palette.estimator["corrected"].fill, "o", "solid")
    for position, row in enumerate(frame.itertuples()):
        _point(drawn, row.alpha, (row.low, row.high), position, line, bool(row.flag))
    positions = list(range(len(frame)))
    drawn.rows(positions, [str(label) for label in frame["label"]])
    drawn.notes(positions, [_units(row) for row in frame.itertuples()])
    ends = [float(v) for v in (*frame["low"], *frame["alpha"], 0.0) if told(v)]
    drawn.ax.set_xlim(min(ends) - (0.04 if min(ends) < 0 else 0), 1.02)
    described_axis(drawn.ax, "Krippendorff’s alpha", palette)
    how = "Bars: 95 % intervals. Lines: 0.667 and 0.8 (Krippendorff 2004)."
    hollow = "Hollow: flagged." if frame["flag"].astype(bool).any() else ""
    text = " ".join(part for part in (caption, how, hollow) if part)
    return drawn.finish("Agreement of annotators", text, list(_alphas(frame)), above=16)


def calibration_plot(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    *,
    caption: str = "",
    palette: Palette = LIGHT,
) -> Axes:
    """How often labels are right beside how probable they were said to be.

    Args:
        frame: Columns ``head`` (what is judged), ``mean_probability``, ``observed``, ``low``,
            ``high`` and ``n``, a row for each bin.
        ax: To draw on; without it a new figure is made.
        caption: What was compared.
        palette: Colours.

    Raises:
        PictureError: If there is nothing to draw.
    """
    values = ("mean_probability", "observed", "low", "high", "n")
    require(frame, ("head", *values), "calibration")
    frame = _numeric(frame, values)
    frame = frame[frame["mean_probability"].notna() & frame["observed"].notna()]
    require(frame, (), "bins with a label in them")
    drawn = canvas(ax, 5.2, palette, width=5.2)
    drawn.ax.plot([0, 1], [0, 1], color=palette.soft, linewidth=0.9, linestyle=(0, (4, 3)))
    heads = list(dict.fromkeys(frame["head"].astype(str)))
    handles = []
    for number, head in enumerate(heads):
        bins = frame[frame["head"].astype(str) == head].sort_values("mean_probability")
        line = palette.line(number)
        _curve(drawn, bins, line)
        named = f"{printable(head)} (n = {int(bins['n'].sum()):,})"
        handles.append(_handle(line, named))
    ax = drawn.ax
    ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    for axis in ("x", "y"):
        drawn.percent(axis)
    ax.grid(color=palette.rule, linewidth=0.6)
    described_axis(ax, "mean probability of the bin", palette)
    described_axis(ax, "observed share", palette, "y")
    columns = 2
    legend(drawn, handles, columns)
    how = "Dashed: perfect calibration. Bars: 95 % intervals. Areas of markers grow with n."
    text = " ".join(part for part in (caption, how) if part)
    said = [f"{head}: {len(frame[frame['head'] == head])} bins" for head in heads]
    return drawn.finish("Calibration", text, said, above=8 + 13 * -(-len(heads) // columns))


def _numeric(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    given = {name: pd.to_numeric(frame[name], errors="coerce").astype(float) for name in columns}
    return frame.assign(**given)


def _point(
    drawn: Canvas, value: Any, ends: tuple[Any, Any], position: float, line: Line, flagged: bool
) -> None:
    low, high = ends
    if told(low) and told(high):
        drawn.ax.errorbar(
            [(low + high) / 2], [position], xerr=[(high - low) / 2], fmt="none",
            ecolor=line.colour, elinewidth=1.6, capsize=2.4, capthick=1.2,
        )  # fmt: skip
    if told(value):
        drawn.ax.plot(
            [value], [position], marker=line.marker, markersize=5.5, linestyle="none", zorder=4,
            markerfacecolor=drawn.palette.paper if flagged else line.colour,
            markeredgecolor=line.colour, markeredgewidth=1.3, clip_on=False,
        )  # fmt: skip


def _units(row: Any) -> str:
    number = counted(int(row.units), "units")
    sign = "○" if told(row.alpha) else "–"
    return f"{number}\n{sign} {row.flag}" if row.flag else number


def _alphas(frame: pd.DataFrame) -> Iterator[str]:
    for row in frame.itertuples():
        if not told(row.alpha):
            yield f"{row.label}: {row.flag or 'no alpha'}"
            continue
        interval = f" ({row.low:.2f} to {row.high:.2f})" if told(row.low) else ""
        yield f"{row.label}: alpha {row.alpha:.2f}{interval}"


def _curve(drawn: Canvas, bins: pd.DataFrame, line: Line) -> None:
    ax = drawn.ax
    ax.plot(
        bins["mean_probability"], bins["observed"], color=line.colour, linestyle=line.dash,
        linewidth=1.4,
    )  # fmt: skip
    for row in bins.itertuples():
        if told(row.low) and told(row.high):
            ax.errorbar(
                [row.mean_probability], [(row.low + row.high) / 2],
                yerr=[(row.high - row.low) / 2], fmt="none", ecolor=line.colour, elinewidth=0.9,
                capsize=1.8, capthick=0.9,
            )  # fmt: skip
    sizes = 14 + 90 * bins["n"] / bins["n"].max()
    ax.scatter(
        bins["mean_probability"], bins["observed"], s=sizes, marker=line.marker, color=line.colour,
        edgecolors=drawn.palette.paper, linewidths=0.6, zorder=4, clip_on=False,
    )  # fmt: skip


def _handle(line: Line, name: str) -> Line2D:
    return Line2D(
        [], [], color=line.colour, linestyle=line.dash, marker=line.marker, markersize=5.5,
        linewidth=1.4, label=name,
    )  # fmt: skip
