"""What the command shows on a terminal. Text from outside is shown as text, never as markup."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..data.checks import printable
from ..data.schema import FRAMINGS, HEADS
from .console import print_line
from .explain import Explanation
from .results import UNCERTAIN
from .summary import Summary

STYLES = {
    "delegitimizing": "bold red",
    "legitimizing": "bold blue",
    "neutral": "bold",
    "none": "dim",
    UNCERTAIN: "italic",
}
SHOWN_ROWS = 100
_FIXED_WIDTH = 12 + 14 + 9 + 10 + 4 * 2
"""Columns of the table beside the text itself, and the gaps between them."""
_WIDE, _WHO_WIDTH = 130, 22
"""From which width on a terminal shows speaker and referent, and how much of them."""
SHOWN_FAILURES = 10


class FirstRows:
    """Keeps the first mentions of a run and counts the rest, in bounded memory."""

    def __init__(self) -> None:
        self.rows: list[Mapping[str, Any]] = []
        self.mentions = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Take one row of the table."""
        if row.get("mention"):
            self.mentions += 1
            if len(self.rows) < SHOWN_ROWS:
                self.rows.append(row)


def print_rows(found: FirstRows) -> None:
    """A table of the mentions, the label shown where it stands."""
    table = Table(box=None, pad_edge=False, header_style="bold", expand=False)
    console = Console()
    wide = console.width >= _WIDE
    around = max(20, console.width - _FIXED_WIDTH - wide * 2 * (_WHO_WIDTH + 2)) // 2
    table.add_column("document", max_width=12, overflow="ellipsis", no_wrap=True)
    table.add_column("where it stands", max_width=2 * around, overflow="ellipsis", no_wrap=True)
    for name, width in (("framing", 14), ("stance", 9), ("voice", 10)):
        table.add_column(name, no_wrap=True, min_width=width)
    for name in ("said by", "of whom") if wide else ():
        table.add_column(name, no_wrap=True, max_width=_WHO_WIDTH, overflow="ellipsis")
    for row in found.rows:
        start = row["mention_start"] - row["sentence_start"]
        context = in_context(row["sentence_text"], start, row["mention"], row["framing"], around)
        cells = [Text(row[name] or "–") for name in ("framing", "stance", "voice")]
        cells[0].stylize(STYLES[row["framing"]])
        if wide:
            cells += [Text(printable(row[n] or "–")) for n in ("speaker_name", "referent")]
        table.add_row(Text(printable(row["doc_id"])), context, *cells)
    if found.rows:
        console.print(table)
    if found.mentions > SHOWN_ROWS:
        more = found.mentions - SHOWN_ROWS
        console.print(f"… and {more:,} more mentions; write all of them with -o scores.parquet")


def in_context(sentence: str, start: int, mention: str, framing: str, around: int) -> Text:
    """A mention in a line of twice `around` characters, styled by its framing."""
    before, after = sentence[:start], sentence[start + len(mention) :]
    short = max(0, around * 2 - 2 - len(mention)) // 2
    left = ("…" if len(before) > short else "") + before[max(0, len(before) - short) :]
    right = after[:short] + ("…" if len(after) > short else "")
    shown = Text(printable(left), style="dim")
    shown.append(printable(mention), style="not dim " + STYLES[framing])
    return shown.append(printable(right))


def print_failures(summary: Summary) -> None:
    """The first failures, on standard error."""
    console = Console(stderr=True, highlight=False)
    for failure in summary.failures[:SHOWN_FAILURES]:
        print_line(console, Text(printable(f"failed: {failure}")))
    if summary.failed > SHOWN_FAILURES:
        print_line(console, f"failed: {summary.failed - SHOWN_FAILURES:,} more")


def print_summary(summary: Summary, output: Path | None) -> None:
    """Counts of a run, on standard error."""
    console = Console(stderr=True, highlight=False)
    rate = summary.sentences / summary.seconds if summary.seconds else 0.0
    print_line(
        console,
        f"{summary.documents:,} documents, {summary.sentences:,} sentences, "
        f"{summary.mentions:,} mentions, {summary.failed:,} failures "
        f"in {summary.seconds:.1f} s ({rate:,.0f} sentences/s)",
    )
    if summary.model:
        print_line(console, f"{summary.model} on {', '.join(summary.devices)}")
    if summary.passed_over:
        kinds = ", ".join(f"{n} {c:,}" for n, c in summary.passed_over.most_common())
        print_line(console, f"sentences passed over: {kinds}")
    for head, counts in summary.labels.items():
        total = sum(counts.values())
        shares = ", ".join(f"{n} {c:,} ({c / total:.0%})" for n, c in counts.most_common())
        if shares:
            print_line(console, f"{head}: {shares}")
    if summary.speakers:
        named, total = summary.speakers["named"], sum(summary.speakers.values())
        print_line(console, f"speakers: found for {named:,} of {total:,} ({named / total:.0%})")
    if summary.groups:
        console.print(_groups(summary))
    if output is not None:
        print_line(console, Text(f"written to {output}"))


def _groups(summary: Summary) -> Table:
    """Shares of each framing by the values of a column."""
    given = {label for counts in summary.groups.values() for label in counts}
    names = [name for name in (*FRAMINGS, UNCERTAIN) if name != "none" or name in given]
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for name in ("mentions", *names):
        table.add_column(name, justify="right")
    for value, counts in sorted(summary.groups.items()):
        total = sum(counts.values())
        shares = [f"{counts[name] / total:.0%}" for name in names]
        table.add_row(Text(printable(value)), f"{total:,}", *shares)
    return table


def print_explanation(explanation: Explanation) -> None:
    """Each mention with all its probabilities and the words that matter."""
    console = Console(highlight=False)
    document = explanation.document
    for sentence in document.sentences:
        loaded = sentence.loaded
        print_line(console, Text(printable(sentence.text)))
        words = ", ".join(printable(document.text[a:b]) for a, b in sentence.loaded_spans)
        if loaded is None:
            print_line(
                console, Text("  " + "; ".join(["passed over", *sentence.flags]), style="dim")
            )
            continue
        loaded_note = f"loaded {loaded.probabilities['true']:.2f}" + (f": {words}" if words else "")
        print_line(console, Text("  " + "; ".join([loaded_note, *sentence.flags]), style="dim"))
    if not document.mentions:
        print_line(console, "no label of an actor or act found")
    for mention, influences in zip(document.mentions, explanation.influences, strict=True):
        heading = Text("\n" + printable(mention.text), style=STYLES[mention.framing.label])
        origin = mention.concept or f"found by the {mention.found_by}"
        print_line(console, heading.append(f"  ({origin})", style="not bold dim"))
        for name in ("framing", "stance", "voice"):
            judgement = getattr(mention, name)
            values = "  ".join(f"{k} {v:.2f}" for k, v in judgement.probabilities.items())
            print_line(console, Text(f"  {name:8} {judgement.label:15} {values}"))
        named = ", ".join(f"{printable(i.word)} ({i.drop:+.2f})" for i in influences)
        leaning = named or "no single word"
        print_line(console, Text(f"  framing leans on {leaning}", style="dim"))


def print_metrics(metrics: Mapping[str, Mapping[str, Any]], title: str) -> None:
    """An evaluation as tables: the judgements, their classes, then what is found in the text."""
    judged = ("macro_f1", "accuracy", "ece", "ece_debiased", "brier", "named", "named_precision")
    table = Table(title=Text(printable(title)), title_justify="left", box=None, pad_edge=False)
    names = ("", "n", "macro-F1", "accuracy", "ECE", "debiased", "Brier", "named", "precision")
    for name in names:
        table.add_column(name, justify="right" if name else "left")
    marked = {head: metrics[head] for head in metrics if head in HEADS and metrics[head]["n"]}
    for head, values in marked.items():
        table.add_row(head, f"{values['n']:,}", *(_figure(values[key]) for key in judged))
    console = Console()
    console.print(table)
    for head, values in marked.items():
        classes = ", ".join(f"{k} {v['f1']:.2f}" for k, v in values["per_class"].items())
        print_line(console, Text(f"F1 of {head}: {classes}", style="dim"))
    _print_found({head: values for head, values in metrics.items() if head not in HEADS})


_FOUND = {
    "loaded_word": "loaded words, by token",
    "span_exact": "mentions found, exact",
    "span_overlap": "mentions found, overlapping",
}

_ALL_MARKED = (
    "A mention found counts as wrong where the records mark none: mark all of a sentence's."
)


def _print_found(metrics: Mapping[str, Mapping[str, Any]]) -> None:
    if not metrics:
        return
    table = Table(box=None, pad_edge=False)
    for name in ("", "n", "precision", "recall", "F1", "AUROC"):
        table.add_column(name, justify="right" if name else "left")
    for head, values in metrics.items():
        number = values.get("n", values.get("true"))
        figures = (_figure(values.get(key)) for key in ("precision", "recall", "f1", "auroc"))
        table.add_row(_FOUND[head], f"{number:,}", *figures)
    console = Console()
    console.print(table)
    if "span_exact" in metrics:
        print_line(console, Text(_ALL_MARKED, style="dim"))


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
