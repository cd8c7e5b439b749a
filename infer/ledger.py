"""The books of a run: whose folder it is, what was asked for, which shards are done."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from ..data.checks import shorten
from ..data.errors import ConnoteError
from .inputs import Source
from .places import Places
from .settings import Settings
from .staging import write_synced

FORMAT = 1
_WHAT = {"form": "format", "modified": "time of modification"}
_OTHER_FILES = (".DS_Store", ".gitkeep")


class RunError(ConnoteError):
    """A run cannot begin, go on or end as asked; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run shall do; a resumed run must have the same.

    Attributes:
        settings: The fingerprint of its settings.
        sources: The files of the archive.
        shard_bytes: Size of its shards.
        share: Which part of the shards it does, ``(k, n)`` for the k-th of n.
    """

    settings: Mapping[str, Any]
    sources: Sequence[Source]
    shard_bytes: int
    share: tuple[int, int] = (1, 1)

    @classmethod
    def of(
        cls,
        settings: Settings,
        sources: Sequence[Source],
        shard_bytes: int,
        share: tuple[int, int],
    ) -> Plan:
        """The plan of a run with this version of connote."""
        fingerprint = {**settings.fingerprint(), "connote": version("connote")}
        return cls(fingerprint, sources, shard_bytes, share)

    def content(self) -> dict[str, Any]:
        """The plan as JSON takes it; sources are listed apart."""
        return {
            "format": FORMAT,
            "settings": dict(self.settings),
            "shard_bytes": self.shard_bytes,
            "share": list(self.share),
            "sources": len(self.sources),
            "sources_sha256": hashlib.sha256(self.source_lines().encode()).hexdigest(),
        }

    def source_lines(self) -> str:
        """The sources, one JSON object a line."""
        return "".join(json.dumps(asdict(source)) + "\n" for source in self.sources)


class Ledger:
    """The books of an output folder, held by one run at a time.

    Use it as a context manager.

    Args:
        out: The output folder.
    """

    def __init__(self, out: Path) -> None:
        self.places = Places(out)
        self._lock = FileLock(self.places.books / "lock")

    def __enter__(self) -> Ledger:
        out = self.places.root
        if out.exists() and not out.is_dir():
            raise RunError(f"{out}: expected a folder to write, found a file; give another name")
        if not self.places.books.is_dir() and out.is_dir():
            others = [path.name for path in out.iterdir() if path.name not in _OTHER_FILES]
            if others:
                raise RunError(
                    f"{out}: expected an empty folder or one of an earlier run, found "
                    f"{shorten(', '.join(sorted(others)))}; give another name"
                )
        self.places.books.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise RunError(
                f"{out}: another run is writing there; wait for it, or give another name"
            ) from error
        return self

    def __exit__(self, *raised: object) -> None:
        self._lock.release()

    @property
    def _plan_path(self) -> Path:
        return self.places.books / "plan.json"

    @property
    def _sources_path(self) -> Path:
        return self.places.books / "sources.jsonl"

    def begin(self, plan: Plan, *, restart: bool) -> str:
        """Enter a plan, or check that the run there has the same one.

        Args:
            plan: What shall be done.
            restart: Whether to begin anew, whatever is there.

        Returns:
            The token that workers of this command carry.

        Raises:
            RunError: If the run there has another plan; the message says what differs.
        """
        if restart:
            self.revoke()
            self._clear()
        if self._plan_path.is_file():
            self._compare(plan)
        else:
            write_synced(self._sources_path, plan.source_lines())
            write_synced(self._plan_path, json.dumps(plan.content(), indent=2))
        # What a killed run left; its workers end when they see another token.
        self.revoke()
        for left in (self.places.staging, self.places.progress):
            shutil.rmtree(left, ignore_errors=True)
        token = secrets.token_hex(16)
        write_synced(self.places.token, token)
        return token

    def revoke(self) -> None:
        """Let all workers stop that are at work on the folder."""
        self.places.token.unlink(missing_ok=True)

    def take_over(self, plan: Mapping[str, Any], other: Ledger) -> None:
        """Enter the plan of another run into an empty folder.

        Args:
            plan: The plan.
            other: Whose sources it has.

        Raises:
            RunError: If there is a run already.
        """
        if self._plan_path.is_file():
            if self.plan() == plan:
                return  # a merge that was killed goes on
            raise RunError(
                f"{self.places.root}: expected a new folder, found a run there; name another one"
            )
        write_synced(self._sources_path, other._sources_path.read_text(encoding="utf-8"))
        write_synced(self._plan_path, json.dumps(plan, indent=2))

    def shard_bytes(self) -> int | None:
        """The size of the shards of the run there; none where there is none."""
        return int(self.plan()["shard_bytes"]) if self._plan_path.is_file() else None

    def plan(self) -> dict[str, Any]:
        """The plan entered there.

        Raises:
            RunError: If it cannot be read.
        """
        try:
            plan = json.loads(self._plan_path.read_text(encoding="utf-8"))
        except (ValueError, OSError) as error:
            raise RunError(
                f"{self._plan_path}: expected the plan of a run, found: {error}; begin anew with "
                "--restart"
            ) from error
        if not isinstance(plan, dict) or plan.get("format") != FORMAT:
            raise RunError(
                f"{self._plan_path}: expected a plan of format {FORMAT}, found another; use the "
                "connote version that made it, or begin anew with --restart"
            )
        return plan

    def _clear(self) -> None:
        places = self.places
        signatures = places.signatures(0).parent
        # Notes go first: what is left if this is broken off counts as not done.
        for folder in (places.notes, signatures, places.failures, places.scores):
            if folder.exists() or folder.is_symlink():
                shutil.rmtree(folder)
        for file in (
            places.report,
            places.schema,
            places.finished,
            self._plan_path,
            self._sources_path,
        ):
            file.unlink(missing_ok=True)

    def _compare(self, plan: Plan) -> None:
        there, asked = self.plan(), plan.content()
        changed = list(_differences(there["settings"], asked["settings"]))
        if there["sources_sha256"] != asked["sources_sha256"]:
            changed.append(self._changed_sources(plan))
        if there["share"] != asked["share"]:
            changed.append(
                f"--shard was {share_text(there['share'])}, is {share_text(asked['share'])}"
            )
        if there["shard_bytes"] != asked["shard_bytes"]:
            changed.append(
                f"--shard-bytes was {there['shard_bytes']:,}, is {asked['shard_bytes']:,}"
            )
        if changed:
            raise RunError(
                f"{self.places.root}: cannot go on with the run there: {'; '.join(changed)}. Give "
                "another folder, or begin anew with --restart"
            )

    def _changed_sources(self, plan: Plan) -> str:
        lines = self._sources_path.read_text(encoding="utf-8").splitlines()
        there = {row["path"]: row for row in map(json.loads, lines)}
        asked = {source.path: asdict(source) for source in plan.sources}
        for path, row in asked.items():
            if path not in there:
                return f"the input has a new file {path}"
            for what in (name for name in row if there[path].get(name) != row[name]):
                was = f"its {_WHAT.get(what, what)} was {there[path].get(what)}, is {row[what]}"
                return f"{path} has changed: {was}"
        missing = next((path for path in there if path not in asked), None)
        return f"the input has lost a file {missing}" if missing else "the files have another order"

    def notes(self) -> Iterator[dict[str, Any]]:
        """The notes of the shards that are done, and whose scores are still there."""
        for path in sorted(self.places.notes.glob("part-*.json")):
            note = json.loads(path.read_text(encoding="utf-8"))
            if all((self.places.root / part).is_file() for part in note["parts"]):
                yield note


def share_text(share: Sequence[int]) -> str:
    """A share as the command takes it: ``2/8``."""
    return "/".join(map(str, share))


def _differences(
    there: Mapping[str, Any], asked: Mapping[str, Any], above: str = ""
) -> Iterator[str]:
    for name in sorted({*there, *asked}):
        a, b = there.get(name), asked.get(name)
        if isinstance(a, dict) and isinstance(b, dict):
            yield from _differences(a, b, f"{above}{name}.")
        elif a != b:
            yield f"{above}{name} was {shorten(a)}, is {shorten(b)}"
