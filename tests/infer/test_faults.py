"""A disk that fails at each step of a commit: a shard is there as a whole, or is done again."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from run_helpers import left_over, rows_of

from connote import Options, Settings, score_archive
from connote.infer import closing, finish
from connote.infer.inputs import find_sources
from connote.infer.job import Job, OrphanError
from connote.infer.ledger import Ledger
from connote.infer.places import Places
from connote.infer.shards import cut
from connote.infer.staging import write_synced
from connote.infer.worker import ShardScorer

TEXTS = [
    "The regime's forces entered the town.",
    "Rebels praised the heroes of the siege.",
    "\x00",
    "The terrorists, the minister said, had fled.",
]
_REAL = {"fsync": os.fsync, "replace": os.replace}


def job(out: Path) -> Job:
    """A job as a run at work gives it to its workers."""
    write_synced(Places(out).token, "token")
    return Job(out, Settings(), 1, 0, "cpu", "token", None, Path.cwd())


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "a.jsonl"
    rows = [json.dumps({"id": str(n), "text": text}) for n, text in enumerate(TEXTS)]
    path.write_text("\n".join(rows) + "\n")
    return path


def disk_that_fails(monkeypatch: pytest.MonkeyPatch, at: int) -> Callable[[], int]:
    """Let the call number `at` of those that reach the disk fail; gives the calls so far."""
    calls = 0

    def failing(name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == at:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return _REAL[name](*arguments, **options)

        return call

    for name in _REAL:
        monkeypatch.setattr(os, name, failing(name))
    return lambda: calls


def test_a_fault_at_each_step_of_a_shard(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shard = next(iter(cut(find_sources([str(archive)]), 10_000)))
    whole = tmp_path / "whole"
    ShardScorer(job(whole)).score(shard, lambda *_: None)
    expected = rows_of(whole / "scores")
    at = 0
    while True:
        at += 1
        out = tmp_path / f"out-{at}"
        scorer = ShardScorer(job(out))
        with monkeypatch.context() as patch:
            calls = disk_that_fails(patch, at)
            try:
                scorer.score(shard, lambda *_: None)
            except OSError as error:
                assert error.errno == errno.ENOSPC
            else:
                assert calls() < at
                break
        note = Places(out).note(0)
        if note.exists():  # the note is the last thing written: all it tells of is there
            assert rows_of(out / "scores") == expected
        scorer.score(shard, lambda *_: None)
        assert rows_of(out / "scores") == expected
        assert json.loads(note.read_text())["counts"]["failed"] == 1
        assert len((out / "failures" / "part-000000.jsonl").read_text().splitlines()) == 1
        assert not left_over(out)
    assert at > 8


def test_a_fault_at_each_step_of_the_end(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Every line is a shard, and the last one changes the type of a column of all others.
    with archive.open("a") as file:
        file.write('{"id": "9", "text": "The mob came.", "n": 2.5}\n')
        file.write('{"id": "10", "text": "The mob left.", "n": 1}\n')
    options = Options(shard_bytes=1)
    score_archive(archive, tmp_path / "whole", options=options)
    expected = rows_of(tmp_path / "whole" / "scores")
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(closing, "finish", lambda *_: None)
        score_archive(archive, out, options=options)
    assert rows_of_each(out) != expected
    at = 0
    while True:
        at += 1
        with Ledger(out) as ledger, monkeypatch.context() as patch:
            calls = disk_that_fails(patch, at)
            try:
                finish.finish(ledger.places, list(ledger.notes()))
            except OSError as error:
                assert error.errno == errno.ENOSPC
            else:
                assert calls() < at
                break
    assert at > 4
    assert rows_of_each(out) == expected
    assert not left_over(out)


def rows_of_each(out: Path) -> list[dict[str, Any]]:
    """Rows of the parts one by one, whatever types each has."""
    found = [row for part in sorted((out / "scores").iterdir()) for row in rows_of(part)]
    return sorted(found, key=lambda r: (r["doc_id"], r["sentence"], r["mention_start"] or -1))


def test_a_worker_of_a_run_that_was_broken_off_commits_nothing(
    archive: Path, tmp_path: Path
) -> None:
    shard = next(iter(cut(find_sources([str(archive)]), 10_000)))
    out = tmp_path / "out"
    scorer = ShardScorer(job(out))
    for token in ("of another command", None):
        if token is None:
            Places(out).token.unlink()
        else:
            write_synced(Places(out).token, token)
        with pytest.raises(OrphanError):
            scorer.score(shard, lambda *_: None)
        assert not (out / "scores").exists()
        assert not Places(out).note(0).exists()


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_note_is_there_as_a_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    note = tmp_path / "note.json"
    write_synced(note, "old")
    with monkeypatch.context() as patch:
        disk_that_fails(patch, at)
        with pytest.raises(OSError, match="No space"):
            write_synced(note, "new")
    assert note.read_text() == ("old" if at < 3 else "new")
    assert [path.name for path in tmp_path.iterdir()] == ["note.json"]
