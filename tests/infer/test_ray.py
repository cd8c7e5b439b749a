"""The same plan on a real Ray cluster of two nodes on this machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from run_helpers import COLUMNS, CONNOTE, rows_of, run, write_archive

pytest.importorskip("ray", reason="needs the extra connote[ray]")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc, to find the workers")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a cluster with a head and a second node, one processor each."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    # Sockets of the cluster lie below it, and their paths may not be long.
    folder = Path(f"/tmp/connote-ray-{os.getpid()}")
    ray = [sys.executable, "-m", "ray.scripts.scripts"]
    start = [*ray, "start", "--num-cpus", "1", "--disable-usage-stats"]
    head = [*start, "--head", "--port", address.split(":")[1], "--include-dashboard", "false"]
    nodes = [[*head, "--temp-dir", str(folder)], [*start, "--address", address]]
    try:
        for node in nodes:
            subprocess.run(node, check=True, capture_output=True, timeout=120)
        yield address
    finally:
        subprocess.run([*ray, "stop", "--force"], check=False, capture_output=True)


@pytest.fixture(scope="module")
def archive(demo_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "news.jsonl"
    write_archive(demo_archive, path)
    with path.open("a") as file:
        file.write("{broken\n")
    return path


@pytest.fixture(scope="module")
def reference(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("reference") / "scores.parquet"
    run("score", archive, *COLUMNS, "-o", out)
    return out


SMALL = ["--shard-bytes", "1500"]


def start(archive: Path, out: Path, cluster: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*CONNOTE, "score", archive, *COLUMNS, "-o", out, *SMALL, "--ray", cluster],
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_cluster_gives_the_rows_of_this_machine(
    cluster: str, archive: Path, reference: Path, tmp_path: Path
) -> None:
    process = start(archive, tmp_path / "out", cluster)
    _, told = process.communicate(timeout=240)
    assert process.returncode == 1, told  # one document is broken
    assert rows_of(tmp_path / "out" / "scores") == rows_of(reference)
    assert "36 documents" in told
    assert "1 failures" in told
    assert "broken JSON" in next((tmp_path / "out" / "failures").iterdir()).read_text()


def test_a_worker_that_is_killed_costs_a_retry(
    cluster: str, archive: Path, reference: Path, tmp_path: Path
) -> None:
    process = start(archive, tmp_path / "out", cluster)
    done = tmp_path / "out" / ".connote" / "done"
    ends = time.monotonic() + 120
    while len(list(done.glob("*.json"))) < 2:
        assert time.monotonic() < ends, "the run did not get that far"
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.05)
    workers = _workers()
    assert len(workers) == 2
    os.kill(workers[0], signal.SIGKILL)
    _, told = process.communicate(timeout=240)
    assert process.returncode == 1, told
    assert rows_of(tmp_path / "out" / "scores") == rows_of(reference)


def _workers() -> list[int]:
    """Processes of the cluster that score."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"ray::UDFActor" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def test_a_cluster_that_does_not_answer_is_told_in_one_line(archive: Path, tmp_path: Path) -> None:
    call = run("score", archive, *COLUMNS, "-o", tmp_path / "out", "--ray", "127.0.0.1:1")
    assert call.returncode == 2
    assert "--ray 127.0.0.1:1: expected a Ray cluster" in call.stderr
    assert "Traceback" not in call.stderr
