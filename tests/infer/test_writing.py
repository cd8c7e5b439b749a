"""Writing: one schema for all rows, read back equal, complete or not there at all."""

import csv
import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from connote.data.schema import FRAMINGS, STANCES, VOICES
from connote.infer import spool
from connote.infer.results import Judgement, ScoredDocument, ScoredMention, ScoredSentence
from connote.infer.table import SCHEMA, rows_of
from connote.infer.writing import OUTPUTS, OutputError, ScoreWriter, check_output


def document(id: str = "d") -> ScoredDocument:
    mention = ScoredMention(
        4,
        10,
        "rebels",
        "armed",
        "lexicon",
        Judgement.decide(FRAMINGS, [0.125, 0.5, 0.25, 0.125], 0.4),
        Judgement.decide(STANCES, [0.25, 0.5, 0.25], 0.75),
        Judgement.decide(VOICES, [0.5, 0.25, 0.25], 0.4),
    )
    loaded = Judgement.decide(("true", "false"), [0.25, 0.75], 0.5)
    text = "The rebels 🙂 fled, “so\nto\u2028say”."
    return ScoredDocument(
        id,
        f"{text} Yes.",
        (
            ScoredSentence(0, 0, len(text), text, (mention, mention), loaded, ((4, 10),), ("x",)),
            ScoredSentence(1, len(text) + 1, len(text) + 5, "Yes.", (), loaded),
        ),
        "m@1",
    )


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    with ScoreWriter(path) as writer:
        for row in rows:
            writer.add(row)
    assert list(path.parent.iterdir()) == [path]
    return path


def read(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()  # type: ignore[no-any-return]
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_bytes().splitlines()]
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def own(path: Path, name: str = "x") -> list[Any]:
    return [row[name] for row in read(path)]


@pytest.fixture(params=[5_000, 1], ids=["one-batch", "a-batch-a-row"])
def batch(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(spool, "_BATCH", request.param)
    return int(request.param)


def test_a_row_per_mention_and_one_for_a_sentence_without() -> None:
    rows = list(rows_of(document(), {"outlet": "T"}))
    assert [(row["sentence"], row.get("mention")) for row in rows] == [
        *((0, "rebels"), (0, "rebels"), (1, None))
    ]
    first = rows[0]
    assert (first["mention_start"], first["mention_end"]) == (4, 10)
    assert (first["framing"], first["stance"], first["voice"]) == ("neutral", "uncertain", "own")
    assert (first["p_framing_neutral"], first["p_stance_favor"]) == (0.5, 0.25)
    assert (first["loaded"], first["p_loaded"], first["flags"]) == ("false", 0.25, ["x"])
    assert first["loaded_spans"] == [{"start": 4, "end": 10}]
    assert {row["outlet"] for row in rows} == {"T"}


def test_a_column_whose_name_the_table_needs_gets_a_prefix() -> None:
    columns = {"framing": 1, "input_framing": 2, "doc_id": 3, "id": 4}
    row = next(rows_of(document(), columns))
    assert (row["framing"], row["doc_id"]) == ("neutral", "d")
    assert (row["input_framing"], row["input_input_framing"]) == (2, 1)
    assert (row["input_doc_id"], row["id"]) == (3, 4)


@pytest.mark.usefixtures("batch")
def test_every_format_reads_back_equal(tmp_path: Path) -> None:
    columns = {"outlet": 'Tägesblatt, "x"\r\n', "n": 3, "day": None}
    rows = [row for i in range(3) for row in rows_of(document(str(i)), columns)]
    full = [{name: row.get(name) for name in [*SCHEMA.names, *columns]} for row in rows]
    for ending in (".parquet", ".jsonl"):
        folder = tmp_path / ending[1:]
        folder.mkdir()
        assert read(written(folder / f"out{ending}", rows)) == full
    (tmp_path / "csv").mkdir()
    as_text = [
        {k: v if isinstance(v, str) else "" if v is None else json.dumps(v) for k, v in row.items()}
        for row in full
    ]
    assert read(written(tmp_path / "csv" / "out.csv", rows)) == as_text


def test_no_rows_leave_a_table_with_its_columns(tmp_path: Path) -> None:
    path = written(tmp_path / "out.parquet", [])
    assert pq.read_schema(path).names == SCHEMA.names


TYPED = [
    *(3, 2**62, 0.5, True, "text", datetime.date(2024, 2, 29), Decimal("1.50"), ["a", "b"]),
    *({"a": 1, "b": "x"}, [{"a": [1]}], datetime.datetime(2024, 2, 29, 12, 30), b"raw"),
]


@pytest.mark.usefixtures("batch")
@pytest.mark.parametrize("value", TYPED, ids=repr)
def test_types_are_passed_through_to_parquet(tmp_path: Path, value: Any) -> None:
    path = written(tmp_path / "out.parquet", [{"x": value}, {"x": None}, {}, {"x": value}])
    assert own(path) == [value, None, None, value]


@pytest.mark.usefixtures("batch")
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([None, None], [None, None]),
        ([None, 3], [None, 3]),
        ([1, 2.5], [1.0, 2.5]),
        ([1, "a"], ["1", "a"]),
        ([True, 3], ["true", "3"]),
        ([["a"], "b"], ['["a"]', "b"]),
        ([{"a": {"b": 1}}, {"a": 2}], ['{"a": {"b": 1}}', '{"a": 2}']),
        ([{"a": 1}, {"b": "s"}], [{"a": 1, "b": None}, {"a": None, "b": "s"}]),
        ([{}, None], ["{}", None]),
        ([[], ["a"]], [[], ["a"]]),
        ([10**30, 3], [str(10**30), "3"]),
        ([2**60 + 1, 1.5], [str(2**60 + 1), "1.5"]),
        ([datetime.date(2024, 2, 29), "s"], ["2024-02-29", "s"]),
        ([Decimal("1.50"), "s"], ["1.50", "s"]),
        (["é🙂\u2028", ""], ["é🙂\u2028", ""]),
    ],
)
@pytest.mark.parametrize("ending", [".parquet", ".jsonl"])
def test_a_column_of_clashing_types_becomes_text(
    tmp_path: Path, values: list[Any], expected: list[Any], ending: str
) -> None:
    assert own(written(tmp_path / f"out{ending}", [{"x": v} for v in values])) == expected


@pytest.mark.usefixtures("batch")
@pytest.mark.parametrize("ending", OUTPUTS)
def test_a_column_may_come_late(tmp_path: Path, ending: str) -> None:
    path = written(tmp_path / f"out{ending}", [{"a": "1"}, {"b": "2"}, {"a": "3", "c": "4"}])
    empty = "" if ending == ".csv" else None
    assert own(path, "a") == ["1", empty, "3"]
    assert own(path, "b") == [empty, "2", empty]
    assert own(path, "c") == [empty, empty, "4"]


@pytest.mark.parametrize("ending", OUTPUTS)
def test_a_deeply_nested_column_becomes_text(tmp_path: Path, ending: str) -> None:
    value: list[Any] = []
    for _ in range(300):
        value = [value]
    assert own(written(tmp_path / f"out{ending}", [{"x": value}])) == [json.dumps(value)]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [1.5, float("nan")]])
def test_jsonl_stays_json_where_a_number_is_none(tmp_path: Path, value: Any) -> None:
    path = written(tmp_path / "out.jsonl", [{"x": value}])
    assert b"NaN" not in path.read_bytes()
    assert own(path) == [[1.5, None] if isinstance(value, list) else None]


def test_csv_values_are_written_plainly(tmp_path: Path) -> None:
    row = {"d": datetime.date(2024, 2, 29), "p": Decimal("1.50"), "l": ["ü"], "b": True, "f": 0.5}
    (found,) = read(written(tmp_path / "out.csv", [row]))
    assert {key: found[key] for key in row} == {
        **{"d": "2024-02-29", "p": "1.50", "l": '["ü"]', "b": "true", "f": "0.5"}
    }


@pytest.mark.usefixtures("batch")
@pytest.mark.parametrize("ending", OUTPUTS)
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_exception_leaves_nothing(
    tmp_path: Path, ending: str, error: type[BaseException]
) -> None:
    with pytest.raises(error), ScoreWriter(tmp_path / f"out{ending}") as writer:
        writer.add({"x": 1})
        raise error
    assert list(tmp_path.iterdir()) == []


def test_an_exception_leaves_the_earlier_output(tmp_path: Path) -> None:
    path = written(tmp_path / "out.jsonl", [{"x": 1}])
    before = path.read_bytes()
    with pytest.raises(UnicodeEncodeError), ScoreWriter(path) as writer:
        writer.add({"x": "\ud800"})
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_stands_under_the_name_before_the_end(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    with ScoreWriter(path) as writer:
        writer.add({"x": 1})
        assert not path.exists()
    assert own(path) == [1]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("out.txt", r"expected an output ending in \.parquet, \.jsonl, \.csv, found '\.txt'"),
        ("out", "expected an output ending in"),
        ("folder.csv", "expected a file to write, found a folder"),
        ("there.jsonl", "exists; give another name or --overwrite"),
        ("none/out.csv", "no folder .*none; make it first"),
    ],
)
def test_an_output_that_cannot_be_is_refused(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "there.jsonl").write_text("old", encoding="utf-8")
    with pytest.raises(OutputError, match=message):
        check_output(tmp_path / name, overwrite=False)


@pytest.mark.parametrize("length", [240, 246])
def test_a_name_as_long_as_the_disk_takes_is_written(tmp_path: Path, length: int) -> None:
    path = tmp_path / ("x" * length + ".parquet")
    check_output(path, overwrite=False)
    with ScoreWriter(path) as writer:
        writer.add({"doc_id": "a"})
    assert path.is_file()


def test_a_good_output_is_left_untouched_by_the_check(tmp_path: Path) -> None:
    (tmp_path / "there.jsonl").write_text("old", encoding="utf-8")
    check_output(tmp_path / "there.jsonl", overwrite=True)
    check_output(tmp_path / "new.csv", overwrite=False)
    assert [(p.name, p.read_text("utf-8")) for p in tmp_path.iterdir()] == [("there.jsonl", "old")]
