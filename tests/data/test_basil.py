"""BASIL brought to records: loaded sentences and words, retellings in one group."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connote.data.basil import read_basil
from connote.data.checks import RecordError
from connote.data.errors import UsageError
from connote.data.schema import Example, read_examples, write_examples

TEXT = "The mayor rammed the budget through, a shabby trick."
FIRST = {"bias": "Lexical", "start": 10, "end": 15, "text": "rammed", "target": "Mayor"}
SECOND = {"bias": "lex", "id": "p1", "start": 10, "end": 16, "txt": "rammed", "target": "Mayor"}


def save(path: Path, value: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def body(*annotations: Any, text: Any = TEXT) -> dict[str, Any]:
    return {"body": [{"sentence": text, "sentence-index": 0, "annotations": list(annotations)}]}


def article(**changes: Any) -> dict[str, Any]:
    return {
        "triplet-uuid": "u1",
        "uuid": "empty",
        "source": "Fox",
        "main-event": "Budget vote",
        "body-paragraphs": [["The council met.", TEXT], ["It rained."]],
    } | changes


def second(folder: Path, *annotations: Any, **changes: Any) -> Path:
    """A release with the article and its annotations in two trees."""
    path = save(folder / "articles" / "2012" / "u1_1.json", article(**changes))
    marks = {"uuid": "empty", "phrase-level-annotations": list(annotations)}
    save(folder / "annotations" / "2012" / "u1_1_ann.json", marks)
    return path


def marked(example: Example) -> list[str] | None:
    spans = example.loaded_spans
    return None if spans is None else [example.text[start:end] for start, end in spans]


def test_the_first_release_is_read(tmp_path: Path) -> None:
    path = save(tmp_path / "data" / "10_fox.json", body(FIRST))
    expected = Example(
        "basil-10-fox-0",
        TEXT,
        topic="10",
        group="basil-10",
        loaded=True,
        loaded_spans=((10, 16),),
    )
    assert read_basil(path) == read_basil(tmp_path) == read_basil(tmp_path / "data") == [expected]


def test_the_second_release_is_read(tmp_path: Path) -> None:
    path = second(tmp_path, SECOND)
    plain, loaded, last = read_basil(tmp_path)
    assert loaded == Example(
        "basil-u1-fox-1",
        TEXT,
        topic="Budget vote",
        group="basil-u1",
        loaded=True,
        loaded_spans=((10, 16),),
    )
    assert (plain.loaded, plain.loaded_spans) == (last.loaded, last.loaded_spans) == (False, ())
    assert read_basil(path) == [plain, loaded, last]


def test_annotations_may_lie_beside_their_article(tmp_path: Path) -> None:
    save(tmp_path / "10_fox.json", article())
    save(tmp_path / "10_fox_ann.json", {"phrase-level-annotations": [SECOND]})
    assert [example.loaded for example in read_basil(tmp_path)] == [False, True, False]


def test_retellings_are_one_group(tmp_path: Path) -> None:
    for outlet in ("nyt", "fox", "hpo"):
        save(tmp_path / "data" / f"3_{outlet}.json", body())
    examples = read_basil(tmp_path)
    assert {example.group for example in examples} == {"basil-3"}
    assert len({example.id for example in examples}) == 3


@pytest.mark.parametrize(
    ("annotations", "loaded", "found"),
    [
        ([], False, []),
        ([SECOND | {"bias": "inf"}], False, []),
        ([SECOND | {"id": "title"}], False, []),
        ([SECOND, SECOND | {"id": "p1_1", "start": 39, "txt": "shabby trick"}], True, 2),
        ([SECOND | {"start": 0}], True, ["rammed"]),
        ([SECOND | {"start": None}], True, ["rammed"]),
        ([SECOND | {"txt": "rammed the "}, SECOND | {"txt": "the budget"}], True, 1),
        ([SECOND, SECOND | {"txt": "jammed"}], True, None),
    ],
)
def test_the_text_of_a_span_says_where_it_stands(
    tmp_path: Path, annotations: list[Any], loaded: bool, found: Any
) -> None:
    second(tmp_path, *annotations)
    example = read_basil(tmp_path)[1]
    assert example.loaded is loaded
    words = marked(example)
    assert (len(words or ()) if isinstance(found, int) else words) == found


def test_a_blank_sentence_is_left_out(tmp_path: Path) -> None:
    second(tmp_path, SECOND, **{"body-paragraphs": [["", TEXT], ["\xa0"]]})
    assert [example.id for example in read_basil(tmp_path)] == ["basil-u1-fox-1"]


def test_articles_without_annotations_have_no_labels(tmp_path: Path) -> None:
    row = {"event": "e1", "outlet": "NYT", "paragraphs": ["One.", " ", "Two."], "title": "T"}
    path = save(tmp_path / "articles.jsonl", row)
    assert read_basil(path) == [
        Example("basil-e1-nyt-0", "One.", topic="e1", group="basil-e1"),
        Example("basil-e1-nyt-2", "Two.", topic="e1", group="basil-e1"),
    ]
    assert read_basil(tmp_path) == read_basil(path)
    path.rename(tmp_path / "dev.jsonl")
    assert len(read_basil(tmp_path, "dev")) == 2
    with pytest.raises(UsageError, match=r"expected a file test\.jsonl"):
        read_basil(tmp_path, "test")


@pytest.mark.parametrize(
    ("document", "field", "allowed"),
    [
        ({"paragraphs": []}, "columns", "body-paragraphs"),
        ({"body": {}}, "body", "an array"),
        ({"body": ["x"]}, "body[0]", "sentence, annotations"),
        (body(text=3), "body[0].sentence", "text"),
        ({"body": [{"sentence": TEXT, "annotations": None}]}, "body[0].annotations", "an array"),
        (body("x"), "body[0].annotations[0]", "bias, start, text"),
        (body(FIRST | {"bias": "none"}), "body[0].annotations[0].bias", "Lexical, lex"),
        (body(FIRST | {"bias": ["lex"]}), "body[0].annotations[0].bias", "Lexical, lex"),
        (body(FIRST | {"start": -1}), "body[0].annotations[0].start", "from 0"),
        (body(FIRST | {"start": 1.5}), "body[0].annotations[0].start", "from 0"),
        (body(FIRST | {"start": True}), "body[0].annotations[0].start", "from 0"),
        (body(FIRST | {"text": None}), "body[0].annotations[0].text", "text"),
    ],
)
def test_an_article_of_another_shape_is_named(
    tmp_path: Path, document: Any, field: str, allowed: str
) -> None:
    path = save(tmp_path / "10_fox.json", document)
    with pytest.raises(RecordError) as caught:
        read_basil(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.field) == (str(path), field)
    assert allowed in problem.allowed


@pytest.mark.parametrize(
    ("bad", "field", "allowed"),
    [
        (SECOND | {"id": "p3"}, "phrase-level-annotations[1].id", "3 sentences"),
        (SECOND | {"id": "q1"}, "phrase-level-annotations[1].id", "title, or p"),
        (SECOND | {"id": 1}, "phrase-level-annotations[1].id", "title, or p"),
        ({"bias": "lex"}, "phrase-level-annotations[1]", "id, start, txt"),
    ],
)
def test_an_annotation_of_another_shape_is_named(
    tmp_path: Path, bad: Any, field: str, allowed: str
) -> None:
    path = second(tmp_path, SECOND, bad)
    with pytest.raises(RecordError) as caught:
        read_basil(path)
    (problem,) = caught.value.problems
    assert problem.file.endswith("u1_1_ann.json")
    assert problem.field == field
    assert allowed in problem.allowed


@pytest.mark.parametrize("changes", [{"body-paragraphs": [TEXT]}, {"body-paragraphs": "x"}])
def test_paragraphs_are_lists_of_sentences(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(RecordError, match="allowed: an array"):
        read_basil(second(tmp_path, **changes))


def test_an_article_twice_is_an_error(tmp_path: Path) -> None:
    for name in ("a", "b"):
        save(tmp_path / f"{name}.json", article())
        save(tmp_path / f"{name}_ann.json", {"phrase-level-annotations": []})
    with pytest.raises(RecordError, match=r"b\.json:1: .*an outlet once for each event"):
        read_basil(tmp_path)


@pytest.mark.parametrize("column", ["event", "outlet"])
def test_what_every_sentence_carries_is_short(tmp_path: Path, column: str) -> None:
    short = {"event": "e" * 200, "outlet": "o" * 200, "paragraphs": ["One."]}
    assert len(read_basil(save(tmp_path / "a.jsonl", short))) == 1
    with pytest.raises(RecordError, match=rf"a\.jsonl:1: {column}: .*at most 200 characters"):
        read_basil(save(tmp_path / "a.jsonl", short | {column: "x" * 201}))


@pytest.mark.parametrize("column", ["triplet-uuid", "source", "main-event"])
def test_so_it_is_in_the_second_release(tmp_path: Path, column: str) -> None:
    with pytest.raises(RecordError, match=f"{column}: .*at most 200 characters"):
        read_basil(second(tmp_path, **{column: "x" * 201}))


def test_a_name_without_an_event_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="<number of the event>_<outlet>"):
        read_basil(save(tmp_path / "fox.json", body()))


def test_missing_annotations_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"u1_1_ann\.json, found neither"):
        read_basil(save(tmp_path / "u1_1.json", article()))


def test_a_folder_without_articles_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"articles\.jsonl or articles/\*/\*\.json"):
        read_basil(tmp_path)


def test_without_a_path_the_source_is_named() -> None:
    with pytest.raises(UsageError, match=r"launchnlp/BASIL.*--data basil=PATH"):
        read_basil()


def test_the_real_corpus_is_read_and_its_records_are_valid(shared: Path, tmp_path: Path) -> None:
    examples = read_basil(shared / "corpora" / "basil")
    write_examples(tmp_path / "out.jsonl", examples)
    assert read_examples(tmp_path / "out.jsonl") == examples
    assert len({example.group for example in examples}) == 100
    assert {e.loaded for e in examples} | {e.loaded_spans for e in examples} == {None}
