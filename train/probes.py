"""Changes of sentences whose effect on the labels is known: what an audit puts to a model.

Each gives a changed record, with its offsets moved along, or ``None`` where the change does
not apply: it would alter nothing, or leave a mention without text, or it is not certain
that what comes out is English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from ..data.edits import Edit, edited
from ..data.schema import Example
from ..infer.paragraphs import Paragraph
from ..infer.quotes import quotations_of_sentence
from ..infer.sentences import split_sentences

BLANK = "[MASK]"
"""What takes a mention's place: the encoders' own sign for a word that is not shown."""
Change = Callable[[Example], Example | None]

_WORD = re.compile(r"[^\W\d_]+(?:[-’'.][^\W\d_]+)*")
_DOUBLE_MARKS = frozenset('"“”„‟«»‹›')
_DATELINE = re.compile(r".{0,60}?\s[—–-]+\s|.{0,30}?:\s")
_ABBREVIATION = re.compile(r"(?:\b\w\.){2,}$|\b(?:Inc|Corp|Ltd|Co|Jr|Sr|St|No|etc)\.$")
_FINAL_STOP = re.compile(r"(?<!\.)\.(?=[\"”'’)»]*$)")
_FUNCTION_WORDS = frozenset(
    """
    a an the this that these those it its he she they we you his her their our your my there
    in on at by for from with without to of as after before during since until under over
    between among against about across along behind beyond despite through throughout within
    inside outside near if when while where because although though unless once whether and
    but or nor so yet not no none all both each every some many most more few fewer several
    any another other one two three four five six seven eight nine ten what who whoever how
    only even just still now then here too also perhaps however meanwhile nobody nothing
    everyone everybody everything someone something
    """.split()  # noqa: SIM905 - a list of quoted words cannot be read
)


def blanked(example: Example, mention: int) -> Example:
    """A record with one mention replaced by a blank, and no other mention marked.

    Args:
        example: A record.
        mention: Position of the mention.
    """
    chosen = example.mentions[mention]
    text = example.text[: chosen.start] + BLANK + example.text[chosen.end :]
    there = replace(chosen, end=chosen.start + len(BLANK))
    return replace(example, text=text, mentions=(there,), loaded_spans=None)


def in_own_voice(example: Example) -> bool:
    """Whether the outlet alone speaks, all through a sentence without quotation marks."""
    voices = {mention.voice for mention in example.mentions} - {None}
    return (
        voices == {"own"}
        and not example.in_quote
        and not _DOUBLE_MARKS & set(example.text)
        and not quotations_of_sentence(example.text)
    )


def as_quotation(example: Example) -> Example | None:
    """The sentence in quotation marks, with a tag behind: what it names is then quoted."""
    text = example.text
    last = text[-1:]
    if not _begins_plainly(text):
        return None
    edits = [Edit(0, 0, '"')]
    if last == "." and not text.endswith("..") and not _ABBREVIATION.search(text):
        edits += [Edit(len(text) - 1, len(text), ",")]
        comma = ""
    elif last.isalnum() or last in ".)%’'":
        comma = "" if text.endswith("..") else ","
    elif last in "?!…":
        comma = ""
    else:
        return None
    return edited(example, [*edits, Edit(len(text), len(text), f'{comma}" a spokesman said.')])


def inside_quotation(example: Example) -> Example:
    """The sentence as it stands inside a quotation that was opened before it."""
    return replace(example, in_quote=True)


class Reporter:
    """Puts sentences into reported speech.

    Args:
        examples: A corpus that shows which words begin with a small letter.
    """

    def __init__(self, examples: Iterable[Example]) -> None:
        self._small: set[str] = set()
        self._names: set[str] = set()
        for example in examples:
            for found in _WORD.finditer(example.text):
                word, start = _bare(found.group()), found.start()
                if word.islower():
                    self._small.add(word)
                elif example.register != "headline" and _runs_on(example.text, start):
                    self._names.add(word)

    def reported(self, example: Example) -> Example | None:
        """The sentence with a tag before it: what it names is then attributed."""
        first = _WORD.match(example.text)
        if first is None or not _begins_plainly(example.text) or not _is_one_clause(example.text):
            return None
        inside = self._inside(first.group())
        if example.register == "headline" or inside is None:
            return None
        return edited(example, [Edit(0, 0, "Officials said that "), Edit(0, 1, inside)])

    def _inside(self, word: str) -> str | None:
        """The first letter of a word as it is written inside a sentence; ``None`` if unsure."""
        word = _bare(word)
        small = word.lower()
        if word == "I" or "-" in word:
            return "I" if word == "I" else None
        if small in _FUNCTION_WORDS:
            return small[0]
        is_acronym = not word[1:].islower() and len(word) > 1
        if small in self._small:
            return small[0] if word not in self._names and not is_acronym else None
        return word[0] if word in self._names or is_acronym else None


def _bare(word: str) -> str:
    """A word without what an apostrophe adds to it."""
    return re.split("[’']", word, maxsplit=1)[0]


def _runs_on(text: str, start: int) -> bool:
    """Whether a word stands where a capital letter can only be its own."""
    before = text[max(0, start - 2) : start]
    return len(before) == 2 and before[1] == " " and (before[0].isalnum() or before[0] == ",")


def _begins_plainly(text: str) -> bool:
    """Whether a sentence begins with a word, without a dateline, a time or a heading."""
    return text[:1].isalpha() and _DATELINE.match(text) is None


def _is_one_clause(text: str) -> bool:
    """Whether a tag before a text reaches to its end: it does not reach past a stop."""
    whole = Paragraph(0, len(text), 0, furniture=False)
    return text[-1] == "." and ";" not in text and len(split_sentences(text, [whole])[0]) == 1


def _cased(example: Example, case: Callable[[str], str]) -> Example | None:
    # Letter by letter: a letter's other case may be longer (ß, İ), and offsets move then.
    edits = [Edit(i, i + 1, case(c)) for i, c in enumerate(example.text) if case(c) != c]
    return edited(example, edits) if edits else None


def _straight(example: Example) -> Example | None:
    return _characters(example, {**dict.fromkeys("“”„‟", '"'), **dict.fromkeys("‘’‚‛", "'")})


def _curly(example: Example) -> Example | None:
    """Straight marks set as a typesetter would, by the quotations they open and close."""
    found = quotations_of_sentence(example.text, in_quote=example.in_quote)
    opening = {quotation.start for quotation in found}
    closing = {quotation.end - 1 for quotation in found if quotation.closed}
    edits = []
    for i, char in enumerate(example.text):
        if char == "'":
            edits.append(Edit(i, i + 1, "‘" if i in opening else "’"))
        elif char == '"' and i in opening | closing:
            edits.append(Edit(i, i + 1, "“" if i in opening else "”"))
    return edited(example, edits) if edits else None


def _characters(example: Example, table: Mapping[str, str]) -> Example | None:
    text = example.text
    edits = [Edit(i, i + 1, table[char]) for i, char in enumerate(text) if char in table]
    return edited(example, edits) if edits else None


def _without_stop(example: Example) -> Example | None:
    stop = _FINAL_STOP.search(example.text)
    return edited(example, [Edit(*stop.span(), "")]) if stop else None


FORMS: Mapping[str, Change] = {
    "lower case": lambda example: _cased(example, str.lower),
    "capitals": lambda example: _cased(example, str.upper),
    "straight marks": _straight,
    "curly marks": _curly,
    "no full stop": _without_stop,
    "doubled spaces": lambda example: _characters(example, {" ": "  "}),
}
"""Changes of casing and punctuation, none of which changes a label."""
