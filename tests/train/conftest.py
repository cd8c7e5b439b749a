"""Everything here needs the extra `train`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer

from connote.data.schema import HEADS, MENTION_LABELS
from connote.infer.encoder import EncoderJudge
from connote.infer.folder import TOKENIZER_FILE, open_model
from connote.infer.runtime import SPAN_TAGS, Arrays

pytest.importorskip("torch", reason="needs the extra train")

Logits = float | Sequence[float]


class WordRunner:
    """A network that goes by single words, with the logits that a test gives them.

    A mention is judged by its first word, and a sentence is as loaded as its most loaded one.
    """

    streams = 1
    device = "words"

    def __init__(self, tokenizer: Tokenizer, told: Mapping[str, Mapping[str, Logits]]) -> None:
        self._told: dict[str, dict[int, Logits]] = {}
        for head, words in told.items():
            ids = {word: tokenizer.token_to_id(word) for word in words}
            assert None not in ids.values(), f"no words of the tokenizer: {ids}"
            self._told[head] = {ids[word]: value for word, value in words.items()}

    def _of(self, head: str, ids: NDArray[Any], otherwise: Logits) -> NDArray[np.float32]:
        told = self._told.get(head, {})
        values = [told.get(int(i), otherwise) for i in ids.ravel()]
        own = () if isinstance(otherwise, float) else (len(otherwise),)
        return np.asarray(values, np.float32).reshape(*ids.shape, *own)

    def read(self, arrays: Mapping[str, NDArray[Any]]) -> Arrays:
        ids = arrays["input_ids"]
        return {
            "hidden": ids[..., None].astype(np.float32),
            "loaded": self._of("loaded", ids, -9.0).max(1),
            "loaded_word": self._of("loaded_word", ids, -9.0),
            "span": self._of("span", ids, (9.0, *[0.0] * (len(SPAN_TAGS) - 1))),
        }

    def judge(self, arrays: Mapping[str, NDArray[Any]]) -> Arrays:
        first = arrays["mention_mask"].argmax(1)
        ids = arrays["hidden"][arrays["mention_row"], first, 0]
        return {
            head: self._of(head, ids, [0.0] * len(classes))
            for head, classes in MENTION_LABELS.items()
        }


@pytest.fixture
def judge_by_words() -> Callable[..., EncoderJudge]:
    """Makes an encoder's judge whose network is a `WordRunner`, with no calibration."""

    def make(
        thresholds: Mapping[str, float] | None = None, **told: Mapping[str, Logits]
    ) -> EncoderJudge:
        folder = replace(
            open_model(),
            temperatures=dict.fromkeys(HEADS, 1.0),
            thresholds={**dict.fromkeys(HEADS, 0.0), **(thresholds or {})},
            span_threshold=0.5,
        )
        tokenizer = Tokenizer.from_file(str(folder.path / TOKENIZER_FILE))
        return EncoderJudge(folder, runner=WordRunner(tokenizer, told))

    return make
