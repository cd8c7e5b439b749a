"""Sources of a recipe: which corpora are learnt from, in which form, from where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ..data.checks import shorten
from ..data.public import FORMS
from .values import RecipeError, array, number, string


@dataclass(frozen=True, slots=True)
class Source:
    """A corpus to learn from.

    Attributes:
        name: How the command line refers to it (``--data NAME=PATH``).
        format: ``connote`` for records of the design, or a public corpus (`data.public`).
        path: A file or folder; ``None`` takes a public corpus from the Hugging Face Hub, if its
            authors have put it there.
        labels: Of a public corpus, a file of labels that connote adds (`data.standoff`).
        only_labelled: Whether only the sentences that `labels` knows are seen.
        dev_share: Share of its groups that is held out to choose by.
    """

    name: str
    format: str = "connote"
    path: Path | None = None
    labels: Path | None = None
    only_labelled: bool = False
    dev_share: float = 0.0


def read_sources(file: Path, where: str, value: Any) -> tuple[Source, ...]:
    """The sources in a list of a recipe; paths are relative to the recipe's folder.

    Raises:
        RecipeError: Naming file, field, what was found and what is allowed.
    """
    items = array(file, where, value)
    if not items:
        raise RecipeError(f"{file}: {where}: expected at least one source, found none")
    return tuple(_source(file, where, item) for item in items)


_SOURCE_FIELDS = tuple(f.name for f in fields(Source))


def _source(file: Path, where: str, item: Any) -> Source:
    if not isinstance(item, dict) or "name" not in item:
        raise RecipeError(f"{file}: {where}: expected name, format, path; found {shorten(item)}")
    for key in item:
        if key not in _SOURCE_FIELDS:
            allowed = ", ".join(_SOURCE_FIELDS)
            raise RecipeError(f"{file}: {where}: found field {shorten(key)}; allowed: {allowed}")
    form = string(file, f"{where}.format", item.get("format", "connote"))
    if form not in FORMS:
        raise RecipeError(f"{file}: {where}.format: found {form!r}; allowed: {', '.join(FORMS)}")
    path = item.get("path")
    if path is None and form == "connote":
        raise RecipeError(f"{file}: {where}: a source of format connote needs a path")
    labels = item.get("labels")
    if labels is not None and form == "connote":
        raise RecipeError(f"{file}: {where}.labels: a source of format connote has its own")
    only_labelled = item.get("only_labelled", False)
    if type(only_labelled) is not bool or (only_labelled and labels is None):
        raise RecipeError(
            f"{file}: {where}.only_labelled: expected true beside labels, or false; "
            f"found {shorten(only_labelled)}"
        )
    return Source(
        only_labelled=only_labelled,
        dev_share=number(file, f"{where}.dev_share", item.get("dev_share", 0.0), whole=False),
        name=string(file, f"{where}.name", item["name"]),
        format=form,
        path=None if path is None else file.parent / string(file, f"{where}.path", path),
        labels=None if labels is None else file.parent / string(file, f"{where}.labels", labels),
    )


def check_sources(
    file: Path, train: Sequence[Source], others: Mapping[str, Sequence[Source]]
) -> None:
    """Refuse what would be passed over.

    Args:
        file: The recipe, for the error.
        train: What is learnt from.
        others: By their field the sources of which nothing can be held out.

    Raises:
        RecipeError: If two sources to learn from share a name, or a share is held out of one
            that is not learnt from.
    """
    names = [source.name for source in train]
    for name in names:
        if names.count(name) > 1:
            raise RecipeError(f"{file}: train: found two sources named {name!r}; name them apart")
    for field, sources in others.items():
        for source in sources:
            if source.dev_share:
                raise RecipeError(
                    f"{file}: {field}: {source.name}: found a dev_share; only of sources in train "
                    "a share is held out"
                )
