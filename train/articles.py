"""Mentions found in whole articles, against articles in which all were annotated.

Run it as ``python -m connote.train.articles ARTICLES`` or ``make articles``. The annotations,
`data/basil_mentions.jsonl`, hold offsets and labels of ten articles of BASIL and no text; the
articles come from the file that is named (`data.basil` says where they are to be had).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from ..data.checks import Checker, RecordError, read_lines
from ..data.errors import UsageError
from ..data.hashes import sentence_hash
from ..data.lexicon import Lexicon
from ..data.schema import Example, parse_example
from ..data.tables import read_rows
from ..failures import run_module
from ..infer.documents import PARAGRAPH_BREAK
from ..infer.scorer import Scorer
from .spans import span_scores

ANNOTATIONS = Path(str(files("connote.data") / "basil_mentions.jsonl"))


@dataclass(frozen=True, slots=True)
class Article:
    """An article with all its contested labels, as one long record."""

    id: str
    example: Example


def read_annotated(articles: Path, annotations: Path = ANNOTATIONS) -> list[Article]:
    """Join the annotations to the articles they belong to.

    Args:
        articles: JSON lines with ``id`` and ``paragraphs``.
        annotations: JSON lines with ``article``, ``sha256`` of its text, ``mentions``.

    Raises:
        RecordError: If a line is not valid or its offsets do not fit.
        UsageError: If an annotated article is missing or its text is another.
        OSError: If a file cannot be read.
    """
    joined = []
    for text, line, obj in annotated_lines(articles, annotations, ("mentions",)):
        record = {"id": obj["article"], "text": text, "mentions": obj["mentions"]}
        joined.append(Article(obj["article"], parse_example(record, str(annotations), line)))
    return joined


def annotated_lines(
    articles: Path, annotations: Path, arrays: Sequence[str], keys: Sequence[str] = ()
) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Annotations, line by line, with the texts of their articles.

    Args:
        articles: JSON lines with ``id`` and ``paragraphs``.
        annotations: JSON lines with ``article`` and ``sha256`` of its text.
        arrays: Keys that hold arrays.
        keys: Further keys, which hold strings.

    Yields:
        The text, the number of the line, and what it holds.

    Raises:
        RecordError: If a line lacks a key or has one that is unknown.
        UsageError: If an annotated article is missing or its text is another.
        OSError: If a file cannot be read.
    """
    texts = article_texts(articles)
    strings = ("article", "sha256", *keys)
    for line, obj in read_lines(annotations):
        if isinstance(obj, RecordError):
            raise obj
        check = Checker(str(annotations), line)
        if check.is_object(obj, "record"):
            check.known_keys(obj, (*strings, *arrays), "")
            for key in strings:
                check.string(obj, key, required=True)
            for key in arrays:
                check.array(obj, key, required=True)
        if check.problems:
            raise RecordError(check.problems)
        yield texts.of(obj["article"], obj["sha256"]), line, obj


@dataclass(frozen=True, slots=True)
class ArticleTexts:
    """The texts of a file's articles by their ids."""

    path: Path
    by_id: Mapping[str, str]

    def of(self, name: str, sha256: str) -> str:
        """The text of an article.

        Raises:
            UsageError: If it is missing, or another text stands under its id.
        """
        text = self.by_id.get(name)
        if text is None or sentence_hash(text) != sha256:
            found = "no such article" if text is None else "another text under its id"
            raise UsageError(
                f"{self.path}: expected BASIL's article {name}, found {found}; "
                "is it another edition of the corpus?"
            )
        return text


def article_texts(path: Path) -> ArticleTexts:
    """Read articles, their paragraphs joined by a blank line.

    Args:
        path: JSON lines with ``id`` and ``paragraphs``.

    Raises:
        RecordError: If a line is not valid.
        OSError: If the file cannot be read.
    """
    return ArticleTexts(path, dict(_texts(path)))


def _texts(articles: Path) -> Iterator[tuple[str, str]]:
    for row in read_rows(articles, ("id", "paragraphs"), "\t"):
        paragraphs = row.values["paragraphs"]
        if not isinstance(paragraphs, list):
            raise row.wrong("paragraphs", paragraphs, "a list of texts")
        for number, text in enumerate(paragraphs):
            # BASIL has paragraphs with nothing in them, and its hashes count them.
            if not isinstance(text, str) or text.strip():
                row.checked_text(f"paragraphs[{number}]", text)
        yield row.text("id"), PARAGRAPH_BREAK.join(paragraphs)


def compare_finders(scorers: Mapping[str, Scorer], articles: Sequence[Article]) -> Table:
    """Exact and overlapping span F1 of several ways to find mentions.

    Args:
        scorers: By the names they are shown under.
        articles: With all their contested labels.
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("found by", "found", "exact F1", "overlapping F1", "precision", "recall"):
        table.add_column(name, justify="left" if name == "found by" else "right")
    table.add_column("of side-taking labels", justify="right")
    true = [[(m.start, m.end) for m in a.example.mentions] for a in articles]
    sides = [
        [(m.start, m.end) for m in a.example.mentions if m.framing != "neutral"] for a in articles
    ]
    for name, scorer in scorers.items():
        scored = scorer.score_many(article.example.text for article in articles)
        found = [[(m.start, m.end) for m in document.mentions] for document in scored]
        exact = span_scores(true, found, exact=True)
        overlap = span_scores(true, found, exact=False)
        figures = (exact.f1, overlap.f1, overlap.precision, overlap.recall)
        caught = span_scores(sides, found, exact=False).recall
        table.add_row(name, f"{overlap.found:,}", *(f"{f:.3f}" for f in (*figures, caught)))
    return table


def named_files(arguments: Sequence[str], target: str) -> tuple[Path, str | None]:
    """The file with BASIL's articles and the model folder that a call names, if it does.

    Args:
        arguments: Of the call.
        target: The make target, which the message tells.

    Raises:
        UsageError: If no file is named.
    """
    if not arguments:
        raise UsageError(
            "expected a file with BASIL's articles, found no argument: "
            f"make {target} DATA=articles.jsonl"
        )
    return Path(arguments[0]), arguments[1] if len(arguments) > 1 else None


def main(arguments: Sequence[str]) -> None:
    """Print the table for the shipped model, or for the model folder named second.

    Raises:
        UsageError: If no file is named.
    """
    path, model = named_files(arguments, "articles")
    articles = read_annotated(path)
    mentions = sum(len(a.example.mentions) for a in articles)
    nothing = Lexicon((), {}, frozenset())
    scorers = {
        "lexicon": Scorer(model, open_vocabulary=False),
        "model": Scorer(model, lexicon=nothing),
        "both": Scorer(model),
    }
    console = Console()
    console.print(f"{len(articles)} articles, {mentions} contested labels")
    console.print(compare_finders(scorers, articles))


if __name__ == "__main__":
    run_module(main)
