"""Tables read as documents: CSV with its accidents, Parquet with its types."""

import datetime
import hashlib
import subprocess
import sys
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connote.infer.columns import check_sources
from connote.infer.documents import Document
from connote.infer.inputs import find_sources
from connote.infer.reading import Failure, Located, Piece, PieceReader
from connote.infer.rows import ReadOptions


def found_id(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read(path: Path, columns: ReadOptions | None = None) -> list[Document | Failure]:
    chosen = columns or ReadOptions()
    (source,) = find_sources([str(path)])
    check_sources([source], chosen)
    with closing(PieceReader(chosen)) as reader:
        found = list(reader.read(Piece(source)))
    return [item if isinstance(item, Failure) else item.document for item in found]


def csv(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    return path


def parquet(tmp_path: Path, columns: dict[str, Any], **options: Any) -> Path:
    path = tmp_path / "in.parquet"
    pq.write_table(pa.table(columns), path, **options)
    return path


def texts(found: list[Document | Failure]) -> list[str | None]:
    return [item.text if isinstance(item, Document) else None for item in found]


def test_csv_fields_may_hold_commas_quotes_and_lines(tmp_path: Path) -> None:
    path = csv(tmp_path, b'id,text,n\r\na,"One, ""two""\r\n\r\nthree",1\r\nb,x,2\r\n')
    first, second = read(path)
    assert first == Document('One, "two"\r\n\r\nthree', "a", None, {"n": "1"})
    assert second == Document("x", "b", None, {"n": "2"})


def test_a_csv_brings_no_mentions_of_its_own(tmp_path: Path) -> None:
    (document,) = read(csv(tmp_path, b"text,mentions\nx,many\n"))
    assert document == Document("x", found_id("x"), None, {"mentions": "many"})


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"a,caf\xe9,1", "expected UTF-8, found byte 0xe9 at 5"),
        (b"a,x,caf\xe9", "expected UTF-8"),
        (b"caf\xe9,x,1", "expected UTF-8"),
        (b"a,x\x00y,1", "NUL"),
        (b"a,x", "expected 3 fields, found 2"),
        (b"a,x,1,2", "expected 3 fields, found 4"),
    ],
)
def test_a_bad_csv_row_is_a_failure_with_its_line_and_the_rest_goes_on(
    tmp_path: Path, row: bytes, reason: str
) -> None:
    path = csv(tmp_path, b'id,text,n\nf,"two\nlines",1\n' + row + b"\nl,last,2\n")
    first, failure, last = read(path)
    assert isinstance(failure, Failure)
    assert (failure.source, failure.position) == (str(path), 4)
    assert reason in failure.reason
    assert texts([first, last]) == ["two\nlines", "last"]


def test_a_stray_quote_fails_its_own_line_alone(tmp_path: Path) -> None:
    path = csv(tmp_path, b'id,text,n\na,ok,1\nb,"open,2\nc,kept,3\n')
    first, failure, last = read(path)
    assert texts([first, last]) == ["ok", "kept"]
    assert isinstance(failure, Failure)
    assert "stray quote" in failure.reason


def test_blank_csv_lines_are_passed_over(tmp_path: Path) -> None:
    assert texts(read(csv(tmp_path, b"id,text\n\na,x\n\n"))) == ["x"]


def test_a_csv_field_may_be_very_long(tmp_path: Path) -> None:
    assert texts(read(csv(tmp_path, b"text\n" + b"x" * 1_000_000 + b"\n"))) == ["x" * 1_000_000]


def test_parquet_text_may_be_a_list_of_paragraphs(tmp_path: Path) -> None:
    path = parquet(tmp_path, {"paras": [["One.", "Two."], [], None], "id": ["a", "b", "c"]})
    found = read(path, ReadOptions("paras"))
    assert texts(found) == ["One.\n\nTwo.", "", None]
    assert isinstance(found[2], Failure)
    assert found[2].position == 3


def test_parquet_types_are_passed_through(tmp_path: Path) -> None:
    values = {
        "n": 3,
        "share": 0.5,
        "day": datetime.date(2024, 2, 29),
        "at": datetime.datetime(2024, 2, 29, 12, 30),
        "price": Decimal("1.50"),
        "yes": True,
        "tags": ["a", "b"],
        "place": {"x": 1, "y": None},
        "none": None,
    }
    path = parquet(tmp_path, {"text": ["x"]} | {key: [value] for key, value in values.items()})
    (document,) = read(path)
    assert isinstance(document, Document)
    assert document.columns == values


def test_a_parquet_brings_no_mentions_of_its_own(tmp_path: Path) -> None:
    (document,) = read(parquet(tmp_path, {"text": ["x"], "mentions": [5]}))
    assert document == Document("x", found_id("x"), None, {"mentions": 5})


def test_a_parquet_row_that_is_no_utf8_fails_alone(tmp_path: Path) -> None:
    raw = pa.array([b"first", b"\xff\xfe", b"last"])
    text = pa.Array.from_buffers(pa.utf8(), 3, raw.buffers())
    found = read(parquet(tmp_path, {"text": text}))
    assert texts(found) == ["first", None, "last"]
    assert isinstance(found[1], Failure)
    assert found[1].position == 2


@pytest.mark.parametrize("bad", ["a\x00b", None])
def test_a_bad_parquet_row_is_a_failure_and_the_rest_goes_on(
    tmp_path: Path, bad: str | None
) -> None:
    assert texts(read(parquet(tmp_path, {"text": ["a", bad, "b"]}))) == ["a", None, "b"]


def test_damage_inside_a_parquet_fails_what_cannot_be_read(tmp_path: Path) -> None:
    columns = {"text": [f"document {i} " * 20 for i in range(2_000)]}
    path = parquet(tmp_path, columns, row_group_size=500, compression="zstd")
    raw = bytearray(path.read_bytes())
    middle = len(raw) // 2
    raw[middle : middle + 400] = b"\xaa" * 400
    path.write_bytes(raw)
    found = read(path)
    (failure,) = [item for item in found if isinstance(item, Failure)]
    at = found.index(failure)
    behind = -(-(at + 1) // 500) * 500
    assert failure.position == at + 1
    assert f"the rest of rows {at + 1} to {behind} cannot be read" in failure.reason
    assert texts(found[:at]) == columns["text"][:at]
    assert texts(found[at + 1 :]) == columns["text"][behind:]


def test_a_parquet_that_would_grow_beyond_bounds_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connote.infer.parquet_rows.BOMB_SIZE", 2**20)
    texts = [" " * 100_000] * 50 + ["small"]
    path = parquet(tmp_path, {"text": texts}, use_dictionary=False, compression="zstd")
    (failure,) = read(path)
    assert isinstance(failure, Failure)
    assert failure.position == 1
    assert "rows 1 to 51 cannot be read: column text would grow to 5,000," in failure.reason


def test_a_truncated_parquet_is_refused(tmp_path: Path) -> None:
    path = parquet(tmp_path, {"text": ["x"] * 100})
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ValueError, match="not a Parquet file"):
        read(path)


LATE = 1_500_000_000_000_001_000


def nanoseconds(value: int) -> dict[str, Any]:
    """Columns of one row that count nanoseconds."""
    count = pa.array([value % 86_400_000_000_000], pa.int64())
    at = pa.array([value], pa.timestamp("ns"))
    took = count.cast("duration[ns]")
    return {
        "text": ["x"],
        "at": at,
        "zone": pa.array([value], pa.timestamp("ns", "Europe/Berlin")),
        "clock": count.cast(pa.time64("ns")),
        "took": pa.array([1_500], pa.duration("ns")) if value % 1000 else took,
        "list": pa.ListArray.from_arrays([0, 1], at),
        "place": pa.StructArray.from_arrays([at, pa.array([7])], ["at", "n"]),
    }


def test_nanoseconds_come_as_python_knows_them_where_nothing_is_lost(tmp_path: Path) -> None:
    (document,) = read(parquet(tmp_path, nanoseconds(LATE)))
    assert isinstance(document, Document)
    at = datetime.datetime(2017, 7, 14, 2, 40, 0, 1)
    columns = dict(document.columns)
    zone = columns.pop("zone")
    assert zone == at.replace(tzinfo=datetime.UTC)
    assert columns == {
        "at": at,
        "clock": datetime.time(2, 40, 0, 1),
        "took": datetime.timedelta(hours=2, minutes=40, microseconds=1),
        "list": [at],
        "place": {"at": at, "n": 7},
    }
    assert {type(value) for value in (columns["at"], zone)} == {datetime.datetime}


def test_nanoseconds_come_as_text_where_python_would_lose_some(tmp_path: Path) -> None:
    (document,) = read(parquet(tmp_path, nanoseconds(LATE + 1)))
    assert isinstance(document, Document)
    at = "2017-07-14 02:40:00.000001001"
    assert document.columns == {
        "at": at,
        "zone": "2017-07-14 04:40:00.000001001+0200",
        "clock": "02:40:00.000001001",
        "took": "1500",
        "list": [at],
        "place": {"at": at, "n": 7},
    }


def test_nanoseconds_need_no_pandas(tmp_path: Path) -> None:
    path = parquet(tmp_path, nanoseconds(LATE + 1))
    (tmp_path / "none" / "pandas").mkdir(parents=True)
    (tmp_path / "none" / "pandas" / "__init__.py").write_text("raise ImportError('none')")
    code = (
        "import sys; sys.path.insert(0, sys.argv[2]); sys.path.insert(0, sys.argv[3]); "
        "from reading_helpers import read; (item,) = read(sys.argv[1]); "
        "print(item.document.columns)"
    )
    folders = [str(Path(__file__).parent.parent), str(tmp_path / "none")]
    command = [sys.executable, "-c", code, str(path), *folders]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    (document,) = read(path)
    assert isinstance(document, Document)
    assert done.stdout.strip() == str(document.columns)


def test_an_unknown_time_zone_fails_its_rows(tmp_path: Path) -> None:
    columns = {"text": ["a", "b"], "at": pa.array([1, None], pa.timestamp("us", "Mars/Base"))}
    first, second = read(parquet(tmp_path, columns))
    assert isinstance(first, Failure)
    assert "a value that cannot be read" in first.reason
    assert isinstance(second, Document)


def test_runs_of_one_value_that_would_grow_beyond_bounds_fail(tmp_path: Path) -> None:
    column = pa.ListArray.from_arrays([0, 20_000_000], pa.array(np.zeros(20_000_000, np.int8)))
    path = parquet(tmp_path, {"text": ["x"], "n": column}, compression="zstd")
    assert path.stat().st_size < 2_000
    (failure,) = read(path)
    assert isinstance(failure, Failure)
    assert "column n.list.element would grow to 20,000,000 values" in failure.reason


def test_a_long_column_of_one_value_is_no_bomb(tmp_path: Path) -> None:
    count = 10_000_001
    columns = {"text": pa.repeat(pa.scalar("x"), count), "n": pa.nulls(count, pa.int8())}
    path = parquet(tmp_path, columns, row_group_size=count)
    (source,) = find_sources([str(path)])
    with closing(PieceReader(ReadOptions())) as reader:
        assert isinstance(next(reader.read(Piece(source))), Located)
