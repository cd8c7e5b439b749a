"""What is wrong with a corpus: leaks between its splits, templates, one-sidedness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .checks import shorten
from .duplicates import SIMILAR, near_duplicates
from .labels import CONTESTED, expression, expressions, head_lemmas
from .schema import Example
from .smell import FEW_GROUPS, smell
from .symmetry import ENOUGH_MENTIONS, MOST_POINTS, shares_of_sides

Splits = Mapping[str, Sequence[Example]]

TRAIN = "train"
UNSEEN = "unseen"
MOST_REPEATED = 0.01
MOST_OPENING = 0.015
MOST_OF_ONE_LABEL = 0.02
LEAST_RARE = 0.40
RARE = 3
ENOUGH_TO_JUDGE = 200
"""Fewest sentences whose shares say something about templates and labels."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a corpus.

    Attributes:
        check: ``leak``, ``near-duplicate``, ``unseen``, ``template``, ``variety`` or
            ``symmetry``.
        where: The sentences, label or side it is about.
        found: What was found.
        allowed: What was expected.
    """

    check: str
    where: str
    found: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.check}: {self.where}: found {self.found}; allowed: {self.allowed}"


def audit(splits: Splits) -> list[Finding]:
    """Look for everything that makes a corpus's scores mean less than they seem to.

    Args:
        splits: The examples of each split by its name. Of a split with ``unseen`` in its
            name, topics and the heads of contested labels must not occur in ``train``.

    Returns:
        The findings, none if all is well. Templates and variety are judged from 200
        sentences on, a side from 60 mentions on.
    """
    everything = [example for examples in splits.values() for example in examples]
    return [
        *_leaks(splits),
        *_near_duplicates(splits),
        *_unseen(splits),
        *_templates(everything),
        *_variety(everything),
        *_symmetry(everything),
    ]


def _leaks(splits: Splits) -> Iterator[Finding]:
    for key in ("group", "text", "id"):
        homes: dict[str, str] = {}
        told: set[str] = set()
        for split, examples in splits.items():
            for example in examples:
                value = getattr(example, key)
                if value is None or value in told:
                    continue
                home = homes.setdefault(value, split)
                if home != split:
                    told.add(value)
                    where = f"{key} {shorten(value)}"
                    yield Finding("leak", where, f"in {home} and in {split}", "one split")


def _near_duplicates(splits: Splits) -> Iterator[Finding]:
    placed = [(split, example) for split, examples in splits.items() for example in examples]
    texts = [example.text for _, example in placed]
    for i, j, similarity in near_duplicates(texts, [split for split, _ in placed]):
        (one, first), (other, second) = placed[i], placed[j]
        if first.text != second.text:  # else it is a leak
            yield Finding(
                "near-duplicate",
                f"{shorten(first.id)} in {one}, {shorten(second.id)} in {other}",
                f"Jaccard similarity {similarity:.2f} of word 4-grams",
                f"at most {SIMILAR} across splits",
            )


def _unseen(splits: Splits) -> Iterator[Finding]:
    train = splits.get(TRAIN)
    if train is None:
        for split in splits:
            if UNSEEN in split:
                yield Finding("unseen", split, f"no split called {TRAIN}", "one to hold it against")
        return
    topics = {example.topic for example in train} - {None}
    heads = {head for label in expressions(train) for head in head_lemmas(label)}
    for split, examples in splits.items():
        if UNSEEN not in split:
            continue
        for topic in sorted({e.topic for e in examples if e.topic in topics and e.topic}):
            yield Finding(
                "unseen", f"topic {shorten(topic)}", f"in {split} and {TRAIN}", f"not in {TRAIN}"
            )
        for head, where in _contested_heads(examples).items():
            if head in heads:
                yield Finding(
                    "unseen",
                    f"head {shorten(head)} of a contested label in {shorten(where)} of {split}",
                    f"a label with this head in {TRAIN}",
                    f"heads that no label of {TRAIN} has",
                )


def _contested_heads(examples: Iterable[Example]) -> dict[str, str]:
    """The heads of contested labels, each with the first sentence that has it."""
    found: dict[str, str] = {}
    for example in examples:
        for mention in example.mentions:
            if mention.framing in CONTESTED:
                for head in sorted(head_lemmas(expression(example, mention))):
                    found.setdefault(head, example.id)
    return found


def _templates(examples: Sequence[Example]) -> Iterator[Finding]:
    if len(examples) < ENOUGH_TO_JUDGE:
        return
    found = smell(examples)
    if found.repeated_share > MOST_REPEATED:
        yield Finding(
            "template",
            f"{', '.join(map(shorten, found.repeated[:3]))} …",
            f"{found.repeated_share:.1%} of sentences with a skeleton of more than "
            f"{FEW_GROUPS} groups",
            f"at most {MOST_REPEATED:.0%}",
        )
    if found.opening_share > MOST_OPENING:
        share = f"{found.opening_share:.1%} of sentences"
        yield Finding(
            "template", f"opening {shorten(found.opening)}", share, f"at most {MOST_OPENING:.1%}"
        )


def _variety(examples: Sequence[Example]) -> Iterator[Finding]:
    counts = Counter(expressions(examples))
    if len(examples) < ENOUGH_TO_JUDGE or not counts:
        return
    total = counts.total()
    (label, times), *_ = counts.most_common(1)
    if times > MOST_OF_ONE_LABEL * total:
        share = f"{times / total:.1%} of mentions"
        yield Finding(
            "variety", f"label {shorten(label)}", share, f"at most {MOST_OF_ONE_LABEL:.0%}"
        )
    rare = rare_share(counts)
    if rare < LEAST_RARE:
        yield Finding(
            "variety",
            f"labels that occur {RARE} times or less",
            f"{rare:.0%} of mentions",
            f"at least {LEAST_RARE:.0%}",
        )


def rare_share(counts: Counter[str]) -> float:
    """The share of mentions whose expression occurs three times or less.

    Args:
        counts: Of each expression, at least one.
    """
    return sum(times for times in counts.values() if times <= RARE) / counts.total()


def _symmetry(examples: Sequence[Example]) -> Iterator[Finding]:
    for shares in shares_of_sides(examples):
        if shares.departure > MOST_POINTS:
            framing = max(shares.points, key=lambda name: abs(shares.points[name]))
            yield Finding(
                "symmetry",
                f"{shares.kind} {shorten(shares.name)}",
                f"{framing} {shares.points[framing]:+.0f} points from the corpus, "
                f"over {shares.mentions} mentions",
                f"at most {MOST_POINTS:.0f} points over {ENOUGH_MENTIONS} mentions or more",
            )
