"""`connote corpus` as a person types it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from connote.data.public import PUBLIC
from connote.data.schema import as_record, read_examples

Run = subprocess.CompletedProcess[str]


def corpus(*arguments: str | Path) -> Run:
    return subprocess.run(
        [sys.executable, "-m", "connote.cli", "corpus", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=900,
        check=False,
    )


@pytest.fixture
def splits(corpus_folder: Path) -> list[Path]:
    return sorted(corpus_folder.glob("*.jsonl"))


def test_nothing_is_wrong_with_the_projects_corpus(splits: list[Path]) -> None:
    done = corpus("check", *splits)
    assert done.stdout.splitlines()[-1].endswith("sentences checked: nothing found")
    assert done.returncode == 0, done.stdout


def test_check_names_a_broken_record_and_a_leak(tmp_path: Path, corpus_folder: Path) -> None:
    test = read_examples(corpus_folder / "test.jsonl")[:3]
    lines = [json.dumps(as_record(example)) for example in test]
    (tmp_path / "train.jsonl").write_text("\n".join([*lines[:2], '{"id": 7}']))
    (tmp_path / "test.jsonl").write_text("\n".join(lines[1:]))
    done = corpus("check", tmp_path / "train.jsonl", tmp_path / "test.jsonl")
    assert done.returncode == 1
    assert f"{tmp_path / 'train.jsonl'}:3: id: found 7" in done.stdout
    assert f"leak: id {test[1].id!r}: found in train and in test; allowed: one split" in done.stdout
    as_json = corpus("check", tmp_path / "train.jsonl", tmp_path / "test.jsonl", "--json")
    found = json.loads(as_json.stdout)
    assert as_json.returncode == 1
    assert {problem["line"] for problem in found["problems"]} == {3}
    assert "leak" in {finding["check"] for finding in found["findings"]}


def test_stats_tell_what_the_corpus_is_made_of(splits: list[Path]) -> None:
    shown = corpus("stats", *splits)
    assert shown.returncode == 0, shown.stderr
    for heading in ("delegitimizing", "registers:", "points from the corpus", "alpha"):
        assert heading in shown.stdout
    numbers = json.loads(corpus("stats", "--json", *splits).stdout)
    examples = [example for split in splits for example in read_examples(split)]
    assert numbers["all"]["sentences"] == len(examples)
    assert set(numbers["splits"]) == {split.stem for split in splits}


def test_text_from_a_file_cannot_steer_the_terminal(tmp_path: Path) -> None:
    record = {"id": "1", "text": "x", "topic": "\x1b[31m[red]\x9b\u202e", "mentions": []}
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps(record))
    done = corpus("stats", path)
    assert "[31m[red]   1" in done.stdout
    assert json.loads(corpus("stats", path, "--json").stdout)["topics"] == {record["topic"]: 1}
    for shown in (done.stdout, corpus("stats", path, "--json").stdout):
        assert not set("\x1b\x9b\u202e") & set(shown)
    (tmp_path / "\x1b[31mred").mkdir()
    assert " [31mred: expected a file" in corpus("check", tmp_path / "\x1b[31mred").stderr


@pytest.mark.parametrize("command", ["check", "stats"])
def test_malformed_calls_end_in_one_line(command: str, tmp_path: Path) -> None:
    twice = tmp_path / "other"
    twice.mkdir()
    for folder in (tmp_path, twice):
        (folder / "train.jsonl").write_text('{"id": "1", "text": "x", "mentions": []}')
    (tmp_path / "empty.jsonl").write_text("")
    for arguments, expected in (
        ([tmp_path], "expected a file of records, found a folder"),
        ([tmp_path / "none.jsonl"], "No such file"),
        ([tmp_path / "empty.jsonl"], "expected records, found none"),
        ([tmp_path / "train.jsonl", twice / "train.jsonl"], "a second file called 'train'"),
    ):
        done = corpus(command, *arguments)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1
        assert expected in done.stderr


def test_stats_refuse_a_broken_record(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text('{"id": "1"}\n')
    done = corpus("stats", path)
    assert done.returncode == 2
    assert f"connote: {path}:1: text: found None" in done.stderr


def test_forms_tell_licences_and_whom_to_cite() -> None:
    shown = " ".join(corpus("forms").stdout.split())
    listed = json.loads(corpus("forms", "--json").stdout)
    assert [form["name"] for form in listed] == list(PUBLIC)
    for form in listed:
        for value in ("name", "title", "licence", "citation"):
            assert form[value] in shown
        assert f"marks {', '.join(form['marks'])} " in shown
        assert f"does not mark {', '.join(form['unmarked'])} " in shown
