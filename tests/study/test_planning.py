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
from connote.study.expectation import Sums, variances
from connote.study.frame import make_frame
from connote.study.planning import plan
from connote.study.scores import Scores, open_scores
from connote.study.selection import Selection

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


def test_a_voice_counts_by_its_probability_and_makes_no_strata(scores: Scores) -> None:
    every, own, attributed = (
        plan(scores, by=BY, voice=voice, sizes=(200,)) for voice in (None, "own", "attributed")
    )
    assert "in the outlet's own voice" in own.estimand
    assert "by the probability that they are in the voice" in " ".join(own.assumptions)
    for found in (own, attributed):  # every mention of this archive is as often in a voice
        assert list(found.frame["share"]) == pytest.approx(list(every.frame["share"]))
        assert list(found.frame["n_group"]) == list(every.frame["n_group"])
    shares = [found.frame["positives"][0] for found in (own, attributed)]
    assert shares == pytest.approx([every.frame["positives"][0] * p for p in (0.9, 0.1)])
    for name in ("gold", "corrected"):
        widths = [found.frame[name][0] for found in (every, own, attributed)]
        assert widths == sorted(widths)
        assert widths[2] > 2 * widths[1]
    with pytest.raises(UsageError, match="voice: expected one of own"):
        plan(scores, voice="loud")


def test_the_variance_of_a_voice_is_that_of_simulated_labels(tmp_path: Path) -> None:
    """One mention a sentence that is one with 0.8, in the voice with 0.9, of the class with p."""
    docs = [varied(doc, 0.4 + 0.1 * (n % 13)) for n, doc in enumerate(archive(copies=60))]
    docs = [Doc(d.id, [replace(s, found=s.found[:1]) for s in d.sentences], d.own) for d in docs]
    with open_scores(write_scores(tmp_path / "s.parquet", docs)) as scores:
        frame = make_frame(scores, BY, Selection(voice="own"))
        sums = scores.sql(
            "SELECT sum(k) AS k, sum(s1) AS s1, sum(s2) AS s2, sum(q) AS q, sum(q1) AS q1, "
            "sum(q2) AS q2 FROM sample_frame"
        ).iloc[0]
        p = scores.sql("SELECT p_framing_delegitimizing AS p FROM mentions")["p"].to_numpy(float)
    share = sums["s1"] / sums["k"]
    random = np.random.default_rng(2)
    one = random.random((4000, len(p))) < 0.8 * 0.9
    label = random.random((4000, len(p))) < p
    simulated = (one * (label - share) - 0.8 * 0.9 * (p - share)).var(axis=0).sum()
    expected, _ = variances(Sums(float(len(p)), *sums, 0, 0, 0), 1, share, 0.8, 0.0)
    assert expected == pytest.approx(simulated, rel=0.02)
    assert frame.sentences == 480


def test_sentences_of_a_voice_are_those_with_such_a_mention(scores: Scores) -> None:
    found = plan(scores, "loaded", voice="attributed", sizes=(100,)).frame["share"][0]
    mean = scores.sql(
        "SELECT avg(p_loaded) AS p FROM sentences WHERE (doc_id, sentence) IN "
        "(SELECT (doc_id, sentence) FROM mentions WHERE voice = 'attributed')"
    )["p"][0]
    assert found == pytest.approx(mean)


def test_large_samples_are_planned_for_as_many_groups_as_they_keep(tmp_path: Path) -> None:
    docs = [
        doc for number in range(30) for doc in archive(copies=4, outlets=(f"Paper {number:02}",))
    ]
    with open_scores(write_scores(tmp_path / "s.parquet", docs)) as scores:
        groups = [set(plan(scores, by=BY, sizes=(n,)).frame["group"]) for n in (100, 400)]
    assert "outlet=(other)" in groups[0]
    assert groups[1] == {"all", *(f"outlet=Paper {n:02}" for n in range(30))}


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
    for part in ("gold only", "corrected", "The Lantern", "for ±0.100", "design effect"):
        assert part in done.output
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_table_fits_a_narrow_terminal_with_a_line_for_each_group(tmp_path: Path) -> None:
    name = "Ministry of Information and Public Enlightenment"
    path = write_scores(tmp_path / "s.parquet", archive(copies=9, outlets=("The Lantern", name)))
    done = CliRunner().invoke(
        APP,
        [str(path), "--plan", "--by", "outlet", "-n", "20", "-n", "40", "--voice", "own"],
        env={"COLUMNS": "80"},
    )
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert max(map(len, lines)) <= 80
    assert "outlet=" not in done.output
    start = next(i for i, line in enumerate(lines) if line.startswith("outlet"))
    rows = [line.split("  ")[0].strip() for line in lines[start + 1 : start + 7]]
    assert rows[:3] == rows[3:]
    assert rows[0] == "all"
    assert "The Lantern" in rows
    assert any(row.startswith("Ministry of I") and row.endswith("…") for row in rows)
    assert lines[start + 7] == "a: n too small: fewer than 10 positives"
    of_lantern = next(line for line in lines if line.startswith("The Lantern   "))
    assert of_lantern.endswith("  a")
