"""Pages in web archives (WARC): responses that hold HTML, all others passed over.

Records are cut here, so that a damaged one costs itself alone; what a server sent is unpacked by
fastwarc, which knows the transfer and content encodings.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .documents import DocumentError
from .pages import MAX_PAGE
from .records import Record, too_long
from .streams import KEPT, MAX_RECORD, ByteStream, DamageError, GapError, Line

_MAX_HEADER = 64 * 2**10
_HTML = re.compile(rb"^content-type\s*:\s*(?:text/html|application/xhtml\+xml)\b", re.I | re.M)
_OK = re.compile(rb"HTTP/\d(?:\.\d)? 200\b")
_VERSION = re.compile(rb"WARC/(?:1\.[01]|0\.(?:9|1[678]))\s*$")
"""Those that fastwarc reads."""


@dataclass(frozen=True, slots=True)
class Response:
    """A response of a server.

    Attributes:
        page: What it sent, unpacked.
        charset: The encoding it told, if it did.
        columns: What the archive says of it: ``url``, ``warc_date``, ``digest``.
    """

    page: bytes
    charset: str | None
    columns: dict[str, str | None]


class _BrokenError(Exception):
    """A record that is not as it should be; reading goes on at the next."""


def scan_warc(stream: ByteStream) -> Iterator[Record]:
    """The records that hold pages, and those that are damaged; numbers count all records."""
    return _Scan(stream).records()


class _Scan:
    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._number = 0
        self._at = 0
        self._head = b""
        self._ahead: Line | None = None
        self._is_inside = self._is_lost = False

    def records(self) -> Iterator[Record]:
        while True:
            try:
                found = self._next()
                if found is None:
                    return
                if isinstance(found, Record):
                    yield found
            except (_BrokenError, GapError) as error:
                if not self._is_lost:
                    self._begin()
                    yield self._failed(f"a damaged record: {error}")
                self._is_lost = True
            except DamageError as error:
                self._begin()
                error.number = self._number
                raise
            self._is_inside = False

    def _begin(self) -> None:
        """Count a record, unless it is counted; damage between two is one of its own."""
        self._number += not self._is_inside
        self._is_inside = True

    def _failed(self, reason: str) -> Record:
        return Record(self._at, self._number, None, self._head[:KEPT], reason)

    def _next(self) -> Record | bool | None:
        """A page; whether something else was passed over; ``None`` at the end."""
        self._at, self._head = self._stream.at, b""
        line, self._ahead = self._ahead or self._stream.line(), None
        if line is None:
            return None
        if not line.raw.strip():
            return True
        self._at, self._head = line.at, line.raw
        if not _VERSION.match(line.raw):
            if not self._is_lost:
                raise _BrokenError(f"expected WARC/1.0 or WARC/1.1, found {line.raw[:40]!r}")
            return True
        self._begin()
        self._is_lost = False
        fields, length = self._fields()
        if fields.get("warc-type", "").lower() == "response" and "http" in fields.get(
            "content-type", "http"
        ):
            return self._response(length)
        self._pass(length)
        return True

    def _fields(self) -> tuple[dict[str, str], int]:
        """The header of the record, and the length of what follows."""
        fields: dict[str, str] = {}
        while (line := self._stream.line()) is not None and line.raw.strip():
            if len(self._head) + line.length > _MAX_HEADER:
                raise _BrokenError("a header without an end")
            self._head += line.raw
            name, _, value = line.raw.decode("utf-8", "replace").partition(":")
            fields[name.strip().lower()] = value.strip()
        length = fields.get("content-length", "")
        if not (length.isascii() and length.isdigit() and len(length) < 19):
            raise _BrokenError(f"expected a Content-Length, found {length!r}")
        return fields, int(length)

    def _pass(self, length: int) -> None:
        passed = self._stream.skip(length)
        if passed < length:
            raise _BrokenError(f"it ends after {passed} of {length} bytes")

    def _response(self, length: int) -> Record | bool:
        began = self._stream.take(min(length, _MAX_HEADER))
        header = re.split(rb"\r?\n\r?\n", began, maxsplit=1)[0]
        if len(began) == min(length, _MAX_HEADER) and not (
            _OK.match(header) and _HTML.search(header)
        ):
            self._pass(length - len(began))
            return True
        if length > MAX_RECORD:
            self._pass(length - len(began))
            return self._failed(too_long(length))
        body = began + self._stream.take(length - len(began))
        if len(body) < length:
            raise _BrokenError(f"it ends after {len(body)} of {length} bytes")
        behind = self._stream.line()
        if behind is not None and _VERSION.match(behind.raw):
            self._ahead = behind
        elif behind is not None and behind.raw.strip():
            raise _BrokenError(f"it goes on behind its {length} bytes")
        raw = self._head + b"\r\n" + body
        return Record(self._at, self._number, raw, self._head[:KEPT])


def unpack(raw: bytes) -> Response:
    """What a server sent, out of the record it is in.

    Args:
        raw: The bytes of a record that `scan_warc` found.

    Raises:
        DocumentError: If it cannot be unpacked.
    """
    try:
        return _unpacked(raw, "all")
    except OSError as error:
        # Some crawlers store pages unpacked, with the headers of packed ones.
        response = _as_stored(raw)
        if response is None or not response.page.lstrip()[:1] == b"<":
            raise DocumentError(f"a page that cannot be unpacked: {error}") from error
        return response


def _as_stored(raw: bytes) -> Response | None:
    """The response with nothing unpacked; ``None`` where the headers themselves are broken."""
    try:
        return _unpacked(raw, "none")
    except OSError:
        return None


def _unpacked(raw: bytes, decode: Any) -> Response:
    from fastwarc import ArchiveIterator

    records = ArchiveIterator(io.BytesIO(raw), auto_decode=decode, strict_mode=False)
    record = next(iter(records), None)
    if record is None:
        raise DocumentError("a record that cannot be read")
    url = record.headers.get("WARC-Target-URI")
    columns = {
        "url": None if url is None else url.strip("<>"),
        "warc_date": record.headers.get("WARC-Date"),
        "digest": record.headers.get("WARC-Payload-Digest"),
    }
    return Response(record.reader.read(MAX_PAGE + 1), record.http_charset, columns)
