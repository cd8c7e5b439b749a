"""Documents made from rows: text and id found in their columns, the others passed through."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ..data.checks import has_surrogate, shorten
from .documents import Document, DocumentError

MAX_TEXT = 5_000_000
"""Most characters of a document."""
_MAX_VALUES = 1_000_000
"""Most values of a JSON object, by its commas: each takes far more memory than bytes."""
_MAX_COLUMNS = 1_000
"""Most columns of a row that are passed through: each is a column of the table of scores."""
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How rows become documents.

    Attributes:
        text: Column of the text, a string or a list of paragraphs; pages have a text of their own.
        id: Column of the identifier; without a name, ``id`` where there is one; where it is
            empty or there is none, a hash of the text.
        by: A column whose values are counted apart, if any.
        repair: Repair text that was decoded with a wrong encoding ("â€œ" for a quotation mark);
            a text that brings offsets of its own mentions stays as it is.
    """

    text: str = "text"
    id: str | None = None
    by: str | None = None
    repair: bool = False


def problem_of_columns(names: Sequence[Any], options: ReadOptions, *needed: str) -> str | None:
    """What stands against reading a table with these columns, if anything does.

    Args:
        names: Its columns.
        options: What is looked for in it: the text, and the id if it is named.
        needed: Further columns that must be there.
    """
    for name in (options.text, options.id, *needed):
        if name is not None and name not in names:
            return (
                f"no column {name!r}; found {shown_names(names) or 'none'} "
                "(name it with --text-column, --id-column or --by)"
            )
    twice = _doubled(names)
    return None if twice is None else f"column {shorten(twice)} stands twice; rename one"


def _doubled(names: Iterable[Any]) -> Any:
    """The first name that stood there before."""
    known = set()
    for name in names:
        if name in known:
            return name
        known.add(name)
    return None


def shown_names(names: Iterable[Any]) -> str:
    """Names of columns for a message, cut where there are too many."""
    shown = ", ".join(str(name)[:_SHOWN] for name in islice(names, _SHOWN))
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"


def decode(raw: bytes) -> str:
    """The text of UTF-8 bytes, without a byte order mark.

    Raises:
        DocumentError: If they are none.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"byte {raw[error.start]:#04x} at {error.start}"
        raise DocumentError(f"expected UTF-8, found {found}; convert the file first") from error


def json_document(raw: bytes, options: ReadOptions) -> Document:
    """The document of a line of JSON.

    Raises:
        DocumentError: If it is none.
    """
    return row_document(json_object(raw), options, own_mentions=True)


def json_object(raw: bytes) -> dict[str, Any]:
    """The object on a line of JSON.

    Raises:
        DocumentError: If it is none, a key stands twice in it, or it has too many values.
    """
    text = decode(raw)
    if len(raw) > _MAX_VALUES and (values := raw.count(b",")) > _MAX_VALUES:
        raise DocumentError(
            f"expected at most {_MAX_VALUES:,} values, found {values:,} commas; split the document"
        )
    try:
        row = json.loads(text, object_pairs_hook=_unique)
    except DocumentError:
        raise
    except (ValueError, RecursionError) as error:
        if b"\x00" in raw:
            raise DocumentError("expected UTF-8, found UTF-16; convert the file first") from error
        raise DocumentError(f"broken JSON: {error}") from error
    if not isinstance(row, dict):
        raise DocumentError(f"expected a JSON object, found {shorten(row)}")
    return row


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON."""
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = _doubled(key for key, _ in pairs)
        raise DocumentError(f"key {shorten(twice)} stands twice in one object; rename one")
    return found


def row_document(
    row: Mapping[str, Any], options: ReadOptions, *, own_mentions: bool = False
) -> Document:
    """The document of a row; its other columns are passed through.

    Args:
        row: Values by column.
        options: Where text and id stand.
        own_mentions: Whether a column ``mentions`` holds offsets to judge.

    Raises:
        DocumentError: If it is none.
    """
    if options.text not in row:
        raise DocumentError(
            f"no column {options.text!r}; found {shown_names(row)} (name it with --text-column)"
        )
    text = row[options.text]
    paragraphs = isinstance(text, list) and all(isinstance(part, str) for part in text)
    if not isinstance(text, str) and not paragraphs:
        raise DocumentError(
            f"{options.text}: expected a string or a list of strings, found {shorten(text)}"
        )
    id_column = options.id or "id"
    if options.id is not None and options.id not in row:
        raise DocumentError(f"no column {options.id!r} (--id-column); found {shown_names(row)}")
    name = row.get(id_column)
    taken = {options.text, id_column, *(("mentions",) if own_mentions else ())}
    mentions = _offsets(row["mentions"]) if own_mentions and "mentions" in row else None
    others = {key: value for key, value in row.items() if key not in taken}
    if len(others) > _MAX_COLUMNS:
        raise DocumentError(
            f"expected at most {_MAX_COLUMNS:,} columns beside text and id, found "
            f"{len(others):,}; leave out what is not needed"
        )
    if _holds_surrogate([name, others]):
        raise DocumentError("a column that is not UTF-8; convert the file first")
    checked = text_of(text, options if mentions is None else ReadOptions())
    return Document.of(checked, None if name in (None, "") else str(name), mentions, others)


def text_of(text: str | Sequence[str], options: ReadOptions) -> str | Sequence[str]:
    """A text, or its paragraphs, of bearable length and repaired if that is asked for.

    Raises:
        DocumentError: If it is too long.
    """
    length = len(text) if isinstance(text, str) else sum(map(len, text))
    if length > MAX_TEXT:
        raise DocumentError(
            f"expected at most {MAX_TEXT:,} characters, found {length:,}; split the document"
        )
    if not options.repair:
        return text
    return _repair(text) if isinstance(text, str) else [_repair(part) for part in text]


def _repair(text: str) -> str:
    """Mojibake undone line by line: one line that is right does not keep another wrong."""
    if text.isascii():
        return text
    from ftfy import fix_encoding

    return "\n".join(fix_encoding(line) for line in text.split("\n"))


def _holds_surrogate(value: Any) -> bool:
    """Whether a string in a value, however nested, cannot be encoded."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if not item.isascii() and has_surrogate(item):
                return True
        elif isinstance(item, Mapping):
            waiting.extend((*item.keys(), *item.values()))
        elif isinstance(item, list):
            waiting.extend(item)
    return False


def _offsets(value: Any) -> list[tuple[int, int]]:
    if not isinstance(value, list):
        raise DocumentError(f"mentions: expected an array, found {shorten(value)}")
    found = []
    for i, item in enumerate(value):
        start, end = (item.get("start"), item.get("end")) if isinstance(item, dict) else (0, None)
        if type(start) is not int or type(end) is not int:
            raise DocumentError(f"mentions[{i}]: expected start and end, found {shorten(item)}")
        found.append((start, end))
    return found
