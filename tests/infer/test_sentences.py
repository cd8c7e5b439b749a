"""Sentences: each inside its paragraph, nothing lost, offsets that reproduce the text."""

import time
from itertools import pairwise

import pytest

from connote.infer.paragraphs import find_paragraphs
from connote.infer.sentences import split_sentences

AWKWARD = [
    "",
    " \n\u00a0\u2028",
    "🙂🙂 Rebels fled. 🇸🇾 They ran! 👩‍👩‍👧",
    "قال المتحدث إن «الإرهابيين» فروا. ثم عادوا؟ نعم.",
    "One.\r\nTwo.\r\n\r\nThree “four.\r\n\r\n“Five.” Six",
    "A\u2028b.\u2029C d\x85e\x0bf\x0cg",
    "\ufeffBOM first. Zero\u200bwidth\u200d joiner\u2060.",
    "\u00a0NBSP\u00a0all\u00a0over.\u00a0Yes.\u00a0",
    "e\u0301 combining. A\u0308rger!",
    "Mr. Smith of the U.S. Army left at 5 p.m. He said “No.” (Yes.) [1]",
    "* Footnote.* ** More.\n• Item\n14:32 Stamp: Text\nRead more",
    "...!!!???\n\n”\n\n“”\n\n)",
    "no full stop at all " * 50,
    "a\x00b \x1c\x1d c. \x7f",
    "Tab\tseparated.\tText.\n\tIndented line.\n",
    "\u202eright to left override\u202c. Next.",
]


@pytest.mark.parametrize("text", AWKWARD)
def test_sentences_lie_in_their_paragraph_in_order_and_lose_nothing(text: str) -> None:
    paragraphs = find_paragraphs(text)
    split = split_sentences(text, paragraphs)
    assert len(split) == len(paragraphs)
    for paragraph, spans in zip(paragraphs, split, strict=True):
        assert spans[0].start == paragraph.body
        assert spans[-1].end == paragraph.end
        for span in spans:
            sentence = text[span.start : span.end]
            assert sentence and sentence == sentence.strip()
        for before, after in pairwise(spans):
            assert before.end <= after.start
            assert not text[before.end : after.start].strip()


@pytest.mark.parametrize("text", AWKWARD)
def test_paragraphs_hold_everything_but_white_space(text: str) -> None:
    at = 0
    for paragraph in find_paragraphs(text):
        assert at <= paragraph.start <= paragraph.body < paragraph.end <= len(text)
        assert not text[at : paragraph.start].strip()
        at = paragraph.end
    assert not text[at:].strip()


def sentences(text: str) -> list[str]:
    split = split_sentences(text, find_paragraphs(text))
    return [text[s.start : s.end] for spans in split for s in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rebels fled. The army came.", ["Rebels fled.", "The army came."]),
        ("Mr. Assad met Dr. Khan. They spoke.", ["Mr. Assad met Dr. Khan.", "They spoke."]),
        ("He paid 3.5 million. Why?", ["He paid 3.5 million.", "Why?"]),
        ("He said “Go.” She left.", ["He said “Go.”", "She left."]),
        ('He said "Go." She left.', ['He said "Go."', "She left."]),
        ("U.S. Secretary of State Ann Lind left.", ["U.S. Secretary of State Ann Lind left."]),
        ("He left the U.S. She stayed.", ["He left the U.S.", "She stayed."]),
        ("A headline without stop\nA text.", ["A headline without stop", "A text."]),
        ("Regime falls – Moscow", ["Regime falls – Moscow"]),
        ("Read more. About this.", ["Read more. About this."]),
        ("• 14:32 Rebels fled. Two died.", ["Rebels fled.", "Two died."]),
    ],
)
def test_text_is_split_at_its_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize("closer", ["”", '"', "’", "»", ")", "*"])
def test_a_closing_mark_never_stands_alone(closer: str) -> None:
    for text in (f"He left. {closer} Then she came.", f"He left.{closer} Then she came."):
        assert closer not in sentences(text)


def test_a_long_text_without_full_stop_is_cut_at_white_space_and_quick() -> None:
    text = "rebels and soldiers " * 10_000
    began = time.process_time()
    pieces = sentences(text)
    assert " ".join(pieces) == text.rstrip()
    assert max(map(len, pieces)) <= 10_000
    assert time.process_time() - began < 10
