"""Metrics against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from connote.train.metrics import calibration_error, debiased_calibration_error, report

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


def sure(confidence: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities of two classes, the first the winner."""
    return np.stack([confidence, 1 - confidence], axis=1)


def simulated(n: int, seed: int) -> tuple[list[int], NDArray[np.float64]]:
    """Answers that are right exactly as often as the model is sure of them."""
    draw = np.random.default_rng(seed)
    confidence = draw.uniform(0.5, 1.0, n)
    return list(map(int, draw.random(n) >= confidence)), sure(confidence)


def test_a_calibrated_model_has_no_error_left_once_chance_is_taken_off() -> None:
    assert debiased_calibration_error(*simulated(20_000, 0)) < 0.01
    few = [simulated(200, seed) for seed in range(40)]
    plain = np.mean([calibration_error(*answers) for answers in few])
    debiased = np.mean([debiased_calibration_error(*answers) for answers in few])
    assert plain > 0.04
    assert debiased < plain / 2


def test_a_model_that_is_too_sure_is_off_by_the_gap() -> None:
    gold = [0, 1] * 1_000
    probabilities = sure(np.full(2_000, 0.9))
    assert debiased_calibration_error(gold, probabilities) == pytest.approx(0.4, abs=0.005)
    assert calibration_error(gold, probabilities) == pytest.approx(0.4)


def test_the_variance_of_a_bin_is_taken_off_by_hand() -> None:
    probabilities = sure(np.array([0.9, 0.9, 0.6, 0.6]))
    # Bins of two, one of two right at 0.6: 0.1² + 0.1² less a variance of 1/4 is below zero.
    assert debiased_calibration_error([0, 0, 0, 1], probabilities) == 0.0
    # Both wrong at 0.6 leaves no variance: the gaps are 0.1 and 0.6.
    found = debiased_calibration_error([0, 0, 1, 1], probabilities)
    assert found == pytest.approx(((0.1**2 + 0.6**2) / 2) ** 0.5)


def test_one_answer_is_enough_for_an_error() -> None:
    assert debiased_calibration_error([1], sure(np.array([0.7]))) == pytest.approx(0.7)


def test_the_area_under_the_curve_counts_pairs() -> None:
    second = np.array([0.9, 0.4, 0.6, 0.1])
    probabilities = np.stack([1 - second, second], axis=1)
    metrics = report([1, 1, 0, 0], probabilities, ("false", "true"), 2)
    assert metrics["auroc"] == 0.75
    assert report([1, 1, 1, 0], probabilities, ("false", "true"), 2)["auroc"] == 1.0
    assert metrics["ece_debiased"] == debiased_calibration_error([1, 1, 0, 0], probabilities)


def test_no_curve_for_one_class_or_for_three() -> None:
    probabilities = np.array([[0.2, 0.8], [0.6, 0.4]])
    assert "auroc" not in report([1, 1], probabilities, ("false", "true"), 2)
    assert "auroc" not in report(GOLD, PROBABILITIES, CLASSES, 3)
