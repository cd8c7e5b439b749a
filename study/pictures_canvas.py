"""What all pictures share: axes of their own, text that stays literal, captions, alternative text.

Nothing here touches pyplot or its settings: a picture in a program without a display is one
object that the program owns.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter

from ..data.checks import printable
from ..data.errors import ConnoteError
from .palette import Palette

WIDTH = 7.2
"""Inches: a page of a journal."""
BASE, SMALL = 8.5, 7.0
"""Points."""
_CHARACTERS_AN_INCH, _BOLD_CHARACTERS_AN_INCH = 19.5, 12.0
_NAMES_INCHES = 1.9
_MOST_INCHES = 100
_NAME_LINE, _NAME_LINES = 28, 2
_DESCRIBED = 12
"""Things that the alternative text names one by one."""


class PictureError(ConnoteError):
    """Something that cannot be drawn, or written."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """Axes to draw on.

    Attributes:
        ax: The axes.
        palette: Colours.
        own: Whether the figure was made for them.
    """

    ax: Axes
    palette: Palette
    own: bool

    def finish(self, title: str, caption: str, seen: Sequence[str], *, above: float = 6) -> Axes:
        """Title, caption and alternative text; from here on all text is literal.

        Args:
            title: Of the picture.
            caption: What it shows, a paragraph.
            seen: What one sees, thing by thing, for the alternative text.
            above: Points between axes and title.
        """
        ax, palette = self.ax, self.palette
        title, caption = printable(title), printable(caption)
        whole = ax.figure.bbox.width / ax.figure.dpi
        inches = whole - _NAMES_INCHES if self.own else size_of(ax)[0]
        fits = max(_NAME_LINE, int(inches * _BOLD_CHARACTERS_AN_INCH))
        ax.set_title(
            textwrap.fill(title, fits), loc="left", pad=above, size=BASE + 1.5, color=palette.ink,
            weight="bold",
        )  # fmt: skip
        if caption:
            self._caption(caption)
        more = f", and {len(seen) - _DESCRIBED} more" if len(seen) > _DESCRIBED else ""
        said = "; ".join(printable(thing) for thing in seen[:_DESCRIBED]) + more
        ax.set_label(f"{title}. {said}.")
        self._literal()
        return ax

    def _caption(self, caption: str) -> None:
        style: dict[str, Any] = {"size": SMALL, "color": self.palette.soft, "ha": "left"}
        figure = self.ax.figure
        if self.own and isinstance(figure, Figure):
            lines = int(figure.get_size_inches()[0] * _CHARACTERS_AN_INCH)
            figure.supxlabel(textwrap.fill(caption, lines), x=0.01, **style)
            return
        lines = max(30, int(size_of(self.ax)[0] * _CHARACTERS_AN_INCH))
        self.ax.annotate(
            textwrap.fill(caption, lines), (0, 0), xycoords="axes fraction", xytext=(0, -36),
            textcoords="offset points", va="top", annotation_clip=False, **style,
        )  # fmt: skip

    def _literal(self) -> None:
        """Values of an archive are no formulas, whatever signs they hold."""
        root = self.ax.figure if self.own else self.ax
        for text in root.findobj(Text):
            if isinstance(text, Text):
                text.set_parse_math(False)
                text.set_usetex(False)

    def percent(self, axis: str, *, signed: bool = False) -> None:
        """Show shares along an axis as percent, or differences in percentage points."""
        form: Callable[[float, int], str] = (
            (lambda value, _: f"{100 * value:+.3g}".replace("-", "−") if value else "0")
            if signed
            else (lambda value, _: f"{100 * value:.3g} %")
        )
        getattr(self.ax, f"{axis}axis").set_major_formatter(FuncFormatter(form))

    def rows(self, positions: Sequence[float], names: Sequence[str]) -> None:
        """Names along the vertical axis, the first one at the top, and a grid across it."""
        ax, palette = self.ax, self.palette
        ax.set_yticks(list(positions), [wrapped(name) for name in names])
        ax.set_ylim(max(positions) + 0.6, min(positions) - 0.6)
        ax.tick_params(axis="y", length=0)
        ax.grid(axis="x", color=palette.rule, linewidth=0.6)

    def notes(self, positions: Sequence[float], texts: Sequence[str]) -> None:
        """Notes at the right of the rows."""
        for position, text in zip(positions, texts, strict=True):
            self.ax.text(
                1.015, position, printable_lines(text), transform=self.ax.get_yaxis_transform(),
                size=SMALL, color=self.palette.soft, va="center", linespacing=1.15,
            )  # fmt: skip


def canvas(ax: Axes | None, height: float, palette: Palette, width: float = WIDTH) -> Canvas:
    """Axes to draw on: those given, or the only ones of a new figure.

    Args:
        ax: To draw on.
        height: Of a new figure, in inches.
        palette: Colours.
        width: Of a new figure, in inches.

    Raises:
        PictureError: If the figure would be higher than can be printed.
    """
    own = ax is None
    if height > _MOST_INCHES:
        raise PictureError(
            f"expected fewer rows than make a picture of {_MOST_INCHES} inches, found enough for "
            f"{height:,.0f}; group by fewer columns or select some groups with where"
        )
    if ax is None:
        figure = Figure((width, height), layout=_layout(), facecolor=palette.paper)
        FigureCanvasAgg(figure)
        ax = figure.add_subplot()
    ax.set_facecolor(palette.paper)
    ax.set_axisbelow(True)
    for side, spine in ax.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(palette.soft)
    ax.tick_params(colors=palette.ink, labelsize=BASE, color=palette.soft)
    return Canvas(ax, palette, own)


def _layout() -> ConstrainedLayoutEngine:
    return ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08)


def size_of(ax: Axes) -> tuple[float, float]:
    """Width and height of axes in inches, as far as they are laid out."""
    box, dots = ax.get_window_extent(), ax.figure.dpi
    return box.width / dots, box.height / dots


def described_axis(ax: Axes, words: str, palette: Palette, axis: str = "x") -> None:
    """Name an axis."""
    getattr(ax, f"set_{axis}label")(printable(words), size=BASE, color=palette.ink)


def legend(drawn: Canvas, handles: Sequence[Any], columns: int = 4) -> None:
    """A legend between axes and title; leave 24 points for each of its lines."""
    drawn.ax.legend(
        handles=list(handles), loc="lower left", bbox_to_anchor=(0, 1.0), ncols=columns,
        frameon=False, fontsize=BASE - 0.5, labelcolor=drawn.palette.ink, borderaxespad=0.2,
        handletextpad=0.4, columnspacing=1.4,
    )  # fmt: skip


def wrapped(name: str, width: int = _NAME_LINE) -> str:
    """A name on at most two lines."""
    lines = textwrap.wrap(printable(name), width) or [""]
    if len(lines) > _NAME_LINES:
        lines = [*lines[: _NAME_LINES - 1], lines[_NAME_LINES - 1][: width - 1].rstrip() + "…"]
    return "\n".join(lines)


def printable_lines(text: str) -> str:
    """Lines of text without what could turn their direction around."""
    return "\n".join(printable(line) for line in text.split("\n"))


def require(frame: pd.DataFrame, columns: Sequence[str], what: str) -> None:
    """Refuse a frame without rows or columns.

    Raises:
        PictureError: Saying what was expected.
    """
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise PictureError(
            f"expected {what} with the columns {', '.join(columns)}, found none named "
            f"{', '.join(missing)}"
        )
    if frame.empty:
        raise PictureError(f"expected {what} to draw, found none; select less narrowly")


def group_names(frame: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """The name of each row's group."""
    if not by:
        return pd.Series("all", index=frame.index)
    return frame[list(by)].astype(str).agg(" · ".join, axis=1)


def percent(value: float, digits: int = 1) -> str:
    """A share in words."""
    return f"{100 * value:.{digits}f} %"


def counted(number: int, unit: str) -> str:
    """A number of things, given in the plural."""
    return f"{number:,} {unit.removesuffix('s') if number == 1 else unit}"


def told(value: Any) -> bool:
    """Whether there is a value."""
    return not pd.isna(value)
