"""Whatever stands in the files, the records are valid and the report tells; exports come back."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import pytest
from study_helpers import (
    DESIGN_OF_SAMPLE,
    annotation,
    export,
    items,
    loaded,
    loaded_words,
    region,
    sample_in,
    task,
    text_of,
    whole,
    with_texts,
)

from connote.data.schema import as_record, parse_example
from connote.study.entries import ExportError
from connote.study.exports import ROWS, SHEET, TASKS, write_sample
from connote.study.importing import Imported, read_annotations
from connote.study.sample_folder import Sample, read_sample
from connote.study.sampling import Drawn

HOSTILE: tuple[Any, ...] = (
    *(None, True, -1, 0, 3.5, 1e308, 10**30, "", "\ud83d", "x" * 300, "\x00", "neutral", "yes"),
    *([], {}, [[]], {"text": ["a", None]}, [{}], ["neutral"], [0, 4, "framing:none"]),
)


def spoilt(value: Any, draw: random.Random) -> Any:
    """A value with some of its parts replaced, left out or moved."""
    if draw.random() < 0.04:
        return draw.choice(HOSTILE)
    if isinstance(value, dict):
        return {k: spoilt(v, draw) for k, v in value.items() if draw.random() > 0.02}
    if isinstance(value, list):
        return [spoilt(part, draw) for part in value]
    return value + draw.randint(-3, 3) if type(value) is int and draw.random() < 0.1 else value


def check(found: Imported) -> None:
    for example in found.examples:
        assert parse_example(json.loads(json.dumps(as_record(example)))) == example
    report = json.loads(json.dumps(found.report.record()))
    assert report["annotated"] == len(found.examples)
    for problem in found.report.problems:
        assert str(problem).encode()


def tasks_of(item: str, words: str) -> dict[str, Any]:
    marked = region(item, words, "neutral", stance="favor", voice="own", referent="Ostrava")
    said = [*marked, loaded("yes"), *loaded_words(item, words), whole("comment", {"text": ["?"]})]
    return task(item, annotation({"email": "a@b.c"}, said), annotation(4, [loaded("no")]))


def test_spoilt_exports_give_valid_records_or_a_clear_refusal(tmp_path: Path) -> None:
    sample, draw = sample_in(tmp_path / "sample"), random.Random(7)
    whole_tasks = [tasks_of("s1", "regime"), tasks_of("s3", "👮🏽"), tasks_of("s5", "ministry")]
    spans = [[0, 5, "framing:neutral"], [0, 5, "voice:own"], [11, 15, "loaded words"]]
    row = {"id": 1, "item": "s5", "text": text_of("s5"), "label": spans, "Comments": ["?"]}
    came = 0
    for _ in range(100):
        spoilt_tasks = (spoilt(one, draw) for one in whole_tasks)
        tasks = export(tmp_path / "tasks.json", *spoilt_tasks, task("s2"))
        rows = tmp_path / "ben.jsonl"
        rows.write_text("\n".join(json.dumps(spoilt(row, draw)) for _ in range(3)))
        found = read_annotations([tasks, rows], sample)
        check(found)
        came += len(found.examples)
    assert came > 100


def test_random_cells_give_valid_records(tmp_path: Path) -> None:
    sample, draw = sample_in(tmp_path / "sample"), random.Random(7)
    cells = (
        *(
            "s1",
            f's1,"{text_of("s1")}",anna',
            f's5,"{text_of("s5")}"',
            "anna",
            "yes",
            "no",
            "regime",
            "none",
            "own",
            '"',
            '""',
            "“",
            "\x00",
            ";",
        ),
        *("\n", ",", "\r", "2", f's1,"{text_of("s1")}",anna,regime,,neutral,own,yes,regime\n'),
    )
    path = tmp_path / "sheet.csv"
    header = "item,text,annotator,mention,occurrence,framing,voice,loaded,loaded_words\n"
    for _ in range(100):
        body = ",".join(draw.choice(cells) for _ in range(60))
        path.write_text(header + body, encoding="utf-8", newline="")
        check(read_annotations([path], sample, annotator=draw.choice((None, "ben"))))


def test_of_two_sheets_by_one_annotator_the_later_counts(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("new.csv", "old.csv")]
    for path, answer, time in zip(
        paths, ("yes", "no"), ("2026-03-05T09:00", "2026-03-04T23:00Z"), strict=True
    ):
        row = with_texts(f"s1,,anna,{answer},{time}\n")
        path.write_text(f"item,text,annotator,loaded,time\n{row}", encoding="utf-8")
    found = read_annotations(paths, sample_in(tmp_path / "sample"))
    assert found.examples[0].loaded is True
    [problem] = found.report.problems
    assert (problem.kind, problem.file, problem.lost) == (
        "annotated twice",
        str(paths[1]),
        "annotation",
    )
    assert [file.annotations for file in found.report.files] == [1, 0]


def test_what_is_there_twice_and_the_same_loses_nothing(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.csv", "b.csv")]
    for path in paths:
        path.write_text(with_texts("item,text,annotator,loaded\ns1,,anna,no\n"), encoding="utf-8")
    [problem] = read_annotations(paths, sample_in(tmp_path / "sample")).report.problems
    assert (problem.kind, problem.lost) == ("annotated twice", "")


def test_a_sentence_marked_all_over_is_refused_in_time(tmp_path: Path) -> None:
    spans = [[start, end, "framing:neutral"] for start in range(50) for end in range(start + 1, 51)]
    row = {"item": "s1", "text": text_of("s1"), "label": spans}
    path = tmp_path / "ben.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    found = read_annotations([path], sample_in(tmp_path / "sample"))
    assert found.examples == ()
    assert ("too many marks", "mention") in {(p.kind, p.lost) for p in found.report.problems}


@pytest.fixture
def drawn(tmp_path: Path) -> Sample:
    folder = tmp_path / "drawn"
    write_sample(Drawn(DESIGN_OF_SAMPLE, tuple(items()), ()), folder)
    return read_sample(folder)


def test_files_for_annotators_come_back_untouched(drawn: Sample) -> None:
    sheet, rows = drawn.folder / SHEET, drawn.folder / ROWS
    found = read_annotations([sheet, rows], drawn, annotator="anna")
    assert [file.untouched for file in found.report.files] == [5, 5]
    assert (found.examples, found.report.lost) == ((), {})
    with pytest.raises(ExportError, match="no task with annotations"):
        read_annotations([drawn.folder / TASKS], drawn)


def test_a_sheet_that_was_filled_in_comes_back(drawn: Sample, tmp_path: Path) -> None:
    with (drawn.folder / SHEET).open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    for row in rows:
        row |= {"annotator": "anna", "loaded": "no"}
    rows[2] |= {"mention": "thugs", "framing": "delegitimizing", "voice": "quoted"}
    filled = tmp_path / "anna.csv"
    with filled.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    found = read_annotations([filled], drawn)
    assert (found.report.annotated, found.report.problems) == (5, ())
    assert found.examples[2].mentions[0].voice == "quoted"


def test_documents_of_doccano_come_back_with_what_was_marked(drawn: Sample, tmp_path: Path) -> None:
    lines = (drawn.folder / ROWS).read_text(encoding="utf-8").splitlines()
    documents = [{"id": n, **json.loads(line), "Comments": []} for n, line in enumerate(lines)]
    documents[0]["label"] = [[4, 10, "framing:delegitimizing"]]
    path = tmp_path / "ben.jsonl"
    path.write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    found = read_annotations([path], drawn, approved=True)
    assert (found.report.annotated, found.report.problems) == (5, ())
    assert found.examples[0].mentions[0].framing == "delegitimizing"
