"""From a recipe to a model folder: train, export, calibrate, describe."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..data.schema import HEADS
from ..infer.folder import open_model, write_config
from ..infer.models import load_judge
from .calibration import fit
from .corpora import Corpora, read_corpora
from .evaluate import judge_examples, report_outputs
from .recipe import Recipe

Say = Callable[[str], None]
CHECKPOINTS = "checkpoints"
_UNCALIBRATED = {
    "temperatures": dict.fromkeys(HEADS, 1.0),
    "thresholds": dict.fromkeys(HEADS, 0.0),
}


def run_recipe(recipe: Recipe, out: Path, say: Say) -> dict[str, Any]:
    """Train the model of a recipe and leave it in a folder that `Scorer` takes.

    Args:
        recipe: What to do.
        out: The folder, made if it is missing.
        say: Takes lines of progress.

    Returns:
        The metrics on the recipe's dev examples.

    Raises:
        RecipeError, RecordError, EncoderError, OSError: If something is not as it should be.
    """
    corpora = read_corpora(recipe)
    for source in corpora.account:
        say(
            "{name}: {sentences:,} sentences, {labelled:,} of them with added labels, "
            "{mentions:,} mentions, {withheld} withheld".format(**source)
        )
    out.mkdir(parents=True, exist_ok=True)
    config = {**_describe(recipe, corpora), **_UNCALIBRATED}
    if recipe.kind == "baseline":
        files = _train_baseline(recipe, corpora, out)
        write_config(out, config, files)
    else:
        files, shares = _train_encoder(recipe, corpora, out, config, say)
        config["equal_labels_int8"] = shares
    judge = load_judge(open_model(out))
    temperatures, thresholds = fit(corpora.dev, judge_examples(judge, corpora.dev))
    write_config(out, {**config, "temperatures": temperatures, "thresholds": thresholds}, files)
    calibrated = load_judge(open_model(out))
    shutil.rmtree(out / CHECKPOINTS, ignore_errors=True)
    metrics = report_outputs(corpora.dev, judge_examples(calibrated, corpora.dev))
    for head in HEADS:
        if metrics[head]["n"]:
            say(f"dev {head}: macro-F1 {metrics[head]['macro_f1']:.3f}, n {metrics[head]['n']}")
    return metrics


def _train_baseline(recipe: Recipe, corpora: Corpora, out: Path) -> list[str]:
    from .baseline import FILES, train_baseline

    train_baseline(recipe, corpora.train, out)
    return FILES


def _train_encoder(
    recipe: Recipe, corpora: Corpora, out: Path, config: dict[str, Any], say: Say
) -> tuple[list[str], dict[str, float]]:
    """Train and export; with the files, how often int8 and float32 agree on dev."""
    from ..infer.encoder import EncoderJudge
    from .augment import inside_quotations
    from .export import FILES, equal_labels, export_model, torch_runner
    from .finetune import SENTENCES_PER_SECOND, finetune

    copies = inside_quotations(corpora.train, recipe.quoted_copies, recipe.seed)
    examples = [*corpora.train, *copies]
    minutes = len(examples) * recipe.epochs / SENTENCES_PER_SECOND / 60
    say(f"about {minutes:.0f} minutes on two cores; stop and start again at any time")
    network, tokenizer = finetune(recipe, examples, out / CHECKPOINTS)
    say("exporting")
    export_model(network, tokenizer, out)
    write_config(out, config, FILES)
    folder = open_model(out)
    exact = EncoderJudge(folder, runner=torch_runner(network))
    shares = equal_labels(
        judge_examples(EncoderJudge(folder), corpora.dev), judge_examples(exact, corpora.dev)
    )
    say(f"int8 and float32 name the same class on dev: {shares}")
    return FILES, shares


def _describe(recipe: Recipe, corpora: Corpora) -> dict[str, Any]:
    """What the config tells of how a model came to be."""
    settings = asdict(recipe)
    for key in ("train", "dev", "never_train", "name", "kind"):
        del settings[key]
    return {
        "name": recipe.name,
        "kind": recipe.kind,
        "window": recipe.window,
        "connote": version("connote"),
        "corpora": list(corpora.account),
        "recipe": settings,
    }
