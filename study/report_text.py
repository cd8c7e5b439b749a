"""Text from outside, made fit to be shown: names, addresses, figures."""

from __future__ import annotations

import math
import unicodedata
from urllib.parse import urlsplit

LONGEST_NAME = 200
"""Characters of a name that are shown."""
_LONGEST_URL = 2_000
_CONTROL_PICTURES, _DELETE = 0x2400, 0x7F
_HARMLESS = "\u200c\u200d\u00ad"
"""Joiners and the soft hyphen: format characters that belong to words."""
_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"
_PER_CENT = "\u00a0%"
MISSING = "–"
"""Where there is no figure."""


def visible(text: str, limit: int = LONGEST_NAME) -> str:
    """A text from outside as it can be shown anywhere: nothing in it acts, nothing is hidden.

    Control characters become their pictures, characters that turn the direction of text or cannot
    be seen become ``[U+202E]``, lone surrogates the replacement character.

    Args:
        text: Anything.
        limit: Characters that are kept.
    """
    kept = text if len(text) <= limit else text[: limit - 1] + "…"
    if kept.isprintable():
        return kept
    return "".join(char if char.isprintable() else _shown(char) for char in kept)


def _shown(char: str) -> str:
    kind = unicodedata.category(char)
    if char in "\n\t\r\u2028\u2029" or kind == "Zs":
        return " " if char != "\u00a0" else char
    if kind == "Cs":
        return "\ufffd"
    if kind == "Cc" and ord(char) < _DELETE:
        return chr(_CONTROL_PICTURES + ord(char) % 0x20)
    return char if char in _HARMLESS else f"[U+{ord(char):04X}]"


def safe_url(value: object) -> str | None:
    """An address that a reader may follow: absolute, ``http`` or ``https``, without controls.

    Args:
        value: Of a column of the archive.
    """
    if not isinstance(value, str) or not value.isprintable() or len(value) > _LONGEST_URL:
        return None
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return None
    known = parts.scheme in ("http", "https") and bool(parts.hostname)
    return value.strip() if known else None


def isolated(name: object) -> str:
    """A name for the middle of a sentence, whose direction it cannot turn.

    Args:
        name: Of an outlet or an actor, from outside.
    """
    return f"{_ISOLATE}{visible(str(name))}{_END_OF_ISOLATE}"


def share(value: object, *, signed: bool = False) -> str:
    """A share as per cent, with one decimal; a dash for what is missing.

    Args:
        value: From -1 to 1.
        signed: Whether it is a difference, whose sign is told.
    """
    number = as_number(value)
    if number is None:
        return MISSING
    shown = f"{100 * number:+.1f}" if signed else f"{100 * number:.1f}"
    return shown.replace("-", "−") + _PER_CENT


def interval(low: object, high: object, *, signed: bool = False) -> str:
    """An interval of shares in words: ``12 to 17 %``.

    Args:
        low: Its lower end.
        high: Its upper end.
        signed: Whether it is one of a difference.
    """
    if as_number(low) is None or as_number(high) is None:
        return MISSING
    return share(low, signed=signed).removesuffix(_PER_CENT) + " to " + share(high, signed=signed)


def as_number(value: object) -> float | None:
    """A finite number, or nothing: also of what pandas writes for a missing value.

    Args:
        value: A cell of a frame.
    """
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def count(value: object) -> str:
    """A whole number with its thousands set apart; a dash for what is missing."""
    number = as_number(value)
    return MISSING if number is None else f"{number:,.0f}"


def decimal(value: object) -> str:
    """A figure with two places; a dash for what is missing."""
    number = as_number(value)
    return MISSING if number is None else f"{number:.2f}".replace("-", "−")
