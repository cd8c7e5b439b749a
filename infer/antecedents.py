"""What the rest of a document says of a label: the actor named last, a fuller name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from ..data.lexicon import Lexicon
from ..data.names import Names, tidy
from .cast import Actor, Cast
from .labels import Label, in_headline, is_singular, plain_name, words_in

SORTS = ("government", "army", "armed-group")
"""Sorts of actors that a label stands for by its concept."""
PARTY = "party"
SORT_OF_KIND = {"military": "army", "armed-group": "armed-group", "party": PARTY}
_RULING = ("president", "prime minister", "premier", "chancellor", "king", "leader", "emir")
_MOST_LABELS = 400
_MOST_TEXT = 200_000
"""Labels and characters of a document that are looked at for other names: bounds the time."""
_STEPS, _AHEAD = 20, 250


class Antecedents:
    """Finds actors of a document that a label can stand for.

    Args:
        text: The document.
        cast: Its actors.
        names: What actors are called.
        lexicon: What concepts stand for.
        labels: All labels of the document.
        sources: Offsets of what names a source in it.
    """

    def __init__(
        self,
        text: str,
        cast: Cast,
        names: Names,
        lexicon: Lexicon,
        labels: Sequence[Label],
        sources: Sequence[tuple[int, int]] = (),
    ) -> None:
        self.text = text
        self.cast = cast
        self.names = names
        self.lexicon = lexicon
        self._labels = labels
        self._sources = sources
        self._actors: dict[str, list[tuple[int, str]]] | None = None
        self._plain: dict[str, str] | None = None
        self._in_text: dict[str, str | None] = {}

    def family(self, label: Label) -> str:
        """What sort of actor a label stands for, else its concept."""
        concept = label.concept or ""
        return self.lexicon.actors.get(concept, concept)

    def last(self, sort: str, label: Label) -> str | None:
        """The actor of a sort that is named last before a label, or else close behind it."""
        if self._actors is None:
            self._actors = self._find_actors()
        found = self._actors[sort]
        at = bisect_left(found, (label.start, ""))
        near = [*reversed(found[max(0, at - _STEPS) : at]), *found[at : at + _STEPS]]
        far = label.end + _AHEAD
        return next((n for at, n in near if n not in label.not_meant and at <= far), None)

    def _find_actors(self) -> dict[str, list[tuple[int, str]]]:
        """Every place that names a government, an army, an armed group or a party.

        A state named by itself stands for its government and army only where none is named; so
        does a capital that tells of it: *Seoul said the regime in Pyongyang* means the other one.
        """
        found: dict[str, list[tuple[int, str]]] = {sort: [] for sort in (*SORTS, PARTY)}
        rule = {actor.name for actor in self.names.governments.values()}
        states: list[tuple[int, str]] = []
        capitals: list[tuple[int, str]] = []
        places = {start for start, end in self._sources if " " not in self.text[start:end]}
        spans = {(n.start, n.end) for n in self.cast.namings}
        spans |= {(label.start, label.end) for label in self._labels}
        for start, end in sorted(spans):
            name = self.text[start:end]
            known = self.names.find(name)
            if known is None:
                words = name.split()
                state = self.names.state_of(name) or self.names.state_of(words[0])
                states += [(start, state)] if state is not None else []
                continue
            sort = "government" if known.name in rule else SORT_OF_KIND.get(known.kind or "")
            if sort == "government" and start in places:
                capitals.append((start, known.name))
            elif sort is not None:
                found[sort].append((start, known.name))
        found["government"] = found["government"] or capitals
        for sort, table in (("government", self.names.governments), ("army", self.names.armies)):
            if not found[sort]:
                found[sort] = [(at, table[state].name) for at, state in states]
        return found

    def leader(self, label: Label, head: str) -> str | None:
        """The person at the head of a state or body who is named last before a label."""
        for role in (head, *_RULING):
            actor = self.cast.by_role(role, label.start)
            if actor is not None and actor.person:
                return tidy(self.fullest_name(actor))
        return None

    def fullest_name(self, actor: Actor) -> str:
        """The name of an actor with most words in the document, as it stands there."""
        fullest = self.cast.fullest(actor, len(self.text))
        return self.text[fullest.start : fullest.end]

    def plainly(self, family: str) -> str | None:
        """What the document itself calls them where it takes no side."""
        if self._plain is None:
            self._plain = self._find_plain()
        return self._plain.get(family)

    def _find_plain(self) -> dict[str, str]:
        """For each family its first plain label, one with a name before others."""
        first: dict[str, str] = {}
        named: dict[str, str] = {}
        for label in self._labels[:_MOST_LABELS]:
            family = self.family(label)
            done = label.takes_side or not family or family in named
            words = [] if done else words_in(self.text, label)
            if not words:
                continue
            plain = plain_name(self.text, words, self.names.knows)
            if any(c.isupper() for c in plain) and not in_headline(self.text, label):
                named.setdefault(family, plain)
            elif not is_singular(words[-1]):
                first.setdefault(family, plain)
        return first | named

    def named_in_text(self, head: str) -> str | None:
        """*the attack*, where the text speaks of the *Benghazi attack*."""
        if head not in self._in_text and len(self._in_text) < _MOST_LABELS:
            pattern = re.compile(rf"(?<=[a-z,] )(?:[A-Z][\w’'-]+ ){{1,3}}{re.escape(head)}\b")
            found = pattern.search(self.text, 0, _MOST_TEXT)
            self._in_text[head] = None if found is None else tidy(found.group())
        return self._in_text.get(head)
