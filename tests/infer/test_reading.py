"""Reading documents: each format, its columns, and bad rows reported in their place."""

import hashlib
import io
import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reading_helpers import need_html

from connote.infer.columns import check_sources
from connote.infer.documents import Document
from connote.infer.inputs import InputError, find_sources
from connote.infer.reading import Failure, Piece, PieceReader
from connote.infer.rows import ReadOptions

PLAIN = ReadOptions()
HASH_OF_X = hashlib.sha256(b"x").hexdigest()[:16]


def written(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def outcomes(path: Path | str, columns: ReadOptions = PLAIN) -> list[Document | Failure]:
    sources = find_sources([str(path)])
    check_sources(sources, columns)
    with closing(PieceReader(columns)) as reader:
        found = [item for source in sources for item in reader.read(Piece(source))]
    return [item if isinstance(item, Failure) else item.document for item in found]


def seen(path: Path | str, columns: ReadOptions = PLAIN) -> list[tuple[str, str] | int]:
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


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("columns", [ReadOptions("body"), ReadOptions("text", "key")])
def test_a_missing_column_is_refused_before_anything_is_read(
    tmp_path: Path, form: str, columns: ReadOptions
) -> None:
    path = written(tmp_path / "in.csv", "text,b\nx,y\n")
    if form == "parquet":
        path = parquet(tmp_path, {"text": ["x"], "b": ["y"]})
    with pytest.raises(InputError, match=r"no column '(body|key)'; found text, b .*--text-column"):
        check_sources(find_sources([str(path)]), columns)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"not parquet at all"])
def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError, match="not a Parquet file"):
        outcomes(written(tmp_path / "a.parquet", content))


@pytest.mark.parametrize("content", ["", "\n", "One.\r\n\r\nTwo \u2028 مرحبا 🙂"])
def test_a_text_file_is_one_document_unchanged(tmp_path: Path, content: str) -> None:
    path = written(tmp_path / "story.txt", content)
    assert seen(path) == [(str(path), content)]


def test_standard_input_is_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO("Rébels.".encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert seen("-") == [("stdin", "Rébels.")]


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
    (b'{"' + b"k" * 500_000 + b'": 1}', "no column 'text'; found kkk"),
    (b'{"text": "x", "k": [' + b"[]," * 1_000_001 + b"0]}", "at most 1,000,000 values"),
    (b'{"text": "x", "k": 1, "k": 2}', "key 'k' stands twice in one object"),
    (b'{"text": "x", "k": {"a": 1, "a": 1}}', "key 'a' stands twice in one object"),
    (
        json.dumps({"text": "x", **dict.fromkeys(map(str, range(1_001)))}).encode(),
        "expected at most 1,000 columns beside text and id, found 1,001",
    ),
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
    assert len(failure.reason) < 500
    assert (first.text, last.text) == ("first", "last")


def test_a_thousand_columns_are_passed_through(tmp_path: Path) -> None:
    others = {f"c{i}": i for i in range(1_000)}
    (document,) = outcomes(jsonl(tmp_path, {"id": "a", "text": "x", "mentions": []} | others))
    assert isinstance(document, Document)
    assert document.columns == others


def test_a_column_that_only_later_lines_have_is_there(tmp_path: Path) -> None:
    rows = [{"text": "x"}] * 48 + [b"{broken", {"text": "y", "key": "k"}]
    assert seen(jsonl(tmp_path, *rows), ReadOptions("text", "key"))[-1] == ("k", "y")
    late = jsonl(tmp_path, *[{"text": "x"}] * 50, {"text": "y", "key": "k"})
    with pytest.raises(InputError, match="no column 'key'; found text"):
        outcomes(late, ReadOptions("text", "key"))


def test_a_first_line_with_too_many_values_is_not_decoded_to_see_its_columns(
    tmp_path: Path,
) -> None:
    many = b'{"text": "x", "k": [' + b"[]," * 1_000_001 + b"0]}"
    path = jsonl(tmp_path, many, {"body": "x"})
    with pytest.raises(InputError, match="no column 'text'; found body"):
        outcomes(path)


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
        ({"text": "x", "id": ""}, PLAIN, HASH_OF_X),
        ({"text": "x", "id": "a", "key": ""}, ReadOptions("text", "key"), HASH_OF_X),
        ({"text": "x", "id": 0}, PLAIN, "0"),
        ({"text": "x"}, PLAIN, HASH_OF_X),
        ({"text": "x", "id": "a", "key": "b"}, ReadOptions("text", "key"), "b"),
        ({"body": "x", "text": "y"}, ReadOptions("body"), HASH_OF_X),
    ],
)
def test_the_id_is_the_named_column_or_id_or_a_hash_of_the_text(
    tmp_path: Path, row: dict[str, Any], columns: ReadOptions, expected: str
) -> None:
    assert seen(jsonl(tmp_path, row), columns) == [(expected, "x")]


def test_a_named_id_column_that_a_line_lacks_fails_it(tmp_path: Path) -> None:
    rows = [{"text": "x", "key": 1}, {"text": "y"}]
    assert seen(jsonl(tmp_path, *rows), ReadOptions("text", "key")) == [("1", "x"), 2]


def test_other_columns_are_passed_through(tmp_path: Path) -> None:
    row = {"id": "a", "text": "x", "outlet": "T", "n": 3, "tags": ["a"], "none": None}
    (document,) = outcomes(jsonl(tmp_path, row))
    assert isinstance(document, Document)
    assert document.columns == {"outlet": "T", "n": 3, "tags": ["a"], "none": None}


def test_a_list_of_paragraphs_is_joined_by_a_blank_line(tmp_path: Path) -> None:
    path = jsonl(tmp_path, {"id": 1, "paras": ["One.", "Two."]}, {"id": 2, "paras": []})
    assert seen(path, ReadOptions("paras")) == [("1", "One.\n\nTwo."), ("2", "")]


def test_an_empty_file_has_no_documents(tmp_path: Path) -> None:
    assert seen(written(tmp_path / "a.jsonl", "\n \n")) == []
    assert seen(written(tmp_path / "a.csv", "text\n")) == []
    assert seen(parquet(tmp_path, {"text": pa.array([], pa.string())})) == []


MOJIBAKE = "The â€œrebelsâ€\x9d of ZÃ¼rich."


def test_text_decoded_wrongly_is_repaired_if_asked_for(tmp_path: Path) -> None:
    need_html()
    row = {"id": "a", "text": f"{MOJIBAKE}\nIt’s “as it was” — ﬁne."}
    path = jsonl(tmp_path, row)
    assert seen(path) == [("a", row["text"])]
    repaired = "The “rebels” of Zürich.\nIt’s “as it was” — ﬁne."
    assert seen(path, ReadOptions(repair=True)) == [("a", repaired)]
    paragraphs = jsonl(tmp_path, {"id": "a", "text": [MOJIBAKE, "Plain."]})
    assert seen(paragraphs, ReadOptions(repair=True)) == [
        ("a", "The “rebels” of Zürich.\n\nPlain.")
    ]


def test_a_text_with_offsets_of_its_own_is_not_repaired(tmp_path: Path) -> None:
    need_html()
    row = {"id": "a", "text": MOJIBAKE, "mentions": [{"start": 7, "end": 13}]}
    assert seen(jsonl(tmp_path, row), ReadOptions(repair=True)) == [("a", MOJIBAKE)]


def test_a_failure_shows_how_the_document_begins(tmp_path: Path) -> None:
    (failure,) = outcomes(jsonl(tmp_path, b'{"text": \xff' + b"x" * 1_000))
    assert isinstance(failure, Failure)
    assert failure.head == '{"text": \ufffd' + "x" * 190
    (failure,) = outcomes(parquet(tmp_path, {"text": ["a\x00" + "b" * 300]}))
    assert isinstance(failure, Failure)
    assert failure.head == "a\x00" + "b" * 198


@pytest.mark.parametrize("name", ["in.jsonl", "in.csv", "in.txt"])
def test_utf16_and_latin1_fail_by_the_document(tmp_path: Path, name: str) -> None:
    content = {
        "in.jsonl": '{"text": "Zürich"}\n{"text": "plain"}\n',
        "in.csv": "text\nZürich\nplain\n",
        "in.txt": "Zürich",
    }[name]
    found = outcomes(written(tmp_path / name, content.encode("latin-1")))
    assert [isinstance(item, Failure) for item in found] == [True, False][: len(found)]
    assert isinstance(found[0], Failure)
    assert "expected UTF-8, found byte 0xfc" in found[0].reason
    sources = find_sources([str(written(tmp_path / name, content.encode("utf-16")))])
    with closing(PieceReader(PLAIN)) as reader:
        broken = list(reader.read(Piece(sources[0])))
    assert broken
    assert all(isinstance(item, Failure) and "UTF-8" in item.reason for item in broken)
