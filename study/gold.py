"""Gold labels of sentences that were drawn from an archive: read, checked, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd

from ..data.checks import shorten
from ..data.errors import ConnoteError
from ..data.origin import Origin
from ..data.schema import Example, Mention, read_examples
from .crossfit import use_crossfit
from .estimators import Sample
from .gold_units import OF_MENTIONS
from .scores import Scores
from .totals import ITEM, SCORED

_CLOSE = 1e-6
_NUMBERS = count()


class GoldError(ConnoteError):
    """Gold labels that no estimate can be corrected with."""


class Gold:
    """A gold sample of one archive.

    Args:
        path: Records with their origin, as `connote import` writes them.
        scores: Of the archive they were drawn from; it gets a table of the sentences.
        crossfit: Judgements of the sentences by networks that never saw them, where the model that
            scored learnt from them.

    Attributes:
        examples: The records; referents, concepts and speakers as the archive writes them.
        table: Of the gold sentences, in the scores.
        drawn: Sentences that were drawn from the strata that records are of.
        source: Where the classifier's labels of the sentences stand.
        judged: Positions of the sentences that it judged.

    Raises:
        GoldError: If records have no origin, or do not fit the scores or each other.
        RecordError: If the file is not as records are.
    """

    def __init__(self, path: Path, scores: Scores, crossfit: Path | None = None) -> None:
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
        self.source, self.judged = SCORED, tuple(range(len(self.examples)))
        self.crossfitted = crossfit is not None
        if crossfit is not None:
            found = use_crossfit(crossfit, self.examples, self.table, scores)
            self.source, self.judged = found[0], tuple(sorted(found[1]))

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
