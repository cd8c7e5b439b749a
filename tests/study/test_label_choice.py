import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connote.data.errors import UsageError
from connote.infer.table import SCHEMA
from connote.study.label_choice import LabelChoice, label_choice
from connote.study.label_counts import LabelChoiceError, label_form
from connote.study.label_odds import log_odds
from connote.study.label_table import OTHER_LABELS
from connote.study.scores import Scores, ScoresError, open_scores
from connote.study.selection import Selection

Use = tuple[str, str, str]
"""A document, its outlet, a label."""


@contextmanager
def archive(folder: Path, uses: list[Use], **columns: list[Any]) -> Iterator[Scores]:
    """Scores in which each mention stands in a sentence of its own."""
    rows = []
    for i, (document, outlet, label) in enumerate(uses):
        row: dict[str, Any] = {
            "doc_id": document,
            "sentence": i,
            "sentence_start": 100 * i,
            "sentence_end": 100 * i + 50,
            "sentence_text": f"Yesterday {label} held the bridge.",
            "mention": label,
            "framing": "delegitimizing" if "terror" in label.lower() else "neutral",
            "referent": "Northern Front",
            "voice": "own",
            "p_loaded": 0.5,
            "model": "connote@1",
            "outlet": outlet,
        }
        rows.append(row | {name: values[i] for name, values in columns.items()})
    own = {name for row in rows for name in row} - set(SCHEMA.names)
    schema = pa.schema([*SCHEMA, *(pa.field(name, pa.string()) for name in sorted(own))])
    path = folder / "scores.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    with open_scores(path) as scores:
        yield scores


def uses(outlet: str, **counts: int) -> list[Use]:
    """Each label so often, every time in a document of its own."""
    labels = [label for label, times in counts.items() for _ in range(times)]
    return [(f"{outlet}-{i}", outlet, label) for i, label in enumerate(labels)]


def row(choice: LabelChoice, label: str, **group: str) -> pd.Series:
    frame = choice.frame[choice.frame["label"] == label]
    for name, value in group.items():
        frame = frame[frame[name] == value]
    assert len(frame) == 1, frame
    return frame.iloc[0]


def test_log_odds_are_those_published_with_the_fightin_words_package() -> None:
    """Its README: z of brown is 0.6894 and of jumps 0 with a prior of .05 a word."""
    first = dict.fromkeys(("quick", "brown", "fox", "jumps", "over", "lazy", "pig"), 1) | {"the": 2}
    second = dict.fromkeys(("lazy", "purple", "pig", "jumps", "over", "lazier", "donkey"), 1) | {
        "the": 2
    }
    words = sorted({*first, *second})
    prior = np.full(len(words), 0.05)
    odds, _ = zip(
        *(
            log_odds(np.array([side.get(w, 0) for w in words]), np.array(9.0), prior, 0.55)
            for side in (first, second)
        ),
        strict=True,
    )
    difference = dict(zip(words, odds[0] - odds[1], strict=True))
    short_variance = 1 / 1.05 + 1 / 0.05
    assert difference["brown"] / math.sqrt(short_variance) == pytest.approx(0.6894227886807968)
    assert difference["donkey"] / math.sqrt(short_variance) == pytest.approx(-0.6894227886807968)
    assert difference["jumps"] == 0


def test_figures_are_those_computed_by_hand(tmp_path: Path) -> None:
    lantern = uses("Lantern", terrorists=6, militants=4)
    with archive(tmp_path, lantern + uses("Wire", terrorists=1, militants=9)) as scores:
        choice = label_choice(scores, prior_words=10)
    found = row(choice, "terrorists", outlet="Lantern")
    prior = 10 * 7 / 20
    own = (6 + prior, 10 + 10 - 6 - prior)
    rest = (1 + prior, 10 + 10 - 1 - prior)
    odds = math.log(own[0] / own[1]) - math.log(rest[0] / rest[1])
    z = odds / math.sqrt(sum(1 / part for part in own + rest))
    assert found["log_odds"] == pytest.approx(odds)
    assert found["z"] == pytest.approx(z)
    assert (found["mentions"], found["documents"], found["others"]) == (6, 6, 1)
    assert (found["share"], found["other_share"]) == (pytest.approx(0.6), pytest.approx(0.1))
    assert found["framing"] == "delegitimizing"
    assert found["example"] == "Yesterday terrorists held the bridge."
    mirrored = row(choice, "terrorists", outlet="Wire")
    assert mirrored["log_odds"] == pytest.approx(-odds)


def test_the_prior_comes_from_the_whole_archive_not_from_the_selection(tmp_path: Path) -> None:
    rows = uses("Lantern", terrorists=3, militants=3) + uses("Wire", terrorists=3, militants=3)
    elsewhere = [(f"e-{i}", "Wire", "terrorists") for i in range(28)]
    referents = ["Northern Front"] * 12 + ["Bandar"] * 28
    with archive(tmp_path, rows + elsewhere, referent=referents) as scores:
        choice = label_choice(
            scores,
            selection=Selection(referent="northern FRONT", where=(("outlet", "Wire"),)),
            by=(),
            prior_words=10,
        )
        both = label_choice(scores, selection=Selection(referent="Northern Front"), prior_words=10)
    assert set(choice.frame["mentions"]) == {3}
    found = row(both, "terrorists", outlet="Lantern")
    assert found["others"] == 3
    assert found["log_odds"] == pytest.approx(0)
    assert "informative Dirichlet prior from the labels of the whole archive" in both.estimand
    assert "of northern FRONT where outlet is Wire" in choice.estimand


def test_forms_of_one_label_are_counted_together_and_shown_by_the_commonest(tmp_path: Path) -> None:
    forms = ["the terrorists", "Terrorists", "“terrorists”", "these  terrorists", "terrorists'"]
    forms += ["terror\u200bists", "two other terrorists"]
    rows = [(f"d{i}", "Lantern", form) for i, form in enumerate(forms)]
    rows += [("x1", "Wire", "so-called terrorists"), ("x2", "Wire", "so-called terrorists")]
    with archive(tmp_path, rows) as scores:
        frame = label_choice(scores).frame
    lantern = frame[(frame["outlet"] == "Lantern") & (frame["mentions"] > 0)]
    assert lantern["label"].tolist() == ["terrorists"]
    assert lantern["mentions"].tolist() == [7]
    assert "so-called terrorists" in set(frame["label"])


@pytest.mark.parametrize(
    ("mention", "shown"),
    [
        ("The Regime's", "Regime"),
        ("Assad’s  regime", "Assad's regime"),
        ("'freedom fighters'", "freedom fighters"),
        ("The", "The"),
        ("«боевики»", "боевики"),
        ("“”", "“”"),
        ("aid\u00a0workers,", "aid workers"),
        ("anti-regime forces", "anti-regime forces"),
    ],
)
def test_a_label_is_shown_without_what_does_not_belong_to_it(
    tmp_path: Path, mention: str, shown: str
) -> None:
    with archive(tmp_path, [("d", "Lantern", mention)]) as scores:
        assert scores.sql(f"SELECT {label_form('mention')} AS x FROM mentions")["x"][0] == shown


def test_rare_labels_stand_together_so_that_shares_sum_to_one(tmp_path: Path) -> None:
    lantern = uses("Lantern", terrorists=5, gang=1, thugs=1)
    with archive(tmp_path, lantern + uses("Wire", terrorists=3, fighters=2)) as scores:
        frame = label_choice(scores).frame
    assert frame.groupby("outlet")["share"].sum().tolist() == pytest.approx([1, 1])
    rare = frame[(frame["label"] == OTHER_LABELS) & (frame["outlet"] == "Lantern")].iloc[0]
    assert (rare["mentions"], rare["others"]) == (2, 0)
    assert rare["z"] is pd.NA
    assert rare["flag"] == "rare labels together"
    assert frame.groupby("outlet")["label"].last().tolist() == [OTHER_LABELS] * 2


def test_a_label_that_one_document_repeats_tells_little(tmp_path: Path) -> None:
    spread = [(f"s{i}", "Lantern", "gang") for i in range(12)]
    repeated = [("r", "Lantern", "thugs")] * 12
    rest = [(f"l{i % 30}", "Lantern", "rebels") for i in range(60)]
    wire = [(f"w{i % 30}", "Wire", "rebels") for i in range(80)]
    with archive(tmp_path, spread + repeated + rest + wire) as scores:
        counted = label_choice(scores)
        once = label_choice(scores, once_per_document=True)
    gang, thugs = (row(counted, name, outlet="Lantern") for name in ("gang", "thugs"))
    assert gang["z"] == pytest.approx(thugs["z"])
    assert thugs["z_clustered"] < 0.7 * gang["z_clustered"]
    assert gang["z_clustered"] <= gang["z"]
    assert (thugs["flag"], gang["flag"]) == ("from one document", "")
    assert "z is too large" in " ".join(counted.warnings)
    assert row(once, "thugs", outlet="Lantern")["mentions"] == 1
    assert row(once, "gang", outlet="Lantern")["mentions"] == 12
    assert "each label counted once a document" in once.estimand


def test_the_design_effect_is_that_of_rao_and_scott(tmp_path: Path) -> None:
    """Four documents with 2 of 2, 1 of 2, 0 of 2 and 0 of 1 labels; the others as independent."""
    own = [("a", "Lantern", "gang")] * 2 + [("b", "Lantern", "gang"), ("b", "Lantern", "army")]
    own += [("c", "Lantern", "army")] * 2 + [("d", "Lantern", "army")]
    other = [(f"w{i}", "Wire", "army" if i % 2 else "gang") for i in range(10)]
    with archive(tmp_path, own + other) as scores:
        found = row(label_choice(scores, prior_words=4), "gang", outlet="Lantern")
    y = np.array([2, 1, 0, 0])
    n = np.array([2, 2, 2, 1])
    p = 3 / 7
    effect = 4 / 3 * ((y - p * n) ** 2).sum() / (7 * p * (1 - p))
    wire = max(1, 10 / 9 * 10 * 0.25 / (10 * 0.25))
    prior = 4 * 8 / 17
    cells = [(a + prior, b + 4 - a - prior) for a, b in ((3, 7), (5, 10))]
    odds = math.log(cells[0][0] / cells[0][1]) - math.log(cells[1][0] / cells[1][1])
    variances = [1 / used + 1 / unused for used, unused in cells]
    expected = odds / math.sqrt(effect * variances[0] + wire * variances[1])
    assert effect > 1.2
    assert found["z_clustered"] == pytest.approx(expected)


def test_clustering_takes_from_z_and_never_turns_it(tmp_path: Path) -> None:
    """A label that one document repeats, rare in the rest of the archive."""
    lantern = [("r", "Lantern", "gang")] * 12 + uses("Lantern", rebels=28)
    rows = lantern + uses("Wire", gang=8, rebels=32)
    elsewhere = [(f"e{i}", "Wire", "rebels") for i in range(300)]
    referents = ["Northern Front"] * len(rows) + ["Bandar"] * 300
    with archive(tmp_path, rows + elsewhere, referent=referents) as scores:
        chosen = Selection(referent="Northern Front")
        frames = [label_choice(scores, selection=chosen, prior_words=p).frame for p in (1, 200)]
    for frame in frames:
        assert len(frame) == 4
        ratio = frame["z_clustered"] / frame["z"]
        assert ((ratio > 0) & (ratio < 1)).all()


def test_one_group_can_be_what_all_others_are_compared_with(tmp_path: Path) -> None:
    rows = uses("Lantern", terrorists=5) + uses("Wire", rebels=5) + uses("Channel", heroes=4)
    with archive(tmp_path, rows) as scores:
        choice = label_choice(scores, against="Wire")
        with pytest.raises(LabelChoiceError, match=r"'Gazette'; there are 'Channel', 'Lantern'"):
            label_choice(scores, against="Gazette")
    assert choice.against == ("Wire",)
    assert set(choice.frame["outlet"]) == {"Lantern", "Channel"}
    assert row(choice, "rebels", outlet="Lantern")["others"] == 5
    assert "heroes" not in set(choice.frame[choice.frame["outlet"] == "Lantern"]["label"])
    assert "against Wire" in choice.estimand


def test_voices_and_speakers_are_told_apart(tmp_path: Path) -> None:
    rows = uses("Lantern", terrorists=4, rebels=4) + uses("Wire", rebels=6)
    voices = ["quoted"] * 4 + ["own"] * 10
    names = ["Defence Ministry"] * 4 + [None] * 10
    with archive(tmp_path, rows, voice=voices, speaker_name=names) as scores:
        apart = label_choice(scores, ("outlet", "voice"))
        own = label_choice(scores, selection=Selection(voice="own"))
        spoken = label_choice(scores, ("speaker_name",))
    assert row(apart, "terrorists", outlet="Lantern", voice="quoted")["share"] == 1
    assert row(apart, "terrorists", outlet="Lantern", voice="own")["mentions"] == 0
    assert "terrorists" not in set(own.frame["label"])
    assert row(spoken, "terrorists", speaker_name="Defence Ministry")["mentions"] == 4
    assert row(spoken, "rebels", speaker_name="(none)")["mentions"] == 10


def test_copies_apart_are_groups_of_their_own(tmp_path: Path) -> None:
    rows = uses("Lantern", terrorists=3)
    with archive(tmp_path, rows, copy_cluster=["Lantern-0", "Lantern-0", None]) as scores:
        choice = label_choice(scores, selection=Selection(copies="apart"))
    assert choice.by == ("outlet", "copy")
    assert row(choice, "terrorists", copy="true")["mentions"] == 1


def test_one_group_is_counted_and_flagged(tmp_path: Path) -> None:
    with archive(tmp_path, uses("Lantern", terrorists=15, rebels=15)) as scores:
        for by in ((), ("outlet",)):
            choice = label_choice(scores, by)
            assert choice.frame["share"].tolist() == [0.5, 0.5]
            assert choice.frame["z"].isna().all()
            assert set(choice.frame["flag"]) == {"nothing to compare with"}
            assert "There is one group, so that no label can be compared." in choice.warnings


def test_an_archive_of_one_label_has_no_odds(tmp_path: Path) -> None:
    with archive(tmp_path, uses("Lantern", rebels=25) + uses("Wire", rebels=30)) as scores:
        frame = label_choice(scores).frame
    assert frame["share"].tolist() == [1.0, 1.0]
    assert frame["z"].isna().all()
    assert set(frame["flag"]) == {"the only label of the archive"}


def test_a_group_without_such_mentions_is_named(tmp_path: Path) -> None:
    rows = uses("Lantern", rebels=3) + uses("Wire", rebels=3) + uses("Channel", army=2)
    referents = ["Northern Front"] * 6 + ["unresolved", "Army"]
    with archive(tmp_path, rows, referent=referents) as scores:
        choice = label_choice(scores, selection=Selection(referent="Northern Front"))
        with pytest.raises(LabelChoiceError, match="found none; the commonest referents are North"):
            label_choice(scores, selection=Selection(referent="Southern Front"))
        with pytest.raises(LabelChoiceError, match=r"quotation marks .*found none"):
            label_choice(scores, selection=Selection(voice="quoted"))
    said = " ".join(choice.warnings)
    assert "Without any such mention: 'Channel'." in said
    assert "The referent of 1 of the archive's 8 mentions is unresolved" in said


def test_no_figure_is_infinite_or_not_a_number(tmp_path: Path) -> None:
    rows = uses("Lantern", rebels=40) + [("one", "Wire", "terrorists")] * 40
    with archive(tmp_path, [*rows, ("x", "Channel", "army")]) as scores:
        frame = label_choice(scores, least=1, prior_words=0.001).frame
    for name in ("share", "other_share", "log_odds", "z", "z_clustered"):
        assert np.isfinite(frame[name].dropna().to_numpy(dtype=float)).all()
    assert not frame["z"].isna().any()


def test_arguments_without_meaning_are_refused(tmp_path: Path) -> None:
    with archive(tmp_path, uses("Lantern", rebels=3), share=["a"] * 3) as scores:
        with pytest.raises(UsageError, match="prior_words"):
            label_choice(scores, prior_words=0)
        with pytest.raises(UsageError, match="least"):
            label_choice(scores, least=0)
        with pytest.raises(UsageError, match="by: expected every column once"):
            label_choice(scores, ("outlet", "outlet"))
        with pytest.raises(UsageError, match="give the column of the archive another name"):
            label_choice(scores, ("share",))
        with pytest.raises(ScoresError, match="expected a column 'paper'"):
            label_choice(scores, ("paper",))


@pytest.mark.parametrize("name", ["n", "nn", "y", "yy", "key", "group", "form", "g0"])
def test_columns_of_documents_may_have_any_name(tmp_path: Path, name: str) -> None:
    rows = uses("Lantern", terrorists=5, rebels=2) + uses("Wire", rebels=5)
    with archive(tmp_path, rows, **{name: [outlet for _, outlet, _ in rows]}) as scores:
        found, plain = label_choice(scores, (name,)).frame, label_choice(scores).frame
    pd.testing.assert_frame_equal(found.rename(columns={name: "outlet"}), plain)


def test_an_empty_value_is_no_value(tmp_path: Path) -> None:
    rows = [*uses("", rebels=3), *uses("Wire", rebels=2)]
    with archive(tmp_path, [*rows, ("x", None, "rebels")]) as scores:
        choice = label_choice(scores)
    assert row(choice, "rebels", outlet="(none)")["mentions"] == 4


def test_hostile_names_stay_values(tmp_path: Path) -> None:
    name = "'; DROP TABLE label_cells; --\""
    rows = [("d1", name, "rebels"), ("d2", "Wire", "rebels")]
    with archive(tmp_path, rows, **{'p"a': ["x'y", "z"]}) as scores:
        assert set(label_choice(scores).frame["outlet"]) == {name, "Wire"}
        assert set(label_choice(scores, ('p"a',)).frame['p"a']) == {"x'y", "z"}
