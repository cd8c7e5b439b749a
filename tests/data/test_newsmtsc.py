"""NewsMTSC brought to records: stance alone, everything else absent."""

import json
from pathlib import Path
from typing import Any

import pytest

from connote.data.checks import RecordError
from connote.data.errors import UsageError
from connote.data.newsmtsc import merge_hub_rows, read_newsmtsc
from connote.data.schema import Example, Mention, read_examples, write_examples

TEXT = "Trump praised Obama."


def target(start: int, end: int, polarity: Any) -> dict[str, Any]:
    return {"from": start, "to": end, "polarity": polarity, "mention": TEXT[start:end]}


def row(*targets: Any, **changes: Any) -> dict[str, Any]:
    return {"primary_gid": "g1", "sentence_normalized": TEXT, "targets": list(targets)} | changes


def written(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("polarity", "stance"), [(2.0, "against"), (4.0, "neutral"), (6.0, "favor"), (6, "favor")]
)
def test_polarity_becomes_stance_and_nothing_else(
    tmp_path: Path, polarity: float, stance: str
) -> None:
    path = written(tmp_path / "train.jsonl", row(target(14, 19, polarity)))
    expected = Example("newsmtsc-g1", TEXT, (Mention(14, 19, stance=stance),), group="newsmtsc-g1")
    assert read_newsmtsc(path) == [expected]


def test_a_target_that_stands_twice_is_one_mention(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", row(target(0, 5, 4), target(14, 19, 6), target(0, 5, 4)))
    assert [(m.start, m.end) for m in read_newsmtsc(path)[0].mentions] == [(0, 5), (14, 19)]


def test_a_folder_holds_a_file_for_each_split(tmp_path: Path) -> None:
    written(tmp_path / "test.jsonl", row(primary_gid="in-test"))
    assert [example.id for example in read_newsmtsc(tmp_path, "test")] == ["newsmtsc-in-test"]
    with pytest.raises(UsageError, match=r"expected a file train\.jsonl, found test\.jsonl"):
        read_newsmtsc(tmp_path, "train")


def test_a_sentence_without_targets_is_kept(tmp_path: Path) -> None:
    assert read_newsmtsc(written(tmp_path / "a.jsonl", row()))[0].mentions == ()


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ([1], "record"),
        ({"sentence": TEXT}, "columns"),
        (row(sentence_normalized=3), "sentence_normalized"),
        (row(sentence_normalized=" \n"), "sentence_normalized"),
        (row(sentence_normalized="A lone \ud800."), "sentence_normalized"),
        (row(primary_gid=["g1"]), "primary_gid"),
        (row(primary_gid="\ud800"), "primary_gid"),
        (row(sentence_normalized="Another sentence."), "id"),
        (row(targets={}), "targets"),
        (row("x"), "targets[0]"),
        (row({"from": 0, "to": 5}), "targets[0]"),
        (row(target(0, 5, 4), target(0, 99, 4)), "targets[1].from"),
        (row(target(5, 5, 4)), "targets[0].from"),
        (row(target(0, 5, True)), "targets[0].polarity"),
        (row(target(0, 5, 3)), "targets[0].polarity"),
        (row(target(0, 5, [2])), "targets[0].polarity"),
        (row(target(0, 5, "2")), "targets[0].polarity"),
    ],
)
def test_a_row_of_another_shape_is_named(tmp_path: Path, bad: Any, field: str) -> None:
    path = written(tmp_path / "a.jsonl", row(), bad)
    with pytest.raises(RecordError) as caught:
        read_newsmtsc(path)
    problem = caught.value.problems[0]
    assert (problem.file, problem.line, problem.field) == (str(path), 2, field)


def test_a_sentence_twice_under_one_id_has_the_targets_of_both(tmp_path: Path) -> None:
    other = row(target(0, 5, 2), primary_gid="g2")
    path = written(
        tmp_path / "a.jsonl", row(target(0, 5, 4)), other, row(target(14, 19, 6), target(0, 5, 6))
    )
    first, second = read_newsmtsc(path)
    assert [(m.start, m.stance) for m in first.mentions] == [(0, "favor"), (14, "favor")]
    assert (second.id, second.text) == ("newsmtsc-g2", first.text)
    assert [m.stance for m in second.mentions] == ["against"]


def test_a_sentence_without_an_id_is_called_by_its_line(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", row(), row(primary_gid=None))
    assert [example.id for example in read_newsmtsc(path)] == ["newsmtsc-g1", "newsmtsc-2"]


def test_broken_json_in_the_corpus_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(RecordError, match="broken JSON"):
        read_newsmtsc(path)


def test_rows_of_the_hub_are_merged_by_sentence() -> None:
    rows = [
        {"sentence": TEXT, "from": 0, "to": 5, "polarity": 0},
        {"sentence": "Other.", "from": 0, "to": 5, "polarity": -1},
        {"sentence": TEXT, "from": 14, "to": 19, "polarity": 1},
    ]
    first, second = merge_hub_rows(rows)
    assert first.mentions == (Mention(0, 5, stance="neutral"), Mention(14, 19, stance="favor"))
    assert second.mentions == (Mention(0, 5, stance="against"),)
    assert first.group == first.id != second.id


@pytest.mark.parametrize(
    "change",
    [
        {"polarity": 6},
        {"polarity": True},
        {"polarity": [0]},
        {"from": 5},
        {"to": 99},
        {"from": "0"},
        {"sentence": None},
        {"sentence": " "},
        {"sentence": TEXT + "\ud800"},
        {"sentence": f" {TEXT}"},
    ],
)
def test_a_hub_row_of_another_shape_is_named(change: dict[str, Any]) -> None:
    good = {"sentence": TEXT, "from": 0, "to": 5, "polarity": 0}
    bad = {k: v for k, v in (good | change).items() if v is not None}
    with pytest.raises(RecordError, match="newsmtsc:2:"):
        list(merge_hub_rows([good, bad]))


def test_the_real_corpus_is_read_and_its_records_are_valid(shared: Path, tmp_path: Path) -> None:
    examples = read_newsmtsc(shared / "corpora" / "newsmtsc" / "dev_mt.jsonl")
    write_examples(tmp_path / "out.jsonl", examples)
    assert read_examples(tmp_path / "out.jsonl") == examples
    assert len(examples) > 100
    mentions = [m for example in examples for m in example.mentions]
    assert {m.stance for m in mentions} == {"against", "neutral", "favor"}
    assert {m.framing for m in mentions} | {m.voice for m in mentions} == {None}


def test_a_sentence_under_two_ids_is_read_twice(shared: Path) -> None:
    examples = read_newsmtsc(shared / "corpora" / "newsmtsc")
    assert len({example.id for example in examples}) == len(examples)
    assert len({example.text for example in examples}) < len(examples)
