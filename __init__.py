"""connote: how news labels people, groups and acts.

`Scorer` judges texts; the names below are all that users need to import. Each is loaded
when it is first asked for, so that ``import connote`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .data.lexicon import Lexicon, load_lexicon
    from .data.schema import Example, Mention, read_examples, write_examples
    from .infer.documents import Document, DocumentError
    from .infer.folder import ModelError
    from .infer.results import Judgement, ScoredDocument, ScoredMention, ScoredSentence
    from .infer.scorer import Scorer

_HOMES = {
    "Document": ".infer.documents",
    "DocumentError": ".infer.documents",
    "Example": ".data.schema",
    "Judgement": ".infer.results",
    "Lexicon": ".data.lexicon",
    "Mention": ".data.schema",
    "ModelError": ".infer.folder",
    "ScoredDocument": ".infer.results",
    "ScoredMention": ".infer.results",
    "ScoredSentence": ".infer.results",
    "Scorer": ".infer.scorer",
    "load_lexicon": ".data.lexicon",
    "read_examples": ".data.schema",
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
    "ScoredDocument",
    "ScoredMention",
    "ScoredSentence",
    "Scorer",
    "load_lexicon",
    "read_examples",
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
