"""Whether the model's probabilities are right on the gold sample of an archive."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import pandas as pd

from ..data.schema import Example
from .study import Study

BINS = 5
LEAST_OF_BIN = 15
"""Judgements in a bin; with fewer there are fewer bins."""
_Z = 1.959964
_HEADS = {"loaded": "loaded", "framing": "delegitimizing"}

Judged = tuple[float, bool, float]
"""What the model said, what is right, and the weight."""


def calibration(study: Study) -> pd.DataFrame:
    """Probabilities of the model beside how often the gold labels say the same.

    Args:
        study: Of an archive, with a gold sample.

    Returns:
        A row a bin: ``head``, ``mean_probability``, ``observed``, ``low``, ``high`` (Wilson, at
        95 %, for the effective number by Kish), ``n``. Bins hold equally many judgements.
    """
    rows: list[dict[str, object]] = []
    for head, judged in (("loaded", _loaded(study)), ("framing", _framed(study))):
        found = sorted(judged)
        bins = min(BINS, len(found) // LEAST_OF_BIN)
        for i in range(bins):
            part = found[len(found) * i // bins : len(found) * (i + 1) // bins]
            rows.append({"head": _HEADS[head], **_of_bin(part)})
    columns = ["head", "mean_probability", "observed", "low", "high", "n"]
    return pd.DataFrame(rows, columns=columns)


def _of_bin(part: Sequence[Judged]) -> dict[str, object]:
    total = sum(weight for *_, weight in part)
    mean = sum(probability * weight for probability, _, weight in part) / total
    observed = sum(right * weight for _, right, weight in part) / total
    effective = total**2 / sum(weight**2 for *_, weight in part)
    low, high = wilson(observed, effective)
    return {
        "mean_probability": mean,
        "observed": observed,
        "low": low,
        "high": high,
        "n": len(part),
    }


def wilson(share: float, number: float) -> tuple[float, float]:
    """Interval of a share at 95 % (Wilson 1927).

    Args:
        share: What was observed.
        number: Of independent observations, above 0.
    """
    centre = (share + _Z**2 / (2 * number)) / (1 + _Z**2 / number)
    half = _Z * math.sqrt(share * (1 - share) / number + _Z**2 / (4 * number**2))
    half /= 1 + _Z**2 / number
    return max(0.0, centre - half), min(1.0, centre + half)


def _loaded(study: Study) -> Iterator[Judged]:
    for example, rows in _gold(study, "sentences", "p_loaded"):
        if example.loaded is not None and example.origin is not None:
            yield float(rows["p_loaded"].iloc[0]), example.loaded, 1 / example.origin.probability


def _framed(study: Study) -> Iterator[Judged]:
    """Mentions that both the model and the annotators found, by the words they share."""
    columns = "sentence_start, mention_start, mention_end, p_framing_delegitimizing"
    for example, rows in _gold(study, "mentions", columns):
        for row in rows.itertuples():
            start, end = (
                row.mention_start - row.sentence_start,
                row.mention_end - row.sentence_start,
            )
            same = [m for m in example.mentions if m.start < end and start < m.end and m.framing]
            if same and example.origin is not None:
                right = same[0].framing == "delegitimizing"
                yield float(row.p_framing_delegitimizing), right, 1 / example.origin.probability


def _gold(study: Study, view: str, columns: str) -> Iterator[tuple[Example, pd.DataFrame]]:
    """Each gold sentence with what the model said of it."""
    if study.gold is None:
        return
    places = [example.origin for example in study.gold.examples]
    wanted = pd.DataFrame(
        {
            "item": range(len(places)),
            "doc_id": [origin.document if origin else "" for origin in places],
            "sentence": [origin.sentence if origin else -1 for origin in places],
        }
    )
    study.scores.register("report_gold", wanted)
    found = study.scores.sql(
        f"SELECT item, {columns} FROM {view} JOIN report_gold USING (doc_id, sentence)"
    )
    for item, rows in found.groupby("item"):
        yield study.gold.examples[int(item)], rows
