"""Paragraphs of a page: which line breaks end something and which only wrap it.

A live-blog page puts an item, a headline or a time stamp on a line of its own, a file
wrapped at 72 columns breaks lines in mid-sentence. Both are ordinary input.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c]+")
_BREAK = re.compile(r"\r\n|[\n\r\u2028\u2029\x0b\x0c]")
_BULLET = re.compile(r"[ \t\u00a0]*(?:[•‣▪▫●○◦■□►▶➤✔→·*†‡¹²³]+|[-–—](?=\s)|\(?\d{1,2}\)(?=\s))\s*")
_CLOCK = r"(?:[01]?\d|2[0-3])[:.h][0-5]\d(?::[0-5]\d)?"
_ZONE = (
    r"(?:\s*(?:(?i:[ap]\.?m)\b\.?"
    r"|GMT|UTC|BST|CES?T|EES?T|MSK|[EP][SD]?T|local time))*"
)
_STAMP = re.compile(
    rf"[ \t\u00a0]*[\[(]?(?i:updated(?: at)?:?\s*)?{_CLOCK}{_ZONE}[\])]?"
    rf"(?=\s*$|\s*[-–—:|•]|\s+[A-Z“\"‘'«])\s*[-–—:|•]?\s*"
)
_FURNITURE = re.compile(
    r"(?:read|see|show|load) (?:more|also|full (?:story|article))\b.{0,120}"
    r"|(?:please )?(?:enter|leave|post|add) (?:your|a) (?:comment|name|e-?mail|reply)\b.{0,60}"
    r"|(?:share|tweet|print|comments?(?: \(\d+\))?|advertisement|sign in|log in|subscribe)(?: now)?"
    r"|(?:continue|keep) reading\b.{0,60}|follow us on\b.{0,60}|click here\b.{0,80}"
    r"|save my name, e-?mail,? and website\b.*|you must be logged in\b.*",
    re.IGNORECASE,
)
_TERMINAL = re.compile(r"[.!?…:;][\"”’'»)\]*]*$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of the document that one thought occupies, outer white space left out.

    Attributes:
        start: Offset in the document.
        end: Offset behind the last character.
        body: Offset behind a bullet, time stamp or footnote mark; `start` without one.
        furniture: Whether it belongs to the page and not to the article ("Read more").
    """

    start: int
    end: int
    body: int
    furniture: bool


def find_paragraphs(text: str) -> list[Paragraph]:
    """Divide a document into paragraphs, in time linear in its length."""
    found: list[Paragraph] = []
    block: list[tuple[int, int]] = []
    last_end = 0
    for match in _LINE.finditer(text):
        start, end = _strip(text, match.start(), match.end())
        if start == end:
            continue
        if block and _is_blank_line(text[last_end : match.start()]):
            found.extend(_close(text, block))
            block = []
        block.append((start, end))
        last_end = match.end()
    found.extend(_close(text, block))
    return found


def _is_blank_line(gap: str) -> bool:
    return "\u2029" in gap or len(_BREAK.findall(gap)) > 1


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _close(text: str, lines: list[tuple[int, int]]) -> list[Paragraph]:
    """The paragraphs of a run of lines without a blank line among them."""
    joined: list[tuple[int, int]] = []
    wrapped = _is_wrapped(text, lines)
    for start, end in lines:
        continues = wrapped or text[start].islower()
        if joined and continues and not _opens_item(text, start, end):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [_paragraph(text, start, end) for start, end in joined]


def _is_wrapped(text: str, lines: list[tuple[int, int]]) -> bool:
    """Whether lines were broken by a column limit: long, but none too long, few closed."""
    if len(lines) < 2:
        return False
    inner = lines[:-1]
    lengths = [end - start for start, end in inner]
    if max(lengths) > 100 or min(lengths) < 45 or max(lengths) - min(lengths) > 30:
        return False
    closed = sum(bool(_TERMINAL.search(text[end - 6 : end])) for _, end in inner)
    return closed * 2 < len(inner)


def _opens_item(text: str, start: int, end: int) -> bool:
    head = text[start : min(end, start + 60)]
    return bool(_BULLET.match(head) or _STAMP.match(head))


def _paragraph(text: str, start: int, end: int) -> Paragraph:
    body = start
    for pattern in (_BULLET, _STAMP, _BULLET):
        match = pattern.match(text, body, end)
        body = match.end() if match else body
    if body >= end:
        return Paragraph(start, end, start, furniture=True)
    furniture = end - body < 250 and bool(_FURNITURE.fullmatch(text[body:end].rstrip(" .:…»>*")))
    return Paragraph(start, end, body, furniture)
