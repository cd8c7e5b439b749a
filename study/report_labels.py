"""Figures of labels in a report: which ones tell outlets apart, and who calls whom what."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ..infer.results import UNRESOLVED
from .label_choice import LabelChoice
from .label_table import OTHER_LABELS
from .report_drawing import LONGEST, drawn_figure
from .report_findings import MOST_ROWS
from .report_parts import Figure, Table
from .report_text import count, decimal, isolated, share, visible
from .scores import quoted
from .selection import Selection
from .study import Study

_REFERENTS = 2
_LEAST_OF_REFERENT = 10
_CLUSTERED = (
    "z takes the labels of a document as independent and is too large; the clustered z, by which "
    "they are shown, allows for documents (Rao and Scott 1992). Neither is adjusted for the number "
    "of labels compared."
)
_SHOWN_REFERENTS = 8
_SHOWN_IN_MATRIX = (
    "Shown are the referents named most and those who speak of them most. Figure and colour of a "
    "cell are the share of delegitimizing labels, n the labels, the strip all framings; cells of "
    "few labels are not coloured."
)


def contested_referents(study: Study, by: str) -> list[str]:
    """Those whose labels can be compared: named often, by two groups; the contested ones first."""
    found = study.scores.sql(
        "SELECT referent, sum(n) AS n, sum(sided) AS sided FROM (SELECT referent, "
        f"{quoted(by)} AS grp, count(*) AS n, "
        "count(*) FILTER (framing IN ('delegitimizing', 'legitimizing')) AS sided "
        "FROM mentions WHERE voice = 'own' AND referent IS NOT NULL AND referent <> ? "
        "GROUP BY ALL HAVING count(*) >= 2) GROUP BY referent "
        f"HAVING count(*) >= 2 AND sum(n) >= {_LEAST_OF_REFERENT} "
        f"ORDER BY sided DESC, n DESC, referent LIMIT {_REFERENTS}",
        [UNRESOLVED],
    )
    return [str(name) for name in found["referent"]]


def label_choice_figure(study: Study, by: str, referent: str) -> Iterator[Figure]:
    """The labels that groups choose for one referent in their own voice.

    Args:
        study: Of the archive.
        by: Column of the groups.
        referent: The referent.
    """
    choice = study.label_choice([by], Selection(referent=referent, voice="own"))
    if choice.frame["label"].eq(OTHER_LABELS).all():
        return
    from .pictures import label_choice_plot

    number = sum(map(ord, referent)) if not referent.isascii() else 0
    key = "labels-" + "".join(c if c.isalnum() and c.isascii() else "-" for c in referent.lower())
    yield drawn_figure(
        f"{key[:60]}-{number}" if number else key[:60],
        f"Labels for {isolated(referent)} in own voice",
        f"{visible(choice.estimand, LONGEST)} {_CLUSTERED}",
        lambda palette: label_choice_plot(choice, palette=palette),
        _labels_table(choice, by, referent),
    )


def _labels_table(choice: LabelChoice, by: str, referent: str) -> Table:
    rows = [
        (
            visible(str(row[by])),
            visible(str(row["label"])),
            visible(str(row["framing"] or "")),
            count(row["mentions"]),
            count(row["documents"]),
            share(row["share"]),
            share(row["other_share"]),
            decimal(row["z"]),
            decimal(row["z_clustered"]),
            visible(str(row["flag"] or "")),
        )
        for row in choice.frame.head(MOST_ROWS).to_dict("records")
    ]
    columns = ("label", "framing", "labels", "documents", "share", "share elsewhere", "z")
    return Table(
        f"Labels for {isolated(referent)} in own voice",
        (visible(by), *columns, "z, clustered", "note"),
        tuple(rows),
        names=3,
        notes=1,
    )


def voices_figure(study: Study, by: str | None) -> Iterator[Figure]:
    """Who calls whom what: the outlets and the sources they quote or report."""
    total = int(study.scores.sql("SELECT count(*) AS n FROM mentions")["n"][0])
    if not total:
        return
    frame = study.voices(outlet=by)
    frame = frame[(frame["speaker"] != UNRESOLVED) & (frame["referent"] != UNRESOLVED)]
    if frame.empty:
        return
    from .pictures import voices_plot

    left = total - int(frame["mentions"].sum())
    speaking = "its outlet" if by == "outlet" else f"the {visible(by)}" if by else "the archive"
    text = (
        f"Mentions by who speaks, of whom, and framing. In own voice {speaking} speaks; else the "
        f"source that is quoted or reported. {left:,} of {total:,} labels are left out, whose "
        "speaker or referent the text leaves open."
    )
    frame = frame.assign(
        **{name: frame[name].astype(str).map(visible) for name in ("speaker", "referent")}
    )
    often = frame.groupby("referent")["mentions"].sum().sort_values(ascending=False, kind="stable")
    shown = frame[frame["referent"].isin(often.index[:_SHOWN_REFERENTS])]
    yield drawn_figure(
        "who-calls-whom-what",
        "Who calls whom what",
        f"{text} {_SHOWN_IN_MATRIX}",
        lambda palette: voices_plot(shown, referents=_SHOWN_REFERENTS, palette=palette),
        _voices_table(frame),
        estimated=False,
    )


def _voices_table(frame: pd.DataFrame) -> Table:
    framings = ("delegitimizing", "neutral", "legitimizing", "uncertain")
    table = frame.pivot_table(
        index=["speaker", "referent"], columns="framing", values="mentions", aggfunc="sum"
    )
    table = table.reindex(columns=list(framings)).fillna(0)
    table["all"] = table.sum(axis=1)
    table = table.sort_values("all", ascending=False, kind="stable")
    cut = f" (the first {MOST_ROWS} of {len(table):,} rows)" if len(table) > MOST_ROWS else ""
    rows = tuple(
        (visible(str(speaker)), visible(str(referent)), *map(count, numbers))
        for (speaker, referent), numbers in zip(
            table.index[:MOST_ROWS], table.head(MOST_ROWS).to_numpy(), strict=True
        )
    )
    return Table(
        f"Mentions by speaker, referent and framing{cut}",
        ("speaker", "of whom", *framings, "all"),
        rows,
        names=2,
    )
