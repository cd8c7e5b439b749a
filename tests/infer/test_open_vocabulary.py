"""Labels that no lexicon lists: the shipped model finds them, and only where it should look."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from connote import Document, Scorer
from connote.data.lexicon import Lexicon, load_lexicon
from connote.data.schema import read_examples
from connote.infer.documents import prepare
from connote.infer.folder import open_model
from connote.infer.judge import as_input
from connote.infer.mentions import LexiconMatcher
from connote.infer.models import load_judge
from connote.infer.results import ScoredMention
from connote.infer.table import SCHEMA, rows_of

INSULTS = {
    "The clowns at the ministry lost again.": "clowns",
    "Their lapdogs in parliament cheered.": "lapdogs",
    "The senator is a habitual liar.": "habitual liar",
    "The governor, a greedy snake, sold out the town.": "greedy snake",
    "Corrupt hacks filled every office of the city.": "Corrupt hacks",
    "That bigoted windbag insulted the nurses.": "bigoted windbag",
    "The terrorists and their cowardly paymasters shelled the town.": "cowardly paymasters",
    "The council of pompous frauds met on Monday.": "pompous frauds",
    "Those heartless bastards took the farm.": "heartless bastards",
}
ENOUGH = 5
"""Of the insults above a model may miss some."""


@pytest.fixture(scope="module")
def closed() -> Scorer:
    return Scorer(open_vocabulary=False)


@pytest.fixture(scope="module")
def model_alone() -> Scorer:
    return Scorer(lexicon=Lexicon((), {}, frozenset()))


@pytest.fixture(scope="module")
def demo(demo_archive: Path) -> list[list[str]]:
    lines = demo_archive.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["paragraphs"] for line in lines]


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def caught(text: str, label: str, mentions: tuple[ScoredMention, ...]) -> bool:
    start = text.index(label)
    return any(overlap((m.start, m.end), (start, start + len(label))) for m in mentions)


def spans(mentions: tuple[ScoredMention, ...], found_by: str) -> list[tuple[int, int]]:
    return [(m.start, m.end) for m in mentions if m.found_by == found_by]


def test_the_model_finds_insults_without_any_lexicon(model_alone: Scorer) -> None:
    documents = list(model_alone.score_many(INSULTS))
    hits = 0
    for document in documents:
        assert {m.found_by for m in document.mentions} <= {"model"}
        assert all(m.concept is None for m in document.mentions)
        hits += caught(document.text, INSULTS[document.text], document.mentions)
    assert hits >= ENOUGH


def test_an_insult_that_is_found_is_judged_like_any_label(model_alone: Scorer) -> None:
    framings = []
    for document in model_alone.score_many(INSULTS):
        for mention in document.mentions:
            assert document.text[mention.start : mention.end] == mention.text
            assert sum(mention.framing.probabilities.values()) == pytest.approx(1, abs=1e-5)
            assert mention.framing.raw != "none"
        label = INSULTS[document.text]
        framings += [m.framing.raw for m in document.mentions if caught(document.text, label, (m,))]
    assert framings.count("delegitimizing") >= ENOUGH


def test_news_without_labels_gives_the_model_nothing(model_alone: Scorer) -> None:
    plain = (
        "Rain fell on Monday.",
        "The share price rose by two per cent.",
        "The bridge opens in May.",
    )
    assert not [m for d in model_alone.score_many(plain) for m in d.mentions]


def test_a_mention_tells_what_found_it(scorer: Scorer) -> None:
    text = "The terrorists and their cowardly paymasters shelled the town."
    by_text = {m.text: m for m in scorer.score(text).mentions}
    assert by_text["terrorists"].found_by == "lexicon"
    assert by_text["terrorists"].concept is not None
    start = text.index("cowardly")
    given = Document.of(text, "g", [(start, text.index(" shelled"))])
    (mention,) = next(scorer.score_many([given])).mentions
    assert (mention.text, mention.found_by) == ("cowardly paymasters", "given")


def test_nothing_is_added_to_given_mentions(scorer: Scorer) -> None:
    for text in INSULTS:
        given = Document.of(text, "g", [(0, 3)])
        assert spans(next(scorer.score_many([given])).mentions, "given") == [(0, 3)]
        assert len(next(scorer.score_many([given])).mentions) == 1
        assert not next(scorer.score_many([Document.of(text, "g", [])])).mentions


def test_mentions_come_in_order_and_never_overlap(scorer: Scorer, demo: list[list[str]]) -> None:
    found = {"lexicon": 0, "model": 0}
    for document in scorer.score_many([*demo, *INSULTS]):
        for mention in document.mentions:
            found[mention.found_by] += 1
            assert document.text[mention.start : mention.end] == mention.text
        for one, other in pairwise(document.mentions):
            assert one.end <= other.start
    assert found["lexicon"] > 0
    assert found["model"] > 0


def test_without_the_search_the_lexicons_mentions_are_judged_the_same(
    scorer: Scorer, closed: Scorer, demo: list[list[str]]
) -> None:
    texts = [*demo, *INSULTS]
    more = 0
    for wide, narrow in zip(scorer.score_many(texts), closed.score_many(texts), strict=True):
        listed = [m for m in wide.mentions if m.found_by == "lexicon"]
        more += len(wide.mentions) - len(listed)
        assert {m.found_by for m in narrow.mentions} <= {"lexicon"}
        assert [(m.start, m.end) for m in listed] == [(m.start, m.end) for m in narrow.mentions]
        for one, other in zip(listed, narrow.mentions, strict=True):
            for head in ("framing", "stance", "voice"):
                expected = getattr(other, head).probabilities
                assert getattr(one, head).probabilities == pytest.approx(expected, abs=1e-3)
    assert more > 0


def test_boilerplate_is_not_searched(model_alone: Scorer) -> None:
    furniture = [f"READ MORE: {insult}" for insult in INSULTS]
    document = model_alone.score(furniture)
    assert len(document.sentences) >= len(INSULTS)
    assert all("boilerplate" in s.flags for s in document.sentences)
    assert not document.mentions
    matcher = LexiconMatcher(load_lexicon())
    prepared = prepare(Document.of(["Rain fell.", *furniture], "x"), matcher, search=True)
    judged = [s.judged for s in prepared.sentences]
    assert judged[0] is not None
    assert judged[0].search
    assert judged[1:] == [None] * (len(judged) - 1)


def test_what_is_found_does_not_depend_on_the_batch(corpus_folder: Path) -> None:
    judge = load_judge(open_model())
    examples = read_examples(corpus_folder / "test.jsonl")[:40]
    bare = [replace(as_input(e), mentions=(), search=True) for e in examples]
    together = judge.judge(bare)
    assert sum(len(output.found) for output in together) >= 10
    for sentence, among_others in zip(bare, together, strict=True):
        (alone,) = judge.judge([sentence])
        assert alone.found == among_others.found
        for head in ("framing", "stance", "voice"):
            one, other = getattr(alone, head), getattr(among_others, head)
            assert one.shape == other.shape
            assert len(one) == len(alone.found)
            assert np.abs(one - other).max(initial=0) < 1e-3


def test_several_windows_find_nothing_twice(scorer: Scorer) -> None:
    filler = "and the road went on past fields and farms " * 6
    parts = [
        f"the terrorists and their cowardly paymasters, a gang of pompous frauds, {filler}"
        for _ in range(12)
    ]
    text = ("Then " + "".join(parts)).strip()
    document = scorer.score(text)
    (sentence,) = document.sentences
    assert sentence.flags == ("truncated",)
    by_model = spans(sentence.mentions, "model")
    assert len(by_model) == len(set(by_model))
    assert max(end for _, end in by_model) - min(start for start, _ in by_model) > len(text) // 2
    for one, other in pairwise(sentence.mentions):
        assert one.end <= other.start


def test_the_table_tells_what_found_a_mention(scorer: Scorer) -> None:
    assert SCHEMA.field("found_by").type == pa.string()
    text = " ".join(INSULTS)
    rows = list(rows_of(scorer.score(text), {"found_by": "the user's own"}))
    by_model = [row for row in rows if row.get("found_by") == "model"]
    assert by_model
    assert all(row["concept"] is None for row in by_model)
    assert {row["found_by"] for row in rows if row.get("mention")} == {"model", "lexicon"}
    assert {row["input_found_by"] for row in rows} == {"the user's own"}
    assert pa.Table.from_pylist(rows, SCHEMA).column("found_by").to_pylist() == [
        row.get("found_by") for row in rows
    ]
