"""`connote sample`: sentences for annotators, and how many are needed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .failures import malformed_calls_end_clearly

if TYPE_CHECKING:
    from .study.scores import Scores

_FEW = 300


def sample(
    scores: Annotated[Path, typer.Argument(help="What connote score wrote: a folder or file.")],
    size: Annotated[
        list[int] | None,
        typer.Option(
            "-n", help="Sentences to draw, 300 without it; with --plan one or more to plan for."
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            help="Column of documents that makes strata, or 'predicted': what was found in a "
            "sentence; several times. Without it: predicted."
        ),
    ] = None,
    referent: Annotated[
        str | None, typer.Option(help="Only mentions of this referent count as found.")
    ] = None,
    concept: Annotated[
        str | None, typer.Option(help="Only mentions of this concept count as found.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Another draws another sample; 0 without it.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder for the sample.")
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Draw nothing; say what intervals to expect.")
    ] = False,
    measure: Annotated[
        str | None,
        typer.Option(
            help="With --plan: what shall be estimated; framing=delegitimizing without it."
        ),
    ] = None,
    voice: Annotated[
        str | None,
        typer.Option(
            help="With --plan: only mentions in this voice: own, attributed, quoted or reported "
            "(the last two)."
        ),
    ] = None,
    width: Annotated[
        float | None, typer.Option(help="With --plan: half-width that is wanted, such as .05.")
    ] = None,
    overwrite: Annotated[bool, typer.Option(help="Replace the sample in the folder.")] = False,
) -> None:
    """Draw a gold sample for annotators, or plan one."""
    with malformed_calls_end_clearly():
        from .data.extras import require

        require("duckdb", "study")
        require("pandas", "study")
        require("scipy", "study")
        from .study.scores import open_scores

        _check_options(
            {"-o": output, "--seed": seed, "--overwrite": overwrite or None},
            {"--measure": measure, "--voice": voice, "--width": width},
            plan=plan,
        )
        chosen = tuple(by or ("predicted",))
        if plan:
            asked = measure or "framing=delegitimizing"
            with open_scores(scores) as opened:
                _plan(opened, chosen, referent, concept, voice, asked, tuple(size or ()), width)
            return
        number, folder = _checked_drawing(size, output)
        with open_scores(scores) as opened:
            _draw(opened, chosen, referent, concept, number, seed or 0, folder, overwrite)


def _check_options(
    drawing: Mapping[str, object], planning: Mapping[str, object], *, plan: bool
) -> None:
    """Refuse options that would have no effect."""
    from .data.errors import UsageError

    given = [name for name, value in (drawing if plan else planning).items() if value is not None]
    if given and plan:
        raise UsageError(
            f"{given[0]}: expected without --plan, which draws nothing; leave out one of them"
        )
    if given:
        raise UsageError(f"{given[0]}: expected together with --plan only; leave it out")


def _checked_drawing(size: list[int] | None, output: Path | None) -> tuple[int, Path]:
    from .data.errors import UsageError

    if output is None:
        raise UsageError("sample: expected a folder for the sample, found none; name it by -o")
    if size is not None and len(size) > 1:
        raise UsageError("-n: expected one number of sentences to draw; several only with --plan")
    return (size or [_FEW])[0], output


def _draw(
    scores: Scores,
    by: tuple[str, ...],
    referent: str | None,
    concept: str | None,
    size: int,
    seed: int,
    folder: Path,
    overwrite: bool,
) -> None:
    from .study.display_sample import print_drawn
    from .study.exports import check_folder, write_sample
    from .study.sampling import draw

    check_folder(folder, overwrite=overwrite)
    drawn = draw(scores, size, by, referent=referent, concept=concept, seed=seed)
    write_sample(drawn, folder, overwrite=overwrite)
    print_drawn(drawn, folder)


def _plan(
    scores: Scores,
    by: tuple[str, ...],
    referent: str | None,
    concept: str | None,
    voice: str | None,
    measure: str,
    sizes: tuple[int, ...],
    width: float | None,
) -> None:
    from .study.display_sample import print_plan
    from .study.planning import plan

    found = plan(
        scores,
        measure,
        by,
        referent=referent,
        concept=concept,
        voice=voice,
        sizes=sizes,
        width=width,
    )
    print_plan(found)
