"""The shipped model through the Scorer: real text, odd text, and no influence of neighbours."""

from __future__ import annotations

import json
import random
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from connote import Document, DocumentError, Example, Mention, Scorer
from connote.data.lexicon import load_lexicon
from connote.infer import runtime
from connote.infer.documents import prepare
from connote.infer.folder import open_model
from connote.infer.judge import SentenceInput
from connote.infer.mentions import LexiconMatcher
from connote.infer.models import load_judge
from connote.infer.sentences import LONGEST


@pytest.fixture(scope="module")
def judge():  # type: ignore[no-untyped-def]
    return load_judge(open_model())


def sentences_of(path: Path, most: int) -> list[SentenceInput]:
    """Distinct sentences with the mentions that the lexicon finds."""
    matcher = LexiconMatcher(load_lexicon())
    found: dict[SentenceInput, None] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for sentence in prepare(Document.of(row["paragraphs"], "x"), matcher).sentences:
            if sentence.judged is not None:
                found[sentence.judged] = None
        if len(found) >= most:
            break
    return list(found)[:most]


def assert_same(alone, together) -> None:  # type: ignore[no-untyped-def]
    for a, b in zip(alone, together, strict=True):
        for head in ("framing", "stance", "voice"):
            one, other = getattr(a, head), getattr(b, head)
            assert one.shape == other.shape
            if one.size:
                assert np.abs(one - other).max() < 1e-3
                assert (one.argmax(1) == other.argmax(1)).all()
        assert abs(a.loaded - b.loaded) < 1e-3
        assert a.loaded_words == b.loaded_words


def test_offsets_reproduce_the_text(scorer: Scorer, demo_archive: Path) -> None:
    for line in demo_archive.read_text(encoding="utf-8").splitlines():
        document = scorer.score(json.loads(line)["paragraphs"])
        assert document.sentences
        last = 0
        for sentence in document.sentences:
            assert document.text[sentence.start : sentence.end] == sentence.text
            assert sentence.start >= last
            last = sentence.end
            for start, end in sentence.loaded_spans:
                assert sentence.start <= start < end <= sentence.end
            for mention in sentence.mentions:
                assert document.text[mention.start : mention.end] == mention.text
                assert mention.framing.raw != "none"


def test_probabilities_are_probabilities(scorer: Scorer) -> None:
    document = scorer.score("The thugs of the Assad regime shot at brave protesters.")
    assert document.mentions
    for mention in document.mentions:
        for judgement in (mention.framing, mention.stance, mention.voice):
            assert sum(judgement.probabilities.values()) == pytest.approx(1, abs=1e-5)
            assert judgement.probability == max(judgement.probabilities.values())
            assert judgement.label in (judgement.raw, "uncertain")
            assert (judgement.label == "uncertain") == (judgement.probability < judgement.threshold)


@pytest.mark.parametrize(
    ("text", "label", "framing", "voice"),
    [
        ("The terrorists shelled a market in the town.", "terrorists", "delegitimizing", "own"),
        ("Moscow said the terrorists had fled.", "terrorists", "delegitimizing", "attributed"),
        (
            "“The terrorists have fled,” the minister said.",
            "terrorists",
            "delegitimizing",
            "quoted",
        ),
        ("The army said the militants had fled.", "militants", "neutral", "attributed"),
        ("Our heroic defenders held the bridge.", "heroic defenders", "legitimizing", "own"),
    ],
)
def test_plain_cases(scorer: Scorer, text: str, label: str, framing: str, voice: str) -> None:
    found = {m.text: m for m in scorer.score(text).mentions}
    assert found[label].framing.raw == framing
    assert found[label].voice.raw == voice


def test_a_quotation_opened_earlier_reaches_the_model(scorer: Scorer) -> None:
    text = "“We will not yield,” she said. “They came at night. The thugs beat my son. He is nine.”"
    thugs = next(m for m in scorer.score(text).mentions if m.text == "thugs")
    assert thugs.voice.raw == "quoted"
    plain = next(m for m in scorer.score("The thugs beat my son.").mentions if m.text == "thugs")
    assert plain.voice.raw != "quoted"


def test_other_senses_are_taken_out(scorer: Scorer) -> None:
    text = "Her new exercise regime starts at six with a run around the lake."
    assert not [m for m in scorer.score(text).mentions if "regime" in m.text]
    start = text.index("exercise regime")
    given = Document.of(text, "g", [(start, start + len("exercise regime"))])
    kept = next(scorer.score_many([given])).mentions
    assert [m.framing.raw for m in kept] == ["none"]


def test_alone_and_in_any_batch_the_same(judge, demo_archive: Path) -> None:  # type: ignore[no-untyped-def]
    sentences = sentences_of(demo_archive, 300)
    together = judge.judge(sentences)
    alone = [judge.judge([sentence])[0] for sentence in sentences[:60]]
    assert_same(alone, together[:60])
    order = list(range(len(sentences)))
    random.Random(1).shuffle(order)
    shuffled = judge.judge([sentences[i] for i in order])
    assert_same([together[i] for i in order], shuffled)


def test_no_label_flips_over_two_thousand_real_sentences(judge, shared: Path) -> None:  # type: ignore[no-untyped-def]
    sentences = sentences_of(shared / "corpora" / "basil" / "articles.jsonl", 2_000)
    assert len(sentences) == 2_000
    together = judge.judge(sentences)
    parts = [o for i in range(0, 2_000, 7) for o in judge.judge(sentences[i : i + 7])]
    assert_same(parts, together)


def test_classify_keeps_order_and_every_mention(scorer: Scorer) -> None:
    examples = [
        Example(
            f"{i}",
            f"The mob of {i} met the regime.",
            (Mention(18 + (i > 9), 24 + (i > 9)), Mention(4, 7)),
        )
        for i in range(1, 20)
    ]
    scored = list(scorer.classify(examples))
    assert [s.text for s in scored] == [e.text for e in examples]
    for sentence, example in zip(scored, examples, strict=True):
        assert [(m.start, m.end) for m in sentence.mentions] == [
            (m.start, m.end) for m in example.mentions
        ]


def test_score_many_streams(scorer: Scorer) -> None:
    taken = 0

    def endless():  # type: ignore[no-untyped-def]
        nonlocal taken
        while True:
            taken += 1
            yield f"The regime fell in year {taken}. " * 40

    stream = scorer.score_many(endless())
    first = next(stream)
    assert first.id == "0"
    assert taken < 60


def test_threads_share_a_scorer(scorer: Scorer) -> None:
    texts = [f"The rebels of hill {i} shelled the regime's camp." for i in range(40)]
    expected = [scorer.score(text).mentions[0].framing.probability for text in texts]
    found: dict[int, float] = {}

    def work(i: int) -> None:
        found[i] = scorer.score(texts[i]).mentions[0].framing.probability

    threads = [threading.Thread(target=work, args=(i,)) for i in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[i] for i in range(40)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\n\t ",
        ".",
        "\u200b\u200e\u202e",
        "😀 🔥 the mob 🔥 😀",
        "النظام السوري قصف المدينة. The regime fell.",
        "a" * 5_000,
        "The mob" + "!" * 3_000,
        '"' * 500 + " regime",
        "\r\n".join(["The mob came", "• 10:45 The regime fell", "Read more"]),
    ],
)
def test_odd_text_succeeds(scorer: Scorer, text: str) -> None:
    document = scorer.score(text)
    for sentence in document.sentences:
        assert document.text[sentence.start : sentence.end] == sentence.text
        passed_over = {"boilerplate", "not-english"} & set(sentence.flags)
        assert (sentence.loaded is None) == bool(passed_over)
        assert sentence.loaded is None or np.isfinite(sentence.loaded.probability)


def test_a_long_sentence_is_read_around_its_mentions(scorer: Scorer) -> None:
    filler = "and the road went on past fields and farms " * 200
    text = f"The terrorists fled {filler}until the heroes of the brigade came home"
    document = scorer.score(text)
    assert len(document.sentences) == 1
    assert document.sentences[0].flags == ("truncated",)
    found = {m.text: m.framing.raw for m in document.mentions}
    assert found["terrorists"] == "delegitimizing"
    assert any("heroes" in label for label in found)


def test_two_hundred_thousand_characters_without_a_full_stop(scorer: Scorer) -> None:
    text = "the regime and the people of the valley went their way " * 3_700
    assert len(text) > 200_000
    began = time.monotonic()
    document = scorer.score(text[:200_000])
    assert sum(len(s.text) for s in document.sentences) > 199_900
    assert max(len(s.text) for s in document.sentences) <= LONGEST
    assert all("truncated" in s.flags for s in document.sentences)
    assert time.monotonic() - began < 120


def test_fifty_megabytes_in_one_line(scorer: Scorer) -> None:
    sentence = "Traders in the port said that prices of grain had not changed since the spring. "
    text = sentence * (50_000_000 // len(sentence))
    document = scorer.score(text)
    assert len(document.sentences) == 50_000_000 // len(sentence)


def test_bad_text_is_refused(scorer: Scorer) -> None:
    with pytest.raises(DocumentError, match="NUL"):
        scorer.score("a\x00b")
    with pytest.raises(DocumentError, match="lone surrogate"):
        scorer.score("a\ud800b")
    with pytest.raises(DocumentError, match="outside the text"):
        Document.of("short", "x", [(0, 99)])


def test_quantised_activations_name_the_same_classes(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentences = sentences_of(shared / "corpora" / "basil" / "articles.jsonl", 1_000)
    quantised = load_judge(open_model()).judge(sentences)
    monkeypatch.setattr(runtime, "QUANTISATION_GROUP", 0)
    exact = load_judge(open_model()).judge(sentences)
    for head in ("framing", "stance", "voice"):
        pairs = zip(quantised, exact, strict=True)
        equal = [getattr(a, head).argmax(1) == getattr(b, head).argmax(1) for a, b in pairs]
        assert np.concatenate(equal).mean() >= 0.985, head


def test_documents_before_an_error_are_scored(scorer: Scorer) -> None:
    texts = ["The mob came.", "The regime fell.", "a\x00b", "The mob left."]
    scored = []
    with pytest.raises(DocumentError):
        for document in scorer.score_many(texts):
            scored.append(document.text)
    assert scored == texts[:2]
