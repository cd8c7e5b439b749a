"""The worked study in docs/study: its commands run, and its figures are what it says."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import shutil
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from run_helpers import run

from connote.study import Selection, Study

BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
DELEGITIMIZING, OWN = "framing=delegitimizing", Selection(voice="own")


@pytest.fixture(scope="module")
def text(repository: Path) -> str:
    return (repository / "docs" / "study" / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(repository: Path, text: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the folder in which every command of the text was run, in its order."""
    folder = tmp_path_factory.mktemp("worked") / "study"
    shutil.copytree(repository / "docs" / "study", folder)
    (folder / "shares.svg").unlink()
    outputs = []
    for language, code in BLOCK.findall(text):
        for line in code.splitlines() if language == "console" else ():
            done = run(*shlex.split(line.removeprefix("$ connote ")), cwd=folder)
            assert done.returncode == 0, (line, done.stderr)
            outputs.append(done.stdout)
    (folder / "outputs.json").write_text(json.dumps(outputs), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def shares(folder: Path) -> pd.DataFrame:
    found = Study(folder / "scores", folder / "gold.jsonl").share(DELEGITIMIZING, ["outlet"], OWN)
    return found.frame.set_index(["outlet", "estimator"])


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, float]:
    """Shares by the coder who labelled the whole archive."""
    outlets = {
        row["id"]: row["outlet"]
        for row in map(json.loads, (folder / "archive.jsonl").read_text("utf-8").splitlines())
    }
    found: dict[str, list[bool]] = {}
    for row in map(json.loads, (folder / "truth.jsonl").read_text("utf-8").splitlines()):
        for mention in row["mentions"]:
            if mention.get("voice") == "own":
                of_class = mention["framing"] == "delegitimizing"
                found.setdefault(outlets[row["document"]], []).append(of_class)
    return {outlet: sum(hits) / len(hits) for outlet, hits in found.items()}


def percent(share: float) -> str:
    return f"{share:.0%}".rstrip("%")


def test_the_commands_print_what_the_text_shows(folder: Path, text: str) -> None:
    printed = " ".join("".join(json.loads((folder / "outputs.json").read_text())).split())
    shown = [code for language, code in BLOCK.findall(text) if language == "text"]
    assert " ".join(shown[0].split()) in printed


def test_the_snippet_prints_what_the_text_says(
    folder: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    found = BLOCK.findall(text)
    code, expected = next((a[1], b[1]) for a, b in pairwise(found) if a[0] == "python")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})
    assert printed.getvalue() == expected


def test_corrected_intervals_hold_the_truth_where_the_classifier_is_off(
    shares: pd.DataFrame, truth: dict[str, float]
) -> None:
    assert set(truth) == {"Halyard News Agency", "Karvell One", "The Breakwater"}
    for outlet, share in truth.items():
        row = shares.loc[outlet, "corrected"]
        assert row["low"] <= share <= row["high"], outlet
    naive = shares.xs("naive", level="estimator")["estimate"]
    assert naive.idxmax() == "The Breakwater"
    assert max(truth, key=truth.__getitem__) == "Karvell One"


def test_the_paragraph_says_what_was_estimated(
    shares: pd.DataFrame, truth: dict[str, float], text: str, folder: Path
) -> None:
    words = " ".join(text.replace(">", " ").split())
    for outlet, wording in (
        ("Karvell One", "{} % of the actors"),
        ("The Breakwater", "The Breakwater {} %"),
    ):
        row = shares.loc[outlet, "corrected"]
        assert wording.format(percent(row["estimate"])) in words
        assert f"{percent(row['low'])} to {percent(row['high'])} %" in words
    naive = [shares.loc[o, "naive"]["estimate"] for o in ("Karvell One", "The Breakwater")]
    assert f"would have said {percent(naive[0])}, {percent(naive[1])} and" in words
    true = [percent(truth[o]) for o in ("Karvell One", "The Breakwater", "Halyard News Agency")]
    assert f"the shares are {true[0]}, {true[1]} and {true[2]} %" in words
    rows = pd.read_csv(folder / "shares.csv")
    change = rows[(rows["against"] == "Halyard News Agency") & (rows["estimator"] == "corrected")]
    karvell = change.set_index("outlet").loc["Karvell One"]
    points = f"by {percent(karvell['estimate'])} points ({percent(karvell['low'])} to"
    assert points in words


def test_the_coders_agree_as_the_text_says(folder: Path, text: str) -> None:
    from connote.study.agreement import read_agreement

    alphas = read_agreement(folder / "gold.jsonl").alphas
    found = alphas[alphas["measure"] == "alpha"].set_index("label")["value"]
    for head in ("framing", "stance", "voice", "loaded"):
        assert f"{found[head]:.2f}"[1:] in text, head


def test_the_picture_is_drawn_with_its_estimand(folder: Path) -> None:
    drawn = (folder / "shares.svg").read_text(encoding="utf-8")
    assert "Karvell One" in drawn
    assert "own voice" in drawn


def test_the_model_is_named_as_it_is(folder: Path, text: str) -> None:
    model = json.loads((folder / "scores" / "run.json").read_text(encoding="utf-8"))["model"]
    assert model in text


def test_the_same_on_real_articles(shared: Path, tmp_path: Path) -> None:
    """Articles of BASIL: own-voice shares by outlet, and the labels that tell outlets apart."""
    from connote import ReadOptions, Settings, score_archive

    rows = [
        {**json.loads(line), "id": f"article-{number}"}
        for number, line in enumerate(
            (shared / "corpora" / "basil" / "articles.jsonl").read_text("utf-8").splitlines()[:60]
        )
    ]
    archive = tmp_path / "basil.jsonl"
    archive.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    score_archive(str(archive), tmp_path / "scores", Settings(read=ReadOptions(text="paragraphs")))
    study = Study(tmp_path / "scores")
    found = study.share(DELEGITIMIZING, ["outlet"], OWN)
    assert {"nyt", "fox", "hpo"} <= set(found.frame["outlet"].str.lower())
    assert (found.frame["estimate"].dropna() < 0.2).all()
    assert found.warnings[0].startswith("No gold sample")
    labels = study.label_choice(["outlet"], OWN).frame
    apart = labels.reindex(labels["z_clustered"].abs().sort_values(ascending=False).index)
    assert apart["z_clustered"].abs().iloc[0] > 1.96
    assert apart.head(10)["label"].notna().all()
