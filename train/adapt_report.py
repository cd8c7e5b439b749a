"""What an adaptation gained: the starting model beside predictions that no item took part in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data.bootstrap import interval, resampled_sums
from ..data.schema import CLASSES, HEADS, Example
from ..infer.judge import Offsets, SentenceOutput
from .compare import DRAWS, Gain, differences, macro_f1
from .crossfit import clusters
from .evaluate import SCORED_CLASSES, judged, marked
from .metrics import calibration_error, debiased_calibration_error
from .say import Say
from .spans import contested, span_scores

GAIN, LOSS, OPEN = "gain", "loss", "no certain gain"
_LEAST = 1e-7


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of all items.

    Attributes:
        start: By the starting model as it is.
        recalibrated: By the starting model with temperatures that the other folds give.
        adapted: By the networks of the folds, with temperatures that the other folds give.
    """

    start: Sequence[SentenceOutput]
    recalibrated: Sequence[SentenceOutput]
    adapted: Sequence[SentenceOutput]


def report_heads(
    examples: Sequence[Example], said: Said, left_out: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """The starting and the adapted model on the annotations, each label by itself.

    Args:
        examples: Labelled records.
        said: Of them, in their order.
        left_out: For each label that was not learnt why.

    Returns:
        For each label ``n`` and, where it is marked, ``classes`` (how often each is),
        ``missing`` (classes that no item has), ``left_out``, ``macro_f1`` and ``log_loss`` and
        ``ece`` by model, ``gain`` in macro-F1 and ``log_loss_gain`` (both: positive is better;
        paired bootstrap at 95 %, whole clusters drawn) and ``verdict``.
    """
    tied = [
        replace(e, group=str(name)) for e, name in zip(examples, clusters(examples), strict=True)
    ]
    gains = differences(tied, said.adapted, said.start)
    report: dict[str, dict[str, Any]] = {}
    for head in HEADS:
        if head not in gains:
            report[head] = {"n": 0}
            continue
        gold, _ = marked(tied, said.start, head)
        sharper = _log_loss_gain(tied, said, head)
        report[head] = {
            "n": len(gold),
            **_counted(gold, head),
            "left_out": left_out.get(head),
            **_by_model(tied, said, head),
            "gain": asdict(gains[head]),
            "log_loss_gain": asdict(sharper),
            "verdict": _verdict(gains[head]),
            "probabilities": _verdict(sharper),
        }
    return report


def _counted(gold: Sequence[int], head: str) -> dict[str, Any]:
    counts = Counter(CLASSES[head][i] for i in gold)
    scored = CLASSES[head][: SCORED_CLASSES[head]]
    return {
        "classes": {name: counts[name] for name in CLASSES[head]},
        "missing": [name for name in scored if not counts[name]],
    }


def _by_model(examples: Sequence[Example], said: Said, head: str) -> dict[str, Any]:
    measures: dict[str, dict[str, Any]] = {}
    for name in ("start", "recalibrated", "adapted"):
        outputs = getattr(said, name)
        gold, probabilities = marked(examples, outputs, head)
        values = {
            "macro_f1": macro_f1(examples, outputs, head),
            "log_loss": float(np.mean(_losses(gold, probabilities))),
            "ece": calibration_error(gold, probabilities),
            "ece_debiased": debiased_calibration_error(gold, probabilities),
        }
        for measure, value in values.items():
            measures.setdefault(measure, {})[name] = value
    return measures


def _losses(gold: Sequence[int], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    right = probabilities[np.arange(len(gold)), np.asarray(gold, np.int64)]
    return np.asarray(-np.log(np.clip(right, _LEAST, 1.0)))


def _log_loss_gain(examples: Sequence[Example], said: Said, head: str) -> Gain:
    """By how much the log-loss falls, clusters drawn as for macro-F1."""
    sums: dict[str, NDArray[np.float64]] = {}
    for example, before, after in zip(examples, said.start, said.adapted, strict=True):
        for losses in zip(*(_of(example, o, head) for o in (before, after)), strict=True):
            sums.setdefault(example.event, np.zeros(3))[:] += (*losses, 1.0)
    counts = np.array(list(sums.values()))
    total = counts.sum(0)
    draws = [float((s[0] - s[1]) / s[2]) for s in resampled_sums(counts, DRAWS, 0)]
    return Gain(float((total[0] - total[1]) / total[2]), *interval(draws))


def _of(example: Example, output: SentenceOutput, head: str) -> Iterator[float]:
    for gold, row in judged(example, output, head):
        yield float(-np.log(max(row[gold], _LEAST)))


def _verdict(gain: Gain) -> str:
    return GAIN if gain.low > 0 else LOSS if gain.high < 0 else OPEN


def report_found(
    examples: Sequence[Example],
    before: Sequence[Sequence[Offsets]],
    after: Sequence[Sequence[Offsets]],
) -> dict[str, Any] | None:
    """How well mentions are found by themselves, before and after; any overlap is right.

    Args:
        examples: Labelled records.
        before: What scoring with the starting model finds in each.
        after: What it finds with the network of the item's fold.

    Returns:
        Precision, recall and F1 of both; nothing where no contested mention is marked.
    """
    true = [contested(example) for example in examples]
    if not any(true):
        return None
    pairs = (("start", before), ("adapted", after))
    return {name: asdict(span_scores(true, found, exact=False)) for name, found in pairs}


def conclusion(heads: Mapping[str, Mapping[str, Any]], learnt: Set[str], start: str) -> str:
    """In one or two sentences whether the adapted model is worth taking.

    Args:
        heads: As `report_heads` gives them.
        learnt: The labels that were learnt.
        start: What the starting model is called.
    """

    def where(key: str, verdict: str) -> list[str]:
        return [head for head in HEADS if head in learnt and heads[head][key] == verdict]

    better, worse = where("verdict", GAIN), where("verdict", LOSS)
    sharper, blunter = where("probabilities", GAIN), where("probabilities", LOSS)
    if worse and not better:
        return f"worse at {_listed(worse)}: keep {start}"
    if better:
        told = "; ".join(f"{head} {_signed(heads[head]['gain'])}" for head in better)
        but = f"; but worse at {_listed(worse)}" if worse else ""
        return f"macro-F1 gained: {told}{but}"
    if sharper and not blunter:
        return (
            f"no certain gain in macro-F1: for labels keep {start}; the probabilities of "
            f"{_listed(sharper)} fit these annotations better, for these take the adapted model"
        )
    return f"no certain gain: keep {start}"


def tell(report: Mapping[str, Any], say: Say) -> None:
    """Say what a report holds: a table, what to beware of, and the conclusion.

    Args:
        report: As `adapt.adapt` writes it.
        say: Takes its lines.
    """
    heads = report["heads"]
    say("starting model -> adapted; each sentence judged by a network that has not learnt from it")
    rows: list[tuple[str, ...]] = [("", "marked", "macro-F1", "gain (95 %)", "log-loss", "ECE", "")]
    rows += [_row(head, values) for head, values in heads.items() if values["n"]]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    for head, values in heads.items():
        if values.get("left_out"):
            say(f"{head} was not learnt and keeps its calibration: {values['left_out']}")
        elif values.get("missing"):
            say(f"{head}: no item is {_listed(values['missing'])}: nothing is known of that class")
    if report["found"]:
        f1 = {name: values["f1"] for name, values in report["found"].items()}
        say(f"mentions found without being given, F1: {_change(f1)}")
    if report["elsewhere"]:
        told = ", ".join(f"{head} {_change(f1)}" for head, f1 in report["elsewhere"].items())
        say(f"on sentences of connote's own corpus, macro-F1: {told}")
    say(report["conclusion"])


def _row(head: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        head,
        str(values["n"]),
        _change(values["macro_f1"]),
        _signed(values["gain"]),
        _change(values["log_loss"]),
        _change(values["ece"]),
        "not learnt" if values["left_out"] else values["verdict"],
    )


def _change(values: Mapping[str, float]) -> str:
    return f"{values['start']:.3f} -> {values['adapted']:.3f}"


def _signed(gain: Mapping[str, float]) -> str:
    return f"{gain['observed']:+.3f} ({gain['low']:+.3f} to {gain['high']:+.3f})"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
