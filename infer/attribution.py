"""Speakers and referents of the mentions of a judged document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..data.labels import CONTESTED
from ..data.lexicon import Lexicon
from ..data.names import Names, tidy
from .antecedents import Antecedents
from .documents import Prepared
from .kinds import OTHER, kind_of
from .labels import Label
from .mentions import LexiconMatcher
from .reference import Source
from .referents import Referents
from .results import UNRESOLVED, Judgement, ScoredMention, ScoredSentence, Speaker
from .speakers import Speakers

_BESIDE = 60
_BREAK = re.compile(r"[^\w’' -]")
_DESCRIBED = re.compile(r", (?:the |an? )?([\w’' -]+)")
"""*Russian Foreign Minister* X; X, *the Russian foreign minister*."""


class Attribution:
    """Says of each mention who speaks and whom it stands for.

    Args:
        names: What actors are called.
        lexicon: What concepts stand for.
        matcher: Finds the concept of a mention that has none.
    """

    def __init__(self, names: Names, lexicon: Lexicon, matcher: LexiconMatcher) -> None:
        self._names = names
        self._lexicon = lexicon
        self._matcher = matcher

    def add(
        self, text: str, prepared: Prepared, sentences: list[ScoredSentence]
    ) -> list[ScoredSentence]:
        """The sentences with their mentions' speakers and referents.

        Args:
            text: The document.
            prepared: Its parts.
            sentences: Its judged sentences.
        """
        framed = [m for s in sentences for m in s.mentions if m.framing.raw != "none"]
        if not framed:
            return sentences
        speakers = Speakers(
            text, prepared.paragraphs, prepared.spans, prepared.quotations, self._names
        )
        framed = [self._as_headline(text, speakers, mention) for mention in framed]
        spoken = [self._speaker(text, speakers, mention) for mention in framed]
        labels = [self._label(text, m, s) for m, s in zip(framed, spoken, strict=True)]
        referents = Referents(
            Antecedents(text, speakers.cast, self._names, self._lexicon, labels, speakers.sources())
        )
        added = iter(
            replace(mention, speaker=speaker, referent=referents.find(label) or UNRESOLVED)
            for mention, speaker, label in zip(framed, spoken, labels, strict=True)
        )
        return [
            self._with(
                sentence,
                [
                    mention if mention.framing.raw == "none" else next(added)
                    for mention in sentence.mentions
                ],
            )
            for sentence in sentences
        ]

    @staticmethod
    def _with(sentence: ScoredSentence, mentions: Sequence[ScoredMention]) -> ScoredSentence:
        return replace(sentence, mentions=tuple(mentions)) if mentions else sentence

    def _label(self, text: str, mention: ScoredMention, speaker: Speaker | None) -> Label:
        concept = mention.concept
        if concept is None:
            found = self._matcher.find(mention.text)
            concept = found[-1].entry.concept if found else None
        return Label(
            mention.start,
            mention.end,
            concept,
            mention.framing.raw in CONTESTED,
            frozenset() if speaker is None else self._not_meant(text, speaker),
        )

    def _as_headline(self, text: str, speakers: Speakers, mention: ScoredMention) -> ScoredMention:
        """A mention with its voice corrected by the form of a headline: *… – Moscow*.

        Media and places are left to the model: *– BBC News* is more often where a page comes
        from, and *Idlib:* or *– Syria* where something happened.
        """
        quoted = mention.voice.raw == "quoted"
        source = None if quoted else speakers.headline_source(mention.start)
        if source is None or source.open:
            return mention
        name = text[slice(*source.cited)]
        sits = source.cited[0] > mention.start and self._names.find(name) is not None
        if not sits and self._names.place_of(name) is not None:
            return mention
        if kind_of(text, source, self._names) in (OTHER, "medium"):
            return mention
        told = dict(mention.voice.probabilities)
        told["attributed"] += told.pop("own")
        classes, probabilities = ["own", *told], [0.0, *told.values()]
        voice = Judgement.decide(classes, probabilities, mention.voice.threshold)
        return replace(mention, voice=voice)

    def _not_meant(self, text: str, speaker: Speaker) -> frozenset[str]:
        """Who speaks, and the government of the state that his name or what is beside it tells."""
        told = f"{speaker.text} {speaker.cited}".split()
        for start, end in ((speaker.start, speaker.end), (speaker.cited_start, speaker.cited_end)):
            told += _BREAK.split(text[max(0, start - _BESIDE) : start])[-1].split()[-3:]
            behind = _DESCRIBED.match(text, end, end + _BESIDE)
            told += behind.group(1).split() if behind is not None else []
        states = {self._names.state_of(word) for word in told} - {None}
        governments = {self._names.governments[str(state)].name for state in states}
        return frozenset(governments | {speaker.name})

    def _speaker(self, text: str, speakers: Speakers, mention: ScoredMention) -> Speaker | None:
        voice = mention.voice.raw
        if voice == "own":
            return None
        source = speakers.of(mention.start, mention.end, quoted=voice == "quoted")
        if source is None or source.open:
            return None
        return Speaker(
            text[source.start : source.end],
            source.start,
            source.end,
            text[slice(*source.cited)],
            *source.cited,
            self._name(text, speakers, source),
            kind_of(text, source, self._names),
        )

    def _name(self, text: str, speakers: Speakers, source: Source) -> str:
        """The one name of a source: by the files of names, else its own without titles."""
        own = text[source.start : source.end]
        known = self._names.find(own)
        if known is not None:
            return known.name
        state = self._names.place_of(own)
        if state is not None:
            return self._names.governments[state].name
        if source.actor is not None and source.actor.person:
            naming = speakers.cast.fullest(source.actor, source.end)
            return self._names.normal(text[naming.start : naming.end])
        return tidy(own)
