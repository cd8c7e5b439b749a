"""The lexicon: concepts and the competing labels that news uses for them.

A lexicon is YAML. Each concept lists labels under the framing they usually carry::

    armed-opposition:
      about: people who fight a government with arms
      actor: armed-group
      delegitimizing: [terrorist, death squad]
      neutral: [rebel, armed group]
      legitimizing: [freedom fighter]

A concept that stands for one thing or one class of people names it (``referent: Affordable Care
Act``); one whose labels stand for an actor of the document says of what sort (``actor``).
Labels are written in the singular, as a dictionary would. Where a label is found the
model decides what it does there; the framing in the lexicon says where to look.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from .checks import shorten
from .errors import ConnoteError
from .schema import FRAMINGS
from .yaml import read_mapping

USUAL_FRAMINGS = FRAMINGS[:3]
ACTORS = ("government", "leader", "army", "armed-group")
"""What sorts of actors the labels of a concept can stand for."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*['’]?")
_OTHER_KEYS = ("about", "referent", "actor")
MAX_LABELS = 1_000_000
MAX_LABEL_LENGTH = 200
MAX_FILE_BYTES = 64 * 2**20


class LexiconError(ConnoteError):
    """A lexicon file is not valid; the message names file, place, found and allowed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One label of one concept."""

    label: str
    concept: str
    framing: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Labels of concepts, and the modifiers that may stand before any of them.

    Attributes:
        entries: Every label once.
        about: For each concept what it stands for.
        modifiers: Words that belong to the label behind them ("brutal", "so-called").
        referents: What a concept stands for, where that is one thing or class of people.
        actors: Of what sort the actors are that a concept's labels stand for; of `ACTORS`.
    """

    entries: tuple[Entry, ...]
    about: dict[str, str]
    modifiers: frozenset[str]
    referents: dict[str, str] = field(default_factory=dict)
    actors: dict[str, str] = field(default_factory=dict)

    def competing(self, concept: str) -> dict[str, list[str]]:
        """The labels of a concept by the framing they usually carry."""
        found: dict[str, list[str]] = {framing: [] for framing in USUAL_FRAMINGS}
        for entry in self.entries:
            if entry.concept == concept:
                found[entry.framing].append(entry.label)
        return found


def load_lexicon(*paths: str | os.PathLike[str]) -> Lexicon:
    """Read lexicon files as one lexicon.

    Args:
        paths: Files in the format above; without any, connote's own lexicon is read. Files
            without modifiers take connote's.

    Raises:
        LexiconError: If a file has another form or one label stands in it twice.
        OSError: If a file cannot be read.
    """
    chosen = [Path(path) for path in paths] or list(_own_files())
    entries: dict[str, Entry] = {}
    about: dict[str, str] = {}
    modifiers: set[str] = set()
    referents: dict[str, str] = {}
    actors: dict[str, str] = {}
    for path in chosen:
        for concept, body in _concepts(path):
            if concept == "modifiers":
                modifiers.update(word.casefold() for word in _labels(path, concept, "", body))
                continue
            about[concept] = str(body.get("about") or "")
            if "referent" in body:
                referents[concept] = _referent(path, concept, body["referent"])
            if "actor" in body:
                actors[concept] = _actor(path, concept, body["actor"])
            for entry in _entries(path, concept, body):
                _add(entries, entry, path)
    if paths and not modifiers:
        modifiers.update(load_lexicon().modifiers)
    return Lexicon(tuple(entries.values()), about, frozenset(modifiers), referents, actors)


def _referent(path: Path, concept: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_LABEL_LENGTH:
        raise LexiconError(
            f"{path}: {concept}.referent: expected the name of what it stands for, "
            f"found {shorten(value)}"
        )
    return value.strip()


def _actor(path: Path, concept: str, value: Any) -> str:
    if not isinstance(value, str) or value not in ACTORS:
        allowed = ", ".join(ACTORS)
        raise LexiconError(f"{path}: {concept}.actor: found {shorten(value)}; allowed: {allowed}")
    return value


def _own_files() -> Iterator[Path]:
    folder = Path(str(files(__package__) / "lexicon"))
    return iter(sorted(folder.glob("*.yaml")))


def _add(entries: dict[str, Entry], entry: Entry, path: Path) -> None:
    # What the matcher sees of it: words, whatever stands between them.
    key = " ".join(_WORD.findall(entry.label.casefold()))
    if not key:
        raise LexiconError(
            f"{path}: {entry.concept}.{entry.framing}: expected a label with a word in it, "
            f"found {entry.label!r}"
        )
    if key in entries:
        raise LexiconError(
            f"{path}: {entry.concept}.{entry.framing}: found label {entry.label!r} again, first in "
            f"{entries[key].concept}.{entries[key].framing}; expected every label once: "
            "leave it where it is most often meant"
        )
    if len(entries) >= MAX_LABELS:
        raise LexiconError(f"{path}: found more than {MAX_LABELS:,} labels; split the lexicon")
    entries[key] = entry


def _concepts(path: Path) -> Iterable[tuple[str, Any]]:
    content = read_mapping(path, MAX_FILE_BYTES, LexiconError, "concepts", "lexicon")
    for concept, body in content.items():
        if not isinstance(concept, str):
            raise LexiconError(f"{path}: expected a concept's name, found {shorten(concept)}")
        if concept != "modifiers" and not isinstance(body, dict):
            raise LexiconError(f"{path}: {concept}: expected labels, found {shorten(body)}")
    return content.items()


def _entries(path: Path, concept: str, body: dict[str, Any]) -> Iterator[Entry]:
    for key, value in body.items():
        if key in USUAL_FRAMINGS:
            for label in _labels(path, concept, key, value):
                yield Entry(label, concept, key)
        elif key not in _OTHER_KEYS:
            allowed = ", ".join((*_OTHER_KEYS, *USUAL_FRAMINGS))
            raise LexiconError(f"{path}: {concept}: found key {shorten(key)}; allowed: {allowed}")


def _labels(path: Path, concept: str, framing: str, value: Any) -> Iterator[str]:
    where = f"{path}: {concept}.{framing}" if framing else f"{path}: {concept}"
    if not isinstance(value, list):
        raise LexiconError(f"{where}: expected a list of labels, found {shorten(value)}")
    for label in value:
        if not isinstance(label, str) or not label.strip():
            raise LexiconError(
                f"{where}: expected a label, found {shorten(label)} (a word that YAML reads as "
                "something else, like no or 2014, needs quotation marks)"
            )
        if len(label) > MAX_LABEL_LENGTH:
            raise LexiconError(f"{where}: label of over {MAX_LABEL_LENGTH} characters")
        yield label.strip()
