"""A picture of the labels that tell groups apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from .label_choice import LabelChoice
from .label_table import OTHER_LABELS
from .palette import FRAMINGS, LIGHT, Palette, Tone
from .pictures_canvas import (
    BASE,
    Canvas,
    canvas,
    counted,
    described_axis,
    group_names,
    legend,
    percent,
    require,
    wrapped,
)

_MOST_ROWS = 120
_ROW_INCHES = 0.185
_NOTABLE = 1.96


def label_choice_plot(
    choice: LabelChoice, ax: Axes | None = None, *, top: int = 10, palette: Palette = LIGHT
) -> Axes:
    """The labels that each group prefers, the most telling first, by framing.

    Markers stand at the z-score that allows for documents, ticks at the plain one; hollow markers
    are flagged. Where there is one group its commonest labels are shown by their share.

    Args:
        choice: What `label_choice` gave.
        ax: To draw on; without it a new figure is made.
        top: Most labels of a group; fewer where there are many groups.
        palette: Colours.

    Raises:
        PictureError: If there is nothing to draw.
    """
    rows, compared, each = _telling(choice, top)
    drawn = canvas(ax, 1.7 + _ROW_INCHES * (len(rows) + 1.2 * rows["group"].nunique()), palette)
    positions = _blocks(drawn, rows)
    for position, row in zip(positions, rows.itertuples(), strict=True):
        _lollipop(drawn, row, position, compared=compared)
    _arrange(drawn, rows, positions)
    if compared:
        drawn.ax.axvline(_NOTABLE, color=palette.soft, linewidth=0.8, linestyle=(0, (4, 3)))
        described_axis(drawn.ax, "z (marker: documents allowed for; tick: plain)", palette)
    else:
        drawn.percent("x")
        described_axis(drawn.ax, "share of the group's labels", palette)
    tones = palette.framing
    shown = [name for name in FRAMINGS if name in set(rows["framing"])]
    legend(drawn, [_point(palette, tones[name], name) for name in shown])
    title, caption = _title(choice, compared=compared), _caption(choice, each, compared)
    return drawn.finish(title, caption, list(_said(rows)), above=24)


def _title(choice: LabelChoice, *, compared: bool) -> str:
    if not compared:
        return "Commonest labels"
    against = "the rest" if choice.against is None else " · ".join(choice.against)
    return f"Labels that set each {' and '.join(choice.by)} apart from {against}"


def _telling(choice: LabelChoice, top: int) -> tuple[pd.DataFrame, bool, int]:
    """The rows that are shown, whether they are compared, and how many of a group at most."""
    require(choice.frame, ("label", "z", "z_clustered"), "labels")
    frame = choice.frame[choice.frame["label"] != OTHER_LABELS].copy()
    frame["group"] = group_names(frame, choice.by)
    compared = bool(frame["z_clustered"].notna().any())
    frame["value"] = frame["z_clustered" if compared else "share"].astype(float)
    frame["plain"] = frame["z" if compared else "share"].astype(float)
    frame = frame[frame["value"] > 0].sort_values(
        ["group", "value", "label"], ascending=[True, False, True]
    )
    require(frame, (), "labels that a group prefers")
    each = max(1, min(top, _MOST_ROWS // frame["group"].nunique()))
    return frame.groupby("group", sort=False).head(each).reset_index(drop=True), compared, each


def _blocks(drawn: Canvas, rows: pd.DataFrame) -> list[float]:
    """The position of each row, groups below each other under their names."""
    positions, at, before = [], 0.0, None
    several = rows["group"].nunique() > 1
    for group in rows["group"]:
        if group != before:
            at += 1.5 if several and before is not None else 0.4
            if several:
                drawn.ax.text(
                    0, at - 0.55, wrapped(group, 70).replace("\n", " "), size=BASE, weight="bold",
                    color=drawn.palette.ink, va="center", transform=drawn.ax.get_yaxis_transform(),
                )  # fmt: skip
                at += 0.35
            before = group
        positions.append(at)
        at += 1
    return positions


def _lollipop(drawn: Canvas, row: Any, position: float, *, compared: bool) -> None:
    ax, palette = drawn.ax, drawn.palette
    tone = palette.framing.get(row.framing, palette.framing["uncertain"])
    edge = palette.edge(tone)
    ax.hlines(position, 0, row.value, color=edge, linewidth=1.4, zorder=2)
    if compared:
        ax.plot([row.plain], [position], marker="|", markersize=6, color=palette.soft, zorder=3)
    flagged = bool(row.flag) and compared
    ax.plot(
        [row.value], [position], marker=tone.marker, markersize=5.6, markeredgewidth=1.2, zorder=4,
        markerfacecolor=palette.paper if flagged else tone.fill, markeredgecolor=edge,
        linestyle="none", clip_on=False,
    )  # fmt: skip


def _arrange(drawn: Canvas, rows: pd.DataFrame, positions: Sequence[float]) -> None:
    drawn.rows(positions, [str(label) for label in rows["label"]])
    for name in drawn.ax.get_yticklabels():
        name.set_fontsize(BASE - 0.5)
    drawn.ax.set_ylim(max(positions) + 0.7, -0.5 - 0.4 * (rows["group"].nunique() > 1))
    drawn.ax.set_xlim(0, 1.06 * max(_NOTABLE, *rows["value"], *rows["plain"]))
    if not rows["z_clustered"].notna().any():
        drawn.ax.set_xlim(0, 1.06 * rows["value"].max())
    drawn.notes(positions, [_counts(row) for row in rows.itertuples()])


def _counts(row: Any) -> str:
    own = f"{row.mentions:,} in {counted(int(row.documents), 'documents')}, {percent(row.share)}"
    return f"{own}; rest {percent(row.other_share)}" if row.others else own


def _caption(choice: LabelChoice, each: int, compared: bool) -> str:
    how = f"At most {each} labels of each group." + (
        " Dashed: z of 1.96 of a single label. Hollow: from one document or a small group."
        if compared
        else ""
    )
    return " ".join([choice.estimand, how, *choice.warnings[1:2]])


def _said(rows: pd.DataFrame) -> Iterator[str]:
    for group, of_group in rows.groupby("group", sort=False):
        yield f"{group}: " + ", ".join(
            f"{row.label} ({row.framing})" for row in of_group.head(5).itertuples()
        )


def _point(palette: Palette, tone: Tone, name: str) -> Line2D:
    return Line2D(
        [], [], marker=tone.marker, markersize=5.6, linestyle="none", markerfacecolor=tone.fill,
        markeredgecolor=palette.edge(tone), label=name,
    )  # fmt: skip
