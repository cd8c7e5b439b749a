"""BASIL brought to records: loaded sentences, the words that load them, retellings of one event.

BASIL marks in 100 triplets of news articles, of the New York Times, Fox News and HuffPost on one
event each, the spans of *lexical* and of *informational* bias. Lexical bias is words that judge
or stir: that is *loaded*, and its spans are ``loaded_spans``. Informational bias is what is told
and left out, of which connote has no label. A span also has a target and a polarity, but the
target is a name without offsets, so there is no mention to carry the stance; framing and voice
are not marked. These stay absent. For research. Fan, White, Sharma, Su, Choubey, Huang and Wang,
*In Plain Sight: Media Bias Through the Lens of Factual Reporting*, EMNLP-IJCNLP 2019.

Read are its first release (``emnlp19-BASIL``: ``data/10_fox.json`` with ``body``, its sentences
with their ``annotations``), its second (``launchnlp/BASIL``: ``articles/<year>/<name>.json``
with ``body-paragraphs``, and ``annotations/<year>/<name>_ann.json`` with
``phrase-level-annotations``; the two files may lie side by side too), and articles without
annotations as JSONL, of which nothing is marked.

The text of a span decides where it stands: releases differ in whether the last character counts
and in some offsets. Where a span of a sentence cannot be found by its text, its ``loaded_spans``
stay absent.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import UsageError
from .hub import not_on_hub
from .schema import Example
from .spans import merge_spans, place_phrase
from .tables import Row, find_file, missing, read_json, read_rows

_SOURCE = "https://github.com/launchnlp/BASIL"
_ANNOTATED = "_ann.json"
_LEXICAL = {"Lexical": True, "lex": True, "Informational": False, "inf": False}
_NAME = re.compile(r"([0-9]{1,6})_([A-Za-z]{1,20})")
# A sentence in which spans overlap has the further ones under p3_1, p3_2.
_SENTENCE_ID = re.compile(r"p([0-9]{1,6})(?:_[0-9]{1,6})?")
# Every sentence of an article carries them.
_MOST_SHARED = 200

_Phrase = tuple[str, int | None]
"""The text of a lexical span and where it is said to start."""
_Sentence = tuple[str, Any, list[_Phrase] | None]
"""Where a sentence stands in its file, its text, its lexical spans if they are marked."""


@dataclass(frozen=True, slots=True)
class _Article:
    """What the examples of one article share, and its row for errors."""

    row: Row
    event: str
    outlet: str
    topic: str

    def examples(self, sentences: Iterable[_Sentence]) -> list[Example]:
        """The sentences that are not blank, numbered with those that are."""
        return [
            self._example(number, self.row.checked_text(where, text), phrases)
            for number, (where, text, phrases) in enumerate(sentences)
            if not (isinstance(text, str) and not text.strip())
        ]

    def _example(self, number: int, text: str, phrases: list[_Phrase] | None) -> Example:
        spans = [place_phrase(text, *phrase) for phrase in phrases or ()]
        placed = [span for span in spans if span is not None]
        known = phrases is not None and len(placed) == len(spans)
        return Example(
            f"basil-{self.event}-{self.outlet}-{number}",
            text,
            topic=self.topic,
            group=f"basil-{self.event}",
            loaded=None if phrases is None else bool(phrases),
            loaded_spans=merge_spans(placed) if known else None,
        )


def read_basil(path: Path | None = None, split: str | None = "train") -> list[Example]:
    """Read BASIL.

    Args:
        path: The folder of either release, one of its articles, or articles without
            annotations as JSONL: a file, or ``<split>.jsonl`` or ``articles.jsonl`` in a folder.
        split: The file of a folder; the releases have no splits and are all ``train``. A file
            needs none.

    Returns:
        One example a sentence as BASIL divides them, with ``loaded`` and ``loaded_spans``; of
        articles without annotations one a paragraph, with neither. Blank sentences are left
        out. The three articles on one event are one group.

    Raises:
        RecordError: If a file has another shape, naming the difference.
        UsageError: If there is no path, or the folder has no such files.
        OSError: If a file cannot be opened.
    """
    if path is None:
        raise not_on_hub("BASIL", "basil", _SOURCE)
    examples: list[Example] = []
    seen: set[tuple[str, str]] = set()
    for article, sentences in _articles(_files(path, split)):
        if (article.event, article.outlet) in seen:
            found = f"event {article.event}, outlet {article.outlet} a second time"
            raise article.row.wrong("record", found, "an outlet once for each event")
        seen.add((article.event, article.outlet))
        examples.extend(article.examples(sentences))
    return examples


def _files(path: Path, split: str | None) -> list[Path]:
    if not path.is_dir():
        return [path]
    names = ("articles.jsonl",) if split == "train" else ()
    if split != "train" or any((path / n).is_file() for n in ("train.jsonl", *names)):
        return [find_file(path, split, names)]
    for pattern in ("articles/*/*.json", "data/*.json", "*.json"):
        found = sorted(f for f in path.glob(pattern) if not f.name.endswith(_ANNOTATED))
        if found:
            return found
    raise missing(path, ("train.jsonl", *names, "articles/*/*.json", "data/*.json"))


def _articles(files: list[Path]) -> Iterator[tuple[_Article, Iterable[_Sentence]]]:
    for file in files:
        if file.suffix == ".jsonl":
            yield from map(_unmarked, read_rows(file, ("event", "outlet", "paragraphs"), "\t"))
            continue
        row = read_json(file)
        yield _first_release(row, file) if "body" in row.values else _second_release(row, file)


def _unmarked(row: Row) -> tuple[_Article, Iterable[_Sentence]]:
    event = _shared(row, "event", row.text("event"))
    paragraphs = _list(row, "paragraphs", row.values["paragraphs"])
    sentences = [(f"paragraphs[{n}]", text, None) for n, text in enumerate(paragraphs)]
    outlet = _shared(row, "outlet", row.text("outlet").lower())
    return _Article(row, event, outlet, event), sentences


def _first_release(row: Row, file: Path) -> tuple[_Article, Iterable[_Sentence]]:
    name = _NAME.fullmatch(file.stem)
    if name is None:
        raise row.wrong("file name", file.name, "<number of the event>_<outlet>.json")
    sentences: list[_Sentence] = []
    for number, item in enumerate(_list(row, "body", row.values["body"])):
        where = f"body[{number}]"
        sentence = _object(row, where, item, ("sentence", "annotations"))
        phrases = []
        for i, value in enumerate(_list(row, f"{where}.annotations", sentence["annotations"])):
            part = f"{where}.annotations[{i}]"
            annotation = _object(row, part, value, ("bias", "start", "text"))
            if _is_lexical(row, part, annotation):
                phrases.append(_phrase(row, part, annotation, "text"))
        sentences.append((f"{where}.sentence", sentence["sentence"], phrases))
    return _Article(row, name[1], name[2].lower(), name[1]), sentences


def _second_release(row: Row, file: Path) -> tuple[_Article, Iterable[_Sentence]]:
    row.require(("triplet-uuid", "source", "body-paragraphs"))
    event = _shared(row, "triplet-uuid", row.text("triplet-uuid"))
    outlet = _shared(row, "source", row.text("source").lower())
    topic = _shared(row, "main-event", row.optional_text("main-event") or event)
    texts = [
        (f"body-paragraphs[{i}][{j}]", text)
        for i, paragraph in enumerate(_list(row, "body-paragraphs", row.values["body-paragraphs"]))
        for j, text in enumerate(_list(row, f"body-paragraphs[{i}]", paragraph))
    ]
    marked = _marked(read_json(_annotations(file)), len(texts))
    sentences = [(where, text, marked[number]) for number, (where, text) in enumerate(texts)]
    return _Article(row, event, outlet, topic), sentences


def _annotations(article: Path) -> Path:
    name = article.stem + _ANNOTATED
    beside = article.with_name(name)
    apart = article.parent.parent.parent / "annotations" / article.parent.name / name
    for file in (beside, apart):
        if file.is_file():
            return file
    raise UsageError(
        f"{article}: expected its annotations in {beside} or {apart}, found neither; "
        "complete the corpus's folder as its authors distribute it"
    )


def _marked(row: Row, sentences: int) -> defaultdict[int, list[_Phrase]]:
    """The lexical spans by the number of their sentence; those of the title are left out."""
    key = "phrase-level-annotations"
    row.require((key,))
    marked: defaultdict[int, list[_Phrase]] = defaultdict(list)
    for i, value in enumerate(_list(row, key, row.values[key])):
        where = f"{key}[{i}]"
        annotation = _object(row, where, value, ("bias", "id", "start", "txt"))
        if annotation["id"] == "title":
            continue
        name = annotation["id"]
        number = _SENTENCE_ID.fullmatch(name) if isinstance(name, str) else None
        if number is None or int(number[1]) >= sentences:
            allowed = f"title, or p and the number of one of the {sentences} sentences from 0"
            raise row.wrong(f"{where}.id", name, allowed)
        if _is_lexical(row, where, annotation):
            marked[int(number[1])].append(_phrase(row, where, annotation, "txt"))
    return marked


def _is_lexical(row: Row, where: str, annotation: dict[str, Any]) -> bool:
    bias = annotation["bias"]
    if not isinstance(bias, str) or bias not in _LEXICAL:
        raise row.wrong(f"{where}.bias", bias, ", ".join(_LEXICAL))
    return _LEXICAL[bias]


def _phrase(row: Row, where: str, annotation: dict[str, Any], key: str) -> _Phrase:
    start = annotation["start"]
    # The annotation tool wrote null where it lost count.
    if start is not None and (type(start) is not int or start < 0):
        raise row.wrong(f"{where}.start", start, "a whole number from 0, or null")
    return row.checked_text(f"{where}.{key}", annotation[key]), start


def _shared(row: Row, column: str, value: str) -> str:
    if len(value) > _MOST_SHARED:
        raise row.wrong(column, value, f"at most {_MOST_SHARED} characters")
    return value


def _list(row: Row, where: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise row.wrong(where, value, "an array")
    return value


def _object(row: Row, where: str, value: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, dict) or any(key not in value for key in keys):
        raise row.wrong(where, value, f"an object with {', '.join(keys)}")
    return value
