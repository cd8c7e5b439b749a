"""Drawing the pictures of a report, in light and in dark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from .palette import DARK, LIGHT, Palette
from .report_parts import Figure, Table
from .report_text import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAPER = "#fcfbf8"
"""Behind the page in light surroundings, as ``report.css`` says."""
LONGEST = 2_000
"""Characters of a paragraph."""
_LEAST_HEIGHT, _WORDS_HEIGHT = 1.4, 0.6
"""Inches: of a picture, and of the words that its own figure has room for."""

Draw = Callable[[Palette], "Axes"]


def drawn_figure(
    key: str, title: str, text: str, draw: Draw, table: Table, *, estimated: bool = True
) -> Figure:
    """Draw a picture for light and for dark surroundings.

    Args:
        key: Names the figure in the page.
        title: Its heading.
        text: What it shows.
        draw: Draws it with a palette.
        table: The same figures.
        estimated: Whether its text is an estimand.
    """
    from .pictures import PictureError, alternative_text

    figure = Figure(key, title, text, None, "", table, estimated=estimated)
    try:
        light, dark = (draw(palette) for palette in (replace(LIGHT, paper=PAPER), DARK))
    except PictureError as error:
        return replace(figure, text=f"{text} No picture: {visible(str(error))}.")
    said = visible(alternative_text(light), LONGEST)
    return replace(figure, svg=_svg(light), dark=_svg(dark), alternative=said)


def _svg(ax: Axes) -> bytes:
    """The picture alone: what its title and its caption say stands beside it in the report."""
    from .pictures import figure_bytes

    figure = ax.get_figure(root=True)
    if figure is not None:
        figure.supxlabel("")
        width, height = figure.get_size_inches()
        figure.set_size_inches(width, max(_LEAST_HEIGHT, height - _WORDS_HEIGHT))
    ax.set_title("", loc="left")
    return figure_bytes(ax, ".svg")
