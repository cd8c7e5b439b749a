"""Data frames in, data frames of the same kind out."""

from __future__ import annotations

import datetime

import pytest

from connote import DocumentError, Scorer, score_frame
from connote.data.errors import UsageError
from connote.infer.table import SCHEMA

pd = pytest.importorskip("pandas", reason="needs pandas")
pl = pytest.importorskip("polars", reason="needs polars")

TEXTS = ["The regime's forces entered the town. It rained.", "Rebels praised the heroes."]


def test_pandas_gives_pandas_with_its_columns(scorer: Scorer) -> None:
    frame = pd.DataFrame(
        {
            "body": TEXTS,
            "outlet": pd.Categorical(["a", "b"]),
            "day": pd.to_datetime(["2020-01-01", "2020-01-02"]),
            "n": pd.array([1, 2], dtype="int16"),
        },
        index=[7, 9],
    )
    scores = score_frame(frame, text="body", scorer=scorer)
    assert isinstance(scores, pd.DataFrame)
    assert list(scores.columns[: len(SCHEMA.names)]) == SCHEMA.names
    assert scores["n"].dtype == "int16"
    assert set(scores[scores.doc_id == "1"].outlet) == {"b"}
    assert scores.day.iloc[0] == pd.Timestamp("2020-01-01")
    assert scores.sentence_text.iloc[0] == "The regime's forces entered the town."
    regime = scores[scores.mention.notna()].iloc[0]
    assert "regime" in regime.mention
    assert regime.framing == "delegitimizing"


def test_polars_gives_polars_with_its_types(scorer: Scorer) -> None:
    frame = pl.DataFrame(
        {"id": ["x", "y"], "text": [[TEXTS[0], "It snowed."], [TEXTS[1]]]}
    ).with_columns(pl.Series("day", [datetime.date(2020, 1, 1)] * 2), doc_id=pl.lit(5, pl.UInt8))
    scores = score_frame(frame, scorer=scorer)
    assert isinstance(scores, pl.DataFrame)
    assert scores["day"].dtype == pl.Date
    assert scores["input_doc_id"].dtype == pl.UInt8
    assert set(scores["doc_id"]) == {"x", "y"}
    assert "It snowed." in scores["sentence_text"].to_list()


def test_scores_are_those_of_the_scorer(scorer: Scorer) -> None:
    scores = score_frame(pl.DataFrame({"text": TEXTS}), scorer=scorer)
    documents = list(scorer.score_many(TEXTS))
    expected = [m.text for d in documents for m in d.mentions]
    assert scores.filter(pl.col("mention").is_not_null())["mention"].to_list() == expected


def test_a_frame_without_rows_has_all_columns(scorer: Scorer) -> None:
    empty = pd.DataFrame({"text": pd.Series([], dtype=str), "n": pd.Series([], dtype="int64")})
    scores = score_frame(empty, scorer=scorer)
    assert list(scores.columns) == [*SCHEMA.names, "n"]
    assert len(scores) == 0


def test_a_row_that_is_no_text_is_named_or_taken(scorer: Scorer) -> None:
    frame = pd.DataFrame({"text": [TEXTS[0], None, "a\x00b", TEXTS[1]]}, dtype=object)
    with pytest.raises(DocumentError, match="row 1: expected a string"):
        score_frame(frame, scorer=scorer)
    failed: list[int] = []
    scores = score_frame(frame, scorer=scorer, on_failure=lambda row, _: failed.append(row))
    assert failed == [1, 2]
    assert set(scores.doc_id) == {"0", "3"}


def test_what_is_no_frame_or_lacks_a_column_is_said(scorer: Scorer) -> None:
    with pytest.raises(UsageError, match="column 'text', found 'body'"):
        score_frame(pd.DataFrame({"body": TEXTS}), scorer=scorer)
    with pytest.raises(UsageError, match="found list"):
        score_frame(TEXTS, scorer=scorer)  # type: ignore[type-var]
