"""What the displays share."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ..data.checks import printable


def print_line(console: Console, line: str) -> None:
    """Print one line, control characters made visible, not broken at the terminal's width."""
    console.print(Text(printable(line)), soft_wrap=True)
