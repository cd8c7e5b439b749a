"""Quotations, found on the whole document.

A quotation that opened two sentences ago is invisible inside this one, so quotation
marks are paired before sentences are looked at. One scan per paragraph, linear in its
length, with a stack for nesting. What is not a quotation mark is decided first:
apostrophes (``don't``, ``the fighters' homes``, ``'90s``) and measures (``5'10"``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .paragraphs import Paragraph

MARK = re.compile("[\"'“”„‟«»‹›‘’‚‛]")
_OPENERS = {"“": "”", "‟": "”", "„": "“”", "«": "»", "‹": "›", "‘": "’", "‚": "‘’", "‛": "’"}
_BEFORE_OPENING = frozenset("([{<—–-/:;,|*…\"'“„‟«‹‘‚")
_YEAR = re.compile(r"\d\d\b")
_ELIDED = re.compile(r"\d0s\b|(?:em|tis|twas|til|til|cause|bout|round|n|tude)\b", re.IGNORECASE)
_SINGLE = frozenset("'‘‚‛")
MAX_DEPTH = 8
"""Deepest nesting that is followed; deeper marks are noise (OCR, ASCII art)."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch between quotation marks.

    Attributes:
        start: Offset of the opening mark.
        end: Offset behind the closing mark, or the end of the paragraph without one.
        depth: 0 for an outer quotation, 1 for one inside it …
        closed: Whether it was closed, or goes on in a paragraph that reopens it.
    """

    start: int
    end: int
    depth: int
    closed: bool


def find_quotations(text: str, paragraphs: Sequence[Paragraph]) -> list[Quotation]:
    """Pair the quotation marks of a document.

    Args:
        text: The document.
        paragraphs: As `find_paragraphs` gives them. A quotation left open ends with its
            paragraph; it counts as closed where the next paragraph opens one again.

    Returns:
        The quotations by their start; nested ones follow the one they stand in.
    """
    if len(paragraphs) == 1:
        return _alone(text, paragraphs[0], in_quote=False)
    found: list[Quotation] = []
    for i, paragraph in enumerate(paragraphs):
        following = paragraphs[i + 1] if i + 1 < len(paragraphs) else None
        reopened = following is not None and _opens(text, following.body, following.end)
        found.extend(_Scan(text, paragraph).run(reopened))
    return sorted(found, key=lambda q: (q.start, -q.end))


def quotations_of_sentence(text: str, *, in_quote: bool = False) -> list[Quotation]:
    """Pair the quotation marks of one sentence that comes without its document.

    Args:
        text: The sentence.
        in_quote: Whether it begins inside a quotation opened earlier: everything up to
            the first closing mark without an opening one, or the end, is then quoted.
            Without `in_quote` a single such mark tells the same, if it is set as a
            closing one ("… on the streets," he said).
    """
    return _alone(text, Paragraph(0, len(text), 0, furniture=False), in_quote=in_quote)


def merge_outer(quoted: Sequence[Quotation], spoken: Sequence[Quotation]) -> list[Quotation]:
    """Quotations and what is spoken as a whole, those left out that stand in such a stretch.

    Args:
        quoted: Quotations that stand in no other, by their start.
        spoken: Posts and turns of a transcript, by their start; none overlaps another.
    """
    merged: list[Quotation] = []
    last_end = 0
    for quotation in sorted([*quoted, *spoken], key=lambda q: (q.start, -q.end)):
        if quotation.end > last_end:
            merged.append(quotation)
            last_end = quotation.end
    return merged


def _alone(text: str, paragraph: Paragraph, *, in_quote: bool) -> list[Quotation]:
    """The quotations of a text with nothing before it to open one."""
    scan = _Scan(text, paragraph)
    found = scan.run(reopened=False)
    if in_quote or scan.began_quoted():
        end = scan.orphans[0] + 1 if scan.orphans else paragraph.end
        found.append(Quotation(paragraph.start, end, 0, closed=True))
    return sorted(found, key=lambda q: (q.start, -q.end))


def _opens(text: str, start: int, end: int) -> bool:
    return start < end and text[start] in '"“„‟«‹‘'


class _Scan:
    """One pass over the marks of a paragraph."""

    def __init__(self, text: str, paragraph: Paragraph) -> None:
        self._text = text
        self._start, self._end = paragraph.start, paragraph.end
        self._marks = [m.start() for m in MARK.finditer(text, self._start, self._end)]
        self._doubles_left = sum(text[at] == '"' for at in self._marks)
        self._closers_ahead = self._singles_that_close()
        self._open: list[tuple[str, int]] = []
        self._found: list[Quotation] = []
        self.orphans: list[int] = []

    def run(self, reopened: bool) -> list[Quotation]:
        for at in self._marks:
            char = self._text[at]
            if char == '"':
                self._doubles_left -= 1
            if self._is_measure(at, char) or self._is_apostrophe(at, char):
                continue
            self._take(at, char)
        while self._open:
            mark, start = self._open.pop()
            depth = len(self._open)
            closed = reopened and mark not in _SINGLE
            self._found.append(Quotation(start, self._end, depth, closed))
        return self._found

    def _take(self, at: int, char: str) -> None:
        opener = self._closes(at, char)
        if opener is not None:
            del self._open[opener + 1 :]
            _, start = self._open.pop()
            self._found.append(Quotation(start, at + 1, opener, closed=True))
        elif self._can_open(at, char):
            if len(self._open) < MAX_DEPTH:
                self._open.append((char, at))
        elif not self._open and len(self.orphans) <= 1 and char in '"”»':
            self.orphans.append(at)

    def began_quoted(self) -> bool:
        """Whether one mark closes, by its place, what nothing before it opened."""
        if len(self.orphans) != 1:
            return False
        at = self.orphans[0]
        tight = at > self._start and not self._text[at - 1].isspace()
        return tight and not self._follows_letter(at)

    def _closes(self, at: int, char: str) -> int | None:
        """The position on the stack of the mark that this one closes."""
        spaced = at == self._start or self._text[at - 1].isspace()
        for position in range(len(self._open) - 1, -1, -1):
            mark, start = self._open[position]
            if mark in "\"'":
                matches = char == mark and not (spaced and self._follows_letter(at))
            elif mark == "»":
                matches = char == "«"
            else:
                matches = char in _OPENERS[mark] and not (char == "“" and self._can_open(at, char))
            empty = at == start + 1
            if matches and not (empty and self._follows_letter(at)):
                return position
        return None

    def _can_open(self, at: int, char: str) -> bool:
        if at + 1 >= self._end:
            return False
        fresh = self._is_fresh(at)
        if self._text[at + 1].isspace():  # French sets a space inside its marks
            return fresh and char in "«‹"
        if char == "»":
            return fresh and self._text[at + 1].isalnum()
        if char in "\"'":
            return fresh and (char == '"' or at in self._closers_ahead)
        return char in _OPENERS and (char != "“" or fresh or not self._text[at - 1].isalnum())

    def _is_fresh(self, at: int) -> bool:
        """Whether a mark stands where a word could begin."""
        return (
            at == self._start
            or self._text[at - 1].isspace()
            or self._text[at - 1] in _BEFORE_OPENING
        )

    def _follows_letter(self, at: int) -> bool:
        return at + 1 < self._end and self._text[at + 1].isalnum()

    def _is_measure(self, at: int, char: str) -> bool:
        """Feet, inches, minutes: a digit before and nothing that this could close."""
        if char not in "\"'’”" or at == self._start or not self._text[at - 1].isdigit():
            return False
        if char in "'’":
            return not self._single_open()
        if char == "”":
            return not self._open
        return not any(mark == '"' for mark, _ in self._open) or self._doubles_left % 2 == 1

    def _is_apostrophe(self, at: int, char: str) -> bool:
        if char not in "'’‘":
            return False
        inside_word = at > self._start and self._text[at - 1].isalnum() and self._follows_letter(at)
        if inside_word or _ELIDED.match(self._text, at + 1):
            return True
        if _YEAR.match(self._text, at + 1) and self._closers_ahead.get(at) != "next":
            return True  # the class of '68
        if char == "‘":
            return False
        if not self._single_open():
            return char == "’" or not self._is_fresh(at)
        return self._is_possessive(at)

    def _is_possessive(self, at: int) -> bool:
        """``the fighters' homes`` inside a single quotation that closes later."""
        after = self._text[at + 1 : at + 3]
        return (
            self._text[at - 1] in "sSzx"
            and len(after) == 2
            and after[0] == " "
            and after[1].islower()
            and self._closers_ahead.get(at) == "next"
        )

    def _single_open(self) -> bool:
        return any(mark in _SINGLE for mark, _ in self._open)

    def _singles_that_close(self) -> dict[int, str]:
        """For each single mark with one behind it that could close a quotation.

        The value is ``"next"`` where that is the next mark that opens or closes, and
        ``"later"`` where another one opens before it.
        """
        ahead: dict[int, str] = {}
        state = ""
        for at in reversed(self._marks):
            if self._text[at] not in "'’‘‚":
                continue
            if state:
                ahead[at] = state
            letter = self._follows_letter(at)
            spaced = at == self._start or self._text[at - 1].isspace()
            if not letter and not spaced:
                state = "next"
            elif state and letter and self._is_fresh(at):
                state = "later"
        return ahead
