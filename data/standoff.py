"""Labels for sentences that lie elsewhere: offsets and labels, joined to the text by its hash.

A public corpus keeps its text; what connote adds to it is a file of its own, a JSON object
for each sentence: ``sha256`` of the stripped sentence, and the fields of a record
(`connote.data.schema`) but its text, id, topic, group and context.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from .checks import Checker, RecordError, read_lines
from .public import sentence_hash
from .schema import MENTION_LABELS, Example, Mention, parse_example

_KEYS = ("sha256", "mentions", "loaded", "loaded_spans", "annotations")


def with_labels(examples: Iterable[Example], path: Path) -> list[Example]:
    """Add labels to the examples whose sentences a file knows.

    A label that an example has already stands; mentions on new spans are added. What the
    file says of other sentences is passed over.

    Args:
        examples: Records of a public corpus.
        path: The file of labels.

    Raises:
        RecordError: If a line is not valid, or its offsets do not fit the sentence.
        OSError: If the file cannot be read.
    """
    lines = _by_hash(path)
    joined = []
    for example in examples:
        known = lines.get(sentence_hash(example.text))
        joined.append(example if known is None else _join(example, path, *known))
    return joined


def _by_hash(path: Path) -> dict[str, tuple[int, dict[str, Any]]]:
    found: dict[str, tuple[int, dict[str, Any]]] = {}
    for line, obj in read_lines(path):
        if isinstance(obj, RecordError):
            raise obj
        check = Checker(str(path), line)
        if check.is_object(obj, "record"):
            check.known_keys(obj, _KEYS, "")
            name = check.string(obj, "sha256", required=True)
            if name in found:
                check.note("sha256", f"{name} a second time", "a sentence once in a file")
        if check.problems:
            raise RecordError(check.problems)
        found[obj["sha256"]] = line, obj
    return found


def _join(example: Example, path: Path, line: int, obj: dict[str, Any]) -> Example:
    fields = {key: value for key, value in obj.items() if key != "sha256"}
    record = {"id": example.id, "text": example.text, **fields}
    labels = parse_example(record, str(path), line)
    own = {(mention.start, mention.end): mention for mention in example.mentions}
    new = [_fill(own.pop((m.start, m.end), None), m) for m in labels.mentions]
    return replace(
        example,
        mentions=(*new, *own.values()),
        loaded=labels.loaded if example.loaded is None else example.loaded,
        loaded_spans=example.loaded_spans or labels.loaded_spans,
        annotations=labels.annotations,
    )


def _fill(own: Mention | None, label: Mention) -> Mention:
    """The mention with what its corpus does not mark taken from the file."""
    if own is None or label.framing == "none":
        return label
    missing = {n: getattr(label, n) for n in MENTION_LABELS if getattr(own, n) is None}
    return replace(own, **missing)
