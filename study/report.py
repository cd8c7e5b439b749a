"""A report on an archive: findings, pictures, sentences, methods, limits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .. import __version__
from ..data.errors import UsageError
from .report_figures import figures
from .report_findings import Headlines, findings, headline_tables, headlines
from .report_methods import LIMITS, NAIVE_NOTICE, citations, methods, settings
from .report_parts import Entry, Figure, Report
from .report_sample import draw_sentences
from .report_text import count, visible
from .study import Study

OUTLET = "outlet"
SENTENCES, MOST_SENTENCES = 5_000, 50_000


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What a report shows.

    Attributes:
        title: Its heading.
        by: Column of the documents that divides the archive; without one ``outlet`` where there
            is such a column, else nothing.
        sentences: Most sentences that can be browsed.
        seed: Of their draw.
        model: Folder of the model that scored, to tell what it was trained on; connote's own
            needs none.

    Raises:
        UsageError: If there are to be no sentences, or more than a page can hold.
    """

    title: str = "How the archive labels people, groups and acts"
    by: str | None = None
    sentences: int = SENTENCES
    seed: int = 1
    model: Path | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.sentences <= MOST_SENTENCES:
            raise UsageError(
                f"sentences: expected a number from 1 to {MOST_SENTENCES:,}, "
                f"found {self.sentences:,}"
            )


def build_report(study: Study, options: ReportOptions | None = None) -> Report:
    """Make all that a report says.

    Args:
        study: Of the archive, with its gold sample if there is one.
        options: What to show.

    Raises:
        ScoresError: If the column is missing.
        UsageError: If the column is not one of documents, or the model's folder is another's.
    """
    options = options or ReportOptions()
    by = _divided_by(study, options.by)
    entries = tuple(settings(study, __version__, options.model))
    found = headlines(study, by)
    pictures = tuple(figures(study, found, by))
    return Report(
        title=visible(options.title),
        facts=_facts(study, by),
        notice=NAIVE_NOTICE if study.gold is None else None,
        findings=tuple(findings(found, by)),
        headlines=tuple(headline_tables(found, by)),
        figures=pictures,
        by=None if by is None else visible(by),
        sample=draw_sentences(study.scores, by, options.sentences, options.seed),
        methods=methods(study),
        estimands=_estimands(found, pictures),
        settings=entries,
        citations=citations(study, __version__),
        warnings=_warnings(study, found),
        limits=LIMITS,
        model=visible(study.scores.model),
        version=__version__,
    )


def _divided_by(study: Study, by: str | None) -> str | None:
    if by is None:
        return OUTLET if OUTLET in study.scores.own_columns else None
    study.scores.require([by])
    if by not in study.scores.own_columns:
        there = ", ".join(study.scores.own_columns) or "none"
        raise UsageError(f"by: expected a column of the documents ({there}), found {by}")
    return by


def _facts(study: Study, by: str | None) -> tuple[str, ...]:
    sizes = study.scores.sql(
        "SELECT (SELECT count(DISTINCT doc_id) FROM sentences) AS documents, "
        "(SELECT count(*) FROM sentences) AS sentences, (SELECT count(*) FROM mentions) AS labels"
    ).iloc[0]
    facts = [f"{count(sizes[name])} {name}" for name in ("documents", "sentences", "labels")]
    dates = _dates(study)
    return (*facts, *([dates] if dates else []), visible(study.scores.model))


def _dates(study: Study) -> str | None:
    if "month" not in study.scores.columns or "date" not in study.scores.own_columns:
        return None
    day = "TRY_CAST(date AS DATE)"
    query = f"SELECT min({day})::VARCHAR AS first, max({day})::VARCHAR AS last FROM sentences"
    row = study.scores.sql(query).iloc[0]
    if not isinstance(row["first"], str):
        return None
    first, last = visible(row["first"]), visible(row["last"])
    return first if first == last else f"{first} to {last}"


def _estimands(found: Headlines, pictures: tuple[Figure, ...]) -> tuple[Entry, ...]:
    named = (
        ("Delegitimizing labels, own voice", found.own),
        ("Delegitimizing labels, reported voice", found.reported),
        ("Loadedness", found.loaded),
    )
    told = [Entry(name, visible(estimates.estimand, 2_000)) for name, estimates in named]
    known = {entry.text for entry in told}
    told += [Entry(p.title, p.text) for p in pictures if p.estimated and p.text not in known]
    return tuple(told)


def _warnings(study: Study, found: Headlines) -> tuple[str, ...]:
    """What the estimates warn of, each once; that all is naive stands above already."""
    told = dict.fromkeys(
        visible(warning, 2_000)
        for estimates in found.estimates
        for warning in estimates.warnings
        if not (study.gold is None and warning.startswith("No gold sample"))
    )
    return tuple(told)
