"""NewsMTSC brought to records: stance towards the people and groups of a sentence.

NewsMTSC marks the polarity of a news sentence towards the span of a person or group: that is
*stance*. It marks neither framing, nor voice, nor loaded words, so these stay absent. MIT
licence. Hamborg and Donnay, *NewsMTSC: A Dataset for (Multi-)Target-dependent Sentiment
Classification in Political News Articles*, EACL 2021.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .hashes import sentence_hash
from .hub import hub_rows
from .schema import Example, Mention
from .spans import Span
from .tables import Row, find_file, read_rows

HUB = "fhamborg/news_sentiment_newsmtsc"
# Its main branch is a program that builds the data; this one has the data themselves.
_HUB_REVISION = "refs/convert/parquet"
_FILE_STANCE: dict[float, str] = {2: "against", 4: "neutral", 6: "favor"}
_HUB_STANCE: dict[float, str] = {-1: "against", 0: "neutral", 1: "favor"}
_TARGET = ("from", "to", "polarity")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A row of either form: a sentence and some of its mentions, or all."""

    row: Row
    name: str
    text: str
    mentions: tuple[Mention, ...]


def read_newsmtsc(path: Path | None = None, split: str | None = "train") -> list[Example]:
    """Read NewsMTSC.

    Args:
        path: Its JSONL file, or the folder with ``train.jsonl``; without a path the
            corpus comes from the Hugging Face Hub.
        split: ``train``, ``validation`` or ``test`` of the Hub; the file of a folder. A file
            needs none.

    Returns:
        One example an id, with stance alone on its mentions. Rows with the same id and the same
        sentence are one example; the same sentence under two ids is two.

    Raises:
        RecordError: If a row has another shape, or an id stands for two sentences.
        UsageError: If the Hub cannot be reached, or the folder has no such file.
        OSError: If the file cannot be opened.
    """
    if path is None:
        return merge_hub_rows(hub_rows("NewsMTSC", "newsmtsc", HUB, split, _HUB_REVISION))
    rows = read_rows(find_file(path, split), ("sentence_normalized", "targets"), "\t")
    return _merged(map(_of_file, rows))


def merge_hub_rows(rows: Iterable[Mapping[str, Any]]) -> list[Example]:
    """Sentences of the Hub's table, which has a row a target.

    Args:
        rows: With the columns ``sentence``, ``from``, ``to``, ``polarity`` (-1, 0, 1).

    Raises:
        RecordError: If a row has another shape.
    """
    return _merged(_of_hub(Row(HUB, number, row)) for number, row in enumerate(rows, 1))


def _of_file(row: Row) -> _Sentence:
    text, targets = row.text("sentence_normalized"), row.values["targets"]
    if not isinstance(targets, list):
        raise row.wrong("targets", targets, "an array")
    name = row.optional_text("primary_gid") or str(row.line)
    return _Sentence(row, name, text, tuple(_targets(row, targets, text)))


def _targets(row: Row, targets: list[Any], text: str) -> Iterator[Mention]:
    for i, target in enumerate(targets):
        where = f"targets[{i}]"
        if not isinstance(target, dict) or any(key not in target for key in _TARGET):
            raise row.wrong(where, target, f"an object with {', '.join(_TARGET)}")
        yield _mention(row, target, text, _FILE_STANCE, f"{where}.")


def _of_hub(row: Row) -> _Sentence:
    row.require(("sentence", *_TARGET))
    text = row.text("sentence")
    mention = _mention(row, row.values, text, _HUB_STANCE)
    return _Sentence(row, sentence_hash(text)[:12], text, (mention,))


def _mention(
    row: Row, target: Mapping[str, Any], text: str, stances: Mapping[float, str], where: str = ""
) -> Mention:
    start, end, polarity = (target[key] for key in _TARGET)
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        raise row.wrong(f"{where}from", (start, end), f"0 <= from < to <= {len(text)}")
    if type(polarity) not in (int, float) or polarity not in stances:
        raise row.wrong(f"{where}polarity", polarity, ", ".join(map(str, stances)))
    return Mention(start, end, stance=stances[polarity])


def _merged(sentences: Iterable[_Sentence]) -> list[Example]:
    """One example an id, of mentions with the same offsets the last."""
    texts: dict[str, str] = {}
    mentions: dict[str, dict[Span, Mention]] = {}
    for sentence in sentences:
        if texts.setdefault(sentence.name, sentence.text) != sentence.text:
            allowed = "an id once, or again with the same sentence"
            raise sentence.row.wrong("id", sentence.name, allowed)
        spans = mentions.setdefault(sentence.name, {})
        spans.update(((m.start, m.end), m) for m in sentence.mentions)
    return [
        Example(f"newsmtsc-{name}", text, tuple(mentions[name].values()), group=f"newsmtsc-{name}")
        for name, text in texts.items()
    ]
