"""`connote score` and `connote merge`: documents in, tables of scores out."""

from __future__ import annotations

from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .failures import INTERRUPTED, SOME_FAILED, malformed_calls_end_clearly

if TYPE_CHECKING:
    from .infer.display import FirstRows
    from .infer.options import Options
    from .infer.settings import Settings
    from .infer.summary import Summary

_ARCHIVE = "Archives"


def score(
    files: Annotated[
        list[str],
        typer.Argument(
            help="Files, folders, patterns or URLs: .txt .jsonl .csv .tsv .parquet .html .warc, "
            "also .gz and .zst; or -"
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="A folder (all cores, can be resumed), or one .parquet, .jsonl or .csv file; "
            "without it a table is shown.",
        ),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", help="txt, jsonl, csv, tsv, parquet, html, warc; by the ending."),
    ] = None,
    text_column: Annotated[str, typer.Option(help="Column of the text.")] = "text",
    id_column: Annotated[
        str | None, typer.Option(help="Column of the identifier; 'id' where there is one.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="A column of the documents: counts for each of its values.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="Folder of a trained model; the shipped model without it.")
    ] = None,
    lexicon: Annotated[
        list[Path] | None, typer.Option(help="Your own lexicon file instead of connote's.")
    ] = None,
    lexicon_only: Annotated[
        bool,
        typer.Option(
            "--lexicon-only",
            help="Only the lexicon's labels; sentences without one are not judged.",
        ),
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
    repair: Annotated[
        bool, typer.Option("--repair", help="Repair mojibake (â€™ for ’) with ftfy.")
    ] = False,
    device: Annotated[
        str, typer.Option(help="cpu, cuda, gpu or auto: what the model runs on.")
    ] = "cpu",
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Show no progress and no summary.")
    ] = False,
    overwrite: Annotated[bool, typer.Option(help="Replace an existing output file.")] = False,
    restart: Annotated[
        bool,
        typer.Option("--restart", help="Begin anew in the folder.", rich_help_panel=_ARCHIVE),
    ] = False,
    partition_by: Annotated[
        str | None,
        typer.Option(help="A column: a subfolder for each value.", rich_help_panel=_ARCHIVE),
    ] = None,
    contested_only: Annotated[
        bool,
        typer.Option(
            "--contested-only",
            help="Keep only mentions that take a side.",
            rich_help_panel=_ARCHIVE,
        ),
    ] = False,
    max_failures: Annotated[
        int | None,
        typer.Option(min=0, help="Stop when more documents fail.", rich_help_panel=_ARCHIVE),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Processes; one for each core.", rich_help_panel=_ARCHIVE),
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(
            help="Address of a Ray cluster to work on, or auto.", rich_help_panel=_ARCHIVE
        ),
    ] = None,
    share: Annotated[
        str | None,
        typer.Option(
            "--shard",
            help="K/N: the K-th of N parts, for job arrays; then connote merge.",
            rich_help_panel=_ARCHIVE,
        ),
    ] = None,
    shard_bytes: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Bytes of text committed together; 64 KiB to 2 MiB by the archive's size.",
            rich_help_panel=_ARCHIVE,
        ),
    ] = None,
    no_cache: Annotated[
        bool,
        typer.Option(
            "--no-cache",
            help="Judge repeated sentences again.",
            rich_help_panel=_ARCHIVE,
        ),
    ] = False,
) -> None:
    """Score documents: every label of an actor with framing, stance and voice."""
    with malformed_calls_end_clearly():
        from .data.errors import UsageError
        from .infer.documents import Passing
        from .infer.judging import REMEMBERED
        from .infer.options import Options
        from .infer.rows import ReadOptions
        from .infer.settings import Settings
        from .infer.writing import names_file

        settings = Settings(
            read=ReadOptions(text=text_column, id=id_column, by=by, repair=repair),
            model=None if model is None else str(model),
            lexicon=tuple(map(str, lexicon or ())),
            names=tuple(map(str, names or ())),
            lexicon_only=lexicon_only,
            speakers=not no_speakers,
            passing=Passing(boilerplate, all_languages),
            contested_only=contested_only,
            partition_by=partition_by,
        )
        options = Options(
            workers=workers,
            ray=ray,
            device=device,
            remembered=0 if no_cache else REMEMBERED,
            max_failures=max_failures,
            restart=restart,
            shard_bytes=shard_bytes,
            share=_share(share),
        )
        call = _Call(files, form, settings, options, quiet=quiet)
        if output is None or names_file(output):
            summary = call.to_file(output, overwrite=overwrite)
        else:
            if overwrite:
                raise UsageError(
                    f"--overwrite: expected a file, found {output}; --restart begins anew there"
                )
            summary = call.to_folder(output)
    raise typer.Exit(SOME_FAILED if summary.failed else 0)


def _share(given: str | None) -> tuple[int, int]:
    from .data.errors import UsageError

    if given is None:
        return 1, 1
    k, slash, n = given.partition("/")
    if not slash or not k.isdecimal() or not n.isdecimal():
        raise UsageError(f"--shard: expected K/N, such as 2/8, found {given!r}")
    return int(k), int(n)


@dataclass(frozen=True, slots=True)
class _Call:
    """What was asked for."""

    files: list[str]
    form: str | None
    settings: Settings
    options: Options
    quiet: bool

    def to_folder(self, output: Path) -> Summary:
        """Score an archive."""
        from .infer.display_run import shown_progress
        from .infer.runs import score_archive

        try:
            with shown_progress(quiet=self.quiet) as on_progress:
                summary = score_archive(
                    self.files,
                    output,
                    self.settings,
                    self.options,
                    form=self.form,
                    on_progress=on_progress,
                )
        except KeyboardInterrupt:
            typer.echo("connote: stopped; the same command goes on from here", err=True)
            raise typer.Exit(INTERRUPTED) from None
        self._tell(summary, output)
        return summary

    def to_file(self, output: Path | None, *, overwrite: bool) -> Summary:
        """Score documents into one file, or show them."""
        from .infer.archive import kept, score_files
        from .infer.columns import check_sources
        from .infer.display import FirstRows
        from .infer.display_run import shown_progress
        from .infer.inputs import find_sources
        from .infer.reading import PieceReader
        from .infer.writing import ScoreWriter, check_output

        self._check_no_archive(output)
        sources = find_sources(self.files, self.form)
        check_sources(sources, self.settings.read)
        if output is not None:
            check_output(output, overwrite=overwrite)
        scorer = self.settings.scorer(
            remembered=self.options.remembered, device=self.options.device
        )
        rows = FirstRows()
        with (
            closing(PieceReader(self.settings.read)) as reader,
            nullcontext() if output is None else ScoreWriter(output) as writer,
            shown_progress(quiet=self.quiet) as on_progress,
        ):
            add_row = rows.add if writer is None else writer.add
            on_types = None if writer is None else writer.expect
            wanted = kept(add_row, contested_only=self.settings.contested_only)
            summary = score_files(scorer, sources, reader, wanted, on_types, on_progress)
        self._tell(summary, output, rows if output is None else None)
        return summary

    def _check_no_archive(self, output: Path | None) -> None:
        """Refuse what only a folder can keep."""
        from .data.errors import UsageError

        asked = {
            "--restart": self.options.restart,
            "--partition-by": self.settings.partition_by is not None,
            "--max-failures": self.options.max_failures is not None,
            "--workers": self.options.workers is not None,
            "--ray": self.options.ray is not None,
            "--shard": self.options.share != (1, 1),
            "--shard-bytes": self.options.shard_bytes is not None,
        }
        named = [name for name, given in asked.items() if given]
        if named:
            raise UsageError(
                f"{', '.join(named)}: expected a folder as output, found "
                f"{output or 'none'}; name one, such as -o scores"
            )

    def _tell(self, summary: Summary, output: Path | None, rows: FirstRows | None = None) -> None:
        from .infer.display import print_failures, print_rows, print_summary

        if rows is not None:
            print_rows(rows)
        if not self.quiet:
            print_failures(summary)
            print_summary(summary, output)


def merge(
    folders: Annotated[
        list[Path], typer.Argument(help="Outputs of connote score --shard 1/N, 2/N … N/N.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="A new folder.")],
) -> None:
    """Put the shares of an archive together and check that none is missing."""
    with malformed_calls_end_clearly():
        from .infer.display import print_summary
        from .infer.merging import merge_runs

        summary = merge_runs(folders, output)
        print_summary(summary, output)
