"""GWSD brought to records: stance of a sentence towards the concern about climate change.

GWSD (also DeSMOG) gives for a news sentence the probabilities that it disagrees with, agrees
with, or is neutral towards one and the same statement, *climate change is a serious concern*,
as a model of eight annotators' ratings has them. That is *stance*, of the whole sentence: one
mention from its first to its last character, with the statement as its referent. It marks
neither framing, nor voice, nor loaded words, so these stay absent. No licence is stated. Luo,
Card and Jurafsky, *Detecting Stance in Media On Global Warming*, Findings of EMNLP 2020.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .errors import UsageError
from .hashes import sentence_hash
from .hub import not_on_hub
from .schema import STANCES, Example, Mention
from .tables import Row, find_file, first_of_each, read_rows

REFERENT = "climate change is a serious concern"
_SOURCE = "https://github.com/yiweiluo/GWStance"
_ORIGINAL = "GWSD.tsv"
# Neutral first: where it is among the most probable, it is taken.
_STANCE = {"neutral": "neutral", "disagree": "against", "agree": "favor"}
_SPLITS = ("train", "test")
_HELD_OUT = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}
_ROUNDING = 0.01


def read_gwsd(path: Path | None = None, split: str | None = "train") -> list[Example]:
    """Read GWSD.

    Args:
        path: The original ``GWSD.tsv``, a JSONL file with the same columns, or a folder with
            ``<split>.jsonl`` or ``GWSD.tsv``.
        split: ``train`` or ``test`` by the column ``in_held_out_test``; a file without it is
            read whole. ``None`` reads every file whole.

    Returns:
        One example a sentence with one mention, all of it, and on that stance alone: the most
        probable one, with the probabilities of all three; of a sentence that stands there
        twice the first. Sentences without probabilities, with which
        the annotators were tested, are left out. Where for and against are equally probable
        and more so than neutral, the stance stays absent.

    Raises:
        RecordError: If a row has another shape, naming the difference.
        UsageError: If there is no path, the folder has no such file or the file no such split.
        OSError: If the file cannot be opened.
    """
    if path is None:
        raise not_on_hub("GWSD", "gwsd", _SOURCE)
    rows = read_rows(find_file(path, split, (_ORIGINAL,)), tuple(_STANCE), "\t")
    return first_of_each(_sentences(rows, split))


def _sentences(rows: Iterator[Row], split: str | None) -> Iterator[Example]:
    for row in rows:
        if all(row.values[column] in (None, "") for column in _STANCE):
            continue
        if _belongs(row, split):
            yield _sentence(row)


def _sentence(row: Row) -> Example:
    column = "sentence" if "sentence" in row.values else "text"
    row.require((column,))
    text = row.text(column)
    name = f"gwsd-{sentence_hash(text)[:12]}"
    stance, shares = _stance(row)
    mention = Mention(0, len(text), referent=REFERENT, stance=stance, stance_shares=shares)
    return Example(name, text, (mention,), topic="global warming", group=name)


def _stance(row: Row) -> tuple[str | None, tuple[float, ...] | None]:
    """The most probable stance, and how probable each is; nothing between for and against."""
    probabilities = {column: _probability(row, column) for column in _STANCE}
    if abs(sum(probabilities.values()) - 1) > _ROUNDING:
        raise row.wrong("disagree, agree, neutral", probabilities, "probabilities that sum to 1")
    highest = max(probabilities.values())
    first, *others = [column for column in _STANCE if probabilities[column] == highest]
    if others and first != "neutral":
        return None, None
    by_stance = {_STANCE[column]: value for column, value in probabilities.items()}
    total = sum(by_stance.values())
    return _STANCE[first], tuple(by_stance[stance] / total for stance in STANCES)


def _probability(row: Row, column: str) -> float:
    value = row.values[column]
    allowed = "a number from 0 to 1"
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError as error:
            raise row.wrong(column, value, allowed) from error
    # NaN and infinity are in no range.
    if type(value) not in (int, float) or not 0 <= value <= 1:
        raise row.wrong(column, value, allowed)
    return float(value)


def _belongs(row: Row, split: str | None) -> bool:
    if split is None or "in_held_out_test" not in row.values:
        return True
    if split not in _SPLITS:
        raise UsageError(
            f"{row.file}: expected one of GWSD's splits {', '.join(_SPLITS)}, found {split!r}; "
            "name one of them, or a file without the column in_held_out_test"
        )
    value = row.values["in_held_out_test"]
    held_out = _HELD_OUT.get(str(value).lower()) if isinstance(value, str | int | float) else None
    if held_out is None:
        raise row.wrong("in_held_out_test", value, "true, false")
    return held_out == (split == "test")
