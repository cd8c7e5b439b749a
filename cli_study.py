"""`connote study`: from scores to estimates with intervals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .failures import malformed_calls_end_clearly

if TYPE_CHECKING:
    from .study.estimates import Estimates

LABELS = "labels"
"""A measure of its own: which labels are chosen."""


def study(
    scores: Annotated[
        Path, typer.Argument(help="What connote score wrote: a folder, .parquet, .jsonl or .csv.")
    ],
    measure: Annotated[
        str,
        typer.Option(
            help="framing=VALUE, stance=VALUE or voice=VALUE: a share of mentions; loaded: a mean "
            "over sentences; labels: which labels are chosen."
        ),
    ] = "framing=delegitimizing",
    by: Annotated[
        list[str] | None,
        typer.Option(
            help="Column whose values are the groups: outlet, week, month, year, voice, referent, "
            "speaker_name … Give it again for groups within groups."
        ),
    ] = None,
    referent: Annotated[
        str | None, typer.Option(help="Only mentions of this one, by its normalised name.")
    ] = None,
    concept: Annotated[
        str | None, typer.Option(help="Only mentions of this concept of the lexicon.")
    ] = None,
    speaker: Annotated[str | None, typer.Option(help="Only the words of this speaker.")] = None,
    voice: Annotated[
        str | None, typer.Option(help="own, attributed, quoted, or reported for the last two.")
    ] = None,
    copies: Annotated[
        str, typer.Option(help="Syndicated copy: counted, left-out, or apart.")
    ] = "counted",
    where: Annotated[
        list[str] | None, typer.Option(help="COLUMN=VALUE that documents must have.")
    ] = None,
    gold: Annotated[
        Path | None,
        typer.Option(help="Gold labels that connote import wrote: corrected estimates."),
    ] = None,
    crossfit: Annotated[
        Path | None,
        typer.Option(
            help="crossfit.jsonl of the model that scored, if it learnt from these gold labels."
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            help="A group: differences of the others from it; COLUMN=VALUE where several have it."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="To .csv; a table without it.")
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="A picture of it: .png, .svg or .pdf.")] = None,
    event: Annotated[
        list[str] | None, typer.Option(help="NAME=DATE: a line in the picture of a trend.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of all draws.")] = 0,
    overwrite: Annotated[bool, typer.Option(help="Replace existing outputs.")] = False,
) -> None:
    """Estimate shares, trends and differences, corrected by gold labels where there are any."""
    with malformed_calls_end_clearly():
        from .data.extras import require

        for module in ("duckdb", "pandas", "scipy", *(["matplotlib"] if plot else [])):
            require(module, "study")
        from .study.display_study import print_estimates, print_labels, print_warnings
        from .study.label_choice import LabelChoice
        from .study.output import check_outputs, write_picture, write_table
        from .study.selection import Selection
        from .study.study import Study

        check_outputs(output, plot, overwrite=overwrite)
        selection = Selection(referent, concept, speaker, voice, copies, _where(where or []))
        asked = Study(scores, gold, seed, crossfit=crossfit)
        found: Estimates | LabelChoice
        if measure == LABELS:
            found = asked.label_choice(by or ["outlet"], selection, against)
        else:
            found = asked.share(measure, by or [], selection, against)
        if output is not None:
            write_table(found, output)
            print_warnings(found.warnings, found.model)
            typer.echo(f"written to {output}", err=True)
        elif isinstance(found, LabelChoice):
            print_labels(found)
        else:
            print_estimates(found)
        if plot is not None:
            write_picture(found, plot, _events(event or []), overwrite=overwrite)
            typer.echo(f"written to {plot}", err=True)


def _pairs(option: str, given: list[str]) -> tuple[tuple[str, str], ...]:
    from .data.errors import UsageError

    pairs = []
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name or not value:
            raise UsageError(f"{option}, found {text!r}")
        pairs.append((name, value))
    return tuple(pairs)


def _where(given: list[str]) -> tuple[tuple[str, str], ...]:
    return _pairs("--where: expected COLUMN=VALUE", given)


def _events(given: list[str]) -> dict[str, str]:
    return dict(_pairs("--event: expected NAME=DATE, such as ceasefire=2024-02-17", given))
