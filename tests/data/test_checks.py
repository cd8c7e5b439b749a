"""Strict JSON, line by line, with errors that say where and what."""

import time
from pathlib import Path

import pytest

from connote.data import checks
from connote.data.checks import (
    Checker,
    Problem,
    RecordError,
    decode_json,
    has_surrogate,
    read_lines,
    shorten,
)


def lines_of(tmp_path: Path, content: bytes) -> list[tuple[int, object]]:
    path = tmp_path / "records.jsonl"
    path.write_bytes(content)
    return list(read_lines(path))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1, "a": 2}', "'a' twice"),
        ('{"b": {"a": 1, "a": 1}}', "'a' twice"),
        ('{"a": NaN}', "NaN"),
        ('{"a": -Infinity}', "Infinity"),
        ("{'a': 1}", "double quotes"),
        ('{"a": 1} x', "Extra data"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": ' * 100_000, "nested too deeply"),
        ("1" * 10_000, "digit"),
    ],
)
def test_strict_json_refuses(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        decode_json(text)


def test_valid_json_is_decoded() -> None:
    assert decode_json('{"a": [1, 2.5, null, "ü"]}') == {"a": [1, 2.5, None, "ü"]}


def test_a_key_twice_among_very_many_is_found_quickly() -> None:
    keys = [f'"k{i}": 1' for i in range(50_000)] + ['"k49999": 2']
    began = time.process_time()
    with pytest.raises(ValueError, match="k49999"):
        decode_json("{" + ",".join(keys) + "}")
    assert time.process_time() - began < 5


@pytest.mark.parametrize("value", ["x" * 10_000_000, [[[[[[[[1]]]]]]]] * 1000, {"k": "x" * 10**6}])
def test_a_value_is_shortened_for_a_message(value: object) -> None:
    assert len(shorten(value)) <= 80


def test_a_value_too_deep_for_repr_is_shortened() -> None:
    value: list[object] = []
    for _ in range(100_000):
        value = [value]
    assert shorten(value).startswith("[[")


@pytest.mark.parametrize(
    ("text", "expected"), [("a\ud800", True), ("🙂 مرحبا", False), ("", False)]
)
def test_lone_surrogates_are_noticed(text: str, expected: bool) -> None:
    assert has_surrogate(text) is expected


def test_a_problem_names_file_line_field_found_and_allowed() -> None:
    problem = Problem("a.jsonl", 3, "mentions[0].framing", "'bad'", "neutral, none")
    assert str(problem) == "a.jsonl:3: mentions[0].framing: found 'bad'; allowed: neutral, none"


def test_an_error_carries_all_its_problems() -> None:
    problems = [Problem("f", 1, "a", "x", "y"), Problem("f", 1, "b", "x", "y")]
    error = RecordError(problems)
    assert error.problems == tuple(problems)
    assert str(error).splitlines() == [str(p) for p in problems]


def test_lines_are_counted_from_one_and_blank_ones_passed_over(tmp_path: Path) -> None:
    assert lines_of(tmp_path, b'\n{"a":1}\r\n  \n{"b":2}') == [(2, {"a": 1}), (4, {"b": 2})]


def test_a_line_separator_inside_a_string_ends_no_line(tmp_path: Path) -> None:
    content = '{"a":"x\u2028y\x85z"}\n{"b":1}\n'.encode()
    assert lines_of(tmp_path, content) == [(1, {"a": "x\u2028y\x85z"}), (2, {"b": 1})]


def test_a_byte_order_mark_is_no_part_of_the_record(tmp_path: Path) -> None:
    assert lines_of(tmp_path, b'\xef\xbb\xbf{"a":1}\n') == [(1, {"a": 1})]


@pytest.mark.parametrize(
    ("raw", "found", "allowed"),
    [
        (b'{"a": "caf\xe9"}', "byte 0xe9 at 10, wrong encoding", "UTF-8"),
        (b"\xff\xfe{\x00}\x00", "byte 0xff at 0, wrong encoding", "UTF-8"),
        (b'{"a": ', "broken JSON", "one JSON object a line"),
        (b"\x00", "broken JSON", "one JSON object a line"),
    ],
)
def test_a_bad_line_is_an_error_and_the_next_is_read(
    tmp_path: Path, raw: bytes, found: str, allowed: str
) -> None:
    (number, error), last = lines_of(tmp_path, raw + b'\n{"ok":1}\n')
    assert isinstance(error, RecordError)
    problem = error.problems[0]
    assert (number, problem.line, problem.field) == (1, 1, "line")
    assert problem.file.endswith("records.jsonl")
    assert found in problem.found
    assert problem.allowed == allowed
    assert last == (2, {"ok": 1})


def test_a_line_beyond_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "MAX_LINE_BYTES", 20)
    outcomes = lines_of(tmp_path, b'{"a":1}\n{"a":"' + b"x" * 50 + b'"}\n')
    assert outcomes[0] == (1, {"a": 1})
    assert isinstance(outcomes[1][1], RecordError)
    assert outcomes[1][1].problems[0].line == 2


@pytest.mark.parametrize(
    ("method", "value", "allowed"),
    [
        ("string", "", "a string that is not empty"),
        ("string", 3, "a string that is not empty"),
        ("string", "\udc00", "text that UTF-8 can encode"),
        ("boolean", 1, "true, false"),
        ("boolean", "true", "true, false"),
        ("array", {}, "an array"),
    ],
)
def test_a_field_of_the_wrong_kind_is_noted(method: str, value: object, allowed: str) -> None:
    check = Checker("f", 7)
    assert getattr(check, method)({"key": value}, "key") is None
    assert [(p.line, p.field, p.allowed) for p in check.problems] == [(7, "key", allowed)]


def test_absent_and_null_are_the_same() -> None:
    check = Checker("f", 1)
    for obj in ({}, {"key": None}):
        assert check.string(obj, "key") is None
        assert check.boolean(obj, "key") is None
        assert check.array(obj, "key") is None
        assert check.one_of(obj, "key", ("a",)) is None
    assert check.problems == []


def test_what_is_required_may_not_be_absent() -> None:
    check = Checker("f", 1)
    check.string({}, "text", required=True)
    check.array({}, "mentions", required=True)
    assert [p.field for p in check.problems] == ["text", "mentions"]
