"""`connote audit` as a person types it."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connote.data.schema import as_record, read_examples
from connote.data.swaps import SWAPS_FILE

pytest.importorskip("sklearn", reason="needs the extra train")

Run = subprocess.CompletedProcess[str]


def audit(*arguments: str | Path) -> Run:
    return subprocess.run(
        [sys.executable, "-m", "connote.cli", "audit", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=900,
        check=False,
    )


@pytest.fixture(scope="module")
def few(corpus_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("audit") / "few.jsonl"
    records = read_examples(corpus_folder / "test_unseen.jsonl")[:40]
    path.write_text("".join(json.dumps(as_record(e)) + "\n" for e in records), encoding="utf-8")
    return path


@pytest.fixture
def swaps(few: Path, corpus_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three exchanges in place of connote's own."""
    import connote.train.audit as library

    corpus = read_examples(corpus_folder / "test.jsonl")
    named = [e.id for e in corpus if " Moscow " in e.text][:3]
    path = few.parent / "swaps.jsonl"
    lines = [json.dumps({"id": name, "swap": [["Moscow", "Ankara"]]}) for name in named]
    path.write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(library, "audit_model", partial(library.audit_model, swaps_file=path))
    return path


def in_process(*arguments: str | Path) -> tuple[int, str, str]:
    from connote.cli import app

    done = CliRunner().invoke(app, ["audit", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


def test_tables_and_json_tell_the_same(few: Path, swaps: Path) -> None:
    status, printed, told = in_process("--data", few, "--json")
    assert (status, told) == (0, "")
    numbers = json.loads(printed)
    assert numbers["data"][0]["file"] == str(few)
    assert numbers["swaps"]["file"] == str(swaps)
    status, shown, told = in_process("--data", few)
    assert (status, told) == (0, "")
    assert f"model {numbers['model']}" in shown
    assert "Names exchanged in 3 sentences: labels flip" in shown
    masked = numbers["masked"]["stance"]["all"]
    row = next(line.split() for line in shown.splitlines() if line.startswith("stance "))
    assert row[1:5] == [
        str(masked["n"]),
        *(f"{masked[k]:.3f}" for k in ("plain", "changed", "drop")),
    ]
    follows = numbers["voice"]["report"]["voice"]["all"]
    assert f"{follows['share']:.1%} of {follows['n']}" in shown
    assert "\x1b" not in shown


def test_records_without_labels_leave_their_figures_out(tmp_path: Path, swaps: Path) -> None:
    path = tmp_path / "mine.jsonl"
    record = {
        "id": "1",
        "text": "The \x1b[31mrebels left.",
        "topic": "\x1b[31m",
        "mentions": [{"start": 4, "end": 8, "stance": "neutral"}],
    }
    path.write_text(json.dumps(record))
    status, printed, _ = in_process("--data", path, "--json")
    assert status == 0
    numbers = json.loads(printed)
    assert numbers["masked"]["framing"]["all"] == {"n": 0}
    assert numbers["masked"]["stance"]["all"]["n"] == 1
    assert numbers["voice"]["report"]["voice"]["all"] == {"n": 0}
    assert numbers["groups"]["all"]["framing"]["all"] == {"n": 0}
    status, shown, _ = in_process("--data", path)
    assert status == 0
    assert "nan" not in shown.lower()
    assert "\x1b" not in shown


def test_malformed_calls_end_in_one_line(few: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "broken.jsonl").write_text('{"id": "1"}\n')
    for arguments, expected in (
        (["--data", tmp_path], "expected a file of records, found a folder"),
        (["--data", tmp_path / "none.jsonl"], "No such file"),
        (["--data", tmp_path / "empty.jsonl"], "expected records, found none"),
        (["--data", tmp_path / "broken.jsonl"], "broken.jsonl:1: text: found None"),
        (["--data", few, "--data", few], "expected records that are in no other file"),
        ([tmp_path / "model", "--data", few], "expected a model folder, found no such folder"),
    ):
        done = audit(*arguments)
        assert done.returncode == 2, done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert expected in done.stderr
        assert done.stdout == ""


def test_the_packaged_names_to_exchange_are_used(few: Path) -> None:
    if not SWAPS_FILE.is_file():
        pytest.skip("data/swaps.jsonl is still being curated")
    done = audit("--data", few, "--json")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert json.loads(done.stdout)["swap"]["not_found"] == 0


def test_missing_names_to_exchange_end_the_command_clearly(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import connote.train.audit as library

    path = tmp_path / "gone.jsonl"
    monkeypatch.setattr(library, "audit_model", partial(library.audit_model, swaps_file=path))
    status, printed, told = in_process("--data", few)
    assert (status, printed) == (2, "")
    assert "the names to exchange that come with connote" in told
    assert "install connote again" in told
