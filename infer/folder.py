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

FORMAT = 2
CONFIG_FILE = "config.json"
READER_FILES = ("reader.xml", "reader.bin")
MENTION_FILES = ("mentions.xml", "mentions.bin")
TOKENIZER_FILE = "tokenizer.json"
VOCABULARY_FILE = "vocabulary.json"
WEIGHTS_FILE = "weights.safetensors"
FILES_OF = {
    "encoder": (*READER_FILES, *MENTION_FILES, TOKENIZER_FILE),
    "baseline": (VOCABULARY_FILE, WEIGHTS_FILE),
}
"""For each kind of model the files that are loaded, so that none goes without a hash."""
MAX_CONFIG_BYTES = 2**20
_LEAST, _MOST = 1e-3, 1e3
"""Bounds of temperatures and thresholds: what lies beyond would give no probabilities."""
NEVER_FOUND = 2.0
"""A span threshold that no probability reaches: no mentions are looked for."""
_OF_THE_ID = ("kind", "window", "labels", "temperatures", "thresholds", "span_threshold")
"""Settings that change what a model says: with the files' hashes they make its id."""
_LABELS = {name: list(labels) for name, labels in MENTION_LABELS.items()}


UNCALIBRATED: Mapping[str, Any] = {
    "temperatures": dict.fromkeys(HEADS, 1.0),
    "thresholds": dict.fromkeys(HEADS, 0.0),
    "span_threshold": NEVER_FOUND,
}
"""Settings of a model before it is calibrated: everything is named, nothing is looked for."""


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
        span_threshold: Least probability at which a word belongs to a mention that no
            lexicon lists; above 1 none is looked for.
    """

    path: Path
    kind: str
    id: str
    config: Mapping[str, Any]
    temperatures: Mapping[str, float]
    thresholds: Mapping[str, float]
    span_threshold: float


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
        temperatures=_numbers(folder, config, "temperatures", _LEAST),
        thresholds=_numbers(folder, config, "thresholds", 0.0),
        span_threshold=_number(folder, "span_threshold", config.get("span_threshold"), _LEAST),
    )


def write_config(folder: Path, config: Mapping[str, Any], names: list[str]) -> None:
    """Write ``config.json`` with labels, format and the hashes of the files `names`.

    Raises:
        ModelError: If a setting is NaN or infinite, which `open_model` would not read.
    """
    hashes = {name: file_hash(folder / name) for name in names}
    content = {"format": FORMAT, **config, "labels": _LABELS, "files": hashes}
    try:
        text = json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True, allow_nan=False)
    except ValueError as error:
        raise ModelError(
            f"{folder / CONFIG_FILE}: expected finite numbers, found: {error}; "
            "train again with other settings or more data"
        ) from error
    (folder / CONFIG_FILE).write_text(text + "\n", encoding="utf-8")


def _read_config(folder: Path) -> dict[str, Any]:
    path = folder / CONFIG_FILE
    if not path.is_file():
        raise ModelError(f"{folder}: incomplete, {CONFIG_FILE} is missing; is it a model folder?")
    with path.open("rb") as stream:
        raw = stream.read(MAX_CONFIG_BYTES + 1)
    if len(raw) > MAX_CONFIG_BYTES:
        raise ModelError(
            f"{path}: expected at most {MAX_CONFIG_BYTES:,} bytes, found more; "
            "train or copy the model again"
        )
    try:
        config = decode_json(raw.decode("utf-8"))
    except ValueError as error:
        raise ModelError(f"{path}: expected JSON, found: {error}") from error
    if not isinstance(config, dict):
        raise ModelError(f"{path}: expected a JSON object, found {shorten(config)}")
    if config.get("format") != FORMAT:
        raise ModelError(
            f"{path}: expected model format {FORMAT}, found {shorten(config.get('format'))}; "
            "use the connote version that made it, or train it again"
        )
    if config.get("kind") not in tuple(FILES_OF):
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
    missing = [name for name in FILES_OF[config["kind"]] if name not in listed]
    if missing:
        raise ModelError(
            f"{folder / CONFIG_FILE}: incomplete, {', '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} not listed; train or copy it again"
        )
    return listed


def _numbers(folder: Path, config: Mapping[str, Any], key: str, least: float) -> dict[str, float]:
    listed = config.get(key)
    if not isinstance(listed, dict) or set(listed) != set(HEADS):
        raise ModelError(f"{folder / CONFIG_FILE}: {key}: expected one for each of {HEADS}")
    return {head: _number(folder, f"{key}.{head}", listed[head], least) for head in HEADS}


def _number(folder: Path, name: str, value: Any, least: float) -> float:
    if type(value) not in (int, float) or not least <= value <= _MOST:
        raise ModelError(
            f"{folder / CONFIG_FILE}: {name}: expected a number from {least} to {_MOST}, "
            f"found {shorten(value)}; train or copy the model again"
        )
    return float(value)
