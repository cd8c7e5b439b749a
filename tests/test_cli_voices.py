import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connote.cli import app

PAGE = (
    "10:42\n"
    "Rebels Shell Market – Damascus\n"
    "The Syrian government said on Monday that terrorists had shelled a market.\n"
    "\n"
    "11:20\n"
    "“The Assad regime is lying,” said Ankara.\n"
    "\n"
    "Rebels Shell Market – Damascus\n"
    "Read more: What we know\n"
)


def run(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [str(a) for a in arguments], env={"COLUMNS": "120"})
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_a_page_becomes_a_matrix(page: Path) -> None:
    code, out, err = run("voices", page)
    assert code == 0
    lines = [line.split() for line in out.splitlines()]
    assert lines[0][:4] == ["speaker", "kind", "of", "whom"]
    ankara = next(line for line in lines if line[:2] == ["Turkish", "government"])
    assert ankara[2:5] == ["official", "Syrian", "government"]
    assert ankara[5:] == ["1", "·", "·", "·"]
    assert "speakers" in err


def test_documents_and_their_scores_give_the_same_matrix(page: Path, tmp_path: Path) -> None:
    for scores in (tmp_path / "s.parquet", tmp_path / "s.jsonl", tmp_path / "s.csv"):
        assert run("score", page, "-o", scores)[0] == 0
        assert run("voices", scores, "-o", scores.with_suffix(".json"), "--overwrite")[0] == 0
        assert run("voices", page, "-o", tmp_path / "direct.json", "--overwrite")[0] == 0
        told = json.loads(scores.with_suffix(".json").read_text(encoding="utf-8"))
        direct = json.loads((tmp_path / "direct.json").read_text(encoding="utf-8"))
        assert told
        keys = ("speaker", "speaker_kind", "referent", "framing", "count")
        assert [[r[k] for k in keys] for r in told] == [[r[k] for k in keys] for r in direct]


def test_the_folder_of_a_run_is_read_with_the_columns_of_its_folders(tmp_path: Path) -> None:
    path, scores = tmp_path / "a.jsonl", tmp_path / "scores"
    outlets = ("The Times & Co", "Über")
    rows = [{"id": o, "outlet": o, "text": PAGE.splitlines()[2]} for o in outlets]
    path.write_text("".join(json.dumps(row) + "\n" for row in [*rows, {"text": 5}]))
    assert run("score", path, "-o", scores, "--partition-by", "outlet")[0] == 1
    code, _, _ = run("voices", scores, "--outlet", "outlet", "-o", tmp_path / "v.json")
    assert code == 0
    told = json.loads((tmp_path / "v.json").read_text(encoding="utf-8"))
    own = {row["speaker"] for row in told if row["speaker_kind"] == "outlet"}
    assert own <= set(outlets)
    assert sum(row["count"] for row in told) == 4


def test_sentences_stand_behind_the_counts(page: Path, tmp_path: Path) -> None:
    out = tmp_path / "v.csv"
    assert run("voices", page, "-o", out, "--sentences", 1)[0] == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    regime = next(r for r in rows if r["speaker"] == "Turkish government")
    (sentence,) = json.loads(regime["sentences"])
    assert sentence["sentence_text"] == "“The Assad regime is lying,” said Ankara."
    _, shown, _ = run("voices", page, "--show")
    assert "“The Assad regime is lying,” said Ankara." in shown.replace("““", "“")


def test_a_file_of_names_decides_what_one_actor_is_called(page: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.yaml"
    names.write_text("Türkiye: {kind: official, also: [Ankara]}\n", encoding="utf-8")
    _, out, _ = run("voices", page, "--names", names)
    assert "Türkiye" in out
    assert "Turkish government" not in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.txt"], "no such file"),
        (["{page}", "-o", "v.xlsx"], "expected an output ending in .csv, .json"),
        (["{page}", "--names", "missing.yaml"], "missing.yaml"),
        (["{page}", "--outlet", "paper"], "no column 'paper'"),
    ],
)
def test_a_malformed_call_ends_with_one_line(
    page: Path, arguments: list[str], message: str
) -> None:
    code, _, err = run("voices", *(a.format(page=page) for a in arguments))
    assert code == 2
    assert message in err
    assert len(err.strip().splitlines()) == 1


def test_score_tells_what_it_passed_over(page: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "news.txt"
    german = "Die Regierung hat am Montag erklärt, dass die Terroristen aus der Stadt abziehen."
    foreign.write_text(german, encoding="utf-8")
    _, _, err = run("score", page, foreign)
    assert "sentences passed over: boilerplate 4, de 1" in err
    _, _, everything = run("score", page, foreign, "--boilerplate", "--all-languages")
    assert "passed over" not in everything


def test_speakers_can_be_left_out(page: Path, tmp_path: Path) -> None:
    out = tmp_path / "s.jsonl"
    assert run("score", page, "-o", out, "--no-speakers")[0] == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert any(row["voice"] == "quoted" for row in rows)
    assert {row["speaker"] for row in rows} == {row["referent"] for row in rows} == {None}
