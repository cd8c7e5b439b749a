"""The encoding of a web page: UTF-8 if it is, else as server or page tell, else guessed."""

from __future__ import annotations

import codecs
import re

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.I)
_LOOKED_AT = 4096
_OF_TEXT = re.compile(r"iso8859-|cp125|cp87|cp866|koi8|mac-|gb|big5|shift_jis|euc_|utf-|iso2022_")
"""Encodings of pages among Python's: not those of domain names, escapes and archives."""
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
    try:
        return raw.decode()
    except UnicodeDecodeError:
        declared = _DECLARED.search(raw, 0, _LOOKED_AT)
        told = (charset, declared.group(1).decode() if declared else None)
        for name in filter(None, map(_known, told)):
            try:
                return raw.decode(name)
            except UnicodeDecodeError:
                continue
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
