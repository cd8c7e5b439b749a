"""The benchmark's folds, its table, and a measurement from end to end."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console

from connote.data.errors import UsageError
from connote.data.schema import Example, Mention, read_examples, write_examples
from connote.train import benchmark, run
from connote.train.benchmark import (
    FOLDS,
    TASKS,
    Task,
    cross_validation,
    first_fold,
    main,
    measure,
    measure_together,
    newsmtsc_parts,
    table_of,
)
from connote.train.published import PUBLISHED

EVENTS, RETELLINGS = 23, 4


def example(event: int, retelling: int) -> Example:
    loaded = retelling % 2 == 0
    text = f"The {'thugs' if loaded else 'rebels'} of hill {event} left, report {retelling} said."
    label = Mention(
        4,
        text.index(" of hill"),
        framing="delegitimizing" if loaded else "neutral",
        stance="against" if loaded else "neutral",
        voice="own" if retelling < 2 else "attributed",
    )
    name = f"{event}-{retelling}"
    return Example(name, text, (label,), group=f"event-{event}", loaded=loaded)


@pytest.fixture
def records(tmp_path: Path) -> Path:
    examples = [example(event, i) for event in range(EVENTS) for i in range(RETELLINGS)]
    random.Random(1).shuffle(examples)
    write_examples(tmp_path / "own.jsonl", examples)
    return tmp_path / "own.jsonl"


def text_of(table: object) -> list[str]:
    console = Console(width=240, file=StringIO(), record=True)
    console.print(table)
    return console.export_text().splitlines()


def test_folds_are_disjoint_and_cover_everything(records: Path) -> None:
    tested: list[str] = []
    for train, tests in cross_validation("connote", records):
        (test,) = tests.values()
        assert len(train) + len(test) == EVENTS * RETELLINGS
        assert not {e.id for e in train} & {e.id for e in test}
        assert abs(len(test) - EVENTS * RETELLINGS / FOLDS) < RETELLINGS
        tested += [e.id for e in test]
    assert len(tested) == len(set(tested)) == EVENTS * RETELLINGS


def test_retellings_of_one_event_stay_together(records: Path) -> None:
    for train, tests in cross_validation("connote", records):
        assert not {e.group for e in train} & {e.group for e in tests["test"]}


def test_the_folds_are_drawn_and_always_the_same(records: Path) -> None:
    once, again = (list(cross_validation("connote", records)) for _ in range(2))
    assert len(once) == FOLDS
    assert once == again
    assert list(first_fold("connote", records)) == once[:1]
    numbers = sorted({int(e.id.split("-")[0]) for e in once[0][1]["test"]})
    assert len({b - a for a, b in pairwise(numbers)}) > 1


def test_newsmtsc_is_measured_on_its_two_parts(shared: Path) -> None:
    ((train, parts),) = newsmtsc_parts("newsmtsc", shared / "corpora" / "newsmtsc")
    assert set(parts) == {"rw", "mt"}
    assert len(train) > len(parts["rw"]) > 0
    texts = {e.text for e in train}
    shared_texts = [e.text for part in parts.values() for e in part if e.text in texts]
    assert len(shared_texts) <= 1, "the authors' own splits share one line of page furniture"


def test_published_figures_stand_beside_ours() -> None:
    lines = text_of(
        table_of(
            {"babe": {"test": [0.7, 0.8]}, "newsmtsc": {"rw": [0.8123]}},
            {"babe": {"test": [0.7512]}},
        )
    )
    ours = [line for line in lines if "connote" in line]
    assert len(ours) == 3
    assert "babe test" in ours[0]
    assert "0.750 ± 0.071" in ours[0]
    assert "all corpora at once" in ours[1]
    assert "0.751" in ours[1]
    assert "newsmtsc rw" in ours[2]
    assert "0.812" in ours[2]
    assert "±" not in ours[2]
    for form in ("babe", "newsmtsc"):
        for published in PUBLISHED[form]:
            (line,) = (one for one in lines if one.strip().startswith(published.model))
            assert f"{published.figure:.3f}" in line
            assert published.source in line
            assert published.protocol in line
    assert len(lines) == 1 + len(ours) + len(PUBLISHED["babe"]) + len(PUBLISHED["newsmtsc"])


def test_no_figure_stands_for_a_corpus_that_was_not_measured() -> None:
    (header,) = text_of(table_of({}, {}))
    assert header.split() == ["corpus", "model", "macro-F1", "protocol", "source"]


def test_every_task_has_a_recipe_and_every_figure_a_task(repository: Path) -> None:
    forms = {task.form for task in TASKS}
    assert all((repository / "configs" / f"{form}.yaml").is_file() for form in forms)
    assert set(PUBLISHED) <= forms
    assert all(0 < figure.figure < 1 for figures in PUBLISHED.values() for figure in figures)


OWN = "name: own\nkind: baseline\ntrain: [{name: own, path: none.jsonl, dev_share: 0.2}]\n"
TOGETHER = """
name: together
kind: baseline
train:
  - {name: gwsd, format: gwsd, dev_share: 0.2}
  - {name: connote, path: none.jsonl, dev_share: 0.2}
  - {name: babe, format: babe, dev_share: 0.2}
  - {name: more, path: more.jsonl}
"""
GWSD = Task("gwsd", "gwsd.jsonl", "stance", "one fold", first_fold)
SAID = {"disagree": "Never is it so, hill", "agree": "Surely so, hill", "neutral": "Report of hill"}


@pytest.fixture
def task(records: Path, monkeypatch: pytest.MonkeyPatch) -> Task:
    """A corpus with recipes for baselines, whose models are kept beside it."""
    folder = records.parent
    (folder / "connote.yaml").write_text(OWN)
    (folder / "multitask.yaml").write_text(TOGETHER)
    monkeypatch.setattr(benchmark, "CONFIGS", folder)
    monkeypatch.setattr(benchmark, "RUNS", folder / "runs")
    return Task("connote", records.name, "loaded", "folds", cross_validation)


@pytest.fixture
def console() -> Console:
    return Console(width=200, file=StringIO(), record=True)


def test_a_corpus_is_learnt_and_measured_on_every_fold(
    task: Task, tmp_path: Path, console: Console
) -> None:
    found = measure(task, tmp_path, console)
    assert list(found) == ["test"]
    assert found["test"] == [1.0] * FOLDS  # one word decides
    shown = console.export_text()
    assert shown.count("connote test: 1.000 on") == FOLDS
    assert shown.count("training ") == FOLDS
    assert len(list((tmp_path / "runs").glob("*/*/model/config.json"))) == FOLDS


def test_what_was_measured_is_not_trained_again(
    task: Task, tmp_path: Path, console: Console
) -> None:
    single = replace(task, splits=first_fold)
    once = measure(single, tmp_path, console)
    assert console.export_text().count("training ") == 1
    assert measure(single, tmp_path, console) == once
    shown = console.export_text()
    assert "training " not in shown
    assert shown.count("connote test: ") == 1


def test_other_data_are_learnt_anew(
    task: Task, records: Path, tmp_path: Path, console: Console
) -> None:
    single = replace(task, splits=first_fold)
    assert measure(single, tmp_path, console) == {"test": [1.0]}
    write_examples(records, [replace(e, loaded=not e.loaded) for e in read_examples(records)])
    assert measure(single, tmp_path, console) == {"test": [1.0]}
    assert console.export_text().count("training ") == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: baseline", "kind: baseline\nregularization: 2"),
        ("dev_share: 0.2", "dev_share: 0.4"),
    ],
)
def test_with_other_settings_a_corpus_is_learnt_anew(
    task: Task, tmp_path: Path, console: Console, old: str, new: str
) -> None:
    single = replace(task, splits=first_fold)
    assert measure(single, tmp_path, console) == {"test": [1.0]}
    assert old in OWN
    (tmp_path / "connote.yaml").write_text(OWN.replace(old, new))
    assert measure(single, tmp_path, console) == {"test": [1.0]}
    assert console.export_text().count("training ") == 2


def test_a_model_whose_training_was_stopped_is_not_taken_for_the_one_before(
    task: Task, records: Path, tmp_path: Path, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    single = replace(task, splits=first_fold)
    examples = read_examples(records)
    assert measure(single, tmp_path, console) == {"test": [1.0]}
    write_examples(records, [replace(e, loaded=not e.loaded) for e in examples])

    def interrupted(*arguments):  # type: ignore[no-untyped-def]
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(run, "fit", interrupted)
        with pytest.raises(KeyboardInterrupt):
            measure(single, tmp_path, console)
    write_examples(records, examples)
    assert measure(single, tmp_path, console) == {"test": [1.0]}


def test_corpora_are_learnt_together_and_measured_each_for_itself(
    task: Task, tmp_path: Path, console: Console
) -> None:
    rows = [
        {"text": f"{text} {i}.", **dict.fromkeys(SAID, 0), stance: 1}
        for i in range(20)
        for stance, text in SAID.items()
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / GWSD.folder).write_text(lines, encoding="utf-8")
    write_examples(tmp_path / "more.jsonl", [example(EVENTS + 1, i) for i in range(RETELLINGS)])
    found = measure_together([task, GWSD], tmp_path, console)
    assert found == {"connote": {"test": [1.0]}, "gwsd": {"test": [1.0]}}
    shown = console.export_text()
    assert shown.count("training ") == 1
    for name in ("connote", "gwsd", "more"):
        assert f"\n{name}: " in shown
    assert "babe" not in shown, "it is not there"
    assert measure_together([task, GWSD], tmp_path, console) == found
    assert "training " not in console.export_text()


def test_without_a_folder_the_call_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for arguments in ([], [str(tmp_path / "missing")], [str(tmp_path / "file")]):
        with pytest.raises(UsageError, match="make benchmark DATA=FOLDER"):
            main(arguments)


def test_a_corpus_that_is_not_there_is_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(tmp_path)])
    shown = capsys.readouterr().out
    for task in TASKS:
        assert f"{task.form}: passed over" in shown
    main([str(tmp_path), "gwsd"])
    assert "babe" not in capsys.readouterr().out


def test_a_corpus_of_another_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match="'bab'; allowed: babe, newsmtsc, gwsd, semeval2023, multitask"
    ):
        main([str(tmp_path), "gwsd", "bab"])
