"""The `connote` command: a thin face over `infer` and `train`.

Imports of anything heavy stand inside the commands: ``connote --help`` answers at once.
"""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .cli_audit import audit
from .cli_corpus import corpus_app
from .cli_voices import voices
from .failures import INTERRUPTED, SOME_FAILED, malformed_calls_end_clearly

if TYPE_CHECKING:
    from .infer.display import FirstRows
    from .infer.scorer import Scorer
    from .infer.summary import Summary

app = typer.Typer(
    name="connote",
    help="How news labels people, groups and acts: framing, stance, voice, loaded words.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)

app.add_typer(corpus_app, name="corpus")
app.command()(audit)
app.command()(voices)

ModelOption = Annotated[
    Path | None, typer.Option(help="Folder of a trained model; the shipped model without it.")
]


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"connote {version('connote')}")
        raise typer.Exit


@app.callback()
def _main(
    _version_asked: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


@app.command()
def score(
    files: Annotated[list[Path], typer.Argument(help=".txt .jsonl .csv .parquet, or - ")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="To .parquet, .jsonl or .csv; without it a table."),
    ] = None,
    text_column: Annotated[str, typer.Option(help="Column of the text.")] = "text",
    id_column: Annotated[
        str | None, typer.Option(help="Column of the identifier; 'id' where there is one.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="A column of the documents: counts for each of its values.")
    ] = None,
    model: ModelOption = None,
    lexicon: Annotated[
        list[Path] | None, typer.Option(help="Your own lexicon file instead of connote's.")
    ] = None,
    lexicon_only: Annotated[
        bool,
        typer.Option("--lexicon-only", help="Only the lexicon's labels, none found by the model."),
    ] = False,
    names: Annotated[
        list[Path] | None, typer.Option(help="Your own file of names, added to connote's.")
    ] = None,
    no_speakers: Annotated[
        bool, typer.Option("--no-speakers", help="Look for no speakers and referents.")
    ] = False,
    boilerplate: Annotated[
        bool, typer.Option("--boilerplate", help="Judge captions and what repeats on a page too.")
    ] = False,
    all_languages: Annotated[
        bool, typer.Option("--all-languages", help="Judge text that is not English too.")
    ] = False,
    overwrite: Annotated[bool, typer.Option(help="Replace an existing output.")] = False,
) -> None:
    """Score documents: every label of an actor with framing, stance and voice."""
    with malformed_calls_end_clearly():
        from .infer.archive import score_files
        from .infer.display import FirstRows, progress_if_seen
        from .infer.reading import Columns, check_input
        from .infer.writing import ScoreWriter, check_output

        columns = Columns(text_column, id_column, by)
        for file in files:
            check_input(file, columns)
        if output is not None:
            check_output(output, overwrite=overwrite)
        from .infer.documents import Passing

        scorer = _scorer(
            model,
            lexicon,
            names,
            open_vocabulary=not lexicon_only,
            speakers=not no_speakers,
            passing=Passing(boilerplate, all_languages),
        )
        rows = FirstRows()
        sink = nullcontext(None) if output is None else ScoreWriter(output)
        with progress_if_seen() as on_document, sink as writer:
            add_row = rows.add if writer is None else writer.add
            summary = score_files(scorer, files, columns, add_row, on_document)
        _tell(summary, rows, output)
    raise typer.Exit(SOME_FAILED if summary.failed else 0)


def _scorer(
    model: Path | None,
    lexicon: list[Path] | None = None,
    names: list[Path] | None = None,
    **options: Any,
) -> Scorer:
    from .data.lexicon import load_lexicon
    from .data.names import load_names
    from .infer.scorer import Scorer

    entries = load_lexicon(*lexicon) if lexicon else None
    known = load_names(*names) if names else None
    return Scorer(model, lexicon=entries, names=known, **options)


def _tell(summary: Summary, rows: FirstRows, output: Path | None) -> None:
    from .infer.display import print_failures, print_rows, print_summary

    if output is None:
        print_rows(rows)
    print_failures(summary)
    print_summary(summary, output)


@app.command()
def train(
    recipe: Annotated[Path, typer.Argument(help="A YAML recipe, such as configs/connote.yaml.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder of the model; runs/NAME without it.")
    ] = None,
    data: Annotated[
        list[str] | None,
        typer.Option(help="NAME=PATH: where the recipe's source NAME lies; PATH if it has one."),
    ] = None,
) -> None:
    """Train a model; start an interrupted training again to go on with it."""
    with malformed_calls_end_clearly():
        from .data.extras import require

        require("sklearn", "train")
        from .train.recipe import read_recipe
        from .train.run import run_recipe

        read = read_recipe(recipe, _named_paths(data or []))
        if read.kind == "encoder":
            require("torch", "train")
        folder = out or Path("runs") / read.name
        try:
            run_recipe(read, folder, say=lambda line: typer.echo(line, err=True))
        except KeyboardInterrupt:
            typer.echo("connote: stopped; the same command goes on from here", err=True)
            raise typer.Exit(INTERRUPTED) from None
    typer.echo(str(folder))


def _named_paths(pairs: list[str]) -> dict[str, Path]:
    from .data.errors import UsageError

    named = {}
    for pair in pairs:
        name, path = "", pair
        if not Path(pair).exists():
            name, equals, path = pair.partition("=")
            if not equals or not name or not path:
                raise UsageError(
                    f"--data: expected NAME=PATH or a file that exists, found {pair!r}"
                )
            if not Path(path).exists():
                raise UsageError(f"--data {name}: no such file or folder: {path}")
        if name in named:
            raise UsageError(f"--data {pair}: a second path for the same source")
        named[name] = Path(path)
    return named


@app.command()
def evaluate(
    corpus: Annotated[Path, typer.Argument(help="Labelled records; a folder needs --split.")],
    model: ModelOption = None,
    form: Annotated[
        str,
        typer.Option(
            "--format", help="connote, newsmtsc, babe, gwsd, semeval2023, basil: whose records."
        ),
    ] = "connote",
    split: Annotated[
        str | None,
        typer.Option(help="Of a folder, or of a file whose column tells; every row without it."),
    ] = None,
    rule: Annotated[
        bool, typer.Option(help="Evaluate the plain rule of words and quotation marks instead.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare a model with labelled records."""
    with malformed_calls_end_clearly():
        from .data.extras import require

        require("sklearn", "train")
        from .infer.folder import open_model
        from .infer.models import load_judge
        from .train.evaluate import read_records
        from .train.rule import PlainRule
        from .train.whole import evaluate_all

        examples = read_records(corpus, form, split)
        judge = PlainRule() if rule else load_judge(open_model(model))
        metrics = evaluate_all(judge, examples)
        if as_json:
            typer.echo(json.dumps(metrics, indent=2))
        else:
            from .infer.display import print_metrics

            print_metrics(metrics, f"{corpus}, {judge.id}")


@app.command()
def explain(
    sentence: Annotated[str, typer.Argument(help="One sentence, in quotation marks.")],
    model: ModelOption = None,
) -> None:
    """Show what is judged in a sentence and which words the judgement rests on."""
    with malformed_calls_end_clearly():
        from .infer.display import print_explanation
        from .infer.explain import explain as explain_text

        print_explanation(explain_text(_scorer(model), sentence))


def main() -> None:
    """Entry point of the `connote` command."""
    app()


if __name__ == "__main__":
    main()
