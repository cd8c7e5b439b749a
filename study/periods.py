"""Days and periods as points on a line of time."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta

from ..data.checks import shorten
from ..data.errors import UsageError

_MONTH, _WEEK, _YEAR = (re.compile(p) for p in (r"(\d{4})-(\d\d)", r"(\d{4})-W(\d\d)", r"(\d{4})"))
DAYS = {"week": 7.5, "month": 31.5, "year": 366.5}
"""Periods that follow each other are at most so far apart."""


def span_of(period: str) -> tuple[date, date] | None:
    """First day of a period, and of the next one."""
    try:
        if found := _MONTH.fullmatch(period):
            first = date(int(found[1]), int(found[2]), 1)
            return first, (first + timedelta(days=32)).replace(day=1)
        if found := _WEEK.fullmatch(period):
            first = date.fromisocalendar(int(found[1]), int(found[2]), 1)
            return first, first + timedelta(days=7)
        if found := _YEAR.fullmatch(period):
            return date(int(found[1]), 1, 1), date(int(found[1]) + 1, 1, 1)
    except (ValueError, OverflowError):
        return None
    return None


def all_between(first: str, last: str) -> list[str]:
    """All periods from one to another, whether they have estimates or not."""
    form = "%G-W%V" if "W" in first else {4: "%Y", 7: "%Y-%m"}[len(first)]
    periods, span, end = [], span_of(first), span_of(last)
    while span is not None and end is not None and span[0] <= end[0]:
        periods.append(span[0].strftime(form))
        span = span_of(span[1].strftime(form))
    return periods


def middle(period: str) -> float:
    """The middle of a period as a number of days; NaN of what is no period."""
    span = span_of(period)
    return math.nan if span is None else (span[0].toordinal() + span[1].toordinal()) / 2


def day_of(text: str, what: str) -> float:
    """A day as a number, the middle of it where a period is given.

    Args:
        text: A day or a period.
        what: It is of, for the error.

    Raises:
        UsageError: If it is neither.
    """
    if span_of(text) is not None:
        return middle(text)
    try:
        return date.fromisoformat(text).toordinal() + 0.5
    except ValueError as error:
        raise UsageError(
            f"{what}: expected a day such as 2024-02-17 or a period, found {shorten(text)}"
        ) from error
