"""What all displays share."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ..data.checks import printable


def print_line(console: Console, text: str | Text) -> None:
    """Print one line, not broken at the width of the terminal: others may read it.

    Args:
        console: Where to.
        text: What; control characters of a plain string are made visible.
    """
    shown = Text(printable(text)) if isinstance(text, str) else text
    console.print(shown, soft_wrap=True)
