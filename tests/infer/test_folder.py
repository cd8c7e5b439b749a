"""Model folders: what is missing, changed or of another version is named."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from connote.infer.folder import (
    FILES_OF,
    HEADS,
    MAX_CONFIG_BYTES,
    ModelError,
    file_hash,
    open_model,
    write_config,
)

FILES = list(FILES_OF["encoder"])
MOST_BYTES = 25_000_000


def config(**changes: Any) -> dict[str, Any]:
    numbers = dict.fromkeys(HEADS, 1.5)
    return {
        "kind": "encoder",
        "name": "m",
        "temperatures": numbers,
        "thresholds": numbers,
        "span_threshold": 0.5,
    } | changes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).write_bytes(name.encode())
    write_config(tmp_path, config(), FILES)
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
    (folder / "reader.bin").write_bytes(b"other")
    write_config(folder, config(), FILES)
    assert open_model(folder).id != before


def test_the_config_is_the_same_bytes_every_time(folder: Path) -> None:
    first = (folder / "config.json").read_bytes()
    write_config(folder, config(), FILES[::-1])
    assert (folder / "config.json").read_bytes() == first


def test_a_file_is_named_by_its_sha_256(folder: Path) -> None:
    assert file_hash(folder / "reader.bin") == hashlib.sha256(b"reader.bin").hexdigest()


def refused(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        open_model(folder)
    assert str(folder) in str(caught.value)
    return str(caught.value)


def test_no_folder_is_named(tmp_path: Path) -> None:
    assert "found no such folder" in refused(tmp_path / "missing")
    (tmp_path / "file").touch()
    assert "expected a model folder" in refused(tmp_path / "file")


@pytest.mark.parametrize("name", ["config.json", *FILES])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert f"incomplete, {name} is missing" in refused(folder)


def test_a_changed_file_is_named(folder: Path) -> None:
    (folder / "reader.bin").write_bytes(b"reader.bim")
    assert "reader.bin: its content is not what config.json lists" in refused(folder)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"{'a': 1}", b"\xff\xfe{", b'{"a": NaN}', b"[" * 100_000]
)
def test_a_broken_config_is_named(folder: Path, content: bytes) -> None:
    (folder / "config.json").write_bytes(content)
    assert "config.json: expected JSON, found" in refused(folder)


def test_a_huge_config_is_not_read(folder: Path) -> None:
    with (folder / "config.json").open("ab") as stream:
        stream.write(b" " * MAX_CONFIG_BYTES)
    assert "config.json: expected at most 1,048,576 bytes, found more" in refused(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_file_without_a_hash_is_not_loaded(folder: Path, name: str) -> None:
    write_config(folder, config(), [other for other in FILES if other != name])
    expected = f"incomplete, {name} is not listed; train or copy it again"
    assert expected in refused(folder)


def test_all_files_without_a_hash_are_named(folder: Path) -> None:
    write_config(folder, config(kind="baseline"), ["reader.bin"])
    assert "incomplete, vocabulary.json, weights.safetensors are not listed" in refused(folder)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_json_lacks_is_not_written(folder: Path, value: float) -> None:
    before = (folder / "config.json").read_bytes()
    with pytest.raises(ModelError, match=r"config\.json: expected finite numbers, found"):
        write_config(folder, config(thresholds=dict.fromkeys(HEADS, value)), FILES)
    assert (folder / "config.json").read_bytes() == before


def test_a_config_that_is_no_object_is_named(folder: Path) -> None:
    (folder / "config.json").write_text("[1]", encoding="utf-8")
    assert "expected a JSON object, found [1]" in refused(folder)


@pytest.mark.parametrize("found", [1, 3, 0, None, "2"])
def test_another_format_is_named_with_what_to_do(folder: Path, found: Any) -> None:
    change(folder, format=found)
    message = refused(folder)
    assert f"expected model format 2, found {found!r}" in message
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
        ({"files": ["reader.bin"]}, "expected files with hashes"),
        ({"files": {"../secret": "00"}}, "'../secret' is not a plain file name"),
        ({"files": {"/etc/passwd": "00"}}, "'/etc/passwd' is not a plain file name"),
        ({"files": {"reader.bin": 3}}, "'reader.bin' is not a plain file name"),
        ({"temperatures": None}, "temperatures: expected one for each of"),
        ({"thresholds": {"framing": 0.5}}, "thresholds: expected one for each of"),
    ],
)
def test_a_wrong_setting_is_named(folder: Path, changes: dict[str, Any], message: str) -> None:
    change(folder, **changes)
    assert message in refused(folder)


@pytest.mark.parametrize("found", [-1.0, 1e9, 10**400, True, None, "0.5", [0.5]])
@pytest.mark.parametrize("key", ["temperatures", "thresholds", "span_threshold"])
def test_a_number_out_of_its_bounds_is_named(folder: Path, key: str, found: Any) -> None:
    in_heads = key != "span_threshold"
    change(folder, **{key: NUMBERS | {"voice": found} if in_heads else found})
    name = f"{key}.voice" if in_heads else key
    message = refused(folder)
    assert f"config.json: {name}: expected a number from " in message
    assert f"found {repr(found)[:9]}" in message
    assert "train or copy the model again" in message


@pytest.mark.parametrize("found", [0, 0.0, 1e-300])
def test_what_is_divided_by_is_more_than_nothing(folder: Path, found: float) -> None:
    change(folder, temperatures=NUMBERS | {"voice": found})
    expected = f"temperatures.voice: expected a number from 0.001 to 1000.0, found {found!r}"
    assert expected in refused(folder)
    change(folder, temperatures=NUMBERS, span_threshold=found)
    expected = f"span_threshold: expected a number from 0.001 to 1000.0, found {found!r}"
    assert expected in refused(folder)


def test_a_threshold_of_zero_is_allowed(folder: Path) -> None:
    change(folder, thresholds=dict.fromkeys(HEADS, 0))
    assert open_model(folder).thresholds == dict.fromkeys(HEADS, 0.0)


def test_the_shipped_model_is_small_enough_for_a_package() -> None:
    model = open_model()
    sizes = {name: (model.path / name).stat().st_size for name in model.config["files"]}
    assert set(sizes) >= set(FILES)
    assert 0 < sum(sizes.values()) <= MOST_BYTES
