"""A small archive for tests of runs, and what is compared of their outputs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

CONNOTE = [sys.executable, "-m", "connote.cli"]
COLUMNS = ["--text-column", "paragraphs"]


def write_archive(demo: Path, path: Path, times: int = 1) -> Path:
    """The sample archive, some times over with other ids."""
    with path.open("w", encoding="utf-8") as out:
        for number in range(times):
            for line in demo.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                out.write(json.dumps({**row, "id": f"{row['id']}-{number}"}) + "\n")
    return path


def rows_of(scores: Path) -> list[dict[str, Any]]:
    """All rows of a folder or file of scores, in one order."""
    rows = pq.read_table(scores).to_pylist()
    return sorted(rows, key=lambda r: (r["doc_id"], r["sentence"], r["mention_start"] or -1))


def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    return subprocess.run(
        [*CONNOTE, *map(str, arguments)], capture_output=True, text=True, check=False, **options
    )


def left_over(out: Path) -> list[Path]:
    """Files that no finished run leaves."""
    return [p for p in out.rglob("*") if p.name.endswith((".partial", ".spool"))]
