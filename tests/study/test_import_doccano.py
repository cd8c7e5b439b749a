"""doccano's export made records: what its files say, and what they leave open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from study_helpers import sample_in, text_of, units

from connote.data.schema import Mention
from connote.study.entries import ExportError
from connote.study.importing import Imported, read_annotations

Spans = list[list[Any]]


def span(item: str, words: str, *labels: str) -> Spans:
    """What doccano exports of words with some labels."""
    start = units(text_of(item)[: text_of(item).index(words)])
    return [[start, start + units(words), label] for label in labels]


def row(item: str, label: Spans, **more: Any) -> dict[str, Any]:
    """A line of doccano's export of a sequence labelling project."""
    text = text_of(item)
    shown = {"item": item, "before": "", "after": ""}
    return {"id": 17, "text": text, **shown, "label": label, "Comments": [], **more}


def imported(tmp_path: Path, *rows: Any, name: str = "anna.jsonl", **options: Any) -> Imported:
    path = tmp_path / name
    lines = (line if isinstance(line, str) else json.dumps(line) for line in rows)
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_annotations([path], sample_in(tmp_path / "sample"), **options)


def kinds(found: Imported) -> list[tuple[str, str]]:
    return [(problem.kind, problem.lost) for problem in found.report.problems]


def test_spans_with_the_same_offsets_are_one_mention(tmp_path: Path) -> None:
    labels = [
        *span("s1", "regime", "framing:delegitimizing", "stance:against", "voice:attributed"),
        *span("s1", "shelled", "loaded words"),
    ]
    found = imported(tmp_path, row("s1", labels, Comments=["who speaks?"]))
    [example] = found.examples
    assert found.report.problems == ()
    [mention] = example.mentions
    assert (mention.start, mention.end) == (4, 10)
    labels_of = (mention.framing, mention.stance, mention.voice)
    assert labels_of == ("delegitimizing", "against", "attributed")
    assert (example.loaded, example.loaded_spans) == (True, ((20, 27),))
    assert example.annotations[0].annotator == "anna"
    assert example.annotations[0].comment == "who speaks?"


def test_a_project_with_relations_has_the_same_in_objects(tmp_path: Path) -> None:
    triples = span("s4", "Rebels", "framing:neutral", "stance:neutral")
    entities = [
        {"id": i, "start_offset": start, "end_offset": end, "label": label}
        for i, (start, end, label) in enumerate(triples)
    ]
    line = row("s4", [], entities=entities, relations=[], Comments=[{"id": 1, "text": "clear"}])
    del line["label"]
    [example] = imported(tmp_path, line).examples
    assert example.mentions == (Mention(0, 6, framing="neutral", stance="neutral"),)
    assert (example.loaded, example.annotations[0].comment) == (False, "clear")


def test_offsets_count_utf_16_code_units(tmp_path: Path) -> None:
    [example] = imported(tmp_path, row("s5", span("s5", "ministry", "framing:none"))).examples
    [mention] = example.mentions
    assert example.text[mention.start : mention.end] == "ministry"


def test_offsets_of_grapheme_clusters_show_as_words_cut_or_half_characters(
    tmp_path: Path,
) -> None:
    text = text_of("s5")
    start = text.index("gathered")
    cut = [[start, start + 8, "framing:none"], [11, 12, "framing:neutral"]]
    found = imported(tmp_path, row("s5", cut))
    assert ("half a character", "mention") in kinds(found)
    assert "grapheme" in found.report.problems[0].reason


def test_documents_without_labels_count_as_read_only_if_they_were_approved(tmp_path: Path) -> None:
    rows = [row("s2", []), row("s4", []), row("s1", [[0, 3, "not loaded"]])]
    found = imported(tmp_path, *rows)
    assert [example.id for example in found.examples] == ["s1"]
    assert found.examples[0].loaded is False
    assert (kinds(found), found.report.files[0].untouched) == ([("without labels", "")], 2)
    (tmp_path / "again").mkdir()
    found = imported(tmp_path / "again", *rows, approved=True)
    assert [(e.id, e.loaded, e.mentions) for e in found.examples] == [
        ("s1", False, ()),
        ("s2", False, ()),
        ("s4", False, ()),
    ]
    assert found.report.problems == ()


@pytest.mark.parametrize(
    ("labels", "problem"),
    [
        ([[0, 3, "PER"]], ("label outside the codebook", "mention")),
        (
            [[4, 10, "framing:none"], [4, 10, "sure"]],
            ("label outside the codebook", "label"),
        ),
        ([[0, 3]], ("broken span", "mention")),
        ([[0, 900, "loaded words"]], ("offsets outside the text", "label")),
        ([[0, 9000, "framing:none"]], ("offsets outside the text", "mention")),
        ([[3, 4, "framing:none"]], ("empty span", "mention")),
        ([[4, 10, "framing:none"], [4, 10, "framing:neutral"]], ("several labels", "label")),
        (
            [[4, 10, "framing:neutral"], [4, 9, "stance:against"]],
            ("labels beside a mention", "label"),
        ),
        ([[4, 10, "loaded words"], [0, 3, "not loaded"]], ("loaded and not loaded", "label")),
        (
            [[4, 10, "framing:none"], [4, 10, "voice:own"]],
            ("framing none with stance or voice", "label"),
        ),
    ],
)
def test_what_is_wrong_with_spans_is_said(
    tmp_path: Path, labels: Spans, problem: tuple[str, str]
) -> None:
    assert problem in kinds(imported(tmp_path, row("s1", labels)))


def test_a_label_without_its_head_does_not_make_a_sentence_read(tmp_path: Path) -> None:
    found = imported(tmp_path, row("s1", [[4, 10, "delegitimizing"]]), approved=True)
    assert kinds(found)[-1] == ("annotation left out", "annotation")
    assert found.examples == ()
    assert found.report.annotated == 0


def test_loaded_words_at_no_place_still_say_that_the_sentence_is_loaded(tmp_path: Path) -> None:
    [example] = imported(tmp_path, row("s1", [[0, 900, "loaded words"]])).examples
    assert (example.loaded, example.loaded_spans) == (True, None)


def test_broken_lines_and_foreign_items_leave_the_others_alone(tmp_path: Path) -> None:
    done = row("s1", [[0, 3, "not loaded"]])
    found = imported(
        tmp_path,
        "{",
        "[" * 50_000,
        "7",
        {**done, "item": None},
        {**done, "text": "Rain."},
        '{"item": "s2", "item": "s2"}',
        '{"x": Infinity}',
        done,
    )
    lost = [kind for kind, what in kinds(found) if what == "annotation"]
    assert lost == [
        *["broken record"] * 3,
        "unknown item",
        "text changed",
        *["broken record"] * 2,
    ]
    assert [example.id for example in found.examples] == ["s1"]


def test_a_file_that_names_nobody_needs_an_annotator(tmp_path: Path) -> None:
    done = row("s1", [[0, 3, "not loaded"]])
    with pytest.raises(ExportError, match="name the annotator by --annotator"):
        imported(tmp_path, done, name="all.jsonl")
    (tmp_path / "again").mkdir()
    found = imported(tmp_path / "again", done, name="all.jsonl", annotator="ben")
    assert found.report.annotators[0].annotator == "ben"
