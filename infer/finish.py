"""What only a whole archive tells: which documents are copies, which types its columns have.

Both are entered into the parts when all shards are there, in the order of the archive. It can be
done again at any time with the same result, so a run killed here just does it again.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .copies import CopyFinder, paragraph_name
from .parts import read_signatures
from .places import Places
from .spool import UncastableError, cast_batch, common_schema, with_text
from .staging import allow_by_umask, sync
from .table import SCHEMA

Clusters = Mapping[str, str]


def finish(
    places: Places,
    notes: Sequence[Mapping[str, Any]],
    partition_by: str | None = None,
    on_shard: Callable[[int], None] | None = None,
) -> None:
    """Enter into the parts of a run what only all of them tell.

    Args:
        places: Where they are.
        notes: Of all shards, in their order.
        partition_by: The column that is in the folders' names.
        on_shard: Called with the number of shards that are done.

    Raises:
        OSError: If the disk is full.
    """
    schemas = [pa.ipc.read_schema(pa.py_buffer(bytes.fromhex(n["schema"]))) for n in notes]
    schema = common_schema([SCHEMA, *_distinct(schemas)])
    if partition_by is not None and partition_by in schema.names:
        schema = schema.remove(schema.get_field_index(partition_by))
    copies = CopyFinder()
    for number, note in enumerate(notes, 1):
        clusters = _clusters(places.signatures(note["shard"]), copies)
        for part in note["parts"]:
            schema = _rewrite(places.root / part, schema, clusters)
        if on_shard is not None:
            on_shard(number)
    _settle(places, notes, schema)
    shutil.rmtree(places.books / "signatures", ignore_errors=True)


def _distinct(schemas: Sequence[pa.Schema]) -> list[pa.Schema]:
    found: list[pa.Schema] = []
    for schema in schemas:
        if schema not in found:
            found.append(schema)
    return found


def _clusters(path: Path, copies: CopyFinder) -> tuple[Clusters, Clusters]:
    """Documents and paragraphs of a shard that repeat earlier ones, with what they repeat."""
    documents: dict[str, str] = {}
    paragraphs: dict[str, str] = {}
    if not path.is_file():  # a run that was killed behind this step
        return documents, paragraphs
    for id, signatures in read_signatures(path):
        placed = copies.place(id, signatures)
        if placed.document != id:
            documents[id] = placed.document
        for number, cluster in enumerate(placed.paragraphs):
            name = paragraph_name(id, number)
            if cluster is not None and cluster != name:
                paragraphs[name] = cluster
    return documents, paragraphs


def _rewrite(path: Path, schema: pa.Schema, clusters: tuple[Clusters, Clusters]) -> pa.Schema:
    """Bring a part under the schema and its clusters up to date.

    Returns:
        The schema, with a column of text where this part's values fit into no other type.
    """
    with pq.ParquetFile(path) as file:
        same = file.schema_arrow.remove_metadata().equals(schema)
        if same and not any(clusters):
            return schema
        while True:
            try:
                _replace(path, file, schema, clusters)
                return schema
            except UncastableError as error:
                schema = with_text(schema, error.name)


def _replace(
    path: Path, file: pq.ParquetFile, schema: pa.Schema, clusters: tuple[Clusters, Clusters]
) -> None:
    with tempfile.NamedTemporaryFile(
        prefix=".", suffix=".partial", dir=path.parent, delete=False
    ) as handle:
        partial = Path(handle.name)
    try:
        with pq.ParquetWriter(partial, schema, compression="zstd") as writer:
            for batch in file.iter_batches():
                updated = _updated(batch, "copy_cluster", clusters[0])
                updated = _updated(updated, "paragraph_cluster", clusters[1])
                writer.write_batch(cast_batch(updated, schema))
        allow_by_umask(partial)
        sync(partial)
        partial.replace(path)
        sync(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def _updated(batch: pa.RecordBatch, name: str, clusters: Clusters) -> pa.RecordBatch:
    """A batch with clusters replaced by those they belong to."""
    if not clusters:
        return batch
    position = batch.schema.get_field_index(name)
    column = batch.column(position)
    found = pc.index_in(column, pa.array(list(clusters), pa.string()))
    final = pc.take(pa.array(list(clusters.values()), pa.string()), found)
    return batch.set_column(position, batch.schema.field(position), pc.coalesce(final, column))


def _settle(places: Places, notes: Sequence[Mapping[str, Any]], schema: pa.Schema) -> None:
    """Bring those parts under the schema that were written before a later one changed it."""
    for note in notes:
        for part in note["parts"]:
            _rewrite(places.root / part, schema, ({}, {}))
    if not any(note["parts"] for note in notes):
        places.scores.mkdir(parents=True, exist_ok=True)
        pq.write_table(schema.empty_table(), places.scores / "part-000000-0.parquet")
