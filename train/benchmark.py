"""Side by side on labelled records: the plain rule, the baseline and the shipped model.

Run it as ``python -m connote.train.benchmark FILE…`` or ``make benchmark``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from ..data.schema import Example, read_examples
from ..infer.folder import open_model
from ..infer.judge import Judge
from ..infer.models import load_judge
from .evaluate import evaluate
from .recipe import read_recipe
from .rule import PlainRule
from .run import run_recipe

BASELINE = Path("configs/baseline.yaml")


def compare(judges: Sequence[tuple[str, Judge]], examples: Sequence[Example]) -> Table:
    """A table of macro-F1, a row for each judge.

    Args:
        judges: With the names they are shown under.
        examples: Labelled records.
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("macro-F1")
    for head in ("framing", "stance", "voice", "loaded"):
        table.add_column(head, justify="right")
    for name, judge in judges:
        metrics = evaluate(judge, examples)
        values = [m.get("macro_f1") for m in metrics.values()]
        table.add_row(name, *("–" if v is None else f"{v:.3f}" for v in values))
    return table


def main(files: Sequence[str]) -> None:
    """Train the baseline, then evaluate all three on each file."""
    console = Console()
    with TemporaryDirectory() as folder:
        run_recipe(read_recipe(BASELINE), Path(folder), say=lambda line: None)
        judges = [
            ("plain rule", PlainRule()),
            ("baseline", load_judge(open_model(folder))),
            ("shipped model", load_judge(open_model())),
        ]
        for file in files:
            examples = read_examples(file)
            console.print(f"\n{file}: {len(examples):,} sentences")
            console.print(compare(judges, examples))


if __name__ == "__main__":
    main(sys.argv[1:])
