"""Words that report speech, and words that name who speaks: `data/speech/*.yaml`, read once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from .yaml import read_yaml

SPEAKER_KINDS = (
    "outlet",
    "official",
    "military",
    "armed-group",
    "party",
    "witness",
    "expert",
    "medium",
    "other",
)
"""Who speaks: the outlet itself, somebody of a state, a party or movement, another medium …"""

_VOWELS = "aeiou"
_BRITISH = frozenset(["label", "signal"])
"""Verbs whose last letter only British spelling doubles: *labelled*."""
_DOUBLED = frozenset(
    ["admit", "slam", "rip", "slap", "refer to", "dub", "quip", "pan", "concur", "put it", "recap"]
)


@dataclass(frozen=True, slots=True)
class Verb:
    """One form of a verb that reports.

    Attributes:
        calls: Whether it calls or judges what follows, as *call* and *slam* do; else a clause
            or a quotation stands beside it, as with *say*.
        participle: Whether it is the *-ing* form.
        past: Whether it is a past form or participle.
        base: Whether it is the base form, which needs a plural before it.
    """

    calls: bool
    participle: bool = False
    past: bool = False
    base: bool = False


@dataclass(frozen=True, slots=True)
class SpeechWords:
    """All of them.

    Attributes:
        verbs: By the form; of one of several words by its first word.
        also_nouns: Forms that are more often nouns.
        particles: For the first word of such a verb the words of which one must follow.
        titles: Words before a name, with their kind.
        heads: Words at the head of what names a source, with their kind.
        statements: Words for what somebody said.
        documents: Words for what reports by itself.
        first_names: For a first name ``m`` or ``f``.
        no_source: What stands before a colon and is no source.
    """

    verbs: dict[str, Verb]
    also_nouns: frozenset[str]
    particles: dict[str, frozenset[str]]
    titles: dict[str, str]
    heads: dict[str, str]
    statements: frozenset[str]
    documents: frozenset[str]
    first_names: dict[str, str]
    no_source: frozenset[str]


@cache
def speech_words() -> SpeechWords:
    """Read the lists that ship with connote."""
    folder = Path(str(files(__package__) / "speech"))
    listed, sources = read_yaml(folder / "verbs.yaml"), read_yaml(folder / "sources.yaml")
    verbs: dict[str, Verb] = {}
    particles: dict[str, set[str]] = {}
    for name in ("call", "say"):
        for item in listed[name]:
            for form, verb in _forms(item, calls=name == "call"):
                first, _, rest = form.partition(" ")
                if rest:
                    particles.setdefault(first, set()).add(rest)
                verbs[first] = verb
    return SpeechWords(
        verbs,
        frozenset(listed["also nouns"]),
        {first: frozenset(rest) for first, rest in particles.items()},
        _by_word(sources["titles"]),
        _by_word(sources["heads"]),
        frozenset(sources["statements"]),
        frozenset(sources["documents"]),
        _by_word(read_yaml(folder / "first_names.yaml")),
        frozenset(sources["no source"]),
    )


def _by_word(kinds: dict[str, list[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, words in kinds.items():
        for word in words:
            found.setdefault(word, kind)
    return found


def _forms(item: Any, *, calls: bool) -> Iterator[tuple[str, Verb]]:
    """The base form, the third person, the past forms and the participle of a verb."""
    if isinstance(item, dict):
        ((base, irregular),) = item.items()
        third, *past = irregular
    else:
        base, third, past = item, "", []
    first, _, rest = base.partition(" ")
    rest = f" {rest}" if rest else ""
    yield first + rest, Verb(calls, base=True)
    yield (third or _third(first)) + rest, Verb(calls)
    for form in past or [_past(first, doubled=base in _DOUBLED)]:
        yield form + rest, Verb(calls, past=True)
    yield _ing(first, doubled=base in _DOUBLED) + rest, Verb(calls, participle=True)
    if base in _BRITISH:
        yield _past(first, doubled=True), Verb(calls, past=True)
        yield _ing(first, doubled=True), Verb(calls, participle=True)


def _third(verb: str) -> str:
    if verb == "go":
        return "goes"
    if verb.endswith(("s", "sh", "ch", "x")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ies"
    return verb + "s"


def _past(verb: str, *, doubled: bool) -> str:
    if verb == "go":
        return "went"
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ied"
    return verb + (verb[-1] if doubled else "") + "ed"


def _ing(verb: str, *, doubled: bool) -> str:
    if verb.endswith("e") and not verb.endswith(("ee", "ye")):
        return verb[:-1] + "ing"
    return verb + (verb[-1] if doubled else "") + "ing"
