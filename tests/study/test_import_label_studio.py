"""Label Studio's export made records: offsets, annotators, and what does not come in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from study_helpers import (
    annotation,
    export,
    loaded,
    loaded_words,
    region,
    sample_in,
    task,
    text_of,
    units,
    whole,
)

from connote.data.schema import Annotation, Mention
from connote.study.entries import ExportError
from connote.study.importing import Imported, read_annotations

ANNA = {"id": 3, "email": "anna@example.org", "first_name": "Anna", "last_name": ""}


def imported(tmp_path: Path, *tasks: Any) -> Imported:
    path = export(tmp_path / "project-1.json", *tasks)
    return read_annotations([path], sample_in(tmp_path / "sample"))


def kinds(found: Imported) -> list[tuple[str, str]]:
    return [(problem.kind, problem.lost) for problem in found.report.problems]


def test_a_region_with_its_choices_is_one_mention(tmp_path: Path) -> None:
    marked = region(
        "s1",
        "regime",
        "delegitimizing",
        stance="against",
        voice="attributed",
        referent=" Kessarian government",
        speaker="Moscow",
    )
    marked[0]["meta"] = {"text": ["borderline, see codebook"]}
    note = whole("comment", {"text": ["Moscow speaks?"]})
    result = [*marked, *loaded_words("s1", "shelled"), loaded("yes"), note]
    found = imported(tmp_path, task("s1", annotation(ANNA, result)))
    [example] = found.examples
    assert found.report.problems == ()
    assert example.mentions == (
        Mention(
            4,
            10,
            "ruling-government",
            "Kessarian government",
            "Moscow",
            "delegitimizing",
            "against",
            "attributed",
        ),
    )
    assert (example.loaded, example.loaded_spans) == (True, ((20, 27),))
    time = "2026-03-04T10:00:00.000000Z"
    assert example.annotations == (
        Annotation("anna@example.org", loaded=True, comment="Moscow speaks?", time=time),
        Annotation(
            "anna@example.org",
            0,
            "delegitimizing",
            "against",
            "attributed",
            comment="borderline, see codebook",
            time=time,
        ),
    )
    assert example.group == "wire-7"
    assert example.origin is not None
    assert example.origin.probability == 2 / 40
    assert found.report.annotators[0].seconds == 21.5


def test_offsets_behind_emoji_are_converted(tmp_path: Path) -> None:
    result = [*region("s5", "ministry", "neutral", stance="neutral", voice="own"), loaded("no")]
    assert result[0]["value"]["start"] == text_of("s5").index("ministry") + 2
    [example] = imported(tmp_path, task("s5", annotation(ANNA, result))).examples
    [mention] = example.mentions
    assert example.text[mention.start : mention.end] == "ministry"


def test_a_pair_cut_in_half_is_reported(tmp_path: Path) -> None:
    cut = region("s5", "Protesters", "neutral")
    cut[0]["value"] |= {"start": 0, "end": units("Protesters 😀") - 1, "text": "Protesters \ud83d"}
    found = imported(tmp_path, task("s5", annotation(ANNA, [*cut, loaded("no")])))
    left_out = ("annotation left out", "annotation")
    assert kinds(found) == [("half a character", "mention"), left_out]
    assert found.examples == ()


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"text": "the harbour"}, ("words disagree", "mention")),
        ({"end": 400}, ("offsets outside the text", "mention")),
        ({"start": 10, "end": 10}, ("offsets outside the text", "mention")),
        ({"start": "/p[1]/text()"}, ("unusable offsets", "mention")),
        ({"labels": ["hostile"]}, ("label outside the codebook", "label")),
        ({"labels": ["neutral", "none"]}, ("several labels", "label")),
        ({"start": 6, "text": "gime"}, ("word cut", "")),
    ],
)
def test_what_is_wrong_with_a_region_is_said(
    tmp_path: Path, value: dict[str, Any], problem: tuple[str, str]
) -> None:
    marked = region("s1", "regime", "delegitimizing")
    marked[0]["value"] |= value
    found = imported(tmp_path, task("s1", annotation(7, [*marked, loaded("no")])))
    assert problem in kinds(found)
    assert len(found.examples) == (problem[1] != "mention")


def test_words_narrower_than_their_offsets_are_an_old_fault_of_the_editor(tmp_path: Path) -> None:
    marked = region("s1", "regime", "delegitimizing")
    marked[0]["value"]["text"] = "egim"
    found = imported(tmp_path, task("s1", annotation(7, [*marked, loaded("no")])))
    assert kinds(found) == [("words disagree", "")]
    assert found.examples[0].mentions[0].start == 4


def test_blanks_at_the_ends_of_a_mention_do_not_count(tmp_path: Path) -> None:
    marked = region("s1", " forces ", "neutral")
    found = imported(tmp_path, task("s1", annotation(7, [*marked, loaded("no")])))
    assert (found.examples[0].mentions[0].start, found.report.problems) == (13, ())


def test_framing_none_keeps_neither_stance_nor_voice(tmp_path: Path) -> None:
    marked = region("s1", "town", "none", stance="neutral", voice="own")
    found = imported(tmp_path, task("s1", annotation(7, [*marked, loaded("no")])))
    assert kinds(found) == [("framing none with stance or voice", "label")]
    assert found.examples[0].mentions == (Mention(32, 36, framing="none"),)


def test_a_region_without_framing_stays_and_is_reported(tmp_path: Path) -> None:
    marked = region("s1", "forces", None, stance="against")
    found = imported(tmp_path, task("s1", annotation(7, [*marked, loaded("no")])))
    assert kinds(found) == [("mention without framing", "label")]
    assert found.examples[0].mentions == (Mention(13, 19, stance="against"),)


def test_choices_for_loaded_words_are_no_mention(tmp_path: Path) -> None:
    words = loaded_words("s1", "shelled", "R1")
    choices = region("s1", "shelled", None, "R1", stance="against")
    found = imported(tmp_path, task("s1", annotation(7, [*words, *choices, loaded("yes")])))
    assert kinds(found) == [("choices without mention", "label")]
    assert found.examples[0].mentions == ()
    assert found.examples[0].loaded_spans == ((20, 27),)


def test_of_two_annotations_by_one_annotator_the_later_counts(tmp_path: Path) -> None:
    first = annotation(7, [loaded("no")], "2026-03-05T10:00:00.000000Z", id=1)
    second = annotation(7, [loaded("yes")], "2026-03-04T10:00:00.000000Z", id=2)
    found = imported(tmp_path, task("s2", first, second))
    [problem] = found.report.problems
    assert (problem.kind, problem.lost) == ("annotated twice", "annotation")
    assert "annotation 1" in problem.reason
    assert "annotation 2" in problem.place
    assert found.examples[0].loaded is False


def test_a_given_name_is_that_of_a_user_who_only_has_a_number(tmp_path: Path) -> None:
    sample = sample_in(tmp_path / "sample")
    numbered, named = annotation(1, [loaded("no")]), annotation(ANNA, [loaded("no")])
    path = export(tmp_path / "a.json", task("s1", numbered, named), task("s2", numbered))
    found = read_annotations([path], sample, names={path: "Ben"})
    names = [who.annotator for who in found.report.annotators]
    assert names == ["Ben", "anna@example.org"]
    path = export(tmp_path / "b.json", task("s1", numbered), task("s2", annotation(4, [])))
    with pytest.raises(ExportError, match=r"'Ben' is named for them, found the users 1, 4"):
        read_annotations([path], sample, annotator="Ben")


def test_results_without_an_id_are_not_of_one_region(tmp_path: Path) -> None:
    results = [
        *region("s1", "regime", "delegitimizing", stance="against"),
        *region("s1", "forces", "neutral"),
        loaded("no"),
    ]
    for result in results:
        result.pop("id")
    found = imported(tmp_path, task("s1", annotation(7, results)))
    assert [(m.start, m.framing, m.stance) for m in found.examples[0].mentions] == [
        (4, "delegitimizing", "against"),
        (13, "neutral", None),
    ]
    assert kinds(found) == [("marked twice", "")]


def test_two_framings_of_one_region_are_left_out(tmp_path: Path) -> None:
    twice = [region("s1", "regime", framing, "R1")[0] for framing in ("neutral", "none")]
    found = imported(tmp_path, task("s1", annotation(7, [*twice, loaded("no")])))
    assert kinds(found) == [("several labels", "label"), ("mention without framing", "label")]
    assert found.examples[0].mentions[0].framing is None


def test_a_region_in_two_places_leaves_the_annotation_out(tmp_path: Path) -> None:
    apart = [region("s1", words, "neutral", "R1")[0] for words in ("regime", "forces")]
    found = imported(tmp_path, task("s1", annotation(7, [*apart, loaded("no")])))
    assert ("region in two places", "mention") in kinds(found)
    assert found.examples == ()


def test_marks_of_another_setup_do_not_make_a_sentence_read(tmp_path: Path) -> None:
    foreign = region("s1", "regime", "delegitimizing")
    foreign[0]["from_name"] = "label"
    found = imported(tmp_path, task("s1", annotation(7, [*foreign, loaded("no")])))
    assert kinds(found)[0] == ("unknown result", "mention")
    assert found.examples == ()


def test_loaded_words_in_a_sentence_not_loaded_leave_both_out(tmp_path: Path) -> None:
    words = loaded_words("s1", "shelled")
    found = imported(tmp_path, task("s1", annotation(7, [*words, loaded("no")])))
    assert kinds(found) == [("loaded and not loaded", "label")]
    assert (found.examples[0].loaded, found.examples[0].loaded_spans) == (None, None)


def test_skipped_tasks_and_drafts_are_told_apart(tmp_path: Path) -> None:
    skipped = annotation(7, [], was_cancelled=True)
    draft = {"id": 5, "user": "ben@example.org", "result": [loaded("yes")], "annotation": None}
    found = imported(
        tmp_path,
        task("s1", skipped),
        task("s2", drafts=[draft]),
        task("s4"),
        task("s5", drafts=[7]),
    )
    assert kinds(found) == [("skipped", ""), ("draft", "annotation")]
    assert found.report.problems[1].annotator == "ben@example.org"
    assert (found.examples, found.report.files[0].untouched) == ((), 2)


def test_tasks_that_are_not_the_samples_are_reported(tmp_path: Path) -> None:
    foreign = task("s1", annotation(7, [loaded("no")]))
    foreign["data"] = {**foreign["data"], "id": "x9"}
    changed = task("s1", annotation(7, [loaded("no")]))
    changed["data"] = {**changed["data"], "text": "The government's forces shelled the town."}
    found = imported(tmp_path, foreign, changed, "nonsense")
    assert kinds(found) == [
        ("unknown item", "annotation"),
        ("text changed", "annotation"),
        ("broken record", "annotation"),
    ]
    assert [stratum.annotated for stratum in found.report.strata] == [0, 0]


def test_an_annotation_without_loaded_or_by_nobody_is_reported(tmp_path: Path) -> None:
    found = imported(tmp_path, task("s1", annotation(7, []), annotation(None, [loaded("no")])))
    assert kinds(found) == [("loaded not said", "label"), ("no annotator", "annotation")]
    assert found.examples[0].annotations[0].annotator == "user 7"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[" * 100_000, "nested too deeply"),
        ('[{"annotations": [], "lead_time": NaN}]', "NaN is not a JSON value"),
        ('[{"id": 1, "id": 2}]', "twice in one object"),
        ('{"tasks": []}', "a list of tasks"),
        (
            json.dumps([{"id": 1, "text": "Rain.", "annotator": 1, "annotation_id": 4}]),
            "found the format JSON-MIN; choose JSON",
        ),
        ('[{"id": 1, "data": {"text": "Rain."}}]', "no task with annotations"),
    ],
)
def test_a_file_that_is_no_export_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "project.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ExportError, match=message):
        read_annotations([path], sample_in(tmp_path / "sample"))


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "project.json"
    with path.open("wb") as out:
        out.truncate(2**30)
    with pytest.raises(ExportError, match="at most 64 MiB"):
        read_annotations([path], sample_in(tmp_path / "sample"))
