"""From sentences to arrays: the one place where text becomes tokens.

Training and inference both come through here. A sentence that fits the model's window is
read whole; of a longer one a window around each mention, or a few neighbours, is read.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from ..data.checks import shorten
from .folder import ModelError
from .judge import Offsets, SentenceInput

CHARACTERS_PER_TOKEN = 8
"""A text of more characters a token than this cannot fit; it is cut before tokenising."""


@dataclass(frozen=True, slots=True)
class Window:
    """What the encoder reads at once.

    Attributes:
        ids: Token ids, special tokens included.
        types: 1 for a token inside a quotation, else 0.
        offsets: Offsets of each token in the sentence; (0, 0) for special tokens.
        mentions: Positions, in the sentence's mentions, of those judged here.
        spans: For each of them, and then for each one found, its first token and the one
            behind its last.
        whole: Whether the sentence was read to its end.
        found: Offsets in the sentence of mentions that were found in the window.
    """

    ids: tuple[int, ...]
    types: tuple[int, ...]
    offsets: tuple[Offsets, ...]
    mentions: tuple[int, ...]
    spans: tuple[Offsets, ...]
    whole: bool
    found: tuple[Offsets, ...] = ()


class WindowEncoder:
    """Cuts sentences into windows of tokens.

    Args:
        tokenizer: Path of a ``tokenizer.json``.
        window: Most tokens in a window, special tokens included.

    Raises:
        ModelError: If the file is no tokenizer, or not one that puts a special token before
            and one behind a text.
    """

    def __init__(self, tokenizer: Path, window: int) -> None:
        try:
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
            self._tokenizer.no_truncation()
            self._tokenizer.no_padding()
            special = self._tokenizer.encode("a").special_tokens_mask
        except Exception as error:
            raise ModelError(f"{tokenizer}: not a tokenizer: {error}") from error
        # Windows are cut between the first and the last token, and a blank text has these two.
        if sum(special) != 2 or not special[0] or not special[-1]:
            raise ModelError(
                f"{tokenizer}: expected two special tokens around a text, first and last, found "
                f"{shorten(special)} for one word; take the tokenizer.json of a BERT-like encoder"
            )
        self._window = window

    def encode(self, sentences: Sequence[SentenceInput]) -> list[list[Window]]:
        """The windows of each sentence: one, or several where it is too long for one."""
        limit = self._window * CHARACTERS_PER_TOKEN
        short = [i for i, sentence in enumerate(sentences) if len(sentence.text) <= limit]
        texts = [sentences[i].text for i in short]
        encoded = dict(zip(short, self._tokenizer.encode_batch(texts), strict=True))
        return [self._windows(sentence, encoded.get(i)) for i, sentence in enumerate(sentences)]

    def _windows(self, sentence: SentenceInput, encoding: Encoding | None) -> list[Window]:
        if encoding is not None and len(encoding.ids) <= self._window:
            everything = range(len(sentence.mentions))
            return [self._window_of(sentence, encoding, 0, tuple(everything), whole=True)]
        if not sentence.mentions:
            return [self._around(sentence, ())]
        return [self._around(sentence, group) for group in self._groups(sentence)]

    def _groups(self, sentence: SentenceInput) -> list[tuple[int, ...]]:
        """Mentions so near to one another that one window shows enough around them."""
        groups: list[list[int]] = []
        begin = 0
        for i in sorted(range(len(sentence.mentions)), key=lambda i: sentence.mentions[i]):
            start, end = sentence.mentions[i]
            if not groups or end - begin > self._window:
                groups.append([])
                begin = start
            groups[-1].append(i)
        return [tuple(group) for group in groups]

    def _around(self, sentence: SentenceInput, chosen: tuple[int, ...]) -> Window:
        """A window around some mentions, or the beginning of the sentence without one."""
        pad = self._window * 3
        spans = [sentence.mentions[i] for i in chosen] or [(0, 0)]
        start, end = spans[0][0], max(end for _, end in spans)
        begin, stop = max(0, start - pad), min(end, start + pad) + pad
        encoding = self._tokenizer.encode(sentence.text[begin:stop])
        return self._trim(self._window_of(sentence, encoding, begin, chosen, whole=False))

    def _trim(self, window: Window) -> Window:
        """Cut a window to its size, keeping the mention in the middle."""
        excess = len(window.ids) - self._window
        if excess <= 0:
            return window
        first = min((a for a, _ in window.spans), default=1)
        behind = max((b for _, b in window.spans), default=1)
        middle = (first + behind) // 2
        low = min(max(1, middle - self._window // 2), 1 + excess)
        high = low + self._window - 2
        kept = [0, *range(low, high), len(window.ids) - 1]
        return Window(
            ids=tuple(window.ids[i] for i in kept),
            types=tuple(window.types[i] for i in kept),
            offsets=tuple(window.offsets[i] for i in kept),
            mentions=window.mentions,
            spans=tuple(
                (max(a, low) - low + 1, max(min(b, high), max(a, low) + 1) - low + 1)
                for a, b in window.spans
            ),
            whole=False,
        )

    def _window_of(
        self,
        sentence: SentenceInput,
        encoding: Encoding,
        shift: int,
        mentions: tuple[int, ...],
        *,
        whole: bool,
    ) -> Window:
        offsets = [(a + shift, b + shift) if b > a else (0, 0) for a, b in encoding.offsets]
        starts = _starts(offsets)
        types = [0] * len(offsets)
        stop = shift + max((end for _, end in encoding.offsets), default=0)
        for start, end in sentence.quoted:
            if end <= shift or start >= stop:
                continue
            first, behind = _tokens_in(offsets, starts, start, end)
            types[first:behind] = [1] * (behind - first)
        spans = _token_spans(offsets, starts, [sentence.mentions[i] for i in mentions])
        return Window(tuple(encoding.ids), tuple(types), tuple(offsets), mentions, spans, whole)


def _starts(offsets: Sequence[Offsets]) -> list[int]:
    """Where the tokens start, never falling: the last, a special one, is at 0."""
    return list(accumulate((start for start, _ in offsets), max))


def _token_spans(
    offsets: Sequence[Offsets], starts: Sequence[int], stretches: Sequence[Offsets]
) -> tuple[Offsets, ...]:
    """For each stretch of text its first token and the one behind its last, at least one token."""
    found = (_tokens_in(offsets, starts, start, end) for start, end in stretches)
    return tuple((first, max(behind, first + 1)) for first, behind in found)


def _tokens_in(offsets: Sequence[Offsets], starts: Sequence[int], start: int, end: int) -> Offsets:
    """First token that reaches into a stretch of text, and the one behind the last.

    Special tokens, first and last, never belong to it. A stretch without a token of its
    own (a control character) gives an empty range at the token before it.
    """
    last = len(offsets) - 1
    behind = bisect_left(starts, end, 1, last)
    first = behind
    while first > 1 and offsets[first - 1][1] > start:
        first -= 1
    if first < behind:
        return first, behind
    before = max(bisect_right(starts, start, 1, last) - 1, 0)
    return before, before


def with_spans(window: Window, found: Sequence[Offsets]) -> Window:
    """The window with mentions that were found in it, offsets in the sentence."""
    if not found:
        return window
    spans = _token_spans(window.offsets, _starts(window.offsets), found)
    return replace(window, spans=(*window.spans, *spans), found=tuple(found))


def collate(windows: Sequence[Window], length: int) -> dict[str, NDArray[np.int64]]:
    """Arrays of a batch of sentences.

    Args:
        windows: B windows.
        length: T, the padded length.

    Returns:
        ``input_ids``, ``attention_mask`` and ``token_type_ids`` of shape (B, T).
    """
    shape = (len(windows), length)
    ids = np.zeros(shape, np.int64)
    attention = np.zeros(shape, np.int64)
    types = np.zeros(shape, np.int64)
    for row, window in enumerate(windows):
        size = len(window.ids)
        ids[row, :size] = window.ids
        attention[row, :size] = 1
        types[row, :size] = window.types
    return {"input_ids": ids, "attention_mask": attention, "token_type_ids": types}


def collate_mentions(
    places: Sequence[tuple[int, Offsets]], length: int
) -> dict[str, NDArray[np.int64 | np.float32]]:
    """Arrays of the mentions of a batch.

    Args:
        places: M mentions: the row each stands in, its first token and the one behind.
        length: T, the padded length.

    Returns:
        ``mention_row`` of shape (M,); ``mention_mask`` of shape (M, T), 1 on the mention's
        own tokens.
    """
    mask = np.zeros((len(places), length), np.float32)
    for mention, (_, (first, behind)) in enumerate(places):
        mask[mention, first:behind] = 1
    rows = np.asarray([row for row, _ in places], np.int64)
    return {"mention_row": rows, "mention_mask": mask}
