"""`connote voices`: who calls whom what."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .failures import SOME_FAILED, malformed_calls_end_clearly

if TYPE_CHECKING:
    from .data.names import Names
    from .infer.inputs import Source
    from .infer.rows import ReadOptions
    from .infer.summary import Summary
    from .infer.voices import Voices


def voices(
    files: Annotated[
        list[str],
        typer.Argument(help="Documents, or what connote score wrote of them; - for one text."),
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="To .csv or .json; a table without it.")
    ] = None,
    sentences: Annotated[
        int, typer.Option(min=0, help="Most sentences that are given behind each count.")
    ] = 5,
    show: Annotated[
        bool, typer.Option("--show", help="Show these sentences below the rows of the table.")
    ] = False,
    outlet: Annotated[
        str | None, typer.Option(help="Column that names the outlet, for its own voice.")
    ] = None,
    referent: Annotated[
        str | None, typer.Option(help="Count only labels of this one, by its normalised name.")
    ] = None,
    without_copies: Annotated[
        bool,
        typer.Option(
            "--without-copies", help="Leave out what repeats an earlier document of its run."
        ),
    ] = False,
    text_column: Annotated[str, typer.Option(help="Column of the text of documents.")] = "text",
    names: Annotated[
        list[Path] | None, typer.Option(help="Your own file of names, added to connote's.")
    ] = None,
    overwrite: Annotated[bool, typer.Option(help="Replace an existing output.")] = False,
) -> None:
    """Who calls whom what: counts by speaker, referent and framing, with their sentences."""
    failed = 0
    with malformed_calls_end_clearly():
        from .data.names import load_names
        from .infer.display_voices import print_voices
        from .infer.voices import Voices, check_matrix_output, write_matrix

        if output is not None:
            check_matrix_output(output, overwrite=overwrite)
        known = load_names(*names or ())
        name = None if referent is None else known.normal(referent)
        counted = Voices(sentences, outlet, name, copies=not without_copies)
        failed = _count(counted, files, text_column, known)
        if output is not None:
            write_matrix(counted, output)
        print_voices(counted, output, sentences=show)
    raise typer.Exit(SOME_FAILED if failed else 0)


def _count(counted: Voices, files: list[str], text_column: str, names: Names) -> int:
    """Count the mentions of files of scores, or of documents that are scored first."""
    from .infer.columns import check_sources
    from .infer.display import print_failures
    from .infer.inputs import find_sources
    from .infer.places import scores_of
    from .infer.rows import ReadOptions
    from .infer.scores import are_scores, read_scores

    sources = find_sources([scores_of(file) for file in files])
    known = {source: are_scores(source) for source in sources}
    scored = [source for source in sources if known[source]]
    documents = [source for source in sources if not known[source]]
    columns = ReadOptions(text_column)
    check_sources(documents, columns)
    summary = read_scores(scored, counted.add)
    if documents:
        _score(documents, columns, names, counted, summary)
    print_failures(summary)
    return summary.failed


def _score(
    documents: list[Source],
    columns: ReadOptions,
    names: Names,
    counted: Voices,
    summary: Summary,
) -> None:
    from .infer.archive import score_files
    from .infer.display_run import shown_progress
    from .infer.reading import PieceReader
    from .infer.scorer import Scorer

    scorer = Scorer(names=names)
    with closing(PieceReader(columns)) as reader, shown_progress() as on_progress:
        done = score_files(scorer, documents, reader, counted.add, on_progress=on_progress)
    summary.merge(done)
