"""Records: every way to be wrong is named; what is right survives a round trip."""

import json
from pathlib import Path
from typing import Any

import pytest

from connote.data.checks import RecordError
from connote.data.origin import Origin
from connote.data.schema import (
    Annotation,
    Example,
    Mention,
    as_record,
    check_examples,
    parse_example,
    read_examples,
    write_examples,
)

TEXT = "The terrorists fled."


def record(**changes: Any) -> dict[str, Any]:
    mention = {"start": 4, "end": 14, "framing": "delegitimizing"}
    return {"id": "a-1", "text": TEXT, "mentions": [mention]} | changes


def mention(**changes: Any) -> dict[str, Any]:
    return record(mentions=[{"start": 4, "end": 14} | changes])


def problems(obj: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(RecordError) as caught:
        parse_example(obj, "corpus.jsonl", 12)
    for problem in caught.value.problems:
        assert str(problem).startswith(f"corpus.jsonl:12: {problem.field}: found ")
    return [(p.field, p.found, p.allowed) for p in caught.value.problems]


def test_id_text_and_mentions_are_enough() -> None:
    example = parse_example({"id": "x", "text": "Hi.", "mentions": []})
    assert example == Example("x", "Hi.")


FRAMINGS = "delegitimizing, neutral, legitimizing, none"


@pytest.mark.parametrize(
    ("obj", "field", "found", "allowed"),
    [
        (mention(framing="bad"), "mentions[0].framing", "'bad'", FRAMINGS),
        (mention(framing=1), "mentions[0].framing", "1", FRAMINGS),
        (mention(framing=["none"]), "mentions[0].framing", "['none']", FRAMINGS),
        (mention(stance="con"), "mentions[0].stance", "'con'", "against, neutral, favor"),
        (mention(stance_shares=[0, 0, 1]), "mentions[0].stance_shares", "[0, 0, 1]", "beside a"),
        *(
            (
                mention(stance="favor", stance_shares=shares),
                *("mentions[0].stance_shares", "", "a probability of each of against, neutral"),
            )
            for shares in ([1], [0.5, 0.5, 0.5], [1, 0, "0"], [2, -1, 0], {}, [True, 0, 0])
        ),
        (mention(voice="OWN"), "mentions[0].voice", "'OWN'", "own, attributed, quoted"),
        (mention(concept=""), "mentions[0].concept", "''", "a string that is not empty"),
        (mention(speaker="\ud800"), "mentions[0].speaker", "a lone surrogate", "text that UTF-8"),
        (mention(end=99), "mentions[0]", "span outside the text, start 4, end 99", "<= 20"),
        (mention(start=-1), "mentions[0]", "span outside the text", "0 <= start"),
        (mention(start=15), "mentions[0]", "span outside", "start < end"),
        (mention(start=14), "mentions[0]", "empty span, start 14 = end 14", "start < end"),
        (mention(start=True), "mentions[0]", "start True", "whole numbers"),
        (mention(start=4.0), "mentions[0]", "start 4.0", "whole numbers"),
        (mention(end=None), "mentions[0]", "end None", "whole numbers"),
        (mention(frame="x"), "mentions[0].frame", "unknown key", "start, end, concept"),
        (record(mentions=["x"]), "mentions[0]", "'x'", "a JSON object"),
        (record(mentions=None), "mentions", "None", "an array"),
        (record(mentions={}), "mentions", "{}", "an array"),
        (record(text=""), "text", "''", "a string that is not empty"),
        (record(text=["a"]), "text", "['a']", "a string that is not empty"),
        (record(text="a\udcff", mentions=[]), "text", "a lone surrogate", "UTF-8"),
        (record(id=None), "id", "None", "a string that is not empty"),
        (record(id=7), "id", "7", "a string that is not empty"),
        (record(labels=1), "labels", "unknown key", "id, text, mentions"),
        (record(contrast="x"), "contrast", "'x'", "label, stance, voice, side, sense"),
        (record(phenomenon="x"), "phenomenon", "'x'", "other-sense"),
        (record(loaded="yes"), "loaded", "'yes'", "true, false"),
        (record(loaded=1), "loaded", "1", "true, false"),
        (record(loaded_spans=3), "loaded_spans", "3", "an array"),
        (record(loaded_spans=[[1]]), "loaded_spans[0]", "[1]", "a pair [start, end]"),
        (record(loaded_spans=[[0, 3], [5, 5]]), "loaded_spans[1]", "empty span", "start < end"),
        (record(loaded_spans=[[0, 21]]), "loaded_spans[0]", "span outside", "<= 20"),
        (record(context=[]), "context", "[]", "a JSON object"),
        (record(context={"quote": 1}), "context.quote", "unknown key", "in_quote"),
        (record(context={"in_quote": 0}), "context.in_quote", "0", "true, false"),
        (record(annotations=[1]), "annotations[0]", "1", "a JSON object"),
        (record(annotations=[{}]), "annotations[0].annotator", "None", "not empty"),
        (
            record(annotations=[{"annotator": "a", "mention": 1}]),
            *("annotations[0].mention", "1", "a position below 1"),
        ),
        (
            record(annotations=[{"annotator": "a", "voice": "x"}]),
            *("annotations[0].voice", "'x'", "own, attributed, quoted"),
        ),
        ([1], "record", "[1]", "a JSON object"),
        ("text", "record", "'text'", "a JSON object"),
    ],
)
def test_a_wrong_field_is_named_with_what_was_found_and_is_allowed(
    obj: Any, field: str, found: str, allowed: str
) -> None:
    matching = [p for p in problems(obj) if p[0] == field]
    assert len(matching) == 1
    assert found in matching[0][1]
    assert allowed in matching[0][2]


def test_a_mention_given_twice_is_named_with_its_text() -> None:
    span = {"start": 4, "end": 14}
    found = problems(record(mentions=[span, {"start": 0, "end": 3}, dict(span, framing="none")]))
    assert found == [("mentions[2]", "duplicate mention 'terrorists' at 4-14", "every span once")]


@pytest.mark.parametrize("label", [{"stance": "against"}, {"voice": "own"}])
def test_framing_none_goes_with_neither_stance_nor_voice(label: dict[str, str]) -> None:
    assert problems(mention(framing="none", **label))[0][2] == "neither beside framing none"


def test_all_problems_of_a_record_are_reported_at_once() -> None:
    obj = mention(framing="x", voice="y", start=50) | {"id": "", "extra": 1}
    fields = [field for field, _, _ in problems(obj)]
    assert fields == ["extra", "mentions[0]", "mentions[0].framing", "mentions[0].voice", "id"]


def test_a_message_stays_short_whatever_the_value() -> None:
    huge = "x" * 1_000_000
    obj = record(mentions=[{"start": huge, "end": [huge] * 9, "framing": huge}], **{huge: 1})
    assert all(len(found) < 300 and len(field) < 300 for field, found, _ in problems(obj))


def test_offsets_count_code_points() -> None:
    text = "🙂🙂 مرحبا e\u0301"
    parsed = parse_example(record(text=text, mentions=[{"start": 3, "end": len(text)}]))
    assert text[parsed.mentions[0].start : parsed.mentions[0].end] == "مرحبا e\u0301"


def bad_file(tmp_path: Path) -> Path:
    lines = [
        json.dumps(record()).encode(),
        b'{"id": "b", ',
        json.dumps(record(id="c", loaded=3, topic=4)).encode(),
        b'{"id": "caf\xe9", "text": "x", "mentions": []}',
        b'{"id": "d", "id": "e", "text": "x", "mentions": []}',
        b'{"id": "f", "text": "x", "mentions": [], "loaded": NaN}',
        json.dumps(record(id="g")).encode(),
        json.dumps(record(id="a-1")).encode(),
        b"[" * 100_000,
        b"",
        rb'{"id": "h", "text": "\ud83d", "mentions": []}',
    ]
    path = tmp_path / "bad.jsonl"
    path.write_bytes(b"\n".join(lines))
    return path


def test_reading_to_the_end_collects_every_problem_and_the_valid_records(tmp_path: Path) -> None:
    path = bad_file(tmp_path)
    examples, found = check_examples(path)
    assert [example.id for example in examples] == ["a-1", "g"]
    assert [(p.line, p.field) for p in found] == [
        *((2, "line"), (3, "topic"), (3, "loaded"), (4, "line"), (5, "line"), (6, "line")),
        *((8, "id"), (9, "line"), (11, "text")),
    ]
    assert {p.file for p in found} == {str(path)}
    assert "wrong encoding" in found[3].found
    assert "'id' twice" in found[4].found
    assert "NaN" in found[5].found
    assert found[6].found == "'a-1' a second time, first on line 1"
    assert "nested too deeply" in found[7].found


def test_reading_stops_at_the_first_error(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"bad\.jsonl:2: line: found broken JSON") as caught:
        read_examples(bad_file(tmp_path))
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize("reader", [read_examples, check_examples])
def test_a_missing_file_is_an_os_error(tmp_path: Path, reader: Any) -> None:
    with pytest.raises(FileNotFoundError):
        reader(tmp_path / "missing.jsonl")


EXAMPLES = [
    Example("bare", "x"),
    Example("text", '« oui »\r\n\u2028 🙂 "q" \\ \x85 مرحبا e\u0301\t\u200b', (Mention(0, 7),)),
    Example(
        "full",
        TEXT,
        (Mention(4, 14, "c", "r", "s", "neutral", "favor", "quoted"), Mention(0, 3)),
        *("topic", "group", "wire", "label", "irony"),
        in_quote=True,
        loaded=False,
        loaded_spans=((4, 14), (0, 3)),
        annotations=(
            Annotation("a", 0, "none"),
            Annotation("b", loaded=True, reason="why", comment="hm", time="2024-05-01T10:00:00Z"),
        ),
        origin=Origin("doc-1", 3, "The Lantern, neutral", 120, 10, 10 / 120),
    ),
    Example("empty-spans", TEXT, loaded=True, loaded_spans=()),
]


def test_what_is_written_is_read_back_equal(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    write_examples(path, EXAMPLES)
    assert read_examples(path) == EXAMPLES
    assert path.read_bytes().count(b"\n") == len(EXAMPLES)
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_not_marked_is_absent_in_the_file() -> None:
    assert as_record(EXAMPLES[0]) == {"id": "bare", "text": "x", "mentions": []}
    assert "stance" not in as_record(Example("a", "x", (Mention(0, 1),)))["mentions"][0]


def test_an_interrupted_writing_leaves_the_earlier_file(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    write_examples(path, EXAMPLES[:1])

    def broken() -> Any:
        yield EXAMPLES[1]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_examples(path, broken())
    assert read_examples(path) == EXAMPLES[:1]


def test_shares_of_stances_come_back(tmp_path: Path) -> None:
    shared = parse_example(mention(stance="neutral", stance_shares=[0.3, 0.45, 0.25]))
    assert shared.mentions[0].stance_shares == (0.3, 0.45, 0.25)
    write_examples(tmp_path / "a.jsonl", [shared])
    assert read_examples(tmp_path / "a.jsonl") == [shared]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"probability": 0}, r"origin\.probability: found 0; allowed: a number above 0"),
        ({"probability": float("nan")}, r"origin\.probability"),
        ({"sentence": -1}, r"origin\.sentence: found -1; allowed: a whole number from 0"),
        ({"population": True}, r"origin\.population"),
        ({"document": ""}, r"origin\.document"),
        ({"weight": 3}, r"weight"),
    ],
)
def test_an_origin_is_checked(change: dict[str, Any], problem: str) -> None:
    origin = {"document": "d", "sentence": 0, "stratum": "s", "population": 9, "sampled": 3}
    record = {"id": "a", "text": "x", "mentions": []}
    with pytest.raises(RecordError, match=problem):
        parse_example({**record, "origin": {**origin, "probability": 1 / 3, **change}})
