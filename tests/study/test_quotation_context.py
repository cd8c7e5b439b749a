"""Sentences inside a quotation opened earlier: what a sample and its gold records know of it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from run_helpers import CONNOTE

from connote.infer.judge import as_input
from connote.study.consensus import record_of
from connote.study.exports import write_sample
from connote.study.sample_folder import read_sample
from connote.study.sampling import draw
from connote.study.scores import open_scores

PARAGRAPHS = [
    "The minister spoke for an hour. “The terrorists have fled the town. Nobody will miss them. "
    "Our heroes hold the bridge,” he said. Rain fell.",
    "“It is over.”",
]
INSIDE = ["Nobody will miss them.", "Our heroes hold the bridge,” he said."]


@pytest.mark.parametrize("ending", ["parquet", "jsonl", "csv"])
def test_gold_records_know_quotations_that_opened_earlier(tmp_path: Path, ending: str) -> None:
    archive, scores = tmp_path / "news.jsonl", tmp_path / f"scores.{ending}"
    archive.write_text(json.dumps({"id": "a", "text": PARAGRAPHS}) + "\n", encoding="utf-8")
    subprocess.run([*CONNOTE, "score", str(archive), "-o", str(scores)], check=True)
    with open_scores(scores) as opened:
        write_sample(draw(opened, 6), tmp_path / "sample")
    records = [record_of(item, []) for item in read_sample(tmp_path / "sample").items]
    assert sorted(r.text for r in records if r.in_quote) == INSIDE
    quoted = {r.text: [r.text[a:b] for a, b in as_input(r).quoted] for r in records}
    assert quoted["Nobody will miss them."] == ["Nobody will miss them."]
    assert quoted["Our heroes hold the bridge,” he said."] == ["Our heroes hold the bridge,”"]
    assert quoted["Rain fell."] == []
