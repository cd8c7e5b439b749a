"""What a run did, in numbers that add up over its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .documents import NO_LABEL
from .reading import Failure
from .results import UNRESOLVED, ScoredDocument, ScoredSentence

KEPT_FAILURES = 1_000
MOST_GROUPS = 1_000
NO_VALUE, OTHERS = "(none)", "(others)"
"""Groups of the documents without a value, and of values beyond `MOST_GROUPS`."""


@dataclass(slots=True)
class Summary:
    """What a run did.

    Attributes:
        documents: Scored.
        sentences: Of them that were judged.
        passed_over: Sentences that were not: of boilerplate, without a label, and of other
            languages by their code.
        speakers: Of how many quoted and attributed mentions a speaker was found, and of how many
            not (``unresolved``).
        mentions: Found in them or given.
        labels: How often each label was given, for each judgement.
        groups: For each value of the column asked for, how often each framing was given.
        flags: How many sentences carry each flag.
        failures: The first documents that could not be read.
        failed: How many there were.
        seconds: Duration.
        model: Name and hash of the model.
        devices: What it ran on.
    """

    documents: int = 0
    sentences: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)
    speakers: Counter[str] = field(default_factory=Counter)
    mentions: int = 0
    labels: dict[str, Counter[str]] = field(
        default_factory=lambda: {head: Counter() for head in ("framing", "stance", "voice")}
    )
    groups: dict[str, Counter[str]] = field(default_factory=dict)
    flags: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0
    model: str = ""
    devices: tuple[str, ...] = ()

    def fail(self, failure: Failure) -> None:
        """Count a failure; the first ones are kept to be shown."""
        self.failed += 1
        if len(self.failures) < KEPT_FAILURES:
            self.failures.append(failure)

    def add(self, document: ScoredDocument, group: str | None = None) -> None:
        """Count a document, as one of a group if there is one."""
        self.documents += 1
        for sentence in document.sentences:
            self.sentences += sentence.loaded is not None
            self.flags.update(sentence.flags)
            if sentence.loaded is None:
                self.passed_over[_why_passed(sentence)] += 1
        for mention in document.mentions:
            self.mentions += 1
            if mention.speaker_name is not None:
                found = mention.speaker is not None
                self.speakers["named" if found else UNRESOLVED] += 1
            for head, label in mention.labels.items():
                if label is not None:
                    self.labels[head][label] += 1
            if group is not None:
                self._group(group)[mention.framing.label] += 1

    def _group(self, name: str) -> Counter[str]:
        """The counts of a group; of those that come late all together."""
        known = name in self.groups or len(self.groups) < MOST_GROUPS
        return self.groups.setdefault(name if known else OTHERS, Counter())

    def merge(self, other: Summary) -> None:
        """Add the numbers of another part of the run; durations are added too."""
        self.documents += other.documents
        self.sentences += other.sentences
        self.mentions += other.mentions
        self.passed_over += other.passed_over
        self.speakers += other.speakers
        self.flags += other.flags
        for head, counts in other.labels.items():
            self.labels[head] += counts
        for group, counts in other.groups.items():
            self._group(group).update(counts)
        self.failures += other.failures[: max(0, KEPT_FAILURES - len(self.failures))]
        self.failed += other.failed
        self.seconds += other.seconds

    def counts(self) -> dict[str, Any]:
        """All numbers but the duration, as JSON takes them."""
        return {name: getattr(self, name) for name in (*_NUMBERS, *_COUNTERS, *_TABLES)}

    @classmethod
    def of_counts(cls, counts: Mapping[str, Any]) -> Summary:
        """The summary that `counts` came from, without the failures themselves.

        Raises:
            KeyError: If a number is missing.
        """
        summary = cls()
        for name in _NUMBERS:
            setattr(summary, name, int(counts[name]))
        for name in _COUNTERS:
            setattr(summary, name, Counter(counts[name]))
        for name in _TABLES:
            setattr(summary, name, {key: Counter(own) for key, own in counts[name].items()})
        return summary


_NUMBERS = ("documents", "sentences", "mentions", "failed")
_COUNTERS = ("passed_over", "speakers", "flags")
_TABLES = ("labels", "groups")


def _why_passed(sentence: ScoredSentence) -> str:
    if NO_LABEL in sentence.flags:
        return "without a label"
    return sentence.language if "not-english" in sentence.flags else "boilerplate"
