"""Modules that are run by their own name end as the command does."""

from __future__ import annotations

import runpy
import subprocess
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("module", "target"),
    [
        ("articles", "articles"),
        ("attributions", "speakers"),
        ("benchmark", "benchmark"),
        ("sidebyside", "compare"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*found in sys.modules")
def test_a_call_without_a_file_ends_with_one_line(
    module: str,
    target: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", [module])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(f"connote.train.{module}", run_name="__main__")
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("connote: expected ")
    assert f"make {target} DATA=" in line


def test_articles_have_no_file_to_fall_back_on(repository: Path) -> None:
    done = subprocess.run(
        ["make", "--dry-run", "articles", "compare"],
        capture_output=True,
        text=True,
        check=True,
        cwd=repository,
    )
    ran = {
        words[2]: words[3:] for line in done.stdout.splitlines() if "-m" in (words := line.split())
    }
    assert ran["connote.train.articles"] == []
    assert ran["connote.train.sidebyside"] == ["data/corpus/test.jsonl"]
    assert 'test -n ""' in done.stdout
