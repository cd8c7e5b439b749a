"""The colours of pictures and reports, for light and dark surroundings, in one place.

Hues are those of Okabe and Ito (2008) that eyes with any colour vision tell apart, made lighter or
darker so that fills differ by their lightness too: printed in grey they stay apart. What is told
by colour is told by marker, hatch or dash as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

FRAMINGS = ("delegitimizing", "neutral", "legitimizing", "uncertain")
"""In the order of legends and strips."""
Dash = Literal["solid"] | tuple[float, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Tone:
    """How one thing is shown.

    Attributes:
        fill: Of areas and markers, as ``#rrggbb``; fills of one scheme differ in lightness.
        ink: Of words on the paper: a contrast of 4.5 or more.
        marker: Of points.
        hatch: Of areas.
    """

    fill: str
    ink: str
    marker: str
    hatch: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """How one line of many is shown."""

    colour: str
    marker: str
    dash: Dash


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours for light or dark surroundings.

    Attributes:
        paper: Behind everything.
        ink: Of words and axes.
        soft: Of notes.
        rule: Of grids.
        framing: Of ``delegitimizing``, ``neutral``, ``legitimizing`` and ``uncertain``.
        estimator: Of ``naive``, ``gold`` and ``corrected``.
        lines: Of groups, one after the other.
        heat: From nothing to all, in steps of even lightness.
    """

    paper: str
    ink: str
    soft: str
    rule: str
    framing: Mapping[str, Tone]
    estimator: Mapping[str, Tone]
    lines: Sequence[str]
    heat: Sequence[str]

    def edge(self, tone: Tone) -> str:
        """The colour around a fill, or of a line in its place: never too pale to be seen."""
        return tone.fill if contrast(tone.fill, self.paper) >= _SEEN else tone.ink

    def line(self, number: int) -> Line:
        """How the line of a group is shown; 56 differ.

        Args:
            number: Of the group, from 0.
        """
        colour = self.lines[number % len(self.lines)]
        marker = _MARKERS[number % len(_MARKERS)]
        return Line(colour, marker, _DASHES[number % len(_DASHES)])


_SEEN = 3.0
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
_DASHES: tuple[Dash, ...] = (
    "solid",
    (0, (5, 2)),
    (0, (1, 1)),
    (0, (6, 2, 1, 2)),
    (0, (9, 3)),
    (0, (3, 1, 1, 1, 1, 1)),
    (0, (2, 3)),
    (0, (8, 2, 2, 2)),
)

LIGHT = Palette(
    paper="#ffffff",
    ink="#1f1d1a",
    soft="#5f5a52",
    rule="#d8d3c8",
    framing={
        "delegitimizing": Tone("#d55e00", "#b23a0a", "o"),
        "neutral": Tone("#bdb8ae", "#726c62", "s"),
        "legitimizing": Tone("#0a4570", "#0b62a5", "^"),
        "uncertain": Tone("#efe6f4", "#7a4f93", "D", "////"),
    },
    estimator={
        "naive": Tone("#c4840c", "#8a5a00", "s"),
        "gold": Tone("#0d7757", "#0b6b4f", "D"),
        "corrected": Tone("#0b2f52", "#0b2f52", "o"),
    },
    lines=("#0a4570", "#d55e00", "#1a9c74", "#a3377c", "#1f1d1a", "#2f93d0", "#9a6a00", "#6b655b"),
    heat=("#fdf4ee", "#f8d3bd", "#ee9f74", "#d55e00", "#7d2a05"),
)
DARK = Palette(
    paper="#17181a",
    ink="#e7e3da",
    soft="#aaa498",
    rule="#3b3c3f",
    framing={
        "delegitimizing": Tone("#f08a5d", "#f08a5d", "o"),
        "neutral": Tone("#77726a", "#9d978b", "s"),
        "legitimizing": Tone("#bfe2fb", "#7ab8ea", "^"),
        "uncertain": Tone("#3c2f46", "#c9a3de", "D", "////"),
    },
    estimator={
        "naive": Tone("#b57b12", "#e0a63a", "s"),
        "gold": Tone("#35b68c", "#5cc9a4", "D"),
        "corrected": Tone("#bfe2fb", "#bfe2fb", "o"),
    },
    lines=("#bfe2fb", "#f08a5d", "#35b68c", "#e08bbd", "#e7e3da", "#4c9fd8", "#e0b04a", "#9d978b"),
    heat=("#211d1c", "#4e2a1b", "#94431b", "#e5793f", "#ffd9c2"),
)


def luminance(colour: str) -> float:
    """Relative luminance of a colour by WCAG 2.2, 0 (black) to 1 (white).

    Args:
        colour: As ``#rrggbb``.
    """
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours by WCAG 2.2, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lightness(colour: str) -> float:
    """CIE L* of a colour, 0 to 100: how light it looks in grey."""
    share = luminance(colour)
    return 116 * share ** (1 / 3) - 16 if share > 0.008856 else 903.3 * share
