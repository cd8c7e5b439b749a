"""The baseline: word and character TF-IDF with a logistic regression for each label.

Text becomes features here, for training and for judging alike. The judging itself is two
matrix products; scikit-learn (extra ``train``) is needed for the vectorizers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data.checks import decode_json
from ..data.extras import require
from ..data.schema import HEADS, MENTION_LABELS, Label
from .folder import VOCABULARY_FILE, WEIGHTS_FILE, ModelError, ModelFolder
from .judge import SentenceInput, SentenceOutput, softmax

WINDOW = 60
"""Characters to each side of a mention that the window's features see."""

SENTENCE_VIEWS: Mapping[str, Mapping[str, Any]] = {
    "sentence-words": {"analyzer": "word", "ngram_range": (1, 2), "min_df": 2},
    "sentence-characters": {"analyzer": "char_wb", "ngram_range": (3, 5), "min_df": 3},
}
MENTION_VIEWS: Mapping[str, Mapping[str, Any]] = {
    **SENTENCE_VIEWS,
    "mention-words": {"analyzer": "word", "ngram_range": (1, 2), "min_df": 1},
    "mention-characters": {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 2},
    "before-words": {"analyzer": "word", "ngram_range": (1, 2), "min_df": 2},
    "behind-words": {"analyzer": "word", "ngram_range": (1, 2), "min_df": 2},
}
_WORD_OR_MARK = r"(?u)\w+|[\"“”'‘’«»„:–—]"


class BaselineJudge:
    """Judges with the baseline.

    Args:
        folder: A checked model folder of kind ``baseline``.

    Raises:
        MissingExtraError: If scikit-learn or safetensors is not installed.
        ModelError: If the arrays do not fit the vocabulary.
    """

    device = "processor"

    def __init__(self, folder: ModelFolder) -> None:
        self.id = folder.id
        self.thresholds: Mapping[str, float] = folder.thresholds
        self._temperatures = folder.temperatures
        self._arrays = _read_arrays(folder)
        content = decode_json((folder.path / VOCABULARY_FILE).read_text(encoding="utf-8"))
        if not isinstance(content, dict) or set(content) != set(MENTION_VIEWS):
            raise ModelError(f"{folder.path}: expected vocabularies of {', '.join(MENTION_VIEWS)}")
        self._vectorizers = {
            view: _fitted(view, words, self._arrays) for view, words in content.items()
        }

    def judge(self, sentences: Sequence[SentenceInput]) -> list[SentenceOutput]:
        """Judge sentences; the order is kept and none depends on another."""
        if not sentences:
            return []
        loaded = self._logits("loaded", sentence_features(sentences, self._vectorizers))
        heads = self._mention_heads(sentences)
        outputs = []
        first = 0
        for sentence, logit in zip(sentences, loaded[:, 0].tolist(), strict=True):
            behind = first + len(sentence.mentions)
            framing, stance, voice = (rows[first:behind] for rows in heads.values())
            probability = 1 / (1 + np.exp(-logit / self._temperatures["loaded"]))
            outputs.append(SentenceOutput(framing, stance, voice, float(probability)))
            first = behind
        return outputs

    def _mention_heads(
        self, sentences: Sequence[SentenceInput]
    ) -> dict[Label, NDArray[np.float32]]:
        """For each label the probabilities of all mentions, shape (mentions, classes)."""
        if not any(sentence.mentions for sentence in sentences):
            return {
                head: np.zeros((0, len(classes)), np.float32)
                for head, classes in MENTION_LABELS.items()
            }
        features = mention_features(sentences, self._vectorizers)
        return {
            head: softmax(self._logits(head, features) / self._temperatures[head])
            for head in MENTION_LABELS
        }

    def _logits(self, head: str, features: Any) -> NDArray[np.float32]:
        weights, bias = self._arrays[f"{head}.weight"], self._arrays[f"{head}.bias"]
        return np.asarray(features @ weights.T + bias, np.float32)


def _read_arrays(folder: ModelFolder) -> dict[str, NDArray[np.float32]]:
    safetensors = require("safetensors.numpy", "train")
    path = folder.path / WEIGHTS_FILE
    try:
        arrays: dict[str, NDArray[np.float32]] = safetensors.load_file(path)
    except require("safetensors", "train").SafetensorError as error:
        raise ModelError(f"{path}: not a safetensors file: {error}") from error
    for head in HEADS:
        for part in ("weight", "bias"):
            if f"{head}.{part}" not in arrays:
                raise ModelError(f"{path}: array {head}.{part} is missing")
    return arrays


def new_vectorizer(view: str, vocabulary: Sequence[str] | None = None) -> Any:
    """A TF-IDF vectorizer for a view, not yet fitted.

    Args:
        view: One of `MENTION_VIEWS`.
        vocabulary: Its features, if they are known.
    """
    text = require("sklearn.feature_extraction.text", "train")
    settings = dict(MENTION_VIEWS[view])
    if settings["analyzer"] == "word":
        settings["token_pattern"] = _WORD_OR_MARK
    return text.TfidfVectorizer(
        vocabulary=vocabulary, sublinear_tf=True, lowercase=True, dtype=np.float32, **settings
    )


def _fitted(view: str, vocabulary: Any, arrays: Mapping[str, NDArray[np.float32]]) -> Any:
    idf = arrays.get(f"idf.{view}")
    if not isinstance(vocabulary, list) or idf is None or idf.shape != (len(vocabulary),):
        raise ModelError(f"the baseline's vocabulary {view!r} and its idf weights do not fit")
    vectorizer = new_vectorizer(view, vocabulary)
    vectorizer.idf_ = idf
    return vectorizer


def sentence_features(sentences: Sequence[SentenceInput], vectorizers: Mapping[str, Any]) -> Any:
    """Sparse features of each sentence, shape (sentences, features)."""
    return _stack([vectorizers[v].transform([s.text for s in sentences]) for v in SENTENCE_VIEWS])


def mention_features(sentences: Sequence[SentenceInput], vectorizers: Mapping[str, Any]) -> Any:
    """Sparse features of each mention, shape (mentions, features); there must be one."""
    texts = mention_texts(sentences)
    parts = [vectorizers[view].transform(texts[view]) for view in MENTION_VIEWS]
    return _stack([*parts, _quoted_shares(sentences)])


def mention_texts(sentences: Sequence[SentenceInput]) -> dict[str, list[str]]:
    """For each view the text it sees of each mention."""
    pairs = [(s.text, start, end) for s in sentences for start, end in s.mentions]
    return {
        "sentence-words": [text for text, _, _ in pairs],
        "sentence-characters": [text for text, _, _ in pairs],
        "mention-words": [text[a:b] for text, a, b in pairs],
        "mention-characters": [text[a:b] for text, a, b in pairs],
        "before-words": [text[max(0, a - WINDOW) : a] for text, a, _ in pairs],
        "behind-words": [text[b : b + WINDOW] for text, _, b in pairs],
    }


def _quoted_shares(sentences: Sequence[SentenceInput]) -> Any:
    """The share of each mention that stands in quotation marks, and whether all does."""
    shares = []
    for sentence in sentences:
        for start, end in sentence.mentions:
            inside = sum(max(0, min(end, b) - max(start, a)) for a, b in sentence.quoted)
            shares.append((inside / (end - start), float(inside >= end - start)))
    sparse = require("scipy.sparse", "train")
    return sparse.csr_matrix(np.asarray(shares, np.float32).reshape(-1, 2))


def _stack(parts: Sequence[Any]) -> Any:
    return require("scipy.sparse", "train").hstack(parts, format="csr", dtype=np.float32)
