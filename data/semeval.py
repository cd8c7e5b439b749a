"""SemEval 2023 task 3, subtask 3, brought to records: loaded paragraphs.

The English part of the task marks which persuasion techniques a paragraph of news uses. Two of
the techniques are words that judge or stir, Loaded_Language and Name_Calling-Labeling: a
paragraph with either is *loaded*. Which words those are stands in a part of the task that is
not read here, so ``loaded_spans`` stay absent, and so do framing, stance and voice: none is
marked. For scientific research alone, not to be passed on. Piskorski, Stefanovitch, Da San
Martino and Nakov, *SemEval-2023 Task 3: Detecting the Category, the Framing, and the Persuasion
Techniques in Online News in a Multi-lingual Setup*, SemEval 2023.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import UsageError
from .hashes import sentence_hash
from .hub import not_on_hub
from .schema import Example
from .tables import Row, find_file, first_of_each, read_document, read_rows, read_text_lines

LOADED = ("Loaded_Language", "Name_Calling-Labeling")
TECHNIQUES = (
    *LOADED,
    *("Appeal_to_Authority", "Appeal_to_Fear-Prejudice", "Appeal_to_Hypocrisy"),
    *("Appeal_to_Popularity", "Appeal_to_Time", "Appeal_to_Values"),
    *("Causal_Oversimplification", "Consequential_Oversimplification", "Conversation_Killer"),
    *("Doubt", "Exaggeration-Minimisation", "False_Dilemma-No_Choice", "Flag_Waving"),
    *("Guilt_by_Association", "Obfuscation-Vagueness-Confusion", "Questioning_the_Reputation"),
    *("Red_Herring", "Repetition", "Slogans", "Straw_Man", "Whataboutism"),
)
"""All techniques of the task; the English part uses 19 of the 23."""
_SOURCE = "https://propaganda.math.unipd.it/semeval2023task3/"
_LABELS_END = "-labels-subtask-3.txt"
_ARTICLES_END = "-articles-subtask-3"
_ARTICLE = re.compile(r"[0-9]{1,20}")
_PARAGRAPH = re.compile(r"[1-9][0-9]{0,8}")


def read_semeval(path: Path | None = None, split: str | None = "train") -> list[Example]:
    """Read the English part of SemEval 2023 task 3, subtask 3.

    Args:
        path: The original ``<split>-labels-subtask-3.txt``, beside which
            ``<split>-articles-subtask-3`` lies; a JSONL file with ``text`` and a column 0 or 1
            for each technique; or a folder with either, as ``data/en`` of the original.
        split: ``train`` or ``dev`` of the original; the file of a folder. A file needs none.

    Returns:
        One example a paragraph with ``loaded`` alone. Those of an article are one group; in a
        JSONL file each is its own, and of a paragraph that stands there twice the first is kept.

    Raises:
        RecordError: If a row has another shape, naming the difference.
        UsageError: If there is no path, or the folder has no such file.
        OSError: If a file cannot be opened.
    """
    if path is None:
        raise not_on_hub("SemEval 2023 task 3", "semeval2023", _SOURCE)
    file = find_file(path, split, (f"{split}{_LABELS_END}",))
    if file.suffix == ".jsonl":
        return first_of_each(map(_from_columns, read_rows(file, ("text", *LOADED), "\t")))
    if not file.name.endswith(_LABELS_END):
        raise UsageError(
            f"{file}: expected a JSONL file or one named <split>{_LABELS_END}, found another "
            "name; name the corpus's file or folder: --data semeval2023=PATH"
        )
    return list(_from_articles(file))


def _from_columns(row: Row) -> Example:
    text = row.text("text")
    name = f"semeval2023-{sentence_hash(text)[:12]}"
    flags = [_flag(row, column) for column in LOADED]
    return Example(name, text, group=name, loaded=any(flags))


def _flag(row: Row, column: str) -> bool:
    value = row.values[column]
    if type(value) is not int or value not in (0, 1):
        raise row.wrong(column, value, "0, 1")
    return bool(value)


@dataclass(frozen=True, slots=True)
class _Label:
    """One line of the labels: a paragraph and its techniques."""

    row: Row
    article: str
    paragraph: int
    techniques: tuple[str, ...]

    def example(self, text: str) -> Example:
        """The paragraph with its text."""
        return Example(
            f"semeval2023-{self.article}-{self.paragraph}",
            self.row.checked_text(self.where, text),
            group=f"semeval2023-{self.article}",
            loaded=any(name in LOADED for name in self.techniques),
        )

    @property
    def where(self) -> str:
        """The paragraph as errors call it."""
        return f"paragraph {self.paragraph} of article {self.article}"


def _from_articles(labels: Path) -> Iterator[Example]:
    folder = labels.with_name(labels.name.removesuffix(_LABELS_END) + _ARTICLES_END)
    seen: set[tuple[str, int]] = set()
    begun: set[str] = set()
    read, lines = "", list[str]()
    for number, line in read_text_lines(labels):
        label = _label(labels, number, line)
        if (label.article, label.paragraph) in seen:
            raise label.row.wrong(label.where, "a second time", "a paragraph once")
        seen.add((label.article, label.paragraph))
        if label.article != read:
            # Else labels that alternate would have two articles read again and again.
            if label.article in begun:
                allowed = "the labels of an article one after the other; sort the lines"
                raise label.row.wrong("article", label.article, allowed)
            begun.add(label.article)
            # As the organisers' own programs count the lines.
            lines = read_document(folder / f"article{label.article}.txt").splitlines()
            read = label.article
        text = lines[label.paragraph - 1] if label.paragraph <= len(lines) else ""
        if text.strip():
            yield label.example(text)
        elif label.techniques:
            raise label.row.wrong(label.where, text, "a line of the article that is not blank")


def _label(labels: Path, number: int, line: str) -> _Label:
    row = Row(str(labels), number, {})
    # Without techniques a line may lack its last tab.
    article, paragraph, listed, *more = (*line.split("\t"), "", "")
    if any(more) or not _ARTICLE.fullmatch(article) or not _PARAGRAPH.fullmatch(paragraph):
        allowed = "number of the article, tab, number of the paragraph from 1, tab, techniques"
        raise row.wrong("line", line, allowed)
    techniques = tuple(name.strip() for name in listed.split(",") if name.strip())
    for name in techniques:
        if name not in TECHNIQUES:
            raise row.wrong("techniques", name, ", ".join(TECHNIQUES))
    return _Label(row, article, int(paragraph), techniques)
