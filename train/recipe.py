"""Recipes: what a model is trained on and how, one YAML file each, checked when read."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from ..data.checks import shorten
from ..data.schema import MENTION_LABELS
from ..data.yaml import read_yaml
from ..infer.folder import ModelFolder, open_model
from .sources import Source, check_sources, read_sources
from .values import RecipeError, array, head_weights, number, string

KINDS = ("encoder", "baseline")
SHIPPED = "shipped"
_OF_ENCODERS = ("start", "distil")


@dataclass(frozen=True, slots=True)
class Distillation:
    """A second round, in which the network learns from itself and a baseline together.

    Attributes:
        sources: Corpora whose sentences are judged by both and learnt from; no label of theirs
            is looked at.
        baseline: For each label the baseline's share in what is learnt; the rest is the
            network's own.
        labelled: Share of the labelled sentences that are seen again beside them.
        epochs: Passes over the data.
        learning_rate: As in the first round.
    """

    sources: tuple[Source, ...]
    baseline: Mapping[str, float]
    labelled: float = 0.5
    epochs: int = 2
    learning_rate: float = 8e-5


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
        start: Folder of a trained model whose weights are the beginning; ``shipped`` is
            connote's own.
        window: Most tokens read at once.
        temperature: T of the sampling of corpora: of n sentences in proportion to n^(1/T). At 1
            each sentence is seen once a pass, above it small corpora are seen more often.
        epochs: Passes over the data, at most.
        patience: Passes without a gain on dev after which a training stops.
        batch_size: Sentences a step.
        learning_rate: Of the heads and the encoder's top layer.
        layer_decay: Factor from each layer to the one below.
        warmup: Share of the steps in which the rate rises.
        weight_decay: Of AdamW.
        weight_average: Decay of the running mean of the weights that is kept; 0 keeps the last.
        label_smoothing: Of the losses over classes.
        dropout: Before the heads.
        encoder_dropout: Inside the encoder.
        quoted_copies: Share of the sentences without quotation marks that are seen a second
            time as if inside a quotation (see `augment.inside_quotations`).
        plain_stance: Whether the stance of a judging label is learnt where it is marked
            `neutral` (see `augment.without_plain_stance`).
        head_weights: Factor of each head's loss.
        distil: The second round, if there is one.
        seed: Of everything that is drawn.
        regularization: Inverse strength C of the baseline's penalty.
    """

    name: str
    kind: str
    train: tuple[Source, ...]
    dev: tuple[Source, ...] = ()
    never_train: tuple[Path, ...] = ()
    encoder: str = "sentence-transformers/all-MiniLM-L6-v2"
    start: str | None = None
    window: int = 192
    temperature: float = 1.0
    epochs: int = 4
    patience: int = 2
    batch_size: int = 32
    learning_rate: float = 1.2e-4
    layer_decay: float = 0.9
    warmup: float = 0.1
    weight_decay: float = 0.01
    weight_average: float = 0.998
    label_smoothing: float = 0.05
    dropout: float = 0.1
    encoder_dropout: float = 0.0
    quoted_copies: float = 0.15
    plain_stance: bool = True
    head_weights: Mapping[str, float] | None = None
    distil: Distillation | None = None
    seed: int = 1
    regularization: float = 4.0


def open_start(start: str) -> ModelFolder:
    """The checked folder of the model that a training starts from.

    Raises:
        ModelError: If it cannot be used.
    """
    return open_model(None if start == SHIPPED else start)


def settings_of(recipe: Recipe) -> dict[str, Any]:
    """What a recipe says besides names and sources, with no path of this machine."""
    settings = asdict(recipe)
    for key in ("train", "dev", "never_train", "name", "kind"):
        del settings[key]
    if recipe.distil is not None:
        del settings["distil"]["sources"]
    if recipe.start is not None:
        settings["start"] = open_start(recipe.start).id
    settings["encoder"] = (
        Path(recipe.encoder).name if Path(recipe.encoder).is_dir() else recipe.encoder
    )
    return settings


def read_recipe(path: str | os.PathLike[str], data: Mapping[str, Path] | None = None) -> Recipe:
    """Read and check a recipe.

    Args:
        path: The YAML file; paths in it are relative to its folder.
        data: Paths that replace those of the sources of these names; an empty name means
            the only source there is.

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
    for key in ("name", "kind", "train"):
        if key not in content:
            raise RecipeError(f"{file}: field {key!r} is missing")
    recipe = Recipe(
        **{
            key: _PARSERS[key](file, key, value)
            if key in _PARSERS
            else number(file, key, value, whole=known[key] == "int")
            for key, value in content.items()
        }
    )
    if not recipe.dev and not any(source.dev_share for source in recipe.train):
        raise RecipeError(
            f"{file}: expected dev, or a dev_share of a source, found neither: nothing to choose by"
        )
    for key in _OF_ENCODERS:
        if recipe.kind == "baseline" and key in content:
            raise RecipeError(f"{file}: {key}: found it in a baseline; it is for encoders alone")
    distilled = recipe.distil.sources if recipe.distil else ()
    check_sources(file, recipe.train, {"dev": recipe.dev, "distil.sources": distilled})
    return recipe


_DISTIL_FIELDS = tuple(f.name for f in fields(Distillation))


def _distil(file: Path, where: str, value: Any) -> Distillation:
    if not isinstance(value, dict) or not {"sources", "baseline"} <= set(value):
        raise RecipeError(f"{file}: {where}: expected sources, baseline; found {shorten(value)}")
    for key in value:
        if key not in _DISTIL_FIELDS:
            allowed = ", ".join(_DISTIL_FIELDS)
            raise RecipeError(f"{file}: {where}: found field {shorten(key)}; allowed: {allowed}")
    shares = head_weights(file, f"{where}.baseline", value["baseline"])
    if set(shares) != set(MENTION_LABELS) or max(shares.values()) > 1:
        raise RecipeError(
            f"{file}: {where}.baseline: expected shares up to 1 of {', '.join(MENTION_LABELS)}; "
            f"found {shorten(value['baseline'])}"
        )
    return Distillation(
        sources=read_sources(file, f"{where}.sources", value["sources"]),
        baseline=shares,
        **{
            key: number(file, f"{where}.{key}", value[key], whole=key == "epochs")
            for key in ("labelled", "epochs", "learning_rate")
            if key in value
        },
    )


def _flag(file: Path, where: str, value: Any) -> bool:
    if type(value) is not bool:
        raise RecipeError(f"{file}: {where}: expected true or false, found {shorten(value)}")
    return value


def _kind(file: Path, where: str, value: Any) -> str:
    kind = string(file, where, value)
    if kind not in KINDS:
        raise RecipeError(f"{file}: {where}: found {kind!r}; allowed: {', '.join(KINDS)}")
    return kind


def _name(file: Path, where: str, value: Any) -> str:
    name = string(file, where, value)
    if Path(name).name != name or name == "..":
        raise RecipeError(f"{file}: {where}: expected a plain name, found {name!r}")
    return name


def _start(file: Path, where: str, value: Any) -> str:
    start = string(file, where, value)
    return start if start == SHIPPED else str((file.parent / start).resolve())


def _paths(file: Path, where: str, value: Any) -> tuple[Path, ...]:
    items = array(file, where, value)
    return tuple((file.parent / string(file, where, item)).resolve() for item in items)


_PARSERS: dict[str, Callable[[Path, str, Any], Any]] = {
    "name": _name,
    "kind": _kind,
    "encoder": string,
    "start": _start,
    "train": read_sources,
    "dev": read_sources,
    "never_train": _paths,
    "plain_stance": _flag,
    "head_weights": head_weights,
    "distil": _distil,
}
"""How fields that are no plain numbers are read."""


def _with_data(file: Path, recipe: Recipe, data: Mapping[str, Path]) -> Recipe:
    more = recipe.distil.sources if recipe.distil else ()
    names = list(dict.fromkeys(source.name for source in (*recipe.train, *recipe.dev, *more)))
    if "" in data:
        if len(names) > 1 or len(data) > 1:
            raise RecipeError(
                f"{file}: --data needs a name, NAME=PATH, as there are several sources: "
                + ", ".join(names)
            )
        data = {names[0]: data[""]}
    for name in data:
        if name not in names:
            raise RecipeError(f"{file}: no source named {name!r}; its sources: {', '.join(names)}")

    def replaced(sources: tuple[Source, ...]) -> tuple[Source, ...]:
        return tuple(replace(s, path=data[s.name]) if s.name in data else s for s in sources)

    distil = recipe.distil and replace(recipe.distil, sources=replaced(more))
    return replace(recipe, train=replaced(recipe.train), dev=replaced(recipe.dev), distil=distil)
