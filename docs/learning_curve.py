"""Draws docs/learning_curve.svg from docs/learning_curve.csv.

Run it after the figures changed: .venv/bin/python docs/learning_curve.py
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).parent
WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 330, 46, 40, 30, 190
LOW, HIGH = 0.5, 0.9
FEWEST, MOST = 600, 7000
COLOURS = {"dev": "#1f5fa8", "gold": "#a3262a"}
DASHES = {"model": "", "baseline": "5 4"}
INK = "#57606a"
LINE = 15


def x(sentences: float) -> float:
    """Sentences on a logarithmic scale: each doubling is one step."""
    share = math.log(sentences / FEWEST) / math.log(MOST / FEWEST)
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def y(score: float) -> float:
    """Macro-F1 on the page."""
    return HEIGHT - BOTTOM - (score - LOW) / (HIGH - LOW) * (HEIGHT - BOTTOM - TOP)


def text(at: tuple[float, float], words: str, anchor: str = "middle", fill: str = INK) -> str:
    """Words at a place."""
    return (
        f'<text x="{at[0]:.0f}" y="{at[1]:.0f}" text-anchor="{anchor}" fill="{fill}">{words}</text>'
    )


def axes() -> list[str]:
    """Grid lines and their numbers."""
    parts = []
    for tenth in range(5, 10):
        at = y(tenth / 10)
        parts.append(f'<path d="M{LEFT} {at:.0f}H{WIDTH - RIGHT}" stroke="#d8dee4"/>')
        parts.append(text((LEFT - 8, at + 4), f".{tenth}", "end"))
    for sentences in (750, 1500, 3000, 6000):
        parts.append(text((x(sentences), HEIGHT - BOTTOM + 18), f"{sentences:,}"))
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(text((middle, HEIGHT - 6), "sentences of the corpus in training"))
    parts.append(text((LEFT, TOP - 12), "framing, macro-F1", "start"))
    return parts


def line(name: str, split: str, points: list[tuple[int, float]]) -> list[str]:
    """One curve with its dots."""
    path = " ".join(f"{x(n):.1f},{y(score):.1f}" for n, score in points)
    colour, dash = COLOURS[split], DASHES[name]
    parts = [
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" '
        f'stroke-dasharray="{dash}"/>'
    ]
    return parts + [
        f'<circle cx="{x(n):.1f}" cy="{y(s):.1f}" r="3.5" fill="{colour}"/>' for n, s in points
    ]


def names(curves: dict[tuple[str, str], list[tuple[int, float]]]) -> list[str]:
    """The name of each curve beside its end, kept apart from the one above."""
    parts = []
    lowest = 0.0
    for (name, split), points in sorted(curves.items(), key=lambda item: -item[1][-1][1]):
        lowest = max(y(points[-1][1]) + 4, lowest + LINE)
        where = "corpus's dev" if split == "dev" else "real news"
        at = (x(points[-1][0]) + 10, lowest)
        parts.append(text(at, f"{name}, {where}", "start", COLOURS[split]))
    return parts


def main() -> None:
    """Read the figures, write the picture."""
    curves = defaultdict(list)
    with (HERE / "learning_curve.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for split in COLOURS:
                curves[row["name"], split].append((int(row["sentences"]), float(row[split])))
    drawn = [part for (name, split), points in curves.items() for part in line(name, split, points)]
    parts = [*axes(), *drawn, *names(curves)]
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    (HERE / "learning_curve.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
