"""From a few hundred annotations to a model of one's own, and what was gained by it.

Warm start, cross-fit, calibrate, report: each sentence is judged by a network that has learnt from
other documents alone. What these judgements show is what the adapted model is worth, and
with them an estimate is corrected.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from importlib.resources import files as package_files
from pathlib import Path
from time import monotonic
from typing import Any

from ..data.hashes import sentence_hash
from ..data.lexicon import load_lexicon
from ..data.schema import HEADS, Example, read_examples
from ..infer.encoder import EncoderJudge
from ..infer.folder import UNCALIBRATED, ModelFolder, open_model, shipped_model, write_config
from ..infer.mentions import LexiconMatcher
from ..infer.staging import write_synced
from .adapt_report import Said, conclusion, report_found, report_heads, tell
from .annotations import Annotations, read_annotations
from .best import live_judge
from .calibration import fit
from .compare import macro_f1
from .corpora import fingerprint
from .crossfit import (
    Looked,
    Predicted,
    assign_folds,
    calibrated,
    crossfit_record,
    found_spans,
    predict,
)
from .evaluate import judge_examples
from .export import FILES, equal_labels, export_model
from .finetune import SENTENCES_PER_SECOND
from .folds import FOLDS, Work, averaged, claim, crossfit
from .pretrained import encoder_hash
from .recipe import Recipe, open_start, settings_of
from .rounding import round_by_chance
from .run import CHECKPOINTS, code_hash
from .say import Say
from .tuning import GUARDED, tuning_recipe, with_heads
from .values import RecipeError

CROSSFIT_FILE = "crossfit.jsonl"
REPORT_FILE = "adaptation.json"
_ELSEWHERE = 300
"""Sentences of connote's own dev split on which forgetting is looked for."""

_PACKAGES = ("connote", "torch", "transformers", "tokenizers", "openvino", "nncf", "scikit-learn")
"""Their versions are kept with the model."""

Calibration = tuple[dict[str, float], dict[str, float]]


def adapt(start: str, data: Path, out: Path | None, say: Say, *, epochs: int | None = None) -> Path:
    """Adapt a trained model to annotations, and report what is gained.

    The folder takes a model that `Scorer` reads; ``adaptation.json``, the report (see
    `adapt_report.report_heads`); and ``crossfit.jsonl``, for each item what is said of it by a
    network that never saw it (see `crossfit.crossfit_record`). Stopped and started again, it
    goes on behind the last fold that was finished.

    Args:
        start: Folder of the model to begin with; ``shipped`` is connote's own.
        data: Labelled records. Sentences of one document, of one group or of one wording
            stay in one fold.
        out: The folder, made if it is missing; ``runs/NAME`` without it.
        say: Takes lines of progress, and of the report.
        epochs: Passes over the data, other than the usual number.

    Returns:
        The folder.

    Raises:
        AnnotationsError, RecipeError, RecordError, EncoderError, ModelError, OSError: If something
            is not as it should be.
    """
    began = monotonic()
    folder = open_start(start)
    # A config's name may be anything; this one becomes a folder's.
    name = Path(folder.config["name"]).name.removesuffix("-adapted")
    recipe = tuning_recipe(folder, f"{name}-adapted")
    recipe = replace(recipe, epochs=epochs or recipe.epochs)
    out = out or Path("runs") / recipe.name
    if out.resolve() == folder.path.resolve():
        raise RecipeError(f"{out}: expected a folder other than the model's own; choose another")
    annotations = read_annotations(data, FOLDS)
    work = _prepared(folder, recipe, annotations, out / CHECKPOINTS, say)
    uncalibrated = replace(folder, temperatures=dict.fromkeys(HEADS, 1.0))
    before = predict(EncoderJudge(uncalibrated), work.examples, work.looked)
    report = _finish(work, before, crossfit(work), out)
    shutil.rmtree(work.checkpoints, ignore_errors=True)
    tell(report, say)
    say(f"{(monotonic() - began) / 60:.1f} minutes")
    return out


def _prepared(
    start: ModelFolder, recipe: Recipe, annotations: Annotations, checkpoints: Path, say: Say
) -> Work:
    examples = annotations.examples
    say(
        f"{len(examples):,} sentences in {annotations.clusters:,} documents or groups, "
        f"{annotations.withheld} withheld; starting from {start.id}"
    )
    guard = _guard(annotations)
    items = len(examples) + min(len(guard), round(GUARDED * len(examples)))
    passes = FOLDS * items * recipe.epochs
    say(
        f"about {passes / SENTENCES_PER_SECOND / 60 + 0.5:.0f} minutes on two cores; "
        "stop and start again at any time"
    )
    folds = assign_folds(examples, FOLDS, recipe.seed)
    matcher = LexiconMatcher(load_lexicon())
    looked = [Looked.at(example, matcher) for example in examples]
    work = Work(start, recipe, annotations, folds, looked, guard, checkpoints, say)
    claim(work)
    return work


def _guard(annotations: Annotations) -> list[Example]:
    """Sentences of connote's own corpus for the labels that are not learnt from annotations."""
    path = Path(str(package_files("connote.data"))) / "corpus" / "train.jsonl"
    if not annotations.left_out or not path.is_file():
        return []
    annotated = {sentence_hash(example.text) for example in annotations.examples}
    others = [e for e in read_examples(path) if sentence_hash(e.text) not in annotated]
    return with_heads(others, frozenset(annotations.left_out))


def _finish(
    work: Work, before: Sequence[Predicted], after: Sequence[Predicted], out: Path
) -> dict[str, Any]:
    """Export, calibrate and write; the report."""
    model = _exported(work, _calibration(work, after, None), out)
    said, records = _judged(work, before, after)
    heads = report_heads(work.examples, said, work.annotations.left_out)
    report = {
        "model": model.id,
        "start": work.start.id,
        "sentences": len(work.examples),
        "documents": work.annotations.clusters,
        "withheld": work.annotations.withheld,
        "folds": FOLDS,
        "heads": heads,
        "found": _found(work, before, after),
        "elsewhere": _elsewhere(work, model),
        "conclusion": conclusion(heads, work.annotations.learnt, _called(work.start)),
    }
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    write_synced(out / CROSSFIT_FILE, lines)
    write_synced(out / REPORT_FILE, json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    return report


def _exported(work: Work, calibration: Calibration, out: Path) -> ModelFolder:
    """The averaged network in the folder, as int8 and calibrated."""
    work.say("exporting")
    network, tokenizer = averaged(work)
    exact = judge_examples(live_judge(network, tokenizer, work.recipe.window), work.examples)
    round_by_chance(network, work.recipe.seed)
    export_model(network, tokenizer, out)
    config = {**_describe(work), "temperatures": calibration[0], "thresholds": calibration[1]}
    write_config(out, config, FILES)
    shares = equal_labels(judge_examples(EncoderJudge(open_model(out)), work.examples), exact)
    if shares:
        work.say(f"int8 and float32 name the same class of the annotated mentions: {shares}")
    write_config(out, {**config, "equal_labels_int8": shares}, FILES)
    return open_model(out)


def _called(start: ModelFolder) -> str:
    return "the shipped model" if start.path == shipped_model() else start.id


def _judged(
    work: Work, before: Sequence[Predicted], after: Sequence[Predicted]
) -> tuple[Said, list[dict[str, Any]]]:
    """What both models say of all items, calibrated without them; the lines of the cross-fit."""
    own = [_calibration(work, after, fold) for fold in range(FOLDS)]
    plain = [_calibration(work, before, fold) for fold in range(FOLDS)]
    cooled = [_cooled(p, own[fold][0]) for p, fold in zip(after, work.folds, strict=True)]
    said = Said(
        start=[calibrated(p.marked, work.start.temperatures) for p in before],
        recalibrated=[
            calibrated(p.marked, plain[fold][0]) for p, fold in zip(before, work.folds, strict=True)
        ],
        adapted=[p.marked for p in cooled],
    )
    items = zip(work.examples, work.looked, cooled, work.folds, strict=True)
    return said, [crossfit_record(*item, own[item[3]][1]) for item in items]


def _cooled(predicted: Predicted, temperatures: Mapping[str, float]) -> Predicted:
    return Predicted(
        calibrated(predicted.marked, temperatures), calibrated(predicted.found, temperatures)
    )


def _calibration(work: Work, said: Sequence[Predicted], without: int | None) -> Calibration:
    """Temperatures and thresholds by what was said of items in all folds but one.

    Labels that were not learnt keep the starting model's.
    """
    chosen = [
        (example, predicted.marked)
        for example, predicted, fold in zip(work.examples, said, work.folds, strict=True)
        if fold != without
    ]
    fitted = fit([e for e, _ in chosen], [output for _, output in chosen])
    kept = work.start.temperatures, work.start.thresholds
    temperatures, thresholds = (
        {head: (new if head in work.annotations.learnt else old)[head] for head in HEADS}
        for new, old in zip(fitted, kept, strict=True)
    )
    return temperatures, thresholds


def _found(
    work: Work, before: Sequence[Predicted], after: Sequence[Predicted]
) -> dict[str, Any] | None:
    both = (
        [found_spans(look, p) for look, p in zip(work.looked, said, strict=True)]
        for said in (before, after)
    )
    return report_found(work.examples, *both)


def _elsewhere(work: Work, model: ModelFolder) -> dict[str, Any] | None:
    """Macro-F1 of the starting and the adapted model on connote's own dev split."""
    path = Path(str(package_files("connote.data"))) / "corpus" / "dev.jsonl"
    if not path.is_file():
        return None
    annotated = {sentence_hash(example.text) for example in work.examples}
    fresh = [e for e in read_examples(path) if sentence_hash(e.text) not in annotated]
    draw = random.Random(work.recipe.seed)  # noqa: S311 - a sample, not a secret
    examples = draw.sample(fresh, min(_ELSEWHERE, len(fresh)))
    judges = {"start": EncoderJudge(work.start), "adapted": EncoderJudge(model)}
    said = {name: judge_examples(judge, examples) for name, judge in judges.items()}
    return {
        head: {name: macro_f1(examples, outputs, head) for name, outputs in said.items()}
        for head in HEADS
    }


def _describe(work: Work) -> dict[str, Any]:
    """What the config tells of how the model came to be; no path of this machine."""
    source = {
        "name": "annotations",
        "sha256": fingerprint(work.examples),
        "sentences": len(work.examples),
        "mentions": sum(len(e.mentions) for e in work.examples),
        "withheld": work.annotations.withheld,
    }
    return {
        **UNCALIBRATED,
        "name": work.recipe.name,
        "kind": "encoder",
        "window": work.recipe.window,
        "versions": {n: version(n) for n in _PACKAGES},
        "corpora": [source],
        "recipe": settings_of(work.recipe),
        "encoder_sha256": encoder_hash(work.recipe.encoder),
        "span_threshold": work.start.span_threshold,
        "code": code_hash(),
    }
