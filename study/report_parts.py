"""What a report consists of, before it is a page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text.

    Attributes:
        caption: What it shows.
        columns: Their headings.
        rows: The cells.
        names: How many of the first columns name the row; figures follow them.
        notes: How many of the last columns are words again.
        footnotes: What stands below, each behind a letter that the last column names.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    names: int = 1
    notes: int = 0
    footnotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its figures.

    Attributes:
        key: Names it in the page: letters and hyphens.
        title: Its heading.
        text: What it shows: the estimand in words.
        svg: The picture; nothing where there is too little to draw.
        dark: The picture for dark surroundings, where there is one.
        estimated: Whether its text is an estimand.
        alternative: What is seen, for those who do not see it.
        table: The same figures.
    """

    key: str
    title: str
    text: str
    svg: bytes | None
    alternative: str
    table: Table
    dark: bytes | None = None
    estimated: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """A term of a list of definitions, and what is said of it."""

    term: str
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a sentence that is marked alike.

    Attributes:
        text: Fit to be shown.
        mention: Number of the mention that it is part of, in its sentence, if any.
        loaded: Whether it is part of a loaded word.
    """

    text: str
    mention: int | None = None
    loaded: bool = False


@dataclass(frozen=True, slots=True)
class ShownMention:
    """A mention; what the scores leave open is ``None``.

    Attributes:
        text: Its words.
        framing: Its label, perhaps ``uncertain``.
        stance: Its label, perhaps ``uncertain``.
        voice: Its label, perhaps ``uncertain``.
        probability: Of the likeliest framing.
        referent: Whom or what it stands for.
        speaker: Whose words it is part of, where these are not the outlet's.
    """

    text: str
    framing: str | None
    stance: str | None
    voice: str | None
    probability: float | None
    referent: str | None
    speaker: str | None


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence of the sample.

    Attributes:
        document: Its place in `SentenceSample.documents`.
        number: In the document, from 0.
        probability: Of being loaded.
        loaded: ``true``, ``false`` or ``uncertain``.
        copy: Whether the text stood in an earlier document.
        runs: The sentence.
        mentions: The mentions in it.
        words: The loaded words.
    """

    document: int
    number: int
    probability: float
    loaded: str
    copy: bool
    runs: tuple[Run, ...]
    mentions: tuple[ShownMention, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document with a sentence in the sample.

    Attributes:
        id: As the scores name it.
        group: Its place in `SentenceSample.groups`.
        title: What it is called, its id without a title.
        date: As the archive writes it.
        url: Where it can be read; ``http`` or ``https``, else nothing.
    """

    id: str
    group: int
    title: str
    date: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class ShownStratum:
    """How many sentences of a group there are, and how many are shown."""

    name: str
    sentences: int
    shown: int


@dataclass(frozen=True, slots=True)
class SentenceSample:
    """The sentences that a report shows, in random order.

    Attributes:
        sentences: The sentences.
        documents: Those they stand in.
        groups: Values of the column that divides the archive, sorted; one empty name without a
            column.
        strata: What was drawn from each group; one for all if they were drawn without regard to it.
        seed: Of the draw.
    """

    sentences: tuple[ShownSentence, ...]
    documents: tuple[ShownDocument, ...]
    groups: tuple[str, ...]
    strata: tuple[ShownStratum, ...]
    seed: int

    @property
    def population(self) -> int:
        """Sentences of the archive."""
        return sum(stratum.sentences for stratum in self.strata)

    @property
    def complete(self) -> bool:
        """Whether every sentence of the archive is shown."""
        return len(self.sentences) == self.population


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report says.

    Attributes:
        title: Its heading.
        facts: Of the archive, for the line below the heading.
        notice: What must be known before any figure is read, if anything.
        findings: The headline findings, a sentence or two each.
        headlines: Their figures.
        figures: Pictures, each with its figures.
        by: Column that divides the archive, if there is one.
        sample: Sentences to be browsed.
        methods: Paragraphs on how the figures were made.
        estimands: For each figure what it estimates.
        settings: Model, versions and settings.
        citations: What to cite.
        warnings: What is wrong with single figures.
        limits: What the figures do not say.
        model: Name and hash.
        version: Of connote.
    """

    title: str
    facts: tuple[str, ...]
    notice: str | None
    findings: tuple[str, ...]
    headlines: tuple[Table, ...]
    figures: tuple[Figure, ...]
    by: str | None
    sample: SentenceSample
    methods: tuple[str, ...]
    estimands: tuple[Entry, ...]
    settings: tuple[Entry, ...]
    citations: tuple[str, ...]
    warnings: tuple[str, ...]
    limits: tuple[str, ...]
    model: str
    version: str
