"""Reading documents: each format, its columns, and bad rows reported in their place."""

import hashlib
import io
import json
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connote.infer.documents import Document
from connote.infer.reading import (
    STANDARD_INPUT,
    Columns,
    Failure,
    InputError,
    check_input,
    format_of,
    read_documents,
)

PLAIN = Columns()
HASH_OF_X = hashlib.sha256(b"x").hexdigest()[:16]


def written(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def outcomes(path: Path, columns: Columns = PLAIN) -> list[Document | Failure]:
    check_input(path, columns)
    return list(read_documents(path, columns))


def seen(path: Path, columns: Columns = PLAIN) -> list[tuple[str, str] | int]:
    """Id and text of each document, the position of each failure."""
    return [
        item.position if isinstance(item, Failure) else (item.id, item.text)
        for item in outcomes(path, columns)
    ]


def jsonl(tmp_path: Path, *rows: Any) -> Path:
    lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
    return written(tmp_path / "in.jsonl", b"\n".join(lines))


def parquet(tmp_path: Path, columns: dict[str, Any]) -> Path:
    path = tmp_path / "in.parquet"
    pq.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize(
    ("name", "form"),
    [
        *(("a.txt", "txt"), ("a.TXT", "txt"), ("a.text", "txt"), ("-", "txt")),
        *(
            ("a.jsonl", "jsonl"),
            ("a.ndjson", "jsonl"),
            ("a.b.csv", "csv"),
            ("a.Parquet", "parquet"),
        ),
    ],
)
def test_the_ending_names_the_format(name: str, form: str) -> None:
    assert format_of(Path(name)) == form


@pytest.mark.parametrize("name", ["a", "a.json", "a.docx", ".txt", "a.txt.gz"])
def test_an_unknown_ending_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=r"expected one of \.txt, \.jsonl, \.csv, \.parquet"):
        format_of(Path(name))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing\.txt: no such file"):
        check_input(tmp_path / "missing.txt", PLAIN)
    with pytest.raises(InputError, match="expected a file, found a folder"):
        check_input(tmp_path, PLAIN)


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("columns", [Columns("body"), Columns("text", "key")])
def test_a_missing_column_is_refused_before_anything_is_read(
    tmp_path: Path, form: str, columns: Columns
) -> None:
    path = written(tmp_path / "in.csv", "text,b\nx,y\n")
    if form == "parquet":
        path = parquet(tmp_path, {"text": ["x"], "b": ["y"]})
    with pytest.raises(InputError, match=r"no column '(body|key)'; found text, b .*--text-column"):
        check_input(path, columns)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"not parquet at all"])
def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError, match="not a Parquet file"):
        check_input(written(tmp_path / "a.parquet", content), PLAIN)


@pytest.mark.parametrize("content", ["", "\n", "One.\r\n\r\nTwo \u2028 مرحبا 🙂"])
def test_a_text_file_is_one_document_unchanged(tmp_path: Path, content: str) -> None:
    path = written(tmp_path / "story.txt", content)
    assert seen(path) == [(str(path), content)]


def test_standard_input_is_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO("Rébels.".encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert seen(STANDARD_INPUT) == [("stdin", "Rébels.")]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"caf\xe9", "expected UTF-8, found byte 0xe9 at 3"),
        ("x".encode("utf-16"), "expected UTF-8, found byte 0xff at 0"),
        (b"a\x00b", "NUL character at 1"),
        (b"\xed\xa0\x80", "expected UTF-8, found byte 0xed at 0"),
    ],
)
def test_a_text_file_that_is_no_text_is_a_failure(tmp_path: Path, raw: bytes, reason: str) -> None:
    (failure,) = outcomes(written(tmp_path / "a.txt", raw))
    assert isinstance(failure, Failure)
    assert str(failure).startswith(f"{tmp_path / 'a.txt'}:1: ")
    assert reason in failure.reason


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv"])
def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path, name: str) -> None:
    content = {"a.txt": "x", "a.jsonl": '{"id": "a", "text": "x"}', "a.csv": "text,id\nx,a\n"}[name]
    path = written(tmp_path / name, b"\xef\xbb\xbf" + content.encode())
    assert seen(path) == [(str(path) if name == "a.txt" else "a", "x")]


BAD_LINES = [
    (b'{"text": ', "broken JSON"),
    (b"\xff", "expected UTF-8, found byte 0xff at 0"),
    (b"[1]", "expected a JSON object, found [1]"),
    (b"[" * 100_000, "broken JSON"),
    (b'{"body": "x"}', "no column 'text'; found body"),
    (b'{"text": null}', "expected a string or a list of strings, found None"),
    (b'{"text": ["x", 1]}', "expected a string or a list of strings"),
    (rb'{"text": "a\u0000"}', "NUL character at 1"),
    (rb'{"text": "a\ud800"}', "lone surrogate"),
    (rb'{"text": "a", "id": "\ud800"}', "not UTF-8"),
    (rb'{"text": "a", "k": {"x": [1, "\udc00"]}}', "not UTF-8"),
    (rb'{"text": "a", "\ud800": 1}', "not UTF-8"),
    (b'{"text": "abc", "mentions": 3}', "mentions: expected an array, found 3"),
    (b'{"text": "abc", "mentions": [[0, 1]]}', "mentions[0]: expected start and end"),
    (b'{"text": "abc", "mentions": [{"start": 0, "end": 1.0}]}', "mentions[0]: expected"),
    (b'{"text": "abc", "mentions": [{"start": false, "end": 1}]}', "mentions[0]: expected"),
    (b'{"text": "abc", "mentions": [{"start": 0, "end": 9}]}', "outside the text of 3"),
    (
        b'{"text": "abc", "mentions": [{"start": 0, "end": 1}, {"start": 0, "end": 1}]}',
        "given twice",
    ),
]


@pytest.mark.parametrize(("raw", "reason"), BAD_LINES)
def test_a_bad_line_is_a_failure_with_its_number_and_the_rest_goes_on(
    tmp_path: Path, raw: bytes, reason: str
) -> None:
    path = jsonl(tmp_path, {"text": "first"}, b"", raw, {"text": "last"})
    first, failure, last = outcomes(path)
    assert isinstance(first, Document) and isinstance(last, Document)
    assert isinstance(failure, Failure)
    assert (failure.source, failure.position) == (str(path), 3)
    assert reason in failure.reason
    assert (first.text, last.text) == ("first", "last")


def test_a_line_may_bring_its_own_mentions(tmp_path: Path) -> None:
    spans = [{"start": 4, "end": 10, "note": "x"}, {"start": 0, "end": 3}]
    path = jsonl(
        tmp_path, {"text": "The rebels.", "mentions": spans}, {"text": "x", "mentions": []}
    )
    own, none = outcomes(path)
    assert isinstance(own, Document) and isinstance(none, Document)
    assert own.mentions == ((4, 10), (0, 3))
    assert none.mentions == ()
    assert own.columns == {}


def test_without_own_mentions_they_are_looked_for(tmp_path: Path) -> None:
    (document,) = outcomes(jsonl(tmp_path, {"text": "The rebels."}))
    assert isinstance(document, Document)
    assert document.mentions is None


@pytest.mark.parametrize(
    ("row", "columns", "expected"),
    [
        ({"text": "x", "id": "a"}, PLAIN, "a"),
        ({"text": "x", "id": 7}, PLAIN, "7"),
        ({"text": "x", "id": None}, PLAIN, HASH_OF_X),
        ({"text": "x"}, PLAIN, HASH_OF_X),
        ({"text": "x", "id": "a", "key": "b"}, Columns("text", "key"), "b"),
        ({"body": "x", "text": "y"}, Columns("body"), HASH_OF_X),
    ],
)
def test_the_id_is_the_named_column_or_id_or_a_hash_of_the_text(
    tmp_path: Path, row: dict[str, Any], columns: Columns, expected: str
) -> None:
    assert seen(jsonl(tmp_path, row), columns) == [(expected, "x")]


def test_a_named_id_column_that_a_line_lacks_fails_it(tmp_path: Path) -> None:
    rows = [{"text": "x", "key": 1}, {"text": "y"}]
    assert seen(jsonl(tmp_path, *rows), Columns("text", "key")) == [("1", "x"), 2]


def test_other_columns_are_passed_through(tmp_path: Path) -> None:
    row = {"id": "a", "text": "x", "outlet": "T", "n": 3, "tags": ["a"], "none": None}
    (document,) = outcomes(jsonl(tmp_path, row))
    assert isinstance(document, Document)
    assert document.columns == {"outlet": "T", "n": 3, "tags": ["a"], "none": None}


def test_a_list_of_paragraphs_is_joined_by_a_blank_line(tmp_path: Path) -> None:
    path = jsonl(tmp_path, {"id": 1, "paras": ["One.", "Two."]}, {"id": 2, "paras": []})
    assert seen(path, Columns("paras")) == [("1", "One.\n\nTwo."), ("2", "")]


def test_an_empty_file_has_no_documents(tmp_path: Path) -> None:
    assert seen(written(tmp_path / "a.jsonl", "\n \n")) == []
    assert seen(written(tmp_path / "a.csv", "text\n")) == []
    assert seen(parquet(tmp_path, {"text": pa.array([], pa.string())})) == []
