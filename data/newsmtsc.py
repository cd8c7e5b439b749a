"""NewsMTSC brought to records: stance towards the people and groups of a sentence.

NewsMTSC marks the polarity of a news sentence towards the span of a person or group: that is
*stance*. It marks neither framing, nor voice, nor loaded words, so these stay absent. MIT
licence. Hamborg and Donnay, *NewsMTSC: A Dataset for (Multi-)Target-dependent Sentiment
Classification in Political News Articles*, EACL 2021.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .checks import Problem, RecordError, read_lines, shorten
from .hashes import sentence_hash
from .hub import hub_rows
from .schema import Example, Mention

HUB = "fhamborg/news_sentiment_newsmtsc"
# Its main branch is a program that builds the data; this one has the data themselves.
_HUB_REVISION = "refs/convert/parquet"
_FILE_STANCE: dict[float, str] = {2: "against", 4: "neutral", 6: "favor"}
_HUB_STANCE = {-1: "against", 0: "neutral", 1: "favor"}


def read_newsmtsc(path: Path | None = None, split: str = "train") -> list[Example]:
    """Read NewsMTSC.

    Args:
        path: Its JSONL file, or the folder with ``train.jsonl``; without a path the
            corpus comes from the Hugging Face Hub.
        split: ``train``, ``validation`` or ``test`` of the Hub; the file of a folder.

    Returns:
        One example a sentence, with stance alone on its mentions.

    Raises:
        RecordError: If a row has another shape, naming the difference.
        UsageError: If the Hub cannot be reached.
        OSError: If the file cannot be opened.
    """
    if path is None:
        return list(merge_hub_rows(hub_rows("NewsMTSC", "newsmtsc", HUB, split, _HUB_REVISION)))
    file = path / f"{split}.jsonl" if path.is_dir() else path
    return list(_from_file(file))


def _from_file(file: Path) -> Iterator[Example]:
    for line, row in read_lines(file):
        if isinstance(row, RecordError):
            raise row
        yield _sentence(row, str(file), line)


def _sentence(row: Any, file: str, line: int) -> Example:
    def wrong(field: str, found: Any, allowed: str) -> RecordError:
        return RecordError([Problem(file, line, field, shorten(found), allowed)])

    expected = "NewsMTSC's keys primary_gid, sentence_normalized, targets"
    if not isinstance(row, dict):
        raise wrong("record", row, expected)
    text, targets = row.get("sentence_normalized"), row.get("targets")
    if not isinstance(text, str) or not isinstance(targets, list):
        raise wrong("record", sorted(map(str, row)), expected)
    mentions = {}
    for i, target in enumerate(targets):
        keys = ("from", "to", "polarity")
        if not isinstance(target, dict) or any(key not in target for key in keys):
            raise wrong(f"targets[{i}]", target, "keys from, to, polarity")
        start, end, polarity = (target[key] for key in keys)
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
            raise wrong(f"targets[{i}]", (start, end), f"0 <= from < to <= {len(text)}")
        if not isinstance(polarity, int | float) or polarity not in _FILE_STANCE:
            raise wrong(f"targets[{i}].polarity", polarity, "2, 4, 6")
        mentions[start, end] = Mention(start, end, stance=_FILE_STANCE[polarity])
    name = str(row.get("primary_gid", line))
    return Example(f"newsmtsc-{name}", text, tuple(mentions.values()), group=f"newsmtsc-{name}")


def merge_hub_rows(rows: Iterable[dict[str, Any]]) -> Iterator[Example]:
    """Sentences of the Hub's table, which has a row a target.

    Args:
        rows: With the columns ``sentence``, ``from``, ``to``, ``polarity`` (-1, 0, 1).

    Raises:
        RecordError: If a row has another shape.
    """
    by_text: dict[str, dict[tuple[int, int], Mention]] = {}
    for number, row in enumerate(rows, 1):
        try:
            text, start, end = row["sentence"], row["from"], row["to"]
            stance = _HUB_STANCE[row["polarity"]]
        except KeyError as error:
            problem = Problem(
                HUB,
                number,
                str(error),
                shorten(dict(row)),
                "columns sentence, from, to, and polarity -1, 0 or 1",
            )
            raise RecordError([problem]) from error
        by_text.setdefault(text, {})[start, end] = Mention(start, end, stance=stance)
    for text, mentions in by_text.items():
        name = f"newsmtsc-{sentence_hash(text)[:12]}"
        yield Example(name, text, tuple(mentions.values()), group=name)
