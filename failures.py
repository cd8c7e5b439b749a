"""How the command ends when something is not as it should be."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

import typer

SOME_FAILED = 1
MALFORMED_CALL = 2
INTERRUPTED = 130


def _fail(message: object) -> NoReturn:
    """End with one clear line on standard error."""
    from .data.checks import printable

    line = printable(" ".join(str(message).split()))
    typer.echo(f"connote: {line}", err=True)
    raise typer.Exit(MALFORMED_CALL)


@contextmanager
def malformed_calls_end_clearly() -> Iterator[None]:
    """Turn the errors that a caller can mend into one line and exit status 2."""
    from .data.checks import RecordError
    from .data.errors import ConnoteError
    from .data.extras import MissingExtraError

    try:
        yield
    except RecordError as error:
        more = len(error.problems) - 1
        _fail(f"{error.problems[0]}" + (f" (and {more} more)" if more else ""))
    except (ConnoteError, MissingExtraError, OSError) as error:
        _fail(error)


def run_module(main: Callable[[Sequence[str]], None]) -> None:
    """Run what is no subcommand, such as ``python -m connote.train.articles``.

    Args:
        main: Takes the arguments of the process.
    """
    try:
        with malformed_calls_end_clearly():
            main(sys.argv[1:])
    except typer.Exit as end:
        raise SystemExit(end.exit_code) from None
