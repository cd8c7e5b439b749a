"""What the results of one annotation in Label Studio's export say.

A result is what one control of the labelling setup says of a region or of the whole task; those
of one region share its id and offsets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..data.checks import shorten
from .entries import MAX_NOTE, Entry, marked_span, plain
from .import_report import Lost
from .judgements import Marked
from .offsets import CodeUnits, Span
from .sample_folder import SampledItem

LOADED_WORDS = "loaded_words"
_LABELS, _CHOICES, _NAMES = ("framing", LOADED_WORDS), ("stance", "voice"), ("referent", "speaker")
_OF_REGIONS = (*_LABELS, *_CHOICES, *_NAMES)
_OF_TASKS = ("loaded", "comment")
Value = Mapping[str, Any]


@dataclass(slots=True)
class _Region:
    """A marked stretch with all that was chosen for it."""

    given: tuple[Any, Any]
    span: Span | None
    values: dict[str, list[Any]] = field(default_factory=dict)
    comment: str | None = None


class Said:
    """What the results of one annotation say.

    Args:
        entry: Of the annotation.
        item: That is annotated.
        units: Of its text.

    Attributes:
        answers: To the question whether the sentence is loaded.
        loaded_spans: The loaded words; known when the mentions were taken.
    """

    def __init__(self, entry: Entry, item: SampledItem, units: CodeUnits) -> None:
        self._entry, self._item, self._units = entry, item, units
        self._regions: dict[object, _Region] = {}
        self._comments: list[str] = []
        self.answers: set[bool] = set()
        self.loaded_spans: set[Span] = set()

    @property
    def comment(self) -> str | None:
        """Of the sentence."""
        return self._entry.text("\n".join(self._comments), "comment", MAX_NOTE)

    def take(self, results: Iterable[Mapping[str, Any]]) -> None:
        """Take the results."""
        for number, result in enumerate(results):
            name, value = result.get("from_name"), result.get("value")
            if not isinstance(value, dict) or name not in (*_OF_REGIONS, *_OF_TASKS):
                self._note_unknown(result)
            elif name == "loaded":
                self._take_loaded(value.get("choices"))
            elif name == "comment":
                self._comments += map(str, _listed(value.get("text")))
            else:
                region_id = result.get("id")
                # Results without an id belong to nothing else: numbers never are ids.
                key = region_id if isinstance(region_id, str) and region_id else number
                self._take_of_region(key, str(name), value)
                self._take_note(key, result.get("meta"))

    def _note_unknown(self, result: Mapping[str, Any]) -> None:
        name, value = result.get("from_name"), result.get("value")
        marks = name in _OF_REGIONS or (isinstance(value, dict) and "labels" in value)
        found = shorten(name if name is not None else result.get("type"))
        said = f"{found} is not part of connote's labelling setup, or says nothing"
        self._entry.note("unknown result", said, "mention" if marks else "label")

    def _take_of_region(self, key: object, name: str, value: Value) -> None:
        given = value.get("start"), value.get("end")
        region = self._regions.get(key)
        if region is None:
            lost: Lost = "label" if name == LOADED_WORDS else "mention"
            region = self._regions[key] = _Region(given, self._span(value, lost))
        elif region.given != given:
            said = f"{shorten(key)} is at {shorten(region.given)} and {shorten(given)}"
            self._entry.note("region in two places", f"{said}; mark it again", "mention")
        said_of = "labels" if name in _LABELS else "choices" if name in _CHOICES else "text"
        values = _listed(value.get(said_of))
        if region.values.get(name, values) != values:
            both = f"{shorten(region.values[name])} and {shorten(values)}"
            said = f"{name} of one region is {both}; it is left out"
            self._entry.note("several labels", said, "label")
            values = []
        region.values[name] = values

    def _take_note(self, key: object, meta: Any) -> None:
        if isinstance(meta, dict) and meta.get("text"):
            self._regions[key].comment = "\n".join(map(str, _listed(meta["text"])))

    def _take_loaded(self, choices: Any) -> None:
        match _listed(choices):
            case ["yes" | "no" as chosen]:
                self.answers.add(chosen == "yes")
            case _:
                said = f"loaded: expected yes or no, found {shorten(choices)}"
                self._entry.note("label outside the codebook", said, "label")

    def mentions(self) -> Iterable[Marked]:
        """The mentions; loaded words are put aside on the way."""
        for region in self._regions.values():
            if region.span is None:
                continue
            if region.values.get(LOADED_WORDS):
                self.loaded_spans.add(region.span)
            if region.values.get("framing") or not region.values.get(LOADED_WORDS):
                yield self._mention(region, *region.span)
            elif region.values.keys() & {*_CHOICES, *_NAMES}:
                words = shorten(self._item.text[slice(*region.span)])
                said = f"{words} has {LOADED_WORDS}, no framing, and choices of a mention"
                self._entry.note("choices without mention", said, "label")

    def _mention(self, region: _Region, start: int, end: int) -> Marked:
        framing, stance, voice = (self._one(region, name) for name in ("framing", *_CHOICES))
        referent, speaker = (
            self._entry.text(" ".join(map(str, region.values.get(name, ()))), name)
            for name in _NAMES
        )
        comment = self._entry.text(region.comment, "comment", MAX_NOTE)
        return Marked(start, end, framing, stance, voice, referent, speaker, comment)

    def _one(self, region: _Region, name: str) -> str | None:
        values = region.values.get(name, [])
        if len(values) > 1:
            said = f"{name}: expected one, found {shorten(values)}; it is left out"
            self._entry.note("several labels", said, "label")
            return None
        return self._entry.label(values[0] if values else None, name)

    def _span(self, value: Value, lost: Lost) -> Span | None:
        """The code points between two code units, if the words that stand there agree."""
        text, words = self._item.text, value.get("text")
        given = value.get("start"), value.get("end")
        words = words if isinstance(words, str) else None
        points = tuple(place for place in given if type(place) is int)
        if len(points) < len(given):
            said = f"expected whole numbers, found {shorten(given)}; mark it again"
            self._entry.note("unusable offsets", said, lost)
            return None
        units = tuple(map(self._units.code_point, points))
        if _stand_at(text, words, units):
            return marked_span(self._entry, text, (units[0] or 0, units[1] or 0), lost)
        if words is not None and _stand_at(text, words, points):
            self._entry.note("offsets in characters", f"{shorten(words)}: not in code units")
            return marked_span(self._entry, text, (points[0], points[1]), lost)
        return self._disagreeing(points, units, words, lost)

    def _disagreeing(
        self, given: tuple[int, ...], units: tuple[int | None, ...], words: str | None, lost: Lost
    ) -> Span | None:
        text, (start, end) = self._item.text, units
        if not 0 <= given[0] < given[1] <= self._units.length:
            kind = "offsets outside the text"
            said = f"{given[0]}-{given[1]} in a text of {self._units.length} code units"
        elif start is None or end is None:
            kind = "half a character"
            said = f"{given[0]}-{given[1]} begins or ends inside a surrogate pair"
        else:
            kind = "words disagree"
            said = f"the export says {shorten(words)}, its offsets {shorten(text[start:end])}"
            if words and plain(words) in plain(text[start:end]):
                self._entry.note(kind, f"{said}; the offsets count")
                return marked_span(self._entry, text, (start, end), lost)
        self._entry.note(kind, f"{said}; mark it again", lost)
        return None


def _stand_at(text: str, words: str | None, span: tuple[int | None, ...]) -> bool:
    start, end = span
    if start is None or end is None or not 0 <= start < end <= len(text):
        return False
    return words is None or plain(words) == plain(text[start:end])


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
