"""The README's snippets run and print what it says."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def blocks(repository: Path) -> list[tuple[str, str]]:
    return BLOCK.findall((repository / "README.md").read_text(encoding="utf-8"))


def test_python_snippets_print_what_the_readme_says(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = blocks(repository)
    (tmp_path / "data").symlink_to(repository / "data")
    monkeypatch.chdir(tmp_path)
    ran = 0
    for (language, code), (next_language, expected) in pairwise(found):
        if language != "python":
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "README.md", "exec"), {})
        assert next_language == "text"
        assert printed.getvalue() == expected
        ran += 1
    assert ran == 4


def test_the_explain_example_prints_the_same_labels(repository: Path) -> None:
    found = blocks(repository)
    command = next(code for language, code in found if language == "console" and "explain" in code)
    arguments = shlex.split(command.removeprefix("$ connote "))
    done = subprocess.run(
        [sys.executable, "-m", "connote.cli", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    shown = next(code for language, code in found if language == "text")
    # Another processor may differ in the last digit of a probability, not in a label.
    without_digits = [re.sub(r"[+-]?\d\.\d\d", "#", text) for text in (done.stdout, shown)]
    assert without_digits[0].strip() == without_digits[1].strip()


def test_the_score_example_counts_the_same(repository: Path, tmp_path: Path) -> None:
    found = blocks(repository)
    position = next(i for i, (_, code) in enumerate(found) if "scores.parquet" in code)
    command = found[position][1].removeprefix("$ connote ").strip()
    arguments = [a if a != "scores.parquet" else str(tmp_path / a) for a in shlex.split(command)]
    done = subprocess.run(
        [sys.executable, "-m", "connote.cli", *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=repository,
    )
    counts = re.match(r".* failures", found[position + 1][1])
    assert counts is not None
    assert counts.group() in done.stderr
    assert (tmp_path / "scores.parquet").is_file()


def test_every_make_target_is_explained(repository: Path) -> None:
    done = subprocess.run(
        ["make", "help"], capture_output=True, text=True, check=True, cwd=repository
    )
    targets = (
        "demo",
        "test",
        "setup",
        "train",
        "baseline",
        "evaluate",
        "compare",
        "benchmark",
        "benchmark-speed",
        "articles",
        "speakers",
        "audit",
        "corpus",
        "score",
        "lint",
        "clean",
    )
    for target in targets:
        assert re.search(rf"^{target} +\S", done.stdout, re.MULTILINE), target


@pytest.mark.parametrize(
    "link", ["data/README.md", "data/codebook.md", "docs/scale.md", "infer/model/README.md"]
)
def test_what_the_readme_links_to_is_there(repository: Path, link: str) -> None:
    assert f"({link})" in (repository / "README.md").read_text(encoding="utf-8")
    assert (repository / link).is_file()
