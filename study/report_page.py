"""A report as one page that needs nothing else: no network, no script or style from elsewhere.

What came from the archive is written as text only: by a template that escapes it, and as JSON
that the page's own script puts into text nodes. A policy in the page lets no other script run.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from ..data.schema import FRAMINGS, VOICES
from ..infer.results import UNCERTAIN
from .report_parts import Report, SentenceSample, ShownMention, ShownSentence

PAGE = 50
"""Sentences that are shown at once."""
_MOST_SUGGESTED = 300
_SIZE = re.compile(rb'width="(?P<width>[\d.]+)pt"\s+height="(?P<height>[\d.]+)pt"')
_SIZE_HEIGHT_FIRST = re.compile(rb'height="(?P<height>[\d.]+)pt"[^>]*?width="(?P<width>[\d.]+)pt"')
_PIXELS_A_POINT = 96 / 72
SIGNS = {"delegitimizing": "−", "legitimizing": "+", "neutral": "", UNCERTAIN: "?", "none": "∅"}
"""What stands behind a mention, so that its framing is not told by colour alone."""


def render(report: Report) -> str:
    """Write a report as HTML.

    Args:
        report: What `build_report` made.

    Returns:
        The page; encode it as UTF-8.
    """
    import jinja2
    from markupsafe import Markup

    style, script = _own("report.css"), _own("report.js")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters.update(data_url=_data_url, size=_size)
    template = environment.from_string(_own("report.html.j2"))
    sample = report.sample
    return template.render(
        report=report,
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704  the package's own file
        script=Markup(script),  # noqa: S704  the package's own file
        data=Markup(as_json(sample_record(sample))),  # noqa: S704  as_json leaves nothing to act
        first=[shown(sample, sentence) for sentence in sample.sentences[:PAGE]],
        page=PAGE,
        framings=[f for f in (*FRAMINGS, UNCERTAIN) if f in _found(sample, "framing")],
        voices=[v for v in (*VOICES, UNCERTAIN) if v in _found(sample, "voice")],
        signs=SIGNS,
        referents=_commonest(m.referent for s in sample.sentences for m in s.mentions),
        speakers=_commonest(m.speaker for s in sample.sentences for m in s.mentions),
    )


def as_json(value: Any) -> str:
    """JSON that may stand in a ``script`` element: in ASCII, and without ``<``, ``>``, ``&``.

    Args:
        value: Of lists, dictionaries, texts and finite numbers.
    """
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def sample_record(sample: SentenceSample) -> dict[str, Any]:
    """The sample as the page's script reads it: lists in the order that ``report.js`` names."""
    return {
        "page": PAGE,
        "signs": SIGNS,
        "groups": list(sample.groups),
        "documents": [[d.id, d.group, d.title, d.date, d.url] for d in sample.documents],
        "sentences": [_sentence_record(sentence) for sentence in sample.sentences],
    }


def _sentence_record(sentence: ShownSentence) -> list[Any]:
    runs = [
        run.text
        if run.mention is None and not run.loaded
        else [run.text, -1 if run.mention is None else run.mention, int(run.loaded)]
        for run in sentence.runs
    ]
    mentions = [
        [m.text, m.framing, m.stance, m.voice, _two(m.probability), m.referent, m.speaker]
        for m in sentence.mentions
    ]
    return [
        sentence.document,
        sentence.number,
        _two(sentence.probability),
        sentence.loaded,
        int(sentence.copy),
        runs,
        mentions,
        list(sentence.words),
    ]


def shown(sample: SentenceSample, sentence: ShownSentence) -> dict[str, Any]:
    """A sentence as the template takes it: its runs put together by the mention they belong to."""
    pieces: list[dict[str, Any]] = []
    for run in sentence.runs:
        if run.mention is None or not pieces or pieces[-1]["number"] != run.mention:
            mention = None if run.mention is None else sentence.mentions[run.mention]
            pieces.append({"number": run.mention, "mention": mention, "runs": []})
        pieces[-1]["runs"].append(run)
    document = sample.documents[sentence.document]
    return {
        "sentence": sentence,
        "pieces": pieces,
        "document": document,
        "group": sample.groups[document.group],
        "probability": _two(sentence.probability),
        "notes": [_note(mention) for mention in sentence.mentions],
    }


def _note(mention: ShownMention) -> dict[str, Any]:
    return {"mention": mention, "probability": _two(mention.probability)}


def _two(value: float | None) -> str | None:
    """A probability with two places, never rounded to certainty."""
    return None if value is None else f"{min(max(value, 0.01), 0.99):.2f}"


def _found(sample: SentenceSample, name: str) -> set[str | None]:
    return {getattr(m, name) for s in sample.sentences for m in s.mentions}


def _commonest(names: Iterable[str | None]) -> list[str]:
    counts = Counter(name for name in names if name is not None)
    return [name for name, _ in counts.most_common(_MOST_SUGGESTED)]


def _own(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """What the page may do: show its own pictures, and use the one style and the one script."""
    return "; ".join(
        (
            "default-src 'none'",
            "img-src data:",
            f"style-src {_hash(style)}",
            f"script-src {_hash(script)}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _size(svg: bytes) -> tuple[int, int]:
    """Width and height of a picture in CSS pixels, so that the page does not jump."""
    found = _SIZE.search(svg[:4096]) or _SIZE_HEIGHT_FIRST.search(svg[:4096])
    return (1, 1) if found is None else (_pixels(found["width"]), _pixels(found["height"]))


def _pixels(points: bytes) -> int:
    return round(float(points) * _PIXELS_A_POINT)


def _data_url(svg: bytes) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode("ascii")
