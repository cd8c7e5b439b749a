"""The shipped kind of model: a small transformer, exported and run without torch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..data.schema import MENTION_LABELS
from .devices import CPU
from .encoding import Window, WindowEncoder, collate, collate_mentions, with_spans
from .folder import TOKENIZER_FILE, ModelError, ModelFolder
from .judge import Offsets, SentenceInput, SentenceOutput, softmax
from .runtime import Array, Arrays, OpenVinoRunner, Runner
from .spans import find_mentions, loaded_words, without_overlaps

BUCKET = 8
"""Windows are padded to a multiple of this by their own length alone, and only windows of
one padded length share a batch: so no sentence's result depends on its neighbours."""
MAX_TOKENS_IN_BATCH = 512
"""Few enough for their activations to stay in a core's own cache."""
MAX_MENTIONS_IN_BATCH = 256
LOADED_WORD = 0.5
"""Least probability at which a word is marked as loading its sentence."""

_FAR = np.float32(80)
"""A logit this far below zero has a probability of zero."""

Batch = tuple[list[int], int]


@dataclass(frozen=True, slots=True)
class _Judged:
    """What was read off a window: of its mentions, of the sentence and of its words."""

    window: Window
    mentions: Arrays
    loaded: float
    loaded_words: list[Offsets]


class EncoderJudge:
    """Judges with an exported encoder.

    Args:
        folder: A checked model folder of kind ``encoder``.
        threads: Threads of the runtime; all cores without a number.
        runner: What runs the network instead of the folder's own weights.
        device: Where to run the folder's own weights, as in `connote.infer.devices`.

    Raises:
        ModelError: If the runtime or the tokenizers' library does not take a file.
        UsageError: If the device is not there.
    """

    def __init__(
        self,
        folder: ModelFolder,
        threads: int | None = None,
        runner: Runner | None = None,
        device: str = CPU,
    ) -> None:
        self.id = folder.id
        self.thresholds: Mapping[str, float] = folder.thresholds
        self._temperatures = folder.temperatures
        self._span_threshold = folder.span_threshold
        window = folder.config.get("window")
        if type(window) is not int or not 8 <= window <= 512:
            raise ModelError(f"{folder.path}: expected a window of 8 to 512, found {window!r}")
        self._encoder = WindowEncoder(folder.path / TOKENIZER_FILE, window)
        self._runner = runner or OpenVinoRunner(folder.path, threads, device)
        self.device = self._runner.device

    def judge(self, sentences: Sequence[SentenceInput]) -> list[SentenceOutput]:
        """Judge sentences; the order is kept and none depends on another.

        Several threads may call it at a time.
        """
        windows = self._encoder.encode(sentences)
        flat = [window for of_sentence in windows for window in of_sentence]
        texts = [s for s, found in zip(sentences, windows, strict=True) for _ in found]

        def judged(batch: Batch) -> list[_Judged]:
            places, length = batch
            return self._batch([flat[i] for i in places], [texts[i] for i in places], length)

        results: dict[int, _Judged] = {}
        cut = batches(flat)
        for (places, _), parts in zip(cut, self._at_once(judged, cut), strict=True):
            results.update(zip(places, parts, strict=True))
        taken = iter(results[i] for i in range(len(flat)))
        return [
            _joined(sentence, [next(taken) for _ in of_sentence])
            for sentence, of_sentence in zip(sentences, windows, strict=True)
        ]

    def _at_once(
        self, judged: Callable[[Batch], list[_Judged]], cut: Sequence[Batch]
    ) -> Iterator[list[_Judged]]:
        """Batches judged in their order, as many at a time as the runner has streams."""
        streams = min(self._runner.streams, len(cut))
        if streams < 2:
            yield from map(judged, cut)
            return
        # Threads of a call alone: none outlives it, and a process forked later misses none.
        with ThreadPoolExecutor(streams) as pool:
            yield from pool.map(judged, cut)

    def word_probabilities(
        self, sentences: Sequence[SentenceInput]
    ) -> list[list[tuple[int, int, float]]]:
        """For each token read its offsets, and the probability that it loads its sentence."""
        windows = self._encoder.encode(sentences)
        flat = [window for of_sentence in windows for window in of_sentence]
        results: list[Array] = [np.zeros(0, np.float32) for _ in flat]
        for batch, length in batches(flat):
            read = self._runner.read(collate([flat[i] for i in batch], length))
            for row, i in enumerate(batch):
                results[i] = _sigmoid(read["loaded_word"][row, : len(flat[i].ids)])
        taken = iter(results)
        return [
            [
                (start, end, float(p))
                for window in of_sentence
                for (start, end), p in zip(window.offsets, next(taken), strict=True)
                if end > start
            ]
            for of_sentence in windows
        ]

    def _batch(
        self, windows: Sequence[Window], sentences: Sequence[SentenceInput], length: int
    ) -> list[_Judged]:
        """Read windows of one padded length and judge the mentions given and found in them."""
        arrays = collate(windows, length)
        read = self._runner.read(arrays)
        tags = softmax(read["span"])
        widened = [
            self._search(window, sentence, tags[row, : len(window.ids)])
            if sentence.search
            else window
            for row, (window, sentence) in enumerate(zip(windows, sentences, strict=True))
        ]
        mentions = self._mentions(widened, read["hidden"], arrays["attention_mask"])
        loaded = _sigmoid(read["loaded"] / np.float32(self._temperatures["loaded"]))
        marked = _sigmoid(read["loaded_word"]) >= LOADED_WORD
        results = []
        mention = 0
        for row, (window, sentence) in enumerate(zip(widened, sentences, strict=True)):
            behind = mention + len(window.spans)
            results.append(
                _Judged(
                    window,
                    {head: values[mention:behind] for head, values in mentions.items()},
                    float(loaded[row]),
                    loaded_words(sentence.text, window, marked[row, : len(window.ids)]),
                )
            )
            mention = behind
        return results

    def _search(self, window: Window, sentence: SentenceInput, tags: Array) -> Window:
        spans = find_mentions(sentence.text, window, tags, self._span_threshold)
        return with_spans(window, without_overlaps(spans, sentence.mentions))

    def _mentions(
        self, windows: Sequence[Window], hidden: Array, attention_mask: NDArray[np.int64]
    ) -> Arrays:
        """Probabilities for all mentions of a batch, some at once."""
        places = [(row, span) for row, window in enumerate(windows) for span in window.spans]
        parts: dict[str, list[Array]] = {
            name: [np.zeros((0, len(classes)), np.float32)]
            for name, classes in MENTION_LABELS.items()
        }
        for begin in range(0, len(places), MAX_MENTIONS_IN_BATCH):
            chunk = places[begin : begin + MAX_MENTIONS_IN_BATCH]
            arrays = collate_mentions(chunk, attention_mask.shape[1])
            judged = self._runner.judge(
                {"hidden": hidden, "attention_mask": attention_mask, **arrays}
            )
            for name, values in judged.items():
                parts[name].append(values)
        return {
            name: softmax(np.concatenate(values) / np.float32(self._temperatures[name]))
            for name, values in parts.items()
        }


def _joined(sentence: SentenceInput, parts: Sequence[_Judged]) -> SentenceOutput:
    """What the windows of a sentence say of it together."""
    found, kept = _merge(sentence, [part.window for part in parts])
    framing, stance, voice = (
        np.concatenate([part.mentions[head] for part in parts])[kept] for head in MENTION_LABELS
    )
    return SentenceOutput(
        framing,
        stance,
        voice,
        loaded=max(part.loaded for part in parts),
        loaded_words=tuple(sorted({words for part in parts for words in part.loaded_words})),
        truncated=not all(part.window.whole for part in parts),
        found=found,
    )


def _merge(
    sentence: SentenceInput, windows: Sequence[Window]
) -> tuple[tuple[Offsets, ...], list[int]]:
    """The mentions found in the windows of a sentence, and the rows that belong to it.

    Rows come in the order of the windows: first the given mentions of each, then those
    found in it. One that two windows found counts once.
    """
    given: dict[int, int] = {}
    places: dict[Offsets, int] = {}
    row = 0
    for window in windows:
        for i in window.mentions:
            given[i] = row
            row += 1
        for span in window.found:
            places.setdefault(span, row)
            row += 1
    found = without_overlaps(places, ())
    return tuple(found), [*(given[i] for i in sorted(given)), *(places[span] for span in found)]


def batches(windows: Sequence[Window]) -> list[Batch]:
    """Positions of windows that are run together, and the length they are padded to.

    The largest come first, so that the last ones to run are short.
    """
    buckets: dict[int, list[int]] = {}
    for i, window in enumerate(windows):
        buckets.setdefault(-(-len(window.ids) // BUCKET) * BUCKET, []).append(i)
    found = []
    for length, members in buckets.items():
        parts = -(-len(members) * length // MAX_TOKENS_IN_BATCH)
        size = -(-len(members) // parts)
        found += [(members[i : i + size], length) for i in range(0, len(members), size)]
    return sorted(found, key=lambda batch: len(batch[0]) * batch[1], reverse=True)


def _sigmoid(logits: NDArray[np.float32] | np.float32) -> NDArray[np.float32]:
    # What padding gives may be beyond the range of float32's exponential.
    return np.asarray(1 / (1 + np.exp(np.minimum(-logits, _FAR))), np.float32)
