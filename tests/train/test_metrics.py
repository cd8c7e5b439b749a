"""Metrics against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from connote.train.metrics import calibration_error, report

CLASSES = ("a", "b", "c")
PROBABILITIES = np.array([[0.8, 0.1, 0.1], [0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.1, 0.3, 0.6]])
GOLD = [0, 1, 1, 2]


def test_scores_by_hand() -> None:
    metrics = report(GOLD, PROBABILITIES, CLASSES, 3)
    assert metrics["accuracy"] == 0.75
    # a: precision 1/2, recall 1; b: precision 1, recall 1/2; c: both 1.
    assert metrics["macro_f1"] == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)
    assert metrics["per_class"]["b"] == {
        "precision": 1.0,
        "recall": 0.5,
        "f1": pytest.approx(2 / 3),
        "n": 2,
    }
    assert metrics["confusion"]["b"] == {"a": 1, "b": 1, "c": 0}


def test_macro_f1_leaves_the_last_class_beside() -> None:
    metrics = report(GOLD, PROBABILITIES, CLASSES, 2)
    assert metrics["macro_f1"] == pytest.approx(2 / 3)
    assert metrics["per_class"]["c"]["f1"] == 1.0


def test_brier_is_the_squared_distance_over_all_classes() -> None:
    metrics = report([0], np.array([[0.5, 0.5, 0.0]]), CLASSES, 3)
    assert metrics["brier"] == pytest.approx(0.5)


def test_calibration_error_of_one_bin_is_the_gap() -> None:
    probabilities = np.array([[0.75, 0.25]] * 4)
    assert calibration_error([0, 0, 0, 1], probabilities) == pytest.approx(0.0)
    assert calibration_error([1, 1, 1, 1], probabilities) == pytest.approx(0.75)


def test_a_label_that_nothing_marks_has_only_its_count() -> None:
    assert report([], np.zeros((0, 3)), CLASSES, 3) == {"n": 0}
