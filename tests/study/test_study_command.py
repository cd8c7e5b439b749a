"""`connote study` as a user runs it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from gold_helpers import write_gold
from run_helpers import run

WIRE = "Meridian Wire"


@pytest.fixture(scope="module")
def gold(demo_scores: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_gold(demo_scores, tmp_path_factory.mktemp("gold") / "gold.jsonl")


def test_a_table_names_estimand_and_model(demo_scores: Path) -> None:
    done = run("study", demo_scores, "--by", "outlet", "--voice", "own")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Share whose label is delegitimizing, of mentions in the outlet")
    assert WIRE[:8] in done.stdout
    assert "No gold sample" in done.stderr
    assert "model connote@" in done.stderr


def test_gold_labels_bring_corrected_estimates_and_checks(demo_scores: Path, gold: Path) -> None:
    done = run("study", demo_scores, "--by", "outlet", "--gold", gold, "--against", WIRE)
    assert done.returncode == 0, done.stderr
    for words in ("naive", "gold", "corrected", f"Differences from {WIRE}", "adjusted count"):
        assert words in done.stdout
    assert "No gold sample" not in done.stderr


def test_a_csv_file_has_all_rows_and_what_they_are(
    demo_scores: Path, gold: Path, tmp_path: Path
) -> None:
    out = tmp_path / "a.csv"
    done = run(
        *("study", demo_scores, "--measure", "stance=against", "--by", "outlet", "--by", "voice"),
        *("--referent", "Northern Front", "--gold", gold, "-o", out),
    )
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(out)
    assert set(table["estimator"]) == {"naive", "gold", "corrected"}
    assert table["estimand"].str.contains("of Northern Front").all()
    assert (table["measure"] == "stance=against").all()
    checked = table[table["adjusted_count"].notna()]
    assert set(checked["estimator"]) <= {"corrected"}
    assert "probabilistic_adjusted_count" in table
    assert "model connote@" in done.stderr
    missing = table[table["estimate"].isna()]
    assert missing["flag"].notna().all()
    again = run("study", demo_scores, "-o", out)
    assert again.returncode == 2
    assert "--overwrite" in again.stderr


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_pictures_are_written(demo_scores: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"a.{ending}"
    done = run(
        *("study", demo_scores, "--by", "month", "--event", "truce=2024-04-15", "--plot", out)
    )
    assert done.returncode == 0, done.stderr
    head = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
    assert out.read_bytes().startswith(head[ending])


@pytest.mark.parametrize("arguments", [("--against", WIRE), ("--measure", "labels")])
def test_differences_and_labels_have_pictures_of_their_own(
    demo_scores: Path, tmp_path: Path, arguments: tuple[str, str]
) -> None:
    out = tmp_path / "a.svg"
    done = run("study", demo_scores, "--by", "outlet", *arguments, "--plot", out)
    assert done.returncode == 0, done.stderr
    drawn = out.read_text(encoding="utf-8")
    assert "The Lantern" in drawn


def test_labels_are_compared(demo_scores: Path) -> None:
    done = run("study", demo_scores, "--measure", "labels", "--voice", "own")
    assert done.returncode == 0, done.stderr
    assert "Monroe" in done.stdout
    assert "label" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--measure", "tone"), "measure: expected framing="),
        (("--by", "paper"), "expected a column 'paper'"),
        (("--where", "outlet"), "--where: expected COLUMN=VALUE, found 'outlet'"),
        (("--voice", "loud"), "voice: expected one of"),
        (("--plot", "a.gif"), ".png"),
        (("--referent", "Atlantis"), "commonest referents are"),
        (("--by", "outlet", "--against", "Nobody"), "against: expected one of the groups"),
        (("--gold", "missing.jsonl"), "missing.jsonl"),
    ],
)
def test_what_cannot_be_done_ends_with_one_line(
    demo_scores: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = run("study", demo_scores, *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())
