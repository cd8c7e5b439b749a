"""Scores as a study opens them."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from run_helpers import run

from connote.study import score_files
from connote.study.sampling import draw
from connote.study.scores import ScoresError, open_scores
from connote.study.study import Study


def rows(demo_scores: Path) -> pa.Table:
    return pq.read_table(next((demo_scores / "scores").glob("*.parquet")))


def counted(path: Path) -> pd.DataFrame:
    with open_scores(path) as scores:
        return scores.sql(
            "SELECT outlet, count(*) AS n, round(avg(p_loaded), 5) AS loaded, "
            "sum(len(loaded_spans)) AS spans FROM sentences GROUP BY outlet ORDER BY outlet"
        )


def test_views_tell_sentences_and_mentions_apart(demo_scores: Path) -> None:
    report = json.loads((demo_scores / "run.json").read_text())
    with open_scores(demo_scores) as scores:
        assert scores.sql("SELECT count(*) AS n FROM rows")["n"][0] == report["rows"]
        assert scores.sql("SELECT count(*) AS n FROM sentences")["n"][0] == report["sentences"]
        assert scores.sql("SELECT count(*) AS n FROM mentions")["n"][0] == report["mentions"]
        assert scores.model == report["model"]
        assert set(scores.own_columns) == {"outlet", "date", "title"}


def test_every_form_of_scores_gives_the_same_table(demo_scores: Path, tmp_path: Path) -> None:
    table = rows(demo_scores)
    pq.write_table(table, tmp_path / "a.parquet")
    expected = counted(demo_scores)
    assert counted(tmp_path / "a.parquet").equals(expected)
    for ending in ("csv", "jsonl"):
        path = tmp_path / f"a.{ending}"
        archive = Path(json.loads((demo_scores / "run.json").read_text())["model"]).name
        assert archive
        _write(table, path)
        pd.testing.assert_frame_equal(counted(path), expected, check_dtype=False, atol=1e-4)


def _write(table: pa.Table, path: Path) -> None:
    from connote.infer.writing import ScoreWriter

    with ScoreWriter(path) as writer:
        for row in table.to_pylist():
            writer.add(row)


def test_partitions_come_back_as_a_column(demo_archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "scores"
    done = run(
        *("score", demo_archive, "--text-column", "paragraphs", "-o", out),
        *("--partition-by", "outlet", "--quiet"),
    )
    assert done.returncode == 0, done.stderr
    with open_scores(out) as scores:
        found = scores.sql("SELECT DISTINCT outlet FROM sentences ORDER BY 1")["outlet"]
        assert list(found)[:2] == ["Interior Ministry of Kessaria", "Kessar First Channel"]


def test_dates_give_weeks_months_and_years(demo_scores: Path) -> None:
    with open_scores(demo_scores) as scores:
        query = "SELECT DISTINCT date, week, month, year FROM sentences ORDER BY date LIMIT 1"
        first = scores.sql(query).iloc[0]
        date = pd.Timestamp(first["date"])
        week = f"{date.isocalendar().year}-W{date.isocalendar().week:02d}"
        assert list(first)[1:] == [week, first["date"][:7], first["date"][:4]]


def test_two_models_are_not_mixed(demo_scores: Path, tmp_path: Path) -> None:
    table = rows(demo_scores)
    models = pa.array(["other@123", *table["model"].to_pylist()[1:]])
    at = table.schema.get_field_index("model")
    pq.write_table(table.set_column(at, "model", models), tmp_path / "a.parquet")
    with pytest.raises(ScoresError, match=r"scores of one model, found connote@.*, other@123"):
        open_scores(tmp_path / "a.parquet")


def test_missing_columns_are_named(demo_scores: Path, tmp_path: Path) -> None:
    pq.write_table(rows(demo_scores).drop_columns(["p_loaded"]), tmp_path / "a.parquet")
    with pytest.raises(ScoresError, match="found none named p_loaded"):
        open_scores(tmp_path / "a.parquet")


def test_documents_that_share_an_id_are_refused(demo_scores: Path, tmp_path: Path) -> None:
    table = rows(demo_scores)
    at = table.schema.get_field_index("doc_id")
    same = pa.array(["same"] * len(table))
    pq.write_table(table.set_column(at, "doc_id", same), tmp_path / "a.parquet")
    with pytest.raises(ScoresError, match="several documents, with the id 'same'"):
        open_scores(tmp_path / "a.parquet")


def test_scores_of_taken_sides_alone_are_refused(demo_archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "scores"
    done = run(
        *("score", demo_archive, "--text-column", "paragraphs", "-o", out),
        *("--contested-only", "--quiet"),
    )
    assert done.returncode == 0, done.stderr
    with pytest.raises(ScoresError, match="score again without --contested-only"):
        open_scores(out)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.parquet", b"PAR1 no parquet", "expected scores as Parquet, JSONL or CSV"),
        ("a.jsonl", b'{"text": "a"}\n', "expected the columns of scores"),
        ("a.csv", b"a,b\n1,2\n", "expected"),
    ],
)
def test_files_of_another_kind_are_refused(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ScoresError, match=message):
        open_scores(tmp_path / name)


def test_missing_and_empty_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScoresError, match="found no such file or folder"):
        open_scores(tmp_path / "nowhere")
    with pytest.raises(ScoresError, match="expected Parquet files of scores below it, found none"):
        open_scores(tmp_path)


def test_names_of_columns_are_no_code(demo_scores: Path, tmp_path: Path) -> None:
    table = rows(demo_scores)
    hostile = 'outlet"; DROP VIEW rows; --'
    renamed = [hostile if name == "outlet" else name for name in table.column_names]
    pq.write_table(table.rename_columns(renamed), tmp_path / "it's.parquet")
    with open_scores(tmp_path / "it's.parquet") as scores:
        assert hostile in scores.own_columns
        assert scores.sql("SELECT count(*) AS n FROM rows")["n"][0] == len(table)


def test_queries_reach_no_other_file(demo_scores: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with open_scores(demo_scores) as scores, pytest.raises(ScoresError, match="disabled"):
        scores.sql(f"SELECT * FROM read_csv('{tmp_path / 'secret.csv'}')")


def test_the_same_rows_twice_are_refused(demo_scores: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        pq.write_table(rows(demo_scores), tmp_path / f"{name}.parquet")
    with pytest.raises(ScoresError, match="found the same rows twice"):
        open_scores(tmp_path)


def test_folders_above_the_scores_name_no_columns(demo_scores: Path, tmp_path: Path) -> None:
    folder = tmp_path / "voice=own" / "outlet=Elsewhere"
    folder.mkdir(parents=True)
    pq.write_table(rows(demo_scores), folder / "a.parquet")
    assert counted(folder).equals(counted(demo_scores))
    with pytest.raises(ScoresError, match="found folders by 'voice'"):
        open_scores(tmp_path)


def test_columns_of_documents_may_have_any_name(demo_scores: Path, tmp_path: Path) -> None:
    from connote.study.study import Study

    table = rows(demo_scores)
    names = ["code", "item", "hard_y", "copy", "sentences", "estimate", "connote_item"]
    for name in names:
        table = table.append_column(name, table["outlet"])
    pq.write_table(table, tmp_path / "a.parquet")
    with Study(tmp_path / "a.parquet") as study:
        assert "input_copy" in study.scores.own_columns
        expected = study.share("framing=delegitimizing", ["outlet"]).frame["estimate"]
        for name in ("code", "item", "hard_y", "input_copy", "connote_item"):
            found = study.share("framing=delegitimizing", [name]).frame
            assert list(found["estimate"]) == list(expected), name
            assert "The Lantern" in set(found[name])
        for name in ("sentences", "estimate"):
            with pytest.raises(ValueError, match="rename it in the documents"):
                study.share("framing=delegitimizing", [name])


def test_text_that_looks_like_a_time_stays_as_it_is(demo_scores: Path, tmp_path: Path) -> None:
    at = rows(demo_scores).schema.get_field_index("doc_id")
    table = rows(demo_scores)
    ids = {old: f"2024-01-01T00:00:{n:02d}" for n, old in enumerate(table["doc_id"].unique())}
    names = pa.array([ids[pa.scalar(old)] for old in table["doc_id"]])
    _write(table.set_column(at, "doc_id", names), tmp_path / "a.jsonl")
    with open_scores(tmp_path / "a.jsonl") as scores:
        first = scores.sql("SELECT min(doc_id) AS id FROM sentences")["id"][0]
        assert first == "2024-01-01T00:00:00"


def test_what_does_not_fit_into_memory_goes_to_disk(
    tmp_path: Path, demo_scores: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = f"read_parquet('{demo_scores}/scores/*.parquet')"
    other = "* REPLACE (doc_id || t.n AS doc_id, '' AS copy_cluster, '' AS paragraph_cluster)"
    path = tmp_path / "many.parquet"
    duckdb.execute(f"COPY (SELECT {other} FROM {parts}, range(2500) t(n)) TO '{path}'")
    monkeypatch.setattr(score_files, "_MEMORY", "128MB")
    with open_scores(path) as many:
        (limit,) = many.sql("SELECT current_setting('memory_limit') AS set")["set"]
        assert limit == "122.0 MiB"
        shares = Study(many).share("framing=delegitimizing", ["outlet"]).frame
        sample = draw(many, 100, ["outlet", "predicted"])
        assert many.sql("SELECT max(size) AS most FROM duckdb_temporary_files()")["most"][0] > 0
    few = Study(demo_scores).share("framing=delegitimizing", ["outlet"]).frame
    assert list(shares["estimate"]) == pytest.approx(list(few["estimate"]))
    assert list(shares["documents"]) == [2500 * n for n in few["documents"]]
    assert len(sample.items) == 100
