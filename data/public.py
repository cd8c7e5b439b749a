"""Public corpora that can be learnt from, one adapter each, and one way to read them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import babe, newsmtsc
from .babe import read_babe
from .basil import read_basil
from .errors import UsageError
from .gwsd import read_gwsd
from .newsmtsc import read_newsmtsc
from .schema import Example, read_examples
from .semeval import read_semeval
from .tables import find_file

OWN = "connote"
"""The form of connote's own records."""


@dataclass(frozen=True, slots=True)
class PublicCorpus:
    """A public corpus and how it is read.

    Attributes:
        name: What recipes and the command line call its form.
        title: Its own name.
        marks: The fields of a record that it fills, of mentions or of the sentence.
        unmarked: Those it leaves absent.
        licence: Under which it may be used.
        citation: What to cite.
        hub: Its name on the Hugging Face Hub; ``None`` where none by its authors is known.
        reader: Reads a split from a file or folder, or without one from the Hub; without a
            split all of a file.
    """

    name: str
    title: str
    marks: tuple[str, ...]
    unmarked: tuple[str, ...]
    licence: str
    citation: str
    hub: str | None
    reader: Callable[[Path | None, str | None], list[Example]]


_STANCE = ("stance",), ("framing", "voice", "loaded", "loaded_spans")
_LOADED = ("loaded", "loaded_spans"), ("framing", "stance", "voice")
_LOADED_ALONE = ("loaded",), ("framing", "stance", "voice", "loaded_spans")

PUBLIC: dict[str, PublicCorpus] = {
    corpus.name: corpus
    for corpus in (
        PublicCorpus(
            "newsmtsc",
            "NewsMTSC",
            *_STANCE,
            licence="MIT",
            citation="Felix Hamborg, Karsten Donnay: NewsMTSC: A Dataset for (Multi-)"
            "Target-dependent Sentiment Classification in Political News Articles. EACL 2021.",
            hub=newsmtsc.HUB,
            reader=read_newsmtsc,
        ),
        PublicCorpus(
            "babe",
            "BABE",
            *_LOADED,
            licence="CC BY-NC-SA 4.0",
            citation="Timo Spinde, Manuel Plank, Jan-David Krieger, Terry Ruas, Bela Gipp, Akiko "
            "Aizawa: Neural Media Bias Detection Using Distant Supervision With BABE - Bias "
            "Annotations By Experts. Findings of EMNLP 2021.",
            hub=babe.HUB,
            reader=read_babe,
        ),
        PublicCorpus(
            "gwsd",
            "GWSD (DeSMOG)",
            *_STANCE,
            licence="none stated",
            citation="Yiwei Luo, Dallas Card, Dan Jurafsky: Detecting Stance in Media On Global "
            "Warming. Findings of EMNLP 2020.",
            hub=None,
            reader=read_gwsd,
        ),
        PublicCorpus(
            "semeval2023",
            "SemEval 2023 task 3, subtask 3, English",
            *_LOADED_ALONE,
            licence="scientific research alone, not to be passed on",
            citation="Jakub Piskorski, Nicolas Stefanovitch, Giovanni Da San Martino, Preslav "
            "Nakov: SemEval-2023 Task 3: Detecting the Category, the Framing, and the Persuasion "
            "Techniques in Online News in a Multi-lingual Setup. SemEval 2023.",
            hub=None,
            reader=read_semeval,
        ),
        PublicCorpus(
            "basil",
            "BASIL",
            *_LOADED,
            licence="research use",
            citation="Lisa Fan, Marshall White, Eva Sharma, Ruisi Su, Prafulla Kumar Choubey, "
            "Ruihong Huang, Lu Wang: In Plain Sight: Media Bias Through the Lens of Factual "
            "Reporting. EMNLP-IJCNLP 2019.",
            hub=None,
            reader=read_basil,
        ),
    )
}
"""The public corpora by their names."""

FORMS = (OWN, *PUBLIC)
"""What `read_corpus` reads."""


def read_corpus(form: str, path: Path | None = None, split: str | None = "train") -> list[Example]:
    """Read a corpus in one of the forms that connote knows.

    Args:
        form: ``connote`` for its own records, or a name in `PUBLIC`.
        path: A file, or a folder with ``<split>.jsonl`` or the original files; without one a
            public corpus comes from the Hugging Face Hub, where its authors have put it there.
        split: Which part: of a folder, of the Hub, or by a column that says so. ``None`` takes
            every row of a file, whatever such a column says; a folder and the Hub need a split.

    Returns:
        Its examples in their order. What the corpus does not mark is absent.

    Raises:
        UsageError: If the form is unknown, the corpus cannot be had from there, or a split is
            needed and there is none.
        RecordError: If a record or a row is not valid.
        OSError: If a file cannot be opened.
    """
    if form != OWN and form not in PUBLIC:
        raise UsageError(f"form of a corpus: found {form!r}; allowed: {', '.join(FORMS)}")
    if form != OWN:
        return PUBLIC[form].reader(path, split)
    if path is None:
        raise UsageError(
            "connote's own records: expected a path, found none; name their file or folder"
        )
    return read_examples(find_file(path, split))
