"""Public corpora: trained, evaluated, and set beside the published figures.

Run it as ``python -m connote.train.benchmark FOLDER`` or ``make benchmark DATA=FOLDER``. The folder
holds one subfolder for each corpus that is to be had, by the names in `TASKS`; a corpus whose
folder is missing is passed over and named.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean, stdev

from rich.console import Console
from rich.table import Table

from ..data.errors import UsageError
from ..data.public import OWN, read_corpus
from ..data.schema import Example, write_examples
from ..failures import run_module
from ..infer.folder import file_hash, open_model
from ..infer.models import load_judge
from .evaluate import evaluate
from .published import PUBLISHED
from .recipe import Recipe, open_start, read_recipe, settings_of
from .run import code_hash, run_recipe
from .sources import Source

CONFIGS = Path("configs")
RUNS = Path("runs") / "benchmark"
"""Where the models of a benchmark are kept: one that was stopped goes on with the next."""
TOGETHER = "multitask"
OURS = "connote, 23 M"
FOLDS = 5
Split = tuple[Sequence[Example], Mapping[str, Sequence[Example]]]
"""What is learnt from, and by name what is measured on."""


@dataclass(frozen=True, slots=True)
class Task:
    """A corpus as it is measured.

    Attributes:
        form: Of the corpus; also the name of its recipe.
        folder: Below the data folder.
        head: The judgement that is measured, by macro-F1.
        protocol: How, in words.
        splits: Reads the corpus and divides it.
    """

    form: str
    folder: str
    head: str
    protocol: str
    splits: Callable[[str, Path], Iterator[Split]]


def cross_validation(form: str, folder: Path) -> Iterator[Split]:
    """Five folds of the train part, events drawn at random with seed 0."""
    examples = read_corpus(form, folder)
    events = sorted({example.event for example in examples})
    random.Random(0).shuffle(events)  # noqa: S311 - a sample, not a secret
    for number in range(FOLDS):
        held = set(events[number::FOLDS])
        test = [e for e in examples if e.event in held]
        yield [e for e in examples if e.event not in held], {"test": test}


def first_fold(form: str, folder: Path) -> Iterator[Split]:
    """The first of the five folds alone."""
    yield next(cross_validation(form, folder))


def newsmtsc_parts(form: str, folder: Path) -> Iterator[Split]:
    """Its own train split, measured on its real-world and multi-target dev splits."""
    parts: Mapping[str, Sequence[Example]] = {
        name: read_corpus(form, folder, f"dev_{name}") for name in ("rw", "mt")
    }
    yield read_corpus(form, folder), parts


TASKS = (
    Task("babe", "babe", "loaded", "5-fold cross-validation", cross_validation),
    Task("newsmtsc", "newsmtsc", "stance", "official train, dev", newsmtsc_parts),
    Task("gwsd", "gwsd", "stance", "5-fold cross-validation", cross_validation),
    Task("semeval2023", "semeval2023_task3_en", "loaded", "one split 80 / 20", first_fold),
)


def measure(task: Task, data: Path, console: Console) -> dict[str, list[float]]:
    """Train and evaluate on every split of a corpus.

    Args:
        task: The corpus.
        data: The folder its own is in.
        console: Told of each result.

    Returns:
        Macro-F1 by the names of the parts measured on.
    """
    recipe = read_recipe(CONFIGS / f"{task.form}.yaml", {"": data / task.folder})
    found: dict[str, list[float]] = {}
    for number, (train, tests) in enumerate(task.splits(task.form, data / task.folder), start=1):
        folder = _folder(recipe, f"{task.form}-{number}")
        source = _written(recipe.train[0], train, folder)
        model = _trained(replace(recipe, train=(source,)), folder, console)
        _test(task, model, tests, found, console)
    return found


def measure_together(
    tasks: Sequence[Task], data: Path, console: Console
) -> dict[str, dict[str, list[float]]]:
    """Train the multi-task recipe once, on the first split of each corpus, and evaluate it.

    Args:
        tasks: The corpora that are there.
        data: The folder they are in.
        console: Told of each result.

    Returns:
        For each corpus macro-F1 by the names of the parts measured on.
    """
    recipe = read_recipe(CONFIGS / "multitask.yaml")
    splits = {task.form: next(task.splits(task.form, data / task.folder)) for task in tasks}
    found: dict[str, dict[str, list[float]]] = {}
    folder = _folder(recipe, TOGETHER)
    sources = [
        _written(source, splits[source.name][0], folder) if source.name in splits else source
        for source in recipe.train
        if source.name in splits or source.format == OWN
    ]
    model = _trained(replace(recipe, train=tuple(sources)), folder, console)
    for task in tasks:
        _test(task, model, splits[task.form][1], found.setdefault(task.form, {}), console)
    return found


def _folder(recipe: Recipe, name: str) -> Path:
    """Where a training is kept, apart for each model that it starts from."""
    start = open_start(recipe.start).id.rpartition("@")[2] if recipe.start else "pretrained"
    folder = RUNS / start / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _trained(recipe: Recipe, folder: Path, console: Console) -> Path:
    """The model of a recipe, trained unless it was before with the same data and settings."""
    model, done = folder / "model", folder / "done.json"
    sources = (*recipe.train, *recipe.dev)
    files = [*(s.path for s in sources if s.path is not None), *recipe.never_train]
    content = json.dumps(
        {
            "kind": recipe.kind,
            "settings": settings_of(recipe),
            "held_out": [source.dev_share for source in sources],
            "files": [file_hash(path) for path in files if path.is_file()],
            "code": code_hash(),
        },
        sort_keys=True,
    )
    if not done.is_file() or done.read_text(encoding="utf-8") != content:
        done.unlink(missing_ok=True)
        console.print(f"training {folder}")
        run_recipe(recipe, model, lambda line: console.print(line, style="dim", markup=False))
        done.write_text(content, encoding="utf-8")
    return model


def _written(source: Source, train: Sequence[Example], folder: Path) -> Source:
    """A source that holds the given examples, in connote's own records."""
    path = folder / f"{source.name}.jsonl"
    write_examples(path, train)
    return Source(source.name, path=path, dev_share=source.dev_share)


def _test(
    task: Task,
    model: Path,
    tests: Mapping[str, Sequence[Example]],
    found: dict[str, list[float]],
    console: Console,
) -> None:
    judge = load_judge(open_model(model))
    for name, test in tests.items():
        score = evaluate(judge, test)[task.head]["macro_f1"]
        console.print(f"{task.form} {name}: {score:.3f} on {len(test):,}")
        found.setdefault(name, []).append(score)


def table_of(
    results: Mapping[str, Mapping[str, Sequence[float]]],
    together: Mapping[str, Mapping[str, Sequence[float]]],
) -> Table:
    """One table: connote's figures, then the published ones of each corpus.

    Args:
        results: For each corpus macro-F1 by part, of its own recipe.
        together: The same of the multi-task recipe.
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("corpus", "model", "macro-F1", "protocol", "source"):
        table.add_column(name, justify="right" if name == "macro-F1" else "left")
    for task in TASKS:
        for model, protocol, found in (
            (OURS, task.protocol, results),
            (f"{OURS}, all corpora at once", "its first split", together),
        ):
            for part, scores in found.get(task.form, {}).items():
                row = (f"{task.form} {part}", model, _figure(scores), protocol, "this run")
                table.add_row(*row)
        if task.form in results:
            for other in PUBLISHED.get(task.form, ()):
                row = ("", other.model, f"{other.figure:.3f}", other.protocol, other.source)
                table.add_row(*row, style="dim")
    return table


def _figure(scores: Sequence[float]) -> str:
    spread = f" ± {stdev(scores):.3f}" if len(scores) > 1 else ""
    return f"{mean(scores):.3f}{spread}"


def main(arguments: Sequence[str]) -> None:
    """Measure every corpus that the folder holds and all together, or those named after it.

    Raises:
        UsageError: If there is no such folder, or no corpus of a name.
    """
    if not arguments or not Path(arguments[0]).is_dir():
        raise UsageError("expected a folder with corpora: make benchmark DATA=FOLDER")
    data, names = Path(arguments[0]), set(arguments[1:])
    forms = [task.form for task in TASKS]
    for name in sorted(names.difference((*forms, TOGETHER))):
        allowed = ", ".join((*forms, TOGETHER))
        raise UsageError(f"corpus to measure: found {name!r}; allowed: {allowed}")
    console = Console()
    there = [task for task in TASKS if (data / task.folder).is_dir()]
    for task in TASKS:
        if task not in there and (not names or names & {task.form, TOGETHER}):
            console.print(f"{task.form}: passed over, there is no {data / task.folder}")
    results = {t.form: measure(t, data, console) for t in there if not names or t.form in names}
    wanted = bool(there) and (not names or TOGETHER in names)
    together = measure_together(there, data, console) if wanted else {}
    console.print(table_of(results, together))


if __name__ == "__main__":
    run_module(main)
