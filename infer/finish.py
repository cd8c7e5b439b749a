"""What only a whole archive tells: which documents are copies, which types its columns have.

Both are entered into the parts when all shards are there, in the order of the archive. It can be
done again at any time with the same result, so a run killed here just does it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .copies import CopyFinder, paragraph_name
from .ledger import RunError
from .parts import Founders, part_name, read_signatures
from .places import Places
from .spool import cast_batch, common_schema, fitted, without_nulls, write_parquet
from .staging import PARTIAL, replaced, write_synced
from .table import SCHEMA

_ROWS = 5_000
Clusters = Mapping[str, str]


def finish(
    places: Places, notes: Sequence[Mapping[str, Any]], partition_by: str | None = None
) -> None:
    """Enter into the parts of a run what only all of them tell.

    Args:
        places: Where they are.
        notes: Of all shards, in their order.
        partition_by: The column that is in the folders' names.

    Raises:
        RunError: If a part cannot be read.
        OSError: If the disk is full.
    """
    seen = {"shards": len(notes), "ended": max((n["ended"] for n in notes), default=0)}
    if places.finished.is_file() and json.loads(places.finished.read_text("utf-8")) == seen:
        return
    _sweep(places, notes)
    schema = _settled_schema(places, notes, partition_by)
    copies = CopyFinder()
    for note in notes:
        clusters = _clusters(places.signatures(note["shard"]), copies)
        for part in note["parts"]:
            _rewrite(places.root / part, schema, clusters)
    if not any(note["parts"] for note in notes):
        places.scores.mkdir(parents=True, exist_ok=True)
        pq.write_table(schema.empty_table(), places.scores / f"{part_name(0)}-0.parquet")
    write_synced(places.finished, json.dumps(seen))


def _sweep(places: Places, notes: Sequence[Mapping[str, Any]]) -> None:
    """Remove what an attempt left that was broken off, and no note names."""
    named = {places.root / part for note in notes for part in note["parts"]}
    named |= {places.failed(note["shard"]) for note in notes if note["counts"]["failed"]}
    for folder in (places.scores, places.failures, places.notes):
        for path in folder.rglob("*") if folder.is_dir() else ():
            ours = path.name.startswith("part-") and folder != places.notes
            if (ours and path.is_file() and path not in named) or path.suffix == PARTIAL:
                path.unlink()


def _settled_schema(
    places: Places, notes: Sequence[Mapping[str, Any]], partition_by: str | None
) -> pa.Schema:
    """One schema that the values of all parts fit into; once settled it stays."""
    told = sorted({note["schema"] for note in notes})
    if places.schema.is_file():
        known = json.loads(places.schema.read_text("utf-8"))
        if known["of"] == told:
            return _unpacked(known["schema"])
    schema = without_nulls(common_schema([SCHEMA, *map(_unpacked, _in_order(notes))]))
    if partition_by is not None and partition_by in schema.names:
        schema = schema.remove(schema.get_field_index(partition_by))
    for note in notes:
        for part in note["parts"]:
            schema = _fitting(places.root / part, schema)
    packed = schema.serialize().to_pybytes().hex()
    write_synced(places.schema, json.dumps({"of": told, "schema": packed}))
    return schema


def _in_order(notes: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(note["schema"] for note in notes))


def _unpacked(schema: str) -> pa.Schema:
    return pa.ipc.read_schema(pa.py_buffer(bytes.fromhex(schema)))


def _fitting(path: Path, schema: pa.Schema) -> pa.Schema:
    """The schema, with columns of text where a part's values fit into no other type."""
    with _opened(path) as file:

        def tried(schema: pa.Schema) -> pa.Schema:
            if not _has(file, schema):
                for batch in file.iter_batches(batch_size=_ROWS):
                    cast_batch(batch, schema)
            return schema

        return fitted(schema, tried)


def _has(file: pq.ParquetFile, schema: pa.Schema) -> bool:
    return bool(file.schema_arrow.remove_metadata().equals(schema))


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(path) as file:
            yield file
    except pa.ArrowInvalid as error:
        raise RunError(
            f"{path}: expected scores as they were written, found a damaged file: {error}; remove "
            "it, and the same command makes it again"
        ) from error


def _clusters(path: Path, copies: CopyFinder) -> tuple[Clusters, Clusters]:
    """Documents and paragraphs of a shard that repeat earlier ones, with what they repeat."""
    if not path.is_file():
        raise RunError(
            f"{path}: expected the signatures of a shard's documents, found none; begin anew with "
            "--restart"
        )
    documents: dict[str, str] = {}
    paragraphs: dict[str, str] = {}
    founders = Founders()
    for id, signatures in read_signatures(path):
        founder, placed = founders.name(id), copies.place(id, signatures)
        if placed.document != founder:
            documents[founder] = placed.document
        for number, cluster in enumerate(placed.paragraphs):
            name = paragraph_name(founder, number)
            if cluster is not None and cluster != name:
                paragraphs[name] = cluster
    return documents, paragraphs


def _rewrite(path: Path, schema: pa.Schema, clusters: tuple[Clusters, Clusters]) -> None:
    """Bring a part under the schema and its clusters up to date."""
    with _opened(path) as file:
        if any(clusters) or not _has(file, schema):
            with replaced(path) as partial:
                write_parquet(partial, schema, _updated_batches(file, schema, clusters))


def _updated_batches(
    file: pq.ParquetFile, schema: pa.Schema, clusters: tuple[Clusters, Clusters]
) -> Iterator[pa.RecordBatch]:
    for batch in file.iter_batches(batch_size=_ROWS):
        updated = _updated(batch, "copy_cluster", clusters[0])
        updated = _updated(updated, "paragraph_cluster", clusters[1])
        yield cast_batch(updated, schema)


def _updated(batch: pa.RecordBatch, name: str, clusters: Clusters) -> pa.RecordBatch:
    """A batch with clusters replaced by those they belong to."""
    if not clusters:
        return batch
    position = batch.schema.get_field_index(name)
    column = batch.column(position)
    found = pc.index_in(column, pa.array(list(clusters), pa.string()))
    final = pc.take(pa.array(list(clusters.values()), pa.string()), found)
    return batch.set_column(position, batch.schema.field(position), pc.coalesce(final, column))
