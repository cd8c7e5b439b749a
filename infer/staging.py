"""Files that come into being together: written aside, synced, renamed, and told of last."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PARTIAL = ".partial"
"""Ending of files that are being written."""


class Staging:
    """A folder for what a shard writes, and its commit.

    A shard is done when its note is there. Whatever happens before leaves files that the next
    attempt replaces; it writes the same names.

    Use it as a context manager: what was not committed is gone behind the block.

    Args:
        parent: Where the folder is made; on the file system of the output.
    """

    def __init__(self, parent: Path) -> None:
        parent.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="shard-", dir=parent))

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, *raised: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def commit(self, targets: Mapping[Path, Path], note: Path, content: Mapping[str, Any]) -> None:
        """Put files in their places, then write the note that says so.

        Args:
            targets: For each file in the staging folder its place.
            note: The note.
            content: What it says.

        Raises:
            OSError: If the disk is full or does not let it.
        """
        for staged in targets:
            sync(staged)
        for staged, target in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            staged.replace(target)
        for folder in {target.parent for target in targets.values()}:
            sync(folder)
        write_synced(note, json.dumps(content, ensure_ascii=False))


def new_file_beside(path: Path) -> Path:
    """An empty file of our own in the folder of another: two runs never share one."""
    handle, name = tempfile.mkstemp(prefix=".connote-", suffix=PARTIAL, dir=path.parent)
    os.close(handle)
    return Path(name)


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A file to write that takes a name when the block ends well, and is gone when it does not.

    The name stands for the old content or the new one, even after a power cut.

    Args:
        path: The name, in an existing folder.
    """
    partial = new_file_beside(path)
    try:
        yield partial
        _allow_by_umask(partial)
        sync(partial)
        partial.replace(path)
        sync(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def write_synced(path: Path, text: str) -> None:
    """Write a file so that it is there as a whole or not at all, even after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replaced(path) as partial:
        partial.write_text(text, encoding="utf-8")


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _allow_by_umask(path: Path) -> None:
    """Give a temporary file, made private, the rights that a file one writes oneself has."""
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(0o666 & ~mask)
