"""Gold samples of a scored archive, for tests of studies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from connote.data.schema import Annotation, Example, Mention, write_examples
from connote.study.sample_folder import SampledItem
from connote.study.sampling import draw
from connote.study.scores import open_scores

Coder = Callable[[SampledItem], tuple[Mention, ...]]


def as_predicted(item: SampledItem) -> tuple[Mention, ...]:
    """A coder who agrees with the classifier in everything it decides."""
    return tuple(
        Mention(
            m.start,
            m.end,
            concept=m.concept,
            referent=m.referent,
            speaker=m.speaker,
            framing=m.framing if m.framing != "uncertain" else "neutral",
            stance=m.stance if m.stance != "uncertain" else "neutral",
            voice=m.voice if m.voice != "uncertain" else "own",
        )
        for m in item.mentions
    )


def write_gold(
    scores: Path, path: Path, size: int = 120, coder: Coder = as_predicted, loaded: bool = True
) -> Path:
    """Draw a sample of scores, let a coder label it, and write gold records."""
    with open_scores(scores) as opened:
        drawn = draw(opened, size, ("outlet", "predicted"), seed=3)
    write_examples(
        path, [record(item, coder(item), loaded if loaded else None) for item in drawn.items]
    )
    return path


def record(item: SampledItem, mentions: tuple[Mention, ...], loaded: bool | None) -> Example:
    """A gold record with one annotator."""
    notes = [Annotation("a", loaded=loaded)]
    notes += [Annotation("a", i, m.framing, m.stance, m.voice) for i, m in enumerate(mentions)]
    return Example(
        id=item.id,
        text=item.text,
        mentions=mentions,
        group=item.document,
        loaded=loaded,
        annotations=tuple(notes),
        origin=item.origin,
    )
