"""Intervals of shares and of their differences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import expit

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its two ends."""

    value: float
    low: float
    high: float

    @property
    def width(self) -> float:
        """From end to end."""
        return self.high - self.low

    @property
    def below(self) -> float:
        """From the lower end to the estimate."""
        return self.value - self.low

    @property
    def above(self) -> float:
        """From the estimate to the upper end."""
        return self.high - self.value


def of_share(value: float, variance: float, degrees: float, size: float) -> Interval:
    """Interval of a share at 95 %.

    Symmetric on the scale of log odds, with Student's t, so that it keeps within 0 and 1 and is
    longer towards the middle. A share of 0 or 1, which has no variance of its own, gets the
    exact interval of a binomial share (Clopper and Pearson 1934) with the effective number of
    units, as Korn and Graubard (1998) do for surveys.

    Args:
        value: The estimate, 0 to 1.
        variance: Of the estimate.
        degrees: Of freedom of the variance.
        size: Effective number of units, for shares of 0 and 1.
    """
    tail = (1 - LEVEL) / 2
    if value <= 0 or value >= 1:
        reach = 1 - tail ** (1 / max(size, 1.0))
        return Interval(value, *((0.0, reach) if value <= 0 else (1 - reach, 1.0)))
    odds = np.log(value / (1 - value))
    reach = stats.t.ppf(1 - tail, max(degrees, 1.0)) * np.sqrt(variance) / (value * (1 - value))
    low, high = expit([odds - reach, odds + reach])
    return Interval(value, float(low), float(high))


def of_difference(one: Interval, other: Interval, correlation: float = 0.0) -> Interval:
    """Interval of one share less another at 95 %, from the intervals of both.

    Variances are recovered from the ends that lie towards each other (MOVER: Zou and Donner
    2008, with correlation Zou 2008), so that it is as skewed as they are.

    Args:
        one: The share.
        other: What is taken from it.
        correlation: Of the two estimates.
    """

    def reach(a: float, b: float) -> float:
        return float(np.sqrt(max(a * a + b * b - 2 * correlation * a * b, 0.0)))

    value = one.value - other.value
    low = value - reach(one.below, other.above)
    high = value + reach(one.above, other.below)
    return Interval(value, max(low, -1.0), min(high, 1.0))
