"""Where a run keeps what, in its output folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .parts import FAILURES, SCORES, part_name


def scores_of(path: str) -> str:
    """The folder with the scores, where a path names the output of a run; else the path itself."""
    places = Places(Path(path))
    return str(places.scores) if places.books.is_dir() else path


@dataclass(frozen=True, slots=True)
class Places:
    """The folder of a run.

    Attributes:
        root: What the user named.
    """

    root: Path

    @property
    def scores(self) -> Path:
        """Parquet files, perhaps in folders by a column."""
        return self.root / SCORES

    @property
    def failures(self) -> Path:
        """Documents that could not be scored."""
        return self.root / FAILURES

    @property
    def report(self) -> Path:
        """What the run did."""
        return self.root / "run.json"

    @property
    def books(self) -> Path:
        """What makes the run resumable."""
        return self.root / ".connote"

    @property
    def staging(self) -> Path:
        """Where shards are written before they are committed."""
        return self.books / "staging"

    @property
    def notes(self) -> Path:
        """A note for each shard that is done."""
        return self.books / "done"

    @property
    def progress(self) -> Path:
        """How far the shards are that are not."""
        return self.books / "progress"

    @property
    def token(self) -> Path:
        """Names the command at work; workers of another one stop when they see it."""
        return self.books / "token"

    @property
    def schema(self) -> Path:
        """The one schema of all parts, once it is settled."""
        return self.books / "schema.json"

    @property
    def finished(self) -> Path:
        """Which shards the last step has seen."""
        return self.books / "finished.json"

    def note(self, shard: int) -> Path:
        """The note that a shard is done."""
        return self.notes / f"{part_name(shard)}.json"

    def failed(self, shard: int) -> Path:
        """The documents of a shard that could not be scored."""
        return self.failures / f"{part_name(shard)}.jsonl"

    def signatures(self, shard: int) -> Path:
        """Signatures of a shard's documents, until copies have been looked for."""
        return self.books / "signatures" / f"{part_name(shard)}.arrow"
