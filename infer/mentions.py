"""Finding mentions: labels of a lexicon in a sentence, with their own modifiers.

The labels form a trie over words, so the time is linear in the text whatever the size of
the lexicon. A label written in the singular is found in the plural too ("militiamen" for
*militiaman*); one written in the plural is found only so ("illegals" is not "illegal").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..data.lexicon import Entry, Lexicon

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’](?:[^\W_]+|(?=[\s\W]|$)))?")
_POSSESSIVE = re.compile(r"['’]s?$")
_GAP_IN_LABEL = re.compile(r"[\s\u00a0\-‐‑*]{1,3}")
_GAP_OF_MODIFIER = re.compile(r"[\s\u00a0\-‐‑*\"“”'‘’]{1,4}")
_QUOTE = re.compile("[\"“”'‘’]")
_ADJECTIVE = re.compile(
    r"[a-z]{2,}(?:ous|ical|ial|onal|ist|istic|ic|ish|ive|less|ful|ary|ese|ian)$"
)
_PARTICIPLE = re.compile(r"[a-z]*(?:ed|ing|born|era|style|wing|line|run|led|held|made)$")
_NOT_A_NAME = frozenset(
    """
    a an the this that these those some any all both each every no another other such what which
    who whose when where while if as at by for from in into of off on onto out over per than to
    under until up upon via with within without after against among around before behind below
    beneath beside between beyond but despite down during except inside like near since through
    throughout toward towards about above across along and or nor so yet he she it they we you i
    his her its their our your my is are was were be been being has have had do does did will
    would can could may might must shall should not never also still even just only then now
    here there how why today yesterday tomorrow monday tuesday wednesday thursday friday saturday
    sunday january february march april may june july august september october november december
    mr mrs ms dr several most many few more less much unless because although though whether
    one two three four five six seven eight nine ten hundreds thousands dozens scores numerous
    """.split()  # noqa: SIM905 - a list of quoted words cannot be read
)
_VERB = frozenset(
    """
    abolish accomplish admonish banish distinguish establish extinguish finish publish punish
    vanish wish arrive deceive deprive derive drive forgive give live outlive perceive receive
    relive revive survive thrive achieve believe relieve retrieve leave have assist consist
    desist enlist exist insist list persist resist twist panic mimic
    """.split()  # noqa: SIM905 - as above
)
_COMPOUNDS = {
    ("so", "called"),
    ("far", "left"),
    ("far", "right"),
    ("hard", "left"),
    ("hard", "right"),
    ("left", "wing"),
    ("right", "wing"),
}
_ONLY_IN_COMPOUNDS = frozenset(word for pair in _COMPOUNDS for word in pair)


@dataclass(frozen=True, slots=True)
class Found:
    """A label found in a text.

    Attributes:
        start: Offset of the first character, modifiers included.
        end: Offset behind the label; a possessive ending is not part of it.
        entry: The label in the lexicon.
    """

    start: int
    end: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    full_end: int
    key: str


class _Node:
    """A place in the trie: the words that may follow and the label that ends here."""

    __slots__ = ("entry", "following")

    def __init__(self) -> None:
        self.following: dict[str, _Node] = {}
        self.entry: Entry | None = None


class LexiconMatcher:
    """Finds the labels of a lexicon; the longest at each place wins.

    Args:
        lexicon: What to look for.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._root = _Node()
        self._modifiers = lexicon.modifiers
        for entry in lexicon.entries:
            node = self._root
            words = _words(entry.label)
            for word in words:
                key = word.key if word is words[-1] else _inner_key(word.key, word)
                node = node.following.setdefault(key, _Node())
            node.entry = node.entry or entry

    def find(self, text: str) -> list[Found]:
        """Labels in one sentence, from left to right, none overlapping another."""
        words = _words(text)
        titled = _is_title_case(text, words)
        found: list[Found] = []
        i = first_free = 0
        while i < len(words):
            length, entry = self._longest(text, words, i)
            if entry is None:
                i += 1
                continue
            begin = i
            while begin > first_free and self._modifies(text, words, begin, titled):
                begin -= 1
            first, first_free = first_free, i + length
            i = first_free
            start, end = words[begin].start, words[i - 1].end
            if found and begin == first and _runs_on(text, words, begin, found[-1]):
                start = found.pop().start
            free = found[-1].end if found else 0
            found.append(Found(*_paired(text, max(start, free), end, free), entry))
        return found

    def _longest(self, text: str, words: Sequence[_Word], first: int) -> tuple[int, Entry | None]:
        """Number of words and entry of the longest label that begins at a word."""
        best: tuple[int, Entry | None] = (0, None)
        nodes = [self._root]
        for i in range(first, len(words)):
            if i > first and not _joined(text, words[i - 1], words[i]):
                break
            keys = _keys(words[i].key)
            ends = (n.following[k].entry for n in nodes for k in keys if k in n.following)
            ended = next((entry for entry in ends if entry is not None), None)
            if ended is not None:
                best = (i - first + 1, ended)
            inner = [_inner_key(key, words[i]) for key in keys]
            nodes = [n.following[k] for n in nodes for k in inner if k in n.following]
            if not nodes:
                break
        return best

    def _modifies(  # noqa: PLR0911 - a list of cases reads best as one
        self, text: str, words: Sequence[_Word], behind: int, titled: bool
    ) -> bool:
        """Whether the word before `behind` belongs to the label that begins there."""
        word, following = words[behind - 1], words[behind]
        gap = text[word.full_end : following.start]
        if not _GAP_OF_MODIFIER.fullmatch(gap):
            return False
        if word.key in _ONLY_IN_COMPOUNDS:
            before = words[behind - 2].key if behind > 1 else ""
            return (word.key, following.key) in _COMPOUNDS or (before, word.key) in _COMPOUNDS
        if word.key in self._modifiers:
            return True
        if word.key in _NOT_A_NAME or word.key in _VERB:
            return False
        hyphened = gap[0] in "-‐‑"
        if hyphened and (_PARTICIPLE.fullmatch(following.key) or following.key in self._modifiers):
            return True
        if _PARTICIPLE.fullmatch(word.key):
            return behind > 1 and text[word.start - 1] in "-‐‑"
        if _ADJECTIVE.fullmatch(word.key):
            return True
        possessive = word.full_end > word.end
        return text[word.start].isupper() and not titled and (behind > 1 or possessive)


def _paired(text: str, start: int, end: int, free: int) -> tuple[int, int]:
    """The span with the quotation mark beside it whose partner it holds."""
    opened = orphans = 0
    for match in _QUOTE.finditer(text, start, end):
        opening = text[match.end() : match.end() + 1].isalnum()
        if opening and text[match.start() - 1 : match.start()].isalnum():
            continue  # an apostrophe
        if opening:
            opened += 1
        elif opened:
            opened -= 1
        else:
            orphans += 1
    if orphans and start > free and _QUOTE.match(text, start - 1):
        start -= 1
    if opened and _QUOTE.match(text, end):
        end += 1
    return start, end


def _inner_key(key: str, word: _Word) -> str:
    """The form of a word inside a label: a possessive one is a word of its own there."""
    return key if word.end == word.full_end else key + "'"


def _words(text: str) -> list[_Word]:
    found = []
    for match in _WORD.finditer(text):
        bare = _POSSESSIVE.sub("", match.group())
        end = match.start() + len(bare)
        found.append(_Word(match.start(), end, match.end(), bare.casefold().replace("’", "'")))
    return found


def _joined(text: str, before: _Word, after: _Word) -> bool:
    return bool(_GAP_IN_LABEL.fullmatch(text, before.full_end, after.start))


@lru_cache(maxsize=65_536)
def _keys(word: str) -> tuple[str, ...]:
    """The forms under which a word of a text may stand in the lexicon.

    Every singular that English spelling allows is tried: the lexicon itself tells which of
    them is a word. (A lemmatizer's dictionary does not know *megadonors* or *Brexiteers*.)
    """
    forms = [word]
    if word.endswith("men"):
        forms.append(word[:-2] + "an")
    elif word.endswith("children"):
        forms.append(word[:-3])
    elif word.endswith("people"):
        forms.append(word[:-4] + "rson")
    elif word.endswith("s") and len(word) > 2:
        forms.append(word[:-1])
        if word.endswith("es"):
            forms.append(word[:-2])
        if word.endswith("ies"):
            forms.append(word[:-3] + "y")
        if word.endswith("ves"):
            forms += [word[:-3] + "f", word[:-3] + "fe"]
    return tuple(forms)


def _runs_on(text: str, words: Sequence[_Word], begin: int, before: Found) -> bool:
    """Whether a label stands directly before this one, as its modifier: "terrorist fighters".

    A plural or a possessive does not modify what follows it.
    """
    last = words[begin - 1]
    return (
        before.end == last.end == last.full_end
        and not last.key.endswith("s")
        and text[last.end : words[begin].start] in (" ", "-")
    )


def _is_title_case(text: str, words: Iterable[_Word]) -> bool:
    """Whether a headline capitalises its words, so that a capital tells nothing."""
    long_words = [word for word in words if word.end - word.start > 3]
    return sum(text[word.start].isupper() for word in long_words) * 5 > len(long_words) * 3
