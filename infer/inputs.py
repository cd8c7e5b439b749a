"""Finding what to read: files, folders, patterns and URLs become a sorted list of sources."""

from __future__ import annotations

import fnmatch
import glob
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NoReturn
from urllib.parse import urlsplit

from ..data.errors import ConnoteError

FORMATS = ("txt", "jsonl", "csv", "tsv", "parquet", "html", "warc")
STANDARD_INPUT = "-"
_OTHER_ENDINGS = {"text": "txt", "ndjson": "jsonl", "htm": "html"}
_COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
_HIDDEN = (".", "_")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


class InputError(ConnoteError):
    """A call names an input that cannot be read as asked; nothing was scored."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of documents.

    Attributes:
        path: A local path, a URL, or ``-`` for standard input.
        form: One of `FORMATS`.
        compression: ``gzip``, ``zstd`` or ``None``.
        size: In bytes as stored; 0 for standard input.
        modified: Time of its last change in nanoseconds; ``None`` for URLs and standard input.
    """

    path: str
    form: str
    compression: str | None = None
    size: int = 0
    modified: int | None = None


def is_url(path: str) -> bool:
    """Whether a path is a URL."""
    return _URL.match(path) is not None


def find_sources(inputs: Sequence[str], form: str | None = None) -> list[Source]:
    """The files that inputs name, sorted by path, each once.

    Args:
        inputs: Files, folders (read with all below them), patterns (``**`` too), URLs and patterns
            of URLs, ``-`` for standard input. From folders and patterns only what has a known
            ending is taken, and nothing hidden: no name that begins with ``.`` or ``_``, unless
            the pattern begins so too. Links to folders are not followed below a folder or ``**``.
        form: Read all of them as this one of `FORMATS`, whatever their ending.

    Raises:
        InputError: If an input does not exist, names nothing to read, or has an unknown ending.
    """
    if form is not None and form not in FORMATS:
        raise InputError(f"--format: expected one of {', '.join(FORMATS)}, found {form!r}")
    found: dict[str, Source] = {}
    for name in inputs:
        for source in _sources_of(name, form):
            key = source.path if _is_no_path(source.path) else os.path.realpath(source.path)
            if key not in found or source.path < found[key].path:
                found[key] = source
    return sorted(found.values(), key=lambda source: source.path)


def source_of(path: str, form: str | None = None) -> Source:
    """One local file, or standard input.

    Raises:
        InputError: If it is missing, no regular file, or of an unknown ending.
    """
    if path == STANDARD_INPUT:
        if form == "parquet":
            raise InputError("-: Parquet is read from its end; save it to a file first")
        return Source(path, form or "txt")
    try:
        status = Path(path).stat()
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: no such file or folder") from error
    if not stat.S_ISREG(status.st_mode):
        raise InputError(
            f"{path}: expected a regular file, found a pipe, folder or device; pipe it to - "
            "(with --format), or save it to a file first"
        )
    kind, compression = form_of(path, form)
    return Source(path, kind, compression, status.st_size, status.st_mtime_ns)


def form_of(path: str, form: str | None = None) -> tuple[str, str | None]:
    """Format and compression that the ending of a path or URL names.

    Args:
        path: Of a file.
        form: The format where it is known; the ending then tells the compression alone.

    Raises:
        InputError: If it names none.
    """
    name = urlsplit(path).path if path.startswith(("http://", "https://")) else path
    inner = PurePosixPath(Path(name).name.lower())
    compression = _COMPRESSIONS.get(inner.suffix)
    if compression is not None:
        inner = inner.with_suffix("")
    ending = inner.suffix.lstrip(".")
    kind = form or _OTHER_ENDINGS.get(ending, ending)
    if kind not in FORMATS:
        raise InputError(
            f"{path}: expected one of .{', .'.join(FORMATS)}, all but Parquet also with .gz or "
            f".zst, found {inner.suffix!r}; name the format with --format"
        )
    if kind == "parquet" and compression is not None:
        raise InputError(f"{path}: a compressed Parquet file cannot be read; decompress it first")
    return kind, compression


def _is_no_path(name: str) -> bool:
    return name == STANDARD_INPUT or is_url(name)


def _sources_of(name: str, form: str | None) -> list[Source]:
    if name == STANDARD_INPUT:
        return [source_of(name, form)]
    if is_url(name):
        return _at_url(name, form)
    if _is(Path.is_dir, name):
        return _readable(_files_below(name), form, f"{name}: no file to read in this folder")
    if os.path.lexists(name):
        return [source_of(name, form)]
    if not glob.has_magic(name):
        raise InputError(f"{name}: no such file or folder")
    matches = [
        file
        for match in _matches(name)
        for file in (_files_below(match) if _is(Path.is_dir, match) else [match])
    ]
    return _readable(matches, form, f"{name}: no file to read matches this pattern")


def _matches(pattern: str) -> Iterator[str]:
    """What a pattern matches, without what is hidden where it does not say so itself."""
    parts = Path(pattern).parts
    named = next(i for i, part in enumerate(parts) if glob.has_magic(part))
    return _below(Path(*parts[:named]), parts[named:])


def _below(folder: Path, parts: Sequence[str], is_deep: bool = False) -> Iterator[str]:
    """What a pattern matches below a folder; ``**`` follows no links to folders.

    Python's own `glob` does, and two links to where they stand keep it for ever.
    """
    if not parts:
        yield str(folder)
        return
    first, rest = parts[0], parts[1:]
    if not glob.has_magic(first):
        if os.path.lexists(folder / first):
            yield from _below(folder / first, rest, is_deep)
    elif not _is(Path.is_dir, folder):
        return
    elif first == "**":
        for parent, _ in _walk(folder) if rest else [(folder, [])]:
            yield from _below(parent, rest, is_deep=True)
    else:
        for path in _children(folder):
            is_meant = fnmatch.fnmatch(path.name, first) and _is_shown(path.name, first)
            if is_meant and not (is_deep and path.is_symlink() and _is(Path.is_dir, path)):
                yield from _below(path, rest, is_deep)


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        _refuse(error)


def _files_below(folder: str) -> Iterator[str]:
    for parent, files in _walk(folder):
        yield from (str(parent / file) for file in files)


def _walk(folder: str | Path) -> Iterator[tuple[Path, list[str]]]:
    """A folder and all below it with their files, without what is hidden."""
    for parent, folders, files in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if _is_shown(name))
        yield Path(parent), [name for name in files if _is_shown(name)]


def _refuse(error: OSError) -> NoReturn:
    raise InputError(
        f"{error.filename}: cannot be read: {error.strerror}; make it readable, or name what is "
        "to be read without it"
    ) from error


def _is(kind: Callable[[Path], bool], path: str | Path) -> bool:
    try:
        return kind(Path(path))
    except OSError as error:
        _refuse(error)


def _is_shown(name: str, pattern: str = "") -> bool:
    """Whether a name is not hidden, or the pattern that it matches says so itself."""
    return not name.startswith(_HIDDEN) or pattern.startswith(_HIDDEN)


def _readable(paths: Iterable[str], form: str | None, otherwise: str) -> list[Source]:
    """Those of some files that can be read, which must not be none."""
    found, others = [], 0
    for path in paths:
        if _is_known(path, form) and _is(Path.is_file, path):
            found.append(source_of(path, form))
        else:
            others += 1
    if not found:
        raise InputError(_empty(otherwise, others))
    return found


def _empty(otherwise: str, others: int) -> str:
    seen = f"; found {others} of other endings" if others else ""
    return f"{otherwise}; expected .{', .'.join(FORMATS)}, also with .gz or .zst{seen}"


def _is_known(path: str, form: str | None) -> bool:
    try:
        form_of(path, form)
    except InputError:
        return False
    return True


def _last(url: str) -> str:
    return url.rsplit("/", 1)[-1]


def _at_url(url: str, form: str | None) -> list[Source]:
    from .remote import files_at

    many = not url.startswith(("http://", "https://")) and (
        url.endswith("/") or glob.has_magic(url)
    )
    if not many:
        form_of(url, form)
    try:
        found = files_at(url)
    except OSError as error:
        raise InputError(f"{url}: cannot be read: {error}") from error
    sources = [
        Source(path, *form_of(path, form), size)
        for path, size in found
        if not many or (_is_shown(_last(path), _last(url)) and _is_known(path, form))
    ]
    if not sources:
        raise InputError(_empty(f"{url}: no file to read there", len(found)))
    return sources
