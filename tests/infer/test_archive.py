"""Runs over files: what is counted, what is refused, what never stops the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connote import Document, DocumentError, Scorer
from connote.infer.archive import score_files
from connote.infer.columns import check_sources
from connote.infer.folder import open_model, shipped_model, write_config
from connote.infer.inputs import InputError, find_sources
from connote.infer.reading import PieceReader
from connote.infer.rows import ReadOptions
from connote.infer.summary import Summary
from connote.infer.writing import ScoreWriter, check_output

PLAIN = ReadOptions()


def run(scorer: Scorer, path: Path, columns: ReadOptions = PLAIN) -> tuple[Summary, list[dict]]:
    rows: list[dict[str, Any]] = []
    return score_files(scorer, find_sources([str(path)]), PieceReader(columns), rows.append), rows


def jsonl(path: Path, *rows: dict) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_mentions_in_white_space_fail_alone(scorer: Scorer, tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "a.jsonl",
        {"id": "1", "text": "The mob came."},
        {"id": "2", "text": "   ", "mentions": [{"start": 0, "end": 1}]},
        {"id": "3", "text": "The mob left."},
    )
    summary, rows = run(scorer, path)
    assert summary.failed == 1
    assert summary.failures[0].position == 2
    assert [row["doc_id"] for row in rows] == ["1", "3"]


def test_documents_without_id_are_known_by_their_text(scorer: Scorer, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", {"text": "The mob came."}, {"text": "The mob left."})
    other = jsonl(tmp_path / "b.jsonl", {"text": "The mob left."})
    ids = [row["doc_id"] for row in run(scorer, path)[1]]
    assert len(set(ids)) == 2
    assert run(scorer, other)[1][0]["doc_id"] == ids[1]


def test_what_frames_nothing_has_no_stance_and_no_voice(scorer: Scorer, tmp_path: Path) -> None:
    text = "Her exercise regime starts at six with a run around the lake."
    path = jsonl(tmp_path / "a.jsonl", {"text": text, "mentions": [{"start": 4, "end": 19}]})
    summary, rows = run(scorer, path)
    assert rows[0]["framing"] == "none"
    assert rows[0]["stance"] is None
    assert rows[0]["voice"] is None
    assert summary.labels["framing"]["none"] == 1
    assert not summary.labels["stance"]


@pytest.mark.parametrize(
    ("name", "content", "columns"),
    [
        ("a.jsonl", '{"body": "x"}\n', ReadOptions()),
        ("a.jsonl", '{"text": "x"}\n', ReadOptions(by="outlet")),
        ("a.csv", "", ReadOptions()),
        ("a.csv", "text,n\nx,1\n", ReadOptions(by="outlet")),
    ],
)
def test_a_column_that_is_not_there_is_refused(
    tmp_path: Path, name: str, content: str, columns: ReadOptions
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match="no column"):
        check_sources(find_sources([str(tmp_path / name)]), columns)


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,tag,tag\nx,1,2\n")
    with pytest.raises(InputError, match="'tag' stands twice"):
        check_sources(find_sources([str(tmp_path / "a.csv")]), ReadOptions())


def test_documents_are_checked_however_they_are_made() -> None:
    with pytest.raises(DocumentError, match="outside the text"):
        Document("The mob came.", "1", mentions=((50, 99),))


def test_a_second_run_on_one_output_leaves_the_first_alone(tmp_path: Path) -> None:
    out = tmp_path / "scores.jsonl"
    with ScoreWriter(out) as writer:
        writer.add({"doc_id": "1"})
        check_output(out, overwrite=False)
        with ScoreWriter(out) as second:
            second.add({"doc_id": "2"})
    assert json.loads(out.read_text())["doc_id"] == "1"
    assert [path.name for path in tmp_path.iterdir()] == ["scores.jsonl"]


def test_twelve_thousand_mentions_in_one_sentence(scorer: Scorer, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", {"text": "the mob ran to the regime and " * 6_000})
    out = tmp_path / "scores.parquet"
    with ScoreWriter(out) as writer:
        summary = score_files(scorer, find_sources([str(path)]), PieceReader(PLAIN), writer.add)
    assert 11_000 < summary.mentions <= 12_000  # less those that the model takes to mean nothing
    assert out.stat().st_size < 20_000_000


def test_a_models_id_tells_its_settings(tmp_path: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(shipped_model(), tmp_path / "model"))
    config = dict(open_model().config)
    config["thresholds"] = {**config["thresholds"], "framing": 0.99}
    write_config(folder, config, list(config["files"]))
    assert open_model(folder).id != open_model().id
