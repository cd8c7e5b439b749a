"""Training examples made from others by a change whose effect on the labels is certain."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from ..data.schema import Example, Mention
from ..infer.quotes import quotations_of_sentence


def inside_quotations(examples: Sequence[Example], share: float, seed: int) -> list[Example]:
    """Copies of sentences as they would stand inside a quotation opened earlier.

    By the codebook every mention of such a sentence is quoted; framing and stance stay.
    Corpora of single sentences hardly show the case, documents are full of it.

    Args:
        examples: Labelled records; those with marks of their own, or without a voice, are
            passed over.
        share: Share of the others that is copied.
        seed: Of the draw.
    """
    plain = [
        example
        for example in examples
        if not example.in_quote
        and any(mention.voice for mention in example.mentions)
        and not quotations_of_sentence(example.text)
    ]
    draw = random.Random(seed)  # noqa: S311 - a sample, not a secret
    return [_quoted(example) for example in draw.sample(plain, round(len(plain) * share))]


def _quoted(example: Example) -> Example:
    mentions = tuple(
        replace(mention, voice="quoted") if mention.voice else mention
        for mention in example.mentions
    )
    return replace(example, id=f"{example.id}-quoted", in_quote=True, mentions=mentions)


def without_plain_stance(examples: Sequence[Example]) -> list[Example]:
    """The same with no stance where a judging label is marked `neutral`.

    By the corpus's conventions a judging label in a routine sentence leaves the stance
    neutral, and the corpus has many such sentences to set label and stance apart. Annotators
    of real news see it in one of fifty judging labels; learnt from, it makes a model too
    ready to call the stance neutral there.
    """
    return [
        replace(example, mentions=tuple(map(_without_plain_stance, example.mentions)))
        for example in examples
    ]


def _without_plain_stance(mention: Mention) -> Mention:
    judging = mention.framing in ("delegitimizing", "legitimizing")
    return replace(mention, stance=None) if judging and mention.stance == "neutral" else mention
