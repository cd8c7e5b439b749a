"""Files of scores, as DuckDB reads them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from ..data.checks import shorten
from ..data.errors import ConnoteError
from ..infer.places import scores_of
from ..infer.table import NAMES

_AS_WRITTEN = frozenset({"DATE", "TIME", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "UUID"})
"""Types that are guessed of text, and rewrite it."""


_MEMORY = "3GB"
"""Most that DuckDB holds; the rest goes to disk. A million articles take half as long again with
half of it."""


class ScoresError(ConnoteError):
    """Scores that no study can be made of."""


def connected(path: Path, folder: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB with the scores as ``source``; it may touch nothing but them and its own folder.

    Args:
        path: What the user named.
        folder: An empty folder for what does not fit into memory.

    Raises:
        ScoresError: If there are no scores, or none that can be read.
    """
    try:
        connection = duckdb.connect(
            config={"temp_directory": str(folder / "spilt"), "memory_limit": _MEMORY}
        )
        connection.execute("SET TimeZone = 'UTC'")
        files, reader = _found(connection, path, folder)
        connection.execute(f"CREATE VIEW source AS SELECT * FROM {reader}")
        connection.execute(f"SET allowed_paths = {_listed(files)}")
        connection.execute(f"SET allowed_directories = {_listed([str(folder)])}")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return connection
    except duckdb.Error as error:
        raise ScoresError(
            f"{path}: expected scores as Parquet, JSONL or CSV, found: {first_line(error)}"
        ) from error


def first_line(error: Exception) -> str:
    """What an error of DuckDB says, without the query."""
    return str(error).partition("\n")[0]


def _found(
    connection: duckdb.DuckDBPyConnection, path: Path, folder: Path
) -> tuple[list[str], str]:
    """The files, and SQL that reads them."""
    if path.is_file():
        return [str(path)], _reader(connection, str(path))
    if not path.is_dir():
        raise ScoresError(f"{path}: expected scores, found no such file or folder")
    files = _parts(path, folder)
    read = f"read_parquet({_listed(files)}, hive_partitioning = true, union_by_name = true)"
    return files, read


def _parts(path: Path, folder: Path) -> list[str]:
    """The files of a run, by a path of our own: folders above it name no columns.

    Raises:
        ScoresError: If there are none, or folders name columns of the scores themselves.
    """
    root = Path(scores_of(str(path))).resolve()
    inside = sorted(file.relative_to(root) for file in root.rglob("*.parquet"))
    if not inside:
        raise ScoresError(f"{path}: expected Parquet files of scores below it, found none")
    keys = {part.partition("=")[0] for file in inside for part in file.parts[:-1] if "=" in part}
    if keys & NAMES:
        raise ScoresError(
            f"{path}: expected folders by columns of the documents, found folders by "
            f"{shorten(', '.join(sorted(keys & NAMES)))}; rename them"
        )
    link = folder / "scores"
    link.symlink_to(root, target_is_directory=True)
    return [str(link / file) for file in inside]


def _reader(connection: duckdb.DuckDBPyConnection, file: str) -> str:
    ending = Path(file).suffix.lower()
    if ending == ".jsonl":
        return _jsonl_reader(connection, file)
    if ending == ".csv":
        spans = 'from_json(loaded_spans, \'[{"start":"BIGINT","end":"BIGINT"}]\')'
        read = f"read_csv({_listed([file])}, header = true, all_varchar = true)"
        return f"(SELECT * REPLACE ({spans} AS loaded_spans) FROM {read})"
    return f"read_parquet({_listed([file])}, hive_partitioning = false)"


def _jsonl_reader(connection: duckdb.DuckDBPyConnection, file: str) -> str:
    """JSON with the types that it shows; what looks like a time stays the text that it is."""
    guessed = f"read_json({_listed([file])}, format = 'newline_delimited', sample_size = -1)"
    types = connection.execute(f"DESCRIBE SELECT * FROM {guessed}").fetchall()
    columns = ", ".join(
        f"{_text(str(name))}: {_text('VARCHAR' if kind in _AS_WRITTEN else str(kind))}"
        for name, kind, *_ in types
    )
    return f"{guessed[:-1]}, columns = {{{columns}}})"


def _listed(texts: Sequence[str]) -> str:
    """A list of texts as SQL writes it."""
    return "[" + ", ".join(map(_text, texts)) + "]"


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
