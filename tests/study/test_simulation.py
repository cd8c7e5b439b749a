"""Two cells of the simulation; `make simulate` runs all of them with 1,000 samples each."""

from __future__ import annotations

import pytest

from connote.study.simulation import report, simulate


@pytest.mark.parametrize(("prevalence", "size"), [(0.1, 300), (0.4, 100)])
def test_corrected_intervals_hold_where_naive_ones_fail(prevalence: float, size: int) -> None:
    found = simulate(prevalence, size, runs=400)
    for what in ("share", "outlet", "difference"):
        assert found[what, "corrected"].runs == 400
        assert found[what, "corrected"].coverage >= 0.93
        assert found[what, "gold"].coverage >= 0.93
        width = found[what, "corrected"].mean_width / found[what, "gold"].mean_width
        assert 0.5 < width <= 1.0, what
    assert found["share", "naive"].coverage < 0.5


def test_too_small_samples_say_so() -> None:
    found = simulate(0.03, 100, runs=20)
    assert found["difference", "corrected"].flagged == 20
    assert found["share", "naive"].flagged == 0


def test_the_report_has_a_line_for_each_estimate() -> None:
    lines = list(report(2))
    assert len(lines) == 1 + 9 * 3 * 3
    assert lines[0].split()[:3] == ["archive", "prevalence", "gold"]
