"""SemEval 2023 task 3 brought to records: loaded paragraphs, everything else absent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connote.data.checks import RecordError
from connote.data.errors import UsageError
from connote.data.hashes import sentence_hash
from connote.data.schema import Example, read_examples, write_examples
from connote.data.semeval import TECHNIQUES, read_semeval
from connote.data.tables import MAX_BYTES

TEXT = "These crooks never sleep."
ARTICLE = "Crooks at the mill\n\nThese crooks never sleep.\n \nRain fell.\n"


def row(*techniques: str, **changes: Any) -> dict[str, Any]:
    return {"text": TEXT} | {name: int(name in techniques) for name in TECHNIQUES} | changes


def written(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return path


def original(folder: Path, *lines: str, split: str = "train", article: str = ARTICLE) -> Path:
    articles = folder / f"{split}-articles-subtask-3"
    articles.mkdir()
    for number in ("111", "222"):
        (articles / f"article{number}.txt").write_text(article, encoding="utf-8")
    path = folder / f"{split}-labels-subtask-3.txt"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("techniques", "loaded"),
    [
        (("Loaded_Language",), True),
        (("Name_Calling-Labeling", "Doubt"), True),
        (("Doubt", "Repetition"), False),
        ((), False),
    ],
)
def test_two_techniques_load_a_paragraph(
    tmp_path: Path, techniques: tuple[str, ...], loaded: bool
) -> None:
    path = written(tmp_path / "train.jsonl", row(*techniques))
    name = f"semeval2023-{sentence_hash(TEXT)[:12]}"
    assert read_semeval(path) == [Example(name, TEXT, group=name, loaded=loaded)]
    labels = original(tmp_path, f"111\t3\t{','.join(techniques)}")
    group = "semeval2023-111"
    assert read_semeval(labels) == [Example(f"{group}-3", TEXT, group=group, loaded=loaded)]


def test_the_original_folder_is_read_by_split(tmp_path: Path) -> None:
    lines = ("111\t1\t", "111\t3\tLoaded_Language", "111\t4\t", "222\t5")
    original(tmp_path, *lines)
    original(tmp_path, "222\t1\tDoubt", split="dev")
    train = read_semeval(tmp_path)
    assert [(e.id, e.text, e.loaded) for e in train] == [
        ("semeval2023-111-1", "Crooks at the mill", False),
        ("semeval2023-111-3", TEXT, True),
        ("semeval2023-222-5", "Rain fell.", False),
    ]
    assert [e.group for e in train] == ["semeval2023-111", "semeval2023-111", "semeval2023-222"]
    assert [e.id for e in read_semeval(tmp_path, "dev")] == ["semeval2023-222-1"]


def test_of_a_paragraph_twice_the_first_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", row("Loaded_Language"), row())
    assert [example.loaded for example in read_semeval(path)] == [True]


@pytest.mark.parametrize(
    ("bad", "field", "allowed"),
    [
        ({"text": TEXT, "Loaded_Language": 0}, "columns", "Name_Calling-Labeling"),
        (row(text=" "), "text", "not blank"),
        (row(Loaded_Language=2), "Loaded_Language", "0, 1"),
        (row(Loaded_Language="1"), "Loaded_Language", "0, 1"),
        (row(Loaded_Language=True), "Loaded_Language", "0, 1"),
        (row(Loaded_Language=None), "Loaded_Language", "0, 1"),
        (row(Loaded_Language=[1]), "Loaded_Language", "0, 1"),
    ],
)
def test_a_row_of_another_shape_is_named(
    tmp_path: Path, bad: dict[str, Any], field: str, allowed: str
) -> None:
    path = written(tmp_path / "a.jsonl", row(), bad)
    with pytest.raises(RecordError) as caught:
        read_semeval(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.field) == (str(path), 2, field)
    assert allowed in problem.allowed


@pytest.mark.parametrize(
    ("bad", "field", "allowed"),
    [
        ("111 3 Doubt", "line", "tab"),
        ("111\t3\tDoubt\tmore", "line", "tab"),
        ("../../111\t3\tDoubt", "line", "number of the article"),
        ("111\t0\tDoubt", "line", "from 1"),
        ("111\t٣\tDoubt", "line", "from 1"),
        ("111", "line", "tab"),
        ("111\t3\tDoubts", "techniques", "Loaded_Language, Name_Calling-Labeling"),
        ("111\t1\tDoubt", "paragraph 1 of article 111", "once"),
        ("111\t2\tDoubt", "paragraph 2 of article 111", "not blank"),
        ("111\t99\tDoubt", "paragraph 99 of article 111", "not blank"),
    ],
)
def test_a_label_of_another_shape_is_named(
    tmp_path: Path, bad: str, field: str, allowed: str
) -> None:
    path = original(tmp_path, "111\t1\t", bad)
    with pytest.raises(RecordError) as caught:
        read_semeval(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.field) == (str(path), 2, field)
    assert allowed in problem.allowed


def test_an_article_that_comes_back_is_refused(tmp_path: Path) -> None:
    path = original(tmp_path, "111\t1\t", "222\t1\t", "111\t3\t")
    with pytest.raises(RecordError, match=r"txt:3: article: found '111'.*one after the other"):
        read_semeval(path)


def test_a_missing_article_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"article333\.txt"):
        read_semeval(original(tmp_path, "333\t1\t"))


def test_an_article_of_any_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="4 MiB a document"):
        read_semeval(original(tmp_path, "111\t1\t", article="x" * (MAX_BYTES + 1)))


def test_a_file_that_is_neither_is_named(tmp_path: Path) -> None:
    path = tmp_path / "labels.tsv"
    path.write_text("111\t1\t\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"expected a JSONL file or one named <split>-labels"):
        read_semeval(path)
    with pytest.raises(UsageError, match=r"train\.jsonl or train-labels-subtask-3\.txt"):
        read_semeval(tmp_path)


def test_without_a_path_the_source_is_named() -> None:
    with pytest.raises(UsageError, match=r"semeval2023task3.*--data semeval2023=PATH"):
        read_semeval()


def test_the_real_corpus_is_read_and_its_records_are_valid(shared: Path, tmp_path: Path) -> None:
    examples = read_semeval(shared / "corpora" / "semeval2023_task3_en")
    write_examples(tmp_path / "out.jsonl", examples)
    assert read_examples(tmp_path / "out.jsonl") == examples
    assert len(examples) > 5_000
    assert 0.1 < sum(bool(e.loaded) for e in examples) / len(examples) < 0.5
    assert {e.loaded_spans for e in examples} == {None}
    assert not any(e.mentions for e in examples)
