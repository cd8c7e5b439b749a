"""The end of a run: parts finished, what it did written down."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from .finish import finish
from .ledger import Ledger
from .parts import read_failures
from .staging import write_synced
from .summary import KEPT_FAILURES, Summary

_LIBRARIES = ("daft", "numpy", "openvino", "pyarrow", "tokenizers")


def close(ledger: Ledger, notes: Sequence[dict[str, Any]]) -> Summary:
    """Finish a run whose shards are done.

    Copies are looked for, and types of columns settled, in a whole archive only; shares of one
    wait for `connote merge`.

    Args:
        ledger: Its books.
        notes: Of its shards.

    Returns:
        What all of them gave.
    """
    notes = sorted(notes, key=lambda note: int(note["shard"]))
    plan = ledger.plan()
    if plan["share"] == [1, 1]:
        finish(ledger.places, notes, plan["settings"]["partition_by"])
    summary = Summary()
    for note in notes:
        summary.merge(Summary.of_counts(note["counts"]))
    summary.failures = read_failures(ledger.places.failures, KEPT_FAILURES)
    summary.model = plan["settings"]["model"]
    summary.devices = tuple(sorted({note["device"] for note in notes}))
    summary.seconds = busy_seconds(notes)
    libraries = {name: version(name) for name in _LIBRARIES}
    report = {
        "model": summary.model,
        "devices": list(summary.devices),
        "settings": plan["settings"],
        "share": plan["share"],
        "sources": plan["sources"],
        "shards": len(notes),
        "rows": sum(note["rows"] for note in notes),
        **summary.counts(),
        "seconds": round(summary.seconds, 3),
        "sentences_per_second": round(summary.sentences / max(summary.seconds, 1e-3), 1),
        "versions": {"python": platform.python_version(), **libraries},
    }
    text = json.dumps(report, indent=2, ensure_ascii=False)
    write_synced(ledger.places.report, text + "\n")
    return summary


def busy_seconds(notes: Sequence[dict[str, Any]]) -> float:
    """How long at least one shard was at work, pauses between commands left out."""
    seconds, reached = 0.0, 0.0
    for began, ended in sorted((note["began"], note["ended"]) for note in notes):
        seconds += max(0.0, ended - max(began, reached))
        reached = max(reached, ended)
    return seconds
