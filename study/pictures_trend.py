"""Pictures of a measure through time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ..data.checks import printable, shorten
from .estimates import CORRECTED, GOLD, NAIVE, Estimates
from .palette import LIGHT, Line, Palette
from .periods import DAYS, all_between, day_of, middle
from .pictures_canvas import (
    SMALL,
    Canvas,
    PictureError,
    canvas,
    counted,
    group_names,
    percent,
    size_of,
    told,
)
from .pictures_estimates import estimates_of, title_of, units_of

_MOST_TICKS, _TICK_INCHES = 6, 0.9
_MOST_BANDS = 3
_NEAR_THE_END = 0.85
_MOST_LINES = 56
"""That look different."""
_HEIGHT, _LINE_POINTS = 3.9, 10.5
_CHARACTERS_AN_INCH = 16


def trend_plot(
    estimates: Estimates,
    events: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    *,
    estimator: str | None = None,
    palette: Palette = LIGHT,
) -> Axes:
    """A line for each group through the periods, with intervals.

    A period without an estimate breaks the line. Up to three groups have bands, more have bars.

    Args:
        estimates: What `Study.trend` gave: the last of its columns is ``week``, ``month`` or
            ``year``.
        events: For each name of an event its day (``2024-02-17``) or period.
        ax: To draw on; without it a new figure is made.
        estimator: ``naive``, ``gold`` or ``corrected``; the best that there is without it.
        palette: Colours.

    Raises:
        PictureError: If there is nothing to draw.
        UsageError: If the day of an event is none.
    """
    period = estimates.by[-1] if estimates.by else ""
    if period not in DAYS:
        raise PictureError(
            f"expected estimates by {', '.join(DAYS)} as the last column, found "
            f"{', '.join(estimates.by) or 'one estimate'}; make them with Study.trend"
        )
    frame, estimator = _of(estimates, estimator)
    days = {name: day_of(day, f"the event {shorten(name)}") for name, day in (events or {}).items()}
    names = list(dict.fromkeys(frame.sort_values("name")["name"]))
    if len(names) > _MOST_LINES:
        raise PictureError(
            f"expected at most {_MOST_LINES} lines, found {len(names):,}; select some groups"
        )
    drawn = canvas(ax, max(_HEIGHT, 1.4 + len(names) * _LINE_POINTS / 72 * 1.25), palette)
    for number, name in enumerate(names):
        _draw_line(drawn, frame[frame["name"] == name], number, len(names), period)
    _periods(drawn, frame)
    drawn.percent("y")
    top = float(np.nanmax([*frame["high"], *frame["estimate"], 0.01]))
    drawn.ax.set_ylim(0, min(1.02, top * 1.08))
    drawn.ax.grid(axis="y", color=palette.rule, linewidth=0.6)
    above = _events(drawn, days)
    _name_lines(drawn, frame, names, units_of(estimates))
    caption = _caption(estimates, frame, estimator)
    return drawn.finish(title_of(estimates), caption, list(_seen(frame, names, days)), above=above)


def _of(estimates: Estimates, estimator: str | None) -> tuple[pd.DataFrame, str]:
    """The rows of one estimator, each with its group and the middle of its period."""
    frame = estimates_of(estimates, difference=False)
    there = [name for name in (NAIVE, GOLD, CORRECTED) if name in set(frame["estimator"])]
    chosen = there[-1] if estimator is None and there else estimator
    if chosen not in there:
        raise PictureError(
            f"expected an estimator out of {', '.join(there)}, found {shorten(estimator)}"
        )
    frame = frame[frame["estimator"] == chosen].copy()
    frame["period"] = frame[estimates.by[-1]].astype(str)
    frame["at"] = [middle(period) for period in frame["period"]]
    frame["name"] = group_names(frame, estimates.by[:-1])
    frame = frame[frame["at"].notna()].sort_values(["name", "at"])
    if not frame["estimate"].notna().any():
        raise PictureError("expected estimates to draw, found none that has a value and a period")
    return frame, str(chosen)


def _draw_line(drawn: Canvas, rows: pd.DataFrame, number: int, groups: int, period: str) -> None:
    """A group's line, its intervals, its markers; hollow where flagged."""
    line = drawn.palette.line(number)
    # Bars of several groups stand beside each other.
    shift = 0.0 if groups <= _MOST_BANDS else DAYS[period] * 0.5 * (number / groups - 0.5)
    for stretch in _stretches(rows, period):
        at = stretch["at"].to_numpy() + shift
        drawn.ax.plot(
            at, stretch["estimate"], color=line.colour, linestyle=line.dash, linewidth=1.6, zorder=3
        )
        if groups <= _MOST_BANDS:
            known = stretch[stretch["low"].notna() & stretch["high"].notna()]
            drawn.ax.fill_between(
                known["at"], known["low"], known["high"], color=line.colour, alpha=0.13, linewidth=0
            )
    for row in rows.itertuples():
        _mark(drawn, row, float(row.at) + shift, line)


def _stretches(rows: pd.DataFrame, period: str) -> Iterator[pd.DataFrame]:
    """The rows that follow each other without a gap."""
    known = rows[rows["estimate"].notna()]
    yield from (part for _, part in known.groupby((known["at"].diff() > DAYS[period]).cumsum()))


def _mark(drawn: Canvas, row: Any, at: float, line: Line) -> None:
    if told(row.low) and told(row.high):
        drawn.ax.errorbar(
            [at], [(row.low + row.high) / 2], yerr=[(row.high - row.low) / 2], fmt="none",
            ecolor=line.colour, elinewidth=0.9, capsize=1.8, capthick=0.9, zorder=2,
        )  # fmt: skip
    if told(row.estimate):
        drawn.ax.plot(
            [at], [row.estimate], marker=line.marker, markersize=4.8, linestyle="none", zorder=4,
            markerfacecolor=drawn.palette.paper if row.flag else line.colour,
            markeredgecolor=line.colour, markeredgewidth=1.2, clip_on=False,
        )  # fmt: skip


def _periods(drawn: Canvas, frame: pd.DataFrame) -> None:
    """Some of the periods as ticks."""
    periods = all_between(str(frame["period"].min()), str(frame["period"].max()))
    most = max(2, min(_MOST_TICKS, int(size_of(drawn.ax)[0] / _TICK_INCHES)))
    shown = periods[:: -(-len(periods) // most)]
    drawn.ax.set_xticks([middle(period) for period in shown], shown)
    first, last = float(frame["at"].min()), float(frame["at"].max())
    room = max(0.03 * (last - first), 3.0)
    drawn.ax.set_xlim(first - room, last + room)
    drawn.ax.tick_params(axis="y", length=0)


def _events(drawn: Canvas, days: Mapping[str, float]) -> float:
    """A line for each event with its name above the axes; gives the points that they take."""
    ax, palette = drawn.ax, drawn.palette
    low, high = ax.get_xlim()
    low, high = min([low, *days.values()]), max([high, *days.values()])
    ax.set_xlim(low, high)
    ends: list[float] = []
    for name, day in sorted(days.items(), key=lambda item: item[1]):
        late = day > low + 0.6 * (high - low)
        text = _short(name)
        width = len(text) * (high - low) / (size_of(ax)[0] * _CHARACTERS_AN_INCH)
        start = day - width if late else day
        level = next((i for i, end in enumerate(ends) if end < start), len(ends))
        ends[level : level + 1] = [start + width]
        raised = 3 + _LINE_POINTS * level
        ax.axvline(day, color=palette.soft, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
        ax.annotate(
            text, (day, 1.0), xycoords=("data", "axes fraction"), xytext=(0, raised),
            textcoords="offset points", va="bottom", ha="right" if late else "left",
            size=SMALL + 0.5, color=palette.ink, annotation_clip=False,
        )  # fmt: skip
    return 8 + _LINE_POINTS * len(ends)


def _name_lines(drawn: Canvas, frame: pd.DataFrame, names: Sequence[str], units: str) -> None:
    """The name of each line at its end, with what it rests on, kept from each other."""
    known = frame[frame["estimate"].notna()]
    ends = {str(name): of_group.iloc[-1] for name, of_group in known.groupby("name")}
    ordered = sorted((float(end["estimate"]), name) for name, end in ends.items())
    bottom, top = drawn.ax.get_ylim()
    gap = (top - bottom) * _LINE_POINTS / (size_of(drawn.ax)[1] * 72 * 0.9)
    heights = _spread([value for value, _ in ordered], gap, bottom, top)
    for (value, name), height in zip(ordered, heights, strict=True):
        total = counted(int(frame.loc[frame["name"] == name, "counted"].sum()), units)
        text = f"{_short(name)}, {total}" if len(names) > 1 else total
        number = names.index(name)
        _name_line(drawn, (float(ends[name]["at"]), value), height, text, number)


def _name_line(
    drawn: Canvas, end: tuple[float, float], height: float, text: str, number: int
) -> None:
    ax, line = drawn.ax, drawn.palette.line(number)
    beside = ax.get_yaxis_transform()
    low, high = ax.get_xlim()
    if end[0] > low + _NEAR_THE_END * (high - low):
        ax.annotate(
            "", end, xytext=(1.01, height), textcoords=beside, annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": line.colour, "linewidth": 0.6, "shrinkA": 0,
                        "shrinkB": 4},
        )  # fmt: skip
    sample = Line2D(
        [1.01, 1.045], [height, height], transform=beside, clip_on=False, color=line.colour,
        linestyle=line.dash, marker=line.marker, markersize=4, linewidth=1.3, markevery=[1],
    )  # fmt: skip
    ax.add_line(sample)
    ax.text(
        1.062, height, text, transform=beside, va="center", size=SMALL + 0.5,
        color=drawn.palette.ink,
    )  # fmt: skip


def _short(name: str) -> str:
    name = printable(name)
    return name if len(name) <= 34 else name[:33].rstrip() + "…"


def _spread(values: Sequence[float], gap: float, bottom: float, top: float) -> list[float]:
    """Heights in the same order, at least a gap apart and near their values.

    Args:
        values: Upwards.
        gap: Between neighbours.
        bottom: Of the room; only left where there is too little of it.
        top: Of the room.
    """
    blocks: list[tuple[float, int]] = []
    for value in values:
        centre, size = value, 1
        while blocks and blocks[-1][0] + gap * (blocks[-1][1] + size) / 2 > centre:
            before, others = blocks.pop()
            centre = (before * others + centre * size) / (others + size)
            size += others
            centre = min(max(centre, bottom + gap * (size - 1) / 2), top - gap * (size - 1) / 2)
        blocks.append((centre, size))
    return [centre + gap * (i - (size - 1) / 2) for centre, size in blocks for i in range(size)]


def _caption(estimates: Estimates, frame: pd.DataFrame, estimator: str) -> str:
    groups = frame["name"].nunique()
    what = "Bands and bars" if groups <= _MOST_BANDS else "Bars"
    hollow = " Hollow: flagged." if frame["flag"].astype(bool).any() else ""
    outside = estimates.frame[estimates.by[-1]].astype(str).map(middle).isna()
    left = f" Without a {estimates.by[-1]}, not shown: some." if outside.any() else ""
    caption = (
        f"{estimates.estimand} Estimator: {estimator}. {what}: {percent(estimates.level, 0)} "
        f"intervals.{hollow}{left}"
    )
    return " ".join([caption, *estimates.warnings[:1]])


def _seen(frame: pd.DataFrame, names: Sequence[str], days: Mapping[str, float]) -> Iterator[str]:
    for name in names:
        known = frame[(frame["name"] == name) & frame["estimate"].notna()]
        if len(known):
            first, last = known.iloc[0], known.iloc[-1]
            yield (
                f"{name}: from {percent(first['estimate'])} in {first['period']} to "
                f"{percent(last['estimate'])} in {last['period']}"
            )
    for name, day in days.items():
        yield f"event {name} on {date.fromordinal(int(day)).isoformat()}"
