"""Gold sentences as networks judge them that never saw them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from gold_helpers import write_gold
from run_helpers import run

from connote.data.errors import UsageError
from connote.data.schema import read_examples
from connote.study.crossfit import CrossfitError
from connote.study.scores import open_scores
from connote.study.selection import Selection
from connote.study.study import Study

MEASURE, OWN = "framing=delegitimizing", Selection(voice="own")


@pytest.fixture(scope="module")
def gold(demo_scores: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_gold(demo_scores, tmp_path_factory.mktemp("gold") / "gold.jsonl")


def rows_as_scored(demo_scores: Path, gold: Path) -> list[dict[str, Any]]:
    """A file that says of every gold sentence what the scores say."""
    with open_scores(demo_scores) as scores:
        mentions = scores.sql("SELECT * FROM mentions")
        sentences = scores.sql("SELECT doc_id, sentence, p_loaded, loaded FROM sentences")
    loaded = sentences.set_index(["doc_id", "sentence"])
    rows = []
    for example in read_examples(gold):
        assert example.origin is not None
        place = (example.origin.document, example.origin.sentence)
        at = (mentions["doc_id"] == place[0]) & (mentions["sentence"] == place[1])
        found = [
            {
                "start": int(m["mention_start"] - m["sentence_start"]),
                "end": int(m["mention_end"] - m["sentence_start"]),
                "concept": m["concept"] if isinstance(m["concept"], str) else None,
                **{k: m[k] for k in ("framing", "stance", "voice")},
                **{k: float(v) for k, v in m.items() if k.startswith(("p_f", "p_s", "p_v"))},
            }
            for m in mentions[at].to_dict("records")
        ]
        said = loaded.loc[place]
        rows.append(
            {
                "id": example.id,
                "p_loaded": float(said["p_loaded"]),
                "loaded": str(said["loaded"]),
                "found": found,
            }
        )
    return rows


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_the_same_judgements_give_the_same_estimates(
    demo_scores: Path, gold: Path, tmp_path: Path
) -> None:
    path = written(tmp_path / "crossfit.jsonl", rows_as_scored(demo_scores, gold))
    by_scores, by_file = Study(demo_scores, gold), Study(demo_scores, gold, crossfit=path)
    for measure, by in ((MEASURE, ["outlet"]), (MEASURE, ["referent"]), ("loaded", ["outlet"])):
        selection = Selection() if measure == "loaded" else OWN
        one, other = (s.share(measure, by, selection).frame for s in (by_scores, by_file))
        pd.testing.assert_frame_equal(one, other, atol=1e-5)


def test_overconfident_scores_are_not_used_to_correct(
    demo_scores: Path, gold: Path, tmp_path: Path
) -> None:
    """Networks that never saw the sentences find nothing in them: the gold labels weigh more."""
    rows = rows_as_scored(demo_scores, gold)
    blind = [
        {
            **row,
            "found": [
                {**m, "p_framing_delegitimizing": 0.01, "p_framing_neutral": 0.97}
                for m in row["found"]
            ],
        }
        for row in rows
    ]
    path = written(tmp_path / "crossfit.jsonl", blind)
    frame = Study(demo_scores, gold, crossfit=path).share(MEASURE).frame.set_index("estimator")
    assert frame.loc["corrected", "estimate"] == pytest.approx(frame.loc["gold", "estimate"])
    naive = Study(demo_scores, gold).share(MEASURE).frame.set_index("estimator")
    assert frame.loc["naive", "estimate"] == naive.loc["naive", "estimate"]


def test_sentences_without_judgement_are_left_out_and_told(
    demo_scores: Path, gold: Path, tmp_path: Path
) -> None:
    path = written(tmp_path / "c.jsonl", rows_as_scored(demo_scores, gold)[:100])
    found = Study(demo_scores, gold, crossfit=path).share(MEASURE)
    assert any("20 of 120 gold sentences lack" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"id": "elsewhere", "p_loaded": 0.1, "loaded": "false", "found": []}], "with their ids"),
        ([{"id": "s0001", "p_loaded": 2, "loaded": "true", "found": []}], "a probability p_loaded"),
        ([{"id": "s0001", "p_loaded": 0.2, "loaded": "true"}], "expected a list 'found'"),
        ([{"p_loaded": 0.2}], "expected an object with an id"),
    ],
)
def test_files_of_another_kind_are_refused(
    demo_scores: Path, gold: Path, tmp_path: Path, rows: list[dict[str, Any]], message: str
) -> None:
    path = written(tmp_path / "c.jsonl", rows)
    with pytest.raises(CrossfitError, match=message):
        Study(demo_scores, gold, crossfit=path)
    done = run("study", demo_scores, "--gold", gold, "--crossfit", path)
    assert done.returncode == 2
    assert message in done.stderr


def test_it_needs_gold_labels_and_a_file(demo_scores: Path, gold: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="together with gold labels"):
        Study(demo_scores, crossfit=tmp_path / "c.jsonl")
    with pytest.raises(CrossfitError, match="found no such file"):
        Study(demo_scores, gold, crossfit=tmp_path / "c.jsonl")
