"""Does a model cheat: what its judgements rest on, told by all probes together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..data.checks import shorten
from ..data.errors import UsageError
from ..data.schema import CONTRASTS, MENTION_LABELS, Example
from ..data.swaps import CORPUS_FOLDER, SWAP_SPLITS, SWAPS_FILE, Swap, read_swaps
from ..infer.folder import file_hash
from ..infer.judge import Judge, SentenceOutput
from .evaluate import judge_examples, read_records
from .figures import Drop, Share, Sliced, place_of, share_of, sliced
from .flips import (
    Hits,
    Shares,
    SwapProbe,
    VoiceProbe,
    form_flips,
    named,
    swap_flips,
    voice_shifts,
)
from .masking import masked_drops
from .pairs import pairs_right
from .probes import Reporter

DEFAULT_DATA = tuple(CORPUS_FOLDER / f"{split}.jsonl" for split in ("test", "test_unseen"))
"""What is judged where no file is named."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that an audit rests on, with its hash and how many records it holds."""

    file: str
    sha256: str
    n: int


@dataclass(frozen=True, slots=True)
class Audit:
    """All probes of one model.

    Attributes:
        model: Name and hash of the model.
        data: The files of the records.
        swaps: The file of the names to exchange; its `n` counts exchanges.
        masked: For framing and stance macro-F1 with the mention blanked.
        swap: Names exchanged where every label fits either.
        groups: For each kind of contrast and head the share of groups right as a whole.
        pairs: Share of matched pairs of which both framings are right.
        voice: By the change, what follows when the voice is changed.
        form: By the change and head the share of labels that flip with casing and marks.
    """

    model: str
    data: tuple[Source, ...]
    swaps: Source
    masked: Mapping[str, Sliced[Drop]]
    swap: SwapProbe
    groups: Mapping[str, Shares]
    pairs: Sliced[Share]
    voice: Mapping[str, VoiceProbe]
    form: Mapping[str, Shares]


def read_sources(paths: Iterable[Path]) -> tuple[list[Source], list[Example]]:
    """The records of some files, all together.

    Raises:
        RecordError: If a record is not valid.
        UsageError: If a file is a folder or empty, or an id stands in two files: its record
            would count twice.
        OSError: If a file cannot be opened.
    """
    sources, examples = [], []
    homes: dict[str, Path] = {}
    for path in paths:
        found = read_records(path)
        for example in found:
            if example.id in homes:
                raise UsageError(
                    f"{path}: expected records that are in no other file, found id "
                    f"{shorten(example.id)} in {homes[example.id]} too; give each record once"
                )
            homes[example.id] = path
        sources.append(Source(str(path), file_hash(path), len(found)))
        examples += found
    return sources, examples


def audit_model(
    judge: Judge, files: Sequence[Path] = DEFAULT_DATA, swaps_file: Path = SWAPS_FILE
) -> Audit:
    """Put all probes to a model.

    Args:
        judge: A trained model.
        files: Labelled records; the test splits of the corpus if none is named.
        swaps_file: Names to exchange in sentences of the corpus, whatever `files` are.

    Raises:
        RecordError: If a record or an exchange is not valid.
        UsageError: If a file is a folder, empty or missing from connote, or two hold the
            same record.
        OSError: If a file cannot be opened.
    """
    sources, examples = read_sources(files)
    corpus, swaps = _read_swaps(swaps_file)
    before = judge_examples(judge, examples)
    return Audit(
        model=judge.id,
        data=tuple(sources),
        swaps=Source(str(swaps_file), file_hash(swaps_file), len(swaps)),
        masked=masked_drops(judge, examples, before),
        swap=swap_flips(judge, swaps, corpus),
        groups=groups_right(examples, before),
        pairs=_pairs(examples, before),
        voice=voice_shifts(judge, examples, before, Reporter([*corpus, *examples])),
        form=form_flips(judge, examples, before),
    )


def _read_swaps(path: Path) -> tuple[list[Example], list[Swap]]:
    """The sentences of the corpus in which names may be exchanged, and the exchanges."""
    if not path.is_file():
        raise UsageError(
            f"{path}: expected the names to exchange that come with connote, found no such file; "
            "install connote again"
        )
    _, corpus = read_sources(CORPUS_FOLDER / f"{split}.jsonl" for split in SWAP_SPLITS)
    return corpus, read_swaps(path, corpus)


def groups_right(
    examples: Sequence[Example], outputs: Sequence[SentenceOutput]
) -> dict[str, Shares]:
    """How often all framings, stances or voices of a contrast group are right.

    Args:
        examples: Labelled records; two or more of one group and contrast make a unit. It
            counts for the topic and the register that all of them share.
        outputs: What a judge said of them.

    Returns:
        By the kind of contrast, and ``all`` for every kind.
    """
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for i, example in enumerate(examples):
        if example.group is not None and example.contrast is not None:
            groups[example.contrast, example.group].append(i)
    hits: dict[str, dict[str, Hits]] = {
        kind: {str(head): [] for head in MENTION_LABELS} for kind in ("all", *CONTRASTS)
    }
    for (kind, _), members in groups.items():
        if len(members) < 2:
            continue
        place = place_of([examples[i] for i in members])
        for head in MENTION_LABELS:
            pairs = [pair for i in members for pair in named(examples[i], outputs[i], head)]
            if pairs:
                hit = (place, all(gold == found for gold, found in pairs))
                hits[kind][head].append(hit)
                hits["all"][head].append(hit)
    return {
        kind: {head: sliced(found, share_of) for head, found in by_head.items()}
        for kind, by_head in hits.items()
    }


def _pairs(examples: Sequence[Example], outputs: Sequence[SentenceOutput]) -> Sliced[Share]:
    """Matched pairs; one counts for the topic and the register that both sentences share."""
    hits = [
        (place_of([examples[i] for i, _ in pair]), right)
        for pair, right in pairs_right(examples, outputs)
    ]
    return sliced(hits, share_of)
