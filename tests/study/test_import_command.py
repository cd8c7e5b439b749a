"""`connote import`: several files together, what is shown, what is written, how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from study_helpers import annotation, export, loaded, region, task, with_texts, write_sample
from typer.testing import CliRunner, Result

from connote.cli_import import agreement, import_annotations
from connote.data.schema import read_examples

APP = typer.Typer()
APP.command("import")(import_annotations)
APP.command("agreement")(agreement)


def run(*words: object) -> Result:
    return CliRunner().invoke(APP, [str(word) for word in words], env={"COLUMNS": "140"})


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return write_sample(tmp_path / "sample")


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    marked = region("s1", "regime", "delegitimizing", stance="against", voice="own")
    tasks = [task("s1", annotation(1, [*marked, loaded("yes")])), task("s2")]
    return export(tmp_path / "project.json", *tasks)


def sheet(path: Path, *rows: str) -> Path:
    header = "item,text,annotator,mention,framing,loaded"
    lines = (header, *(row.replace(",", ",,", 1) for row in rows))
    path.write_text(with_texts("\n".join(lines)), encoding="utf-8")
    return path


def test_files_of_all_tools_come_together_in_one_gold_file(
    tmp_path: Path, sample: Path, exported: Path
) -> None:
    cleo = sheet(tmp_path / "cleo.csv", "s1,cleo,regime,neutral,yes", "s3,cleo,thugs,neutral,yes")
    line = {"item": "s1", "label": [[4, 10, "framing:delegitimizing"]], "Comments": []}
    line["text"] = "The regime's forces shelled the town, Moscow said."
    (tmp_path / "ben.jsonl").write_text(json.dumps(line), encoding="utf-8")
    gold = tmp_path / "gold.jsonl"
    result = run("import", exported, cleo, tmp_path / "ben.jsonl", "--sample", sample, "-o", gold)
    assert result.exit_code == 0, result.output
    first, third = read_examples(gold)
    assert [a.annotator for a in first.annotations if a.mention is None] == [
        "ben",
        "cleo",
        "user 1",
    ]
    assert (first.mentions[0].framing, first.loaded, third.id) == ("delegitimizing", True, "s3")
    words = " ".join(result.output.split())
    assert "2 of 5 items annotated; everything came in" in words
    assert "outlet=The Lantern 3 1 2" in words


def test_what_did_not_come_in_is_listed_and_ends_with_1(
    tmp_path: Path, sample: Path, exported: Path
) -> None:
    ben = sheet(tmp_path / "ben.csv", "s9,ben,,,no", "s2,ben,snow\x1b[2J,neutral,no")
    gold = tmp_path / "gold.jsonl"
    result = run("import", exported, ben, "--sample", sample, "-o", gold)
    assert result.exit_code == 1
    assert "ben.csv: row 2 [ben]: unknown item" not in result.output
    assert "ben.csv: row 2 [s9]: unknown item: expected an id of the sample" in result.output
    assert "row 3 [s2, ben]: mention not found" in result.output
    assert "\x1b" not in result.output
    assert "not come in: 2 annotations, 1 mentions" in result.output
    assert [example.id for example in read_examples(gold)] == ["s1"]


def test_the_report_is_there_for_machines(tmp_path: Path, sample: Path, exported: Path) -> None:
    ben = sheet(tmp_path / "ben.csv", "s9,ben,,,no")
    gold = tmp_path / "gold.jsonl"
    result = run("import", exported, ben, "--sample", sample, "-o", gold, "--json")
    report: dict[str, Any] = json.loads(result.output)
    assert (result.exit_code, report["lost"]) == (1, {"annotation": 1})
    assert report["problems"][0]["item"] == "s9"
    assert report["files"][0] == {
        "file": str(exported),
        "form": "label-studio",
        "records": 2,
        "annotations": 1,
        "mentions": 1,
        "untouched": 1,
    }
    assert [stratum["annotated"] for stratum in report["strata"]] == [1, 0]


def test_an_existing_output_is_kept_unless_told_otherwise(
    tmp_path: Path, sample: Path, exported: Path
) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text("mine", encoding="utf-8")
    result = run("import", exported, "--sample", sample, "-o", gold)
    assert (result.exit_code, gold.read_text(encoding="utf-8")) == (2, "mine")
    assert "--overwrite" in result.output
    assert run("import", exported, "--sample", sample, "-o", gold, "--overwrite").exit_code == 0
    assert len(read_examples(gold)) == 1


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("export.zip", (), "unpack it first"),
        ("notes.docx", (), "say which by --format"),
        ("ben.csv", ("--format", "brat"), "expected label-studio, doccano, csv, found 'brat'"),
        ("ben.csv", ("--annotator", " "), "annotator: expected a name"),
        ("ben.csv", ("--format", "label-studio"), "found broken JSON"),
    ],
)
def test_a_call_that_cannot_be_done_ends_in_one_line(
    tmp_path: Path, sample: Path, name: str, options: tuple[str, ...], message: str
) -> None:
    file = sheet(tmp_path / name, "s1,ben,,,no")
    gold = tmp_path / "gold.jsonl"
    result = run("import", file, "--sample", sample, "-o", gold, *options)
    assert (result.exit_code, gold.exists()) == (2, False)
    assert message in result.output
    assert len(result.output.splitlines()) == 1


def test_two_people_whom_label_studio_calls_user_1_can_be_named(
    tmp_path: Path, sample: Path, exported: Path
) -> None:
    other = export(tmp_path / "other.json", task("s1", annotation(1, [loaded("no")])))
    gold = tmp_path / "gold.jsonl"
    result = run("import", exported, other, "--sample", sample, "-o", gold)
    assert result.exit_code == 1
    assert "name them: connote import NAME=FILE" in " ".join(result.output.split())
    names = (f"Anna={exported}", f"Ben={other}")
    result = run("import", *names, "--sample", sample, "-o", gold, "--overwrite")
    assert result.exit_code == 0, result.output
    [example] = read_examples(gold)
    assert {a.annotator for a in example.annotations} == {"Anna", "Ben"}


def test_a_file_is_not_taken_for_a_name(tmp_path: Path, sample: Path, exported: Path) -> None:
    odd = exported.rename(tmp_path / "outlet=wire.json")
    gold = tmp_path / "gold.jsonl"
    result = run("import", odd, "--sample", sample, "-o", gold)
    assert result.exit_code == 0, result.output
    result = run("import", f"Anna={odd}", odd, "--sample", sample, "-o", gold, "--overwrite")
    assert (result.exit_code, "expected one annotator of a file" in result.output) == (2, True)


def test_an_output_is_never_what_is_read(tmp_path: Path, sample: Path, exported: Path) -> None:
    rows = exported.rename(tmp_path / "ben.jsonl")
    (tmp_path / "link.jsonl").hardlink_to(rows)
    before = {path: path.read_bytes() for path in (rows, sample / "sample.jsonl")}
    for output in (rows, tmp_path / "link.jsonl", sample / "sample.jsonl", sample / "gold.jsonl"):
        result = run("import", rows, "--sample", sample, "-o", output, "--overwrite")
        assert (result.exit_code, len(result.output.splitlines())) == (2, 1)
    assert {path: path.read_bytes() for path in before} == before


def test_where_nobody_annotated_anything_nothing_is_written(tmp_path: Path, sample: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text("mine", encoding="utf-8")
    untouched = sheet(tmp_path / "ben.csv", "s1,,,,")
    result = run("import", untouched, "--sample", sample, "-o", gold, "--overwrite")
    assert (result.exit_code, gold.read_text(encoding="utf-8")) == (2, "mine")
    assert "0 of 5 items annotated" in result.output
    assert "was not written" in " ".join(result.output.split())


def test_a_link_at_the_outputs_partial_name_is_not_followed(
    tmp_path: Path, sample: Path, exported: Path
) -> None:
    precious, gold = tmp_path / "precious.txt", tmp_path / "gold.jsonl"
    precious.write_text("mine", encoding="utf-8")
    (tmp_path / "gold.jsonl.partial").symlink_to(precious)
    assert run("import", exported, "--sample", sample, "-o", gold).exit_code == 0
    assert precious.read_text(encoding="utf-8") == "mine"
    assert len(read_examples(gold)) == 1


def test_agreement_is_shown_and_there_for_machines(
    tmp_path: Path, sample: Path, exported: Path
) -> None:
    ben = sheet(tmp_path / "ben.csv", "s1,ben,regime,neutral,no", "s2,ben,,,no")
    gold = tmp_path / "gold.jsonl"
    run("import", exported, ben, "--sample", sample, "-o", gold)
    shown = run("agreement", gold)
    assert shown.exit_code == 0
    assert "“regime”, framing: ben: neutral; user 1: delegitimizing" in shown.output
    found = json.loads(run("agreement", gold, "--json", "--items", 0).output)
    by_label = {row["label"]: row for row in found["alphas"]}
    assert by_label["stance"]["flag"] == "no unit that two annotators judged"
    assert by_label["stance"]["value"] is None
    assert (by_label["marked"]["value"], by_label["marked"]["low"]) == (1.0, None)
    assert found["items"] == []
