"""From a recipe to a model folder: train, export, calibrate, describe."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from importlib.metadata import version
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

from ..data.schema import HEADS
from ..infer.encoder import EncoderJudge
from ..infer.folder import NEVER_FOUND, UNCALIBRATED, open_model, write_config
from ..infer.models import load_judge
from .calibration import fit
from .corpora import Corpora, read_corpora
from .evaluate import evaluate, judge_examples
from .recipe import Recipe, settings_of
from .say import Say
from .spans import fit_span_threshold

CHECKPOINTS = "checkpoints"
_VERSIONS = {
    "baseline": ("connote", "scikit-learn"),
    "encoder": (
        *("connote", "torch", "transformers", "tokenizers", "openvino", "nncf"),
        "scikit-learn",
    ),
}
"""For each kind of model the packages whose versions are kept with it."""


def run_recipe(recipe: Recipe, out: Path, say: Say) -> dict[str, Any]:
    """Train the model of a recipe and leave it in a folder that `Scorer` takes.

    Args:
        recipe: What to do.
        out: The folder, made if it is missing.
        say: Takes lines of progress.

    Returns:
        The metrics on the recipe's dev examples.

    Raises:
        RecipeError, RecordError, UsageError, EncoderError, ModelError, OSError: If something is
            not as it should be.
    """
    corpora = read_corpora(recipe)
    for source in corpora.account:
        say(
            "{name}: {sentences:,} sentences, {labelled:,} of them with added labels, "
            "{mentions:,} mentions, {withheld} withheld".format(**source)
        )
    out.mkdir(parents=True, exist_ok=True)
    config = {**_describe(recipe, corpora), **UNCALIBRATED}
    if recipe.kind == "baseline":
        names = _train_baseline(recipe, corpora, out)
    else:
        names, config["equal_labels_int8"] = _train_encoder(recipe, corpora, out, config, say)
    write_config(out, config, names)
    folder = open_model(out)
    if recipe.kind == "encoder":
        from .pretrained import encoder_hash

        config["encoder_sha256"] = encoder_hash(recipe.encoder)
        config["span_threshold"] = fit_span_threshold(folder, corpora.dev) or NEVER_FOUND
    temperatures, thresholds = fit(corpora.dev, judge_examples(load_judge(folder), corpora.dev))
    write_config(out, {**config, "temperatures": temperatures, "thresholds": thresholds}, names)
    calibrated = load_judge(open_model(out))
    if recipe.kind == "encoder":
        shutil.rmtree(out / CHECKPOINTS, ignore_errors=True)
    metrics = evaluate(calibrated, corpora.dev)
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
    from .augment import inside_quotations, without_plain_stance
    from .export import FILES, TorchRunner, equal_labels, export_model
    from .finetune import SENTENCES_PER_SECOND, finetune

    learnt = corpora.train if recipe.plain_stance else without_plain_stance(corpora.train)
    copies = inside_quotations(learnt, recipe.quoted_copies, recipe.seed)
    corpora = replace(corpora, train=(*learnt, *copies))
    passes = len(corpora.train) * recipe.epochs
    if recipe.distil:
        again = len(corpora.train) * recipe.distil.labelled + len(corpora.unlabelled)
        passes += round(again * recipe.distil.epochs)
    say(
        f"at most {passes / SENTENCES_PER_SECOND / 60:.0f} minutes on two cores; "
        "stop and start again at any time"
    )
    network, tokenizer = finetune(recipe, corpora, out / CHECKPOINTS, say)
    say("exporting")
    export_model(network, tokenizer, out)
    write_config(out, config, FILES)
    folder = open_model(out)
    exact = EncoderJudge(folder, runner=TorchRunner(network))
    shares = equal_labels(
        judge_examples(EncoderJudge(folder), corpora.dev), judge_examples(exact, corpora.dev)
    )
    say(f"int8 and float32 name the same class on dev: {shares}")
    return FILES, shares


def _describe(recipe: Recipe, corpora: Corpora) -> dict[str, Any]:
    """What the config tells of how a model came to be; no path of the machine it was made on."""
    return {
        "name": recipe.name,
        "kind": recipe.kind,
        "window": recipe.window,
        "versions": {name: version(name) for name in _VERSIONS[recipe.kind]},
        "corpora": list(corpora.account),
        "recipe": settings_of(recipe),
        "code": code_hash(),
    }


def code_hash() -> str:
    """SHA-256 over the package's source files: which code made a model."""
    root = Path(str(package_files("connote")))
    digest = hashlib.sha256()
    for part in ("data", "infer", "train"):
        for path in sorted((root / part).glob("*.py")):
            digest.update(f"{part}/{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()
