"""Runs over archives: every document once, whatever happens in between."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from run_helpers import COLUMNS, CONNOTE, left_over, rows_of, run, write_archive

from connote import Options, Progress, ReadOptions, RunError, Settings, score_archive
from connote.data.errors import UsageError
from connote.infer.engine import WorkerError
from connote.infer.inputs import InputError
from connote.infer.table import SCHEMA

SETTINGS = Settings(read=ReadOptions(text="paragraphs"))
SMALL = Options(shard_bytes=3_000)


@pytest.fixture(scope="module")
def archive(demo_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(demo_archive, tmp_path_factory.mktemp("archive") / "news.jsonl")


@pytest.fixture(scope="module")
def reference(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same archive scored document after document into one file."""
    path = tmp_path_factory.mktemp("reference") / "scores.parquet"
    assert run("score", archive, *COLUMNS, "-o", path).returncode == 0
    return path


@pytest.fixture(scope="module")
def finished(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a run; tests that change it copy it first."""
    out = tmp_path_factory.mktemp("finished") / "out"
    score_archive(archive, out, SETTINGS, SMALL)
    return out


@pytest.fixture
def copied(finished: Path, tmp_path: Path) -> Path:
    """A copy of that output."""
    return Path(shutil.copytree(finished, tmp_path / "out"))


def test_a_folder_holds_the_rows_of_one_file(
    archive: Path, reference: Path, tmp_path: Path
) -> None:
    seen: list[Progress] = []
    summary = score_archive(archive, tmp_path / "out", SETTINGS, SMALL, on_progress=seen.append)
    assert summary.documents == 36
    assert rows_of(tmp_path / "out" / "scores") == rows_of(reference)
    assert seen[-1].beat.documents == 36
    assert seen[-1].shards == seen[-1].of_shards > 10
    report = json.loads((tmp_path / "out" / "run.json").read_text())
    assert report["documents"] == 36
    assert report["sentences"] == summary.sentences
    assert report["rows"] == len(rows_of(reference))
    assert report["model"].startswith("connote@")
    assert report["seconds"] > 0
    assert not left_over(tmp_path / "out")


def test_every_reader_reads_the_folder(finished: Path) -> None:
    out = finished
    rows = len(rows_of(out / "scores"))
    pl, pd = (pytest.importorskip(name, reason=f"needs {name}") for name in ("polars", "pandas"))
    duckdb = pytest.importorskip("duckdb", reason="needs duckdb")
    assert len(pd.read_parquet(out / "scores")) == rows
    assert pl.read_parquet(out / "scores").height == rows
    assert ds.dataset(out / "scores").count_rows() == rows
    counted = duckdb.sql(f"select count(*) from '{out}/**/*.parquet'").fetchall()
    assert counted == [(rows,)]
    schema = pq.read_schema(next((out / "scores").glob("*.parquet")))
    assert schema.names[: len(SCHEMA)] == SCHEMA.names
    assert pa.schema([schema.field(i) for i in range(len(SCHEMA))]).equals(SCHEMA)


def test_compressed_files_and_folders_of_them(
    archive: Path, reference: Path, tmp_path: Path
) -> None:
    lines = archive.read_bytes().splitlines(keepends=True)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(b"".join(lines[:20])))
    (folder / "b.jsonl").write_bytes(b"".join(lines[20:]))
    score_archive(folder, tmp_path / "out", SETTINGS, Options(shard_bytes=5_000))
    assert rows_of(tmp_path / "out" / "scores") == rows_of(reference)


def test_columns_of_changing_type_are_one_type_in_all_parts(tmp_path: Path) -> None:
    rows = [
        {"text": "The regime fell.", "n": 1},
        {"text": "The mob came.", "n": 2.5, "late": [1]},
        {"text": "Rebels spoke."},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    score_archive(path, tmp_path / "out", options=Options(shard_bytes=1))
    parts = sorted((tmp_path / "out" / "scores").glob("*.parquet"))
    assert len(parts) == 3
    assert len({str(pq.read_schema(part)) for part in parts}) == 1
    read = pq.read_table(tmp_path / "out" / "scores")
    assert read.schema.field("n").type == pa.float64()
    assert read.column("late").to_pylist() == [None, [1], None]


def test_copies_are_told_across_shards(tmp_path: Path) -> None:
    long = " ".join(f"In the year {n} the regime shelled town {n} again." for n in range(9))
    texts = [long, "Nothing else happened in the capital on that day.", long]
    path = tmp_path / "a.jsonl"
    rows = [json.dumps({"id": f"d{n}", "text": text}) for n, text in enumerate(texts)]
    path.write_text("\n".join(rows) + "\n")
    score_archive(path, tmp_path / "out", options=Options(shard_bytes=1))
    found = rows_of(tmp_path / "out" / "scores")
    clusters = {row["doc_id"]: row["copy_cluster"] for row in found}
    assert clusters == {"d0": "d0", "d1": "d1", "d2": "d0"}
    assert {r["paragraph_cluster"] for r in found if r["doc_id"] == "d2"} == {"d0#0"}


def test_copies_are_told_by_document_where_ids_repeat(tmp_path: Path) -> None:
    long = " ".join(f"In the year {n} the regime shelled town {n} again." for n in range(9))
    other = " ".join(f"By day {n} the rebels had left village {n} for good." for n in range(9))
    path = tmp_path / "a.jsonl"
    rows = [("x", long), ("a", other), ("a", long)]
    path.write_text("".join(json.dumps({"id": i, "text": t}) + "\n" for i, t in rows))
    score_archive(path, tmp_path / "out")
    found = pq.read_table(tmp_path / "out" / "scores").to_pylist()
    clusters = {(r["sentence_text"][:2], r["doc_id"]): r["copy_cluster"] for r in found}
    assert clusters == {("In", "x"): "x", ("By", "a"): "a", ("In", "a"): "x"}
    assert {r["paragraph_cluster"] for r in found} == {"x#0", "a#0"}


def test_types_that_no_number_fits_stay_text_however_often_it_is_called(tmp_path: Path) -> None:
    path, out = tmp_path / "a.jsonl", tmp_path / "out"
    values = [1.5, 2**60 + 1, None]
    path.write_text("".join(json.dumps({"text": "A mob.", "n": v}) + "\n" for v in values))
    for _ in range(2):
        score_archive(path, out, options=Options(shard_bytes=1))
        found = pq.read_table(out / "scores").column("n").to_pylist()
        assert sorted(map(str, found)) == ["1.5", str(2**60 + 1), "None"]
        (out / ".connote" / "finished.json").unlink()


def test_a_column_without_values_in_one_shard_keeps_its_type(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "A mob.", "year": null}\n{"text": "The mob.", "year": 1999}\n')
    score_archive(path, tmp_path / "out", options=Options(shard_bytes=1))
    assert pq.read_table(tmp_path / "out" / "scores").schema.field("year").type == pa.int64()


def test_what_no_note_names_is_swept_away(archive: Path, copied: Path) -> None:
    stray = copied / "scores" / "part-000000-7.parquet"
    stray.write_bytes(b"left by a kill")
    (copied / ".connote" / "finished.json").unlink()
    score_archive(archive, copied, SETTINGS, SMALL)
    assert not stray.exists()


def test_a_damaged_part_is_named(archive: Path, copied: Path) -> None:
    part = sorted((copied / "scores").iterdir())[0]
    part.write_bytes(b"")
    (copied / ".connote" / "finished.json").unlink()
    with pytest.raises(RunError, match=f"{part.name}.*damaged"):
        score_archive(archive, copied, SETTINGS, SMALL)


def test_an_error_ends_the_run_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "A mob."}\n{broken\n' * 400)
    with pytest.raises(RunError, match="failed, more than --max-failures 0"):
        score_archive(path, tmp_path / "out", options=Options(max_failures=0, shard_bytes=30))
    done = len(list((tmp_path / "out" / ".connote" / "done").glob("part-*.json")))
    assert done < 200
    with pytest.raises(RunError, match="--max-failures 0"):
        score_archive(path, tmp_path / "out", options=Options(max_failures=0, shard_bytes=30))


def test_partitions_and_contested_only(archive: Path, reference: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    settings = Settings(SETTINGS.read, partition_by="outlet", contested_only=True)
    score_archive(archive, out, settings, SMALL)
    expected = [r for r in rows_of(reference) if r["framing"] in ("delegitimizing", "legitimizing")]
    assert rows_of(out / "scores") == expected
    folders = {path.name for path in (out / "scores").iterdir()}
    assert "outlet=Meridian%20Wire" in folders
    found = {row["outlet"] for row in rows_of(out / "scores")}
    assert found == {row["outlet"] for row in expected}


def test_an_archive_without_documents_gives_an_empty_table(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("")
    summary = score_archive(tmp_path / "a.jsonl", tmp_path / "out")
    assert summary.documents == 0
    assert pq.read_table(tmp_path / "out" / "scores").schema.equals(SCHEMA)


def test_bad_documents_become_rows_with_place_reason_and_head(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = ['{"text": "The regime fell."}', "{broken", '{"text": 5}', '{"text": "The mob came."}']
    path.write_text("\n".join(lines) + "\n")
    summary = score_archive(path, tmp_path / "out")
    assert (summary.documents, summary.failed) == (2, 2)
    failures = [
        json.loads(line)
        for file in (tmp_path / "out" / "failures").iterdir()
        for line in file.read_text().splitlines()
    ]
    assert [f["position"] for f in failures] == [2, 3]
    assert failures[0]["head"].strip() == "{broken"
    assert failures[0]["source"] == str(path)
    assert "broken JSON" in failures[0]["reason"]


def test_too_many_failures_end_the_run_and_a_higher_number_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "The mob came."}\n' + "{broken\n" * 5)
    few = run("score", path, "-o", tmp_path / "out", "--max-failures", "2")
    assert few.returncode == 2
    assert "5 documents failed, more than --max-failures 2" in few.stderr
    more = run("score", path, "-o", tmp_path / "out", "--max-failures", "5")
    assert more.returncode == 1
    assert len(rows_of(tmp_path / "out" / "scores")) == 1


# Going on


def test_what_is_done_is_not_done_again(archive: Path, copied: Path) -> None:
    times = {path: path.stat().st_mtime_ns for path in (copied / "scores").iterdir()}
    again = score_archive(archive, copied, SETTINGS, SMALL)
    assert again.documents == 36
    assert {path: path.stat().st_mtime_ns for path in (copied / "scores").iterdir()} == times


def test_a_part_that_was_lost_is_made_again(archive: Path, reference: Path, copied: Path) -> None:
    sorted((copied / "scores").iterdir())[3].unlink()
    score_archive(archive, copied, SETTINGS, SMALL)
    assert rows_of(copied / "scores") == rows_of(reference)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (Settings(SETTINGS.read, lexicon_only=True), "lexicon_only was False, is True"),
        (Settings(SETTINGS.read, speakers=False), "speakers was True, is False"),
        (Settings(SETTINGS.read, partition_by="outlet"), "partition_by was None, is 'outlet'"),
    ],
)
def test_another_option_is_refused_and_named(
    archive: Path, copied: Path, settings: Settings, said: str
) -> None:
    with pytest.raises(RunError, match=f"{said}.*--restart"):
        score_archive(archive, copied, settings)


def test_a_restart_begins_anew(archive: Path, copied: Path) -> None:
    settings = Settings(SETTINGS.read, lexicon_only=True)
    score_archive(archive, copied, settings, Options(restart=True))
    flags = {flag for row in rows_of(copied / "scores") for flag in row["flags"]}
    assert "no-label" in flags
    assert len(list((copied / "scores").iterdir())) == 1


def test_another_input_is_refused_and_named(tmp_path: Path) -> None:
    path, out = tmp_path / "a.jsonl", tmp_path / "out"
    path.write_text('{"id": "1", "paragraphs": ["The mob came."]}\n')
    score_archive(path, out, SETTINGS)
    before, text = path.stat(), path.read_text()
    path.write_text(text + '{"id": "2", "paragraphs": ["The mob left."]}\n')
    with pytest.raises(RunError, match=r"a\.jsonl has changed: its size was \d+, is \d+"):
        score_archive(path, out, SETTINGS)
    path.write_text(text)
    os.utime(path, ns=(1, 1))
    with pytest.raises(RunError, match="its time of modification was"):
        score_archive(path, out, SETTINGS)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    other = tmp_path / "b.jsonl"
    other.write_text(text)
    with pytest.raises(RunError, match=r"the input has a new file .*b\.jsonl"):
        score_archive([path, other], out, SETTINGS)
    with pytest.raises(RunError, match=r"the input has a new file .*b\.jsonl"):
        score_archive(other, out, SETTINGS)


def test_another_model_is_refused(archive: Path, copied: Path, tmp_path: Path) -> None:
    from connote.infer.folder import shipped_model

    model = tmp_path / "model"
    shutil.copytree(shipped_model(), model)
    config = json.loads((model / "config.json").read_text())
    config["thresholds"]["framing"] = 0.9
    (model / "config.json").write_text(json.dumps(config))
    with pytest.raises(RunError, match=r"model was 'connote@.*', is 'connote@"):
        score_archive(archive, copied, Settings(SETTINGS.read, model=str(model)))


def test_a_folder_of_someone_else_is_left_alone(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.tex").write_text("years of work")
    with pytest.raises(RunError, match=r"found 'thesis.tex'"):
        score_archive(archive, out, SETTINGS, Options(restart=True))
    assert [path.name for path in out.iterdir()] == ["thesis.tex"]
    with pytest.raises(RunError, match="found a file"):
        score_archive(archive, out / "thesis.tex", SETTINGS)


def test_scores_inside_the_archive_are_not_read_as_documents(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(archive, folder / "a.jsonl")
    score_archive(folder, folder / "out", SETTINGS)
    again = score_archive(folder, folder / "out", SETTINGS)
    assert again.documents == 36


def test_an_input_that_is_missing_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        score_archive(tmp_path / "none.jsonl", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_read_twice_is_refused(tmp_path: Path) -> None:
    call = run("score", "-", "-o", tmp_path / "out", input="The mob came.")
    assert call.returncode == 2
    assert "-: expected files" in call.stderr
    assert not (tmp_path / "out").exists()


def test_options_that_would_do_nothing_are_refused(archive: Path, tmp_path: Path) -> None:
    call = run("score", archive, *COLUMNS, "-o", tmp_path / "out", "--overwrite")
    assert call.returncode == 2
    assert "--overwrite: expected a file" in call.stderr
    call = run("score", archive, *COLUMNS, "-o", tmp_path / "out.csv", "--shard", "1/2")
    assert call.returncode == 2
    assert "--shard: expected a folder as output" in call.stderr


def test_groups_may_be_documents_or_have_no_value(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [{"id": "x", "o": "b"}, {"id": "y", "o": None}, {"id": "z"}]
    path.write_text("".join(json.dumps({**r, "text": "The mob came."}) + "\n" for r in rows))
    by_id = score_archive(path, tmp_path / "1", Settings(ReadOptions(by="id")))
    assert set(by_id.groups) == {"x", "y", "z"}
    by_outlet = score_archive(path, tmp_path / "2", Settings(ReadOptions(by="o")))
    assert set(by_outlet.groups) == {"b", "(none)"}


def test_a_log_gets_plain_lines_and_quiet_nothing(archive: Path, tmp_path: Path) -> None:
    told = run("score", archive, *COLUMNS, "-o", tmp_path / "out")
    assert "36 documents, 479 sentences" in told.stderr
    assert "connote@" in told.stderr
    assert "\x1b" not in told.stderr
    quiet = run("score", archive, *COLUMNS, "-o", tmp_path / "quiet", "--quiet")
    assert quiet.stderr + quiet.stdout == ""


@pytest.mark.parametrize("share", [(0, 2), (3, 2)])
def test_a_share_that_is_none_is_refused(share: tuple[int, int]) -> None:
    with pytest.raises(UsageError, match="expected K/N"):
        Options(share=share)


# Killed, doubled, out of space


@pytest.fixture
def started(archive: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A run at work, in a process group of its own."""
    process = _start(archive, tmp_path / "out")
    _wait_for_shards(tmp_path / "out", 1)
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _start(archive: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [*CONNOTE, "score", str(archive), *COLUMNS, "-o", str(out), "--shard-bytes", "2000"]
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def _wait_for_shards(out: Path, number: int) -> None:
    ends = time.monotonic() + 300
    while len(list((out / ".connote" / "done").glob("part-*.json"))) < number:
        assert time.monotonic() < ends, "the run did not get that far"
        time.sleep(0.02)


def test_a_second_run_on_one_folder_is_refused(
    started: subprocess.Popen[bytes], archive: Path, tmp_path: Path
) -> None:
    second = run("score", archive, *COLUMNS, "-o", tmp_path / "out", "--shard-bytes", "2000")
    assert second.returncode == 2
    assert "another run is writing there" in second.stderr
    assert started.wait(300) == 0


def test_an_interrupted_run_says_how_to_go_on(
    started: subprocess.Popen[bytes], archive: Path, reference: Path, tmp_path: Path
) -> None:
    os.kill(started.pid, signal.SIGINT)
    assert started.wait(300) == 130
    assert _start(archive, tmp_path / "out").wait(300) == 0
    assert rows_of(tmp_path / "out" / "scores") == rows_of(reference)


def test_a_worker_that_is_killed_costs_a_retry(
    started: subprocess.Popen[bytes], reference: Path, tmp_path: Path
) -> None:
    children = Path(f"/proc/{started.pid}/task/{started.pid}/children")
    if not children.exists():
        pytest.skip("needs Linux, to find the workers of a run")
    workers = [
        int(pid)
        for task in Path(f"/proc/{started.pid}/task").iterdir()
        for pid in (task / "children").read_text().split()
        if b"udf_worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    os.kill(workers[0], signal.SIGKILL)
    assert started.wait(300) == 0
    assert rows_of(tmp_path / "out" / "scores") == rows_of(reference)


def test_killed_at_25_random_moments_it_ends_with_the_same_rows(
    archive: Path, reference: Path, tmp_path: Path
) -> None:
    moments = random.Random(6)
    out = tmp_path / "out"
    killed = 0
    for _ in range(25):
        process = _start(archive, out)
        time.sleep(moments.uniform(0.3, 3.5))
        if process.poll() is None:
            # Sometimes the workers live on and must find out by themselves.
            whom = os.killpg if moments.random() < 0.5 else os.kill
            whom(process.pid, signal.SIGKILL)
            killed += 1
        process.wait()
        if (out / "run.json").exists():
            assert rows_of(out / "scores") == rows_of(reference)
            shutil.rmtree(out)
    assert killed >= 15
    assert _start(archive, out).wait(300) == 0
    assert rows_of(out / "scores") == rows_of(reference)
    assert not left_over(out)


def test_a_full_disk_ends_in_a_clear_line_and_can_be_resumed(
    archive: Path, reference: Path, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False).returncode:
        pytest.skip("needs the right to mount a small file system")
    try:
        full = run("score", archive, *COLUMNS, "-o", disk / "out", "--shard-bytes", "2000")
        assert full.returncode == 2
        assert "No space left on device" in full.stderr
        assert "Traceback" not in full.stderr
        subprocess.run(["mount", "-o", "remount,size=50m", str(disk)], check=True)
        more = run("score", archive, *COLUMNS, "-o", disk / "out", "--shard-bytes", "2000")
        assert more.returncode == 0
        assert rows_of(disk / "out" / "scores") == rows_of(reference)
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def test_an_error_of_a_worker_is_told_in_one_line(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / ".connote").mkdir(parents=True)
    (tmp_path / "out" / "scores").write_text("in the way")
    with pytest.raises(WorkerError, match="scores"):
        score_archive(archive, tmp_path / "out", SETTINGS)
