"""Signs that sentences were stamped from templates."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from .schema import Example

OPENING_WORDS = 3
FEW_GROUPS = 2
"""A skeleton in no more groups than these is a retelling, not a template."""

_MASKS = ("LABEL", "NAME", "NUMBER")
_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’.-][^\W\d_]+)*|[^\w\s]")


def skeleton(example: Example) -> str:
    """A sentence with its labels, names and numbers masked.

    A name is a word with a capital letter that does not begin the sentence; a run of masks
    of one kind counts as one.
    """
    text, kept, at = example.text, [], 0
    for mention in sorted(example.mentions, key=lambda m: (m.start, -m.end)):
        if mention.start >= at:
            kept += [*_masked(text[at : mention.start], first=at == 0), "LABEL"]
            at = mention.end
    kept += _masked(text[at:], first=at == 0)
    return " ".join(t for i, t in enumerate(kept) if t not in _MASKS or not i or t != kept[i - 1])


def _masked(text: str, *, first: bool) -> list[str]:
    tokens: list[str] = []
    for token in _TOKEN.findall(text):
        if token[0].isdigit():
            tokens.append("NUMBER")
        elif token[0].isupper() and not first:
            tokens.append("NAME")
        else:
            tokens.append(token.lower())
        first = first and not token[0].isalnum()
    return tokens


def opening(text: str) -> str | None:
    """The first three words of a text in small letters; ``None`` where it has fewer."""
    words = [m.group().lower() for m in islice(_WORD.finditer(text), OPENING_WORDS)]
    return " ".join(words) if len(words) == OPENING_WORDS else None


@dataclass(frozen=True, slots=True)
class Smell:
    """How much of a corpus looks stamped.

    Attributes:
        repeated: Ids of the sentences whose skeleton occurs in more than two groups.
        repeated_share: Their share of all sentences.
        opening: The most frequent three-word opening, empty where there is none.
        opening_share: Its share of all sentences.
    """

    repeated: tuple[str, ...]
    repeated_share: float
    opening: str
    opening_share: float


def smell(examples: Sequence[Example]) -> Smell:
    """Look for skeletons and openings that return; a sentence without group is its own.

    Raises:
        ValueError: If there are no examples.
    """
    if not examples:
        raise ValueError("expected examples, found none")
    by_skeleton = _by_skeleton(examples)
    repeated = [
        example.id
        for found in by_skeleton.values()
        if len({e.event for e in found}) > FEW_GROUPS
        for example in found
    ]
    openings = Counter(o for o in (opening(e.text) for e in examples) if o is not None)
    first, times = openings.most_common(1)[0] if openings else ("", 0)
    number = len(examples)
    return Smell(tuple(repeated), len(repeated) / number, first, times / number)


def _by_skeleton(examples: Iterable[Example]) -> dict[str, list[Example]]:
    found: defaultdict[str, list[Example]] = defaultdict(list)
    for example in examples:
        found[skeleton(example)].append(example)
    return found
