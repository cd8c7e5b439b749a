"""Checking of decoded JSON with errors that name file, line, field, found and allowed."""

from __future__ import annotations

import json
import reprlib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import ConnoteError

MAX_LINE_BYTES = 64 * 2**20
"""Longest line of a record file that is read: a bound on memory."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one record."""

    file: str
    line: int
    field: str
    found: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: found {self.found}; allowed: {self.allowed}"


class RecordError(ConnoteError):
    """A record is not valid; `problems` says why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, problems)))


_BRIEF = reprlib.Repr()
_BRIEF.maxstring = _BRIEF.maxother = _BRIEF.maxlong = 80


def shorten(value: Any, limit: int = 80) -> str:
    """`repr` of a value, however large or deep, cut to fit an error message."""
    shown = _BRIEF.repr(value)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def printable(text: str) -> str:
    """A text without what could steer a terminal or turn its direction around."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in text)


def has_surrogate(text: str) -> bool:
    """Whether a text holds a lone surrogate, which no UTF-8 file can carry."""
    return any("\ud800" <= char <= "\udfff" for char in text)


class Checker:
    """Collects the problems of one record while its fields are taken out.

    Every method returns the value if it is valid and ``None`` otherwise, so that a
    record is read to its end and all its problems are reported at once.
    """

    def __init__(self, file: str, line: int) -> None:
        self._file = file
        self._line = line
        self.problems: list[Problem] = []

    def note(self, where: str, found: str, allowed: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(self._file, self._line, where, found, allowed))

    def is_object(self, value: Any, where: str) -> bool:
        """Whether the value is a JSON object."""
        if not isinstance(value, dict):
            self.note(where, shorten(value), "a JSON object")
            return False
        return True

    def known_keys(self, obj: dict[str, Any], keys: Sequence[str], where: str) -> None:
        """Note every key that is not one of `keys`."""
        for key in obj:
            if key not in keys:
                self.note(_join(where, shorten(key)[1:-1]), "unknown key", ", ".join(keys))

    def one_of(
        self, obj: dict[str, Any], key: str, allowed: Sequence[str], where: str = ""
    ) -> str | None:
        """A label out of a closed set; absent and ``null`` are the same."""
        value = obj.get(key)
        if value is None or (isinstance(value, str) and value in allowed):
            return value
        self.note(_join(where, key), shorten(value), ", ".join(allowed))
        return None

    def string(
        self, obj: dict[str, Any], key: str, where: str = "", *, required: bool = False
    ) -> str | None:
        """A string that is not empty and can be encoded."""
        value = obj.get(key)
        if value is None and not required:
            return None
        if not isinstance(value, str) or not value:
            self.note(_join(where, key), shorten(value), "a string that is not empty")
            return None
        if has_surrogate(value):
            self.note(_join(where, key), "a lone surrogate", "text that UTF-8 can encode")
            return None
        return value

    def boolean(self, obj: dict[str, Any], key: str, where: str = "") -> bool | None:
        """``true``, ``false`` or absent."""
        value = obj.get(key)
        if value is None or isinstance(value, bool):
            return value
        self.note(_join(where, key), shorten(value), "true, false")
        return None

    def array(self, obj: dict[str, Any], key: str, *, required: bool = False) -> list[Any] | None:
        """A JSON array or absent."""
        value = obj.get(key)
        if isinstance(value, list) or (value is None and not required):
            return value
        self.note(key, shorten(value), "an array")
        return None


def _join(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    obj = dict(pairs)
    if len(obj) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        raise ValueError(f"key {shorten(counts.most_common(1)[0][0])} twice in one object")
    return obj


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


def decode_json(text: str) -> Any:
    """Decode one JSON value strictly: no key twice, no NaN, no Infinity.

    Raises:
        ValueError: If the text is not such a value, however deeply nested.
    """
    try:
        return json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def read_lines(path: Path) -> Iterator[tuple[int, Any | RecordError]]:
    """Decode a JSONL file line by line.

    Yields:
        The line number from 1, and the decoded value or a `RecordError`. Blank lines
        are passed over.
    """
    with path.open("rb") as stream:
        number = 0
        while raw := stream.readline(MAX_LINE_BYTES + 1):
            number += 1
            if len(raw) > MAX_LINE_BYTES:
                yield number, line_error(path, number, "a longer line", "at most 64 MiB a line")
                return
            if raw.strip():
                yield number, _decode_line(path, number, raw)


def line_error(path: Path, number: int, found: str, allowed: str) -> RecordError:
    """The error of a line as a whole."""
    return RecordError([Problem(str(path), number, "line", found, allowed)])


def decode_utf8(path: Path, number: int, raw: bytes) -> str:
    """Decode a line of a file; the first may begin with a byte order mark.

    Args:
        path: Of the file, for the error.
        number: Of the line, from 1.
        raw: Its bytes.

    Raises:
        RecordError: If the bytes are not UTF-8.
    """
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        found = f"byte {raw[error.start]:#04x} at {error.start}, wrong encoding"
        raise line_error(path, number, found, "UTF-8") from error


def _decode_line(path: Path, number: int, raw: bytes) -> Any | RecordError:
    try:
        return decode_json(decode_utf8(path, number, raw))
    except RecordError as error:
        return error
    except ValueError as error:
        return line_error(path, number, f"broken JSON ({error})", "one JSON object a line")
