"""`connote audit`: what a model's judgements rest on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from .cli_corpus import JsonOption
from .failures import malformed_calls_end_clearly


def audit(
    model: Annotated[
        Path | None,
        typer.Argument(help="Folder of a trained model; the shipped model without it."),
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option(help="Labelled records; again for more. connote's test splits without it."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Does it cheat? Judge sentences again after changes whose effect is known.

    Mentions are blanked, names exchanged, sentences put into another's mouth, casing and
    punctuation altered; contrast groups and matched pairs are counted as a whole.
    """
    with malformed_calls_end_clearly():
        from .data.extras import require

        require("sklearn", "train")
        from .infer.display_audit import print_audit, waiting
        from .infer.folder import open_model
        from .infer.models import load_judge
        from .train.audit import DEFAULT_DATA, audit_model
        from .train.figures import as_json as plain

        judge = load_judge(open_model(model))
        with waiting():
            numbers = plain(audit_model(judge, data or DEFAULT_DATA))
    if as_json:
        typer.echo(json.dumps(numbers, indent=2))
    else:
        print_audit(numbers)
