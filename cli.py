"""The `connote` command: a thin face over `infer` and `train`.

Imports of anything heavy stand inside the commands: ``connote --help`` answers at once.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from .cli_audit import audit
from .cli_corpus import corpus_app
from .cli_import import agreement, import_annotations
from .cli_report import report
from .cli_sample import sample
from .cli_score import merge, score
from .cli_study import study
from .cli_voices import voices
from .failures import INTERRUPTED, malformed_calls_end_clearly

app = typer.Typer(
    name="connote",
    help="How news labels people, groups and acts: framing, stance, voice, loaded words.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)

app.add_typer(corpus_app, name="corpus")
app.command()(score)
app.command()(merge)
app.command()(audit)
app.command()(voices)
app.command()(sample)
app.command("import")(import_annotations)
app.command()(agreement)
app.command()(study)
app.command()(report)

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
def train(
    recipe: Annotated[
        Path | None, typer.Argument(help="A YAML recipe, such as configs/connote.yaml.")
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="MODEL",
            help="Instead of a recipe: adapt this model's folder, or 'shipped', to the annotations "
            "in --data, a few hundred sentences. Reports what is gained.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the model; runs/NAME without it.")
    ] = None,
    data: Annotated[
        list[str] | None,
        typer.Option(
            help="NAME=PATH: where the recipe's source NAME lies; PATH if it has one. "
            "With --from the annotations, as connote import writes them.",
        ),
    ] = None,
) -> None:
    """Train a model by a recipe, or adapt one to annotations (--from MODEL --data FILE).

    Start an interrupted training again to go on with it.
    """
    with malformed_calls_end_clearly():
        from .data.errors import UsageError
        from .data.extras import require

        if (recipe is None) == (start is None):
            found = "both" if recipe else "neither"
            raise UsageError(f"expected a recipe, or --from MODEL --data FILE; found {found}")
        require("sklearn", "train")
        try:
            if recipe is not None:
                folder = _train_by(recipe, _named_paths(data or []), out)
            else:
                folder = _adapt(start or "", data or [], out)
        except KeyboardInterrupt:
            typer.echo("connote: stopped; the same command goes on from here", err=True)
            raise typer.Exit(INTERRUPTED) from None
    typer.echo(str(folder))


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _train_by(recipe: Path, data: dict[str, Path], out: Path | None) -> Path:
    from .data.extras import require
    from .train.recipe import read_recipe
    from .train.run import run_recipe

    read = read_recipe(recipe, data)
    if read.kind == "encoder":
        require("torch", "train")
    folder = out or Path("runs") / read.name
    run_recipe(read, folder, say=_say)
    return folder


def _adapt(start: str, data: list[str], out: Path | None) -> Path:
    from .data.errors import UsageError
    from .data.extras import require

    paths = _named_paths(data)
    if list(paths) != [""]:
        raise UsageError(f"--from {start}: expected --data FILE, one file; found {len(data)}")
    require("torch", "train")
    from .train.adapt import adapt

    return adapt(start, paths[""], out, say=_say)


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
        from .infer.scorer import Scorer

        print_explanation(explain_text(Scorer(model), sentence))


def main() -> None:
    """Entry point of the `connote` command."""
    try:
        app()
    except SystemExit as end:
        # Threads of a run that was broken off would abort an orderly end with a signal.
        if "daft" in sys.modules and isinstance(end.code, int) and end.code:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(end.code)
        raise


if __name__ == "__main__":
    main()
