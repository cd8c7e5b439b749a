"""Shares of an archive, as the jobs of an array score them, put together again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from run_helpers import COLUMNS, rows_of, run, write_archive

from connote import Options, ReadOptions, RunError, Settings, merge_runs, score_archive

SETTINGS = Settings(read=ReadOptions(text="paragraphs"))


@pytest.fixture(scope="module")
def archive(demo_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "news.jsonl"
    write_archive(demo_archive, path, times=2)
    with path.open("a") as file:
        file.write("{broken\n")
    return path


@pytest.fixture(scope="module")
def shares(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("shares")
    for k in (1, 2, 3):
        options = Options(shard_bytes=4_000, share=(k, 3))
        score_archive(archive, folder / str(k), SETTINGS, options)
    return [folder / str(k) for k in (1, 2, 3)]


def test_shares_give_the_rows_of_one_run(archive: Path, shares: list[Path], tmp_path: Path) -> None:
    one = score_archive(archive, tmp_path / "one", SETTINGS, Options(shard_bytes=4_000))
    done = run("merge", *shares, "-o", tmp_path / "merged")
    assert done.returncode == 0, done.stderr
    # The second half of the archive repeats the first: copies are told across shares.
    assert rows_of(tmp_path / "merged" / "scores") == rows_of(tmp_path / "one" / "scores")
    assert {r["copy_cluster"][-2:] for r in rows_of(tmp_path / "merged" / "scores")} == {"-0"}
    report = json.loads((tmp_path / "merged" / "run.json").read_text())
    assert report["documents"] == one.documents == 72
    assert report["share"] == [1, 1]
    assert "broken JSON" in (next((tmp_path / "merged" / "failures").iterdir())).read_text()


def test_a_share_that_is_missing_doubled_or_foreign_is_named(
    archive: Path, shares: list[Path], tmp_path: Path
) -> None:
    with pytest.raises(RunError, match=r"expected the 3 shares .* missing 2/3$"):
        merge_runs([shares[0], shares[2]], tmp_path / "out")
    with pytest.raises(RunError, match=r"share 1/3 is in .* too"):
        merge_runs([shares[0], shares[0], shares[1]], tmp_path / "out")
    other = tmp_path / "other"
    options = Options(shard_bytes=4_000, share=(2, 3))
    score_archive(archive, other, Settings(SETTINGS.read, speakers=False), options)
    with pytest.raises(RunError, match="found another settings"):
        merge_runs([shares[0], other, shares[2]], tmp_path / "out")
    with pytest.raises(RunError, match="found no run there"):
        merge_runs([tmp_path], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_share_that_is_not_complete_is_named(shares: list[Path], tmp_path: Path) -> None:
    copy = tmp_path / "2"
    shutil.copytree(shares[1], copy)
    (copy / "run.json").unlink()
    with pytest.raises(RunError, match="expected a complete share"):
        merge_runs([shares[0], copy, shares[2]], tmp_path / "out")
    shutil.copy(shares[1] / "run.json", copy)
    next((copy / "scores").iterdir()).unlink()
    with pytest.raises(RunError, match="expected a complete share"):
        merge_runs([shares[0], copy, shares[2]], tmp_path / "out")


def test_what_is_there_is_not_written_over(shares: list[Path]) -> None:
    with pytest.raises(RunError, match="expected a new folder, found a run"):
        merge_runs(shares, shares[0])


def test_a_share_that_is_no_share_is_refused(archive: Path, tmp_path: Path) -> None:
    for given in ("3", "a/b", "0/2", "3/2", "1/"):
        call = run("score", archive, *COLUMNS, "-o", tmp_path / "out", "--shard", given)
        assert call.returncode == 2
        assert "expected K/N" in call.stderr
