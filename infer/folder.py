"""A folder with a trained model: its config checked, its files compared with their hashes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..data.checks import decode_json, shorten
from ..data.errors import ConnoteError
from ..data.schema import HEADS, MENTION_LABELS

FORMAT = 1
CONFIG_FILE = "config.json"
_OF_THE_ID = ("kind", "window", "labels", "temperatures", "thresholds")
"""Settings that change what a model says: with the files' hashes they make its id."""
_LABELS = {name: list(labels) for name, labels in MENTION_LABELS.items()}


class ModelError(ConnoteError):
    """A model folder cannot be used; the message says what was found and what to do."""


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A checked model folder.

    Attributes:
        path: The folder.
        kind: ``encoder`` or ``baseline``.
        id: Name of the model and the beginning of its hash.
        config: The whole of ``config.json``.
        temperatures: A divisor of the logits for each head.
        thresholds: Least probability for naming a class, for each head.
    """

    path: Path
    kind: str
    id: str
    config: Mapping[str, Any]
    temperatures: Mapping[str, float]
    thresholds: Mapping[str, float]


def shipped_model() -> Path:
    """The folder of the model that comes with connote."""
    return Path(str(files(__package__) / "model"))


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def open_model(path: str | os.PathLike[str] | None = None) -> ModelFolder:
    """Check a model folder, connote's own without a path.

    Raises:
        ModelError: If it is no folder, incomplete, changed, or of another format.
    """
    folder = shipped_model() if path is None else Path(path)
    if not folder.is_dir():
        raise ModelError(f"{folder}: expected a model folder, found no such folder")
    config = _read_config(folder)
    digest = hashlib.sha256()
    for name, expected in sorted(_file_hashes(folder, config).items()):
        if not (folder / name).is_file():
            raise ModelError(f"{folder}: incomplete, {name} is missing; train or copy it again")
        if file_hash(folder / name) != expected:
            raise ModelError(
                f"{folder / name}: its content is not what config.json lists; copy the folder again"
            )
        digest.update(expected.encode())
    settings = {key: config.get(key) for key in _OF_THE_ID}
    digest.update(json.dumps(settings, sort_keys=True).encode())
    return ModelFolder(
        path=folder,
        kind=config["kind"],
        id=f"{config['name']}@{digest.hexdigest()[:12]}",
        config=config,
        temperatures=_numbers(folder, config, "temperatures"),
        thresholds=_numbers(folder, config, "thresholds"),
    )


def write_config(folder: Path, config: Mapping[str, Any], names: list[str]) -> None:
    """Write ``config.json`` with labels, format and the hashes of the files `names`."""
    hashes = {name: file_hash(folder / name) for name in names}
    content = {"format": FORMAT, **config, "labels": _LABELS, "files": hashes}
    text = json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True)
    (folder / CONFIG_FILE).write_text(text + "\n", encoding="utf-8")


def _read_config(folder: Path) -> dict[str, Any]:
    path = folder / CONFIG_FILE
    if not path.is_file():
        raise ModelError(f"{folder}: incomplete, {CONFIG_FILE} is missing; is it a model folder?")
    try:
        config = decode_json(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelError(f"{path}: expected JSON, found: {error}") from error
    if not isinstance(config, dict):
        raise ModelError(f"{path}: expected a JSON object, found {shorten(config)}")
    if config.get("format") != FORMAT:
        raise ModelError(
            f"{path}: expected model format {FORMAT}, found {shorten(config.get('format'))}; "
            "use the connote version that made it, or train it again"
        )
    if config.get("kind") not in ("encoder", "baseline"):
        found = shorten(config.get("kind"))
        raise ModelError(f"{path}: expected kind encoder or baseline, found {found}")
    if config.get("labels") != _LABELS:
        found = shorten(config.get("labels"))
        raise ModelError(f"{path}: expected the codebook's labels, found {found}")
    if not isinstance(config.get("name"), str):
        raise ModelError(f"{path}: expected a name, found {shorten(config.get('name'))}")
    return config


def _file_hashes(folder: Path, config: Mapping[str, Any]) -> dict[str, str]:
    listed = config.get("files")
    if not isinstance(listed, dict) or not listed:
        raise ModelError(f"{folder / CONFIG_FILE}: expected files with hashes, found none")
    for name, value in listed.items():
        if not isinstance(value, str) or Path(name).name != name:
            raise ModelError(f"{folder / CONFIG_FILE}: {shorten(name)} is not a plain file name")
    return listed


def _numbers(folder: Path, config: Mapping[str, Any], key: str) -> dict[str, float]:
    listed = config.get(key)
    if not isinstance(listed, dict) or set(listed) != set(HEADS):
        raise ModelError(f"{folder / CONFIG_FILE}: {key}: expected one for each of {HEADS}")
    for head, value in listed.items():
        valid = isinstance(value, int | float) and 0 <= value < 1e6
        if not valid or (key == "temperatures" and value == 0):
            raise ModelError(f"{folder / CONFIG_FILE}: {key}.{head}: found {shorten(value)}")
    return {head: float(value) for head, value in listed.items()}
