"""Tables of separated values: a damaged row costs itself, not the rest."""

import gzip
import json
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
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
    began = time.process_time()
    found = read(path)
    assert time.process_time() - began < 30
    assert len(found) == 300_000
    assert not any(isinstance(item, Located) for item in found)


def test_a_quoted_field_of_empty_lines_takes_bounded_memory(tmp_path: Path) -> None:
    raw = gzip.compress(b'text\n"' + b"\n" * 2_000_000)
    path = written(tmp_path / "a.csv.gz", raw)
    code = (
        "import resource, sys; sys.path.insert(0, sys.argv[2]); from reading_helpers import read; "
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; found = read(sys.argv[1]); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, len(found))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), str(Path(__file__).parent.parent)],
        capture_output=True,
        text=True,
        check=True,
    )
    grown, count = map(int, done.stdout.split())
    assert count == 1
    assert grown < 96 * 1024


def test_a_field_of_very_many_lines_is_read(tmp_path: Path) -> None:
    text = "\n".join(f"Line {i}." for i in range(100_000))
    assert rows(tmp_path, f'text\n"{text}"\nlast\n') == [(2, text), (100_002, "last")]


def test_doubled_columns_are_found_in_one_pass(tmp_path: Path) -> None:
    names = [f"c{i}" for i in range(300_000)]
    path = written(tmp_path / "a.csv", ",".join(["text", *names, names[-1]]) + "\n")
    began = time.process_time()
    with pytest.raises(InputError, match="column 'c299999' stands twice"):
        check_sources(find_sources([str(path)]), ReadOptions())
    assert time.process_time() - began < 10


def outcomes(folder: Path) -> list[str]:
    """What the files of a folder hold, checked first."""
    sources = find_sources([str(folder)])
    check_sources(sources, ReadOptions())
    return [text for source in sources for _, text in told(read(source.path))]


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_one_bad_file_does_not_refuse_the_others(tmp_path: Path, form: str) -> None:
    good, other = {"text": "x"}, {"body": "y"}
    for name, row in (("a", other), ("b", good), ("c", good)):
        path = tmp_path / f"{name}.{form}"
        if form == "parquet":
            pq.write_table(pa.Table.from_pylist([row]), path)
        else:
            ((key, value),) = row.items()
            written(path, json.dumps(row) if form == "jsonl" else f"{key}\n{value}\n")
    if form == "parquet":
        written(tmp_path / "c.parquet", (tmp_path / "c.parquet").read_bytes()[:-20])
    texts = [text[:18] for text in outcomes(tmp_path)]
    broken = "! not a Parquet fi"[:18] if form == "parquet" else "x"
    assert texts == ["! no column 'text'", "x", broken]
    for name in "bc":
        (tmp_path / f"{name}.{form}").unlink()
    with pytest.raises(InputError, match=f"a.{form}: no column 'text'; found body"):
        outcomes(tmp_path)


def test_files_of_which_none_has_the_column_are_refused(tmp_path: Path) -> None:
    for i in range(12):
        written(tmp_path / f"{i:02}.csv", "text\nx\n" if i == 10 else "body\ny\n")
    with pytest.raises(InputError, match=r"00\.csv: no column 'text'; found body"):
        outcomes(tmp_path)
    (tmp_path / "00.csv").unlink()
    assert [text for text in outcomes(tmp_path) if text[0] != "!"] == ["x"]
