"""Judging each distinct sentence once: wire copy repeats, and so do newspapers' own phrases."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from ..data.errors import UsageError
from .judge import Judge, SentenceInput, SentenceOutput

CHUNK = 512
"""Sentences judged at once: enough to fill batches of one length, bounded in memory."""
REMEMBERED = 10_000
"""Sentences whose judgements are kept by default: about 25 MB."""


class SentenceCache:
    """Judges sentences and remembers the last ones; safe to share between threads.

    Args:
        judge: The model.
        remembered: Sentences that are remembered; 0 for none.

    Raises:
        UsageError: If it is negative.
    """

    def __init__(self, judge: Judge, remembered: int = REMEMBERED) -> None:
        if remembered < 0:
            raise UsageError(f"remembered: expected 0 or more sentences, found {remembered}")
        self._judge = judge
        self._remembered = remembered
        self._outputs: OrderedDict[SentenceInput, SentenceOutput] = OrderedDict()
        self._lock = Lock()

    def judge(self, sentences: Sequence[SentenceInput]) -> list[SentenceOutput]:
        """Judge sentences in their order, each distinct one at most once.

        With nothing to be remembered every sentence is judged, repeated ones too.
        """
        if not self._remembered:
            return self._judge_all(sentences)
        distinct = list(dict.fromkeys(sentences))
        with self._lock:
            known = {s: self._outputs[s] for s in distinct if s in self._outputs}
        new = [sentence for sentence in distinct if sentence not in known]
        judged = dict(zip(new, self._judge_all(new), strict=True))
        self._remember(distinct, known | judged)
        return [known.get(sentence) or judged[sentence] for sentence in sentences]

    def _judge_all(self, sentences: Sequence[SentenceInput]) -> list[SentenceOutput]:
        outputs: list[SentenceOutput] = []
        for begin in range(0, len(sentences), CHUNK):
            outputs += self._judge.judge(sentences[begin : begin + CHUNK])
        return outputs

    def _remember(
        self, used: Sequence[SentenceInput], outputs: dict[SentenceInput, SentenceOutput]
    ) -> None:
        with self._lock:
            for sentence in used:
                self._outputs[sentence] = outputs[sentence]
                self._outputs.move_to_end(sentence)
            while len(self._outputs) > self._remembered:
                self._outputs.popitem(last=False)
