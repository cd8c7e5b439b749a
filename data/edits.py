"""Changes of a sentence that carry its offsets along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .schema import Example


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """One stretch of a text and what it is replaced by; an empty stretch is an insertion."""

    start: int
    end: int
    new: str


def edited(example: Example, edits: Iterable[Edit]) -> Example | None:
    """A record with its text changed and all offsets where they are then.

    Args:
        example: A record; its labels stay as they are.
        edits: In any order; they must lie in the text and must not overlap. What is
            inserted where a mention begins or ends stays outside it. A mention or loaded
            span that begins or ends within a replaced stretch takes in the whole of it.

    Returns:
        The changed record; ``None`` if a mention would be left without text. Loaded spans
        that would be are left out.

    Raises:
        ValueError: If edits overlap or reach out of the text.
    """
    ordered = sorted(edits)
    text = _changed(example.text, ordered)
    mentions = []
    for mention in example.mentions:
        start, end = _moved((mention.start, mention.end), ordered)
        if start >= end:
            return None
        mentions.append(replace(mention, start=start, end=end))
    spans = example.loaded_spans
    if spans is not None:
        moved = (_moved(span, ordered) for span in spans)
        spans = tuple((start, end) for start, end in moved if start < end)
    return replace(example, text=text, mentions=tuple(mentions), loaded_spans=spans)


def _changed(text: str, edits: Sequence[Edit]) -> str:
    parts = []
    position = 0
    for edit in edits:
        if not position <= edit.start <= edit.end <= len(text):
            raise ValueError(
                f"expected edits one behind the other within {len(text)} characters, found "
                f"{edit.start} to {edit.end} behind {position}"
            )
        parts += [text[position : edit.start], edit.new]
        position = edit.end
    return "".join([*parts, text[position:]])


def _moved(span: tuple[int, int], edits: Sequence[Edit]) -> tuple[int, int]:
    start, end = span
    return _offset(start, edits, is_end=False), _offset(end, edits, is_end=True)


def _offset(position: int, edits: Sequence[Edit], *, is_end: bool) -> int:
    """Where one end of a span is after the edits, which are in order."""
    shift = 0
    for edit in edits:
        inserted_behind = is_end and edit.start == edit.end == position
        if edit.end <= position and not inserted_behind:
            shift += len(edit.new) - (edit.end - edit.start)
        elif edit.start < position:
            return edit.start + shift + (len(edit.new) if is_end else 0)
        else:
            break
    return position + shift
