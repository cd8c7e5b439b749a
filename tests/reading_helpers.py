"""Files to read, and reading them, for the tests of the input side."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest

from connote.infer.inputs import find_sources
from connote.infer.reading import Failure, Located, Piece, PieceReader
from connote.infer.rows import ReadOptions


def need_html() -> None:
    """Skip what needs the extra for web pages where it is not installed."""
    for name in ("trafilatura", "fastwarc", "ftfy"):
        pytest.importorskip(name, reason="needs the extra html")


def zstd(raw: bytes) -> bytes:
    buffer = pa.BufferOutputStream()
    with pa.CompressedOutputStream(buffer, "zstd") as stream:
        stream.write(raw)
    return buffer.getvalue().to_pybytes()


PACKERS = {"": bytes, ".gz": gzip.compress, ".zst": zstd}


def written(path: Path, raw: bytes | str) -> Path:
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return path


def read(
    path: Path | str, options: ReadOptions | None = None, form: str | None = None
) -> list[Located | Failure]:
    """All that a file holds."""
    (source,) = find_sources([str(path)], form)
    with closing(PieceReader(options or ReadOptions())) as reader:
        return list(reader.read(Piece(source)))


def told(items: list[Located | Failure]) -> Iterator[tuple[int, str]]:
    """The position of each item with its text, or the beginning of the reason."""
    for item in items:
        is_failure = isinstance(item, Failure)
        yield item.position, f"! {item.reason}" if is_failure else item.document.text


def response(
    body: bytes,
    url: str = "http://example.org/story",
    headers: bytes = b"Content-Type: text/html; charset=utf-8\r\n",
    status: bytes = b"200 OK",
    kind: bytes = b"response",
    length: int | None = None,
) -> bytes:
    """A record of a web archive."""
    block = b"HTTP/1.1 " + status + b"\r\n" + headers + b"\r\n" + body
    return (
        b"WARC/1.0\r\nWARC-Type: " + kind + b"\r\nWARC-Target-URI: " + url.encode() + b"\r\n"
        b"WARC-Date: 2024-02-03T04:05:06Z\r\nWARC-Payload-Digest: sha1:ABC\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: "
        + str(len(block) if length is None else length).encode()
        + b"\r\n\r\n"
        + block
        + b"\r\n\r\n"
    )


def page(name: str, title: str = "Rebels answer") -> str:
    """A news page whose text names `name`."""
    said = [
        f"The government said on Monday that it would act in {name}, and the rebels answered.",
        "Officials in the capital described the fighters as terrorists, which they denied.",
        "Residents said that shells had fallen near the market for the third day in a row.",
        "The ministry gave no figures, and aid workers could not reach the northern districts.",
    ]
    paragraphs = "".join(f"<p>{text}</p>" for text in said)
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title><meta property="
        '"article:published_time" content="2024-02-03T10:00:00Z"></head><body><nav><a href="/">'
        f"Home</a></nav><article><h1>{title}</h1>{paragraphs}</article>"
        "<footer>All rights reserved</footer></body></html>"
    )
