"""The folder of a sample: read as it was written, refused where it does not fit together."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from study_helpers import DESIGN_OF_SAMPLE, items, write_sample

from connote.data.checks import RecordError
from connote.study import sample_folder
from connote.study.sample_folder import DESIGN, ITEMS, SampleError, read_sample


def test_a_sample_is_read_as_it_was_written(tmp_path: Path) -> None:
    sample = read_sample(write_sample(tmp_path / "sample"))
    assert list(sample.items) == items()
    assert sample.design == DESIGN_OF_SAMPLE
    assert sample.by_id["s3"].origin.probability == 0.25
    line = (tmp_path / "sample" / ITEMS).read_text(encoding="utf-8").splitlines()[0]
    assert json.loads(line)["mentions"][0]["stance"] == "uncertain"


def test_a_folder_without_a_sample_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="expected a folder that connote sample wrote"):
        read_sample(tmp_path)
    folder = write_sample(tmp_path / "sample")
    (folder / DESIGN).write_text("[" * 100_000)
    with pytest.raises(SampleError, match="nested too deeply"):
        read_sample(folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda item: item.update(probability=0.5), "probability 0.5, not 2/40"),
        (lambda item: item.update(population=41), "where design.json says otherwise"),
        (lambda item: item.update(stratum="outlet=Elsewhere"), "which design.json does not name"),
        (lambda item: item.update(id="s2"), "found 's2' twice"),
    ],
)
def test_items_that_do_not_fit_the_design_are_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], message: str
) -> None:
    with pytest.raises(SampleError, match=message):
        read_sample(_changed(write_sample(tmp_path / "sample"), change))


@pytest.mark.parametrize(
    "change",
    [
        lambda item: item.update(text="\ud800"),
        lambda item: item.update(sentence="first"),
        lambda item: item.update(probability=0),
        lambda item: item.update(note="x"),
        lambda item: item["mentions"].append({"start": 9, "end": 500}),
        lambda item: item["mentions"].append({"start": 0, "end": 3, "framing": "hostile"}),
        lambda item: item.pop("mentions"),
        lambda item: item.pop("document"),
    ],
)
def test_an_item_that_is_not_valid_is_refused_by_line(
    tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    with pytest.raises(RecordError, match=r"sample\.jsonl:1"):
        read_sample(_changed(write_sample(tmp_path / "sample"), change))


def test_a_sample_that_lacks_items_is_refused(tmp_path: Path) -> None:
    folder = write_sample(tmp_path / "sample")
    lines = (folder / ITEMS).read_text(encoding="utf-8").splitlines()
    (folder / ITEMS).write_text("\n".join(lines[:-1]), encoding="utf-8")
    with pytest.raises(SampleError, match="expected 3 items of 'outlet=The Lantern', found 2"):
        read_sample(folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda design: design.update(sentences=60), "60 sentences together, found 52"),
        (lambda design: design.update(size=6), "expected 6 sentences to be drawn"),
        (lambda design: design["strata"].append(design["strata"][0]), "every stratum once"),
        (lambda design: design["strata"][1].update(population=2), "found 3 drawn of 2"),
    ],
)
def test_a_design_that_cannot_have_been_drawn_is_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], message: str
) -> None:
    folder = write_sample(tmp_path / "sample")
    design = json.loads((folder / DESIGN).read_text(encoding="utf-8"))
    change(design)
    (folder / DESIGN).write_text(json.dumps(design), encoding="utf-8")
    with pytest.raises(SampleError, match=message):
        read_sample(folder)


def test_a_sentence_drawn_twice_is_refused(tmp_path: Path) -> None:
    def same(item: dict[str, Any]) -> None:
        item.update(document="wire-9", sentence=5)

    with pytest.raises(SampleError, match="expected every sentence once"):
        read_sample(_changed(write_sample(tmp_path / "sample"), same))


def test_more_items_than_a_sample_can_have_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample_folder, "MAX_ITEMS", 4)
    with pytest.raises(SampleError, match="expected at most 4 items"):
        read_sample(write_sample(tmp_path / "sample"))


def _changed(folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """The folder with its first item changed."""
    lines = (folder / ITEMS).read_text(encoding="utf-8").splitlines()
    item = json.loads(lines[0])
    change(item)
    (folder / ITEMS).write_text("\n".join([json.dumps(item), *lines[1:]]), encoding="utf-8")
    return folder
