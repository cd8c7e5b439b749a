from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import typer
from sampling_helpers import Doc, Said, archive, write_scores
from typer.testing import CliRunner

from connote.cli_sample import sample
from connote.data.errors import UsageError
from connote.study.allocation import allocate
from connote.study.collapse import collapsed
from connote.study.planning import plan
from connote.study.scores import Scores, open_scores
from connote.study.strata import make_frame

BY = ("outlet", "predicted")
APP = typer.Typer()
APP.command()(sample)


def varied(doc: Doc, factor: float) -> Doc:
    """A document more or less loaded, and surer or less sure of its mentions."""
    sentences = [
        Said(
            said.text,
            [replace(found, p=min(0.97, found.p * factor)) for found in said.found],
            None if said.p_loaded is None else min(0.97, said.p_loaded * factor),
        )
        for said in doc.sentences
    ]
    return Doc(doc.id, sentences, doc.own)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Scores of 120 documents that differ."""
    docs = [varied(doc, 0.4 + 0.1 * (n % 13)) for n, doc in enumerate(archive(copies=60))]
    return write_scores(tmp_path_factory.mktemp("plan") / "scores.parquet", docs)


@pytest.fixture
def scores(path: Path) -> Iterator[Scores]:
    with open_scores(path) as opened:
        yield opened


def test_more_annotations_give_narrower_intervals_down_to_what_documents_allow(
    scores: Scores,
) -> None:
    frame = plan(scores, by=BY, sizes=(50, 100, 200, 400)).frame
    whole = frame[frame["group"] == "all"]
    assert list(whole["n"]) == [50, 100, 200, 400]
    for name in ("gold", "corrected"):
        assert whole[name].is_monotonic_decreasing
        assert (whole[name] > whole["at_best"]).all()
    assert (whole["corrected"] < whole["gold"]).all()
    assert whole["at_best"].nunique() == 1


def test_everything_annotated_leaves_only_the_documents(scores: Scores) -> None:
    row = plan(scores, sizes=(480,)).frame.iloc[0]
    assert row["gold"] == pytest.approx(row["at_best"]) == pytest.approx(row["corrected"])


def test_groups_have_rows_of_their_own_with_the_sentences_they_get(scores: Scores) -> None:
    frame = plan(scores, by=BY, sizes=(200,)).frame
    assert list(frame["group"]) == ["all", "outlet=Meridian Wire", "outlet=The Lantern"]
    whole, wire, lantern = frame.to_dict("records")
    assert wire["n_group"] + lantern["n_group"] == 200
    assert min(wire["gold"], lantern["gold"]) > whole["gold"]
    shares = scores.sql(
        "SELECT outlet, avg(p_framing_delegitimizing) AS p FROM mentions GROUP BY 1 ORDER BY 1"
    )
    assert [wire["share"], lantern["share"]] == pytest.approx(list(shares["p"]))


def test_the_expected_width_is_that_of_simulated_annotations(scores: Scores) -> None:
    """Gold labels drawn by the probabilities, sentences by the plan's own strata and parts."""
    size, draws = 120, 4000
    expected = plan(scores, "loaded", BY, sizes=(size,)).frame.iloc[0]
    frame = make_frame(scores, BY)
    cells, _ = collapsed(frame.cells, size)
    table = scores.sql(
        "SELECT part, p_loaded FROM sample_frame JOIN sentences USING (doc_id, sentence) "
        "ORDER BY doc_id, sentence"
    )
    random = np.random.default_rng(1)
    errors = {"gold": np.zeros(draws), "corrected": np.zeros(draws)}
    for cell, count in zip(cells, allocate(cells, size), strict=True):
        p = table.loc[table["part"].isin(cell.parts), "p_loaded"].to_numpy(dtype=float)
        for draw in range(draws):
            labels = random.random(len(p)) < p
            drawn = random.choice(len(p), count, replace=False)
            for name, residuals in (("gold", labels.astype(float)), ("corrected", labels - p)):
                off = len(p) * residuals[drawn].mean() - residuals.sum()
                errors[name][draw] += off / frame.sentences
    for name, found in errors.items():
        sampling = math.sqrt(expected[name] ** 2 - expected["at_best"] ** 2) / 1.96
        assert found.std() == pytest.approx(sampling, rel=0.05)


def test_the_design_effect_is_that_of_documents(tmp_path: Path) -> None:
    alike = [
        Doc(
            f"d{n}",
            [Said(f"Sentence {i} of a column.", (), 0.9 if n % 2 else 0.1) for i in range(8)],
        )
        for n in range(20)
    ]
    mixed = [
        Doc(
            f"d{n}",
            [Said(f"Sentence {i} of a column.", (), 0.9 if i % 2 else 0.1) for i in range(8)],
        )
        for n in range(20)
    ]
    with open_scores(write_scores(tmp_path / "alike.parquet", alike)) as scores:
        found = plan(scores, "loaded", sizes=(50,))
        assert found.design_effect == pytest.approx(8)
        assert found.frame["at_best"][0] == pytest.approx(1.96 * 0.4 / math.sqrt(19), rel=1e-3)
    with open_scores(write_scores(tmp_path / "mixed.parquet", mixed)) as scores:
        assert plan(scores, "loaded", sizes=(50,)).design_effect == 1


def test_the_size_for_a_width_is_the_smallest_that_gives_it(scores: Scores) -> None:
    needed = plan(scores, by=BY, width=0.12).needed.iloc[0]
    n = int(needed["corrected"])
    rows = plan(scores, by=BY, sizes=(n - 1, n)).frame
    widths = dict(rows.loc[rows["group"] == "all", ["n", "corrected"]].to_numpy())
    assert widths[n] <= 0.12 < widths[n - 1]
    assert needed["gold"] >= n


def test_a_width_that_no_annotation_gives_is_said_to_be_one(scores: Scores) -> None:
    found = plan(scores, "loaded", BY, width=0.002).needed.iloc[0]
    assert found[["gold", "corrected"]].isna().all()
    assert "not even all are enough: ±0.0" in found["flag"]


def test_few_expected_positives_are_flagged_whatever_the_width(scores: Scores) -> None:
    frame = plan(scores, "framing=legitimizing", sizes=(100,)).frame
    assert frame["positives"][0] < 10
    assert "n too small" in frame["flag"][0]


def test_one_document_says_nothing_of_how_documents_vary(tmp_path: Path) -> None:
    docs = [*archive(copies=4), Doc("only", archive()[0].sentences, {"outlet": "Ministry"})]
    with open_scores(write_scores(tmp_path / "s.parquet", docs)) as scores:
        frame = plan(scores, by=BY, sizes=(30,)).frame
    only = frame[frame["group"] == "outlet=Ministry"].iloc[0]
    assert math.isnan(only["gold"])
    assert only["flag"].startswith("one document")


def test_a_plan_says_what_it_assumes(scores: Scores) -> None:
    found = plan(scores, sizes=(100,), referent="government")
    assert "of government" in found.estimand
    said = " ".join(found.assumptions)
    for part in (
        "taken as true",
        "20% of the mentions",
        "70% of those",
        "120 documents",
        "design effect",
        "fewer than 10",
    ):
        assert part in said


def test_impossible_plans_are_refused(scores: Scores) -> None:
    with pytest.raises(UsageError, match=r"width: expected a number between 0 and 0\.5"):
        plan(scores, width=0.7)
    with pytest.raises(UsageError, match="measure: expected framing="):
        plan(scores, "tone=harsh")
    with pytest.raises(UsageError, match="at most 480"):
        plan(scores, sizes=(5000,))


def test_an_archive_without_mentions_cannot_be_planned_for_mentions(tmp_path: Path) -> None:
    docs = [Doc(f"d{n}", [Said("Nobody had slept."), Said("It rained.")]) for n in range(3)]
    with (
        open_scores(write_scores(tmp_path / "s.parquet", docs)) as scores,
        pytest.raises(UsageError, match="expected mentions to measure"),
    ):
        plan(scores)


def test_the_command_shows_a_table_and_draws_nothing(path: Path) -> None:
    done = CliRunner().invoke(
        APP,
        [str(path), "--plan", "--by", "outlet", "--by", "predicted", "--width", ".1"],
        env={"COLUMNS": "160"},
    )
    assert done.exit_code == 0, done.output
    for part in ("gold only", "corrected", "outlet=The Lantern", "for ±0.100", "design effect"):
        assert part in done.output
    assert [file.name for file in path.parent.iterdir()] == [path.name]
