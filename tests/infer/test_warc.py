"""Web archives: pages out of records, damaged ones reported, all else passed over."""

import gzip
import io
from pathlib import Path

import pytest
from reading_helpers import PACKERS, need_html, page, read, response, told, written

from connote.infer.inputs import find_sources
from connote.infer.reading import Failure, Located
from connote.infer.rows import ReadOptions
from connote.infer.streams import MAX_RECORD

need_html()
brotli = pytest.importorskip("brotli", reason="needs the extra html")
fastwarc = pytest.importorskip("fastwarc", reason="needs the extra html")
stream_io = pytest.importorskip("fastwarc.stream_io", reason="needs the extra html")

HTML = b"Content-Type: text/html\r\n"


def places(items: list[Located | Failure]) -> list[tuple[int, str]]:
    """The position of each item with the place that its page is about, or the reason."""
    return [
        (number, text if text[0] == "!" else text.split("would act in ")[1].split(",")[0])
        for number, text in told(items)
    ]


def test_pages_of_an_archive_become_documents(tmp_path: Path) -> None:
    path = written(tmp_path / "a.warc", response(page("Idlib").encode(), "http://example.org/1"))
    (item,) = read(path)
    assert isinstance(item, Located)
    assert item.document.columns == {
        "title": "Rebels answer",
        "date": "2024-02-03",
        "url": "http://example.org/1",
        "warc_date": "2024-02-03T04:05:06Z",
        "digest": "sha1:ABC",
    }
    assert len(item.document.id) == 16
    (item,) = read(path, ReadOptions(id="url"))
    assert isinstance(item, Located)
    assert item.document.id == "http://example.org/1"
    assert "url" not in item.document.columns


@pytest.mark.parametrize("packing", PACKERS)
def test_what_is_no_page_is_passed_over(tmp_path: Path, packing: str) -> None:
    records = [
        response(b"x", kind=b"warcinfo"),
        response(page("Request").encode(), kind=b"request"),
        response(page("Idlib").encode()),
        response(b"\x89PNG", headers=b"Content-Type: image/png\r\n"),
        response(b"{}", headers=b"Content-Type: application/json\r\n"),
        response(page("Moved").encode(), status=b"301 Moved"),
        response(page("Typeless").encode(), headers=b""),
        response(b"x" * (MAX_RECORD + 1), headers=b"Content-Type: video/mp4\r\n"),
        response(page("Daraa").encode(), headers=b"content-type:application/xhtml+xml\r\n"),
    ]
    raw = b"".join(map(PACKERS[packing], records))
    found = read(written(tmp_path / f"a.warc{packing}", raw))
    assert places(found) == [(3, "Idlib"), (9, "Daraa")]


def test_archives_that_fastwarc_writes_are_read(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    for name in ("Idlib", "Daraa"):
        record = fastwarc.WarcRecord()
        record.init_headers(record_type=fastwarc.WarcRecordType.response, record_urn=b"urn:uuid:1")
        record.headers.append("WARC-Target-URI", f"http://example.org/{name}")
        record.headers.set("Content-Type", "application/http; msgtype=response")
        record.set_bytes_content(b"HTTP/1.1 200 OK\r\n" + HTML + b"\r\n" + page(name).encode())
        writer = stream_io.GzipWriter(buffer)
        record.write(writer)
        writer.finish()
    found = read(written(tmp_path / "a.warc.gz", buffer.getvalue()))
    assert places(found) == [(1, "Idlib"), (2, "Daraa")]
    assert [item.document.columns["url"] for item in found if isinstance(item, Located)] == [
        "http://example.org/Idlib",
        "http://example.org/Daraa",
    ]


def chunked(body: bytes) -> bytes:
    parts = [body[at : at + 500] for at in range(0, len(body), 500)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (b"Content-Encoding: gzip\r\n", gzip.compress(page("Idlib").encode())),
        (b"Content-Encoding: br\r\n", brotli.compress(page("Idlib").encode())),
        (b"Transfer-Encoding: chunked\r\n", chunked(page("Idlib").encode())),
        (
            b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n",
            chunked(gzip.compress(page("Idlib").encode())),
        ),
        (b"Content-Encoding: gzip\r\n", page("Idlib").encode()),
        (b"X-Crawler-Content-Encoding: gzip\r\n", page("Idlib").encode()),
    ],
)
def test_what_a_server_packed_is_unpacked(tmp_path: Path, headers: bytes, body: bytes) -> None:
    path = written(tmp_path / "a.warc", response(body, headers=HTML + headers))
    assert places(read(path)) == [(1, "Idlib")]


def test_the_server_tells_the_encoding(tmp_path: Path) -> None:
    headers = b"Content-Type: text/html; charset=windows-1251\r\n"
    path = written(tmp_path / "a.warc", response(page("Идлиб").encode("cp1251"), headers=headers))
    assert places(read(path)) == [(1, "Идлиб")]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (response(b"rubbish", headers=HTML + b"Content-Encoding: gzip\r\n"), "cannot be unpacked"),
        (
            response(
                gzip.compress(b"<p>" + bytes(2**27)), headers=HTML + b"Content-Encoding: gzip\r\n"
            ),
            "expected a page of at most 10 MiB",
        ),
        (response(b"<html></html>", headers=HTML), "no main text found"),
        (response(b"<p>" + b"x" * MAX_RECORD, headers=HTML), "expected at most 32 MiB"),
        (b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", "expected a Content-Length, found ''"),
        (b"WARC/1.0\r\nContent-Length: -1\r\n\r\n", "expected a Content-Length, found '-1'"),
        (b"WARC/1.0\r\n" + b"X: y\r\n" * 20_000, "a header without an end"),
        (
            response(page("x").encode(), headers=HTML + b"X: " + b"y" * 33_000 + b"\r\n"),
            "cannot be unpacked: Maximum header length",
        ),
        (
            response(page("x").encode(), headers=HTML + b"X: yyyyyyyyyyyyyy\r\n" * 2_000),
            "cannot be unpacked: Maximum header length",
        ),
        *(
            (
                response(page("x").encode()).replace(b"WARC/1.0", b"WARC/" + version),
                f"expected WARC/1.0 or WARC/1.1, found b'WARC/{version.decode()}",
            )
            for version in (b"1.10", b"2.0", b"1.00", b"1.2")
        ),
        (b"rubbish\r\n" * 100, "expected WARC/1.0 or WARC/1.1, found b'rubbish"),
    ],
)
def test_a_bad_record_fails_alone(tmp_path: Path, record: bytes, reason: str) -> None:
    first, last = response(page("First").encode()), response(page("Last").encode())
    found = read(written(tmp_path / "a.warc", first + record + last))
    assert [(number, text) for number, text in places(found) if text[0] != "!"] == [
        (1, "First"),
        (3, "Last"),
    ]
    (failure,) = [item for item in found if isinstance(item, Failure)]
    assert failure.position == 2
    assert reason in failure.reason
    assert failure.head


def test_a_record_that_says_too_little_is_not_mixed_with_the_next(tmp_path: Path) -> None:
    short = response(page("Short").encode(), length=300)
    raw = response(page("First").encode()) + short + response(page("Last").encode())
    assert places(read(written(tmp_path / "a.warc", raw))) == [
        (1, "First"),
        (2, "! a damaged record: it goes on behind its 300 bytes"),
        (3, "Last"),
    ]


@pytest.mark.parametrize("separator", [b"", b"\r\n"])
def test_a_record_behind_a_missing_separator_is_read(tmp_path: Path, separator: bytes) -> None:
    raw = [response(page(name).encode()) for name in ("First", "Second", "Last")]
    raw[0] = raw[0].removesuffix(b"\r\n\r\n") + separator
    path = written(tmp_path / "a.warc", b"".join(raw))
    assert places(read(path)) == [(1, "First"), (2, "Second"), (3, "Last")]


@pytest.mark.parametrize("version", [b"0.9", b"0.16", b"0.17", b"0.18", b"1.1"])
def test_other_versions_that_are_known_are_read(tmp_path: Path, version: bytes) -> None:
    raw = response(page("Idlib").encode()).replace(b"WARC/1.0", b"WARC/" + version)
    assert places(read(written(tmp_path / "a.warc", raw))) == [(1, "Idlib")]


@pytest.mark.parametrize("packing", ["", ".gz"])
def test_an_archive_that_ends_early_gives_what_it_has(tmp_path: Path, packing: str) -> None:
    pack = PACKERS[packing]
    last = pack(response(page("Last").encode()))
    raw = pack(response(page("First").encode())) + last[: len(last) * 3 // 4]
    found = places(read(written(tmp_path / f"a.warc{packing}", raw)))
    assert found[0] == (1, "First")
    ((number, reason),) = found[1:]
    assert number == 2
    assert "it ends after" in reason or "the gzip data ends early" in reason


def test_a_damaged_gzip_member_costs_its_record(tmp_path: Path) -> None:
    members = [gzip.compress(response(page(f"Place {i}").encode())) for i in range(5)]
    broken = bytearray(members[2])
    broken[100:200] = b"\xff" * 100
    raw = b"".join([*members[:2], bytes(broken), *members[3:]])
    found = read(written(tmp_path / "a.warc.gz", raw))
    texts = [text for _, text in places(found)]
    kept = [text for text in texts if text[0] != "!"]
    assert kept == ["Place 0", "Place 1", "Place 3", "Place 4"]
    (reason,) = [text for text in texts if text[0] == "!"]
    assert "damaged" in reason


def test_an_empty_archive_has_no_documents(tmp_path: Path) -> None:
    assert read(written(tmp_path / "a.warc", b"")) == []
    assert [source.form for source in find_sources([str(tmp_path)])] == ["warc"]
