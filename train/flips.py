"""Which labels become others when a sentence is changed in ways whose effect is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..data.schema import CLASSES, HEADS, Example
from ..data.swaps import Swap, swapped
from ..infer.judge import Judge, SentenceOutput
from .evaluate import judge_examples, judged
from .figures import Place, Share, Sliced, place_of, share_of, sliced
from .probes import FORMS, Reporter, as_quotation, in_own_voice, inside_quotation

STAYING_HEADS = ("framing", "stance")
"""What stays as it is whoever speaks."""

Hits = list[tuple[Place, bool]]
Shares = Mapping[str, Sliced[Share]]
Changed = tuple[Example, SentenceOutput, Example]
"""A record, what was said of it, and the record after a change."""


@dataclass(frozen=True, slots=True)
class SwapProbe:
    """What happens when names are exchanged.

    Attributes:
        sentences: Sentences in which names were exchanged.
        not_found: Exchanges whose record is not among those given.
        flips: For each head the share of labels that become another.
    """

    sentences: int
    not_found: int
    flips: Shares


@dataclass(frozen=True, slots=True)
class VoiceProbe:
    """What happens when a sentence in the outlet's own voice is put into another's mouth.

    Attributes:
        sentences: Sentences that were.
        own_before: Share of their mentions whose voice was named `own` as they are.
        voice: Share whose voice is named as the change makes it.
        framing: Share whose framing stays what it was named.
        stance: Share whose stance stays what it was named.
    """

    sentences: int
    own_before: Sliced[Share]
    voice: Sliced[Share]
    framing: Sliced[Share]
    stance: Sliced[Share]


def swap_flips(judge: Judge, swaps: Sequence[Swap], corpus: Sequence[Example]) -> SwapProbe:
    """How often a label becomes another when names are exchanged.

    Args:
        judge: A trained model.
        swaps: Names to exchange, checked by `read_swaps`.
        corpus: The records they name.
    """
    by_id = {example.id: example for example in corpus}
    found = [(by_id[swap.id], swap) for swap in swaps if swap.id in by_id]
    pairs = [(example, swapped(example, swap.pairs)) for example, swap in found]
    outputs = judge_examples(judge, [example for example, _ in pairs])
    changed = [
        (example, output, other)
        for (example, other), output in zip(pairs, outputs, strict=True)
        if other is not None
    ]
    return SwapProbe(len(changed), len(swaps) - len(found), _flips(judge, changed))


def _flips(judge: Judge, changed: Sequence[Changed]) -> Shares:
    """The share of labels, among those that the records mark, that a change turns over."""
    after = judge_examples(judge, [other for _, _, other in changed])
    hits: dict[str, Hits] = {head: [] for head in HEADS}
    for (example, before, _), output in zip(changed, after, strict=True):
        place = place_of([example])
        for head in HEADS:
            pairs = zip(named(example, before, head), named(example, output, head), strict=True)
            hits[head] += [(place, one != other) for (_, one), (_, other) in pairs]
    return {head: sliced(found, share_of) for head, found in hits.items()}


def named(example: Example, output: SentenceOutput, head: str) -> list[tuple[int, int]]:
    """The true class and the most probable one of everything in a sentence that is marked.

    Args:
        example: A labelled record.
        output: What a judge said of it.
        head: One of the four judgements.
    """
    return [(gold, int(np.argmax(row))) for gold, row in judged(example, output, head)]


def form_flips(
    judge: Judge, examples: Sequence[Example], before: Sequence[SentenceOutput]
) -> dict[str, Shares]:
    """How often a label becomes another with casing and punctuation, where these change."""
    flips = {}
    for name, change in FORMS.items():
        pairs = ((e, output, change(e)) for e, output in zip(examples, before, strict=True))
        flips[name] = _flips(judge, [(e, o, other) for e, o, other in pairs if other is not None])
    return flips


def voice_shifts(
    judge: Judge,
    examples: Sequence[Example],
    before: Sequence[SentenceOutput],
    reporter: Reporter,
) -> dict[str, VoiceProbe]:
    """What becomes of sentences in the outlet's own voice when somebody else says them.

    Args:
        judge: A trained model.
        examples: Labelled records; those in another voice are passed over.
        before: What it said of them.
        reporter: Knows which words are names.
    """
    own = [(e, o) for e, o in zip(examples, before, strict=True) if in_own_voice(e)]
    changes = {
        "quotation": ("quoted", as_quotation),
        "report": ("attributed", reporter.reported),
        "open quotation": ("quoted", inside_quotation),
    }
    probes = {}
    for name, (voice, change) in changes.items():
        pairs = ((e, output, change(e)) for e, output in own)
        changed = [(e, output, other) for e, output, other in pairs if other is not None]
        probes[name] = _voice_shift(judge, changed, CLASSES["voice"].index(voice))
    return probes


def _voice_shift(judge: Judge, changed: Sequence[Changed], voice: int) -> VoiceProbe:
    after = judge_examples(judge, [other for _, _, other in changed])
    hits: defaultdict[str, Hits] = defaultdict(list)
    for (example, before, _), output in zip(changed, after, strict=True):
        place = place_of([example])
        hits["own"] += [(place, gold == n) for gold, n in named(example, before, "voice")]
        hits["voice"] += [(place, n == voice) for _, n in named(example, output, "voice")]
        for head in STAYING_HEADS:
            pairs = zip(named(example, before, head), named(example, output, head), strict=True)
            hits[head] += [(place, one == other) for (_, one), (_, other) in pairs]
    shares = {name: sliced(hits[name], share_of) for name in ("own", "voice", *STAYING_HEADS)}
    own = shares.pop("own")
    return VoiceProbe(len(changed), own_before=own, **shares)
