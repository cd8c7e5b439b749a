"""`connote corpus`: what a corpus is made of, what is wrong with it, which are public."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .failures import SOME_FAILED, malformed_calls_end_clearly

if TYPE_CHECKING:
    from .data.checks import Problem
    from .data.schema import Example

corpus_app = typer.Typer(
    help="Check and describe labelled sentences, yours or connote's; list the public corpora.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

FilesArgument = Annotated[
    list[Path],
    typer.Argument(help="JSON lines, a file for each split: train.jsonl dev.jsonl test.jsonl …"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _read(files: list[Path]) -> tuple[dict[str, list[Example]], list[Problem]]:
    """The splits by the names of their files, and what is wrong with single records."""
    from .data.errors import UsageError
    from .data.schema import check_examples

    splits: dict[str, list[Example]] = {}
    problems: list[Problem] = []
    for file in files:
        if file.is_dir():
            raise UsageError(f"{file}: expected a file of records, found a folder; name its files")
        if file.stem in splits:
            raise UsageError(
                f"{file}: a second file called {file.stem!r}; a file is a split, give each its name"
            )
        splits[file.stem], found = check_examples(file)
        problems += found
        if not splits[file.stem] and not found:
            raise UsageError(f"{file}: expected records, found none")
    return splits, problems


@corpus_app.command()
def check(files: FilesArgument, as_json: JsonOption = False) -> None:
    """Find broken records, leaks and near-duplicates between splits, templates, one-sidedness.

    A split called train and one with "unseen" in its name are held apart by topic and by
    the head words of contested labels too. Ends with status 1 if anything was found.
    """
    from .infer.display_corpus import print_findings

    with malformed_calls_end_clearly():
        from .data.audit import audit

        splits, problems = _read(files)
        findings = audit(splits)
    if as_json:
        found = {"problems": list(map(asdict, problems)), "findings": list(map(asdict, findings))}
        typer.echo(json.dumps(found, indent=2))
    else:
        print_findings([*problems, *findings], sum(map(len, splits.values())))
    raise typer.Exit(SOME_FAILED if problems or findings else 0)


@corpus_app.command()
def stats(files: FilesArgument, as_json: JsonOption = False) -> None:
    """Count sentences, mentions and labels; show balance, variety, symmetry and agreement."""
    from .infer.display_corpus import print_corpus

    with malformed_calls_end_clearly():
        from .data.checks import RecordError
        from .data.stats import corpus_stats

        splits, problems = _read(files)
        if problems:
            raise RecordError(problems)
        numbers: dict[str, Any] = corpus_stats(splits)
    if as_json:
        typer.echo(json.dumps(numbers, indent=2))
    else:
        print_corpus(numbers)


@corpus_app.command()
def forms(as_json: JsonOption = False) -> None:
    """List the public corpora: what each marks and does not, under which licence, whom to cite."""
    from .data.public import PUBLIC

    if as_json:
        corpora = [asdict(corpus) for corpus in PUBLIC.values()]
        for corpus in corpora:
            del corpus["reader"]
        typer.echo(json.dumps(corpora, indent=2))
        return
    from .infer.display_corpus import print_forms

    print_forms(PUBLIC.values())
