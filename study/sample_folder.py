"""The folder of a gold sample: what was drawn from an archive, and how.

``sample.jsonl`` has a line for each drawn sentence, ``design.json`` says how they were drawn.
Both are checked when they are read: estimates rest on their probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from ..data.checks import Checker, RecordError, decode_json, read_lines, shorten
from ..data.errors import ConnoteError
from ..data.origin import Origin, parse_origin
from ..data.schema import MENTION_LABELS
from ..infer.results import UNCERTAIN
from .sample_checks import misfit_of

ITEMS, DESIGN = "sample.jsonl", "design.json"
MAX_DESIGN_BYTES = 16 * 2**20
MAX_ITEMS = 100_000
"""Most sentences of a sample that is read: a bound on memory."""


class SampleError(ConnoteError):
    """A folder does not hold a sample as ``connote sample`` writes one."""


@dataclass(frozen=True, slots=True)
class PredictedMention:
    """What connote itself found in a drawn sentence; annotators never see it.

    Attributes:
        start: Offset in the sentence.
        end: Offset behind the last character.
        concept: Identifier of the lexicon's concept, where one is known.
        referent: Whom or what the label stands for.
        speaker: The source of a quoted or attributed label.
        framing: One of ``FRAMINGS``, or ``uncertain``.
        stance: One of ``STANCES``, or ``uncertain``.
        voice: One of ``VOICES``, or ``uncertain``.
    """

    start: int
    end: int
    concept: str | None = None
    referent: str | None = None
    speaker: str | None = None
    framing: str | None = None
    stance: str | None = None
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class SampledItem:
    """One drawn sentence.

    Attributes:
        id: Unique in the sample; tells nothing of the stratum.
        document: The document's ``doc_id``.
        sentence: Number of the sentence in the document.
        start: Offset of the sentence in the document.
        end: Offset behind it.
        text: The sentence.
        before: The sentence before it, or nothing.
        after: The sentence behind it, or nothing.
        stratum: Of the sample.
        population: Sentences of the stratum in the archive.
        sampled: Sentences drawn from it.
        probability: With which each of them was drawn.
        in_quote: Whether the sentence begins inside a quotation opened earlier.
        mentions: What connote found in it.
    """

    id: str
    document: str
    sentence: int
    start: int
    end: int
    text: str
    before: str
    after: str
    stratum: str
    population: int
    sampled: int
    probability: float
    in_quote: bool = False
    mentions: tuple[PredictedMention, ...] = ()

    @property
    def origin(self) -> Origin:
        """How it was drawn, as records tell it."""
        return Origin(
            self.document,
            self.sentence,
            self.stratum,
            self.population,
            self.sampled,
            self.probability,
        )

    def record(self) -> dict[str, Any]:
        """The line of ``sample.jsonl``; what a mention lacks is left out."""
        mentions = [
            {key: value for key, value in asdict(mention).items() if value is not None}
            for mention in self.mentions
        ]
        return {**asdict(self), "mentions": mentions}


@dataclass(frozen=True, slots=True)
class Stratum:
    """A stratum: how many sentences it has, and how many were drawn."""

    stratum: str
    population: int
    sampled: int


@dataclass(frozen=True, slots=True)
class SampleDesign:
    """How a sample was drawn.

    Attributes:
        model: That made the scores.
        connote: Version that drew the sample.
        seed: Of the draw.
        size: How many sentences were asked for.
        by: Columns that make the strata.
        referent: The only one whose mentions count, if there is one.
        concept: The only one whose mentions count, if there is one.
        sentences: All that could have been drawn.
        strata: The strata.
    """

    model: str
    connote: str
    seed: int
    size: int
    by: tuple[str, ...]
    referent: str | None
    concept: str | None
    sentences: int
    strata: tuple[Stratum, ...]

    def record(self) -> dict[str, Any]:
        """The content of ``design.json``."""
        return asdict(self)


@dataclass(frozen=True)
class Sample:
    """A sample.

    Attributes:
        folder: Where it lies.
        design: How it was drawn.
        items: The drawn sentences, in the order of the file.
    """

    folder: Path
    design: SampleDesign
    items: tuple[SampledItem, ...]

    @cached_property
    def by_id(self) -> Mapping[str, SampledItem]:
        """The items by their ids."""
        return {item.id: item for item in self.items}


def read_sample(folder: Path) -> Sample:
    """Read and check the folder of a sample.

    Args:
        folder: That ``connote sample`` wrote.

    Raises:
        SampleError: If a file is missing, or items and design do not fit each other.
        RecordError: If a line is not as it should be.
    """
    for name in (ITEMS, DESIGN):
        if not (folder / name).is_file():
            raise SampleError(
                f"{folder}: expected a folder that connote sample wrote, found no {name} in it"
            )
    design = _read_design(folder / DESIGN)
    items = tuple(_read_items(folder / ITEMS))
    misfit = misfit_of(design, items)
    if misfit is not None:
        raise SampleError(f"{folder}: {misfit}; draw the sample again")
    return Sample(folder, design, items)


def _read_items(path: Path) -> list[SampledItem]:
    items: list[SampledItem] = []
    for line, value in read_lines(path):
        if isinstance(value, RecordError):
            raise value
        if len(items) == MAX_ITEMS:
            raise SampleError(f"{path}: expected at most {MAX_ITEMS:,} items, found more")
        check = Checker(str(path), line)
        item = _item(check, value) if check.is_object(value, "record") else None
        if check.problems or item is None:
            raise RecordError(check.problems)
        items.append(item)
    return items


_ITEM_KEYS = tuple(f.name for f in fields(SampledItem))
_MENTION_KEYS = tuple(f.name for f in fields(PredictedMention))


def _item(check: Checker, obj: dict[str, Any]) -> SampledItem:
    check.known_keys(obj, _ITEM_KEYS, "")
    text = check.string(obj, "text", required=True) or ""
    drawn = {f.name: obj.get(f.name) for f in fields(Origin)}
    origin = parse_origin(check, drawn) or Origin("", 0, "", 1, 1, 1.0)
    mentions = check.array(obj, "mentions", required=True) or ()
    return SampledItem(
        check.string(obj, "id", required=True) or "",
        origin.document,
        origin.sentence,
        _whole(check, obj, "start"),
        _whole(check, obj, "end"),
        text,
        (check.string(obj, "before") if obj.get("before") else None) or "",
        (check.string(obj, "after") if obj.get("after") else None) or "",
        origin.stratum,
        origin.population,
        origin.sampled,
        origin.probability,
        bool(check.boolean(obj, "in_quote")),
        tuple(
            _mention(check, mention, len(text), f"mentions[{i}]")
            for i, mention in enumerate(mentions)
            if check.is_object(mention, f"mentions[{i}]")
        ),
    )


def _mention(check: Checker, obj: dict[str, Any], length: int, where: str) -> PredictedMention:
    check.known_keys(obj, _MENTION_KEYS, where)
    start, end = _whole(check, obj, "start", where), _whole(check, obj, "end", where)
    if not start < end <= length:
        check.note(where, f"{start}-{end}", f"a stretch of the {length} characters of the text")
    names = {key: check.string(obj, key, where) for key in ("concept", "referent", "speaker")}
    labels = {
        str(label): check.one_of(obj, label, (*allowed, UNCERTAIN), where)
        for label, allowed in MENTION_LABELS.items()
    }
    return PredictedMention(start, end, **names, **labels)


def _whole(check: Checker, obj: Mapping[str, Any], key: str, where: str = "") -> int:
    value = obj.get(key)
    if type(value) is not int or value < 0:
        check.note(f"{where}.{key}" if where else key, shorten(value), "a whole number from 0")
        return 0
    return value


def _read_design(path: Path) -> SampleDesign:
    if path.stat().st_size > MAX_DESIGN_BYTES:
        raise SampleError(f"{path}: expected a design of at most 16 MiB, found a larger file")
    try:
        value = decode_json(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise SampleError(f"{path}: expected JSON in UTF-8, found {error}") from error
    check = Checker(str(path), 1)
    if not check.is_object(value, "design"):
        raise RecordError(check.problems)
    check.known_keys(value, tuple(f.name for f in fields(SampleDesign)), "")
    design = SampleDesign(
        model=check.string(value, "model", required=True) or "",
        connote=check.string(value, "connote", required=True) or "",
        seed=_whole(check, value, "seed"),
        size=_whole(check, value, "size"),
        by=tuple(map(str, check.array(value, "by", required=True) or ())),
        referent=check.string(value, "referent"),
        concept=check.string(value, "concept"),
        sentences=_whole(check, value, "sentences"),
        strata=tuple(
            Stratum(
                check.string(stratum, "stratum", f"strata[{i}]", required=True) or "",
                _whole(check, stratum, "population", f"strata[{i}]"),
                _whole(check, stratum, "sampled", f"strata[{i}]"),
            )
            for i, stratum in enumerate(check.array(value, "strata", required=True) or ())
            if check.is_object(stratum, f"strata[{i}]")
        ),
    )
    if check.problems:
        raise RecordError(check.problems)
    return design
