"""Model folders from elsewhere: a clear refusal, whatever is in them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from connote import ModelError, Scorer
from connote.infer.folder import HEADS, open_model, shipped_model, write_config

PLAIN = {"temperatures": dict.fromkeys(HEADS, 1.0), "thresholds": dict.fromkeys(HEADS, 0.0)}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped_model(), tmp_path / "model"))


@pytest.mark.parametrize("name", ["model.xml", "model.bin", "tokenizer.json"])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelError, match=f"{name} is missing"):
        Scorer(copy)


def test_a_changed_file_is_named(copy: Path) -> None:
    (copy / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelError, match=r"tokenizer\.json: its content is not what config"):
        Scorer(copy)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("tokenizer.json", "{}", "not a tokenizer"),
        ("model.xml", "<net/>", "OpenVINO cannot load it"),
        ("model.xml", "no model at all", "OpenVINO cannot load it"),
    ],
)
def test_files_that_are_something_else_are_refused(
    copy: Path, name: str, content: str, message: str
) -> None:
    (copy / name).write_text(content)
    config = {**open_model().config, "name": "strange"}
    write_config(copy, config, ["model.xml", "model.bin", "tokenizer.json"])
    with pytest.raises(ModelError, match=message):
        Scorer(copy)


def test_arrays_that_are_something_else_are_refused(tmp_path: Path) -> None:
    (tmp_path / "weights.safetensors").write_bytes(b"\x80\x04pickled")
    (tmp_path / "vocabulary.json").write_text("{}")
    files = ["weights.safetensors", "vocabulary.json"]
    write_config(tmp_path, {"name": "strange", "kind": "baseline", **PLAIN}, files)
    with pytest.raises(ModelError, match="not a safetensors file"):
        Scorer(tmp_path)
