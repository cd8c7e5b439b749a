"""The plan of a run, carried out by Daft: here in processes, or on a Ray cluster."""

from __future__ import annotations

import json
import logging
import os
import socket
import traceback
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ..data.checks import shorten
from ..data.errors import ConnoteError
from ..data.extras import require
from .heartbeat import Heart
from .inputs import Source
from .job import Job
from .places import Places
from .reading import Piece
from .remote import QUIET, import_daft
from .shards import Shard
from .summary import Summary

if TYPE_CHECKING:
    import daft

    from .worker import ShardScorer


_SECONDS_TO_ANSWER = 10
_OF_WORKERS = {"PYTHONSAFEPATH": "1", "MALLOC_ARENA_MAX": "2"}
"""Nothing is imported from the current folder, and freed memory is used again by any thread."""
_TOLD = 200


class WorkerLostError(ConnoteError):
    """A worker ended in the middle of a shard: killed, or out of memory."""


class WorkerError(ConnoteError):
    """The run cannot go on; the message says why."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Who does the work.

    Attributes:
        workers: Processes at once; each scores one shard.
        ray: Address of a Ray cluster, ``auto`` for the one of this machine; without it the
            processes run here.
    """

    workers: int
    ray: str | None = None


class Worker:
    """What Daft runs in each process: one scorer, many shards."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._scorer: ShardScorer | None = None

    def score(self, shards: daft.Series) -> list[str]:
        """Score shards; each gives its note or an error, as JSON."""
        return [json.dumps(self._score(number)) for number in shards.to_pylist()]

    def _score(self, packed: str) -> dict[str, Any]:
        shard = unpack(packed)
        heart = Heart(Places(self._job.out).progress, shard.number)

        def on_progress(summary: Summary, consumed: int) -> None:
            if heart.is_due():
                self._job.check()
                heart.beat(summary, consumed)

        try:
            self._job.check()
            if self._scorer is None:
                from .worker import ShardScorer  # the driver needs neither model nor runtime

                os.chdir(self._job.folder)  # a worker of Ray begins elsewhere
                self._scorer = ShardScorer(self._job)
            return self._scorer.score(shard, on_progress)
        except (ConnoteError, OSError) as error:
            return {"error": str(error)}
        except Exception as error:  # noqa: BLE001 - told where the run ends, with its place
            place = traceback.extract_tb(error.__traceback__)[-1]
            return {"error": f"{error!r} in {place.name}, line {place.lineno}"}
        finally:
            heart.stop()


def execute(shards: Sequence[Shard], job: Job, crew: Crew) -> Generator[dict[str, Any], None, None]:
    """Score shards; each commits itself.

    Args:
        shards: What is to be done.
        job: What they have in common.
        crew: Who does it.

    Yields:
        The note of each shard when it is done, in any order, or ``error`` with the reason why
        the run cannot go on. Close the generator: it waits for what is at work.

    Raises:
        WorkerLostError: If a worker died; what it had not committed is to be done again.
    """
    daft = import_daft()
    if crew.ray is not None:
        join_cluster(crew.ray)
        daft.set_runner_ray(noop_if_initialized=True)
    score = daft.method.batch(return_dtype=daft.DataType.string(), batch_size=1)(Worker.score)
    scoring = daft.cls(
        type("Worker", (Worker,), {"score": score}),
        max_concurrency=crew.workers,
        use_process=True,
    )
    plan = daft.from_pydict({"shard": [pack(shard) for shard in shards]})
    if crew.ray is not None:
        plan = plan.into_partitions(len(shards))
    plan = plan.select(scoring(job).score(daft.col("shard")).alias("note"))
    # In their order a long shard would keep the other workers waiting.
    with daft.execution_config_ctx(maintain_order=False), _environment_of_workers():
        try:
            with closing(plan.iter_rows(results_buffer_size=1)) as rows:
                yield from (json.loads(row["note"]) for row in rows)
        except Exception as error:  # Daft has no class of its own for a process that ended
            told = shorten(str(error).partition("\n")[0], _TOLD)
            raise WorkerLostError(f"a worker ended in the middle of its work: {told}") from error


@contextmanager
def _environment_of_workers() -> Iterator[None]:
    """The environment in which workers are started here."""
    before = {name: os.environ.get(name) for name in _OF_WORKERS}
    os.environ.update(_OF_WORKERS)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def join_cluster(address: str) -> int:
    """Connect this process to a Ray cluster.

    Args:
        address: ``host:port`` of its head, ``ray://`` for a client, or ``auto``.

    Returns:
        The number of its processors.

    Raises:
        MissingExtraError: If Ray is not installed.
        WorkerError: If there is no cluster, or it has no processor.
    """
    require("ray", "ray")
    import ray

    if not ray.is_initialized():
        try:
            _knock(address)
            ray.init(
                address,
                log_to_driver=False,
                logging_level=logging.ERROR,
                runtime_env={"env_vars": QUIET},
            )
        except (OSError, RuntimeError, ValueError) as error:
            raise WorkerError(
                f"--ray {address}: expected a Ray cluster, found none that answers: {error}; start "
                "one with `ray start --head` and give host:port"
            ) from error
    resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
    processors = int(resources.get("CPU", 0))
    if processors < 1:
        raise WorkerError(f"--ray {address}: expected a processor in the cluster, found none")
    return processors


def _knock(address: str) -> None:
    """Raise OSError if nobody listens there: Ray itself would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if address != "auto":
        socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS_TO_ANSWER).close()


def pack(shard: Shard) -> str:
    """A shard as text, for the way to its worker."""
    return json.dumps(asdict(shard))


def unpack(packed: str) -> Shard:
    """The shard that `pack` took."""
    row = json.loads(packed)
    pieces = tuple(
        Piece(Source(**piece["source"]), piece["start"], piece["stop"]) for piece in row["pieces"]
    )
    return Shard(row["number"], pieces, row["size"])
