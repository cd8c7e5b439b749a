"""The encoding of a web page: UTF-8 if it is, else as server or page tell, else guessed.

A few bytes that are damaged do not make another encoding of it: they are replaced.
"""

from __future__ import annotations

import codecs
import re

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.I)
_LOOKED_AT = 4096
_OF_TEXT = re.compile(r"iso8859-|cp125|cp87|cp866|koi8|mac-|gb|big5|shift_jis|euc_|utf-|iso2022_")
"""Encodings of pages among Python's: not those of domain names, escapes and archives."""
_WIDE = ("utf-16", "utf-32")
_FEW, _MANY = 0.001, 0.01
"""Shares of characters that may be damaged in UTF-8 that nobody told, and in such as was told."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode_page(raw: bytes, charset: str | None = None) -> str:
    """The text of a page; bytes that fit no encoding are replaced.

    Args:
        raw: The page.
        charset: As the server told it.
    """
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return raw.removeprefix(codecs.BOM_UTF8).decode(name, "replace")
    server = _known(charset)
    if server is not None and server.startswith(_WIDE) and b"\x00" in raw:
        return raw.decode(server, "replace")
    text = raw.decode("utf-8", "replace")
    if "\ufffd" not in text:
        return text
    declared = _DECLARED.search(raw, 0, _LOOKED_AT)
    page = _known(declared.group(1).decode()) if declared else None
    # That a page tells us so in single bytes shows that it is not of wide ones.
    told = [name for name in (server, page) if name and not name.startswith(_WIDE)]
    return _as_told(raw, text, told)


def _as_told(raw: bytes, text: str, told: list[str]) -> str:
    """A page that is not wholly UTF-8, by the encodings it is said to have.

    Args:
        raw: The page.
        text: The page as UTF-8, what is not replaced.
        told: Encodings, that of the server first.
    """
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    if "utf-8" in told and (good >= bad or bad < _MANY * len(text)):
        return text
    if not told and good >= bad and bad < _FEW * len(text):
        return text
    others = [name for name in told if name != "utf-8"]
    for name in others:
        try:
            return raw.decode(name)
        except UnicodeDecodeError:
            continue
    if others:
        return raw.decode(others[0], "replace")
    from trafilatura.utils import decode_file

    return str(decode_file(raw))


def _known(name: str | None) -> str | None:
    """Python's name of an encoding of pages; Latin-1 is that of Windows, as browsers read it."""
    try:
        found = codecs.lookup(name or "").name
    except (LookupError, ValueError):
        return None
    if found in ("iso8859-1", "ascii"):
        return "cp1252"
    return found if _OF_TEXT.match(found) else None
