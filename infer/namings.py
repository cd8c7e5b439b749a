"""What a name in a text tells of its bearer: titles, descriptions, whether it is a person."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from ..data.speech import speech_words
from .phrases import is_agent, phrase_back, singular
from .sources import PARTY_TAG
from .words import MARKS, PREPOSITIONS, Word, is_capital

_MALE = frozenset("mr. sir lord king prince he him his himself".split())  # noqa: SIM905 - a list of quoted words cannot be read
_FEMALE = frozenset("mrs. ms. miss dame lady queen princess she her hers herself".split())  # noqa: SIM905 - a list of quoted words cannot be read
_ENDS_APPOSITION = frozenset([",", "who", ".", "”", "—", ";"])


def without_origin(words: Sequence[Word], first: int, last: int) -> int:
    """*Peter DeFazio* of Oregon."""
    if words[first].key not in speech_words().first_names:
        return last
    of = next((i for i in range(first + 1, last) if words[i].key in ("of", "for")), last + 1)
    return of - 1


def plain(text: str) -> str:
    """Small letters without accents."""
    parts = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in parts if c.isalnum())


def bare(key: str) -> str:
    """A word of a name without a possessive ending or a full stop."""
    return key[:-2] if key.endswith(("'s", "’s")) else key.rstrip("'.’") or key


def opens_sentence(words: Sequence[Word], i: int) -> bool:
    """Whether a word stands where any word has a capital."""
    return i == 0 or words[i - 1].text in MARKS or words[i - 1].text in ":—–-.•|"


def split_titles(words: Sequence[Word], first: int, last: int) -> tuple[list[str], int]:
    """The titles before a name and the number of its first word without them."""
    titles: list[str] = []
    at = first
    known = speech_words().titles
    while at <= last:
        pair = " ".join(w.key for w in words[at : min(at + 2, last + 1)])
        key = words[at].key
        if pair in known and at + 1 <= last:
            titles.append(pair)
            at += 2
        elif key in known or key in (
            "former",
            "former",
            "ex-president",
            "late",
            "deputy",
            "acting",
        ):
            titles.append(key)
            at += 1
        elif at < last and _title_follows(words, at, last):
            at += 1  # House Speaker, State Department spokesman
        else:
            break
    if titles and at < last and words[at].key in ("of", "for"):
        at = _behind_office(words, at, last)
    if at > last:  # a title by itself is a name: "the Attorney General"
        return [], first
    return titles, at


def _behind_office(words: Sequence[Word], at: int, last: int) -> int:
    """The first name behind *Secretary* of State; else the office itself is the name."""
    names = speech_words().first_names
    found = next((i for i in range(at + 1, last) if words[i].key in names), None)
    if found is None and words[at + 1].key in ("state", "defense", "defence"):
        found = at + 2
    if found is None and last - at > 3 and words[last].key not in speech_words().heads:
        found = last - 1
    return last + 1 if found is None or found > last else found


def _title_follows(words: Sequence[Word], at: int, last: int) -> bool:
    known = speech_words().titles
    for i in range(at + 1, min(at + 4, last)):
        pair = f"{words[i].key} {words[i + 1].key}"
        if words[i].key in known or (pair in known and i + 2 <= last):
            return True
    return False


def is_person(words: Sequence[Word], core: int, last: int, titles: Sequence[str]) -> bool | None:  # noqa: PLR0911 - a list of cases reads best as one
    """Whether a name is a person's; none where nothing tells."""
    heads = speech_words().heads
    if " ".join(w.key for w in words[core : last + 1]) in heads:
        return False
    keys = [bare(w.key) for w in words[core : last + 1]]
    if titles:
        return True
    if keys[-1] in heads or any(k in ("of", "and", "for", "&") for k in keys):
        return False
    if any(k in heads and heads[k] != "other" for k in keys):
        return False
    if core > 0 and words[core - 1].key == "the":
        return False
    if core > 0 and words[core - 1].key in ("in", "at", "near", "outside", "around"):
        return None
    text = words[last].text
    if len(keys) == 1 and keys[0] in speech_words().first_names:
        return True
    if len(keys) == 1:
        return False if text.isupper() and len(text) > 1 else None
    return True


def gender_of(titles: Sequence[str]) -> str | None:
    """What titles tell of somebody's gender."""
    if any(t in _MALE or t.endswith("man") for t in titles):
        return "m"
    return "f" if any(t in _FEMALE or t.endswith("woman") for t in titles) else None


def acronym_of(words: Sequence[Word], core: int, last: int) -> str:
    """The initials of a name of three words or more."""
    letters = "".join(w.text[0] for w in words[core : last + 1] if is_capital(w))
    return letters.lower() if len(letters) > 2 else ""


def roles_beside(words: Sequence[Word], first: int, last: int) -> set[str]:
    """The nouns that describe a name from before ("spokesman X") or behind ("X, the chairman")."""
    found: set[str] = set()
    heads = speech_words().heads
    if first > 0:
        before = singular(words[first - 1].key)
        if words[first - 1].text.islower() and before in heads:
            found.add(before)
            owner = words[first - 2].text if first > 1 else ""
            if owner[:1].isupper() or singular(owner) in heads:
                found.add(f"{owner} {before}")
        if words[first - 1].key == "," and first > 1:
            phrase = phrase_back(words, first - 2)
            if phrase is not None and _describes(words, phrase):
                found |= _nouns(words, phrase[0], phrase[1])
    if last + 2 < len(words) and PARTY_TAG.match(words[last + 2].text):
        return found | {"lawmaker"}
    if last + 2 < len(words) and words[last + 1].key == ",":
        end = last + 2
        while end < min(len(words), last + 14) and words[end].key not in _ENDS_APPOSITION:
            end += 1
        found |= _nouns(words, last + 2, end - 1)
    return found


def _describes(words: Sequence[Word], phrase: tuple[int, int]) -> bool:
    """*the majority leader*, *Spain's migration minister*."""
    if words[phrase[0]].key in ("the", "a", "an", "his", "her", "its", "their"):
        return True
    return any(words[i].key.endswith("'s") for i in range(phrase[0], phrase[1]))


def _nouns(words: Sequence[Word], first: int, last: int) -> set[str]:
    """The head of a description, with its compound: *interior minister*, *minister*."""
    head = first
    while head < last and words[head + 1].key not in PREPOSITIONS and words[head + 1].key != "and":
        head += 1
    if head - first > 8:
        return set()
    key = singular(words[head].key)
    lists = speech_words()
    if not (key in lists.heads or key in lists.titles or is_agent(key)):
        return set()
    found = {key}
    if head > first:
        found.add(f"{words[head - 1].key} {key}")
    return found
