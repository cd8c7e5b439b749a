"""Shares of an archive, scored by the jobs of an array, put together into one run."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from ..data.checks import shorten
from .closing import close
from .ledger import Ledger, RunError, share_text
from .parts import SCORES, part_name
from .places import Places
from .staging import sync
from .summary import Summary


def merge_runs(folders: Sequence[str | os.PathLike[str]], out: str | os.PathLike[str]) -> Summary:
    """Put the shares of an archive together.

    The files are linked where the file system can, else copied; the shares stay as they are.

    Args:
        folders: The output folders of all shares.
        out: A new folder.

    Returns:
        What all of them did.

    Raises:
        RunError: If a share is missing, given twice or not complete, or if they do not belong
            to one archive, model and set of options.
    """
    ledgers = [Ledger(Path(folder)) for folder in folders]
    for ledger in ledgers:
        if not ledger.places.books.is_dir():
            raise RunError(
                f"{ledger.places.root}: expected the output of `connote score --shard K/N`, found "
                "no run there"
            )
    plans = [ledger.plan() for ledger in ledgers]
    _check_plans(ledgers, plans)
    for ledger in ledgers:
        if not _is_complete(ledger):
            raise RunError(
                f"{ledger.places.root}: expected a complete share, found shards that are not "
                "done; start its command again"
            )
    with Ledger(Path(out)) as merged:
        merged.take_over({**plans[0], "share": [1, 1]}, ledgers[0])
        notes = [note for ledger in ledgers for note in _take(ledger.places, ledger, merged.places)]
        return close(merged, notes)


def _is_complete(ledger: Ledger) -> bool:
    """Whether a share was finished and all that it wrote is still there."""
    report = ledger.places.report
    if not report.is_file():
        return False
    told = int(json.loads(report.read_text(encoding="utf-8"))["shards"])
    return told == len(list(ledger.notes()))


def _check_plans(ledgers: Sequence[Ledger], plans: Sequence[Mapping[str, Any]]) -> None:
    first = {key: value for key, value in plans[0].items() if key != "share"}
    seen: dict[int, Path] = {}
    of = plans[0]["share"][1]
    for ledger, plan in zip(ledgers, plans, strict=True):
        root = ledger.places.root
        changed = [key for key, value in first.items() if plan[key] != value]
        if changed or plan["share"][1] != of:
            what = ", ".join(changed) or f"share {share_text(plan['share'])}"
            raise RunError(
                f"{root}: expected a share of the same archive, model and options as "
                f"{ledgers[0].places.root}, found another {what}"
            )
        k = plan["share"][0]
        if k in seen:
            raise RunError(f"{root}: share {k}/{of} is in {seen[k]} too; name each share once")
        seen[k] = root
    missing = [f"{k}/{of}" for k in range(1, of + 1) if k not in seen]
    if missing:
        raise RunError(
            f"expected the {of} shares of the archive, found {len(seen)}: missing "
            f"{', '.join(missing)}"
        )


def _take(places: Places, ledger: Ledger, merged: Places) -> list[dict[str, Any]]:
    """Link or copy what a share wrote."""
    notes = list(ledger.notes())
    for note in notes:
        number = note["shard"]
        files = [_own_part(places, note, part) for part in note["parts"]]
        files += [places.signatures(number), places.failed(number), places.note(number)]
        for file in files:
            if file.is_file():
                _link(file, merged.root / file.relative_to(places.root))
    return notes


def _own_part(places: Places, note: Mapping[str, Any], part: str) -> Path:
    """A part that a note names, if it can be one of its shard."""
    path = PurePosixPath(part)
    if (
        path.parts[:1] != (SCORES,)
        or ".." in path.parts
        or part_name(note["shard"]) not in path.name
    ):
        raise RunError(
            f"{places.root}: expected parts of shard {note['shard']} in {SCORES}, found "
            f"{shorten(part)}; score the share again"
        )
    return places.root / part


def _link(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(file)
    except OSError:  # another file system, or one without links
        shutil.copyfile(file, target)
        sync(target)
