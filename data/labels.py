"""What a corpus's labels are made of: expressions and the words at their head."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .schema import Example, Mention

CONTESTED = ("delegitimizing", "legitimizing")

_WORD = re.compile(r"[^\W_]+(?:[-’'.][^\W_]+)*[’']?")
_POSSESSIVE = re.compile(r"['’]s?$")
_BEHIND_THE_HEAD = frozenset(
    """
    of for in at from with to on by against who that which about over under behind between among
    as and or than without inside the
    """.split()  # noqa: SIM905 - a list of quoted words cannot be read
)
_KEEPS_ITS_S = re.compile(r"(?:ss|us|is)$")
_PLURAL_IN_ES = re.compile(r"(?:ches|shes|sses|xes|zes)$")
_SHORTEST_PLURAL = 4
_SHORTEST_CONTENT_WORD = 3


def expression(example: Example, mention: Mention) -> str:
    """The words of a mention in small letters: what counts as one label."""
    return example.text[mention.start : mention.end].lower()


def expressions(examples: Iterable[Example]) -> Iterator[str]:
    """The expression of every mention."""
    return (expression(example, m) for example in examples for m in example.mentions)


def lemmas(label: str) -> frozenset[str]:
    """All words of a label but the small ones, in small letters and in the singular."""
    words = (word for word in _WORD.findall(label) if len(word) >= _SHORTEST_CONTENT_WORD)
    return frozenset(_singular(w) for w in words if w.lower() not in _BEHIND_THE_HEAD)


def head_lemmas(label: str) -> frozenset[str]:
    """The word a label is about, in the singular; of a compound its last part too.

    The head of an English noun phrase is its last word before a preposition or a clause
    ("champions" of "brave champions of the poor"). Inflection is undone by spelling alone:
    what matters is that two labels with one head meet, not that the lemma is a word.

    Args:
        label: The words of a mention.

    Returns:
        One or two lemmas in small letters; none where the label has no word.
    """
    words = _WORD.findall(label)
    kept = words[:1]
    for word in words[1:]:
        if word.lower() in _BEHIND_THE_HEAD:
            break
        kept.append(word)
    if not kept:
        return frozenset()
    head = kept[-1]
    return frozenset({_singular(head), _singular(head.split("-")[-1])})


def _singular(word: str) -> str:
    lemma = _POSSESSIVE.sub("", word.lower())
    if len(lemma) >= _SHORTEST_PLURAL and not _KEEPS_ITS_S.search(lemma):
        if lemma.endswith("ies"):
            lemma = lemma[:-3] + "y"
        elif _PLURAL_IN_ES.search(lemma):
            lemma = lemma[:-2]
        elif lemma.endswith("s"):
            lemma = lemma[:-1]
    return lemma[:-3] + "man" if lemma.endswith("men") and len(lemma) > len("men") else lemma
