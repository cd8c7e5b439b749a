"""Import of annotations: exports of Label Studio and doccano and sheets made gold records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..data.checks import has_surrogate, shorten
from ..data.errors import UsageError
from ..data.schema import Example
from . import from_doccano, from_label_studio, from_sheet
from .consensus import record_of
from .import_report import ImportReport
from .intake import MAX_NAME, ExportError, Intake
from .sample_folder import Sample

_READERS: Mapping[str, Callable[[Intake, Path], None]] = {
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
    paths: Sequence[Path],
    sample: Sample,
    form: str | None = None,
    annotator: str | None = None,
    *,
    approved: bool = False,
) -> Imported:
    """Read what annotators said of the items of a sample.

    Args:
        paths: Exports of Label Studio (JSON) and doccano (JSONL), and sheets (CSV).
        sample: That was annotated.
        form: One of ``FORMS`` for all files; by their endings without it.
        annotator: Who annotated, where a file does not say; for doccano instead of the name of
            the file.
        approved: Whether exports of doccano have approved documents only; then one without
            labels was read and has no mention.

    Raises:
        UsageError: If the call cannot be done.
        ExportError: If a file is not such an export. What is wrong inside one is in the report.
        OSError: If a file cannot be read.
    """
    if annotator is not None and not _is_name(annotator):
        raise UsageError(f"annotator: expected a name, found {shorten(annotator)}")
    intake = Intake(sample, annotator, approved=approved)
    forms = {path: _form(path, form) for path in paths}
    for path, found in forms.items():
        _READERS[found](intake, path)
    judgements = intake.judgements()
    examples = tuple(
        record_of(item, judgements[item.id]) for item in sample.items if item.id in judgements
    )
    return Imported(examples, intake.report())


def _is_name(text: str) -> bool:
    return bool(text.strip()) and len(text) <= MAX_NAME and not has_surrogate(text)


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
