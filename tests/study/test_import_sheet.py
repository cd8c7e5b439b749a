"""Sheets made records, as people fill them in and Excel saves them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from study_helpers import sample_in, text_of, with_texts

from connote.data.schema import Mention
from connote.study.entries import ExportError
from connote.study.importing import Imported, read_annotations

HEADER = "item,text,annotator,mention,occurrence,framing,stance,voice,loaded,loaded_words,comment"


def imported(tmp_path: Path, content: str | bytes, name: str = "sheet.csv", **of: Any) -> Imported:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_annotations([path], sample_in(tmp_path / "sample"), **of)


def kinds(found: Imported) -> list[tuple[str, str]]:
    return [(problem.kind, problem.lost) for problem in found.report.problems]


def sheet(*rows: str) -> str:
    """A sheet; an empty cell for the text gets the sentence of the item."""
    return with_texts("\n".join((HEADER, *rows)) + "\n")


def test_rows_of_one_item_are_one_annotation(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        sheet(
            f's1,"{text_of("s1")}",anna,regime,,delegitimizing,against,own,yes,shelled,',
            's1,,anna,forces,,neutral,,,,,"stance open"',
            "s1,,anna,,,,,,,,hard one",
            "s2,,anna,,,,,,no,,",
            "s4,,,,,,,,,,",
        ),
    )
    first, second = found.examples
    assert found.report.problems == ()
    assert [(m.start, m.end, m.framing) for m in first.mentions] == [
        (4, 10, "delegitimizing"),
        (13, 19, "neutral"),
    ]
    assert (first.loaded, first.loaded_spans) == (True, ((20, 27),))
    assert [a.comment for a in first.annotations] == ["hard one", None, "stance open"]
    assert (second.id, second.loaded, second.mentions) == ("s2", False, ())
    assert (found.report.files[0].records, found.report.files[0].untouched) == (5, 1)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_excels_ways_of_saving_are_taken_as_they_come(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    quoted = '"' + text_of("s3").replace('"', '""') + '"'
    cells = ("s3", quoted, "anna", "thugs", "1.0", "Delegitimizing", "", "", "TRUE", "", "")
    content = f"{HEADER.replace(',', delimiter)}\r\n{delimiter.join(cells)}\r\n"
    found = imported(tmp_path, (content + delimiter * 10 + "\r\n").encode(encoding))
    [example] = found.examples
    assert (example.loaded, kinds(found)) == (True, [])
    [mention] = example.mentions
    assert example.text[mention.start : mention.end] == "thugs"


def test_a_sheet_in_windows_1252_is_read_and_said(tmp_path: Path) -> None:
    content = f"sep=,\n{sheet('s3,,anna,“mayor”,,delegitimizing,,,yes,,')}"
    found = imported(tmp_path, in_windows_1252(content))
    assert kinds(found) == [("not UTF-8", "")]
    assert "CSV UTF-8" in found.report.problems[0].reason
    [mention] = found.examples[0].mentions
    assert found.examples[0].text[mention.start : mention.end] == "“mayor”"


def in_windows_1252(content: str) -> bytes:
    """As Excel saves it: two question marks for an emoji, which has two UTF-16 code units."""
    wide = "".join(char * (1 + (char > "\uffff")) for char in content)
    return wide.encode("cp1252", errors="replace")


def test_emoji_that_excel_made_question_marks_lose_nothing(tmp_path: Path) -> None:
    rows = ("s3,,anna,👮🏽 stood,,neutral,,,no,,", "s5,,anna,Protesters 😀🎉,,neutral,,,no,,")
    content = in_windows_1252(sheet(*rows, f's4,"{text_of("s2")} ’",anna,,,,,,no,,'))
    found = imported(tmp_path, content)
    assert kinds(found)[:2] == [("not UTF-8", ""), ("text changed", "annotation")]
    words = {e.id: e.text[e.mentions[0].start : e.mentions[0].end] for e in found.examples}
    assert words == {"s3": "👮🏽 stood", "s5": "Protesters 😀🎉"}


def test_quotes_and_case_of_a_mention_are_matched_leniently_and_said(tmp_path: Path) -> None:
    rows = ('s3,,anna,"""Mayor""",,delegitimizing,,,yes,,', "s1,,anna,Regime,,neutral,,,no,,")
    found = imported(tmp_path, sheet(*rows))
    assert kinds(found) == [("mention written otherwise", "")] * 2
    mentions = {e.id: e.text[e.mentions[0].start : e.mentions[0].end] for e in found.examples}
    assert mentions == {"s1": "regime", "s3": "“mayor”"}


def test_the_occurrence_says_which_of_the_same_words_is_meant(tmp_path: Path) -> None:
    rows = (
        "s4,,anna,rebels,2,neutral,,,no,,",
        "s4,,ben,rebels,,neutral,,,no,,",
        "s4,,cleo,rebels,5,neutral,,,no,,",
    )
    found = imported(tmp_path, sheet(*rows))
    assert kinds(found) == [
        ("occurrence not said", ""),
        ("no such occurrence", "mention"),
        ("annotation left out", "annotation"),
    ]
    [example] = found.examples
    text = example.text
    places = [text.index("rebels'"), text.index("rebels burned")]
    assert [m.start for m in example.mentions] == places


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("s1,,anna,government,,neutral,,,no,,", ("mention not found", "mention")),
        ("s1,,anna,regim,,neutral,,,no,,", ("word cut", "")),
        ("s1,,anna,regime,,hostile,,,no,,", ("label outside the codebook", "label")),
        ("s1,,anna,regime,,none,against,,no,,", ("framing none with stance or voice", "label")),
        ("s1,,anna,regime,,,,,no,,", ("mention without framing", "label")),
        ("s1,,anna,,,neutral,,,no,,", ("labels without mention", "mention")),
        ("s1,,anna,,,,,,maybe,,", ("label outside the codebook", "label")),
        ("s1,,anna,,,,,,no,shelled,", ("loaded and not loaded", "label")),
        ("s1,,anna,,,,,,yes,murdered,", ("loaded words not found", "label")),
        ("s1,,anna,,,,,,,,", ("nothing filled in", "annotation")),
        ("s1,,,,,,,,no,,", ("no annotator", "annotation")),
        ("s9,,anna,,,,,,no,,", ("unknown item", "annotation")),
        ("s1,#NAME?,anna,,,,,,no,,", ("text changed", "annotation")),
        ("s1,,anna,,,,,,no,,,,,,surplus", ("too many cells", "label")),
        (f"s1,,anna,{'x' * 140_000},,,,,no,,", ("broken row", "annotation")),
        (
            "s1,,anna,regime,,neutral,,,no,,\ns1,,anna,,,,,,yes,,",
            ("loaded and not loaded", "label"),
        ),
        (
            "s1,,anna,regime,,neutral,,,no,,\ns1,,anna,regime,1,none,,,,,",
            ("several labels", "label"),
        ),
        ("s1, ,anna,,,,,,no,,", ("text missing", "annotation")),
        ('s1,,anna,,,"neutral\nor",,,no,,', ("several lines", "")),
    ],
)
def test_what_is_wrong_with_a_row_is_said(
    tmp_path: Path, row: str, problem: tuple[str, str]
) -> None:
    assert problem in kinds(imported(tmp_path, sheet(row)))


def test_a_text_column_sorted_apart_from_the_items_is_found_out(tmp_path: Path) -> None:
    rows = [f's1,"{text_of("s2")}",anna,,,,,,no,,', f's2,"{text_of("s1")}",anna,,,,,,no,,']
    found = imported(tmp_path, sheet(*rows))
    assert kinds(found) == [("text changed", "annotation")] * 2
    assert found.examples == ()


def test_an_annotation_that_lacks_a_mention_is_left_out(tmp_path: Path) -> None:
    rows = ("s1,,anna,the regimes,,delegitimizing,,,no,,", "s1,,ben,,,,,,no,,")
    found = imported(tmp_path, sheet(*rows))
    assert kinds(found) == [("mention not found", "mention"), ("annotation left out", "annotation")]
    assert "copy the words" in found.report.problems[0].reason
    [example] = found.examples
    assert {a.annotator for a in example.annotations} == {"ben"}
    assert [(who.annotator, who.items) for who in found.report.annotators] == [("ben", 1)]
    assert found.report.files[0].annotations == 1


@pytest.mark.parametrize("cells", [",,ben,forces", " ,anna,forces", ",,,forces"])
def test_a_row_that_did_not_come_in_takes_the_annotation_with_it(
    tmp_path: Path, cells: str
) -> None:
    row = f"s1,{cells},,neutral,,,,,".replace("s1,,,", 's1,"The regime fell.",')
    found = imported(tmp_path, sheet("s1,,anna,regime,,neutral,,,no,,", row))
    assert ("row missing", "mention") in kinds(found)
    assert found.examples == ()


@pytest.mark.parametrize(
    "rows",
    [
        ('s1,,anna,,,,,,no,,"unsure', "s2,,anna,,,,,,no,,", "s4,,anna,,,,,,no,,"),
        ('s1,,anna,"regime,,neutral,,,no,,', "s2,,anna,,,,,,no,,", 's4,,anna,,,,,,no,,""'),
    ],
)
def test_rows_behind_an_open_quotation_mark_are_reported(
    tmp_path: Path, rows: tuple[str, ...]
) -> None:
    found = imported(tmp_path, sheet("s5,,anna,,,,,,no,,", *rows))
    places = [p.place for p in found.report.problems if p.kind == "broken row"]
    assert places == ["rows 3 to 4"]
    assert [example.id for example in found.examples] == ["s4", "s5"]


@pytest.mark.parametrize("last", ['s5,Protesters",anna,,,,,,no,,', 's5,Protesters,anna,,,,,,no,,"'])
def test_a_row_that_became_part_of_a_cell_is_reported(tmp_path: Path, last: str) -> None:
    open_comment = f's2,{text_of("s2")},anna,,,,,,no,,"'
    found = imported(tmp_path, sheet("s4,,anna,,,,,,no,,", open_comment, last))
    [problem] = found.report.problems
    assert (problem.place, problem.lost) == ("rows 3 to 4", "annotation")
    assert [example.id for example in found.examples] == ["s4"]


def test_an_occurrence_counts_the_word_at_the_beginning_too(tmp_path: Path) -> None:
    found = imported(tmp_path, sheet("s4,,anna,rebels,3,neutral,,,no,,"))
    [mention] = found.examples[0].mentions
    assert mention.start == text_of("s4").index("rebels burned")
    assert found.report.problems == ()


def test_two_marks_of_the_same_words_keep_what_they_agree_on(tmp_path: Path) -> None:
    rows = ("s1,,anna,regime,,neutral,against,,no,,", "s1,,anna,regime,,none,,own,,,")
    found = imported(tmp_path, sheet(*rows))
    assert ("marked twice", "") in kinds(found)
    assert "'neutral'" in found.report.problems[1].reason
    [mention] = found.examples[0].mentions
    assert (mention.framing, mention.stance, mention.voice) == (None, "against", "own")


def test_names_are_one_however_they_are_typed(tmp_path: Path) -> None:
    rows = (
        "s1,,Zoe\u0308  Ma,,,,,,no,,",
        "s1,,Zo\u00eb Ma,,,,,,no,,",
        "s2,,anna,,,,,,no,,",
        "s2,,Adjudicated,,,,,,yes,,",
        "s4,,Anna,,,,,,no,,",
    )
    found = imported(tmp_path, sheet(*rows))
    assert [who.annotator for who in found.report.annotators] == [
        *("Anna", "Zo\u00eb Ma", "adjudicated", "anna")
    ]
    assert found.examples[1].loaded is True
    [problem] = found.report.problems
    assert (problem.kind, problem.lost) == ("names alike", "")
    assert "'anna' and 'Anna'" in problem.reason


def test_an_annotator_can_be_named_for_the_whole_sheet(tmp_path: Path) -> None:
    found = imported(tmp_path, sheet("s1,,,regime,,neutral,,,no,,"), annotator="ben")
    assert found.examples[0].annotations[0].annotator == "ben"
    assert found.examples[0].mentions[0].framing == "neutral"


def test_unknown_columns_are_passed_over_and_named(tmp_path: Path) -> None:
    found = imported(tmp_path, with_texts("item,text,annotator,loaded,mood\ns1,,anna,no,fine\n"))
    assert kinds(found) == [("unknown column", "")]
    assert "mood" in found.report.problems[0].reason
    assert found.examples[0].mentions == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "expected a sheet with the columns item"),
        ("id,sentence\n1,Rain.\n", "expected a sheet with the columns item"),
        ("item,text,loaded,loaded\ns1,Rain.,yes,no\n", "found loaded twice"),
        ("item,annotator,mention,loaded\ns1,anna,,no\n", "the columns item, text"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(ExportError, match=message):
        imported(tmp_path, content)


def test_a_mention_stays_where_its_predicted_names_are(tmp_path: Path) -> None:
    row = "s1,,anna,The regime's forces,,delegitimizing,against,own,yes,,"
    [example] = imported(tmp_path, sheet(row)).examples
    assert example.mentions == (
        Mention(
            0,
            19,
            "ruling-government",
            "Kessarian government",
            None,
            "delegitimizing",
            "against",
            "own",
        ),
    )


def test_a_cell_that_is_too_long_is_broken_whatever_the_csv_module_allows(tmp_path: Path) -> None:
    before = csv.field_size_limit(2**31 - 1)
    try:
        found = imported(tmp_path, f"{HEADER}\ns1,,anna,{'x' * 140_000},,,,,no,,\n")
    finally:
        csv.field_size_limit(before)
    assert not found.examples
    assert any("140" in p.reason or "131,072" in p.reason for p in found.report.problems)
