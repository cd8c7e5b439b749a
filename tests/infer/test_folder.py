"""Model folders: what is missing, changed or of another version is named."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from connote.infer.folder import HEADS, ModelError, file_hash, open_model, write_config


def config(**changes: Any) -> dict[str, Any]:
    numbers = dict.fromkeys(HEADS, 1.5)
    return {
        "kind": "encoder",
        "name": "m",
        "temperatures": numbers,
        "thresholds": numbers,
    } | changes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "weights.bin").write_bytes(b"weights")
    (tmp_path / "tokenizer.json").write_bytes(b"{}")
    write_config(tmp_path, config(), ["weights.bin", "tokenizer.json"])
    return tmp_path


def change(folder: Path, **changes: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), encoding="utf-8")


def test_a_complete_folder_is_opened(folder: Path) -> None:
    model = open_model(folder)
    assert (model.path, model.kind) == (folder, "encoder")
    assert model.temperatures == dict.fromkeys(HEADS, 1.5)
    assert model.id.startswith("m@") and len(model.id) == len("m@") + 12
    assert open_model(str(folder)).id == model.id


def test_the_id_follows_the_files(folder: Path) -> None:
    before = open_model(folder).id
    (folder / "weights.bin").write_bytes(b"other")
    write_config(folder, config(), ["weights.bin", "tokenizer.json"])
    assert open_model(folder).id != before


def test_the_config_is_the_same_bytes_every_time(folder: Path) -> None:
    first = (folder / "config.json").read_bytes()
    write_config(folder, config(), ["tokenizer.json", "weights.bin"])
    assert (folder / "config.json").read_bytes() == first


def test_a_file_is_named_by_its_sha_256(folder: Path) -> None:
    assert file_hash(folder / "weights.bin") == hashlib.sha256(b"weights").hexdigest()


def refused(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        open_model(folder)
    assert str(folder) in str(caught.value)
    return str(caught.value)


def test_no_folder_is_named(tmp_path: Path) -> None:
    assert "found no such folder" in refused(tmp_path / "missing")
    (tmp_path / "file").touch()
    assert "expected a model folder" in refused(tmp_path / "file")


@pytest.mark.parametrize("name", ["config.json", "weights.bin", "tokenizer.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert f"incomplete, {name} is missing" in refused(folder)


def test_a_changed_file_is_named(folder: Path) -> None:
    (folder / "weights.bin").write_bytes(b"weightz")
    assert "weights.bin: its content is not what config.json lists" in refused(folder)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"{'a': 1}", b"\xff\xfe{", b'{"a": NaN}', b"[" * 100_000]
)
def test_a_broken_config_is_named(folder: Path, content: bytes) -> None:
    (folder / "config.json").write_bytes(content)
    assert "config.json: expected JSON, found" in refused(folder)


def test_a_config_that_is_no_object_is_named(folder: Path) -> None:
    (folder / "config.json").write_text("[1]", encoding="utf-8")
    assert "expected a JSON object, found [1]" in refused(folder)


@pytest.mark.parametrize("found", [2, 0, None, "1"])
def test_another_format_is_named_with_what_to_do(folder: Path, found: Any) -> None:
    change(folder, format=found)
    message = refused(folder)
    assert f"expected model format 1, found {found!r}" in message
    assert "use the connote version that made it" in message


NUMBERS = dict.fromkeys(HEADS, 1.0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "pickle"}, "expected kind encoder or baseline, found 'pickle'"),
        ({"kind": ["encoder"]}, "expected kind encoder or baseline"),
        ({"labels": {"framing": ["good", "bad"]}}, "expected the codebook's labels"),
        ({"name": None}, "expected a name, found None"),
        ({"files": {}}, "expected files with hashes, found none"),
        ({"files": ["weights.bin"]}, "expected files with hashes"),
        ({"files": {"../secret": "00"}}, "'../secret' is not a plain file name"),
        ({"files": {"/etc/passwd": "00"}}, "'/etc/passwd' is not a plain file name"),
        ({"files": {"weights.bin": 3}}, "'weights.bin' is not a plain file name"),
        ({"temperatures": None}, "temperatures: expected one for each of"),
        ({"thresholds": {"framing": 0.5}}, "thresholds: expected one for each of"),
        ({"temperatures": NUMBERS | {"voice": 0}}, "temperatures.voice: found 0"),
        ({"temperatures": NUMBERS | {"voice": -1.0}}, "temperatures.voice: found -1.0"),
        ({"thresholds": NUMBERS | {"loaded": "0.5"}}, "thresholds.loaded: found '0.5'"),
        ({"thresholds": NUMBERS | {"loaded": 1e9}}, "thresholds.loaded: found"),
    ],
)
def test_a_wrong_setting_is_named(folder: Path, changes: dict[str, Any], message: str) -> None:
    change(folder, **changes)
    assert message in refused(folder)


def test_a_threshold_of_zero_is_allowed(folder: Path) -> None:
    change(folder, thresholds=dict.fromkeys(HEADS, 0))
    assert open_model(folder).thresholds == dict.fromkeys(HEADS, 0.0)
