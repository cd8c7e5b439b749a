"""`connote report`: findings, pictures and sentences of an archive as one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .failures import malformed_calls_end_clearly


def report(
    scores: Annotated[
        Path, typer.Argument(help="What connote score wrote: its folder, or a file.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The page to write, .html.")],
    gold: Annotated[
        Path | None, typer.Option(help="Gold sample of this archive, as connote import writes it.")
    ] = None,
    crossfit: Annotated[
        Path | None,
        typer.Option(
            help="crossfit.jsonl of the model that scored, if it learnt from these gold labels."
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(help="Column of the documents to compare by; outlet where there is one."),
    ] = None,
    title: Annotated[str | None, typer.Option(help="Heading of the page.")] = None,
    sentences: Annotated[
        int, typer.Option(help="Most sentences to browse; of more a sample is drawn.")
    ] = 5_000,
    seed: Annotated[int, typer.Option(help="Of the draw of sentences.")] = 1,
    model: Annotated[
        Path | None,
        typer.Option(help="Folder of your own model, to name the corpora it was trained on."),
    ] = None,
    overwrite: Annotated[bool, typer.Option(help="Replace an existing output.")] = False,
) -> None:
    """Write a report that opens in any browser and needs no network."""
    with malformed_calls_end_clearly():
        from .data.extras import require
        from .infer.writing import check_output

        check_output(output, overwrite=overwrite, endings=(".html", ".htm"))
        for module in ("duckdb", "jinja2", "matplotlib", "pandas", "scipy"):
            require(module, "study")
        from .study.report import ReportOptions, build_report
        from .study.report_page import render
        from .study.study import Study

        chosen = {} if title is None else {"title": title}
        options = ReportOptions(**chosen, by=by, sentences=sentences, seed=seed, model=model)
        _write(output, render(build_report(Study(scores, gold, crossfit=crossfit), options)))
    typer.echo(f"written to {output}", err=True)


def _write(output: Path, page: str) -> None:
    from .infer.staging import replaced

    with replaced(output) as partial:
        partial.write_text(page, encoding="utf-8")
