"""Pictures of estimates: shares and differences with their intervals, group under group."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from .estimates import CORRECTED, GOLD, NAIVE, Estimates
from .palette import LIGHT, Palette
from .pictures_canvas import (
    Canvas,
    PictureError,
    canvas,
    counted,
    described_axis,
    group_names,
    legend,
    percent,
    require,
    told,
)

ORDER = (NAIVE, GOLD, CORRECTED)
NEEDED = (
    *("against", "estimator", "estimate", "low", "high"),
    *("documents", "sentences", "mentions", "flag"),
)
_APART = 0.24
"""Between the estimators of a group, where groups are 1 apart."""
_NOTE_WIDTH = 40
_LINE_INCHES = 0.125


def shares_plot(estimates: Estimates, ax: Axes | None = None, *, palette: Palette = LIGHT) -> Axes:
    """Each group's share with its interval, estimators beside each other, the largest first.

    Hollow markers are flagged, and the note at the right says why.

    Args:
        estimates: What `Study.share` gave; its differences are passed over.
        ax: To draw on; without it a new figure is made.
        palette: Colours.

    Raises:
        PictureError: If there is nothing to draw.
    """
    frame = estimates_of(estimates, difference=False)
    rows = _Rows(frame, list(dict.fromkeys(_best(frame)["name"])))
    drawn = canvas(ax, rows.height(), palette)
    rows.draw(drawn)
    top = float(np.nanmax([*frame["high"], *frame["estimate"], 0.01]))
    drawn.ax.set_xlim(0, min(1.02, top * 1.06))
    drawn.percent("x")
    what = "mean probability" if estimates.measure == "loaded" else "share of mentions"
    described_axis(drawn.ax, what, palette)
    return _finished(drawn, rows, estimates, title_of(estimates))


def differences_plot(
    estimates: Estimates, ax: Axes | None = None, *, palette: Palette = LIGHT
) -> Axes:
    """Each difference of two groups with its interval, and a line where there is none.

    Args:
        estimates: What `Study.share` gave with a group to compare with.
        ax: To draw on; without it a new figure is made.
        palette: Colours.

    Raises:
        PictureError: If there are no differences.
    """
    frame = estimates_of(estimates, difference=True)
    rows = _Rows(frame, list(dict.fromkeys(_best(frame)["name"])))
    drawn = canvas(ax, rows.height(), palette)
    drawn.ax.axvline(0, color=palette.ink, linewidth=1.0, zorder=1)
    rows.draw(drawn)
    ends = [float(v) for v in (*frame["low"], *frame["high"], *frame["estimate"]) if told(v)]
    low, high = min([*ends, -0.01]), max([*ends, 0.01])
    drawn.ax.set_xlim(low - 0.06 * (high - low), high + 0.06 * (high - low))
    drawn.percent("x", signed=True)
    against = ", ".join(sorted(set(frame["against"].astype(str))))
    described_axis(drawn.ax, f"difference from {against}, percentage points", palette)
    return _finished(drawn, rows, estimates, f"{_measured(estimates)}: differences from {against}")


def title_of(estimates: Estimates) -> str:
    """What the estimates are of, as a heading."""
    by = " and ".join(estimates.by)
    return _measured(estimates) + (f", by {by}" if by else "")


def _measured(estimates: Estimates) -> str:
    head, _, value = estimates.measure.partition("=")
    forms = {
        "framing": f"Share of {value} labels",
        "stance": f"Share of mentions with stance {value}",
        "voice": f"Share of mentions in {value} voice",
        "loaded": "Mean loadedness of sentences",
    }
    return forms.get(head, estimates.measure)


def units_of(estimates: Estimates) -> str:
    """What is counted."""
    return "sentences" if estimates.measure == "loaded" else "mentions"


def estimates_of(estimates: Estimates, *, difference: bool) -> pd.DataFrame:
    """The rows of shares or differences, with the name of their group."""
    what = "differences" if difference else "estimates"
    require(estimates.frame, NEEDED, what)
    against = estimates.frame["against"]
    is_difference = against.notna() & (against != "")
    frame = estimates.frame[is_difference == difference].copy()
    if frame.empty:
        how = "name a group with against" if difference else "select less narrowly"
        raise PictureError(f"expected {what} to draw, found none; {how}")
    for name in ("estimate", "low", "high"):
        frame[name] = pd.to_numeric(frame[name], errors="coerce").astype(float)
    frame["name"] = group_names(frame, estimates.by)
    frame["units"] = units_of(estimates)
    frame["counted"] = frame[units_of(estimates)]
    return frame


def _best(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the best estimator that there is, downwards; without a value last."""
    best = [name for name in ORDER if name in set(frame["estimator"])][-1:]
    chosen = frame[frame["estimator"].isin(best)] if best else frame
    return chosen.sort_values(["estimate", "name"], ascending=[False, True], na_position="last")


class _Rows:
    """Groups under each other, the estimators of each around its position."""

    def __init__(self, frame: pd.DataFrame, names: Sequence[str]) -> None:
        self.frame = frame
        self.names = [*names, *(set(frame["name"]) - set(names))]
        self.estimators = [name for name in ORDER if name in set(frame["estimator"])]
        self.texts = [self._note(frame[frame["name"] == name]) for name in self.names]

    def height(self) -> float:
        """Of a figure, in inches."""
        lines = max(text.count("\n") + 1 for text in self.texts)
        row = max(0.2 + 0.11 * len(self.estimators), 0.1 + _LINE_INCHES * lines)
        return 1.75 + row * len(self.names)

    def draw(self, drawn: Canvas) -> None:
        """Markers, intervals, names and notes."""
        spread = _APART * (len(self.estimators) - 1) / 2
        for at, name in enumerate(self.names):
            of_group = self.frame[self.frame["name"] == name]
            for number, estimator in enumerate(self.estimators):
                for row in of_group[of_group["estimator"] == estimator].itertuples():
                    _mark(drawn, row, at - spread + _APART * number)
        positions = list(range(len(self.names)))
        drawn.rows(positions, self.names)
        drawn.notes(positions, self.texts)
        if len(self.estimators) > 1:
            legend(drawn, [_handle(drawn.palette, name) for name in self.estimators])

    def _note(self, of_group: pd.DataFrame) -> str:
        """How much a group rests on, and what is wrong with its estimates."""
        first = of_group.iloc[0]
        units = counted(int(first["counted"]), str(first["units"]))
        said = [f"{counted(int(first['documents']), 'documents')}, {units}"]
        gold = of_group.get("gold_sentences", pd.Series(dtype=float)).dropna()
        if len(gold):
            said.append(counted(int(gold.iloc[0]), "gold sentences"))
        flags: dict[str, list[str]] = {}
        for row in of_group.itertuples():
            if row.flag:
                sign = "○" if told(row.estimate) else "–"
                flags.setdefault(f"{sign} {row.flag}", []).append(str(row.estimator))
        for flag, estimators in flags.items():
            which = "" if len(self.estimators) == 1 else f"{', '.join(estimators)}: "
            said += textwrap.wrap(f"{flag[:2]}{which}{flag[2:]}", _NOTE_WIDTH)
        return "\n".join(said)

    def seen(self) -> Iterator[str]:
        """Each group in words, by its best estimator."""
        best = self.frame[self.frame["estimator"] == self.estimators[-1]]
        for name in self.names:
            for row in best[best["name"] == name].itertuples():
                if not told(row.estimate):
                    yield f"{name}: {row.flag or 'no estimate'}"
                    continue
                interval = f" ({percent(row.low)} to {percent(row.high)})"
                yield f"{name}: {percent(row.estimate)}" + (interval if told(row.low) else "")


def _mark(drawn: Canvas, row: Any, position: float) -> None:
    """One estimate: its interval, then its marker; nothing where there is no value."""
    tone = drawn.palette.estimator[row.estimator]
    if told(row.low) and told(row.high):
        drawn.ax.errorbar(
            [(row.low + row.high) / 2], [position], xerr=[(row.high - row.low) / 2], fmt="none",
            ecolor=tone.fill, elinewidth=1.6, capsize=2.4, capthick=1.2,
        )  # fmt: skip
    if told(row.estimate):
        drawn.ax.plot(
            [row.estimate], [position], marker=tone.marker, markersize=5.5, linestyle="none",
            markerfacecolor=drawn.palette.paper if row.flag else tone.fill,
            markeredgecolor=tone.fill, markeredgewidth=1.3, clip_on=False, zorder=4,
        )  # fmt: skip


def _handle(palette: Palette, estimator: str) -> Line2D:
    tone = palette.estimator[estimator]
    return Line2D(
        [], [], color=tone.fill, marker=tone.marker, markersize=5.5, linewidth=1.6, label=estimator
    )


def _finished(drawn: Canvas, rows: _Rows, estimates: Estimates, title: str) -> Axes:
    hollow = " Hollow: flagged." if rows.frame["flag"].astype(bool).any() else ""
    caption = f"{estimates.estimand} Bars: {percent(estimates.level, 0)} intervals.{hollow}"
    caption = " ".join([caption, *estimates.warnings[:1]])
    above = 24 if len(rows.estimators) > 1 else 6
    return drawn.finish(title, caption, list(rows.seen()), above=above)
