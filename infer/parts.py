"""The files of a shard: scores as Parquet, failures as JSON lines, signatures for the copies."""

from __future__ import annotations

import errno
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import pyarrow as pa

from ..data.errors import ConnoteError
from .copies import SIGNATURE_BYTES, Copies, Signatures, paragraph_name, sign
from .reading import Failure
from .spool import COMPRESSION, Spool, fitted, without_nulls, write_parquet

SCORES, FAILURES = "scores", "failures"
MOST_PARTITIONS = 1_000
_SIGNATURES = pa.schema(
    [
        ("id", pa.string()),
        ("document", pa.binary(SIGNATURE_BYTES)),
        ("paragraphs", pa.list_(pa.binary(SIGNATURE_BYTES))),
    ]
)
_SIGNED_AT_ONCE = 500


class PartitionError(ConnoteError):
    """Scores cannot be divided by the column asked for."""


def part_name(shard: int) -> str:
    """The name, without ending, of what a shard writes."""
    return f"part-{shard:06d}"


def write_scores(spool: Spool, folder: Path, name: str, partition_by: str | None) -> list[Path]:
    """Write spooled rows as Parquet, one file for each value of the column they are divided by.

    Args:
        spool: The rows.
        folder: An existing folder.
        name: Of the files, without ending.
        partition_by: The column; it goes into the folders' names (``outlet=times``).

    Returns:
        The files; none if there are no rows.

    Raises:
        PartitionError: If its values cannot name folders, or are too many.
    """
    schema = without_nulls(spool.schema())
    if partition_by is not None and partition_by not in schema.names:
        schema = schema.append(pa.field(partition_by, pa.string()))
    return fitted(schema, lambda s: _write_parts(spool, s, folder, name, partition_by))


def _write_parts(
    spool: Spool, schema: pa.Schema, folder: Path, name: str, partition_by: str | None
) -> list[Path]:
    batches = spool.batches(schema)
    folder.mkdir(exist_ok=True)
    if partition_by is not None:
        return _write_partitions(batches, schema, folder, name, partition_by)
    if spool.rows == 0:
        return []
    path = folder / f"{name}-0.parquet"
    write_parquet(path, schema, batches)
    return [path]


def _write_partitions(
    batches: Iterator[pa.RecordBatch],
    schema: pa.Schema,
    folder: Path,
    name: str,
    partition_by: str,
) -> list[Path]:
    if pa.types.is_nested(schema.field(partition_by).type):
        raise PartitionError(
            f"--partition-by {partition_by}: expected a column of plain values, found "
            f"{schema.field(partition_by).type}"
        )
    import pyarrow.dataset as ds  # imports pandas where it is installed: a quarter of a second

    parquet = ds.ParquetFileFormat()
    written: list[Path] = []
    try:
        ds.write_dataset(
            batches,
            folder,
            schema=schema,
            format=parquet,
            file_options=parquet.make_write_options(compression=COMPRESSION),
            basename_template=f"{name}-{{i}}.parquet",
            partitioning=ds.partitioning(pa.schema([schema.field(partition_by)]), flavor="hive"),
            max_partitions=MOST_PARTITIONS,
            existing_data_behavior="overwrite_or_ignore",
            use_threads=False,
            file_visitor=lambda file: written.append(Path(file.path)),
        )
    except pa.ArrowInvalid as error:
        raise PartitionError(
            f"--partition-by {partition_by}: expected at most {MOST_PARTITIONS:,} values in a "
            f"shard, each of which can name a folder, found: {error}"
        ) from error
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        raise PartitionError(
            f"--partition-by {partition_by}: expected values that can name a folder, found one "
            "that is too long; take another column"
        ) from error
    return sorted(written)


class FailureFile:
    """Writes failures as they come, one JSON object a line.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        # JSON reads the escape of what UTF-8 cannot hold.
        self._out = path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")

    def add(self, failure: Failure) -> None:
        """Take a failure."""
        self._out.write(json.dumps(asdict(failure), ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Write what is left."""
        self._out.close()


def read_failures(folder: Path, most: int) -> list[Failure]:
    """The first failures that the shards of a run wrote.

    Args:
        folder: Where their files are; it may be missing.
        most: How many.
    """
    found: list[Failure] = []
    for path in sorted(folder.glob("part-*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            found += [Failure(**json.loads(line)) for line in islice(lines, most - len(found))]
        if len(found) == most:
            break
    return found


class Founders:
    """Names for the clusters that the documents of a shard found, one for each document.

    Where ids repeat the name is not the id; it stands in a part only until copies are looked for.
    """

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def name(self, id: str) -> str:
        """The name for the next document, which has this id."""
        self._seen[id] += 1
        return id if self._seen[id] == 1 else f"{id}\x00{self._seen[id]}"


class SignatureFile:
    """Writes the signatures of a shard's documents in place of looking for copies.

    Copies are looked for when all shards are there, in the order of the archive; until then
    every document and every paragraph founds its own cluster.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._file = pa.OSFile(str(path), "wb")
        self._writer = pa.ipc.new_file(self._file, _SIGNATURES)
        self._waiting: list[tuple[str, Signatures]] = []
        self._founders = Founders()

    def add(self, id: str, paragraphs: Sequence[str]) -> Copies:
        """Take a document.

        Args:
            id: Its identifier.
            paragraphs: Its text.
        """
        signatures = sign(paragraphs)
        founder = self._founders.name(id)
        self._waiting.append((id, signatures))
        if len(self._waiting) == _SIGNED_AT_ONCE:
            self._flush()
        names = (
            None if signature is None else paragraph_name(founder, number)
            for number, signature in enumerate(signatures.paragraphs)
        )
        return Copies(founder, tuple(names))

    def _flush(self) -> None:
        columns = [
            [id for id, _ in self._waiting],
            [signatures.document for _, signatures in self._waiting],
            [list(signatures.paragraphs) for _, signatures in self._waiting],
        ]
        arrays = [pa.array(c, f.type) for c, f in zip(columns, _SIGNATURES, strict=True)]
        self._writer.write_batch(pa.record_batch(arrays, schema=_SIGNATURES))
        self._waiting = []

    def close(self) -> None:
        """Write what is left."""
        if self._waiting:
            self._flush()
        self._writer.close()
        self._file.close()


def read_signatures(path: Path) -> Iterator[tuple[str, Signatures]]:
    """What a `SignatureFile` holds, in its order."""
    with pa.OSFile(str(path), "rb") as file, pa.ipc.open_file(file) as reader:
        for number in range(reader.num_record_batches):
            for row in reader.get_batch(number).to_pylist():
                yield row["id"], Signatures(row["document"], tuple(row["paragraphs"]))
