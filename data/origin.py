"""Where a record stands in a scored archive, and how it was drawn from it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from .checks import Checker, shorten


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a sentence stands in a scored archive, and how it was drawn from it.

    Attributes:
        document: The document's ``doc_id``.
        sentence: Number of the sentence in the document.
        stratum: Of the sample.
        population: Sentences of the stratum in the archive.
        sampled: Sentences drawn from it.
        probability: With which each of them was drawn.
    """

    document: str
    sentence: int
    stratum: str
    population: int
    sampled: int
    probability: float


_KEYS = tuple(f.name for f in fields(Origin))


def parse_origin(check: Checker, value: Any) -> Origin | None:
    """The origin of a decoded record, with problems noted.

    Args:
        check: Takes the problems.
        value: What stands in the record.
    """
    where = "origin"
    if value is None or not check.is_object(value, where):
        return None
    check.known_keys(value, _KEYS, where)
    whole = {
        key: _whole(check, value, key, least)
        for key, least in (("sentence", 0), ("population", 1), ("sampled", 1))
    }
    probability = value.get("probability")
    if type(probability) not in (int, float) or not 0 < probability <= 1:
        check.note(f"{where}.probability", shorten(probability), "a number above 0, at most 1")
        probability = 1.0
    return Origin(
        document=check.string(value, "document", where, required=True) or "",
        stratum=check.string(value, "stratum", where, required=True) or "",
        probability=float(probability),
        **whole,
    )


def _whole(check: Checker, obj: dict[str, Any], key: str, least: int) -> int:
    value = obj.get(key)
    if type(value) is not int or value < least:
        check.note(f"origin.{key}", shorten(value), f"a whole number from {least}")
        return least
    return value
