"""Tables of separated values: a damaged row costs itself, not the rest."""

import time
from pathlib import Path

import pytest
from reading_helpers import read, told, written

from connote.infer.columns import check_sources
from connote.infer.inputs import InputError, find_sources
from connote.infer.reading import Failure, Located
from connote.infer.rows import ReadOptions
from connote.infer.streams import MAX_RECORD

STRAY = "a quote that is never closed: a stray quote?"


def rows(tmp_path: Path, raw: bytes | str, name: str = "a.csv") -> list[tuple[int, str]]:
    return list(told(read(written(tmp_path / name, raw))))


def test_a_quote_that_never_closes_costs_one_row(tmp_path: Path) -> None:
    lines = ["id,text", *(f"{i},text {i}" for i in range(2, 1_000))]
    lines[499] = '500,"open'
    found = rows(tmp_path, "\n".join(lines))
    assert [number for number, _ in found] == list(range(2, 1_000))
    assert [(n, text) for n, text in found if text[0] == "!"] == [(500, f"! {STRAY}")]


def test_a_quote_that_a_later_row_closes_costs_one_row(tmp_path: Path) -> None:
    found = rows(tmp_path, 'id,text,n\n1,"open,1\n2,plain,2\n3,"closed",3\n4,last,4\n')
    assert found[0][0] == 2
    assert found[0][1].startswith("! a quoted field that ends within a later line")
    assert found[1:] == [(3, "plain"), (4, "closed"), (5, "last")]


def test_a_row_begins_where_its_first_line_does(tmp_path: Path) -> None:
    raw = 'id,text\r\n\r\n1,"one\r\ntwo\r\n\r\nfive"\r\n2,last'
    assert rows(tmp_path, raw) == [(3, "one\r\ntwo\r\n\r\nfive"), (7, "last")]


def test_a_failure_shows_how_its_first_line_begins(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", b"id,text\n1,caf\xe9\n2," + b"x" * 300 + b",3\n")
    first, second = read(path)
    assert isinstance(first, Failure) and isinstance(second, Failure)
    assert first.head == "1,caf\ufffd\n"
    assert second.head == "2," + "x" * 198
    assert (first.reason, str(second)) == (
        "expected UTF-8, found byte 0xe9 at 5; convert the file first",
        f"{path}:3: expected 2 fields, found 3: a stray quote?",
    )


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", []),
        ("id,text\n", []),
        ("id,text", []),
        ("text\n\n \n", [(3, " ")]),
        ("\ufefftext\nx\n", [(2, "x")]),
        ("text,id\n\x00,1\ny,2\n", [(2, "! NUL character at 0: is it a text file?"), (3, "y")]),
        ('text\n"a""b"\n', [(2, 'a"b')]),
        ('text\na"b\n', [(2, 'a"b')]),
        ('text\n"a" b\nc\n', [(2, "a b"), (3, "c")]),
        ('text,id\n"a" b,"1\nc,2\n', [(2, f"! {STRAY}"), (3, "c")]),
        ('text,id\n"a\nb" c,1\nd,2\n', [(2, "! a quoted field"), (3, 'b" c'), (4, "d")]),
        ("text,id\nx\ny,1\n", [(2, "! expected 2 fields, found 1: a stray quote?"), (3, "y")]),
        ('"te\nxt",text\n1,x\n', [(3, "x")]),
    ],
)
def test_accidents(tmp_path: Path, raw: str, expected: list[tuple[int, str]]) -> None:
    found = rows(tmp_path, raw)
    assert [number for number, _ in found] == [number for number, _ in expected]
    for (_, text), (_, start) in zip(found, expected, strict=True):
        assert text.startswith(start) if start[0] == "!" else text == start


def test_tabs_separate_and_commas_do_not(tmp_path: Path) -> None:
    raw = 'id\ttext\n1\tOne, two\n2\t"a\tb\nc"\n3\n'
    assert rows(tmp_path, raw, "a.tsv") == [
        (2, "One, two"),
        (3, "a\tb\nc"),
        (5, "! expected 2 fields, found 1: a stray quote?"),
    ]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("id,text\nx,y\n".encode("utf-16"), "not a table: expected UTF-8, found byte 0xff"),
        (b"id,text\rx,y\r", "a carriage return without a line feed"),
        (b'id,"text\nx,y\n', "not a table: a quote that is never closed"),
        (b"\nid,body\n", "no column 'text'; found id, body"),
        (b"", "no column 'text'; found none"),
        (b"text,id,text\n", "column 'text' stands twice"),
        (b"," * 100_000 + b"\n", "no column 'text'; found , , , .*…"),
    ],
)
def test_a_header_that_is_none_is_refused(tmp_path: Path, raw: bytes, message: str) -> None:
    path = written(tmp_path / "a.csv", raw)
    with pytest.raises(InputError, match=message):
        check_sources(find_sources([str(path)]), ReadOptions())
    found = read(path)
    assert [item.position for item in found] == ([] if not raw else [found[0].position])


def test_a_line_above_the_bound_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as stream:
        stream.write(b"text\nfirst\n")
        for _ in range(MAX_RECORD // 2**20 + 1):
            stream.write(b"x" * 2**20)
        stream.write(b"\nlast\n")
    first, failure, last = read(path)
    assert isinstance(failure, Failure)
    assert "expected at most 32 MiB, found a record of 33.0 MiB" in failure.reason
    assert failure.head == "x" * 200
    assert list(told([first, last])) == [(2, "first"), (4, "last")]


def test_stray_quotes_on_every_line_are_read_in_bounded_time(tmp_path: Path) -> None:
    # Each of these lines ends inside of a quoted field, wherever one begins to read.
    path = written(tmp_path / "a.csv", "id,text\n" + 'a","\n' * 300_000)
    began = time.monotonic()
    found = read(path)
    assert time.monotonic() - began < 30
    assert len(found) == 300_000
    assert not any(isinstance(item, Located) for item in found)
