"""`connote train` and `connote evaluate` on corpora of other forms, as a person types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from connote.data.public import FORMS

pytest.importorskip("sklearn", reason="needs the extra train")

Run = subprocess.CompletedProcess[str]
BABE = (
    ("The corrupt clowns on the council wrecked the town again.", ["corrupt clowns", "wrecked"]),
    ("His shameless cronies looted the treasury.", ["shameless cronies", "looted"]),
    ("The greedy parasites of the bank bled their workers dry.", ["greedy parasites", "bled"]),
    ("The council meets on Monday at ten.", []),
    ("The bank opened a branch in the port in May.", []),
    ("The treasury published its yearly report.", []),
)
SEVERAL_SOURCES = """
name: small
kind: baseline
train: [{name: one, path: none.jsonl, dev_share: 0.2}, {name: two, path: none.jsonl}]
"""
ONE_SOURCE = """
name: small
kind: baseline
train: [{name: one, path: none.jsonl, dev_share: 0.2}]
"""


def connote(*arguments: str | Path, before: Path | None = None) -> Run:
    """Run the command; modules in the folder `before` come before those installed."""
    found = os.environ.get("PYTHONPATH", "")
    return subprocess.run(
        [sys.executable, "-m", "connote.cli", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": f"{before}{os.pathsep}{found}" if before else found},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=900,
        check=False,
    )


def refused(*arguments: str | Path) -> str:
    done = connote(*arguments)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
    return done.stderr


@pytest.fixture
def babe(tmp_path: Path) -> Path:
    rows: list[dict[str, Any]] = [
        {"text": text, "label_bias": "Biased" if words else "Non-biased", "biased_words": words}
        for text, words in BABE
    ]
    path = tmp_path / "babe.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(ONE_SOURCE)
    return path


@pytest.fixture
def records(tmp_path: Path, corpus_folder: Path) -> Path:
    lines = (corpus_folder / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join(lines[:120]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def no_torch(tmp_path: Path) -> Path:
    """A folder of modules where importing torch fails as if it were not installed."""
    missing = "raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')\n"
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "torch.py").write_text(missing)
    return tmp_path / "modules"


def test_a_public_corpus_is_evaluated_in_its_own_form(babe: Path) -> None:
    done = connote("evaluate", babe, "--format", "babe", "--json")
    assert done.returncode == 0, done.stderr
    metrics = json.loads(done.stdout)
    assert set(metrics) == {"framing", "stance", "voice", "loaded", "loaded_word"}
    assert metrics["framing"] == {"n": 0}
    assert metrics["loaded"]["n"] == len(BABE)
    assert 0.3 < metrics["loaded"]["macro_f1"] <= 1
    assert metrics["loaded"]["auroc"] > 0.7
    assert metrics["loaded_word"]["n"] > 50
    assert metrics["loaded_word"]["auroc"] > 0.7


def test_the_plain_rule_is_evaluated_on_it_too(babe: Path) -> None:
    done = connote("evaluate", babe, "--format", "babe", "--rule", "--json")
    assert done.returncode == 0, done.stderr
    assert "loaded_word" not in json.loads(done.stdout)


def test_the_plain_rule_is_evaluated_without_torch(records: Path, no_torch: Path) -> None:
    arguments = ("evaluate", records, "--rule", "--json")
    done = connote(*arguments, before=no_torch)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["framing"]["n"] > 0
    assert done.stdout == connote(*arguments).stdout


def test_the_shipped_model_is_evaluated_without_torch(babe: Path, no_torch: Path) -> None:
    done = connote("evaluate", babe, "--format", "babe", "--json", before=no_torch)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["loaded"]["n"] == len(BABE)


def test_an_encoder_is_not_trained_without_torch(
    recipe: Path, records: Path, tmp_path: Path, no_torch: Path
) -> None:
    recipe.write_text(ONE_SOURCE.replace("kind: baseline", "kind: encoder"))
    out = tmp_path / "model"
    done = connote("train", recipe, "--data", records, "--out", out, before=no_torch)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "this needs the package 'torch', found it not installed" in line
    assert "pip install 'connote[train]'" in line
    assert not out.exists()


def test_without_json_a_table(babe: Path) -> None:
    done = connote("evaluate", babe, "--format", "babe")
    assert done.returncode == 0, done.stderr
    assert "loaded" in done.stdout
    assert "auroc" in done.stdout.lower()


def test_an_unknown_form_is_answered_with_those_there_are(babe: Path) -> None:
    message = refused("evaluate", babe, "--format", "bable")
    assert f"found 'bable'; allowed: {', '.join(FORMS)}" in message


def test_every_row_of_a_file_is_evaluated_without_a_split(tmp_path: Path) -> None:
    row = {"text": "Snow fell.", "disagree": 0, "agree": 0, "neutral": 1, "in_held_out_test": True}
    path = tmp_path / "test.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    arguments = ("--format", "gwsd", "--rule", "--json")
    whole = json.loads(connote("evaluate", path, *arguments).stdout)
    part = json.loads(connote("evaluate", tmp_path, *arguments, "--split", "test").stdout)
    assert whole["stance"]["n"] == part["stance"]["n"] == 1
    assert "expected records, found none" in refused(
        "evaluate", path, *arguments, "--split", "train"
    )
    assert "or the split to read: --split NAME" in refused("evaluate", tmp_path, *arguments)


def test_records_of_another_form_are_refused(babe: Path) -> None:
    assert f"{babe}:1: " in refused("evaluate", babe, "--json")


def test_a_recipe_with_one_source_takes_a_bare_path(
    recipe: Path, records: Path, tmp_path: Path
) -> None:
    done = connote("train", recipe, "--data", records, "--out", tmp_path / "model")
    assert done.returncode == 0, done.stderr
    config = json.loads((tmp_path / "model" / "config.json").read_text(encoding="utf-8"))
    assert config["kind"] == "baseline"
    (source,) = config["corpora"]
    assert (source["name"], source["sentences"] + source["withheld"]) == ("one", 120)
    assert str(tmp_path) not in json.dumps(config)


def test_data_that_is_not_there_is_named(recipe: Path, tmp_path: Path) -> None:
    missing = tmp_path / "missing.jsonl"
    message = refused("train", recipe, "--data", missing)
    assert f"expected NAME=PATH or a file that exists, found '{missing}'" in message
    message = refused("train", recipe, "--data", f"one={missing}")
    assert f"--data one: no such file or folder: {missing}" in message
    message = refused("train", recipe, "--out", tmp_path / "model")
    assert str(tmp_path / "none.jsonl") in message
    assert not (tmp_path / "model").exists()


def test_several_sources_need_a_name(recipe: Path, records: Path) -> None:
    recipe.write_text(SEVERAL_SOURCES)
    assert "--data needs a name, NAME=PATH" in refused("train", recipe, "--data", records)
    message = refused("train", recipe, "--data", f"three={records}")
    assert "no source named 'three'; its sources: one, two" in message
    twice = ("--data", f"one={records}", "--data", f"one={records}")
    assert "a second path for the same source" in refused("train", recipe, *twice)
