"""Public corpora from the Hugging Face Hub, or the word that they are not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .errors import UsageError
from .extras import require


def hub_rows(
    title: str, name: str, hub: str, split: str | None, revision: str | None = None
) -> Iterable[dict[str, Any]]:
    """Rows of a data set on the Hub.

    No commit is pinned: none has been checked against a copy, and the branch of Parquet files
    moves with the main one. Whoever reads the rows refuses those of another shape, and the
    config of a trained model carries the hash of what it learnt from.

    Args:
        title: Of the corpus, for errors.
        name: Of the corpus in `connote.data.public.PUBLIC`, for errors.
        hub: Name of the data set.
        split: One that the data set has; ``None`` is refused.
        revision: Branch, tag or commit; ``None`` takes the main branch.

    Raises:
        MissingExtraError: If the package ``datasets`` is not installed.
        UsageError: If there is no split, or the Hub cannot be reached or has no such split.
    """
    if split is None:
        raise UsageError(
            f"{title}: expected a split to read from the Hub's {hub}, found none; name it, such "
            "as train"
        )
    datasets = require("datasets", "train")
    try:
        rows: Iterable[dict[str, Any]] = datasets.load_dataset(hub, revision=revision, split=split)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{title}, split {split!r}, cannot be had from the Hub's {hub} ({error}); connect to "
            f"it, or get the corpus and name its folder: --data {name}=FOLDER"
        ) from error
    return rows


def not_on_hub(title: str, name: str, source: str) -> UsageError:
    """The error of a corpus without a path that the Hub does not have.

    Args:
        title: Of the corpus.
        name: Of the corpus in `connote.data.public.PUBLIC`.
        source: Where to get it.
    """
    return UsageError(
        f"{title}: expected a path, found none, and connote knows no copy by its authors on the "
        f"Hub; get it from {source} and name its file or folder: --data {name}=PATH"
    )
