"""Recipes: what a model is trained on and how, one YAML file each, checked when read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from ..data.checks import shorten
from ..data.errors import ConnoteError
from ..data.public import FORMS
from ..data.schema import HEADS
from ..data.yaml import read_yaml

KINDS = ("encoder", "baseline")


class RecipeError(ConnoteError):
    """A recipe cannot be used; the message names file, field, found and allowed."""


@dataclass(frozen=True, slots=True)
class Source:
    """A corpus to learn from.

    Attributes:
        name: How the command line refers to it (``--data NAME=PATH``).
        format: ``connote`` for records of the design, or a public corpus (`data.public`).
        path: A file or folder; ``None`` takes a public corpus from the Hugging Face Hub, if its
            authors have put it there.
        weight: Share of its sentences that are seen, at random; those that `labels` knows
            are seen in any case.
        labels: Of a public corpus, a file of labels that connote adds (`data.standoff`).
    """

    name: str
    format: str = "connote"
    path: Path | None = None
    weight: float = 1.0
    labels: Path | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything a training depends on besides the code.

    Attributes:
        name: Of the model.
        kind: ``encoder`` or ``baseline``.
        train: Corpora to learn from.
        dev: Corpora to choose by: early stopping, temperatures, thresholds.
        never_train: Files of SHA-256 hashes, a line each, of sentences never to be seen.
        encoder: Hugging Face name or folder of the encoder.
        window: Most tokens read at once.
        epochs: Passes over the data.
        batch_size: Sentences a step.
        learning_rate: Of the heads and the encoder's top layer.
        layer_decay: Factor from each layer to the one below.
        warmup: Share of the steps in which the rate rises.
        weight_decay: Of AdamW.
        label_smoothing: Of the losses over classes.
        dropout: Before the heads.
        quoted_copies: Share of the sentences without quotation marks that are seen a second
            time as if inside a quotation (see `augment.inside_quotations`).
        head_weights: Factor of each head's loss.
        seed: Of everything that is drawn.
        regularization: Inverse strength C of the baseline's penalty.
    """

    name: str
    kind: str
    train: tuple[Source, ...]
    dev: tuple[Source, ...]
    never_train: tuple[Path, ...] = ()
    encoder: str = "sentence-transformers/all-MiniLM-L6-v2"
    window: int = 192
    epochs: int = 4
    batch_size: int = 16
    learning_rate: float = 1e-4
    layer_decay: float = 0.9
    warmup: float = 0.1
    weight_decay: float = 0.01
    label_smoothing: float = 0.05
    dropout: float = 0.1
    quoted_copies: float = 0.15
    head_weights: Mapping[str, float] | None = None
    seed: int = 1
    regularization: float = 4.0


def read_recipe(path: str | os.PathLike[str], data: Mapping[str, Path] | None = None) -> Recipe:
    """Read and check a recipe.

    Args:
        path: The YAML file; paths in it are relative to its folder.
        data: Paths that replace those of the sources of these names.

    Raises:
        RecipeError: Naming file, field, what was found and what is allowed.
        OSError: If the file cannot be read.
    """
    file = Path(path)
    try:
        content = read_yaml(file)
    except ValueError as error:
        raise RecipeError(f"{file}: expected YAML in UTF-8, found: {error}") from error
    if not isinstance(content, dict):
        raise RecipeError(f"{file}: expected fields, found {shorten(content)}")
    recipe = _recipe(file, content)
    return _with_data(file, recipe, data or {})


def _recipe(file: Path, content: dict[Any, Any]) -> Recipe:
    known = {f.name: str(f.type) for f in fields(Recipe)}
    for key in content:
        if key not in known:
            raise RecipeError(f"{file}: found field {shorten(key)}; allowed: {', '.join(known)}")
    for key in ("name", "kind", "train", "dev"):
        if key not in content:
            raise RecipeError(f"{file}: field {key!r} is missing")
    values: dict[str, Any] = {
        key: _number(file, key, value, whole=known[key] == "int")
        for key, value in content.items()
        if known[key] in ("int", "float")
    }
    for key in ("name", "kind", "encoder"):
        if key in content:
            values[key] = _string(file, key, content[key])
    if values["kind"] not in KINDS:
        raise RecipeError(f"{file}: kind: found {values['kind']!r}; allowed: {', '.join(KINDS)}")
    if Path(values["name"]).name != values["name"]:
        raise RecipeError(f"{file}: name: expected a plain name, found {values['name']!r}")
    for key in ("train", "dev"):
        values[key] = _sources(file, key, content[key])
    never = _list(file, "never_train", content.get("never_train", []))
    values["never_train"] = tuple(
        (file.parent / _string(file, "never_train", item)).resolve() for item in never
    )
    values["head_weights"] = _head_weights(file, content.get("head_weights"))
    return Recipe(**values)


def _sources(file: Path, where: str, value: Any) -> tuple[Source, ...]:
    items = _list(file, where, value)
    if not items:
        raise RecipeError(f"{file}: {where}: expected at least one source, found none")
    return tuple(_source(file, where, item) for item in items)


_SOURCE_FIELDS = ("name", "format", "path", "weight", "labels")


def _source(file: Path, where: str, item: Any) -> Source:
    if not isinstance(item, dict) or "name" not in item:
        raise RecipeError(f"{file}: {where}: expected name, format, path; found {shorten(item)}")
    for key in item:
        if key not in _SOURCE_FIELDS:
            allowed = ", ".join(_SOURCE_FIELDS)
            raise RecipeError(f"{file}: {where}: found field {shorten(key)}; allowed: {allowed}")
    form = _string(file, f"{where}.format", item.get("format", "connote"))
    if form not in FORMS:
        raise RecipeError(f"{file}: {where}.format: found {form!r}; allowed: {', '.join(FORMS)}")
    path = item.get("path")
    if path is None and form == "connote":
        raise RecipeError(f"{file}: {where}: a source of format connote needs a path")
    labels = item.get("labels")
    if labels is not None and form == "connote":
        raise RecipeError(f"{file}: {where}.labels: a source of format connote has its own")
    return Source(
        name=_string(file, f"{where}.name", item["name"]),
        format=form,
        path=None if path is None else file.parent / _string(file, f"{where}.path", path),
        labels=None if labels is None else file.parent / _string(file, f"{where}.labels", labels),
        weight=_number(file, f"{where}.weight", item.get("weight", 1.0), whole=False),
    )


def _with_data(file: Path, recipe: Recipe, data: Mapping[str, Path]) -> Recipe:
    names = [source.name for source in (*recipe.train, *recipe.dev)]
    for name in data:
        if name not in names:
            raise RecipeError(f"{file}: no source named {name!r}; its sources: {', '.join(names)}")

    def replaced(sources: tuple[Source, ...]) -> tuple[Source, ...]:
        return tuple(replace(s, path=data[s.name]) if s.name in data else s for s in sources)

    return replace(recipe, train=replaced(recipe.train), dev=replaced(recipe.dev))


_RANGES = {
    "window": (8, 512),
    "epochs": (1, 1_000),
    "batch_size": (1, 4_096),
    "learning_rate": (1e-9, 1),
    "layer_decay": (0.01, 1),
    "warmup": (0, 0.99),
    "weight_decay": (0, 1),
    "label_smoothing": (0, 0.99),
    "dropout": (0, 0.99),
    "quoted_copies": (0, 1),
    "weight": (0.001, 1),
    "regularization": (1e-6, 1e6),
}


def _number(file: Path, where: str, value: Any, *, whole: bool) -> Any:
    wanted = int if whole else (int, float)
    low, high = _RANGES.get(where.rpartition(".")[2], (0, 1e9))
    if isinstance(value, bool) or not isinstance(value, wanted) or not low <= value <= high:
        kind = "a whole number" if whole else "a number"
        raise RecipeError(
            f"{file}: {where}: expected {kind} from {low:g} to {high:g}, found {shorten(value)} "
            "(YAML reads 1e-4 as text: write 1.0e-4)"
        )
    return value if whole else float(value)


def _string(file: Path, where: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise RecipeError(f"{file}: {where}: expected text, found {shorten(value)}")
    return value


def _list(file: Path, where: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise RecipeError(f"{file}: {where}: expected a list, found {shorten(value)}")
    return value


def _head_weights(file: Path, value: Any) -> dict[str, float] | None:
    if value is None:
        return None
    heads = (*HEADS, "loaded_word")
    if not isinstance(value, dict) or not set(value) <= set(heads):
        raise RecipeError(f"{file}: head_weights: found {shorten(value)}; allowed: {heads}")
    return {k: _number(file, f"head_weights.{k}", v, whole=False) for k, v in value.items()}
