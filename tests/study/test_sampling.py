from __future__ import annotations

import hashlib
import itertools
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import typer
from sampling_helpers import MODEL, Doc, Found, Said, archive, write_scores
from typer.testing import CliRunner

from connote.cli_sample import sample
from connote.data.errors import UsageError
from connote.study.allocation import allocate
from connote.study.collapse import collapsed, most_strata
from connote.study.frame import make_frame
from connote.study.label_choice import label_choice
from connote.study.sample_folder import SampleError, read_sample
from connote.study.sampling import Drawn, draw
from connote.study.scores import Scores, ScoresError, open_scores
from connote.study.strata import OTHER, Cell
from connote.study.study import Study

BY = ("outlet", "predicted")
APP = typer.Typer()
APP.command()(sample)


@pytest.fixture
def scores(tmp_path: Path) -> Iterator[Scores]:
    with open_scores(write_scores(tmp_path / "scores.parquet", archive())) as opened:
        yield opened


def opened(path: Path, docs: list[Doc]) -> Scores:
    return open_scores(write_scores(path, docs))


def strata(drawn: Drawn) -> dict[str, tuple[int, int]]:
    return {s.stratum: (s.population, s.sampled) for s in drawn.design.strata}


def picked(drawn: Drawn) -> set[tuple[str, int]]:
    return {(item.document, item.sentence) for item in drawn.items}


def test_every_judged_sentence_is_in_one_stratum_by_outlet_and_by_what_was_found(
    scores: Scores,
) -> None:
    found = {name: population for name, (population, _) in strata(draw(scores, 40, BY)).items()}
    assert found == {
        "outlet=Meridian Wire; predicted=no mention": 6,
        "outlet=Meridian Wire; predicted=neutral": 6,
        "outlet=Meridian Wire; predicted=uncertain": 6,
        "outlet=Meridian Wire; predicted=delegitimizing": 6,
        "outlet=The Lantern; predicted=no mention": 12,
        "outlet=The Lantern; predicted=legitimizing": 6,
        "outlet=The Lantern; predicted=delegitimizing": 6,
    }


def test_items_carry_the_probability_with_which_they_were_drawn(scores: Scores) -> None:
    drawn = draw(scores, 20, BY)
    taken = Counter(item.stratum for item in drawn.items)
    assert len(drawn.items) == 20
    for name, (population, sampled) in strata(drawn).items():
        assert taken[name] == sampled >= 2
        assert {i.probability for i in drawn.items if i.stratum == name} == {sampled / population}
    assert drawn.design.sentences == sum(population for population, _ in strata(drawn).values())


def test_the_weights_of_a_sample_add_up_to_the_archive(scores: Scores) -> None:
    weights = sum(1 / item.probability for item in draw(scores, 21, BY).items)
    assert weights == pytest.approx(48)


def test_a_sentence_counts_by_its_strongest_mention(tmp_path: Path) -> None:
    text = "The rebels, whom he called heroes, met the thugs and the mayor."
    framings = {"rebels": "neutral", "heroes": "legitimizing", "thugs": "delegitimizing"}
    order = [["rebels"], ["rebels", "heroes"], ["heroes", "thugs"]]
    docs = [
        Doc(f"d{i}", [Said(text, [Found(word, framings[word], 0.5) for word in words])] * 2)
        for i, words in enumerate(order)
    ]
    with opened(tmp_path / "s.parquet", docs) as scores:
        found = strata(draw(scores, 6))
    assert list(found) == [
        "predicted=neutral",
        "predicted=legitimizing",
        "predicted=delegitimizing",
    ]


def test_a_referent_splits_what_has_no_mention_by_whether_the_document_has_one(
    scores: Scores,
) -> None:
    drawn = draw(scores, 30, ("predicted",), referent="police")
    assert {name: population for name, (population, _) in strata(drawn).items()} == {
        "predicted=no mention in the document": 24,
        "predicted=no mention here": 18,
        "predicted=delegitimizing": 6,
    }
    assert drawn.design.referent == "police"


def test_the_same_seed_draws_the_same_whatever_the_order_of_files_and_rows(
    tmp_path: Path, scores: Scores
) -> None:
    folder = tmp_path / "parts" / "scores"
    for number, doc in enumerate(reversed(archive())):
        write_scores(folder / f"part-{number}.parquet", [doc])
    with open_scores(folder) as other:
        assert draw(other, 20, BY, seed=7).items == draw(scores, 20, BY, seed=7).items


def test_another_seed_draws_others(scores: Scores) -> None:
    assert picked(draw(scores, 20, BY, seed=1)) != picked(draw(scores, 20, BY, seed=2))


def test_within_a_stratum_the_first_by_a_keyed_hash_are_taken(scores: Scores) -> None:
    drawn = draw(scores, 14, BY, seed=3)
    name = "outlet=The Lantern; predicted=no mention"
    keyed = sorted(
        (hashlib.md5(f"draw|3|{n}|{doc.id}".encode(), usedforsecurity=False).hexdigest(), doc.id, n)
        for doc in archive()
        if doc.own["outlet"] == "The Lantern"
        for n in (2, 4)
    )
    taken = {(i.document, i.sentence) for i in drawn.items if i.stratum == name}
    assert taken == {(doc, n) for _, doc, n in keyed[: len(taken)]}
    assert 2 <= len(taken) < 12


@pytest.fixture(scope="module")
def many_draws(tmp_path_factory: pytest.TempPathFactory) -> list[list[tuple[str, int]]]:
    """What many seeds drew of one stratum of twelve sentences."""
    path = write_scores(tmp_path_factory.mktemp("many") / "scores.parquet", archive())
    name = "outlet=The Lantern; predicted=no mention"
    with open_scores(path) as scores:
        drawn = [draw(scores, 20, BY, seed=seed) for seed in range(120)]
    return [
        sorted((i.document, i.sentence) for i in sample.items if i.stratum == name)
        for sample in drawn
    ]


def test_every_sentence_of_a_stratum_is_drawn_equally_often(
    many_draws: list[list[tuple[str, int]]],
) -> None:
    taken = Counter(unit for units in many_draws for unit in units)
    expected = len(many_draws) * len(many_draws[0]) / 12
    chi_squared = sum((taken[unit] - expected) ** 2 / expected for unit in taken)
    assert len(taken) == 12
    assert chi_squared < 31  # 99.9 % of a chi-squared variable with 11 degrees of freedom


def test_pairs_are_drawn_together_as_often_as_simple_random_sampling_says(
    many_draws: list[list[tuple[str, int]]],
) -> None:
    pairs = Counter(pair for units in many_draws for pair in itertools.combinations(units, 2))
    n = len(many_draws[0])
    expected = len(many_draws) * n * (n - 1) / (12 * 11)
    assert len(pairs) > 60
    assert max(pairs.values()) < expected + 5 * expected**0.5


def test_a_larger_sample_holds_the_smaller_one_in_each_stratum(scores: Scores) -> None:
    small, large = draw(scores, 20, BY), draw(scores, 35, BY)
    for name in strata(small):
        drawn = [
            {(i.document, i.sentence) for i in sample.items if i.stratum == name}
            for sample in (small, large)
        ]
        assert min(drawn, key=len) <= max(drawn, key=len)


def test_context_comes_from_the_same_document_also_from_sentences_that_were_passed_over(
    scores: Scores,
) -> None:
    by_place = {(i.document, i.sentence): i for i in draw(scores, 48, BY).items}
    middle = by_place["The Lantern-0", 2]
    assert middle.before == "Share this story"
    assert middle.after == "The defenders of Dravik held the bridge for an hour."
    assert by_place["The Lantern-0", 0].before == ""
    assert by_place["The Lantern-0", 4].after == ""


def test_predicted_mentions_have_offsets_in_their_sentence(scores: Scores) -> None:
    for item in draw(scores, 48, BY).items:
        words = [item.text[m.start : m.end] for m in item.mentions]
        if item.text.startswith("The regime"):
            assert words == ["regime", "thugs"]
            assert item.mentions[0].referent == "government"
        if item.text.startswith("The ministry"):
            assert words == ["bandits"]
            assert item.mentions[0].speaker == "Ministry"
        if item.text.startswith("Nobody"):
            assert words == []


def test_the_order_of_items_tells_nothing_of_strata(scores: Scores) -> None:
    names = [item.stratum for item in draw(scores, 40, BY).items]
    changes = sum(one != other for one, other in itertools.pairwise(names))
    assert changes > 20
    assert [item.id for item in draw(scores, 40, BY).items][:2] == ["s0001", "s0002"]


def test_a_document_without_a_value_is_in_a_stratum_of_its_own(tmp_path: Path) -> None:
    with opened(tmp_path / "s.parquet", archive(outlets=("The Lantern", None))) as scores:
        assert any(name.startswith("outlet=(none);") for name in strata(draw(scores, 30, BY)))


def test_small_strata_are_taken_whole_and_it_is_told(tmp_path: Path) -> None:
    docs = [
        *archive(),
        Doc(
            "alone",
            [Said("Cronies all.", [Found("Cronies", "neutral", 0.3)])],
            {"outlet": "The Lantern", "date": "2024-01-01"},
        ),
    ]
    with opened(tmp_path / "s.parquet", docs) as scores:
        drawn = draw(scores, 20, BY)
    assert strata(drawn)["outlet=The Lantern; predicted=neutral"] == (1, 1)
    assert any("all is taken: 1 of 8" in note for note in drawn.notes)


def test_too_few_sentences_for_two_of_each_stratum_put_neighbours_together(scores: Scores) -> None:
    drawn = draw(scores, 8, BY)
    assert len(drawn.items) == 8
    assert all(sampled >= 2 for _, sampled in strata(drawn).values())
    assert any(" or " in name for name in strata(drawn))
    assert {name for name in strata(drawn) if name.endswith("predicted=no mention")}
    assert any("too few for two of each of 7 strata" in note for note in drawn.notes)


def test_two_sentences_are_the_smallest_sample(scores: Scores) -> None:
    assert [tuple(s) for s in strata(draw(scores, 2, BY)).values()] == [(48, 2)]
    with pytest.raises(UsageError, match="expected at least 2 sentences, found 1"):
        draw(scores, 1, BY)


def test_more_than_the_archive_has_is_refused(scores: Scores) -> None:
    assert len(draw(scores, 48, BY).items) == 48
    with pytest.raises(UsageError, match="at most 48, the sentences that were judged, found 49"):
        draw(scores, 49, BY)


def test_a_column_with_many_values_keeps_the_largest(tmp_path: Path) -> None:
    docs = [
        doc
        for number in range(60)
        for doc in archive(copies=2 + (number < 5), outlets=(f"Paper {number:02}",))
    ]
    with opened(tmp_path / "s.parquet", docs) as scores:
        drawn = draw(scores, 200, BY)
        found = strata(drawn)
    assert len(found) <= 50
    assert {f"outlet=Paper {n:02}; predicted=no mention" for n in range(5)} <= set(found)
    assert found[f"outlet={OTHER}; predicted=no mention"][0] > 100
    assert any("are more than 50" in note for note in drawn.notes)
    assert sum(population for population, _ in found.values()) == drawn.design.sentences


def test_a_larger_sample_keeps_more_values_apart(tmp_path: Path) -> None:
    docs = [
        doc for number in range(60) for doc in archive(copies=4, outlets=(f"Paper {number:02}",))
    ]
    with opened(tmp_path / "s.parquet", docs) as scores:
        found = strata(draw(scores, 800, BY))
    assert len(found) == 180
    assert not any(OTHER in name for name in found)
    assert [most_strata(size) for size in (2, 200, 400, 100_000)] == [50, 50, 100, 1000]


def test_months_follow_from_the_date(scores: Scores) -> None:
    names = strata(draw(scores, 48, ("month",)))
    assert set(names) == {"month=2024-01", "month=2024-02", "month=2024-03"}


def test_columns_that_are_missing_or_none_of_documents_are_refused(scores: Scores) -> None:
    with pytest.raises(ScoresError, match=r"expected a column 'paper'.*outlet"):
        draw(scores, 20, ("paper",))
    with pytest.raises(UsageError, match=r"expected a column of documents.*found 'voice'"):
        draw(scores, 20, ("voice",))


def test_a_referent_that_nobody_names_is_refused_with_those_that_are(scores: Scores) -> None:
    with pytest.raises(UsageError, match=r"such as government.*no mention of 'Atlantis'"):
        draw(scores, 20, referent="Atlantis")


def test_a_referent_and_a_concept_that_never_meet_are_refused(tmp_path: Path) -> None:
    path = write_scores(tmp_path / "s.parquet", archive())
    table = pq.read_table(path)
    concepts = [
        "ruler" if name == "government" else "force" for name in table["referent"].to_pylist()
    ]
    place = table.schema.get_field_index("concept")
    pq.write_table(table.set_column(place, table.schema.field(place), pa.array(concepts)), path)
    with open_scores(path) as scores:
        met = strata(draw(scores, 20, referent="police", concept="FORCE"))
        assert met["predicted=delegitimizing"][0] == 6
        with pytest.raises(UsageError, match="referent 'police' and concept 'ruler' at once"):
            draw(scores, 20, referent="police", concept="ruler")


def test_values_named_as_predictions_are_values(tmp_path: Path) -> None:
    docs = archive(outlets=("neutral", "The Lantern"))
    with opened(tmp_path / "s.parquet", docs) as scores:
        assert "outlet=neutral; predicted=legitimizing" in strata(draw(scores, 30, BY))
        found = strata(draw(scores, 30, ("loaded", "predicted")))
    assert "loaded=true; predicted=delegitimizing" in found


@pytest.mark.parametrize(
    "name",
    (
        *("place", "step", "stratum", "k", "side", "s1", "s2", "q", "doubt", "strongest", "part"),
        *("text", "mentions", "marked", "here", "wanted", "rows", "g0", "inside"),
    ),
)
def test_columns_of_documents_may_have_any_name(tmp_path: Path, name: str) -> None:
    docs = [Doc(d.id, d.sentences, {**d.own, name: d.own["outlet"]}) for d in archive()]
    with opened(tmp_path / "s.parquet", docs) as scores:
        drawn, plain = draw(scores, 20, (name, "predicted")), draw(scores, 20, BY)
    assert picked(drawn) == picked(plain)
    assert [i.mentions for i in drawn.items] == [i.mentions for i in plain.items]
    assert {s.replace(f"{name}=", "outlet=", 1) for s in strata(drawn)} == set(strata(plain))


def test_an_empty_value_is_none_in_strata_studies_and_labels(tmp_path: Path) -> None:
    with opened(tmp_path / "s.parquet", archive(outlets=("", "The Lantern"))) as scores:
        drawn = strata(draw(scores, 30, BY))
        assert {name.partition(";")[0] for name in drawn} == {
            "outlet=(none)",
            "outlet=The Lantern",
        }
        shares = Study(scores).share("framing=delegitimizing", ["outlet"]).frame
        assert set(shares["outlet"]) == {"(none)", "The Lantern"}
        assert set(label_choice(scores).frame["outlet"]) == {"(none)", "The Lantern"}


def without_text(path: Path, docs: list[Doc], number: int) -> Path:
    """Scores that lack the text of one sentence of every document."""
    table = pq.read_table(write_scores(path, docs))
    texts = [
        None if sentence == number else text
        for sentence, text in zip(
            table["sentence"].to_pylist(), table["sentence_text"].to_pylist(), strict=True
        )
    ]
    place = table.schema.get_field_index("sentence_text")
    pq.write_table(table.set_column(place, table.schema.field(place), pa.array(texts)), path)
    return path


def test_a_sentence_before_without_a_text_is_shown_as_none(tmp_path: Path) -> None:
    docs = archive(outlets=("The Lantern",))
    with open_scores(without_text(tmp_path / "s.parquet", docs, 1)) as scores:
        by_place = {(i.document, i.sentence): i for i in draw(scores, 24).items}
    assert by_place["The Lantern-0", 0].after == ""
    assert by_place["The Lantern-0", 2].before == ""


def test_a_drawn_sentence_without_a_text_is_refused_and_its_document_named(tmp_path: Path) -> None:
    docs = [Doc(d.id + "x" * 5000, d.sentences, d.own) for d in archive()]
    path = without_text(tmp_path / "s.parquet", docs, 0)
    with (
        open_scores(path) as scores,
        pytest.raises(SampleError, match="expected a text of every sentence") as raised,
    ):
        draw(scores, 48)
    assert len(str(raised.value)) < 400


def test_values_that_look_like_others_do_not_share_a_name(tmp_path: Path) -> None:
    docs = archive(copies=2, outlets=("x; predicted=neutral", "x"))
    long = [Doc(d.id + "long", d.sentences, {**d.own, "outlet": "y" * 300 + d.id}) for d in docs]
    with opened(tmp_path / "s.parquet", docs + long) as scores:
        drawn = draw(scores, 30, ("outlet",))
    assert len(strata(drawn)) == len(drawn.design.strata) == 6
    assert all(len(name) < 200 for name in strata(drawn))


def test_mentions_outside_their_sentence_are_refused(tmp_path: Path) -> None:
    docs = archive(copies=1)
    docs[0].sentences = [Said("The thugs left.", [Found("thugs", "delegitimizing", 0.9)])]
    path = write_scores(tmp_path / "s.parquet", docs)
    table = pq.read_table(path)
    moved = pc.add(table["mention_end"], 500)
    pq.write_table(
        table.set_column(table.schema.get_field_index("mention_end"), "mention_end", moved), path
    )
    with open_scores(path) as scores, pytest.raises(SampleError, match="inside their sentence"):
        draw(scores, 5)


def cell(group: str, prediction: str, population: int, doubt: float = 0.1) -> Cell:
    side = 0 if prediction.startswith("no") else population
    return Cell((group,), (prediction,), (0,), population, side, int(doubt * population * 1e6))


def test_groups_get_equal_parts_however_large_they_are() -> None:
    cells = [cell("small", "neutral", 500), cell("large", "neutral", 500_000)]
    assert allocate(cells, 300) == [150, 150]


def test_a_stratum_in_doubt_gets_more_than_one_that_is_sure() -> None:
    sure, doubtful = allocate(
        [cell("a", "neutral", 900, 0.0), cell("a", "delegitimizing", 900, 0.25)], 100
    )
    assert doubtful > sure >= 2


def test_sentences_without_a_mention_get_at_most_a_third() -> None:
    without, found = allocate(
        [cell("a", "no mention", 10_000_000, 0.0), cell("a", "delegitimizing", 300)], 300
    )
    assert (without, found) == (100, 200)


@pytest.mark.parametrize("size", [7, 8, 50, 99, 333, 1005, 1006])
def test_allocations_add_up_within_what_there_is(size: int) -> None:
    cells = [
        cell("a", "neutral", 3),
        cell("a", "no mention", 1000),
        cell("b", "uncertain", 1),
        cell("b", "neutral", 2),
    ]
    counts = allocate(cells, size)
    assert sum(counts) == size
    assert all(
        min(2, c.population) <= n <= c.population for c, n in zip(cells, counts, strict=True)
    )


def test_putting_together_loses_no_sentence() -> None:
    cells = [cell(f"g{g}", p, 5 + g) for g in range(30) for p in ("no mention", "neutral")]
    for size in (2, 5, 30, 99, 300):
        found, _ = collapsed(cells, size)
        assert sum(c.population for c in found) == sum(c.population for c in cells)
        assert 2 * len(found) <= max(size, 2)


def test_the_frame_is_read_by_sql_and_has_no_sentence_twice(scores: Scores) -> None:
    frame = make_frame(scores, BY)
    counted = scores.sql(
        "SELECT count(*) AS n, count(DISTINCT (doc_id, sentence)) AS d FROM sample_frame"
    )
    assert (counted["n"][0], counted["d"][0]) == (48, 48) == (frame.sentences, frame.sentences)


def test_the_command_writes_a_folder_that_the_import_reads(tmp_path: Path) -> None:
    path = write_scores(tmp_path / "scores.parquet", archive())
    folder = tmp_path / "gold"
    call = [str(path), "-n", "20", "--by", "outlet", "--by", "predicted", "-o", str(folder)]
    done = CliRunner().invoke(APP, call)
    assert done.exit_code == 0, done.output
    assert "20 of 48 sentences drawn" in done.output
    found = read_sample(folder)
    assert found.design.model == MODEL
    assert found.design.by == BY
    assert len(found.items) == 20
    again = CliRunner().invoke(APP, call)
    assert again.exit_code == 2
    assert "is not empty" in again.output
    assert CliRunner().invoke(APP, [*call, "--overwrite"]).exit_code == 0


def test_the_command_needs_a_folder_and_one_number(tmp_path: Path) -> None:
    path = str(write_scores(tmp_path / "scores.parquet", archive()))
    for more, said in (
        ([], "name it by -o"),
        (["-o", str(tmp_path / "x"), "-n", "5", "-n", "6"], "expected one number"),
        (["-o", str(tmp_path / "x"), "--width", ".1"], "--width: expected together with --plan"),
        (["-o", str(tmp_path / "x"), "--measure", "loaded"], "--measure: expected together with"),
        (["-o", str(tmp_path / "x"), "--voice", "own"], "--voice: expected together with --plan"),
        (["--plan", "-o", str(tmp_path / "x")], "-o: expected without --plan"),
        (["--plan", "--seed", "0"], "--seed: expected without --plan"),
        (["--plan", "--overwrite"], "--overwrite: expected without --plan"),
        (["-o", path], "expected a folder to write, found a file"),
        (["-o", str(tmp_path / "x"), "-n", "4000"], "expected at most 48"),
    ):
        done = CliRunner().invoke(APP, [path, *more])
        assert done.exit_code == 2
        assert said in done.output
    assert not (tmp_path / "x").exists()


def test_the_design_says_how_it_was_drawn(tmp_path: Path) -> None:
    path = write_scores(tmp_path / "scores.parquet", archive())
    folder = tmp_path / "gold"
    CliRunner().invoke(APP, [str(path), "-n", "12", "--seed", "5", "-o", str(folder)])
    design = json.loads((folder / "design.json").read_text(encoding="utf-8"))
    assert (design["seed"], design["size"], design["sentences"]) == (5, 12, 48)
    assert design["by"] == ["predicted"]
    assert sum(stratum["sampled"] for stratum in design["strata"]) == 12
