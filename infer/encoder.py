"""The shipped kind of model: a small transformer, exported and run without torch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ..data.schema import MENTION_LABELS
from .encoding import Window, WindowEncoder, collate, collate_mentions, with_spans
from .folder import TOKENIZER_FILE, ModelError, ModelFolder
from .judge import Offsets, SentenceInput, SentenceOutput, softmax
from .runtime import Array, Arrays, OpenVinoRunner, Runner
from .spans import find_mentions, loaded_words, without_overlaps

BUCKET = 8
"""Windows are padded to a multiple of this by their own length alone, and only windows of
one padded length share a batch: so no sentence's result depends on its neighbours."""
MAX_TOKENS_IN_BATCH = 8_192
MAX_MENTIONS_IN_BATCH = 256
LOADED_WORD = 0.5
"""Least probability at which a word is marked as loading its sentence."""


class EncoderJudge:
    """Judges with an exported encoder.

    Args:
        folder: A checked model folder of kind ``encoder``.
        threads: Threads of the runtime; all cores without a number.
        runner: What runs the network instead of the folder's own weights.
    """

    def __init__(
        self, folder: ModelFolder, threads: int | None = None, runner: Runner | None = None
    ) -> None:
        self.id = folder.id
        self.thresholds: Mapping[str, float] = folder.thresholds
        self._temperatures = folder.temperatures
        self._span_threshold = folder.span_threshold
        window = folder.config.get("window")
        if type(window) is not int or not 8 <= window <= 512:
            raise ModelError(f"{folder.path}: expected a window of 8 to 512, found {window!r}")
        self._encoder = WindowEncoder(folder.path / TOKENIZER_FILE, window)
        self._runner = runner or OpenVinoRunner(folder.path, threads)

    def judge(self, sentences: Sequence[SentenceInput]) -> list[SentenceOutput]:
        """Judge sentences; the order is kept and none depends on another."""
        windows = self._encoder.encode(sentences)
        flat = [window for of_sentence in windows for window in of_sentence]
        texts = [s for s, found in zip(sentences, windows, strict=True) for _ in found]
        results: list[tuple[Window, Arrays]] = [(window, {}) for window in flat]
        for batch, length in batches(flat):
            judged = self._batch([flat[i] for i in batch], [texts[i] for i in batch], length)
            for i, result in zip(batch, judged, strict=True):
                results[i] = result
        taken = iter(results)
        return [
            self._output(sentence, [next(taken) for _ in of_sentence])
            for sentence, of_sentence in zip(sentences, windows, strict=True)
        ]

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
    ) -> list[tuple[Window, Arrays]]:
        """Read windows of one padded length and judge the mentions given and found in them."""
        arrays = collate(windows, length)
        read = self._runner.read(arrays)
        widened = [
            self._search(window, sentence, read["span"][row, : len(window.ids)])
            if sentence.search
            else window
            for row, (window, sentence) in enumerate(zip(windows, sentences, strict=True))
        ]
        labels = self._mentions(widened, read["hidden"], arrays["attention_mask"])
        results = []
        mention = 0
        for row, window in enumerate(widened):
            behind = mention + len(window.spans)
            own = {name: values[mention:behind] for name, values in labels.items()}
            own["loaded"] = read["loaded"][row]
            own["loaded_word"] = read["loaded_word"][row, : len(window.ids)]
            results.append((window, own))
            mention = behind
        return results

    def _search(self, window: Window, sentence: SentenceInput, logits: Array) -> Window:
        tags = softmax(logits)
        spans = find_mentions(sentence.text, window, tags, self._span_threshold)
        return with_spans(window, without_overlaps(spans, sentence.mentions))

    def _mentions(
        self, windows: Sequence[Window], hidden: Array, attention_mask: NDArray[np.int64]
    ) -> Arrays:
        """Logits of all mentions of a batch, some at once."""
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
        return {name: np.concatenate(values) for name, values in parts.items()}

    def _output(
        self, sentence: SentenceInput, parts: Sequence[tuple[Window, Arrays]]
    ) -> SentenceOutput:
        found, kept = _merge(sentence, [window for window, _ in parts])
        framing, stance, voice = (
            softmax(
                np.concatenate([arrays[head] for _, arrays in parts])[kept]
                / self._temperatures[head]
            )
            for head in MENTION_LABELS
        )
        loaded = max(float(arrays["loaded"].item()) for _, arrays in parts)
        words: set[Offsets] = set()
        for window, arrays in parts:
            marked = _sigmoid(arrays["loaded_word"]) >= LOADED_WORD
            words.update(loaded_words(sentence.text, window, marked))
        return SentenceOutput(
            framing,
            stance,
            voice,
            loaded=float(_sigmoid(np.float32(loaded / self._temperatures["loaded"]))),
            loaded_words=tuple(sorted(words)),
            truncated=not all(window.whole for window, _ in parts),
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


def batches(windows: Sequence[Window]) -> Iterator[tuple[list[int], int]]:
    """Positions of windows that are run together, and the length they are padded to."""
    buckets: dict[int, list[int]] = {}
    for i, window in enumerate(windows):
        buckets.setdefault(-(-len(window.ids) // BUCKET) * BUCKET, []).append(i)
    for length, members in buckets.items():
        size = max(1, MAX_TOKENS_IN_BATCH // length)
        for begin in range(0, len(members), size):
            yield members[begin : begin + size], length


def _sigmoid(logits: NDArray[np.float32] | np.float32) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-logits)), np.float32)
