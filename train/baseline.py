"""Training of the baseline: reproducible to the last bit under one lock file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from ..data.schema import MENTION_LABELS, Example
from ..infer.baseline import (
    MENTION_VIEWS,
    SENTENCE_VIEWS,
    mention_features,
    mention_texts,
    new_vectorizer,
    sentence_features,
)
from ..infer.folder import FILES_OF, VOCABULARY_FILE, WEIGHTS_FILE
from ..infer.judge import as_input
from .recipe import Recipe
from .values import RecipeError

FILES = [*FILES_OF["baseline"]]


def train_baseline(recipe: Recipe, examples: Sequence[Example], out: Path) -> None:
    """Fit the baseline and write its files into a folder.

    Args:
        recipe: Its `regularization` and `seed` are used.
        examples: What to learn from.
        out: An existing folder.

    Raises:
        RecipeError: If a label has fewer than two classes in the examples.
    """
    # One thread: sums in another order differ in the last bit.
    with threadpool_limits(limits=1):
        inputs = [as_input(example) for example in examples]
        texts = {
            **mention_texts(inputs),
            **{view: [s.text for s in inputs] for view in SENTENCE_VIEWS},
        }
        vectorizers = {view: new_vectorizer(view).fit(texts[view]) for view in MENTION_VIEWS}
        arrays = {f"idf.{v}": vectorizers[v].idf_.astype(np.float32) for v in MENTION_VIEWS}
        mentions = mention_features(inputs, vectorizers)
        for name, classes in MENTION_LABELS.items():
            labels = [getattr(m, name) for example in examples for m in example.mentions]
            arrays.update(_fit(name, recipe, mentions, labels, classes))
        loaded = [None if e.loaded is None else str(e.loaded) for e in examples]
        sentences = sentence_features(inputs, vectorizers)
        arrays.update(_fit("loaded", recipe, sentences, loaded, ("False", "True")))
    words = {v: list(map(str, vectorizers[v].get_feature_names_out())) for v in MENTION_VIEWS}
    text = json.dumps(words, ensure_ascii=False, sort_keys=True)
    (out / VOCABULARY_FILE).write_text(text, encoding="utf-8")
    save_file(dict(sorted(arrays.items())), out / WEIGHTS_FILE)


def _fit(
    head: str, recipe: Recipe, features: Any, labels: Sequence[str | None], classes: Sequence[str]
) -> dict[str, NDArray[np.float32]]:
    """Weights and biases of one label over all its classes."""
    marked = [i for i, label in enumerate(labels) if label is not None]
    targets = np.asarray([classes.index(str(labels[i])) for i in marked])
    if len(set(targets.tolist())) < 2:
        raise RecipeError(
            f"{head}: found {len(marked)} marked labels of {len(set(targets.tolist()))} classes "
            "in the training data; a baseline needs at least two classes"
        )
    model = LogisticRegression(
        C=recipe.regularization,
        max_iter=2000,
        random_state=recipe.seed,
        class_weight="balanced",
    )
    model.fit(features[marked], targets)
    if len(model.classes_) == 2 and head == "loaded":
        weight, bias = model.coef_, model.intercept_
    else:
        weight, bias = _over_all_classes(model, len(classes))
    return {
        f"{head}.weight": np.ascontiguousarray(weight, np.float32),
        f"{head}.bias": np.ascontiguousarray(bias, np.float32),
    }


def _over_all_classes(model: LogisticRegression, classes: int) -> tuple[Any, Any]:
    """A row for each class; one that the data lack is never chosen."""
    weight = np.zeros((classes, model.coef_.shape[1]), np.float32)
    bias = np.full(classes, -1e4, np.float32)
    rows, biases = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        rows, biases = np.vstack([-rows, rows]) / 2, np.concatenate([-biases, biases]) / 2
    weight[model.classes_] = rows
    bias[model.classes_] = biases
    return weight, bias
