"""Of what kind a speaker is: official, military, party, witness, another medium."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..data.names import Names
from ..data.speech import speech_words
from .phrases import is_agent, singular
from .reference import Source
from .words import PREPOSITIONS, Word, words_of

OTHER = "other"
_RANK = ("official", "military", "party", "expert", "medium", "armed-group", "witness", "other")
"""Which kind stands where somebody is described in several ways."""
_SPEAK_FOR = frozenset(
    """
    spokesman spokeswoman spokesperson representative official president director chairman leader
    chairwoman chair head member aide source secretary adviser advisor officer document commander
    """.split()  # noqa: SIM905 - a list of quoted words cannot be read
)


def kind_of(text: str, source: Source, names: Names) -> str:
    """The kind of a source: one of `connote.data.speech.SPEAKER_KINDS`.

    Args:
        text: The document.
        source: The source, led back to its full name.
        names: Whose entries know the kinds of bodies.
    """
    for start, end in ((source.start, source.end), source.cited):
        known = names.find(text[start:end])
        if known is not None and known.kind is not None:
            return known.kind
        if names.place_of(text[start:end]) is not None:
            return "official"
    words = words_of(text, source.start, source.end)
    found = _by_title(words) or _by_head(words, names)
    if source.actor is not None:
        spoken_for = (_spoken_for(role, names) for role in source.actor.roles)
        body = _first(spoken_for)
        if body is not None:
            return body
        roles = [kind for kind in map(_by_role, source.actor.roles) if kind is not None]
        if roles and (found is None or source.actor.person):
            found = min([*roles, *([found] if found else [])], key=_RANK.index)
    found = found or _by_head(words_of(text, *source.cited), names)
    if found is None and _is_body(words, source):
        found = "expert"
    return found or OTHER


def _is_body(words: Sequence[Word], source: Source) -> bool:
    """Whether a name that nothing else tells of is one of a body: *AARP*, *FactCheck.org*."""
    if source.actor is None or source.actor.person:
        return False
    name = words[-1].text
    return source.actor.person is False or name != name.capitalize()


def _spoken_for(role: str, names: Names) -> str | None:
    """The kind of the body somebody speaks for: *Hamas spokesman*."""
    body, _, office = role.rpartition(" ")
    if not body or office not in _SPEAK_FOR:
        return None
    known = names.find(body)
    return known.kind if known is not None else speech_words().heads.get(singular(body.lower()))


def _by_role(role: str) -> str | None:
    lists = speech_words()
    for key in (role, role.rsplit(maxsplit=1)[-1]):
        kind = lists.heads.get(key) or lists.titles.get(key)
        if kind is not None and kind != OTHER:
            return kind
    return "witness" if is_agent(role.rsplit(maxsplit=1)[-1]) else None


def _by_title(words: Sequence[Word]) -> str | None:
    titles = speech_words().titles
    capitals = (word for word in words[:-1] if word.text[0].isupper())
    return _first(kind for kind in (titles.get(w.key) for w in capitals) if kind != OTHER)


def _by_head(words: Sequence[Word], names: Names) -> str | None:
    """By the noun that a phrase is about, or by those whom that noun speaks for."""
    if not words:
        return None
    lists = speech_words()
    last = 0
    for i, word in enumerate(words):
        if i and word.key in PREPOSITIONS:
            break
        last = i
    key = singular(words[last].key)
    if key in _SPEAK_FOR or key in lists.documents or key in lists.statements:
        body = _body_in([*words[:last], *words[last + 1 :]], names)
        if body is not None:
            return body
    compound = f"{words[last - 1].key} {key}" if last else ""
    found = _first([lists.heads.get(compound), lists.heads.get(words[last].key)])
    found = found or lists.heads.get(key)
    if found is None and words[last].text.islower() and is_agent(key):
        return "witness"
    return found


def _body_in(words: Sequence[Word], names: Names) -> str | None:
    """The kind of the body that a phrase names beside its head."""
    heads = speech_words().heads
    for word in words:
        known = names.find(word.text)
        kind = known.kind if known is not None else heads.get(singular(word.key))
        if kind is not None and singular(word.key) not in _SPEAK_FOR:
            return kind
        if len(word.text) > 2 and word.text.isupper() and word.text.isalpha():
            return "expert"
    return None


def _first(kinds: Iterable[str | None]) -> str | None:
    return next((kind for kind in kinds if kind is not None), None)
