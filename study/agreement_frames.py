"""The columns of the frames that tell of agreement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

_NUMBERS = {"value": "Float64", "low": "Float64", "high": "Float64"}
ALPHAS = {
    "label": "string",
    "measure": "string",
    **_NUMBERS,
    "units": "Int64",
    "documents": "Int64",
    "annotators": "Int64",
    "flag": "string",
}
PAIRS = {
    "one": "string",
    "other": "string",
    "label": "string",
    "measure": "string",
    "observed": "Float64",
    **_NUMBERS,
    "units": "Int64",
    "documents": "Int64",
    "flag": "string",
}
ANNOTATORS = {
    "annotator": "string",
    "label": "string",
    "measure": "string",
    "items": "Int64",
    "units": "Int64",
    "value": "Float64",
    "without": "Float64",
    "flag": "string",
}
SHARES = {
    "annotator": "string",
    "label": "string",
    "answer": "string",
    "count": "Int64",
    "share": "Float64",
}
CONFUSIONS = {
    "one": "string",
    "other": "string",
    "label": "string",
    "answer_one": "string",
    "answer_other": "string",
    "count": "Int64",
}
ITEMS = {
    "id": "string",
    "document": "string",
    "text": "string",
    "disagreements": "Int64",
    "compared": "Int64",
    "said": "string",
}


def as_frame(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """Rows as a frame; what one lacks is ``NA``.

    Args:
        rows: The rows.
        columns: Their types by name.
    """
    found = list(rows)
    return pd.DataFrame(
        {
            name: pd.array([row.get(name) for row in found], dtype=dtype)
            for name, dtype in columns.items()
        }
    )


def as_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as JSON takes them; ``NA`` is ``None``."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(key): value for key, value in row.items()} for row in rows]


def drawable(alphas: pd.DataFrame) -> pd.DataFrame:
    """Alphas as `pictures.agreement_plot` takes them.

    Args:
        alphas: Of `agreement.Agreement`.
    """
    found = alphas[alphas["measure"] == "alpha"].rename(columns={"value": "alpha"})
    return found.assign(flag=found["flag"].fillna("").astype(str))
