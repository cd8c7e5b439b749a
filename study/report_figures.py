"""The figures of a report: each picture with its figures as a table and its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from .estimates import Estimates
from .palette import Palette
from .report_drawing import LONGEST, Draw, drawn_figure
from .report_findings import FRAMED, MOST_HEADLINES, Headlines, estimates_table, values
from .report_labels import contested_referents, label_choice_figure, voices_figure
from .report_parts import Figure
from .report_quality import agreement_figure, calibration_figure
from .report_text import visible
from .scores import quoted
from .selection import Selection
from .study import Study

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LINES = 4
"""Groups that have a line each in the trend; more are shown as one."""
_LEAST_PERIODS, _MOST_PERIODS = 3, 60


def figures(study: Study, found: Headlines, by: str | None) -> Iterator[Figure]:
    """All pictures that the archive has the data for.

    Args:
        study: Of the archive.
        found: The headline estimates.
        by: Column that divides the archive, if any.
    """
    if by is not None:
        yield from _shares(found)
    yield from _trend(study, by)
    if by is not None:
        for referent in contested_referents(study, by):
            yield from label_choice_figure(study, by, referent)
    yield from voices_figure(study, by)
    if study.gold is not None:
        yield from agreement_figure(study)
        yield from calibration_figure(study)


def _shares(found: Headlines) -> Iterator[Figure]:
    named = (
        ("own-voice", "Delegitimizing labels in own voice", found.own),
        ("reported-voice", "Delegitimizing labels in reported voice", found.reported),
        ("loadedness", "Loadedness of sentences", found.loaded),
    )
    for key, title, estimates in named:
        if not values(estimates):
            continue
        shown = _largest(estimates)
        cut = "" if shown is estimates else f" The {MOST_HEADLINES} groups with most documents."
        yield drawn_figure(
            key,
            title,
            visible(estimates.estimand, LONGEST) + cut,
            _draw_shares(_named(shown)),
            estimates_table(estimates, title),
        )


def _draw_shares(estimates: Estimates) -> Draw:
    def draw(palette: Palette) -> Axes:
        from .pictures import shares_plot

        return shares_plot(estimates, palette=palette)

    return draw


def _largest(estimates: Estimates) -> Estimates:
    """The groups with most documents, as many as a picture takes."""
    by = list(estimates.by)
    sizes = estimates.frame.groupby(by)["documents"].max().sort_values(ascending=False)
    if len(sizes) <= MOST_HEADLINES:
        return estimates
    kept = sizes.head(MOST_HEADLINES).index
    chosen = estimates.frame[estimates.frame.set_index(by).index.isin(kept)]
    return replace(estimates, frame=chosen.reset_index(drop=True))


def _named(estimates: Estimates) -> Estimates:
    """Estimates whose groups have names fit to be shown."""
    names = {name: estimates.frame[name].astype(str).map(visible) for name in estimates.by}
    return replace(estimates, frame=estimates.frame.assign(**names))


def _trend(study: Study, by: str | None) -> Iterator[Figure]:
    """The share in own voice through time, by group where these are few."""
    period = _period(study)
    if period is None:
        return
    groups = 0
    if by is not None:
        found = study.scores.sql(f"SELECT count(DISTINCT {quoted(by)}) AS n FROM sentences")
        groups = int(found["n"][0])
    columns = [by] if by is not None and 1 < groups <= MOST_LINES else []
    estimates = study.trend(FRAMED, period, columns, Selection(voice="own"))
    from .pictures import trend_plot

    title = f"Delegitimizing labels in own voice, by {period}"
    yield drawn_figure(
        "trend",
        title,
        visible(estimates.estimand, LONGEST),
        lambda palette: trend_plot(_named(estimates), palette=palette),
        estimates_table(estimates, title),
    )


def _period(study: Study) -> str | None:
    """The period that gives points enough and not too many."""
    if not {"week", "month", "year"} <= set(study.scores.columns):
        return None
    found = study.scores.sql(
        "SELECT count(DISTINCT week) AS week, count(DISTINCT month) AS month, "
        "count(DISTINCT year) AS year FROM sentences"
    ).iloc[0]
    for period in ("month", "week", "year"):
        if _LEAST_PERIODS <= found[period] <= _MOST_PERIODS:
            return period
    return None
