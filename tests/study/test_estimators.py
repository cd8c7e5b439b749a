"""Estimators and intervals, against hand computations and other software."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from connote.study.estimators import (
    Documents,
    Group,
    Sample,
    corrected,
    correlation,
    effective_size,
    gold_only,
    shared_influence,
    spread,
)
from connote.study.groups import difference, estimated
from connote.study.intervals import Interval, of_difference, of_share
from connote.study.naive import naive_difference, naive_share
from connote.study.quantification import adjusted_count

NO_DOCUMENTS = Documents(np.array([0]), np.array([0.0]), np.array([1.0]))


def simple(population: float, n: int) -> Sample:
    """A simple random sample."""
    return Sample(np.zeros(n, np.int64), np.array([population]), np.array([float(n)]), np.arange(n))


def group(gold: list[list[float]], predicted: list[list[float]], totals: list[float]) -> Group:
    return Group(
        np.array(gold, float),
        np.array(predicted, float),
        np.array(totals, float),
        NO_DOCUMENTS,
        np.ones(len(gold), bool),
    )


def test_a_gold_share_weighs_strata_by_their_size() -> None:
    # 100 sentences of which 2 were drawn, 10 of which 2: means 1/2 and 1 of one unit each.
    sample = Sample(
        np.array([0, 0, 1, 1]), np.array([100.0, 10.0]), np.array([2.0, 2.0]), np.arange(4)
    )
    found = gold_only(sample, group([[1, 1], [0, 1], [1, 1], [1, 1]], [[0, 0]] * 4, [0, 0]))
    assert found is not None
    assert found.value == pytest.approx((50 + 10) / 110)
    assert found.factor == 0


def test_a_perfect_classifier_is_taken_at_its_word() -> None:
    gold = [[1, 1], [0, 1], [1, 1], [0, 1], [0, 1]]
    found = corrected(simple(1000, 5), group(gold, gold, [290, 1000]))
    assert found is not None
    assert found.value == pytest.approx(0.29)
    assert found.factor == pytest.approx(1)
    assert np.abs(found.errors).max() < 1e-12


def test_a_classifier_that_knows_nothing_is_not_used() -> None:
    gold = [[1, 1], [0, 1], [1, 1], [0, 1]]
    constant = [[0.3, 1]] * 4
    of_gold, both = (
        f(simple(1000, 4), group(gold, constant, [300, 1000])) for f in (gold_only, corrected)
    )
    assert of_gold is not None and both is not None
    assert both.value == pytest.approx(of_gold.value)


def test_a_classifier_that_is_wrong_throughout_is_corrected() -> None:
    # It says the class of everything; the gold labels know better.
    gold = [[1, 1]] * 3 + [[0, 1]] * 9
    found = corrected(simple(1200, 12), group(gold, [[1, 1]] * 12, [1200, 1200]))
    assert found is not None
    assert found.value == pytest.approx(0.25)


def test_mentions_that_were_missed_count() -> None:
    # Two sentences in which nothing was found have a mention of the class.
    gold = [[0, 1], [0, 1], [1, 1], [1, 1]]
    predicted = [[0, 1], [0, 1], [0, 0], [0, 0]]
    found = corrected(simple(400, 4), group(gold, predicted, [0, 200]))
    assert found is not None
    assert found.value == pytest.approx(0.5)


def test_without_gold_units_there_is_no_share() -> None:
    nothing = group([[0, 0]] * 3, [[1, 1]] * 3, [300, 300])
    assert gold_only(simple(300, 3), nothing) is None
    assert corrected(simple(300, 3), nothing) is None
    assert not estimated(simple(300, 3), nothing)


def test_the_variance_of_a_simple_sample_is_that_of_the_textbooks() -> None:
    y = np.array([1.0, 0, 0, 1, 0, 1, 0, 0])
    found = gold_only(simple(80, 8), group([[v, 1] for v in y], [[0, 0]] * 8, [0, 0]))
    assert found is not None
    expected = (1 - 8 / 80) * y.var(ddof=1) / 8
    made = group([[v, 1] for v in y], [[0, 0]] * 8, [0, 0])
    assert spread(simple(80, 8), found, made).sampling == pytest.approx(expected)


def test_a_stratum_taken_whole_adds_no_variance() -> None:
    values = np.array([[1.0], [0.0], [1.0]])
    sample = simple(3, 3)
    assert sample.covariances(values, np.ones(3, bool)).sum() == 0


def test_a_stratum_of_one_borrows_the_variance_of_the_others() -> None:
    sample = Sample(
        np.array([0, 0, 0, 1]), np.array([30.0, 10.0]), np.array([3.0, 1.0]), np.arange(4)
    )
    values = np.array([[1.0], [0.0], [0.0], [1.0]])
    strata = sample.covariances(values, np.ones(4, bool))[:, 0, 0]
    assert strata[1] == pytest.approx(10**2 * (1 - 1 / 10) * (1 / 3))


def test_documents_vary_as_their_bootstrap_does() -> None:
    generator = np.random.default_rng(0)
    units = generator.poisson(6, 400) + 1.0
    documents = Documents(np.arange(400), generator.binomial(units.astype(int), 0.3) * 1.0, units)
    found = naive_share(documents)
    deviation = (found.high - found.low) / (2 * 1.96)
    assert shared_influence(documents, documents) ** 0.5 == pytest.approx(deviation, rel=0.1)


def test_documents_of_two_groups_vary_together() -> None:
    one = Documents(np.array([1, 2, 3]), np.array([1.0, 0, 2]), np.array([2.0, 2, 2]))
    apart = replace(one, codes=np.array([4, 5, 6]))
    assert shared_influence(one, one) > 0
    assert shared_influence(one, apart) == 0


def test_estimates_agree_with_ppi_python() -> None:
    """Its figures for these data, version 0.2.3; it brings a package `tests`, so it is no extra."""
    generator = np.random.default_rng(1)
    n, size = 400, 40_000
    truth = generator.random(size) < 0.3
    belief = np.where(truth, generator.beta(5, 2, size), generator.beta(2, 5, size))
    drawn = generator.permutation(size)
    inside = drawn[:n]
    both = Group(
        np.stack([truth[inside], np.ones(n)], 1).astype(float),
        np.stack([belief[inside], np.ones(n)], 1),
        np.array([belief.sum(), size]),
        NO_DOCUMENTS,
        np.ones(n, bool),
    )
    ours = corrected(simple(size, n), both)
    assert ours is not None
    theirs, low, high = 0.30306758, 0.27199853, 0.33413664
    deviation = spread(simple(size, n), ours, both).sampling ** 0.5
    assert ours.value == pytest.approx(theirs, abs=0.003)
    assert 2 * 1.96 * deviation == pytest.approx(high - low, rel=0.03)


def test_the_correlation_of_a_share_with_itself_is_one() -> None:
    made = group([[1, 1], [0, 1], [0, 1], [1, 1]], [[0.4, 1]] * 4, [400, 1000])
    found = gold_only(simple(1000, 4), made)
    assert found is not None
    one = (found, made, spread(simple(1000, 4), found, made))
    assert correlation(simple(1000, 4), one, one) == pytest.approx(1)


def test_a_difference_of_a_group_from_itself_is_nothing() -> None:
    made = group([[1, 1], [0, 1], [0, 1], [1, 1]], [[0.4, 1]] * 4, [400, 1000])
    found = estimated(simple(1000, 4), made)["gold"]
    interval, variance = difference(simple(1000, 4), found, found)
    assert variance == pytest.approx(0, abs=1e-9)
    assert interval.value == 0


def test_equal_weights_cost_nothing() -> None:
    made = group([[1, 1], [0, 1], [0, 0], [1, 1]], [[0, 0]] * 4, [0, 0])
    assert effective_size(simple(100, 4), made) == pytest.approx(3)


@pytest.mark.parametrize(("value", "ends"), [(0.0, (0.0, 0.3085)), (1.0, (0.6915, 1.0))])
def test_a_share_of_nothing_or_all_has_the_exact_interval(
    value: float, ends: tuple[float, float]
) -> None:
    found = of_share(value, 0.0, 5, 10)
    assert (found.low, found.high) == pytest.approx(ends, abs=1e-4)


@pytest.mark.parametrize("value", [0.01, 0.3, 0.97])
def test_an_interval_holds_its_estimate_and_keeps_within_bounds(value: float) -> None:
    found = of_share(value, 0.02, 8, 30)
    assert 0 < found.low < value < found.high < 1
    assert of_share(value, 0.02, 4, 30).high > found.high


def test_the_difference_of_two_independent_shares_is_that_of_newcombe() -> None:
    # 56/70 - 48/80 with Wilson's intervals: 0.0524 to 0.3339 (Newcombe 1998, table II, method 10).
    found = of_difference(Interval(0.8, 0.6918, 0.8769), Interval(0.6, 0.4904, 0.7005))
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-4)


def test_a_difference_keeps_within_bounds() -> None:
    found = of_difference(Interval(1.0, 0.2, 1.0), Interval(0.0, 0.0, 0.9))
    assert (found.low, found.high) == (pytest.approx(-0.2042, abs=1e-3), 1.0)


def test_naive_shares_of_one_class_get_no_empty_interval() -> None:
    documents = Documents(np.arange(12), np.zeros(12), np.full(12, 5.0))
    found = naive_share(documents)
    assert (found.value, found.low) == (0, 0)
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 12))


def test_naive_differences_draw_shared_documents_together() -> None:
    generator = np.random.default_rng(0)
    units = np.full(200, 5.0)
    shared = generator.binomial(5, generator.beta(1, 2, 200)) * 1.0
    one, other = (Documents(np.arange(200), shared, units) for _ in range(2))
    assert naive_difference(one, other).low == 0
    apart = naive_difference(one, replace(other, codes=np.arange(200, 400)))
    assert apart.low < -0.05 < 0.05 < apart.high


def test_adjusted_counts_undo_known_rates() -> None:
    generator = np.random.default_rng(3)
    truth = generator.random(20_000) < 0.2
    said = np.where(truth, generator.random(20_000) < 0.8, generator.random(20_000) < 0.1) * 1.0
    ones = np.ones(20_000)
    drawn = slice(0, 2000)
    made = Group(
        np.stack([truth, ones], 1)[drawn].astype(float),
        np.zeros((2000, 2)),
        ones[:2],
        NO_DOCUMENTS,
        ones[:2000] > 0,
    )
    by_label = np.stack([said, ones], 1)
    found = adjusted_count(simple(20_000, 2000), made, by_label[drawn], by_label.sum(0))
    assert said.mean() > 0.23
    assert found == pytest.approx(truth.mean(), abs=0.02)


def test_adjusted_counts_of_one_class_or_of_guesses_are_not_defined() -> None:
    ones = [[1.0, 1.0]] * 4
    made = group(ones, ones, [4, 4])
    assert adjusted_count(simple(40, 4), made, made.predicted, made.totals) is None
    guesses = group([[1, 1], [0, 1]] * 2, [[0.5, 1]] * 4, [20, 40])
    assert adjusted_count(simple(40, 4), guesses, guesses.predicted, guesses.totals) is None


def test_gold_sentences_of_one_document_tell_how_documents_vary() -> None:
    """Twenty documents of which half are all of the class; the classifier sees no difference."""
    generator = np.random.default_rng(5)
    document = np.repeat(np.arange(20), 30)
    truth = np.repeat(generator.permutation([1.0] * 10 + [0.0] * 10), 30)
    drawn = generator.choice(600, 200, replace=False)
    sample = Sample(np.zeros(200, np.int64), np.array([600.0]), np.array([200.0]), document[drawn])
    same = Documents(np.arange(20), np.full(20, 9.0), np.full(20, 30.0))
    made = Group(
        np.stack([truth[drawn], np.ones(200)], 1),
        np.full((200, 2), [0.3, 1.0]),
        np.array([180.0, 600.0]),
        same,
        np.ones(200, bool),
    )
    found = gold_only(sample, made)
    assert found is not None
    assert shared_influence(same, same) == pytest.approx(0)
    deviation = spread(sample, found, made).documents ** 0.5
    assert deviation == pytest.approx((0.5 * 0.5 / 20) ** 0.5, rel=0.25)


def test_a_classifier_whose_errors_were_not_seen_is_not_used() -> None:
    gold = [[1, 1], [0, 1]] * 30
    sure = [[0.99, 1], [0.01, 1]] * 30
    found = estimated(simple(6000, 60), group(gold, sure, [2000, 6000]))["corrected"]
    assert found.ratio.factor == 0


def test_strata_without_sentences_of_a_group_add_nothing_to_its_variance() -> None:
    sample = Sample(
        np.array([0, 0, 0, 1, 1]), np.array([30.0, 9000.0]), np.array([3.0, 2.0]), np.arange(5)
    )
    values = np.array([[1.0], [0.0], [0.0], [0.0], [0.0]])
    inside = np.array([True, True, True, False, False])
    assert sample.covariances(values, inside)[1].sum() == 0
    assert sample.covariances(values, np.ones(5, bool))[1].sum() > 0
