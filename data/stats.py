"""The numbers that describe a corpus: what its datasheet tells."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from .agreement import agreement
from .audit import ENOUGH_TO_JUDGE, rare_share
from .labels import expressions
from .schema import FRAMINGS, STANCES, VOICES, Example
from .smell import smell
from .symmetry import shares_of_sides


def corpus_stats(splits: dict[str, list[Example]]) -> dict[str, Any]:
    """Counts, balance, variety, symmetry and agreement of a corpus.

    Args:
        splits: The examples of each split by its name.

    Returns:
        Plain values, ready for JSON. ``template`` is there from 200 sentences on,
        ``agreement`` where at least two annotators labelled the same units.
    """
    everything = [example for examples in splits.values() for example in examples]
    counts = Counter(expressions(everything))
    return {
        "splits": {split: _sizes(examples) for split, examples in splits.items()},
        "all": _sizes(everything),
        "topics": _counted(example.topic for example in everything),
        "registers": _counted(example.register for example in everything),
        "contrast_events": dict(contrast_events(everything).most_common()),
        "phenomena": _phenomena(everything),
        "balance": {
            "stance": _cells(everything, "stance", STANCES),
            "voice": _cells(everything, "voice", VOICES),
        },
        "loaded": _counted(example.loaded for example in everything),
        "labels": {
            "expressions": len(counts),
            "most_frequent": dict(counts.most_common(10)),
            "rare_share": rare_share(counts) if counts else None,
        },
        "marked": _marked(everything),
        "template": _template(everything),
        "sides": [
            {"kind": s.kind, "name": s.name, "mentions": s.mentions, "points": dict(s.points)}
            for s in shares_of_sides(everything)
        ],
        "agreement": agreement(everything),
    }


def _sizes(examples: Sequence[Example]) -> dict[str, int]:
    return {
        "sentences": len(examples),
        "mentions": sum(len(example.mentions) for example in examples),
        "groups": len({example.group for example in examples} - {None}),
    }


def _counted(values: Iterable[str | bool | None]) -> dict[str, int]:
    counts = Counter(_shown(value) for value in values if value is not None)
    return dict(counts.most_common())


def _shown(value: str | bool) -> str:
    """As JSON writes it."""
    return str(value).lower() if isinstance(value, bool) else value


def _phenomena(examples: Iterable[Example]) -> dict[str, dict[str, int]]:
    sentences: Counter[str] = Counter()
    mentions: Counter[str] = Counter()
    for example in examples:
        if example.phenomenon is not None:
            sentences[example.phenomenon] += 1
            mentions[example.phenomenon] += len(example.mentions)
    return {
        name: {"sentences": number, "mentions": mentions[name]}
        for name, number in sentences.most_common()
    }


def _cells(
    examples: Iterable[Example], other: str, values: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Mentions by framing and another label; a framing of ``none`` has no other."""
    cells = Counter(
        (mention.framing, getattr(mention, other))
        for example in examples
        for mention in example.mentions
    )
    return {
        framing: {value: cells[framing, value] for value in values}
        for framing in FRAMINGS
        if framing != "none"
    }


def _marked(examples: Sequence[Example]) -> dict[str, float | None]:
    """Shares of mentions with a referent, and of reported ones with a speaker."""
    mentions = [mention for example in examples for mention in example.mentions]
    reported = [m for m in mentions if m.voice in ("attributed", "quoted")]
    return {
        "referent": _share([m.referent is not None for m in mentions]),
        "speaker": _share([m.speaker is not None for m in reported]),
    }


def _share(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None


def _template(examples: Sequence[Example]) -> dict[str, Any] | None:
    if len(examples) < ENOUGH_TO_JUDGE:
        return None
    found = smell(examples)
    return {
        "repeated_skeletons": found.repeated_share,
        "opening": found.opening,
        "opening_share": found.opening_share,
    }


def contrast_events(examples: Iterable[Example]) -> Counter[str]:
    """How many groups tell their event at least twice, by what the retellings differ in."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for example in examples:
        if example.group is not None and example.contrast is not None:
            groups[example.group].append(example.contrast)
    return Counter(contrasts[0] for contrasts in groups.values() if len(contrasts) > 1)
