"""`connote import` and `connote agreement`: what annotators said of a sample."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from .failures import SOME_FAILED, malformed_calls_end_clearly


def import_annotations(
    files: Annotated[
        list[str],
        typer.Argument(
            help="Exports of Label Studio (.json), doccano (.jsonl), sheets (.csv); NAME=FILE "
            "says who annotated one.",
            metavar="[NAME=]FILE",
        ),
    ],
    sample: Annotated[Path, typer.Option(help="The folder that connote sample wrote.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The records, a .jsonl file.")],
    form: Annotated[
        str | None,
        typer.Option("--format", help="label-studio, doccano or csv; by the ending without it."),
    ] = None,
    annotator: Annotated[
        str | None,
        typer.Option(
            help="Who annotated, where a file does not say by name; doccano files say it by theirs."
        ),
    ] = None,
    approved: Annotated[
        bool,
        typer.Option(
            "--approved",
            help="The doccano exports have approved documents only: one without labels was read.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON.")] = False,
    overwrite: Annotated[bool, typer.Option(help="Replace an existing output.")] = False,
) -> None:
    """Read annotations of a sample into records, and report what did not come in and why."""
    with malformed_calls_end_clearly():
        from .data.checks import printable
        from .infer.writing import check_output
        from .study.display_import import print_import
        from .study.importing import check_apart, named_files, read_annotations, write_gold
        from .study.sample_folder import read_sample

        names = named_files(files)
        check_apart(output, names, sample)
        check_output(output, overwrite=overwrite, endings=(".jsonl",))
        found = read_annotations(
            names, read_sample(sample), form, annotator, names=names, approved=approved
        )
        if as_json:
            typer.echo(json.dumps(found.report.record(), indent=2))
        else:
            print_import(found.report)
        write_gold(output, found)
        if not as_json:
            typer.echo(printable(f"written to {output}"))
    raise typer.Exit(SOME_FAILED if found.report.lost else 0)


def agreement(
    gold: Annotated[Path, typer.Argument(help="The records that connote import wrote.")],
    as_json: Annotated[bool, typer.Option("--json", help="All figures as JSON.")] = False,
    items: Annotated[int, typer.Option(min=0, help="Most disputed items that are shown.")] = 10,
    plot: Annotated[Path | None, typer.Option(help="A picture: .png, .svg or .pdf.")] = None,
    overwrite: Annotated[bool, typer.Option(help="Replace an existing picture.")] = False,
) -> None:
    """How well annotators agree: alpha, kappa, each against the others, where they differ."""
    with malformed_calls_end_clearly():
        from .data.extras import require

        for module in ("pandas", *(["matplotlib"] if plot else [])):
            require(module, "study")
        from .study.agreement import read_agreement
        from .study.display_agreement import print_agreement
        from .study.output import check_outputs, write_agreement

        check_outputs(None, plot, overwrite=overwrite)
        found = read_agreement(gold)
        if as_json:
            typer.echo(json.dumps(found.record(items), indent=2))
        else:
            print_agreement(found, items)
        if plot is not None:
            write_agreement(found, plot, overwrite=overwrite)
            typer.echo(f"written to {plot}", err=True)
