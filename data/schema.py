"""Records and labels: one JSON object per sentence, read, checked and written.

The labels are defined in ``codebook.md`` beside this file. Offsets count Unicode code
points, end exclusive, as Python slices do. A label that a corpus does not mark is ``None``
here and absent in the file, never guessed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from .checks import Checker, Problem, RecordError, read_lines, shorten
from .origin import Origin, parse_origin

Label = Literal["framing", "stance", "voice"]

FRAMINGS = ("delegitimizing", "neutral", "legitimizing", "none")
STANCES = ("against", "neutral", "favor")
VOICES = ("own", "attributed", "quoted")
CONTRASTS = ("label", "stance", "voice", "side", "sense")
PHENOMENA = (
    "other-sense",
    "proper-name",
    "named-policy",
    "legal-finding",
    "mentioned",
    "negated",
    "irony",
)
MENTION_LABELS: dict[Label, tuple[str, ...]] = {
    "framing": FRAMINGS,
    "stance": STANCES,
    "voice": VOICES,
}
CLASSES: dict[str, tuple[str, ...]] = {
    **{str(head): classes for head, classes in MENTION_LABELS.items()},
    "loaded": ("false", "true"),
}
"""The four judgements, three of a mention and one of a sentence, and their classes."""
HEADS = tuple(CLASSES)


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of one sentence that names an actor, group, act, policy or event.

    Attributes:
        start: Offset of the first character in the sentence.
        end: Offset behind the last character.
        concept: Identifier of the lexicon's concept, where one is known.
        referent: Whom or what the label stands for, as a stable name.
        speaker: The source of a quoted or attributed label, as the text names it.
        framing: One of ``FRAMINGS``.
        stance: One of ``STANCES``; ``None`` where framing is ``none``.
        voice: One of ``VOICES``; ``None`` where framing is ``none``.
        stance_shares: Beside a stance, how probable several annotators' judgements make each of
            ``STANCES``, where a corpus tells; models learn it in place of the one stance.
    """

    start: int
    end: int
    concept: str | None = None
    referent: str | None = None
    speaker: str | None = None
    framing: str | None = None
    stance: str | None = None
    voice: str | None = None
    stance_shares: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotator's judgement of a mention, or of the sentence if ``mention`` is ``None``.

    Attributes:
        annotator: Who judged.
        mention: Position in the record's mentions.
        framing: As in `Mention`.
        stance: As in `Mention`.
        voice: As in `Mention`.
        loaded: Of the sentence.
        reason: Why.
        comment: What the annotator noted beside the judgement.
        time: When, as ISO 8601 writes it.
    """

    annotator: str
    mention: int | None = None
    framing: str | None = None
    stance: str | None = None
    voice: str | None = None
    loaded: bool | None = None
    reason: str | None = None
    comment: str | None = None
    time: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence with its mentions and whatever is known about them.

    Attributes:
        id: Unique within its file.
        text: The sentence.
        mentions: In the order of the file.
        topic: The dispute it belongs to.
        group: Ties the retellings of one event together; never crosses a split.
        register: Kind of text: ``wire``, ``op-ed``, ``headline`` …
        contrast: The one thing in which the retellings of a group differ.
        phenomenon: The difficulty this sentence was written for.
        in_quote: Whether the sentence begins inside a quotation opened earlier.
        loaded: Whether words judge or stir beyond what telling the facts needs.
        loaded_spans: Offsets of those words; ``None`` where a corpus does not mark them.
        annotations: The single judgements behind the labels.
        origin: How the sentence was drawn from a scored archive, if it was.
    """

    id: str
    text: str
    mentions: tuple[Mention, ...] = ()
    topic: str | None = None
    group: str | None = None
    register: str | None = None
    contrast: str | None = None
    phenomenon: str | None = None
    in_quote: bool = False
    loaded: bool | None = None
    loaded_spans: tuple[tuple[int, int], ...] | None = None
    annotations: tuple[Annotation, ...] = field(default=())
    origin: Origin | None = None

    @property
    def event(self) -> str:
        """What its retellings share: the group, or its own id where it has none."""
        return self.group or self.id


_MENTION_KEYS = tuple(f.name for f in fields(Mention))
_ANNOTATION_KEYS = tuple(f.name for f in fields(Annotation))
_ROUNDING = 0.01


def _labels(check: Checker, obj: dict[str, Any], where: str) -> dict[str, str | None]:
    return {
        name: check.one_of(obj, name, allowed, where) for name, allowed in MENTION_LABELS.items()
    }


def _span(check: Checker, start: Any, end: Any, text: str, where: str) -> tuple[int, int] | None:
    """Two offsets inside the text, or ``None`` with the problem noted."""
    allowed = f"whole numbers with 0 <= start < end <= {len(text)}, the length of the text"
    if type(start) is not int or type(end) is not int:
        check.note(where, f"start {shorten(start)}, end {shorten(end)}", allowed)
        return None
    if start == end:
        check.note(where, f"empty span, start {start} = end {end}", allowed)
        return None
    if not 0 <= start < end <= len(text):
        check.note(where, f"span outside the text, start {start}, end {end}", allowed)
        return None
    return start, end


def _mention(check: Checker, obj: Any, text: str, where: str) -> Mention | None:
    if not check.is_object(obj, where):
        return None
    check.known_keys(obj, _MENTION_KEYS, where)
    span = _span(check, obj.get("start"), obj.get("end"), text, where)
    labels = _labels(check, obj, where)
    names = {key: check.string(obj, key, where) for key in ("concept", "referent", "speaker")}
    if labels["framing"] == "none" and (labels["stance"] or labels["voice"]):
        check.note(where, "framing none with a stance or a voice", "neither beside framing none")
    shares = _stance_shares(check, obj, labels["stance"], where)
    if span is None:
        return None
    return Mention(
        *span,
        concept=names["concept"],
        referent=names["referent"],
        speaker=names["speaker"],
        framing=labels["framing"],
        stance=labels["stance"],
        voice=labels["voice"],
        stance_shares=shares,
    )


def _stance_shares(
    check: Checker, obj: dict[str, Any], stance: str | None, where: str
) -> tuple[float, ...] | None:
    value = obj.get("stance_shares")
    if value is None:
        return None
    numbers = value if isinstance(value, list) else []
    valid = len(numbers) == len(STANCES) and all(
        type(number) in (int, float) and 0 <= number <= 1 for number in numbers
    )
    if not valid or abs(sum(numbers) - 1) > _ROUNDING or stance is None:
        allowed = f"beside a stance, a probability of each of {', '.join(STANCES)}, 1 in sum"
        check.note(f"{where}.stance_shares", shorten(value), allowed)
        return None
    return tuple(map(float, numbers))


def _mentions(check: Checker, obj: dict[str, Any], text: str) -> tuple[Mention, ...]:
    found: list[Mention] = []
    spans: set[tuple[int, int]] = set()
    for i, item in enumerate(check.array(obj, "mentions", required=True) or ()):
        mention = _mention(check, item, text, f"mentions[{i}]")
        if mention is None:
            continue
        span = (mention.start, mention.end)
        if span in spans:
            found_text = f"duplicate mention {shorten(text[slice(*span)])} at {span[0]}-{span[1]}"
            check.note(f"mentions[{i}]", found_text, "every span once")
        spans.add(span)
        found.append(mention)
    return tuple(found)


def _loaded_spans(
    check: Checker, obj: dict[str, Any], text: str
) -> tuple[tuple[int, int], ...] | None:
    items = check.array(obj, "loaded_spans")
    if items is None:
        return None
    spans = []
    for i, item in enumerate(items):
        where = f"loaded_spans[{i}]"
        if not isinstance(item, list) or len(item) != 2:
            check.note(where, shorten(item), "a pair [start, end]")
            continue
        span = _span(check, item[0], item[1], text, where)
        if span is not None:
            spans.append(span)
    return tuple(spans)


def _annotation(check: Checker, obj: Any, mentions: int, where: str) -> Annotation | None:
    if not check.is_object(obj, where):
        return None
    check.known_keys(obj, _ANNOTATION_KEYS, where)
    annotator = check.string(obj, "annotator", where, required=True)
    index = obj.get("mention")
    if index is not None and (type(index) is not int or not 0 <= index < mentions):
        check.note(f"{where}.mention", shorten(index), f"a position below {mentions}, the mentions")
        index = None
    labels = _labels(check, obj, where)
    loaded = check.boolean(obj, "loaded", where)
    notes = {key: check.string(obj, key, where) for key in ("reason", "comment", "time")}
    return Annotation(annotator or "", index, **labels, loaded=loaded, **notes)


def _in_quote(check: Checker, obj: dict[str, Any]) -> bool:
    context = obj.get("context")
    if context is None or not check.is_object(context, "context"):
        return False
    check.known_keys(context, ("in_quote",), "context")
    return bool(check.boolean(context, "in_quote", "context"))


_KEYS = (
    *("id", "text", "mentions", "topic", "group", "register", "contrast", "phenomenon"),
    *("context", "loaded", "loaded_spans", "annotations", "origin"),
)


def parse_example(obj: Any, file: str = "<record>", line: int = 1) -> Example:
    """Turn one decoded JSON object into an `Example`.

    Args:
        obj: What `json.loads` gave.
        file: Name used in errors.
        line: Line number used in errors, from 1.

    Raises:
        RecordError: With every problem of the record, if there is any.
    """
    check = Checker(file, line)
    if not check.is_object(obj, "record"):
        raise RecordError(check.problems)
    check.known_keys(obj, _KEYS, "")
    text = check.string(obj, "text", "", required=True) or ""
    mentions = _mentions(check, obj, text)
    annotations = [
        _annotation(check, item, len(obj["mentions"]), f"annotations[{i}]")
        for i, item in enumerate(check.array(obj, "annotations") or ())
        if isinstance(obj.get("mentions"), list)
    ]
    example = Example(
        id=check.string(obj, "id", "", required=True) or "",
        text=text,
        mentions=mentions,
        topic=check.string(obj, "topic"),
        group=check.string(obj, "group"),
        register=check.string(obj, "register"),
        contrast=check.one_of(obj, "contrast", CONTRASTS),
        phenomenon=check.one_of(obj, "phenomenon", PHENOMENA),
        in_quote=_in_quote(check, obj),
        loaded=check.boolean(obj, "loaded"),
        loaded_spans=_loaded_spans(check, obj, text),
        annotations=tuple(a for a in annotations if a is not None),
        origin=parse_origin(check, obj.get("origin")),
    )
    if check.problems:
        raise RecordError(check.problems)
    return example


def check_examples(path: str | os.PathLike[str]) -> tuple[list[Example], list[Problem]]:
    """Read a file of records to its end, collecting every problem.

    Returns:
        The valid examples, and the problems of the rest in the order of the file.

    Raises:
        OSError: If the file cannot be opened.
    """
    examples: list[Example] = []
    problems: list[Problem] = []
    for outcome in _outcomes(Path(path)):
        if isinstance(outcome, Example):
            examples.append(outcome)
        else:
            problems.extend(outcome.problems)
    return examples, problems


def read_examples(path: str | os.PathLike[str]) -> list[Example]:
    """Read a file of records, stopping at the first that is not valid.

    Raises:
        RecordError: Naming file, line, field, what was found and what is allowed.
        OSError: If the file cannot be opened.
    """
    examples: list[Example] = []
    for outcome in _outcomes(Path(path)):
        if isinstance(outcome, RecordError):
            raise outcome
        examples.append(outcome)
    return examples


def _outcomes(path: Path) -> Iterator[Example | RecordError]:
    seen: dict[str, int] = {}
    for line, outcome in read_lines(path):
        if isinstance(outcome, RecordError):
            yield outcome
            continue
        try:
            example = parse_example(outcome, str(path), line)
        except RecordError as error:
            yield error
            continue
        if example.id in seen:
            found = f"{shorten(example.id)} a second time, first on line {seen[example.id]}"
            yield RecordError([Problem(str(path), line, "id", found, "an id once in a file")])
            continue
        seen[example.id] = line
        yield example


def as_record(example: Example) -> dict[str, Any]:
    """The JSON object of an example: unmarked labels and empty fields left out."""
    record: dict[str, Any] = {"id": example.id, "text": example.text}
    for key in ("topic", "group", "register", "contrast", "phenomenon"):
        record[key] = getattr(example, key)
    record["context"] = {"in_quote": True} if example.in_quote else None
    record["loaded"] = example.loaded
    if example.loaded_spans is not None:
        record["loaded_spans"] = [list(span) for span in example.loaded_spans]
    record["mentions"] = [_without_none(asdict(m)) for m in example.mentions]
    record["annotations"] = [_without_none(asdict(a)) for a in example.annotations] or None
    record["origin"] = None if example.origin is None else asdict(example.origin)
    return _without_none(record)


def _without_none(obj: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in obj.items() if value is not None}


def write_examples(path: str | os.PathLike[str], examples: Iterable[Example]) -> None:
    """Write examples as JSONL; the file appears under its name when it is complete."""
    target = Path(path)
    partial = target.with_name(target.name + ".partial")
    with partial.open("w", encoding="utf-8", newline="\n") as out:
        for example in examples:
            out.write(json.dumps(as_record(example), ensure_ascii=False) + "\n")
    partial.replace(target)
