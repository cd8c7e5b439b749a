"""connote: how news labels people, groups and acts.

`Scorer` judges texts; the names below are all that users need to import. Each is loaded
when it is first asked for, so that ``import connote`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .data.lexicon import Lexicon, load_lexicon
    from .data.names import Names, load_names
    from .data.schema import Example, Mention, read_examples, write_examples
    from .infer.documents import Document, DocumentError, Passing
    from .infer.folder import ModelError
    from .infer.frames import score_frame
    from .infer.ledger import RunError
    from .infer.merging import merge_runs
    from .infer.options import Options
    from .infer.progress import Progress
    from .infer.results import (
        Judgement,
        ScoredDocument,
        ScoredMention,
        ScoredSentence,
        Speaker,
    )
    from .infer.rows import ReadOptions
    from .infer.runs import score_archive
    from .infer.scorer import Scorer
    from .infer.settings import Settings
    from .infer.summary import Summary

_HOMES = {
    "Document": ".infer.documents",
    "DocumentError": ".infer.documents",
    "Example": ".data.schema",
    "Judgement": ".infer.results",
    "Lexicon": ".data.lexicon",
    "Mention": ".data.schema",
    "ModelError": ".infer.folder",
    "Names": ".data.names",
    "Options": ".infer.options",
    "Passing": ".infer.documents",
    "Progress": ".infer.progress",
    "ReadOptions": ".infer.rows",
    "RunError": ".infer.ledger",
    "ScoredDocument": ".infer.results",
    "ScoredMention": ".infer.results",
    "ScoredSentence": ".infer.results",
    "Scorer": ".infer.scorer",
    "Settings": ".infer.settings",
    "Speaker": ".infer.results",
    "Summary": ".infer.summary",
    "load_lexicon": ".data.lexicon",
    "load_names": ".data.names",
    "merge_runs": ".infer.merging",
    "read_examples": ".data.schema",
    "score_archive": ".infer.runs",
    "score_frame": ".infer.frames",
    "write_examples": ".data.schema",
}

__all__ = [
    "Document",
    "DocumentError",
    "Example",
    "Judgement",
    "Lexicon",
    "Mention",
    "ModelError",
    "Names",
    "Options",
    "Passing",
    "Progress",
    "ReadOptions",
    "RunError",
    "ScoredDocument",
    "ScoredMention",
    "ScoredSentence",
    "Scorer",
    "Settings",
    "Speaker",
    "Summary",
    "load_lexicon",
    "load_names",
    "merge_runs",
    "read_examples",
    "score_archive",
    "score_frame",
    "write_examples",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("connote")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
