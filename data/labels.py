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
    as and or than without inside
    """.split()  # noqa: SIM905 - a list of quoted words cannot be read
)
_SMALL_WORDS = _BEHIND_THE_HEAD | frozenset(
    """
    the this these those his her its our their your all any some most more many few own two three
    """.split()  # noqa: SIM905 - as above
)
_ENDINGS = (  # of plurals, and what may have stood in the singular
    ("ies", ("y", "ie")),
    ("ves", ("f", "fe", "ve")),
    ("ses", ("s", "se", "sis")),
    ("oes", ("o", "oe")),
    ("men", ("man",)),
    ("ches", ("ch", "che")),
    ("shes", ("sh",)),
    ("xes", ("x", "xe")),
    ("zes", ("z", "ze")),
)
_KEEPS_ITS_S = re.compile(r"(?:ss|us|is)$")
_SHORTEST_PLURAL = 4
_SHORTEST_CONTENT_WORD = 3
_BESIDE_NAMES = frozenset("the The mr mr. mrs mrs. ms ms. of and ’s 's".split())  # noqa: SIM905
_PRONOUNS = frozenset(
    """
    i me my you your he him his she her hers it its we us our they them their himself herself
    """.split()  # noqa: SIM905 - as above
)


def expression(example: Example, mention: Mention) -> str:
    """The words of a mention in small letters: what counts as one label."""
    return example.text[mention.start : mention.end].lower()


def expressions(examples: Iterable[Example]) -> Iterator[str]:
    """The expression of every mention."""
    return (expression(example, m) for example in examples for m in example.mentions)


def lemmas(label: str) -> frozenset[str]:
    """All words of a label but the small ones, in small letters and in the singular."""
    words = (word for word in _WORD.findall(label) if len(word) >= _SHORTEST_CONTENT_WORD)
    return frozenset(
        lemma for w in words if w.lower() not in _SMALL_WORDS for lemma in _singular(w)
    )


def head_lemmas(label: str) -> frozenset[str]:
    """The word a label is about, in the singular; of a compound its last part too.

    The head of an English noun phrase is its last word before a preposition or a clause
    ("champions" of "brave champions of the poor"). Inflection is undone by spelling alone;
    where spelling leaves a choice ("heroes": *hero* or *heroe*) every candidate is given,
    so that singular and plural always meet.

    Args:
        label: The words of a mention.

    Returns:
        Lemmas in small letters; none where the label has no word.
    """
    words = _WORD.findall(label)
    kept = words[:1]
    for word in words[1:]:
        if word.lower() in _BEHIND_THE_HEAD:
            break
        kept.append(word)
    if not kept:
        return frozenset()
    return _singular(kept[-1]) | _singular(kept[-1].split("-")[-1])


def _singular(word: str) -> frozenset[str]:
    """What a word may be in the singular, by its spelling."""
    lemma = _POSSESSIVE.sub("", word.lower())
    if len(lemma) < _SHORTEST_PLURAL or _KEEPS_ITS_S.search(lemma):
        return frozenset({lemma})
    for ending, singulars in _ENDINGS:
        if lemma.endswith(ending) and len(lemma) > len(ending):
            return frozenset(lemma.removesuffix(ending) + singular for singular in singulars)
    return frozenset({lemma.removesuffix("s")})


def is_label(example: Example, mention: Mention) -> bool:
    """Whether a mention is a label: not something unframed, a bare name or a pronoun.

    Corpora of stance towards persons mark names and pronouns too; nobody contests them.
    """
    if mention.framing in ("delegitimizing", "legitimizing"):
        return True
    words = example.text[mention.start : mention.end].split()
    is_name = all(w in _BESIDE_NAMES or w[0].isupper() or w[0].isdigit() for w in words)
    is_pronoun = len(words) == 1 and words[0].lower() in _PRONOUNS
    return mention.framing == "neutral" and not is_name and not is_pronoun
