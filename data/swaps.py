"""Sentences with names to exchange in them, where every label fits either name.

Each line of ``swaps.jsonl`` names a record of the corpus and the names that take the place
of its own: ``{"id": "idlib-0012b", "swap": [["Syria", "Sudan"], ["Syrian", "Sudanese"]]}``.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from .checks import Checker, Problem, RecordError, has_surrogate, read_lines, shorten
from .edits import Edit, edited
from .errors import UsageError
from .schema import Example

_HERE = Path(str(files("connote.data")))
SWAPS_FILE = _HERE / "swaps.jsonl"
CORPUS_FOLDER = _HERE / "corpus"
SWAP_SPLITS = ("dev", "test", "test_unseen")
"""Splits of the corpus whose sentences may be named: all but train."""
_MARKS = frozenset('"“”„‟«»‹›')

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Swap:
    """A record of the corpus and the pairs of old and new names to exchange in it."""

    id: str
    pairs: Pairs


def swapped(example: Example, pairs: Sequence[tuple[str, str]]) -> Example | None:
    """A record with names exchanged, all at once, and its offsets moved along.

    Args:
        example: A record.
        pairs: Old and new names. An old one is replaced wherever it stands between word
            boundaries; where two could be, the longer is.

    Returns:
        The changed record; ``None`` if a mention would be left without text.
    """
    return edited(example, _replacements(example.text, dict(pairs)))


def _replacements(text: str, names: Mapping[str, str]) -> list[Edit]:
    longest_first = sorted(names, key=len, reverse=True)
    pattern = rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"
    return [Edit(*found.span(), names[found.group()]) for found in re.finditer(pattern, text)]


def read_swaps(path: str | os.PathLike[str], examples: Iterable[Example]) -> list[Swap]:
    """Read a file of exchanges and check each against the record it names.

    Args:
        path: The file, as ``swaps.jsonl`` is written.
        examples: The records that may be named.

    Raises:
        RecordError: With every problem of the file: an id that is unknown or named twice, a
            name that is empty or not in its sentence, a mention left without text.
        UsageError: If the file holds no exchange.
        OSError: If the file cannot be opened.
    """
    known = {example.id: example for example in examples}
    swaps: list[Swap] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for line, value in read_lines(Path(path)):
        if isinstance(value, RecordError):
            problems += value.problems
            continue
        check = Checker(str(path), line)
        swap = _swap(check, value)
        if swap is not None:
            if seen.setdefault(swap.id, line) != line:
                found = f"{shorten(swap.id)} a second time, first on line {seen[swap.id]}"
                check.note("id", found, "an id once in a file")
            _fits(check, swap, known.get(swap.id))
            swaps.append(swap)
        problems += check.problems
    if problems:
        raise RecordError(problems)
    if not swaps:
        raise UsageError(f"{path}: expected names to exchange, found none")
    return swaps


def _swap(check: Checker, value: Any) -> Swap | None:
    """The exchange of one line, or ``None`` with its problems noted."""
    if not check.is_object(value, "record"):
        return None
    check.known_keys(value, ("id", "swap"), "")
    name = check.string(value, "id", required=True)
    items = check.array(value, "swap", required=True)
    if items == []:
        check.note("swap", "no pair", "at least one pair of an old and a new name")
    pairs = [_pair(check, item, f"swap[{i}]") for i, item in enumerate(items or ())]
    twice = [old for old, n in Counter(pair[0] for pair in pairs if pair).items() if n > 1]
    for old in twice:
        check.note("swap", f"{shorten(old)} twice", "every old name once")
    if check.problems or name is None:
        return None
    return Swap(name, tuple(pair for pair in pairs if pair))


def _pair(check: Checker, item: Any, where: str) -> tuple[str, str] | None:
    if not isinstance(item, list) or len(item) != 2:
        check.note(where, shorten(item), "a pair [old, new]")
        return None
    for value in item:
        if not isinstance(value, str) or not value or value != value.strip():
            allowed = "names that are not empty and have no space around them"
            check.note(where, shorten(value), allowed)
            return None
        if has_surrogate(value) or _MARKS & set(value):
            # A quotation mark would change who speaks, and with it the voice.
            check.note(where, shorten(value), "names that UTF-8 can encode, without double marks")
            return None
    old, new = item
    if old == new:
        check.note(where, f"{shorten(old)} for itself", "another name")
        return None
    return old, new


def _fits(check: Checker, swap: Swap, example: Example | None) -> None:
    """Note what keeps an exchange from being made in its sentence."""
    if example is None:
        allowed = f"the id of a record in {', '.join(SWAP_SPLITS)} of the corpus"
        check.note("id", f"{shorten(swap.id)}, which no record has", allowed)
        return
    edits = _replacements(example.text, dict(swap.pairs))
    replaced = {example.text[edit.start : edit.end] for edit in edits}
    for i, (old, _) in enumerate(swap.pairs):
        if old not in replaced:
            allowed = "a text that stands in it as words of its own, outside longer ones listed"
            check.note(f"swap[{i}]", f"{shorten(old)}, which is not in the sentence", allowed)
    changed = edited(example, edits)
    if changed is None:
        check.note("swap", "a mention left without text", "names that leave every mention some")
    elif len({(m.start, m.end) for m in changed.mentions}) < len(changed.mentions):
        check.note("swap", "two mentions that become one", "names that keep mentions apart")
