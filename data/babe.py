"""BABE brought to records: loaded sentences and the words that load them.

BABE marks whether a news sentence is biased by its choice of words, and which words those
are: that is *loaded*. It marks no actors, so framing, stance and voice stay absent. CC
BY-NC-SA 4.0. Spinde, Plank, Krieger, Ruas, Gipp and Aizawa, *Neural Media Bias Detection
Using Distant Supervision With BABE*, Findings of EMNLP 2021.

What its annotators left open is absent here:
- A sentence with the label "No agreement" has neither ``loaded`` nor ``loaded_spans``.
- BABE names the words without saying where they stand: every place where one stands as a
  whole word is a span. A word that does not stand in the sentence is passed over, since the
  annotators' words were normalised (about one in a hundred; most are misspelt).
- A biased sentence without a word that could be found has no ``loaded_spans``. One that is not
  biased has empty ones, also where single annotators marked words.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .hashes import sentence_hash
from .hub import hub_rows
from .schema import Example
from .spans import Span, find_words
from .tables import Row, find_file, first_of_each, read_rows

HUB = "mediabiasgroup/BABE"
_ORIGINAL = "final_labels_SG2.csv"
_COLUMNS = ("text", "biased_words")
_LABELS = {
    **{"Biased": True, "Non-biased": False, "No agreement": None},
    **{"1": True, "1.0": True, "0": False, "0.0": False},
}
_MOST_CHARACTERS = 2_000


def read_babe(path: Path | None = None, split: str | None = "train") -> list[Example]:
    """Read BABE.

    Args:
        path: A JSONL file, the original CSV with ``;`` between its fields, or a folder with
            ``<split>.jsonl`` or the original ``final_labels_SG2.csv``, which has no splits and
            is all ``train``. Without a path the corpus comes from the Hugging Face Hub, in its
            revised edition: what stands on the main branch that day (see `hub.hub_rows`).
        split: ``train`` or ``test`` of the Hub; the file of a folder. A file needs none.

    Returns:
        One example a sentence with ``loaded``, ``loaded_spans`` and the topic; of a sentence
        that stands there twice the first.

    Raises:
        RecordError: If a row has another shape, naming the difference.
        UsageError: If the Hub cannot be reached, or the folder has no such file.
        OSError: If the file cannot be opened.
    """
    if path is None:
        rows = _from_hub(split)
    else:
        names = (_ORIGINAL,) if split == "train" else ()
        rows = read_rows(find_file(path, split, names), _COLUMNS, ";")
    return first_of_each(map(_sentence, rows))


def _from_hub(split: str | None) -> Iterator[Row]:
    for number, values in enumerate(hub_rows("BABE", "babe", HUB, split), 1):
        row = Row(HUB, number, values)
        row.require(_COLUMNS)
        yield row


def _sentence(row: Row) -> Example:
    text, loaded, words = row.text("text"), _label(row), _words(row)
    spans: tuple[Span, ...] | None = None
    if loaded:
        spans = find_words(text, words) or None
    elif loaded is False:
        spans = ()
    name = f"babe-{sentence_hash(text)[:12]}"
    topic = row.optional_text("topic")
    return Example(name, text, topic=topic, group=name, loaded=loaded, loaded_spans=spans)


def _label(row: Row) -> bool | None:
    """The Hub says 1 and 0 in ``label`` where the original says words in ``label_bias``."""
    column = "label_bias" if "label_bias" in row.values else "label"
    row.require((column,))
    value = row.values[column]
    if type(value) in (int, float) and value in (0, 1):
        value = str(int(value))
    if not isinstance(value, str) or value not in _LABELS:
        raise row.wrong(column, value, ", ".join(_LABELS))
    return _LABELS[value]


def _words(row: Row) -> list[str]:
    """The marked words: a list, or a text that Python reads as one."""
    value = row.values["biased_words"]
    if value is None:
        return []
    words = _literal(row, value) if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise row.wrong("biased_words", value, "a list of texts, as Python writes it")
    if sum(map(len, words)) > _MOST_CHARACTERS:
        raise row.wrong("biased_words", value, f"at most {_MOST_CHARACTERS:,} characters")
    return words


def _literal(row: Row, value: str) -> Any:
    if len(value) > _MOST_CHARACTERS:
        raise row.wrong("biased_words", value, f"at most {_MOST_CHARACTERS:,} characters")
    try:
        return ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
        allowed = "a list of texts, as Python writes it"
        raise row.wrong("biased_words", value, allowed) from error
