"""What the speed is measured on: real articles, as sentences and as archives of any size."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from ..data.lexicon import load_lexicon
from ..data.tables import Row, read_rows
from ..infer.documents import Document, prepare
from ..infer.judge import SentenceInput
from ..infer.mentions import LexiconMatcher

TEXT_COLUMN = "text"
_TEXT_COLUMNS = ("paragraphs", TEXT_COLUMN)


@dataclass(frozen=True, slots=True)
class Article:
    """A document of an archive.

    Attributes:
        id: Its own.
        text: A string, or paragraphs.
    """

    id: str
    text: str | list[str]


def read_articles(path: Path, most: int | None = None) -> list[Article]:
    """The articles of a JSON-lines file, their texts under ``paragraphs`` or ``text``.

    Args:
        path: The file; what has no ``id`` gets its number.
        most: How many to read; all without it.

    Raises:
        RecordError: If a line is no object or its text is neither a string nor a list of them.
        OSError: If the file cannot be read.
    """
    articles = []
    for number, row in enumerate(islice(read_rows(path, (), ","), most)):
        articles.append(Article(str(row.values.get("id", number)), _text(row)))
    return articles


def _text(row: Row) -> str | list[str]:
    text = next((row.values[name] for name in _TEXT_COLUMNS if row.values.get(name)), None)
    if isinstance(text, str):
        return text
    if isinstance(text, list) and all(isinstance(part, str) for part in text):
        return text
    raise row.wrong("paragraphs", text, "a string or strings, there or under text")


def leads(articles: Sequence[Article]) -> list[Article]:
    """The articles cut to their first paragraph, so that a hundred thousand take minutes."""
    return [
        Article(a.id, a.text.split("\n\n")[0] if isinstance(a.text, str) else a.text[:1])
        for a in articles
    ]


def write_archive(articles: Sequence[Article], path: Path, size: int | None = None) -> None:
    """Write articles as JSON lines, repeated under other ids until there are as many as asked."""
    with path.open("w", encoding="utf-8") as stream:
        for number, article in enumerate(islice(cycle(articles), size or len(articles))):
            row = {"id": f"{number}-{article.id}", TEXT_COLUMN: article.text}
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")


def sentences_of(articles: Sequence[Article]) -> list[SentenceInput]:
    """The distinct sentences that are judged in articles, in their order."""
    matcher = LexiconMatcher(load_lexicon())
    distinct: dict[SentenceInput, None] = {}
    for article in articles:
        prepared = prepare(Document.of(article.text, article.id), matcher, search=True)
        distinct.update((s.judged, None) for s in prepared.sentences if s.judged is not None)
    return list(distinct)
