"""Cross-fitting: each sentence is judged by a network that has not learnt from its document.

After Chernozhukov et al. (*The Econometrics Journal* 2018); Zrnic and Candès (PNAS 2024) correct
estimates with predictions that are made so.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data.hashes import sentence_hash
from ..data.schema import CLASSES, FRAMINGS, MENTION_LABELS, Example
from ..infer.documents import FOUND_BY_LEXICON, FOUND_BY_MODEL, GIVEN
from ..infer.judge import Judge, Offsets, SentenceInput, SentenceOutput, as_input, softmax
from ..infer.mentions import LexiconMatcher
from ..infer.results import Judgement
from ..infer.staging import write_synced

_LEAST = 1e-9
_FRAMES_NOTHING = FRAMINGS.index("none")


def clusters(examples: Sequence[Example]) -> list[int]:
    """Which sentences must not be parted: those of one document, of one group, of one wording.

    Args:
        examples: Labelled records.

    Returns:
        For each the number of its cluster; linked sentences share one, however long the chain.
    """
    parents = list(range(len(examples)))

    def root(i: int) -> int:
        while parents[i] != i:
            parents[i] = parents[parents[i]]
            i = parents[i]
        return i

    first: dict[tuple[str, str], int] = {}
    for i, example in enumerate(examples):
        for tie in _ties(example):
            low, high = sorted((root(first.setdefault(tie, i)), root(i)))
            parents[high] = low
    numbers: dict[int, int] = {}
    return [numbers.setdefault(root(i), len(numbers)) for i in range(len(examples))]


def _ties(example: Example) -> Iterable[tuple[str, str]]:
    yield "wording", sentence_hash(example.text)
    if example.group is not None:
        yield "group", example.group
    if example.origin is not None:
        # The group of a sampled sentence is its document.
        yield "group", example.origin.document


def assign_folds(examples: Sequence[Example], number: int, seed: int) -> list[int]:
    """Put whole clusters into folds of like size and like labels.

    Each cluster in turn, large ones first, goes where it keeps the folds' counts of sentences
    and of every class most even.

    Args:
        examples: Labelled records, in at least `number` clusters.
        number: Of folds.
        seed: Of the order among clusters of one size.

    Returns:
        For each example its fold, from 0.
    """
    names = clusters(examples)
    counts: dict[int, Counter[str]] = {}
    for name, example in zip(names, examples, strict=True):
        counts.setdefault(name, Counter()).update(("sentence", *marks(example)))
    totals: Counter[str] = sum(counts.values(), Counter())
    order = list(counts)
    random.Random(seed).shuffle(order)  # noqa: S311 - a sample, not a secret
    order.sort(key=lambda name: -counts[name]["sentence"])
    filled: list[Counter[str]] = [Counter() for _ in range(number)]
    folds: dict[int, int] = {}
    for name in order:
        empty = [fold for fold in range(number) if not filled[fold]]
        costs = [_growth(counter, counts[name], totals) for counter in filled]
        folds[name] = min(empty or range(number), key=costs.__getitem__)
        filled[folds[name]] += counts[name]
    return [folds[name] for name in names]


def _growth(filled: Counter[str], new: Counter[str], totals: Counter[str]) -> float:
    """What the sum of squared counts grows by, rare classes weighing as much as common ones."""
    return sum(n * (2 * filled[key] + n) / totals[key] ** 2 for key, n in new.items())


def marks(example: Example) -> list[str]:
    """Every class that a sentence and its mentions are marked with, as ``head=class``."""
    found = [] if example.loaded is None else [f"loaded={str(example.loaded).lower()}"]
    for mention in example.mentions:
        labels = ((head, getattr(mention, head)) for head in MENTION_LABELS)
        found += [f"{head}={label}" for head, label in labels if label is not None]
    return found


@dataclass(frozen=True, slots=True)
class Looked:
    """A sentence as scoring meets it: no mention given, the lexicon and the model look for some.

    Attributes:
        sentence: What a judge takes, with the lexicon's mentions.
        concepts: Theirs.
    """

    sentence: SentenceInput
    concepts: tuple[str, ...]

    @classmethod
    def at(cls, example: Example, matcher: LexiconMatcher) -> Looked:
        """The sentence of a record; its mentions are not looked at."""
        found = matcher.find(example.text)
        bare = as_input(replace(example, mentions=()))
        spans = tuple((f.start, f.end) for f in found)
        sentence = replace(bare, mentions=spans, search=True)
        return cls(sentence, tuple(f.entry.concept for f in found))


@dataclass(frozen=True, slots=True)
class Predicted:
    """What one network says of a sentence, uncalibrated.

    Attributes:
        marked: Of the mentions that annotators marked.
        found: Of those that scoring finds, given the sentence alone.
    """

    marked: SentenceOutput
    found: SentenceOutput


def predict(judge: Judge, examples: Sequence[Example], looked: Sequence[Looked]) -> list[Predicted]:
    """What a judge says of sentences, of marked and of found mentions."""
    marked = judge.judge([as_input(example) for example in examples])
    found = judge.judge([look.sentence for look in looked])
    return [Predicted(*pair) for pair in zip(marked, found, strict=True)]


def write_predictions(path: Path, predictions: Sequence[Predicted]) -> None:
    """Keep predictions in a file; loaded words are not kept."""
    rows = [{"marked": _as_json(p.marked), "found": _as_json(p.found)} for p in predictions]
    write_synced(path, json.dumps(rows))


def read_predictions(path: Path) -> list[Predicted]:
    """What `write_predictions` wrote."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [Predicted(_from_json(row["marked"]), _from_json(row["found"])) for row in rows]


def _as_json(output: SentenceOutput) -> dict[str, Any]:
    heads = {str(head): getattr(output, head).tolist() for head in MENTION_LABELS}
    return {**heads, "loaded": output.loaded, "found": output.found}


def _from_json(row: Mapping[str, Any]) -> SentenceOutput:
    framing, stance, voice = (
        np.asarray(row[head], np.float32).reshape(-1, len(classes))
        for head, classes in MENTION_LABELS.items()
    )
    found = tuple((start, end) for start, end in row["found"])
    return SentenceOutput(framing, stance, voice, loaded=row["loaded"], found=found)


def found_spans(look: Looked, predicted: Predicted) -> list[Offsets]:
    """The mentions that scoring keeps in a sentence: those that frame something."""
    spans = [*look.sentence.mentions, *predicted.found.found]
    return [spans[i] for i in _framed(predicted.found)]


def _framed(output: SentenceOutput) -> list[int]:
    return [i for i, row in enumerate(output.framing) if row.argmax() != _FRAMES_NOTHING]


def calibrated(output: SentenceOutput, temperatures: Mapping[str, float]) -> SentenceOutput:
    """An output with all temperatures at 1 as it is with others."""

    def cooled(probabilities: NDArray[Any], head: str) -> NDArray[np.float32]:
        logits = np.log(np.clip(np.asarray(probabilities, np.float64), _LEAST, 1.0))
        return softmax(logits / temperatures[head]).astype(np.float32)

    loaded = cooled(np.array([1 - output.loaded, output.loaded]), "loaded")[1]
    return replace(
        output,
        framing=cooled(output.framing, "framing"),
        stance=cooled(output.stance, "stance"),
        voice=cooled(output.voice, "voice"),
        loaded=float(loaded),
    )


def crossfit_record(
    example: Example,
    look: Looked,
    predicted: Predicted,
    fold: int,
    thresholds: Mapping[str, float],
) -> dict[str, Any]:
    """A line of ``crossfit.jsonl``: what is said of an item by a network that never saw it.

    ``id`` of the record; ``fold`` in which it was kept out, from 0; ``loaded`` (``true``,
    ``false`` or ``uncertain``) and ``p_loaded``; ``marked``, the annotators' mentions in the
    record's order; ``found``, the mentions that scoring the sentence alone finds, from left to
    right, those that frame nothing left out. A mention has ``start``, ``end`` (in the sentence),
    ``found_by``, ``concept`` and, named as the columns of scores, ``framing``, ``stance``,
    ``voice`` with ``p_framing_delegitimizing`` and so on. Temperatures and thresholds are those
    that the other folds' sentences give, so that nothing here was learnt from the item.

    Args:
        example: The item.
        look: The same as scoring meets it.
        predicted: What the fold's network says, calibrated.
        fold: In which the item was kept out.
        thresholds: Of the fold.
    """
    loaded = [1 - predicted.marked.loaded, predicted.marked.loaded]
    lexical = look.sentence.mentions
    spans = [*lexical, *predicted.found.found]
    by = [FOUND_BY_LEXICON] * len(lexical) + [FOUND_BY_MODEL] * len(predicted.found.found)
    concepts = [*look.concepts, *(None for _ in predicted.found.found)]
    return {
        "id": example.id,
        "fold": fold,
        "loaded": Judgement.decide(CLASSES["loaded"], loaded, thresholds["loaded"]).label,
        "p_loaded": _digits(predicted.marked.loaded),
        "marked": [
            _mention((m.start, m.end), GIVEN, m.concept, predicted.marked, i, thresholds)
            for i, m in enumerate(example.mentions)
        ],
        "found": [
            _mention(spans[i], by[i], concepts[i], predicted.found, i, thresholds)
            for i in sorted(_framed(predicted.found), key=spans.__getitem__)
        ],
    }


def _mention(
    span: Offsets,
    found_by: str,
    concept: str | None,
    output: SentenceOutput,
    row: int,
    thresholds: Mapping[str, float],
) -> dict[str, Any]:
    record: dict[str, Any] = {"start": span[0], "end": span[1]}
    record |= {"found_by": found_by, "concept": concept}
    nothing = output.framing[row].argmax() == _FRAMES_NOTHING
    chances: dict[str, float] = {}
    for head, classes in MENTION_LABELS.items():
        judgement = Judgement.decide(classes, getattr(output, head)[row].tolist(), thresholds[head])
        record[head] = None if nothing and head != "framing" else judgement.label
        chances |= {f"p_{head}_{c}": _digits(p) for c, p in judgement.probabilities.items()}
    return {**record, **chances}


def _digits(probability: float) -> float:
    return round(probability, 6)
