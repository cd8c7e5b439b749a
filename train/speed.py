"""How fast connote is, beside a Transformers pipeline on the same encoder.

Run it as ``python -m connote.train.speed ARTICLES`` or ``make benchmark-speed``.
"""

from __future__ import annotations

import json
import os
import platform
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ..data.errors import UsageError
from ..failures import run_module
from ..infer.folder import open_model
from .speed_archives import leads, read_articles, sentences_of
from .speed_commands import CommandSpeed, Growth, cold, growth, whole_command
from .speed_engine import EngineSpeed, engine_speed, equal_to_float32, float32_network

BASIL = Path("../shared/corpora/basil/articles.jsonl")
CORPUS = Path(str(files("connote.data") / "corpus" / "test.jsonl"))
PARTS = ("engine", "labels", "command", "cold", "growth")
SIZES, LARGE = (1_000, 10_000), 100_000


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured; ``None`` or nothing for what was not.

    Attributes:
        machine: Processor and cores.
        engine: Judging alone.
        labels: For each label the share on which int8 and float32 name the same class.
        float32: Where the float32 weights come from.
        command: From archive to output.
        cold: Seconds for one sentence from a shell.
        growth: Archives of several sizes.
    """

    machine: str
    engine: EngineSpeed | None
    labels: dict[str, float]
    float32: str
    command: CommandSpeed | None
    cold: float | None
    growth: list[Growth]


def measure(asked: Namespace) -> Report:
    """Measure what is asked for.

    Raises:
        ConnoteError: If the articles or the model cannot be used.
    """
    articles = read_articles(asked.articles, asked.documents)
    if not articles:
        raise UsageError(f"{asked.articles}: expected articles, found none; name another file")
    sentences, folder = sentences_of(articles), open_model()
    engine = command = seconds = None
    labels: dict[str, float] = {}
    if "engine" in asked.only:
        engine = engine_speed(folder, sentences, asked.runs, asked.threads)
    if "labels" in asked.only:
        network = float32_network(folder, asked.checkpoint)
        labels = equal_to_float32(folder, network, sentences)
    if "command" in asked.only:
        command = whole_command(articles, asked.runs, asked.threads)
    if "cold" in asked.only:
        seconds = cold(asked.runs)
    sizes = (*asked.sizes, LARGE) if asked.large else asked.sizes
    return Report(
        machine=f"{platform.machine()}, {os.cpu_count()} cores",
        engine=engine,
        labels=labels,
        float32=str(asked.checkpoint or f"{folder.id}, its int8 weights taken as float32"),
        command=command,
        cold=seconds,
        growth=growth(leads(articles), sizes) if "growth" in asked.only else [],
    )


def as_table(report: Report) -> Table:
    """The figures, a row each."""
    table = Table(box=None, pad_edge=False, header_style="bold", title_justify="left")
    for name, justify in (("", "left"), ("connote", "right"), ("pipeline", "right"), ("", "right")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    if (engine := report.engine) is not None:
        what = f"judging, {engine.sentences:,} sentences, {engine.threads} threads"
        rates = (f"{engine.ours:.0f}/s", f"{engine.pipeline:.0f}/s")
        table.add_row(what, *rates, f"{engine.ratio:.1f} times")
    if (command := report.command) is not None:
        what = f"whole command, {command.documents:,} documents"
        times = (f"{command.ours:.1f} s", f"{command.pipeline:.1f} s")
        table.add_row(what, *times, f"{command.ratio:.1f} times")
    if report.cold is not None:
        table.add_row("one sentence from a shell", f"{report.cold:.2f} s")
    for label, share in report.labels.items():
        table.add_row(f"{label} equal to float32", f"{share:.2%}")
    for size in report.growth:
        peak = "" if size.peak is None else f"{size.peak / 1e6:,.0f} MB"
        table.add_row(f"{size.documents:,} first paragraphs", f"{size.seconds:.1f} s", "", peak)
    return table


def _parse(arguments: Sequence[str]) -> Namespace:
    parser = ArgumentParser("make benchmark-speed", description=__doc__)
    default = BASIL if BASIL.is_file() else CORPUS
    parser.add_argument("articles", nargs="?", type=Path, default=default, help="JSON lines")
    parser.add_argument("--runs", type=int, default=5, help="of which the median counts")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--documents", type=int, default=100, help="articles to take")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="of archives")
    parser.add_argument("--large", action="store_true", help=f"one of {LARGE:,} documents too")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--checkpoint", type=Path, help="best.safetensors of a training")
    parser.add_argument("--json", type=Path, help="file to write the figures to")
    asked = parser.parse_args(arguments)
    if min(asked.runs, asked.threads, asked.documents, *asked.sizes) < 1:
        raise UsageError("expected --runs, --threads, --documents and --sizes of at least 1")
    return asked


def main(arguments: Sequence[str]) -> None:
    """Measure and print.

    Raises:
        UsageError: If a number is below 1 or a command fails.
    """
    asked = _parse(arguments)
    report = measure(asked)
    console = Console()
    console.print(f"{asked.articles}; {report.machine}")
    if report.labels:
        console.print(f"float32: {report.float32}")
    console.print(as_table(report))
    if asked.json is not None:
        asked.json.write_text(json.dumps(asdict(report), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    run_module(main)
