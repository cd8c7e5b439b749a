"""Paragraphs of a page: which line breaks end something and which only wrap it.

A live-blog page puts an item, a headline or a time stamp on a line of its own, a file
wrapped at 72 columns breaks lines in mid-sentence. Both are ordinary input.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_LINE = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c]+")
_BREAK = re.compile(r"\r\n|[\n\r\u2028\u2029\x0b\x0c]")
_BULLET = re.compile(r"[ \t\u00a0]*(?:[•‣▪▫●○◦■□►▶➤✔→·*†‡¹²³]+|[-–—](?=\s)|\(?\d{1,2}\)(?=\s))\s*")
_CLOCK = r"(?:[01]?\d|2[0-3])[:.h][0-5]\d(?::[0-5]\d)?"
_ZONE = (
    r"(?:\s*(?:(?i:[ap]\.?m)\b\.?"
    r"|GMT|UTC|BST|CES?T|EES?T|MSK|[EP][SD]?T|local time))*"
)
_DAY = r"\d{1,2}[./]\d{1,2}[./]\d{2,4}"
_STAMP = re.compile(
    rf"[ \t\u00a0]*[\[(]?(?i:updated(?: at)?:?\s*)?{_CLOCK}{_ZONE}[\])]?(?:,?[ \t]+{_DAY})?"
    rf"(?=\s*$|\s*[-–—:|•]|\s+[A-Z“\"‘'«])\s*[-–—:|•]?\s*"
)
_MONTHS = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_FURNITURE = re.compile(
    r"(?:read|see|show|load|watch) (?:more|also|next|full (?:story|article))(?:\s*[:|–—-].{0,120})?"
    r"|(?:read|watch) (?:more|also)\b(?!.*\b(?:said|says|he|she)\b)(?! of| carefully).{0,120}"
    r"|(?:please )?(?:enter|leave|post|add) (?:your|a) (?:comment|name|e-?mail|reply)\b.{0,60}"
    r"|(?:share|tweet|print|comments?(?: \(\d+\))?|\d[\d,.]* (?:comments?|shares?|likes?)"
    r"|advertisement|sign in|log in|subscribe)(?: now)?"
    r"|(?:share|telegram|print|tweet|facebook|twitter|whatsapp|e-?mail|copy link|save| |\|)+"
    r"|(?:continue|keep) reading\b.{0,60}"
    r"|follow us on (?:twitter|facebook|instagram|telegram|x|youtube|google|whatsapp)\b.{0,40}"
    r"|click here\b.{0,80}"
    r"|save my name, e-?mail,? and website\b.*|you must be logged in\b.*"
    r"|(?:get )?short url|user comments"
    r"|(?:your )?(?:name|e-?mail|website|comment)(?: \(required\)|\*)?:?"
    r"|(?:top|most read|related|more) (?:comments|stories|articles|news)"
    r"|scroll down for (?:video|more)"
    r"|related(?: articles?| stories)?:.{0,120}"
    r"|sign up (?:for|to)\b[^,.]{0,60}(?:newsletter|alerts?|updates?|email)[^,.]{0,40}"
    r"|all rights reserved.{0,60}"
    # Captions and credits
    r"|[\[(]?(?:file )?(?:photo|pic|picture|image|graphic|map|illustration|caption|screenshot"
    r"|image caption|photo caption|image source|photograph)s?"
    r"\s*(?:[:©|/]|source\b|credit\b|caption\b|copyright\b).{0,240}"
    r"|(?:(?:photo|photograph|picture|image|video|illustration)s? by|credits?:)"
    r"(?-i: [A-Z][\w.’'-]+(?:[ /,]+[A-Z][\w.’'-]+){0,7})"
    r"|copyright (?:©\s*)?(?:\d{4}\b).{0,120}|share (?:on|via) \w{2,20}"
    r"|your e-?mail address will not be published.*"
    rf"|(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day),? {_CLOCK}{_ZONE}"
    r"|(?:©|\(c\)).{0,120}|.{0,200}\((?:AP |Reuters |AFP )?(?:photo|file photo)[^)]{0,80}\)"
    r"|.{0,160}(?:/getty images|/ap|/reuters|/afp)\)?|getty images"
    # Dates and times that stand alone
    rf"|(?:(?:published|updated|posted|last updated|first published)(?: at| on)?:?\s*)?"
    rf"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s*)?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)? {_MONTHS},? \d{{4}}|{_MONTHS}\.? \d{{1,2}},? \d{{4}}"
    rf"|{_DAY}|\d{{4}}-\d\d-\d\d)"
    rf"(?:[,\sT·|–-]*(?:at )?{_CLOCK}{_ZONE})?"
    rf"|{_CLOCK}{_ZONE}[,\s·|–-]*"
    rf"(?:\d{{1,2}} {_MONTHS}|{_MONTHS} \d{{1,2}}|{_DAY})?,?\s*(?:\d{{4}})?"
    r"|(?:updated|published|posted)?:?\s*\d{1,2} (?:seconds?|minutes?|mins?|hours?|hrs?|days?) ago",
    re.IGNORECASE,
)
_LONGEST_FURNITURE = 300
_SHORTEST_REPEAT, _LONGEST_REPEAT = 12, 2_000
"""Characters of what counts as repeated: "No." may stand twice, a headline may not."""
_POST = re.compile(r"@\w{1,30}:")
_TERMINAL = re.compile(r"[.!?…:;][\"”’'»)\]*]*$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of the document that one thought occupies, outer white space left out.

    Attributes:
        start: Offset in the document.
        end: Offset behind the last character.
        body: Offset behind a bullet, time stamp or footnote mark; `start` without one.
        furniture: Whether it belongs to the page and not to the article: "Read more", a
            caption, a time stamp, a headline or item that stood on the page before.
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
    return _without_repeats(text, found)


def _without_repeats(text: str, paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Mark what stands on the page a second time, as headlines of a live page do."""
    seen: set[str] = set()
    marked = []
    for paragraph in paragraphs:
        words = text[paragraph.body : paragraph.end].casefold()
        repeats = words in seen and len(words) >= _SHORTEST_REPEAT
        marked.append(replace(paragraph, furniture=True) if repeats else paragraph)
        if len(words) <= _LONGEST_REPEAT:
            seen.add(words)
    return marked


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
    if lines[-1][1] - lines[-1][0] > max(lengths) + 10:
        return False  # a headline above a paragraph
    closed = sum(bool(_TERMINAL.search(text[end - 6 : end])) for _, end in inner)
    return closed * 2 < len(inner)


def _opens_item(text: str, start: int, end: int) -> bool:
    head = text[start : min(end, start + 60)]
    return bool(_BULLET.match(head) or _STAMP.match(head) or _POST.match(head)) or _is_furniture(
        text, start, end
    )


def _paragraph(text: str, start: int, end: int) -> Paragraph:
    body = start
    for pattern in (_BULLET, _STAMP, _BULLET):
        match = pattern.match(text, body, end)
        body = match.end() if match else body
    if body >= end:
        return Paragraph(start, end, start, furniture=True)
    furniture = any(_is_furniture(text, at, end) for at in {start, body})
    return Paragraph(start, end, body, furniture)


def _is_furniture(text: str, start: int, end: int) -> bool:
    """Whether a stretch is of the form that what belongs to a page has."""
    if end - start > _LONGEST_FURNITURE:
        return False
    return _FURNITURE.fullmatch(text[start:end].rstrip(" .:…»>*")) is not None
