"""Rows, documents and folders of any shape are read or refused by name."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from connote.data.checks import RecordError
from connote.data.errors import UsageError
from connote.data.schema import Example
from connote.data.tables import (
    MAX_BYTES,
    MAX_TEXT,
    Row,
    find_file,
    first_of_each,
    read_document,
    read_json,
    read_rows,
    read_text_lines,
)


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


@pytest.fixture
def any_field() -> Iterator[None]:
    """The csv module without its own limit, as another part of a program may leave it."""
    before = csv.field_size_limit(2**31 - 1)
    yield
    csv.field_size_limit(before)


def test_a_delimited_file_gives_rows_with_their_first_lines(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", '\ufefftext;n\r\n"one\ntwo; three";1\r\n\r\nlast;2\r\n')
    rows = list(read_rows(path, ("text",), ";"))
    assert [(row.line, dict(row.values)) for row in rows] == [
        (2, {"text": "one\ntwo; three", "n": "1"}),
        (5, {"text": "last", "n": "2"}),
    ]


def test_jsonl_gives_the_same_rows(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", '{"text": "one", "n": 1}\n\n{"text": "last", "n": 2}\n')
    rows = list(read_rows(path, ("text",), ";"))
    assert [(row.line, row.text("text")) for row in rows] == [(1, "one"), (3, "last")]


@pytest.mark.parametrize(
    ("name", "content", "line", "message"),
    [
        ("a.csv", "", 1, "columns: found nothing, without text, n; allowed: text, n, separated"),
        ("a.csv", "text,n\na,1\n", 1, r"found text,n, without text, n.*separated by ';'"),
        ("a.csv", "text;m\na;1\n", 1, "found text, m, without n"),
        ("a.csv", "text;n;n\na;1;2\n", 1, "every column once"),
        ("a.csv", "text;n\na;1;2\n", 2, "found 3 in the row; allowed: 2 fields, as in the header"),
        ("a.csv", "text;n\nb;1\na\n", 3, "found 1 in the row"),
        ("a.csv", b"text;n\n\xff;1\n", 2, "wrong encoding"),
        ("a.csv", "a;b;c;d;e;f;g\n", 1, "found a, b, c, d, e, 2 more, without text, n"),
        ("a.jsonl", "{", 1, "broken JSON"),
        ("a.jsonl", "[1]\n", 1, "a JSON object"),
        ("a.jsonl", '{"text": NaN, "n": 1}', 1, "NaN is not a JSON value"),
        ("a.jsonl", '{"text": "a", "n": 1}\n{"text": "a"}\n', 2, "found text, without n"),
    ],
)
def test_a_table_of_another_shape_is_named(
    tmp_path: Path, name: str, content: str | bytes, line: int, message: str
) -> None:
    path = written(tmp_path / name, content)
    with pytest.raises(RecordError, match=message) as caught:
        list(read_rows(path, ("text", "n"), ";"))
    problem = caught.value.problems[0]
    assert (problem.file, problem.line) == (str(path), line)


@pytest.mark.usefixtures("any_field")
def test_what_the_csv_module_refuses_is_named(tmp_path: Path) -> None:
    csv.field_size_limit(MAX_TEXT)
    path = written(tmp_path / "a.csv", "text;n\n" + "x" * (MAX_TEXT + 1) + ";1\n")
    with pytest.raises(RecordError, match=r":2:.*field larger than"):
        list(read_rows(path, ("text", "n"), ";"))


@pytest.mark.usefixtures("any_field")
def test_a_quotation_mark_never_closed_does_not_swallow_the_file(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", 'text;n\n"open;1\n' + "more;1\n" * (MAX_BYTES // 6))
    with pytest.raises(RecordError, match="4 MiB a row; is a quotation mark never closed"):
        list(read_rows(path, ("text", "n"), ";"))


@pytest.mark.usefixtures("any_field")
def test_a_line_without_an_end_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "text;n\n" + "x" * (MAX_BYTES + 1))
    with pytest.raises(RecordError, match="found a longer row"):
        list(read_rows(path, ("text", "n"), ";"))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "text that is not blank"),
        (" \n", "text that is not blank"),
        (["a"], "text that is not blank"),
        ("x" * (MAX_TEXT + 1), "at most 131,072 characters"),
        ("a\ud800", "lone surrogates"),
    ],
)
def test_what_is_no_text_is_refused(value: object, message: str) -> None:
    with pytest.raises(RecordError, match=message):
        Row("a.csv", 1, {"text": value}).text("text")


def test_a_text_may_be_absent_but_nothing_else() -> None:
    assert Row("a", 1, {}).optional_text("topic") is None
    assert Row("a", 1, {"topic": ""}).optional_text("topic") is None
    assert Row("a", 1, {"topic": "tax"}).optional_text("topic") == "tax"
    with pytest.raises(RecordError, match="found 3; allowed: text"):
        Row("a", 1, {"topic": 3}).optional_text("topic")


def test_lines_of_text_keep_their_numbers(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "\ufeffone\t\r\n \ntwo")
    assert list(read_text_lines(path)) == [(1, "one\t"), (3, "two")]


def test_a_document_has_a_largest_size(tmp_path: Path) -> None:
    assert read_document(written(tmp_path / "a.txt", "\ufeffone\n")) == "one\n"
    with pytest.raises(RecordError, match="4 MiB a document"):
        read_document(written(tmp_path / "b.txt", "x" * (MAX_BYTES + 1)))
    with pytest.raises(RecordError, match="wrong encoding"):
        read_document(written(tmp_path / "c.txt", b"\xe9"))


@pytest.mark.parametrize(
    ("content", "message"),
    [("{", "broken JSON"), ("[]", "a JSON object"), ('{"a": 1, "a": 2}', "twice")],
)
def test_a_document_that_is_no_object_is_refused(
    tmp_path: Path, content: str, message: str
) -> None:
    with pytest.raises(RecordError, match=message):
        read_json(written(tmp_path / "a.json", content))


def test_a_nested_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="nested too deeply"):
        read_json(written(tmp_path / "a.json", '{"a": ' + "[" * 100_000))


def test_the_file_of_a_split_comes_before_the_original_one(tmp_path: Path) -> None:
    original = written(tmp_path / "all.csv", "")
    assert find_file(original, "dev") == original
    assert find_file(tmp_path, "dev", ("none.csv", "all.csv")) == original
    split = written(tmp_path / "dev.jsonl", "")
    assert find_file(tmp_path, "dev", ("all.csv",)) == split


def test_a_folder_without_the_file_says_what_it_has(tmp_path: Path) -> None:
    for letter in "abcdefg":
        written(tmp_path / f"{letter}.csv", "")
    with pytest.raises(UsageError) as caught:
        find_file(tmp_path, "dev", ("all.csv",))
    assert "expected a file dev.jsonl or all.csv" in str(caught.value)
    assert "found a.csv, b.csv, c.csv, d.csv, e.csv, 2 more" in str(caught.value)
    assert "--data NAME=PATH" in str(caught.value)


def test_of_examples_with_one_id_the_first_is_kept() -> None:
    examples = [Example("a", "one", loaded=True), Example("b", "x"), Example("a", "one")]
    assert first_of_each(examples) == examples[:2]
