"""Draws docs/scored-article.svg: two articles of the sample archive as the model reads them.

Run it after the shipped model changed: .venv/bin/python docs/picture.py
"""

from __future__ import annotations

import io
import json
from pathlib import Path

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from connote import ScoredDocument, Scorer

HERE = Path(__file__).parent
SHOWN = ("arrest-first", "arrest-lantern")
STYLES = {
    "delegitimizing": "bold #ffffff on #a3262a",
    "legitimizing": "bold #ffffff on #1f5fa8",
    "neutral": "bold #24292f on #dfe3e8",
    "uncertain": "italic #24292f on #f3e8c8",
}
VOICES = {"own": "", "attributed": " (said)", "quoted": " (quoted)", "uncertain": " (?)"}


def article(document: ScoredDocument) -> Text:
    """The text with its labels coloured by framing and marked by voice."""
    shown = Text(style="#24292f")
    last = 0
    for mention in document.mentions:
        shown.append(document.text[last : mention.start])
        shown.append(mention.text, style=STYLES[mention.framing.label])
        shown.append(VOICES[mention.voice.label], style="#6e7781")
        last = mention.end
    return shown.append(document.text[last:])


def main() -> None:
    """Score the articles and write the picture."""
    rows = {}
    for line in (HERE.parent / "data" / "demo" / "archive.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        rows[row["id"]] = row
    scorer = Scorer()
    legend = Text("framing: ", style="#24292f")
    for name, style in STYLES.items():
        legend.append(f" {name} ", style=style).append("  ")
    legend.append("voice: own, (said) attributed, (quoted)", style="#24292f")
    panels = [
        Panel(
            article(scorer.score(rows[name]["paragraphs"])),
            title=f"{rows[name]['outlet']}: {rows[name]['title']}",
            style="#24292f on #ffffff",
            padding=(1, 2),
        )
        for name in SHOWN
    ]
    console = Console(
        record=True, width=110, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    console.print(Group(*panels, legend), style="on #ffffff")
    console.save_svg(str(HERE / "scored-article.svg"), title="connote")


if __name__ == "__main__":
    main()
