"""Everything that decides what a run over an archive writes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..data.lexicon import load_lexicon
from ..data.names import load_names
from .documents import Passing
from .folder import file_hash, open_model
from .rows import ReadOptions

if TYPE_CHECKING:
    from .scorer import Scorer


@dataclass(frozen=True, slots=True)
class Settings:
    """What shall be scored, and how.

    Attributes:
        read: How documents are read.
        model: A trained model's folder; connote's own without one.
        lexicon: Lexicon files instead of connote's own.
        names: Files of names, added to connote's own.
        lexicon_only: Whether only the lexicon's labels are judged, none that the model finds.
        speakers: Whether speakers and referents are looked for.
        passing: What is judged although it is passed over by default.
        contested_only: Whether only mentions that take a side become rows.
        partition_by: A column of the documents by whose values the scores are divided.
    """

    read: ReadOptions = field(default_factory=ReadOptions)
    model: str | None = None
    lexicon: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    lexicon_only: bool = False
    speakers: bool = True
    passing: Passing = field(default_factory=Passing)
    contested_only: bool = False
    partition_by: str | None = None

    def scorer(self, **runtime: Any) -> Scorer:
        """A scorer with these settings.

        Args:
            runtime: What changes no row: ``threads``, ``remembered``, ``device``.

        Raises:
            ConnoteError: If the model, a lexicon or a file of names cannot be used.
        """
        from .scorer import Scorer  # only workers run the model

        return Scorer(
            self.model,
            lexicon=load_lexicon(*map(Path, self.lexicon)) if self.lexicon else None,
            names=load_names(*map(Path, self.names)) if self.names else None,
            open_vocabulary=not self.lexicon_only,
            speakers=self.speakers,
            passing=self.passing,
            **runtime,
        )

    def fingerprint(self) -> Mapping[str, Any]:
        """What a resumed run is compared with: contents of files, not their paths.

        Raises:
            ConnoteError: If the model cannot be used.
        """
        return {
            **asdict(self),
            "model": open_model(self.model).id,
            "lexicon": _contents(self.lexicon),
            "names": _contents(self.names),
        }


def _contents(paths: tuple[str, ...]) -> str:
    """A hash of some files, ``connote's own`` without any."""
    if not paths:
        return "connote's own"
    return hashlib.sha256("".join(file_hash(Path(p)) for p in paths).encode()).hexdigest()[:16]
