"""Web pages: their main text, whatever the page does."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from reading_helpers import need_html, page, read, written

from connote.infer import pages
from connote.infer.columns import check_sources
from connote.infer.documents import DocumentError
from connote.infer.inputs import InputError, find_sources
from connote.infer.page_encoding import decode_page
from connote.infer.pages import MAX_PAGE, PageExtractor
from connote.infer.reading import Failure, Located, Piece, PieceReader
from connote.infer.rows import ReadOptions

need_html()

STORY = page("Idlib").encode()


@pytest.fixture(scope="module")
def extractor() -> Iterator[PageExtractor]:
    with closing(PageExtractor()) as found:
        yield found


def test_a_page_becomes_its_main_text(tmp_path: Path) -> None:
    path = written(tmp_path / "story.html", STORY)
    (item,) = read(path)
    assert isinstance(item, Located)
    document = item.document
    assert document.id == str(path)
    assert document.columns == {"title": "Rebels answer", "date": "2024-02-03", "url": None}
    paragraphs = document.text.split("\n\n")
    assert any("would act in Idlib" in text for text in paragraphs)
    assert len(paragraphs) >= 4
    assert "All rights reserved" not in document.text
    assert "<" not in document.text


def test_comments_and_tables_are_left_out(extractor: PageExtractor) -> None:
    table = "<table><tr><td>Losses of the government troops</td><td>12</td></tr></table>"
    comment = "<div id='comments'><p>I say they are all liars and more besides.</p></div>"
    raw = page("Idlib").replace("</article>", f"{table}</article>{comment}").encode()
    text = "\n".join(extractor.extract(raw).paragraphs)
    assert "would act" in text
    assert "Losses" not in text and "liars" not in text


def test_the_address_is_the_pages_own_or_the_one_that_is_known(extractor: PageExtractor) -> None:
    link = '<link rel="canonical" href="https://example.org/story"></head>'
    raw = page("Idlib").replace("</head>", link).encode()
    assert extractor.extract(raw).url == "https://example.org/story"


def test_the_identifier_may_be_a_column(tmp_path: Path) -> None:
    path = written(tmp_path / "story.html", STORY)
    (item,) = read(path, ReadOptions(id="title"))
    assert isinstance(item, Located)
    assert item.document.id == "Rebels answer"
    assert set(item.document.columns) == {"date", "url"}
    with pytest.raises(InputError, match="no column 'key'; found text, title, date, url"):
        check_sources(find_sources([str(path)]), ReadOptions(id="key"))
    check_sources(find_sources([str(path)]), ReadOptions(text="body", by="date"))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" \n",
        b"Only plain text, and not much of it.",
        b"<html><head><title>x</title></head><body></body></html>",
        bytes(range(256)) * 100,
        b"\x89PNG\r\n\x1a\n" + bytes(10_000),
        b"<div>" * 100_000 + STORY,
        b"<b>" * 100_000,
        b"<" * 1_000_000,
    ],
)
def test_what_is_no_page_with_a_text_is_a_failure(tmp_path: Path, raw: bytes) -> None:
    (item,) = read(written(tmp_path / "a.html", raw))
    assert isinstance(item, Failure)
    assert "no main text found" in item.reason
    assert item.head == raw[:800].decode("utf-8", "replace")[:200]


def test_a_page_above_the_bound_is_a_failure(extractor: PageExtractor) -> None:
    with pytest.raises(DocumentError, match=r"at most 10 MiB, found 50\.0 MiB"):
        extractor.extract(b"x" * (5 * MAX_PAGE))


def test_a_page_that_takes_too_long_is_left_and_the_next_one_read(tmp_path: Path) -> None:
    many = " ".join(f"a{i}=1" for i in range(100_000))
    slow = f"<html><p {many}>text</p></html>".encode()
    with closing(PageExtractor(seconds=4)) as extractor:
        began = time.monotonic()
        with pytest.raises(DocumentError, match="takes more than 4 s"):
            extractor.extract(slow)
        assert time.monotonic() - began < 30
        assert extractor.extract(STORY).title == "Rebels answer"


def test_a_process_that_falls_is_started_again(extractor: PageExtractor) -> None:
    assert extractor.extract(STORY).paragraphs
    child = extractor._child
    assert child is not None
    child.send_signal(signal.SIGSTOP)
    threading.Timer(0.5, child.kill).start()
    with pytest.raises(DocumentError, match=r"broke down on \(exit status -9\)"):
        extractor.extract(STORY)
    assert extractor.extract(STORY).paragraphs


def test_a_process_that_fell_between_two_pages_costs_none(extractor: PageExtractor) -> None:
    assert extractor.extract(STORY).paragraphs
    child = extractor._child
    assert child is not None
    child.kill()
    child.wait()
    assert extractor.extract(STORY).paragraphs


def test_time_that_ends_just_behind_an_answer_costs_no_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exchange = pages._exchange

    def slowly(child: subprocess.Popen[bytes], question: bytes) -> bytes:
        answer = exchange(child, question)
        child.wait()  # until the time is over
        return answer

    with closing(PageExtractor(seconds=6)) as extractor:
        monkeypatch.setattr(pages, "_exchange", slowly)
        assert extractor.extract(STORY).paragraphs
        assert extractor._child is None
        monkeypatch.setattr(pages, "_exchange", exchange)
        assert extractor.extract(STORY).paragraphs


def test_a_page_whose_reader_is_gone_ends_by_itself() -> None:
    many = " ".join(f"a{i}=1" for i in range(100_000))
    raw = f"<html><p {many}>text</p></html>".encode()
    question = {"size": len(raw), "url": None, "charset": None, "seconds": 2}
    command = [sys.executable, "-P", "-m", "connote.infer.pages"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        child.stdin.write(json.dumps(question).encode() + b"\n" + raw)
        child.stdin.flush()
        assert child.wait(timeout=120) == -signal.SIGALRM


def test_a_lower_bound_on_memory_stands() -> None:
    code = (
        "import resource; from connote.infer import pages; "
        "resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30)); pages._bound_memory(); "
        "print(resource.getrlimit(resource.RLIMIT_AS))"
    )
    # Root may raise what is bounded, so what is seen is that it has not been.
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str((2**30, 2**30))


def test_pages_beside_a_bad_one_are_read(tmp_path: Path) -> None:
    for name, raw in (("a", STORY), ("b", b"\x00" * 100), ("c", STORY)):
        written(tmp_path / f"{name}.html", raw)
    with closing(PieceReader(ReadOptions())) as reader:
        sources = find_sources([str(tmp_path)])
        found = [item for source in sources for item in reader.read(Piece(source))]
    assert [isinstance(item, Located) for item in found] == [True, False, True]


CYRILLIC = "Правительство заявило, что повстанцы обстреляли рынок."
LONG = CYRILLIC * 100
BROKEN = LONG.encode()[:2_000] + b"\xff" + LONG.encode()[2_000:]
SEEN = BROKEN.decode("utf-8", "replace")
META = b'<html><meta charset="utf-8">'


@pytest.mark.parametrize(
    ("raw", "charset", "expected"),
    [
        (CYRILLIC.encode(), None, CYRILLIC),
        (CYRILLIC.encode("utf-8-sig"), "cp1251", CYRILLIC),
        (CYRILLIC.encode("utf-16"), None, CYRILLIC),
        (CYRILLIC.encode("cp1251"), "windows-1251", CYRILLIC),
        ("“caf\u00e9”".encode("cp1252"), "iso-8859-1", "“café”"),
        ("“caf\u00e9”".encode("cp1252"), "us-ascii", "“café”"),
        (CYRILLIC.encode("utf-16-le"), "utf-16le", CYRILLIC),
        (CYRILLIC.encode("utf-16-be"), "UTF-16BE", CYRILLIC),
        ("plain".encode("utf-16-le"), "utf-16le", "plain"),
        (CYRILLIC.encode(), "utf-16", CYRILLIC),
        (BROKEN, None, SEEN),
        (BROKEN, "utf-8", SEEN),
        (META + BROKEN, None, META.decode() + SEEN),
        (META + BROKEN, "iso-8859-1", META.decode() + SEEN),
    ],
)
def test_the_encoding_of_a_page(raw: bytes, charset: str | None, expected: str) -> None:
    assert decode_page(raw, charset) == expected


def test_one_bad_byte_makes_no_other_encoding_of_a_page() -> None:
    assert SEEN.count("\ufffd") == 1
    # What is said to be Shift JIS, and is but for a byte.
    text = "政府は月曜日に反政府勢力が市場を砲撃したと発表した。" * 100
    raw = text.encode("shift_jis") + b"\xff"
    assert decode_page(raw, "shift_jis") == text + "\ufffd"
    # What is told, but plainly is not so, is guessed as if nobody had told.
    assert decode_page(LONG.encode("cp1251"), "utf-8") == LONG


@pytest.mark.parametrize(
    "charset", ["no-such-code", "punycode", "zlib_codec", "rot13", "", "é\x00"]
)
def test_an_encoding_that_none_may_have_falls_back_to_that_of_the_page(charset: str) -> None:
    declared = f'<html><head><meta charset="koi8-r"></head>{CYRILLIC}'
    assert decode_page(declared.encode("koi8-r"), charset) == declared
    assert "\ufffd" not in decode_page(CYRILLIC.encode("cp1251") * 20, charset)
