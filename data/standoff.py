"""Labels for sentences that lie elsewhere: offsets and labels, joined to the text by its hash.

A public corpus keeps its text; what connote adds to it is a file of its own, a JSON object
for each sentence: ``sha256`` of the stripped sentence, and of a record's fields
(`connote.data.schema`) ``mentions``, ``loaded``, ``loaded_spans`` and ``annotations``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from .checks import Checker, RecordError, read_lines, shorten
from .errors import UsageError
from .hashes import is_sentence_hash, sentence_hash
from .schema import Example, parse_example

_KEYS = ("sha256", "mentions", "loaded", "loaded_spans", "annotations")


def with_labels(examples: Iterable[Example], path: Path) -> tuple[list[Example], frozenset[str]]:
    """Add labels to the examples whose sentences a file knows.

    On a span that the file knows its labels stand, and what it leaves open is absent: a
    corpus's own label (the polarity of NewsMTSC) follows other rules than the codebook. Other
    mentions of the example keep what they have. What the file says of other sentences is
    passed over.

    Args:
        examples: Records of a public corpus.
        path: The file of labels.

    Returns:
        The examples in their order, and the hashes of the sentences that were labelled.

    Raises:
        RecordError: If a line is not valid, or its offsets do not fit the sentence.
        UsageError: If the file knows none of the sentences.
        OSError: If the file cannot be read.
    """
    lines = _by_hash(path)
    labelled: set[str] = set()
    joined = []
    for example in examples:
        name = sentence_hash(example.text)
        if name in lines:
            labelled.add(name)
            example = _join(example, path, *lines[name])  # noqa: PLW2901 - the same one, labelled
        joined.append(example)
    if not labelled:
        raise UsageError(
            f"{path}: expected labels for sentences of the corpus, found none of its "
            f"{len(joined):,} sentences among {len(lines):,}; is it another edition of the corpus?"
        )
    return joined, frozenset(labelled)


def _by_hash(path: Path) -> dict[str, tuple[int, dict[str, Any]]]:
    found: dict[str, tuple[int, dict[str, Any]]] = {}
    for line, obj in read_lines(path):
        if isinstance(obj, RecordError):
            raise obj
        check = Checker(str(path), line)
        if check.is_object(obj, "record"):
            check.known_keys(obj, _KEYS, "")
            name = check.string(obj, "sha256", required=True)
            if name is not None and not is_sentence_hash(name):
                check.note("sha256", shorten(name), "64 hexadecimal digits in small letters")
            if name in found:
                check.note("sha256", f"{name} a second time", "a sentence once in a file")
        if check.problems:
            raise RecordError(check.problems)
        found[obj["sha256"]] = line, obj
    return found


def _join(example: Example, path: Path, line: int, obj: dict[str, Any]) -> Example:
    record = {"id": example.id, "text": example.text, **obj}
    del record["sha256"]
    labels = parse_example(record, str(path), line)
    known = {(mention.start, mention.end) for mention in labels.mentions}
    others = [m for m in example.mentions if (m.start, m.end) not in known]
    spans = labels.loaded_spans if example.loaded_spans is None else example.loaded_spans
    return replace(
        example,
        mentions=(*labels.mentions, *others),
        loaded=labels.loaded if example.loaded is None else example.loaded,
        loaded_spans=spans,
        annotations=labels.annotations,
    )
