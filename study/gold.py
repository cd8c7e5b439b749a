"""Gold labels of sentences that were drawn from an archive: read, checked, counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd

from ..data.agreement import ADJUDICATED
from ..data.checks import shorten
from ..data.errors import ConnoteError
from ..data.origin import Origin
from ..data.schema import Annotation, Example, Mention, read_examples
from .estimators import Sample
from .measures import Measure
from .scores import NONE, Scores
from .selection import Selection
from .totals import ITEM

OF_MENTIONS = {"referent": "referent", "concept": "concept", "speaker_name": "speaker"}
"""Columns of mentions that gold labels know, and what a record calls them."""
_CLOSE = 1e-6
_NUMBERS = count()

Key = tuple[str, ...]


class GoldError(ConnoteError):
    """Gold labels that no estimate can be corrected with."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One annotator's view of a mention, or of a sentence: its place there is ``None``.

    Attributes:
        mention: What was judged.
        labels: The judgement.
    """

    mention: Mention
    labels: Annotation | Mention


class Gold:
    """A gold sample of one archive.

    Args:
        path: Records with their origin, as `connote import` writes them.
        scores: Of the archive they were drawn from; it gets a table of the sentences.

    Attributes:
        examples: The records; referents, concepts and speakers as the archive writes them.
        table: Of the gold sentences, in the scores.
        drawn: Sentences that were drawn from the strata that records are of.

    Raises:
        GoldError: If records have no origin, or do not fit the scores or each other.
        RecordError: If the file is not as records are.
    """

    def __init__(self, path: Path, scores: Scores) -> None:
        if not path.is_file():
            raise GoldError(
                f"{path}: expected a file of gold records, found none; connote import writes one"
            )
        self.path = path
        self.examples = read_examples(path)
        self._strata = self._check_design()
        self.table = f"connote_gold_{next(_NUMBERS)}"
        scores.register(self.table, self._places())
        self._check_scores(scores)
        self.examples = _spelt(self.examples, scores)
        self.drawn = sum(origin.sampled for origin in self._strata.values())
        frame = sum(origin.population for origin in self._strata.values())
        total = int(scores.sql("SELECT count(*) AS n FROM sentences")["n"][0])
        if frame > total:
            raise GoldError(
                f"{path}: expected a sample of the {total:,} sentences of {scores.path}, found one "
                f"of {frame:,}; give the scores that the sample was drawn from"
            )
        self._total = total

    def sample(self, items: Sequence[int]) -> Sample:
        """The design of some of the sentences, those of a stratum weighing the same.

        Args:
            items: Positions of the sentences with labels; at least one.
        """
        strata = [self.origin(i).stratum for i in items]
        counts = Counter(strata)
        names = sorted(counts)
        sizes = np.array([self._strata[name].population for name in names], float)
        return Sample(
            stratum=np.array([names.index(name) for name in strata], np.int64),
            population=sizes * self._total / sizes.sum(),
            sampled=np.array([counts[name] for name in names], float),
            document=np.unique([self.origin(i).document for i in items], return_inverse=True)[1],
        )

    def missing(self, items: Sequence[int]) -> int:
        """Sentences of the archive in strata of which none of some gold sentences is.

        Args:
            items: Positions of the sentences with labels.
        """
        there = {self.origin(i).stratum for i in items}
        return self._total - sum(self._strata[name].population for name in there)

    def origin(self, item: int) -> Origin:
        """How a sentence was drawn."""
        origin = self.examples[item].origin
        if origin is None:
            raise GoldError(
                f"{self.path}: expected records with an origin, found "
                f"{shorten(self.examples[item].id)} without; draw sentences with connote sample"
            )
        return origin

    def unnamed(self, attribute: str) -> int:
        """Gold mentions without a referent, concept or speaker."""
        return sum(getattr(m, attribute) is None for e in self.examples for m in e.mentions)

    def _places(self) -> pd.DataFrame:
        origins = [self.origin(i) for i in range(len(self.examples))]
        return pd.DataFrame(
            {
                ITEM: range(len(origins)),
                "doc_id": [origin.document for origin in origins],
                "sentence": [origin.sentence for origin in origins],
            }
        )

    def _check_design(self) -> dict[str, Origin]:
        """One origin of each stratum; sizes and probabilities agree with each other."""
        if not self.examples:
            raise GoldError(f"{self.path}: expected gold records, found none")
        strata: dict[str, Origin] = {}
        seen: set[tuple[str, int]] = set()
        for i, example in enumerate(self.examples):
            origin = self.origin(i)
            first = strata.setdefault(origin.stratum, origin)
            sizes = (origin.population, origin.sampled)
            if sizes != (first.population, first.sampled):
                self._refuse(example, f"stratum {origin.stratum} of one size", f"two: {sizes}")
            if abs(origin.probability - origin.sampled / origin.population) > _CLOSE:
                expected = f"probability {origin.sampled}/{origin.population} of its stratum"
                self._refuse(example, expected, str(origin.probability))
            place = (origin.document, origin.sentence)
            if place in seen:
                self._refuse(example, "each sentence once", "its sentence a second time")
            seen.add(place)
        drawn = Counter(self.origin(i).stratum for i in range(len(self.examples)))
        for name, number in drawn.items():
            if number > strata[name].sampled:
                raise GoldError(
                    f"{self.path}: expected at most {strata[name].sampled} sentences of stratum "
                    f"{shorten(name)}, the number drawn, found {number}; give one sample"
                )
        return strata

    def _refuse(self, example: Example, expected: str, found: str) -> None:
        raise GoldError(
            f"{self.path}: {shorten(example.id)}: expected {expected}, found {found}; "
            "give the records as connote import wrote them"
        )

    def _check_scores(self, scores: Scores) -> None:
        found = scores.sql(
            f"SELECT {ITEM}, sentence_text FROM sentences JOIN {self.table} "
            "USING (doc_id, sentence)"
        )
        texts = dict(zip(found[ITEM], found["sentence_text"], strict=True))
        wrong = [e.id for i, e in enumerate(self.examples) if texts.get(i) != e.text]
        if wrong:
            raise GoldError(
                f"{self.path}: expected sentences of {scores.path}, found {len(wrong)} of "
                f"{len(self.examples)} that are not there with this text, first "
                f"{shorten(wrong[0])}; give the scores that the sample was drawn from"
            )


def _spelt(examples: Sequence[Example], scores: Scores) -> list[Example]:
    """The records with names of mentions as the archive writes them, whatever their case."""
    known = {attribute: _spellings(scores, column) for column, attribute in OF_MENTIONS.items()}

    def spelt(mention: Mention) -> Mention:
        names = {name: getattr(mention, name) for name in known}
        found = {n: known[n].get(v.lower(), v) for n, v in names.items() if v is not None}
        return replace(mention, **found)

    return [replace(e, mentions=tuple(map(spelt, e.mentions))) for e in examples]


def _spellings(scores: Scores, column: str) -> Mapping[str, str]:
    """The commonest spelling of each name."""
    found = scores.sql(
        f"SELECT lower({column}) AS folded, mode({column}) AS name FROM mentions "
        f"WHERE {column} IS NOT NULL GROUP BY 1"
    )
    return dict(zip(found["folded"], found["name"], strict=True))


def units(
    example: Example, measure: Measure, selection: Selection, columns: Sequence[str]
) -> Mapping[Key, tuple[float, float]] | None:
    """Gold units of a sentence: of the class and in all, the mean over its annotators.

    An annotator named ``adjudicated`` counts alone. A record without single judgements counts
    with its own labels.

    Args:
        example: The record.
        measure: What is measured.
        selection: Which mentions count.
        columns: Of `OF_MENTIONS`; their values make the groups.

    Returns:
        For each group the two numbers; groups without units are absent. Nothing where no
        annotator gave the labels that are asked for.
    """
    views = [
        _counted(view, loaded, measure, selection, columns) for view, loaded in _views(example)
    ]
    complete = [view for view in views if view is not None]
    if not complete:
        return None
    sums: defaultdict[Key, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for view in complete:
        for key, (of_class, all_units) in view.items():
            sums[key][0] += of_class / len(complete)
            sums[key][1] += all_units / len(complete)
    return {key: (found[0], found[1]) for key, found in sums.items()}


def _views(example: Example) -> Iterator[tuple[list[Judged], bool | None]]:
    """What each annotator saw in a sentence, and whether they found it loaded."""
    names = list(dict.fromkeys(note.annotator for note in example.annotations))
    if not names:
        yield [Judged(mention, mention) for mention in example.mentions], example.loaded
        return
    for name in [ADJUDICATED] if ADJUDICATED in names else names:
        notes = [note for note in example.annotations if note.annotator == name]
        loaded = [n.loaded for n in notes if n.mention is None and n.loaded is not None]
        judged = [Judged(example.mentions[n.mention], n) for n in notes if n.mention is not None]
        yield judged, loaded[-1] if loaded else None


def _counted(
    judged: Sequence[Judged],
    loaded: bool | None,
    measure: Measure,
    selection: Selection,
    columns: Sequence[str],
) -> dict[Key, tuple[float, float]] | None:
    inside: list[Judged] = []
    asked = judged if selection.of_mentions or not measure.of_sentences else ()
    for one in asked:
        selected = _selected(one, selection)
        if selected is None:
            return None
        if selected:
            inside.append(one)
    if measure.of_sentences:
        if loaded is None:
            return None
        there = bool(inside) or not selection.of_mentions
        return {(): (float(loaded), 1.0)} if there else {}
    found: defaultdict[Key, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one in inside:
        label = getattr(one.labels, measure.head)
        if label is None:
            return None
        key = tuple(getattr(one.mention, OF_MENTIONS[column]) or NONE for column in columns)
        found[key][0] += float(label == measure.value)
        found[key][1] += 1.0
    return {key: (of_class, number) for key, (of_class, number) in found.items()}


def _selected(judged: Judged, selection: Selection) -> bool | None:
    """Whether a mention counts; nothing where the label that would tell is missing."""
    for wanted, value in (
        (selection.referent, judged.mention.referent),
        (selection.concept, judged.mention.concept),
        (selection.speaker, judged.mention.speaker),
    ):
        if wanted is not None and (value is None or value.lower() != wanted.lower()):
            return False
    if judged.labels.framing is None:
        return None
    if judged.labels.framing == "none":
        return False
    if selection.voices is None:
        return True
    return None if judged.labels.voice is None else judged.labels.voice in selection.voices
