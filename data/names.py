"""Names that stand for one actor: "Damascus", "the Syrian government" and "the Assad regime".

A file of names is YAML. Each name says of what kind the actor is and what else it is called::

    Hayat Tahrir al-Sham:
      kind: armed-group
      also: [HTS, Jabhat al-Nusra]

connote's own files lie in `data/names/`: actors in this form, and the states of the world, of
whose governments and armies the names follow from a state's adjective, seat and leaders.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .checks import shorten
from .errors import ConnoteError
from .speech import SPEAKER_KINDS
from .yaml import read_mapping, read_yaml

_EDGES = re.compile(
    r"^(?:the|a|an|this|these|those|its|their|his|her|our)\s+(?:own\s+)?(?:\w+-based\s+)?"
    r"|^\w+-based\s+(?=\w)|^own\s+|['’]s?$",
    re.IGNORECASE,
)
_SPACES = re.compile(r"\s+")
_QUOTES = re.compile("[\"“”„«»‘]|(?<![^\\W_])['’]|['’](?![^\\W_])")
_RULE = ("regime", "government", "administration", "authorities", "leadership", "junta")
_ARMS = ("army", "military", "armed forces", "forces", "troops", "soldiers")
MAX_FILE_BYTES = 16 * 2**20
MAX_NAME = 200


class NamesError(ConnoteError):
    """A file of names is not valid; the message names file, place, found and allowed."""


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor under its one name, with its kind where that is known."""

    name: str
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """What actors are called.

    Attributes:
        actors: By each of their names, as `fold` writes it.
        written: Each of these names in the ways the files write it: capitals count.
        states: Names of states, their adjectives, seats and leaders, folded, with the state.
        governments: For each state its government.
        armies: For each state its army.
        adjectives: For each state its first adjective.
        leaders: Those names of states that are names of persons.
    """

    actors: Mapping[str, Actor]
    written: Mapping[str, frozenset[str]] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    governments: Mapping[str, Actor] = field(default_factory=dict)
    armies: Mapping[str, Actor] = field(default_factory=dict)
    adjectives: Mapping[str, str] = field(default_factory=dict)
    leaders: frozenset[str] = frozenset()

    def find(self, name: str) -> Actor | None:
        """The actor that goes by a name, if the files know it.

        Capitals count where a name is written with them: *ice* is not *ICE*, an *amnesty* not
        *Amnesty*.
        """
        key = fold(name)
        actor = self.actors.get(key)
        if actor is None or not any(_capitals_fit(name, way) for way in self.written[key]):
            return None
        return actor

    def place_of(self, name: str) -> str | None:
        """The state that a name stands for, if it is no person's: *Moscow*, not *Putin*."""
        return None if fold(name) in self.leaders else self.states.get(fold(name))

    def knows(self, name: str) -> bool:
        """Whether a name is an actor's or a state's."""
        return self.find(name) is not None or self.state_of(name) is not None

    def normal(self, name: str) -> str:
        """The one name of an actor; a name that the files don't know, tidied."""
        known = self.find(name)
        return tidy(name) if known is None else known.name

    def state_of(self, name: str) -> str | None:
        """The state that a name, an adjective, a seat or a leader stands for."""
        return self.states.get(fold(name))


def _capitals_fit(name: str, written: str) -> bool:
    """Whether a name in a text can be the one that a file writes."""
    bare = tidy(name)
    if written.isupper() and len(written) < 5:
        return bare.isupper()
    return written.islower() or not bare.islower()


def tidy(name: str) -> str:
    """A name without article, possessive ending, quotation marks and doubled spaces."""
    text = _SPACES.sub(" ", _QUOTES.sub("", name)).strip(" ,.;:–—-")
    shorter = _EDGES.sub("", text).strip()
    return shorter or text


def fold(name: str) -> str:
    """How names are compared: tidied, in small letters."""
    return tidy(name).replace("’", "'").casefold()


def load_names(*paths: str | os.PathLike[str]) -> Names:
    """Read connote's names and those of further files, which go before.

    Args:
        paths: Files in the form above.

    Raises:
        NamesError: If a file has another form, or gives one name to two actors.
        OSError: If a file cannot be read.
    """
    own = _own_names()
    if not paths:
        return own
    added: dict[str, Actor] = {}
    ways: dict[str, set[str]] = {key: set(found) for key, found in own.written.items()}
    for path in map(Path, paths):
        for name, told in _actors(path):
            key = fold(name)
            known = own.actors.get(fold(told.name))
            actor = replace(told, kind=told.kind or (known.kind if known else None))
            if added.get(key, actor) != actor:
                raise NamesError(
                    f"{path}: {actor.name}: found {key!r}, which is also a name of "
                    f"{added[key].name}; expected every name once"
                )
            added[key] = actor
            ways.setdefault(key, set()).add(tidy(name))

    # A file that names one of connote's actors adds to it, and may give it another name.
    def moved(actor: Actor) -> Actor:
        return added.get(fold(actor.name), actor)

    actors = {key: moved(actor) for key, actor in own.actors.items()} | added
    return replace(
        own,
        actors=MappingProxyType(actors),
        written=MappingProxyType({key: frozenset(found) for key, found in ways.items()}),
        governments={state: moved(actor) for state, actor in own.governments.items()},
        armies={state: moved(actor) for state, actor in own.armies.items()},
    )


@cache
def _own_names() -> Names:
    folder = Path(str(files(__package__) / "names"))
    actors: dict[str, Actor] = {}
    states: dict[str, str] = {}
    governments: dict[str, Actor] = {}
    armies: dict[str, Actor] = {}
    adjectives: dict[str, str] = {}
    written: dict[str, set[str]] = {}
    persons: set[str] = set()
    listed = list(_actors(folder / "actors.yaml"))
    known = {fold(name): actor for name, actor in listed}
    for state, body in read_yaml(folder / "states.yaml").items():
        of, seats = body["of"], body.get("seat", [])
        also, leaders = [state, *body.get("also", [])], body.get("leaders", [])
        adjective = "US" if state == "US" else of[0]
        adjectives[state] = adjective
        governments[state] = Actor(f"{adjective} government", "official")
        army = Actor(f"{adjective} military", "military")
        armies[state] = known.get(fold(f"{adjective} army")) or known.get(fold(army.name)) or army
        persons |= {fold(name) for name in leaders} - states.keys()
        for word in (*also, *of, *seats, *leaders):
            states.setdefault(fold(word), state)
        named = [(name, governments[state]) for name in _names_of_rule(also, of, seats, leaders)]
        for word in (*also, *of):
            for arms in _ARMS:
                named += [(f"{word} {arms}", armies[state]), (f"{word}'s {arms}", armies[state])]
        for name, actor in named:
            actors.setdefault(fold(name), actor)
            written.setdefault(fold(name), set()).add(tidy(name))
    for name, actor in listed:
        actors[fold(name)] = actor
        written.setdefault(fold(name), set()).add(tidy(name))
    return Names(
        MappingProxyType(actors),
        MappingProxyType({key: frozenset(found) for key, found in written.items()}),
        MappingProxyType(states),
        MappingProxyType(governments),
        MappingProxyType(armies),
        MappingProxyType(adjectives),
        frozenset(persons),
    )


def _names_of_rule(
    also: list[str], of: list[str], seats: list[str], leaders: list[str]
) -> Iterator[str]:
    """What a state's government is called."""
    yield from seats
    for rule in _RULE:
        for word in (*also, *of, *seats, *leaders):
            yield f"{word} {rule}"
            yield f"{word}'s {rule}"
        for name in also:
            yield f"{rule} of {name}"
            yield f"{rule} in {name}"
        for seat in seats:
            yield f"{rule} in {seat}"


def _actors(path: Path) -> Iterator[tuple[str, Actor]]:
    """Each name of each actor of a file."""
    for name, body in read_mapping(path, MAX_FILE_BYTES, NamesError, "names of actors").items():
        yield from _names(path, name, body)


def _names(path: Path, name: Any, body: Any) -> Iterator[tuple[str, Actor]]:
    if not isinstance(name, str) or not tidy(name) or len(name) > MAX_NAME:
        raise NamesError(f"{path}: expected the name of an actor, found {shorten(name)}")
    if not isinstance(body, dict) or not set(body) <= {"kind", "also"}:
        raise NamesError(f"{path}: {name}: found {shorten(body)}; allowed: kind, also")
    kind, also = body.get("kind"), body.get("also", [])
    if kind is not None and kind not in SPEAKER_KINDS:
        allowed = ", ".join(SPEAKER_KINDS)
        raise NamesError(f"{path}: {name}.kind: found {shorten(kind)}; allowed: {allowed}")
    if not isinstance(also, list):
        raise NamesError(f"{path}: {name}.also: expected a list of names, found {shorten(also)}")
    actor = Actor(name, kind)
    yield name, actor
    for other in also:
        if not isinstance(other, str) or not tidy(other) or len(other) > MAX_NAME:
            raise NamesError(f"{path}: {name}.also: expected a name, found {shorten(other)}")
        yield other, actor
