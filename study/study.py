"""Studies of a scored archive: shares and differences with intervals, corrected by gold labels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import pandas as pd

from ..data.checks import shorten
from ..data.errors import UsageError
from ..infer.results import UNRESOLVED
from ..infer.voices import OWN_VOICE
from .asked import check_columns, check_found
from .cautions import cautions
from .estimates import COLUMNS, Estimates
from .gold import Gold
from .gold_units import Key
from .groups import checks_of, differences, estimate_all, shares
from .label_choice import LabelChoice, label_choice
from .measures import LOADED, Measure, parse_measure
from .panel import VOICE, Panel, make_panel
from .scores import COPY, PERIODS, Scores, open_scores, quoted
from .selection import Selection
from .totals import Question


class Study:
    """A scored archive, with or without a gold sample.

    Args:
        scores: What `connote score` wrote, or scores that are open.
        gold: Records of a gold sample of this archive, as `connote import` writes them.
        seed: Of all draws.
        crossfit: ``crossfit.jsonl`` of the model that scored, where it learnt from these gold
            labels (`connote train --from`).

    Attributes:
        scores: Of the archive.
        gold: The gold sample, if there is one.

    Raises:
        ScoresError: If the scores cannot be used.
        GoldError: If the gold sample is not of these scores.
        CrossfitError: If the judgements are not of the gold sample.
    """

    def __init__(
        self,
        scores: str | Path | Scores,
        gold: str | Path | None = None,
        seed: int = 0,
        *,
        crossfit: str | Path | None = None,
    ) -> None:
        self.scores = scores if isinstance(scores, Scores) else open_scores(scores)
        if crossfit is not None and gold is None:
            raise UsageError("crossfit: expected together with gold labels, found none")
        judged = None if crossfit is None else Path(crossfit)
        self.gold = None if gold is None else Gold(Path(gold), self.scores, judged)
        if seed < 0:
            raise UsageError(f"seed: expected a number from 0, found {seed}")
        self._seed = seed

    def share(
        self,
        measure: str,
        by: Sequence[str] = (),
        selection: Selection | None = None,
        against: str | None = None,
    ) -> Estimates:
        """The share of a label, or the mean loadedness, in each group.

        Args:
            measure: ``framing=delegitimizing``, ``stance=against``, ``voice=quoted`` and so on:
                a share of mentions; or ``loaded``: a mean over sentences.
            by: Columns whose values are the groups: those of the documents, ``week``, ``month``,
                ``year`` of their ``date``, ``voice``, ``referent``, ``concept``,
                ``speaker_name`` or other columns of the scores.
            selection: Which mentions count; all without it.
            against: A value of one of the columns: every group is also compared with the one
                that has this value in its place. ``outlet=Tribune`` where several columns have it.

        Raises:
            UsageError: If a measure, column or group is not there.
        """
        selection = selection or Selection()
        wanted = parse_measure(measure)
        columns = _with_copies(tuple(by), selection)
        check_columns(self.scores, self.gold, wanted, columns, selection)
        check_found(self.scores, selection, wanted, self.gold is not None)
        question = Question(wanted, columns, selection)
        panel = make_panel(self.scores, question, self.gold)
        by_gold = estimate_all(panel)
        rows = list(shares(panel, by_gold, wanted, self._seed))
        warnings = list(cautions(self.scores, self.gold, question, panel))
        if against is not None:
            at, against = _reference(panel, columns, against)
            pairs = _pairs(panel, at, against)
            rows += differences(panel, by_gold, pairs, wanted, against, self._seed)
            alone = len(panel.cells) - len(pairs) - len({other for _, other in pairs})
            if alone:
                warnings.append(
                    f"{alone:,} groups have no group with {against} to be compared with."
                )
        return Estimates(
            frame=_frame(rows, columns),
            by=columns,
            measure=wanted.name,
            estimand=_estimand(wanted, columns, selection, against),
            warnings=tuple(warnings),
            model=self.scores.model,
            checks=_frame(list(checks_of(panel)), columns, None),
        )

    def loadedness(
        self,
        by: Sequence[str] = (),
        selection: Selection | None = None,
        against: str | None = None,
    ) -> Estimates:
        """The mean probability that a sentence is loaded; arguments as in `share`."""
        return self.share(LOADED, by, selection, against)

    def trend(
        self,
        measure: str,
        period: str = "month",
        by: Sequence[str] = (),
        selection: Selection | None = None,
        against: str | None = None,
    ) -> Estimates:
        """A measure through time.

        Args:
            measure: As in `share`.
            period: ``week`` (ISO 8601), ``month`` or ``year``.
            by: Columns whose values are lines of their own.
            selection: As in `share`.
            against: A period, such as ``2024-02``: the change since then, for each other one.

        Raises:
            UsageError: As `share`; and if the period is none.
        """
        if period not in PERIODS:
            raise UsageError(f"period: expected {', '.join(PERIODS)}, found {shorten(period)}")
        return self.share(measure, (*by, period), selection, against)

    def label_choice(
        self,
        by: Sequence[str] = ("outlet",),
        selection: Selection | None = None,
        against: str | None = None,
    ) -> LabelChoice:
        """Which labels each group uses, and which tell it from the others.

        Args:
            by: Columns whose values are the groups.
            selection: As in `share`.
            against: The group that the others are compared with; all others together without it.

        Raises:
            UsageError, LabelChoiceError: If a column or group is not there.
        """
        selection = selection or Selection()
        check_found(self.scores, selection, None, gold=False)
        return label_choice(self.scores, tuple(by), selection, against)

    def voices(
        self, selection: Selection | None = None, outlet: str | None = "outlet"
    ) -> pd.DataFrame:
        """Who calls whom what.

        Args:
            selection: As in `share`.
            outlet: Column that names the outlet, whose own voice counts under that name; the
                own voice is one speaker without it, or where there is no such column.

        Returns:
            One row a speaker, referent and framing: ``speaker``, ``referent``, ``framing``,
            ``mentions`` and ``documents``, the most frequent first. What is open is ``unresolved``.
        """
        selection = selection or Selection()
        check_found(self.scores, selection, None, gold=False)
        named = outlet is not None and outlet in self.scores.own_columns
        own = f"CAST({quoted(outlet or '')} AS VARCHAR)" if named else f"'{OWN_VOICE}'"
        condition, values = selection.condition()
        return self.scores.sql(
            f"SELECT CASE WHEN voice = 'own' THEN coalesce({own}, '{OWN_VOICE}') "
            f"ELSE coalesce(speaker_name, '{UNRESOLVED}') END AS speaker, "
            f"coalesce(referent, '{UNRESOLVED}') AS referent, framing, "
            "count(*) AS mentions, count(DISTINCT doc_id) AS documents "
            f"FROM mentions WHERE {condition} AND framing <> 'none' "
            "GROUP BY ALL ORDER BY mentions DESC, speaker, referent, framing",
            values,
        )

    def __enter__(self) -> Study:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.scores.close()


def _with_copies(columns: tuple[str, ...], selection: Selection) -> tuple[str, ...]:
    return (*columns, COPY) if selection.copies == "apart" and COPY not in columns else columns


def _reference(panel: Panel, columns: Sequence[str], against: str) -> tuple[int, str]:
    """Place of the column that has a value, and the value, which may be named with its column."""
    having = [at for at in range(len(columns)) if any(key[at] == against for key in panel.cells)]
    if len(having) == 1:
        return having[0], against
    if having:
        named = " or ".join(shorten(f"{columns[at]}={against}") for at in having)
        raise UsageError(f"against: expected a value of one column, found it in several; {named}?")
    column, _, value = against.partition("=")
    if column in columns and any(key[columns.index(column)] == value for key in panel.cells):
        return columns.index(column), value
    groups = sorted({value for key in panel.cells for value in key})
    if not columns:
        raise UsageError("against: expected groups to compare, found none; give columns with by")
    raise UsageError(
        f"against: expected one of the groups {', '.join(map(shorten, groups[:10]))}, found "
        f"{shorten(against)}"
    )


def _pairs(panel: Panel, at: int, value: str) -> list[tuple[Key, Key]]:
    """Groups and those that differ from them in having the value in its column."""
    pairs = [(key, (*key[:at], value, *key[at + 1 :])) for key in panel.cells]
    return [(a, b) for a, b in pairs if a != b and b in panel.cells]


def _frame(
    rows: list[dict[str, object]], by: Sequence[str], columns: Sequence[str] | None = COLUMNS
) -> pd.DataFrame:
    keys = pd.DataFrame([row.pop("key") for row in rows], columns=list(by), dtype=object)
    return pd.concat([keys, pd.DataFrame(rows, columns=columns)], axis=1)


def _estimand(
    measure: Measure, columns: Sequence[str], selection: Selection, against: str | None
) -> str:
    which = selection.words()
    if selection.voice is None and VOICE not in columns and not measure.of_sentences:
        which = f"in whatever voice {which}"
    if measure.of_sentences and selection.of_mentions:
        which = f"with a mention {which}"
    groups = f", in each {' and '.join(columns)}" if columns else ""
    than = f"; differences are from {against}" if against is not None else ""
    return (
        f"{measure.words()} {which}{groups}{than}: in the sources that the archive was taken from, "
        "its documents standing for them, as human coders would label by the codebook."
    )
