"""Side by side on labelled records: the plain rule, the baseline and the shipped model.

Run it as ``python -m connote.train.sidebyside FILE…`` or ``make compare``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from ..data.errors import UsageError
from ..data.schema import HEADS, Example
from ..failures import run_module
from ..infer.folder import open_model
from ..infer.judge import Judge
from ..infer.models import load_judge
from .compare import Gain, differences
from .evaluate import judge_examples, read_records, report_outputs
from .pairs import both_right
from .recipe import read_recipe
from .rule import PlainRule
from .run import run_recipe

BASELINE = Path("configs/baseline.yaml")


def compare(judges: Sequence[tuple[str, Judge]], examples: Sequence[Example]) -> Table:
    """A table of macro-F1 and of matched pairs, a row for each judge.

    Args:
        judges: With the names they are shown under. Below the figures of a later one
            stand the 95 % intervals of their differences from the first.
        examples: Labelled records.
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("macro-F1")
    for head in (*HEADS, "pairs both right"):
        table.add_column(head, justify="right")
    first = None
    for name, judge in judges:
        outputs = judge_examples(judge, examples)
        metrics = report_outputs(examples, outputs)
        values = [metrics[head].get("macro_f1") for head in HEADS]
        number, share = both_right(examples, outputs)
        pairs = "–" if share is None else f"{share:.0%} of {number}"
        table.add_row(name, *("–" if v is None else f"{v:.3f}" for v in values), pairs)
        if first is None:
            first = outputs
            continue
        gains = differences(examples, outputs, first)
        table.add_row("", *(_interval(gains.get(head)) for head in HEADS), style="dim")
    return table


def _interval(gain: Gain | None) -> str:
    return "" if gain is None else f"{gain.low:+.2f} to {gain.high:+.2f}"


def main(files: Sequence[str]) -> None:
    """Train the baseline, then evaluate all three on each file.

    Raises:
        UsageError: If no file is named.
    """
    if not files:
        raise UsageError(
            "expected files with labelled records, found no argument: make compare DATA=FILE"
        )
    console = Console()
    with TemporaryDirectory() as folder:
        run_recipe(read_recipe(BASELINE), Path(folder), say=lambda line: None)
        judges = [
            ("plain rule", PlainRule()),
            ("baseline", load_judge(open_model(folder))),
            ("shipped model", load_judge(open_model())),
        ]
        for file in files:
            examples = read_records(Path(file))
            console.print(f"\n{file}: {len(examples):,} sentences")
            console.print(compare(judges, examples))


if __name__ == "__main__":
    run_module(main)
