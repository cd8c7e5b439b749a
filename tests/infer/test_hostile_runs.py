"""Archives that want to break a run: each costs what is broken, never the run."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from run_helpers import CONNOTE, rows_of, run

from connote import Options, ReadOptions, Settings, score_archive
from connote.data.errors import UsageError
from connote.infer.engine import WorkerError
from connote.infer.inputs import InputError

GOOD = '{"id": "good", "text": "The regime\'s forces entered the town."}\n'


def failures(out: Path) -> list[dict[str, object]]:
    found = []
    for path in sorted((out / "failures").glob("*.jsonl")):
        found += [json.loads(line) for line in path.read_text().splitlines()]
    return found


def check(source: Path, tmp_path: Path, reason: str) -> None:
    """The good document is scored, and one failure has the reason."""
    summary = score_archive(source, tmp_path / "out")
    assert {row["doc_id"] for row in rows_of(tmp_path / "out" / "scores")} == {"good"}
    assert summary.failed == 1
    [failure] = failures(tmp_path / "out")
    assert reason in str(failure["reason"])
    assert len(str(failure["head"])) <= 200
    assert len(str(failure["reason"])) < 500


def test_fifty_megabytes_of_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "' + "The mob came. " * 3_800_000 + '"}\n' + GOOD)
    assert path.stat().st_size > 50 * 2**20
    check(path, tmp_path, "expected at most 32 MiB")


def test_a_book_in_a_row(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "The mob came. " * 400_000}) + "\n" + GOOD)
    check(path, tmp_path, "5,000,000 characters")


def test_a_bomb(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=9) as out:
        out.write(GOOD.encode())
        for _ in range(2 * 1024):
            out.write(b" " * 2**20)
    check(path, tmp_path, "the rest cannot be read")


def test_broken_gzip_and_truncated_parquet(tmp_path: Path) -> None:
    whole = gzip.compress((GOOD + GOOD.replace("good", "lost") * 3_000).encode(), mtime=0)
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    summary = score_archive(tmp_path / "a.jsonl.gz", tmp_path / "gz", options=Options(workers=1))
    assert summary.failed == 1
    assert "the rest cannot be read" in str(failures(tmp_path / "gz")[0]["reason"])
    good = tmp_path / "b"
    good.mkdir()
    pq.write_table(pa.table({"id": ["good"], "text": ["The mob came."]}), good / "a.parquet")
    (good / "b.parquet").write_bytes((good / "a.parquet").read_bytes()[:-20])
    check(good, tmp_path, "not a Parquet file")


def test_a_stray_quote_costs_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\nlost,"The mob\ngood,The regime fell.\n')
    check(path, tmp_path, "")


def test_pages_that_are_none(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura", reason="needs the extra html")
    pytest.importorskip("fastwarc", reason="needs the extra html")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text(GOOD)
    (folder / "b.html").write_bytes(bytes(range(256)) * 100)
    check(folder, tmp_path, "")


def test_mojibake_is_repaired_when_asked(tmp_path: Path) -> None:
    pytest.importorskip("ftfy", reason="needs the extra html")
    path = tmp_path / "a.jsonl"
    broken = "The regimeâ€™s forces entered."
    path.write_text(json.dumps({"text": broken}) + "\n")
    score_archive(path, tmp_path / "plain")
    assert rows_of(tmp_path / "plain" / "scores")[0]["sentence_text"] == broken
    score_archive(path, tmp_path / "out", Settings(ReadOptions(repair=True)))
    repaired = rows_of(tmp_path / "out" / "scores")[0]["sentence_text"]
    assert repaired == "The regime’s forces entered."


def test_a_hundred_thousand_mentions_in_one_document(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    text = "The terrorists and the mob fled. " * 50_000
    path.write_text(json.dumps({"id": "many", "text": text}) + "\n" + GOOD)
    summary = score_archive(path, tmp_path / "out")
    assert summary.failed == 0
    assert summary.mentions > 90_000
    assert summary.sentences == 50_001


def test_a_hundred_thousand_broken_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("x\n" * 100_000 + GOOD)
    summary = score_archive(path, tmp_path / "out")
    assert (summary.documents, summary.failed) == (1, 100_000)
    assert len(failures(tmp_path / "out")) == 100_000
    assert len(summary.failures) == 1_000


def test_a_name_that_cannot_be_encoded_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"\\ud800": 1}\n' + GOOD)
    check(path, tmp_path, "no column 'text'")


def test_too_many_partitions_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [{"text": "The mob came.", "n": n} for n in range(1_100)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(WorkerError, match="--partition-by n: expected at most 1,000 values"):
        score_archive(path, tmp_path / "out", Settings(partition_by="n"))
    with pytest.raises(InputError, match="no column 'm'"):
        score_archive(path, tmp_path / "out2", Settings(partition_by="m"))
    with pytest.raises(UsageError, match="--partition-by voice: expected a column of the doc"):
        score_archive(path, tmp_path / "out3", Settings(partition_by="voice"))
    path.write_text('{"text": "A mob.", "n": [1]}\n')
    with pytest.raises(WorkerError, match="expected a column of plain values, found list"):
        score_archive(path, tmp_path / "out4", Settings(partition_by="n"))
    path.write_text(json.dumps({"text": "A mob.", "n": "ж" * 99}) + "\n")
    with pytest.raises(WorkerError, match="found one that is too long"):
        score_archive(path, tmp_path / "out5", Settings(partition_by="n"))


def test_values_of_partitions_stay_inside_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    names = ["../../evil", "/etc", "a/b", "..", "", None, "x=y", "ö\n"]
    rows = [{"text": "The mob came.", "outlet": name} for name in names]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    score_archive(path, tmp_path / "out", Settings(partition_by="outlet"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.jsonl", "out"]
    files = list((tmp_path / "out" / "scores").rglob("*.parquet"))
    assert len(files) == len(names)
    assert all(len(f.relative_to(tmp_path / "out" / "scores").parts) == 2 for f in files)


def test_columns_of_parquet_keep_their_types(tmp_path: Path) -> None:
    table = pa.table(
        {
            "text": pa.array(["The mob came.", "The regime fell."]),
            "year": pa.array([2020, 2021], pa.int16()),
            "at": pa.array([1, 2], pa.timestamp("ms")),
            "score": pa.array([0.5, None], pa.float32()),
            "voice": pa.array(["a", "b"]).dictionary_encode(),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    score_archive(tmp_path / "a.parquet", tmp_path / "out")
    found = pq.read_table(tmp_path / "out" / "scores").schema
    types = {name: found.field(name).type for name in ("year", "at", "score", "input_voice")}
    assert types == {
        "year": pa.int16(),
        "at": pa.timestamp("ms"),
        "score": pa.float32(),
        "input_voice": pa.string(),
    }


def test_types_of_one_file_are_not_forced_on_another(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    text = ["The mob came."]
    pq.write_table(pa.table({"text": text, "n": [3]}), folder / "a.parquet")
    pq.write_table(pa.table({"text": text, "n": [2.5]}), folder / "b.parquet")
    (folder / "c.jsonl").write_text('{"text": "The mob left.", "n": 0.25}\n')
    for workers in (1, 2):
        out = tmp_path / str(workers)
        score_archive(folder, out, options=Options(workers=workers, shard_bytes=1))
        assert sorted(row["n"] for row in rows_of(out / "scores")) == [0.25, 2.5, 3.0]
    together = tmp_path / "together.parquet"
    assert run("score", folder, "-o", together).returncode == 0
    assert sorted(row["n"] for row in rows_of(together)) == [0.25, 2.5, 3.0]


def test_a_large_parquet_that_is_cut_off_fails_alone(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text(GOOD)
    table = pa.table({"text": [f"The mob came {n}." for n in range(20_000)]})
    pq.write_table(table, folder / "b.parquet", compression="none")
    whole = (folder / "b.parquet").read_bytes()
    (folder / "b.parquet").write_bytes(whole[: len(whole) // 2])
    check(folder, tmp_path, "not a Parquet file")


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss has other units elsewhere")
def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    peaks = []
    for times in (200, 4_000):
        path = tmp_path / f"{times}.jsonl"
        rows = (
            {"text": f"In {n} the regime shelled village {n}. It rained."} for n in range(times)
        )
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        code = (
            "import resource, subprocess, sys\n"
            f"subprocess.run({[*CONNOTE, 'score', str(path), '-o', str(tmp_path / str(times))]!r},"
            " check=True)\n"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        peaks.append(int(done.stdout) * 1024)
    assert peaks[1] < peaks[0] * 1.3
    assert peaks[1] < 0.8 * 2**30
