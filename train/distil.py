"""Distillation: what a network and a baseline say together, learnt by the network.

A baseline of words is wrong elsewhere than a transformer, so that their mean is better than
either on sentences that neither has seen (Hinton, Vinyals and Dean 2015 on learning from an
ensemble). The network takes it up on sentences without labels, and costs no more to run.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from ..data.hashes import sentence_hash
from ..data.lexicon import load_lexicon
from ..data.schema import MENTION_LABELS, Example, Mention
from ..infer.baseline import BaselineJudge
from ..infer.encoder import EncoderJudge
from ..infer.folder import UNCALIBRATED, open_model, write_config
from ..infer.judge import SentenceOutput, as_input, softmax
from ..infer.mentions import LexiconMatcher
from ..infer.spans import without_overlaps
from .baseline import FILES, train_baseline
from .corpora import Corpora
from .evaluate import judge_examples
from .features import Targets, marked_targets
from .recipe import Distillation, Recipe

FOUND = 0.4
"""Least probability of a mention that the network finds in sentences without labels."""
_LEAST = 1e-4


def distilled(
    recipe: Recipe,
    distil: Distillation,
    corpora: Corpora,
    judge: EncoderJudge,
) -> tuple[list[Example], list[Targets]]:
    """What is learnt from in the second round.

    Args:
        recipe: How the network was trained.
        distil: How it shall go on.
        corpora: What it has learnt from, what it is chosen by, and the sentences to be judged.
        judge: Runs the network as it is.

    Returns:
        Examples, and for each what its mentions should be told as: what network and baseline
        say together for sentences without labels, the labels for some of the labelled ones.
    """
    known = {sentence_hash(e.text) for part in (corpora.train, corpora.dev) for e in part}
    fresh = {sentence_hash(e.text): e for e in corpora.unlabelled}
    examples = _with_mentions([e for h, e in fresh.items() if h not in known], judge)
    own = judge_examples(judge, examples)
    theirs = judge_examples(_baseline(recipe, corpora), examples)
    targets = [_together(a, b, distil.baseline) for a, b in zip(own, theirs, strict=True)]
    draw = random.Random(recipe.seed)  # noqa: S311 - a sample, not a secret
    again = draw.sample(corpora.train, round(len(corpora.train) * distil.labelled))
    return [*examples, *again], [*targets, *map(marked_targets, again)]


def _with_mentions(examples: Sequence[Example], judge: EncoderJudge) -> list[Example]:
    """Nothing but the sentences, with the mentions they come with and all that are found."""
    matcher = LexiconMatcher(load_lexicon())
    bare = []
    for example in examples:
        spans = [(m.start, m.end) for m in example.mentions]
        spans += without_overlaps(((f.start, f.end) for f in matcher.find(example.text)), spans)
        mentions = tuple(Mention(start, end) for start, end in sorted(spans))
        bare.append(replace(example, mentions=mentions, loaded=None, loaded_spans=None))
    outputs = judge.judge([replace(as_input(example), search=True) for example in bare])
    return [
        replace(e, mentions=(*e.mentions, *(Mention(start, end) for start, end in output.found)))
        for e, output in zip(bare, outputs, strict=True)
    ]


def _baseline(recipe: Recipe, corpora: Corpora) -> BaselineJudge:
    with TemporaryDirectory() as name:
        folder = Path(name)
        train_baseline(recipe, corpora.train, folder)
        config = {"name": "teacher", "kind": "baseline", **UNCALIBRATED}
        write_config(folder, config, FILES)
        return BaselineJudge(open_model(folder))


def _together(own: SentenceOutput, other: SentenceOutput, shares: Mapping[str, float]) -> Targets:
    return {
        name: _mixed(getattr(own, name), getattr(other, name), shares[name])
        for name in MENTION_LABELS
    }


def _mixed(
    own: NDArray[np.float32], other: NDArray[np.float32], share: float
) -> NDArray[np.float32]:
    """The normalised geometric mean of two distributions."""
    logs = [np.log(np.clip(p, _LEAST, 1)) for p in (own, other)]
    return softmax((1 - share) * logs[0] + share * logs[1]).astype(np.float32)
