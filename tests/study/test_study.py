"""Studies of a real scored archive, with and without gold labels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from gold_helpers import as_predicted, write_gold
from sampling_helpers import WIRE as SENTENCES
from sampling_helpers import Doc, write_scores

from connote.data.errors import UsageError
from connote.data.schema import Mention
from connote.study.sample_folder import SampledItem
from connote.study.selection import Selection
from connote.study.study import Study

LANTERN, CHANNEL, WIRE = "The Lantern", "Kessar First Channel", "Meridian Wire"


@pytest.fixture(scope="module")
def study(demo_scores: Path) -> Study:
    return Study(demo_scores)


@pytest.fixture(scope="module")
def gold(demo_scores: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_gold(demo_scores, tmp_path_factory.mktemp("gold") / "gold.jsonl")


@pytest.fixture(scope="module")
def corrected(demo_scores: Path, gold: Path) -> Study:
    return Study(demo_scores, gold)


def value(frame: pd.DataFrame, estimator: str = "naive", **groups: str) -> pd.Series:
    rows = frame[(frame["estimator"] == estimator) & frame["against"].isna()]
    for column, group in groups.items():
        rows = rows[rows[column] == group]
    assert len(rows) == 1
    return rows.iloc[0]


def test_a_naive_share_is_that_of_the_rows(study: Study, demo_scores: Path) -> None:
    rows = pd.read_parquet(demo_scores / "scores")
    mine = rows[(rows["outlet"] == LANTERN) & (rows["voice"] == "own")]
    found = study.share("framing=delegitimizing", ["outlet"], Selection(voice="own"))
    row = value(found.frame, outlet=LANTERN)
    assert row["mentions"] == len(mine)
    assert row["documents"] == mine["doc_id"].nunique()
    assert row["sentences"] == len(mine[["doc_id", "sentence"]].drop_duplicates())
    assert row["estimate"] == pytest.approx((mine["framing"] == "delegitimizing").mean())
    assert row["uncertain"] == pytest.approx((mine["framing"] == "uncertain").mean())
    assert row["low"] < row["estimate"] < row["high"]


def test_loadedness_is_a_mean_over_sentences(study: Study, demo_scores: Path) -> None:
    rows = pd.read_parquet(demo_scores / "scores")
    once = rows[rows["p_loaded"].notna()].drop_duplicates(["doc_id", "sentence"])
    found = study.loadedness(["outlet"])
    row = value(found.frame, outlet=WIRE)
    assert row["estimate"] == pytest.approx(once[once["outlet"] == WIRE]["p_loaded"].mean())
    assert row["sentences"] == (once["outlet"] == WIRE).sum()
    assert "sentence is loaded" in found.estimand


def test_voices_are_groups_of_their_own(study: Study) -> None:
    both = study.share("framing=delegitimizing", ["outlet", "voice"]).frame
    for voice in ("own", "attributed", "quoted"):
        alone = study.share("framing=delegitimizing", ["outlet"], Selection(voice=voice)).frame
        row = value(both, outlet=LANTERN, voice=voice)
        assert row["estimate"] == value(alone, outlet=LANTERN)["estimate"]


def test_every_output_says_what_it_is_of(study: Study) -> None:
    selection = Selection(referent="Northern Front", voice="own", copies="left-out")
    found = study.share("framing=delegitimizing", ["outlet"], selection)
    for words in ("Northern Front", "own voice", "copy left out", "in each outlet"):
        assert words in found.estimand
    assert found.model.startswith("connote@")
    assert found.warnings[0].startswith("No gold sample")


def test_uncertain_labels_are_told(study: Study) -> None:
    found = study.share("stance=against")
    row = value(found.frame)
    assert row["uncertain"] > 0.3
    assert any("uncertain in stance" in warning for warning in found.warnings)


def test_differences_have_the_other_group_beside_them(study: Study) -> None:
    found = study.share("framing=delegitimizing", ["outlet"], against=WIRE)
    shares = found.frame[found.frame["against"].isna()].set_index("outlet")["estimate"]
    rows = found.frame[found.frame["against"].notna()].set_index("outlet")
    assert WIRE not in rows.index
    assert rows.loc[LANTERN, "estimate"] == pytest.approx(shares[LANTERN] - shares[WIRE])
    assert rows.loc[LANTERN, "low"] < rows.loc[LANTERN, "estimate"] < rows.loc[LANTERN, "high"]


def test_a_trend_has_a_group_for_each_month_and_changes(study: Study) -> None:
    found = study.trend("framing=delegitimizing", "month", against="2024-03")
    months = found.frame[found.frame["against"].isna()]["month"]
    assert list(months) == sorted(months)
    assert len(found.frame) == 2 * len(months) - 1
    with pytest.raises(UsageError, match="period: expected week, month, year, found 'day'"):
        study.trend("framing=delegitimizing", "day")


def test_copies_are_counted_left_out_or_apart(demo_archive: Path, tmp_path: Path) -> None:
    import json

    from connote import ReadOptions, Settings, score_archive

    lines = [json.loads(line) for line in demo_archive.read_text().splitlines()[:3]]
    reprint = {**lines[0], "id": "reprint", "outlet": "Reprinter"}
    path = tmp_path / "archive.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in (*lines, reprint)))
    score_archive(str(path), tmp_path / "s", Settings(read=ReadOptions(text="paragraphs")))
    study = Study(tmp_path / "s")
    counted, left_out, apart = (
        study.share("framing=delegitimizing", selection=Selection(copies=copies)).frame
        for copies in ("counted", "left-out", "apart")
    )
    assert list(apart["copy"]) == ["false", "true"]
    copies = apart.set_index("copy")["mentions"]
    assert copies["true"] > 0
    assert left_out["mentions"][0] == copies["false"]
    assert counted["mentions"][0] == copies.sum()


def test_gold_labels_that_agree_leave_the_share_where_it_is(corrected: Study) -> None:
    found = corrected.share("framing=delegitimizing", ["outlet"], Selection(voice="own"))
    assert set(found.frame["estimator"]) == {"naive", "gold", "corrected"}
    for outlet in (LANTERN, CHANNEL):
        naive, both = (value(found.frame, how, outlet=outlet) for how in ("naive", "corrected"))
        assert both["low"] < naive["estimate"] < both["high"]
        assert both["gold_sentences"] > 5
        assert both["gold_documents"] <= both["documents"]
    assert not any("No gold sample" in warning for warning in found.warnings)
    assert set(found.checks["outlet"]) >= {LANTERN, CHANNEL}


def test_a_classifier_that_is_wrong_is_corrected(demo_scores: Path, tmp_path: Path) -> None:
    """The coder finds half of what the classifier calls delegitimizing neutral."""

    def coder(item: SampledItem) -> tuple[Mention, ...]:
        found = as_predicted(item)
        if int(item.id.lstrip("s")) % 2:
            return found
        return tuple(
            replace(m, framing="neutral") if m.framing == "delegitimizing" else m for m in found
        )

    study = Study(demo_scores, write_gold(demo_scores, tmp_path / "g.jsonl", 250, coder))
    found = study.share("framing=delegitimizing").frame
    naive, both = value(found), value(found, "corrected")
    assert both["estimate"] < 0.75 * naive["estimate"]
    assert both["high"] < naive["estimate"]
    assert both["low"] < naive["estimate"] / 2 < both["high"]


def test_missed_mentions_raise_the_number_of_mentions(demo_scores: Path, tmp_path: Path) -> None:
    """The coder marks a delegitimizing label in each sentence where nothing was found."""

    def coder(item: SampledItem) -> tuple[Mention, ...]:
        missed = Mention(0, 3, framing="delegitimizing", stance="against", voice="own")
        return as_predicted(item) or (missed,)

    study = Study(demo_scores, write_gold(demo_scores, tmp_path / "g.jsonl", coder=coder))
    found = study.share("framing=delegitimizing").frame
    assert value(found, "corrected")["low"] > value(found)["estimate"]


def test_groups_without_gold_units_are_flagged(demo_scores: Path, tmp_path: Path) -> None:
    def coder(item: SampledItem) -> tuple[Mention, ...]:
        return () if "outlet=The Lantern" in item.stratum else as_predicted(item)

    study = Study(demo_scores, write_gold(demo_scores, tmp_path / "g.jsonl", coder=coder))
    found = study.share("framing=delegitimizing", ["outlet"], against=LANTERN).frame
    row = value(found, "corrected", outlet=LANTERN)
    assert pd.isna(row["estimate"]) and row["flag"] == "no gold unit in the group"
    told = found[found["estimate"].isna()]
    assert (told["flag"] != "").all()
    compared = found[found["against"].notna() & (found["estimator"] == "corrected")]
    assert (compared["flag"] == "no gold unit in the group").all()


def test_one_class_alone_is_flagged_and_has_an_interval(demo_scores: Path, tmp_path: Path) -> None:
    def coder(item: SampledItem) -> tuple[Mention, ...]:
        return tuple(replace(m, framing="neutral") for m in as_predicted(item))

    study = Study(demo_scores, write_gold(demo_scores, tmp_path / "g.jsonl", coder=coder))
    row = value(study.share("framing=delegitimizing").frame, "corrected")
    assert row["estimate"] == 0
    assert 0 < row["high"] < 0.2
    assert row["flag"] == "n too small: 0 gold sentences with framing=delegitimizing"


def test_nothing_is_missing_without_a_flag(corrected: Study) -> None:
    for by in (["outlet"], ["outlet", "voice"], ["month"], ["referent"]):
        frame = corrected.share("framing=legitimizing", by, against=None).frame
        silent = frame[frame["low"].isna() & (frame["flag"] == "")]
        assert silent.empty, silent
        inside = frame[frame["estimate"].notna()]["estimate"]
        assert inside.between(0, 1).all()


def test_loadedness_is_corrected_too(corrected: Study) -> None:
    found = corrected.loadedness(["outlet"])
    row = value(found.frame, "gold", outlet=WIRE)
    assert row["estimate"] == 1.0
    assert row["gold_sentences"] > 10


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"measure": "framing=bad"}, "measure: expected framing=delegitimizing|neutral"),
        ({"measure": "framing=none"}, "found 'framing=none'"),
        ({"measure": "tone=dark"}, "found 'tone=dark'"),
        ({"by": ["outlet"], "against": "Nobody"}, "against: expected one of the groups"),
        ({"by": ["outlet", "outlet"]}, "by: expected each column once"),
        ({"by": ["paper"]}, "expected a column 'paper'; there are outlet, date"),
        ({"selection": Selection(referent="Atlantis")}, "commonest referents are"),
        ({"selection": Selection(where=(("mention", "x"),))}, "expected one of documents"),
        ({"measure": "loaded", "by": ["speaker_name"]}, "found one of mentions"),
    ],
)
def test_what_cannot_be_studied_is_refused_with_what_can(
    study: Study, arguments: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError) as caught:
        study.share(**{"measure": "framing=delegitimizing", **arguments})  # type: ignore[arg-type]
    assert message in str(caught.value)


def test_selections_of_no_kind_are_refused() -> None:
    with pytest.raises(UsageError, match="voice: expected one of own, attributed, quoted"):
        Selection(voice="loud")
    with pytest.raises(UsageError, match="copies: expected one of counted, left-out, apart"):
        Selection(copies="gone")


def test_gold_labels_do_not_tell_every_column(corrected: Study) -> None:
    with pytest.raises(UsageError, match="gold labels do not tell it"):
        corrected.share("framing=delegitimizing", ["speaker_kind"])


def test_a_study_repeats_itself(demo_scores: Path, gold: Path) -> None:
    one, other = (
        Study(demo_scores, gold).share("stance=against", ["outlet"], against=WIRE).frame
        for _ in range(2)
    )
    pd.testing.assert_frame_equal(one, other)


def test_loadedness_needs_no_labels_of_mentions(demo_scores: Path, tmp_path: Path) -> None:
    def coder(item: SampledItem) -> tuple[Mention, ...]:
        return tuple(replace(m, framing=None, voice=None) for m in as_predicted(item))

    study = Study(demo_scores, write_gold(demo_scores, tmp_path / "g.jsonl", coder=coder))
    row = value(study.loadedness().frame, "gold")
    assert row["gold_sentences"] == 120
    assert pd.isna(row["mentions"])


def test_names_are_found_in_whatever_case_annotators_write_them(
    demo_scores: Path, tmp_path: Path
) -> None:
    def coder(item: SampledItem) -> tuple[Mention, ...]:
        found = as_predicted(item)
        return tuple(replace(m, referent=m.referent and m.referent.upper()) for m in found)

    study = Study(demo_scores, write_gold(demo_scores, tmp_path / "g.jsonl", coder=coder))
    names = set(study.share("framing=delegitimizing", ["referent"]).frame["referent"])
    assert "Northern Front" in names
    assert "NORTHERN FRONT" not in names


def test_two_studies_of_one_archive_keep_their_gold_samples_apart(
    demo_scores: Path, gold: Path, tmp_path: Path
) -> None:
    one = Study(demo_scores, gold)
    before = one.share("framing=delegitimizing").frame
    Study(one.scores, write_gold(demo_scores, tmp_path / "g.jsonl", 40))
    pd.testing.assert_frame_equal(one.share("framing=delegitimizing").frame, before)


def test_a_gold_sample_cut_short_says_so(demo_scores: Path, gold: Path, tmp_path: Path) -> None:
    lines = gold.read_text(encoding="utf-8").splitlines()[:70]
    (tmp_path / "g.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = Study(demo_scores, tmp_path / "g.jsonl").share("framing=delegitimizing")
    assert any("have gold labels" in warning for warning in found.warnings)


def test_a_difference_rests_on_both_groups(corrected: Study) -> None:
    found = corrected.share("framing=delegitimizing", ["outlet"], against=WIRE).frame
    own = found[found["against"].isna() & (found["estimator"] == "gold")].set_index("outlet")
    both = found[found["against"].notna() & (found["estimator"] == "gold")].set_index("outlet")
    for column in ("documents", "mentions", "gold_sentences", "gold_documents"):
        assert both.loc[LANTERN, column] == own.loc[LANTERN, column] + own.loc[WIRE, column]


def test_without_groups_there_is_nothing_to_compare(study: Study) -> None:
    with pytest.raises(UsageError, match="expected groups to compare, found none"):
        study.share("framing=delegitimizing", against=WIRE)
    with pytest.raises(UsageError, match="referent: expected a name, found ''"):
        Selection(referent="")
    with pytest.raises(UsageError, match="seed: expected a number from 0"):
        Study(study.scores, seed=-1)


def test_a_value_of_two_columns_must_be_named_with_its_column(tmp_path: Path) -> None:
    docs = [
        Doc(f"{outlet}-{desk}-{i}", SENTENCES, {"outlet": outlet, "desk": desk})
        for outlet in ("Post", "Wire")
        for desk in ("Politics", "Wire")
        for i in range(3)
    ]
    study = Study(write_scores(tmp_path / "scores.parquet", docs))
    by = ["outlet", "desk"]
    with pytest.raises(UsageError, match="several; 'outlet=Wire' or 'desk=Wire'"):
        study.share("framing=delegitimizing", by, against="Wire")
    found = study.share("framing=delegitimizing", by, against="desk=Wire").frame
    compared = found[found["against"].notna()]
    assert list(compared["outlet"]) == ["Post", "Wire"]
    assert set(compared["desk"]) == {"Politics"}
    assert set(compared["against"]) == {"Wire"}
