"""Speakers and referents in whole articles, against articles in which they were annotated.

Run it as ``python -m connote.train.attributions ARTICLES`` or ``make speakers``. The annotations,
`data/basil_speech.jsonl`, hold offsets, kinds and names of referents and no text; the articles come
from the file that is named (`data.basil` says where they are to be had). Every quotation and every
report of ten articles was annotated with its source, and the contested labels in them with who
speaks and whom they stand for; of six more, the labels that the shipped model finds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sklearn.metrics import f1_score

from ..data.names import Names, fold, load_names
from ..data.schema import VOICES
from ..data.speech import speech_words
from ..failures import run_module
from ..infer.documents import Document
from ..infer.kinds import kind_of
from ..infer.phrases import singular
from ..infer.results import UNRESOLVED, ScoredMention
from ..infer.scorer import Scorer
from ..infer.speakers import Speakers
from ..infer.words import PREPOSITIONS, words_of
from .articles import annotated_lines, named_files

ANNOTATIONS = Path(str(files("connote.data") / "basil_speech.jsonl"))


@dataclass(frozen=True, slots=True)
class Annotated:
    """An article with what was annotated in it, as the file has it."""

    text: str
    chosen_by: str
    speech: list[dict[str, Any]]
    mentions: list[dict[str, Any]]


@dataclass(slots=True)
class Figures:
    """Counts of what was annotated and what was found right.

    Attributes:
        counts: By name; ``speech`` and ``speech exact`` and so on.
        voices: Annotated and judged voices of the mentions.
    """

    counts: Counter[str] = field(default_factory=Counter)
    voices: list[tuple[str, str]] = field(default_factory=list)

    def note(self, name: str, **right: bool) -> None:
        """Count one thing and what of it is right."""
        self.counts[name] += 1
        for key, value in right.items():
            self.counts[f"{name} {key}"] += value

    def share(self, name: str, key: str) -> float | None:
        """The share that is right; none of nothing."""
        number = self.counts[name]
        return self.counts[f"{name} {key}"] / number if number else None


def read_attributions(articles: Path, annotations: Path = ANNOTATIONS) -> list[Annotated]:
    """Join the annotations to the articles they belong to.

    Args:
        articles: JSON lines with ``id`` and ``paragraphs``.
        annotations: JSON lines with ``article``, ``sha256`` of its text, ``chosen_by``,
            ``speech`` and ``mentions``.

    Raises:
        RecordError: If a line is not valid.
        UsageError: If an annotated article is missing or its text is another.
        OSError: If a file cannot be read.
    """
    lines = annotated_lines(articles, annotations, ("speech", "mentions"), ("chosen_by",))
    return [Annotated(text, o["chosen_by"], o["speech"], o["mentions"]) for text, _, o in lines]


def measure(annotated: Iterable[Annotated], scorer: Scorer, names: Names) -> dict[str, Figures]:
    """Compare what connote says of the articles with what was annotated.

    Args:
        annotated: The articles.
        scorer: Judges the annotated mentions; its voice decides whether a speaker is looked for.
        names: What actors are called.

    Returns:
        Figures for each way in which mentions were chosen: ``annotators`` or ``connote``.
    """
    figures: dict[str, Figures] = {}
    for article in annotated:
        found = figures.setdefault(article.chosen_by, Figures())
        _measure_speech(article, names, found)
        spans = tuple((m["start"], m["end"]) for m in article.mentions)
        document = next(scorer.score_many([Document(article.text, "", spans)]))
        by_span = {(m.start, m.end): m for m in document.mentions}
        for gold in article.mentions:
            _measure_mention(article, gold, by_span[gold["start"], gold["end"]], names, found)
    return figures


def _measure_speech(article: Annotated, names: Names, figures: Figures) -> None:
    """Each quotation and report, its voice taken as annotated."""
    text, speakers = article.text, Speakers.in_text(article.text, names)
    for gold in article.speech:
        source = speakers.of(gold["start"], gold["end"], quoted=gold["voice"] == "quoted")
        named = source is not None and not source.open
        got = text[source.start : source.end] if source is not None and named else ""
        right = _text_of(text, gold["speaker"])
        same_head = head_word(got) == head_word(right)
        for name in ("speech", gold["voice"]):
            figures.note(name, exact=got == right, head=same_head)
        if source is not None and named and same_head:
            figures.note("kind", right=kind_of(text, source, names) == gold["kind"])


def _measure_mention(
    article: Annotated, gold: dict[str, Any], judged: ScoredMention, names: Names, figures: Figures
) -> None:
    figures.voices.append((gold["voice"], judged.voice.raw))
    referent = judged.referent or UNRESOLVED
    accepted = [name for name in (gold["referent"], *gold["also"]) if name]
    exact = any(_same(referent, name, names) for name in accepted)
    if not accepted:
        exact = referent == UNRESOLVED
    head = exact or any(head_word(referent) == head_word(name) for name in accepted)
    figures.note("referent", exact=exact, head=head, open=referent == UNRESOLVED)
    if gold["voice"] != "own":
        got = "" if judged.speaker is None else judged.speaker.text
        right = _text_of(article.text, gold["speaker"])
        figures.note("mention", exact=got == right, head=head_word(got) == head_word(right))


def _text_of(text: str, span: list[int] | None) -> str:
    return "" if span is None else text[span[0] : span[1]]


def head_word(name: str) -> str:
    """The word that a name or phrase is about, in small letters.

    Of a name its last word ("Senator John *McCain*"), of a phrase its noun ("a *spokesman* for the
    ministry"), behind an office its holder ("Secretary of State Hillary *Clinton*").
    """
    words = [word for word in words_of(name, 0, len(name)) if word.text[0].isalnum()]
    last = len(words)
    for i, word in enumerate(words):
        before = words[i - 1]
        office = before.text[0].isupper() and before.key in speech_words().titles
        office = office and len(words) - i > 3
        if i and word.key in PREPOSITIONS and not office:
            last = i
            break
    return words[last - 1].key.removesuffix("'s").strip(".") if words else ""


def _same(one: str, other: str, names: Names) -> bool:
    """Whether two names are one by the files of names; singular and plural are."""

    def comparable(name: str) -> list[str]:
        return [singular(word) for word in fold(names.normal(name)).split()]

    return comparable(one) == comparable(other)


def as_table(figures: dict[str, Figures]) -> Table:
    """The figures, one row for each thing that was annotated."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("", "n", "exact", "head", "macro-F1"):
        table.add_column(name, justify="left" if not name else "right")
    for chosen, found in figures.items():
        rows = {
            "speech": "speakers of quotations and reports",
            "quoted": "  of quotations",
            "attributed": "  of reports",
            "mention": f"speakers of labels chosen by {chosen}, voice as judged",
            "referent": f"referents of labels chosen by {chosen}",
        }
        for key, title in rows.items():
            if found.counts[key]:
                shares = (found.share(key, "exact"), found.share(key, "head"))
                table.add_row(title, f"{found.counts[key]:,}", *map(_figure, shares), "")
        if found.counts["kind"]:
            kinds = _figure(found.share("kind", "right"))
            table.add_row("kinds of the speakers found", f"{found.counts['kind']:,}", kinds, "", "")
        gold, judged = zip(*found.voices, strict=True)
        score = f1_score(gold, judged, labels=VOICES, average="macro", zero_division=0.0)
        title = f"voice of labels chosen by {chosen}"
        table.add_row(title, f"{len(gold):,}", "", "", f"{score:.3f}")
    return table


def _figure(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"


def main(arguments: Sequence[str]) -> None:
    """Print the table for the shipped model, or for the model folder named second.

    Raises:
        UsageError: If no file is named.
    """
    path, model = named_files(arguments, "speakers")
    annotated = read_attributions(path)
    Console().print(as_table(measure(annotated, Scorer(model), load_names())))


if __name__ == "__main__":
    run_module(main)
