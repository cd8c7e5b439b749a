"""The scores of an archive, opened for questions: a table larger than memory, in DuckDB."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pandas as pd

from ..data.checks import shorten
from ..infer.places import Places
from ..infer.table import NAMES, PREFIX_OF_CLASHES, SCHEMA
from .score_files import ScoresError, connected, first_line

PERIODS = {"week": "%G-W%V", "month": "%Y-%m", "year": "%Y"}
"""Columns that follow from ``date``, as DuckDB and Python write them."""
COPY = "copy"
"""A column of the views: whether a text stood in an earlier document."""
NONE = "(none)"
"""The group of what has no value in a column."""
_JUDGED = "p_loaded IS NOT NULL"
_MOST_MODELS = 5
_CAST = {"string": "VARCHAR", "int32": "INTEGER", "int64": "BIGINT", "float": "FLOAT"}


def quoted(name: str) -> str:
    """A column's name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def as_group(name: str, table: str = "") -> str:
    """SQL: a column's value as the text that names a group; `NONE` where it is missing or empty.

    Args:
        name: Of the column.
        table: Of the column, in a query of several tables.
    """
    column = f"{table}.{quoted(name)}" if table else quoted(name)
    return f"coalesce(nullif(CAST({column} AS VARCHAR), ''), '{NONE}')"


def open_scores(path: str | Path) -> Scores:
    """Open what `connote score` wrote.

    Args:
        path: The folder of a run, a folder of Parquet files, or one .parquet, .jsonl or .csv file.

    Raises:
        ScoresError: If there are no scores, columns are missing, two models judged, or documents
            share an id.
    """
    return Scores(Path(path))


class Scores:
    """A table of scores with three views.

    ``rows`` are all rows; ``sentences`` the sentences that were judged,
    one row each; ``mentions`` the mentions that were judged. The last two have ``copy``: whether
    the text stood in an earlier document; and ``week``, ``month`` and ``year`` where documents
    have a ``date``.

    Attributes:
        path: What was opened.
        model: Name and hash of the model that judged.
        run: What ``run.json`` says of the run, where there is one.
        own_columns: Of the documents.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.run = _run(path)
        self._folder = tempfile.TemporaryDirectory(prefix="connote-")
        self._connection = connected(path, Path(self._folder.name))
        found = {str(row[0]): str(row[1]) for row in self._all("DESCRIBE source")}
        self._own = {_free(name, found): name for name in found if name not in NAMES}
        self.own_columns = tuple(self._own)
        self._check_columns(found)
        self._make_views(found)
        self.model = self._one_model()
        self._check_ids()

    def __enter__(self) -> Scores:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of files and memory."""
        self._connection.close()
        self._folder.cleanup()

    def sql(self, query: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        """Ask the views.

        Args:
            query: SQL with ``?`` for values.
            parameters: The values.

        Raises:
            ScoresError: If DuckDB cannot answer.
        """
        try:
            return self._connection.execute(query, list(parameters)).df()
        except duckdb.Error as error:
            raise ScoresError(f"{self.path}: {first_line(error)}") from error

    def register(self, name: str, frame: pd.DataFrame) -> None:
        """Make a frame a table that queries can name."""
        self._connection.register(name, frame)

    def make_view(self, name: str, query: str) -> None:
        """Make a view that other queries can name.

        Raises:
            ScoresError: If DuckDB cannot.
        """
        try:
            self._connection.execute(f"CREATE VIEW {quoted(name)} AS {query}")
        except duckdb.Error as error:
            raise ScoresError(f"{self.path}: {first_line(error)}") from error

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of ``mentions``, those that a study can group by among them."""
        return tuple(str(row[0]) for row in self._all("DESCRIBE mentions"))

    @property
    def sentence_columns(self) -> tuple[str, ...]:
        """Columns of ``sentences``."""
        return tuple(str(row[0]) for row in self._all("DESCRIBE sentences"))

    def require(self, names: Sequence[str]) -> None:
        """Refuse names that are no columns.

        Raises:
            ScoresError: Naming what is missing and what is there.
        """
        known = self.columns
        for name in names:
            if name not in known:
                hint = ", which needs a column 'date'" if name in PERIODS else ""
                there = ", ".join((*self.own_columns, "voice", "speaker_name", "referent"))
                raise ScoresError(
                    f"{self.path}: expected a column {shorten(name)}{hint}; there are {there}"
                )

    def _all(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()

    def _check_columns(self, found: Mapping[str, str]) -> None:
        missing = [name for name in SCHEMA.names if name not in found]
        if missing:
            raise ScoresError(
                f"{self.path}: expected the columns of scores, found none named "
                f"{', '.join(missing[:5])}; give what connote score wrote"
            )
        if self.run is not None and _setting(self.run, "contested_only"):
            raise ScoresError(
                f"{self.path}: expected all mentions, found those that take a side alone, of "
                "which no share can be made; score again without --contested-only"
            )

    def _make_views(self, found: Mapping[str, str]) -> None:
        cast = [
            f"CAST({quoted(field.name)} AS {_CAST[str(field.type)]}) AS {quoted(field.name)}"
            if str(field.type) in _CAST
            else quoted(field.name)
            for field in SCHEMA
        ]
        own = [f"{quoted(name)} AS {quoted(free)}" for free, name in self._own.items()]
        own += [
            f"strftime(TRY_CAST(date AS DATE), '{form}') AS {name}"
            for name, form in PERIODS.items()
            if "date" in found and name not in found
        ]
        copy = (
            "coalesce(copy_cluster <> doc_id, false) OR "
            "coalesce(regexp_replace(paragraph_cluster, '#[0-9]+$', '') <> doc_id, false) AS copy"
        )
        chosen = ", ".join((*cast, *own, copy))
        self._connection.execute(f"CREATE VIEW rows AS SELECT {chosen} FROM source")
        self._connection.execute(
            f"CREATE VIEW mentions AS SELECT * FROM rows WHERE mention IS NOT NULL AND {_JUDGED}"
        )
        once = [name for name, *_ in self._all("DESCRIBE rows") if name not in _OF_SENTENCES]
        kept = ", ".join(f"any_value({quoted(n)}) AS {quoted(n)}" for n in once if n not in _OFF)
        self._connection.execute(
            f"CREATE VIEW sentences AS SELECT doc_id, sentence, {kept} FROM rows "
            f"WHERE {_JUDGED} GROUP BY doc_id, sentence"
        )

    def _one_model(self) -> str:
        query = f"SELECT DISTINCT model FROM rows WHERE {_JUDGED} LIMIT {_MOST_MODELS}"
        models = sorted(str(row[0]) for row in self._checked(query))
        if len(models) != 1:
            raise ScoresError(
                f"{self.path}: expected the scores of one model, found "
                f"{', '.join(models) if models else 'no judged sentence'}; "
                + ("score all documents with one" if models else "score some documents first")
            )
        return models[0]

    def _checked(self, query: str) -> list[tuple[Any, ...]]:
        try:
            return self._all(query)
        except duckdb.Error as error:
            raise ScoresError(f"{self.path}: {first_line(error)}") from error

    def _check_ids(self) -> None:
        """Sentences are known by document and number, so two documents of one id are mixed up."""
        sentence, mention = "doc_id, sentence", "doc_id, sentence, mention_start, mention_end"
        unlike = " OR ".join(
            f"min({value}) <> max({value})" for value in ("sentence_start", "hash(sentence_text)")
        )
        repeated = self._checked(
            f"SELECT doc_id FROM rows GROUP BY {sentence} HAVING {unlike} LIMIT 1"
        ) or self._checked(
            f"SELECT doc_id FROM rows GROUP BY {mention} HAVING count(*) > 1 LIMIT 1"
        )
        if repeated:
            raise ScoresError(
                f"{self.path}: expected every document once, found the same rows twice, or several "
                f"documents, with the id {shorten(repeated[0][0])}; give one run, or score again "
                "with a column of ids that do not repeat (--id-column)"
            )


_OF_SENTENCES = frozenset({"doc_id", "sentence"})
_FIRST_OF_SENTENCE = SCHEMA.names.index("loaded")
_OFF = frozenset(SCHEMA.names[SCHEMA.names.index("mention") : _FIRST_OF_SENTENCE])
"""Columns of mentions, which sentences do not have."""


def _free(name: str, found: Collection[str]) -> str:
    """The name of a document's column, with a prefix where the views need it themselves."""
    free = name
    while free == COPY or (free != name and free in found):
        free = PREFIX_OF_CLASHES + free
    return free


def _run(path: Path) -> Mapping[str, Any] | None:
    report = Places(path).report
    if not report.is_file():
        return None
    try:
        found = json.loads(report.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ScoresError(f"{report}: expected JSON, found: {error}; score again") from error
    if not isinstance(found, dict):
        raise ScoresError(f"{report}: expected a JSON object, found {shorten(found)}; score again")
    return found


def _setting(run: Mapping[str, Any], name: str) -> object:
    settings = run.get("settings")
    return settings.get(name) if isinstance(settings, dict) else None
