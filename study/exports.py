"""A gold sample as files that annotators can open: Label Studio, doccano and a spreadsheet.

What annotators see is the sentence and its neighbours. Predictions and strata are in
``sample.jsonl`` and ``design.json`` alone, which stay with whoever drew the sample.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from ..data.schema import FRAMINGS, STANCES, VOICES
from ..infer.staging import replaced
from ..infer.writing import OutputError
from .from_doccano import LABELS, LOADED_WORDS, NOT_LOADED
from .from_sheet import COLUMNS
from .sample_folder import DESIGN, ITEMS, SampledItem
from .sampling import Drawn

TASKS, SETUP = "label-studio.json", "label-studio.xml"
ROWS, LABEL_LIST = "doccano.jsonl", "doccano-labels.json"
SHEET, CODEBOOK, README = "sheet.csv", "codebook.md", "README.md"
FOR_ANNOTATORS = (TASKS, SETUP, ROWS, LABEL_LIST, SHEET, CODEBOOK)
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""
_COLOURS = {
    "delegitimizing": "#D55E00",
    "neutral": "#999999",
    "legitimizing": "#0072B2",
    "none": "#F0E442",
    "against": "#CC79A7",
    "favor": "#56B4E9",
    LOADED_WORDS: "#E69F00",
    NOT_LOADED: "#009E73",
    "own": "#404040",
    "attributed": "#808080",
    "quoted": "#C0C0C0",
}
"""Of Okabe and Ito (2008), which colour-blind readers can tell apart."""
_KEYS = "dnl0amfotqwz"


def write_sample(drawn: Drawn, folder: Path, *, overwrite: bool = False) -> None:
    """Write a sample.

    The design comes last: a folder without it is not complete.

    Args:
        drawn: The sample.
        folder: Made where there is none.
        overwrite: Whether files of another sample may be replaced.

    Raises:
        OutputError: As `check_folder` says.
        OSError: If it cannot be written.
    """
    check_folder(folder, overwrite=overwrite)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DESIGN).unlink(missing_ok=True)
    for name, content in _contents(drawn):
        with replaced(folder / name) as partial:
            partial.write_bytes(content.encode("utf-8"))


def check_folder(folder: Path, *, overwrite: bool = False) -> None:
    """Check where a sample shall go.

    Args:
        folder: Where.
        overwrite: Whether files of another sample may be replaced.

    Raises:
        OutputError: If the folder is a file, has other files than those of a sample, or has a
            sample that may not be replaced.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: expected a folder to write, found a file")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if not any((folder / name).is_file() for name in (DESIGN, ITEMS)):
        raise OutputError(
            f"{folder}: expected an empty folder or one with a sample, found other files, some of "
            "which could be lost; give another name"
        )
    if not overwrite:
        raise OutputError(
            f"{folder}: is not empty, and annotations of a sample fit no other; give another name "
            "or --overwrite"
        )


def _contents(drawn: Drawn) -> Iterable[tuple[str, str]]:
    items = drawn.items
    yield ITEMS, "".join(_line(item.record()) for item in items)
    yield TASKS, _pretty([{"data": _shown(item)} for item in items])
    yield SETUP, label_studio_setup()
    yield ROWS, "".join(_line(_doccano_row(item)) for item in items)
    yield LABEL_LIST, _pretty(doccano_labels())
    yield SHEET, _sheet(items)
    yield CODEBOOK, _data("codebook.md")
    yield README, _readme(drawn)
    yield DESIGN, _pretty(drawn.design.record())


def _shown(item: SampledItem) -> dict[str, str]:
    """All that an annotator may see."""
    return {"id": item.id, "text": item.text, "before": item.before, "after": item.after}


def label_studio_setup() -> str:
    """The labelling setup of a project, as XML."""
    framing = "".join(_label(value, key) for value, key in zip(FRAMINGS, "1234", strict=True))
    # No choice of a mention where loaded words are marked, or nothing that could be framed.
    of_mention = (
        'perRegion="true" visibleWhen="region-selected" '
        'whenLabelValue="delegitimizing,neutral,legitimizing"'
    )
    stance = "".join(_choice(value, key) for value, key in zip(STANCES, "qwe", strict=True))
    voice = "".join(_choice(value, key) for value, key in zip(VOICES, "asd", strict=True))
    typed = "".join(
        f'  <TextArea name="{name}" toName="text" {of_mention} rows="1" maxSubmissions="1"\n'
        f'    editable="true" placeholder={quoteattr(said)}/>\n'
        for name, said in (
            ("referent", "referent: whom or what the label stands for (optional)"),
            ("speaker", "speaker: whose words they are, if not the outlet's (optional)"),
        )
    )
    return f"""<View>
  <Style>.htx-text {{ white-space: pre-wrap; }}</Style>
  <Header value="Mark every mention in the sentence, then say whether it is loaded." size="5"/>
  <Labels name="framing" toName="text">
{framing}  </Labels>
  <Labels name="loaded_words" toName="text">
{_label(LOADED_WORDS, "5")}  </Labels>
  <Header value="$before" size="6"/>
  <Text name="text" value="$text"/>
  <Header value="$after" size="6"/>
  <Choices name="stance" toName="text" choice="single" showInline="true" {of_mention}>
{stance}  </Choices>
  <Choices name="voice" toName="text" choice="single" showInline="true" {of_mention}>
{voice}  </Choices>
{typed}  <Header value="Is the sentence loaded?" size="6"/>
  <Choices name="loaded" toName="text" choice="single" showInline="true" required="true"
    requiredMessage="Say whether the sentence is loaded.">
{_choice("yes", "y")}{_choice("no", "n")}  </Choices>
  <TextArea name="comment" toName="text" rows="2" maxSubmissions="1" editable="true"
    placeholder="comment (optional)"/>
</View>
"""


def _label(value: str, key: str) -> str:
    return f'    <Label value="{value}" background="{_COLOURS[value]}" hotkey="{key}"/>\n'


def _choice(value: str, key: str) -> str:
    return f'    <Choice value="{value}" hotkey="{key}"/>\n'


def _doccano_row(item: SampledItem) -> dict[str, Any]:
    """A document; what is neither text nor label is shown beside it. Its ``id`` is doccano's."""
    return {
        "text": item.text,
        "label": [],
        "item": item.id,
        "before": item.before,
        "after": item.after,
    }


def doccano_labels() -> list[dict[str, str]]:
    """The labels of a project, with keys to press and colours."""
    return [
        {
            "text": label,
            "suffix_key": key,
            "background_color": _COLOURS[label.rpartition(":")[2]],
            "text_color": _readable_on(_COLOURS[label.rpartition(":")[2]]),
        }
        for label, key in zip(LABELS, _KEYS, strict=True)
    ]


def _readable_on(colour: str) -> str:
    """Black or white, whichever stands out more."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return "#000000" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.45 else "#ffffff"


def _sheet(items: Sequence[SampledItem]) -> str:
    """A row for each sentence, in the way that spreadsheets take for UTF-8."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for item in items:
        shown = {key: as_cell(value) for key, value in _shown(item).items()}
        writer.writerow({"item": shown.pop("id"), **shown})
    return "\ufeff" + out.getvalue()


def as_cell(text: str) -> str:
    """A text that a spreadsheet shows and does not compute: an apostrophe goes before formulas.

    The import compares sentences without it.
    """
    return "'" + text if text.startswith(_FORMULA) else text


def _data(name: str) -> str:
    return (files("connote.data") / name).read_text(encoding="utf-8")


def _line(record: Any) -> str:
    return json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n"


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _readme(drawn: Drawn) -> str:
    """How to annotate. Annotators read it, so it tells nothing of how sentences were chosen."""
    return f"""# A gold sample of {len(drawn.items)} sentences

Drawn by `connote sample` from an archive of {drawn.design.sentences:,}.

**For whoever runs the study:** `{ITEMS}` and `{DESIGN}` say how each sentence was drawn and what
connote found in it. Annotators must not see them. Leave both as they are: the import needs them.
Have every sentence annotated: estimates rest on the probability with which each was drawn, and
none is known of those that annotators leave out. Let two people annotate at least some of them,
each without the other's work, so that their agreement can be measured.

**For annotators:** `{CODEBOOK}` is the law. In each sentence, mark
- every *mention*: words that name an actor, a group, an act, a policy or an event; with its
  framing ({", ".join(FRAMINGS)}) and, but for `none`, stance ({", ".join(STANCES)}) and voice
  ({", ".join(VOICES)});
- whether the sentence is *loaded*, and the loaded words.

Judge the sentence; the ones before and after only help to understand it. Many sentences have no
mention: say of them too whether they are loaded.

## Label Studio

1. Create a project; under *Labeling Setup*, *Custom template*, *Code*, paste `{SETUP}`.
2. Import `{TASKS}`.
3. Mark words with a framing; with the mention selected, choose stance and voice. Submit every task.
4. Export as *JSON* (not JSON-MIN).

## doccano

1. Create a project of the type *Sequence Labeling* and tick *Allow overlapping spans*; leave
   *Count grapheme clusters as one character* alone. Tick *Share annotations across all users* only
   if one person annotates.
2. Under *Labels*, import `{LABEL_LIST}`. Under *Dataset*, import `{ROWS}` as *JSONL*, with the
   columns `text` and `label`. Item, and the sentences before and after, stand beside the text.
3. Give the words of a mention up to three labels, one after the other: `framing:…`, `stance:…`,
   `voice:…`. Mark loaded words; a sentence without any counts as not loaded.
   Approve every sentence that was read (the tick above it), also those without a mention.
4. Export as *JSONL* with *Export only approved documents*.

## Spreadsheet

1. Give each annotator a copy of `{SHEET}` (UTF-8, commas).
2. Write your name in `annotator`. For a mention, copy its words to `mention`, as they stand in the
   sentence, and fill in its labels; if the words stand there several times, say in `occurrence`
   which (1, 2, …). For a second mention, copy the row below. Write `yes` or `no` in `loaded`, once
   for each item, and the loaded words, separated by semicolons, in `loaded_words`.
   A row with `loaded` and without a mention says that there is none.
3. Save as CSV UTF-8 and leave the column `text` as it is. An apostrophe before a sentence keeps the
   spreadsheet from taking it for a formula; it is not part of the text.

## Back to connote

    connote import EXPORT… --sample FOLDER -o gold.jsonl

(with `--approved` for doccano's export of approved documents)
"""
