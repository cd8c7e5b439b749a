from __future__ import annotations

import csv
import json
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sampling_helpers import Doc, Found, Said, archive, write_scores

from connote.data.schema import FRAMINGS, STANCES, VOICES
from connote.infer.writing import OutputError
from connote.study.exports import (
    CODEBOOK,
    FOR_ANNOTATORS,
    LABEL_LIST,
    README,
    ROWS,
    SETUP,
    SHEET,
    TASKS,
    write_sample,
)
from connote.study.from_doccano import LABELS
from connote.study.importing import read_annotations
from connote.study.sample_folder import Sample, read_sample
from connote.study.sampling import Drawn, draw
from connote.study.scores import open_scores

HOSTILE = (
    Said('=HYPERLINK("http://evil.example","the thugs")', [Found("thugs", "delegitimizing", 0.9)]),
    Said("+49 30 1234 is the ministry’s number for “relatives”."),
    Said("@mayor called the strikers scabs.", [Found("scabs", "delegitimizing", 0.9)]),
    Said("- Rebels, he wrote, \u202eare never\u202c late.", [Found("Rebels", "neutral", 0.1)]),
    Said('<script>alert(1)</script> said the junta & "friends"; $text, {{before}}.'),
    Said(
        "’Enemies’ 🧨 of the people, 🇸🇾 the daily wrote,\nwere\tout again.",
        [Found("Enemies", "delegitimizing", 0.9)],
    ),
    Said("'Heroes' was the headline.", [Found("Heroes", "legitimizing", 0.1)]),
)


def drawn_from(path: Path, docs: list[Doc], size: int) -> Drawn:
    with open_scores(write_scores(path / "scores.parquet", docs)) as scores:
        return draw(scores, size)


@pytest.fixture
def hostile(tmp_path: Path) -> Sample:
    docs = [Doc("d1", HOSTILE, {"outlet": "The Lantern"})]
    write_sample(drawn_from(tmp_path, docs, 7), tmp_path / "gold")
    return read_sample(tmp_path / "gold")


@pytest.fixture
def gold(tmp_path: Path) -> Sample:
    write_sample(drawn_from(tmp_path, archive(), 20), tmp_path / "gold")
    return read_sample(tmp_path / "gold")


def read_cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_folder_is_read_back_as_it_was_drawn(tmp_path: Path) -> None:
    drawn = drawn_from(tmp_path, archive(), 20)
    write_sample(drawn, tmp_path / "gold")
    found = read_sample(tmp_path / "gold")
    assert found.items == drawn.items
    assert found.design == drawn.design


def test_annotators_see_neither_predictions_nor_strata(gold: Sample) -> None:
    for name in (TASKS, ROWS, SHEET):
        text = (gold.folder / name).read_text(encoding="utf-8")
        for told in (
            "predicted",
            "stratum",
            "probability",
            "legitimizing",
            "uncertain",
            "no mention",
        ):
            assert told not in text, (name, told)
    tasks = json.loads((gold.folder / TASKS).read_text(encoding="utf-8"))
    assert {key for task in tasks for key in task["data"]} == {"id", "text", "before", "after"}
    readme = (gold.folder / README).read_text(encoding="utf-8")
    assert "predicted=" not in readme


def test_what_annotators_read_tells_nothing_of_how_sentences_were_chosen(tmp_path: Path) -> None:
    path = write_scores(tmp_path / "scores.parquet", archive())
    with open_scores(path) as scores:
        drawn = draw(scores, 20, ("outlet", "predicted"), referent="police", seed=4711)
    write_sample(drawn, tmp_path / "gold")
    readme = (tmp_path / "gold" / README).read_text(encoding="utf-8")
    for told in ("police", "strat", "4711", "outlet=", drawn.design.model):
        assert told not in readme, told


def test_label_studio_gets_a_list_of_tasks_that_fit_its_setup(gold: Sample) -> None:
    tasks = json.loads((gold.folder / TASKS).read_text(encoding="utf-8"))
    assert [task["data"]["id"] for task in tasks] == [item.id for item in gold.items]
    root = ElementTree.parse(gold.folder / SETUP).getroot()
    named = {tag.get("name"): tag for tag in root.iter() if tag.get("name")}
    values = {tag.get("value", "") for tag in root.iter()}
    asked = {value[1:] for value in values if value.startswith("$")}
    assert asked <= set(tasks[0]["data"])
    assert root.tag == "View"
    assert named["text"].tag == "Text"
    controls = {name: tag for name, tag in named.items() if tag.tag != "Text"}
    assert {tag.get("toName") for tag in controls.values()} == {"text"}
    assert {name: tag.tag for name, tag in controls.items()} == {
        "framing": "Labels",
        "loaded_words": "Labels",
        "stance": "Choices",
        "voice": "Choices",
        "referent": "TextArea",
        "speaker": "TextArea",
        "loaded": "Choices",
        "comment": "TextArea",
    }
    assert [tag.get("value") for tag in named["framing"]] == list(FRAMINGS)
    assert [tag.get("value") for tag in named["stance"]] == list(STANCES)
    assert [tag.get("value") for tag in named["voice"]] == list(VOICES)
    regional = {name for name, tag in controls.items() if tag.get("perRegion") == "true"}
    assert regional == {"stance", "voice", "referent", "speaker"}
    assert named["loaded"].get("required") == "true"
    hotkeys = [tag.get("hotkey") for tag in root.iter() if tag.get("hotkey")]
    assert len(hotkeys) == len(set(hotkeys))


def test_doccano_gets_rows_with_metadata_and_a_list_of_labels(gold: Sample) -> None:
    lines = (gold.folder / ROWS).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert [row["item"] for row in rows] == [item.id for item in gold.items]
    assert all(set(row) == {"text", "label", "item", "before", "after"} for row in rows)
    assert all(row["label"] == [] for row in rows)
    labels = json.loads((gold.folder / LABEL_LIST).read_text(encoding="utf-8"))
    assert [label["text"] for label in labels] == list(LABELS)
    keys = [label["suffix_key"] for label in labels]
    assert len(set(keys)) == len(keys)
    assert all(len(key) == 1 and (key.isdigit() or "a" <= key <= "z") for key in keys)
    assert all(len(label["background_color"]) == 7 for label in labels)


def test_the_codebook_lies_beside(gold: Sample) -> None:
    own = (files("connote.data") / "codebook.md").read_text(encoding="utf-8")
    assert (gold.folder / CODEBOOK).read_text(encoding="utf-8") == own
    readme = (gold.folder / README).read_text(encoding="utf-8")
    assert all(name in readme for name in FOR_ANNOTATORS)


def test_a_sheet_shows_formulas_and_does_not_compute_them(hostile: Sample) -> None:
    rows = read_cells(hostile.folder / SHEET)
    assert not [
        value for row in rows for value in row.values() if value.startswith(tuple("=+-@\t\r"))
    ]
    shown = {row["item"]: row["text"] for row in rows}
    for item in hostile.items:
        formula = item.text.startswith(tuple("=+-@"))
        assert shown[item.id] == ("'" if formula else "") + item.text


def test_hostile_text_reaches_every_tool_unchanged(hostile: Sample) -> None:
    texts = {item.id: item.text for item in hostile.items}
    assert set(texts.values()) == {said.text for said in HOSTILE}
    tasks = json.loads((hostile.folder / TASKS).read_text(encoding="utf-8"))
    assert {task["data"]["id"]: task["data"]["text"] for task in tasks} == texts
    lines = (hostile.folder / ROWS).read_text(encoding="utf-8").split("\n")[:-1]
    assert {row["item"]: row["text"] for row in map(json.loads, lines)} == texts
    assert "<script" not in (hostile.folder / SETUP).read_text(encoding="utf-8")


def test_a_filled_sheet_comes_back_through_the_import(hostile: Sample, tmp_path: Path) -> None:
    rows = read_cells(hostile.folder / SHEET)
    words = {said.text: said.found[0].words for said in HOSTILE if said.found}
    for row, item in zip(rows, hostile.items, strict=True):
        row.update(annotator="Ada", loaded="no")
        if item.text in words:
            row.update(mention=words[item.text], framing="neutral", stance="neutral", voice="own")
    filled = tmp_path / "ada.csv"
    with filled.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    imported = read_annotations([filled], hostile)
    assert [p for p in imported.report.problems if p.lost] == []
    marked = {e.text: [e.text[m.start : m.end] for m in e.mentions] for e in imported.examples}
    assert marked == {said.text: [f.words for f in said.found] for said in HOSTILE}


def test_annotated_tasks_come_back_through_the_import(hostile: Sample, tmp_path: Path) -> None:
    tasks = json.loads((hostile.folder / TASKS).read_text(encoding="utf-8"))
    words = {said.text: said.found[0].words for said in HOSTILE if said.found}
    for number, task in enumerate(tasks):
        text = task["data"]["text"]
        results = [_result("l", "loaded", "choices", choices=["yes"])]
        if text in words:
            place = _units(text[: text.index(words[text])])
            where = {"start": place, "end": place + _units(words[text])}
            results += [
                _result("r", "framing", "labels", **where, labels=["delegitimizing"]),
                _result("r", "stance", "choices", **where, choices=["against"]),
            ]
        task.update(id=number, annotations=[{"id": number, "completed_by": 1, "result": results}])
    path = tmp_path / "export.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    imported = read_annotations([path], hostile)
    assert [p for p in imported.report.problems if p.lost] == []
    marked = {e.text: [e.text[m.start : m.end] for m in e.mentions] for e in imported.examples}
    assert marked == {said.text: [f.words for f in said.found] for said in HOSTILE}
    assert all(example.origin is not None for example in imported.examples)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _result(region: str, name: str, kind: str, **value: object) -> dict[str, object]:
    return {"id": region, "from_name": name, "to_name": "text", "type": kind, "value": value}


def test_annotated_rows_of_doccano_come_back_through_the_import(
    gold: Sample, tmp_path: Path
) -> None:
    lines = (gold.folder / ROWS).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    for number, row in enumerate(rows):
        row["id"] = number
        start = row["text"].find("thugs")
        row["label"] = (
            []
            if start < 0
            else [
                [start, start + 5, "framing:delegitimizing"],
                [start, start + 5, "voice:own"],
                [start, start + 5, "loaded words"],
            ]
        )
    path = tmp_path / "ada.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    imported = read_annotations([path], gold, approved=True)
    assert [p for p in imported.report.problems if p.lost] == []
    assert len(imported.examples) == 20
    thugs = [e for e in imported.examples if "thugs" in e.text]
    assert thugs
    assert all(e.loaded and e.mentions[0].framing == "delegitimizing" for e in thugs)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    drawn = drawn_from(tmp_path, archive(), 6)
    folder = tmp_path / "gold"
    folder.mkdir()
    (folder / README).write_text("mine", encoding="utf-8")
    for overwrite in (False, True):
        with pytest.raises(OutputError, match="one with a sample, found other files"):
            write_sample(drawn, folder, overwrite=overwrite)
    assert [path.name for path in folder.iterdir()] == [README]
    assert (folder / README).read_text(encoding="utf-8") == "mine"


def test_a_sample_is_replaced_only_where_that_is_wanted(tmp_path: Path) -> None:
    folder = tmp_path / "gold"
    write_sample(drawn_from(tmp_path, archive(), 6), folder)
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    larger = drawn_from(tmp_path, archive(), 8)
    with pytest.raises(OutputError, match="is not empty"):
        write_sample(larger, folder)
    assert len(read_sample(folder).items) == 6
    write_sample(larger, folder, overwrite=True)
    assert len(read_sample(folder).items) == 8
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"
