"""Import of annotations: exports of Label Studio and doccano and sheets made gold records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..data.checks import has_surrogate, shorten
from ..data.errors import UsageError
from ..data.schema import Example, write_examples
from ..infer.staging import replaced
from . import from_doccano, from_label_studio, from_sheet
from .consensus import record_of
from .entries import MAX_NAME, ExportError, annotator_name
from .import_report import ImportReport
from .intake import Intake
from .sample_folder import Sample

_READERS: Mapping[str, Callable[[Intake, Path, str | None], None]] = {
    from_label_studio.FORM: from_label_studio.read_label_studio,
    from_doccano.FORM: from_doccano.read_doccano,
    from_sheet.FORM: from_sheet.read_sheet,
}
FORMS = tuple(_READERS)
_ENDINGS = {
    ".json": from_label_studio.FORM,
    ".jsonl": from_doccano.FORM,
    **dict.fromkeys((".csv", ".tsv", ".txt"), from_sheet.FORM),
}


@dataclass(frozen=True, slots=True)
class Imported:
    """Annotations that came in.

    Attributes:
        examples: A record for each item that at least one annotator completed, in the order of
            the sample.
        report: What came in, and what did not and why.
    """

    examples: tuple[Example, ...]
    report: ImportReport


def read_annotations(
    paths: Iterable[Path],
    sample: Sample,
    form: str | None = None,
    annotator: str | None = None,
    *,
    names: Mapping[Path, str | None] | None = None,
    approved: bool = False,
) -> Imported:
    """Read what annotators said of the items of a sample.

    Args:
        paths: Exports of Label Studio (JSON) and doccano (JSONL), and sheets (CSV).
        sample: That was annotated.
        form: One of ``FORMS`` for all files; by their endings without it.
        annotator: Who annotated, where a file does not say by name: instead of the number that
            Label Studio gives a user and of the name of a file of doccano.
        names: The same for single files.
        approved: Whether exports of doccano have approved documents only; then one without
            labels was read and has no mention.

    Raises:
        UsageError: If the call cannot be done.
        ExportError: If a file is not such an export. What is wrong inside one is in the report.
        OSError: If a file cannot be read.
    """
    said = {path: (names or {}).get(path) for path in paths}
    named = {path: _name(annotator if who is None else who) for path, who in said.items()}
    forms = {path: _form(path, form) for path in named}
    intake = Intake(sample, approved=approved)
    for path, found in forms.items():
        _READERS[found](intake, path, named[path])
    judgements = intake.judgements()
    examples = tuple(
        record_of(item, judgements[item.id]) for item in sample.items if item.id in judgements
    )
    return Imported(examples, intake.report())


def named_files(words: Iterable[str]) -> dict[Path, str | None]:
    """Files as they are named in a call, and for each who annotated, if that is said.

    Args:
        words: ``FILE`` or ``NAME=FILE``; what exists as a file is one.

    Raises:
        UsageError: If two names are given for one file.
    """
    found: dict[Path, str | None] = {}
    for word in words:
        name, sign, rest = word.partition("=")
        plain = not sign or Path(word).exists()
        path, who = (Path(word), None) if plain else (Path(rest), name)
        if found.setdefault(path, who) != who:
            said = f"{shorten(found[path])} and {shorten(who)}"
            raise UsageError(f"{path}: expected one annotator of a file, found {said}")
    return found


def write_gold(path: Path, imported: Imported) -> None:
    """Write the records, complete or not at all.

    Args:
        path: A file, in an existing folder; it is replaced.
        imported: What came in.

    Raises:
        ExportError: If nothing did.
        OSError: If the file cannot be written.
    """
    if not imported.examples:
        raise ExportError(
            f"expected files in which somebody completed an item of the sample, found none; "
            f"{path} was not written"
        )
    with replaced(path) as partial:
        write_examples(partial, imported.examples)


def check_apart(output: Path, files: Iterable[Path], sample: Path) -> None:
    """Refuse an output that would replace what is read.

    Args:
        output: Where the records shall go.
        files: That are imported.
        sample: The folder of the sample.

    Raises:
        UsageError: If it is one of the files, or lies in the folder.
    """
    place = output.resolve()
    if any(place == file.resolve() or _same_file(output, file) for file in files):
        raise UsageError(f"{output}: expected a new file, found one that is imported")
    if place.is_relative_to(sample.resolve()):
        raise UsageError(f"{output}: expected a file outside of the sample's folder {sample}")


def _same_file(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _name(annotator: str | None) -> str | None:
    if annotator is None:
        return None
    if not annotator.strip() or len(annotator) > MAX_NAME or has_surrogate(annotator):
        raise UsageError(f"annotator: expected a name, found {shorten(annotator)}")
    return annotator_name(annotator)


def _form(path: Path, form: str | None) -> str:
    if form is not None and form not in FORMS:
        raise UsageError(f"format: expected {', '.join(FORMS)}, found {form!r}")
    if not path.is_file():
        raise ExportError(
            f"{path}: expected a file, found {'a folder' if path.exists() else 'none'}"
        )
    found = form or _ENDINGS.get(path.suffix.lower())
    if found is None:
        hint = "unpack it first" if path.suffix.lower() == ".zip" else "say which by --format"
        raise ExportError(
            f"{path}: expected an export of Label Studio (.json), doccano (.jsonl) or a sheet "
            f"(.csv); {hint}"
        )
    return found
