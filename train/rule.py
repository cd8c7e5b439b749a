"""The plain rule: what one gets without learning, to be beaten clearly.

Framing by the codebook's own example words, voice by quotation marks and reporting verbs,
stance as the framing suggests, loaded where a mention is not neutral.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ..data.schema import FRAMINGS, STANCES, VOICES
from ..infer.judge import Offsets, SentenceInput, SentenceOutput

_DELEGITIMIZING = re.compile(
    r"\b(?:terroris\w*|regimes?|thugs?|puppets?|warlords?|illegal|aliens?|invaders?|mobs?|cron(?:y|ies)"
    r"|so-called|extremis\w*|radicals?|strong(?:man|men)|baby-killers?|deniers?|ragtag)\b",
    re.IGNORECASE,
)
_LEGITIMIZING = re.compile(
    r"\b(?:freedom fighters?|martyrs?|hero(?:es|ic)?|liberators?|defenders?|patriots?"
    r"|special (?:military )?operation|collateral damage|enhanced interrogation|pro-life|pro-choice"
    r"|realists?|brave|dreamers?|whistle-?blowers?|innocent)\b",
    re.IGNORECASE,
)
_REPORTING = re.compile(
    r"\b(?:said|says?|saying|told|according to|claim(?:s|ed|ing)?|accus(?:es|ed|ing)"
    r"|call(?:s|ed|ing)|den(?:y|ies|ied)|argu(?:es|ed)|warn(?:s|ed)|insist(?:s|ed)|believ(?:es|ed)|alleg(?:es|ed)"
    r"|announc(?:es|ed)|declar(?:es|ed)|stat(?:es|ed)|describ(?:es|ed))\b",
    re.IGNORECASE,
)


class PlainRule:
    """Judges by words, quotation marks and verbs; probabilities are 0 or 1."""

    id = "plain-rule"
    device = "processor"
    thresholds: Mapping[str, float] = {"framing": 0.0, "stance": 0.0, "voice": 0.0, "loaded": 0.0}

    def judge(self, sentences: Sequence[SentenceInput]) -> list[SentenceOutput]:
        """Judge sentences, each by itself."""
        return [self._one(sentence) for sentence in sentences]

    def _one(self, sentence: SentenceInput) -> SentenceOutput:
        framing = [self._framing(sentence.text[a:b]) for a, b in sentence.mentions]
        voice = [self._voice(sentence, span) for span in sentence.mentions]
        return SentenceOutput(
            framing=_one_hot(framing, len(FRAMINGS)),
            stance=_one_hot(framing, len(STANCES)),
            voice=_one_hot(voice, len(VOICES)),
            loaded=float(any(value != 1 for value in framing)),
        )

    def _framing(self, label: str) -> int:
        if _DELEGITIMIZING.search(label):
            return 0
        return 2 if _LEGITIMIZING.search(label) else 1

    def _voice(self, sentence: SentenceInput, span: Offsets) -> int:
        if any(a <= span[0] and span[1] <= b for a, b in sentence.quoted):
            return 2
        return 1 if _REPORTING.search(sentence.text) else 0


def _one_hot(classes: Sequence[int], number: int) -> NDArray[np.float32]:
    rows = np.zeros((len(classes), number), np.float32)
    rows[np.arange(len(classes)), list(classes)] = 1
    return rows
