"""From what is said of tokens to stretches of the sentence."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.typing import NDArray

from connote.infer.encoding import Window, with_spans
from connote.infer.spans import LONGEST, find_mentions, loaded_words, without_overlaps

TEXT = "The witch-hunters' mob, hateful and proud, cheered."
WORDS = [(0, 3), (4, 9), (9, 10), (10, 17), (17, 18), (19, 22), (22, 23), (24, 31), (32, 35)]
OFFSETS = ((0, 0), *WORDS, (36, 41), (41, 42), (43, 48), (48, 50), (50, 51), (0, 0))


def window() -> Window:
    size = len(OFFSETS)
    return Window((0,) * size, (0,) * size, OFFSETS, (), (), whole=True)


def tags(**by_word: tuple[float, float]) -> NDArray[np.float32]:
    """Probabilities of beginning and going on, for the tokens of some words."""
    found = np.tile(np.array([1.0, 0.0, 0.0], np.float32), (len(OFFSETS), 1))
    for word, (begin, inside) in by_word.items():
        start = TEXT.index(word)
        i = next(i for i, (a, b) in enumerate(OFFSETS) if a <= start < b)
        found[i] = (1 - begin - inside, begin, inside)
    return found


def texts(found: list[tuple[int, int]]) -> list[str]:
    return [TEXT[a:b] for a, b in found]


def test_a_mention_begins_and_goes_on() -> None:
    told = tags(witch=(0.9, 0.0), hunters=(0.1, 0.8), mob=(0.1, 0.7), hateful=(0.2, 0.1))
    told[3] = (0.1, 0.0, 0.9)  # the hyphen
    told[5] = (0.1, 0.0, 0.9)  # the apostrophe
    assert texts(find_mentions(TEXT, window(), told, 0.5)) == ["witch-hunters' mob"]
    assert texts(find_mentions(TEXT, window(), told, 0.25)) == ["witch-hunters' mob", "hateful"]
    assert find_mentions(TEXT, window(), told, 2.0) == []


def test_a_new_one_begins_beside_another() -> None:
    told = tags(hateful=(0.9, 0.0))
    told[9], told[10] = (0.1, 0.8, 0.1), (0.1, 0.0, 0.9)
    assert texts(find_mentions(TEXT, window(), told, 0.5)) == ["hateful", "and proud"]


def test_a_token_is_widened_to_its_word() -> None:
    told = tags(cheered=(0.8, 0.1))
    assert texts(find_mentions(TEXT, window(), told, 0.5)) == ["cheered"]


def found_in(text: str, *words: str) -> list[str]:
    """What is found where the tokens, words and marks, of some stretches are inside."""
    tokens = [m.span() for m in re.finditer(r"\w+|[^\w\s]", text)]
    offsets = ((0, 0), *tokens, (0, 0))
    size = len(offsets)
    told = np.tile(np.array([1.0, 0.0, 0.0], np.float32), (size, 1))
    for word in words:
        start = text.index(word)
        for i, (a, b) in enumerate(offsets):
            if start <= a < b <= start + len(word):
                told[i] = (0.0, 1.0, 0.0) if a == start else (0.0, 0.0, 1.0)
    shown = Window((0,) * size, (0,) * size, offsets, (), (), whole=True)
    return [text[a:b] for a, b in find_mentions(text, shown, told, 0.5)]


@pytest.mark.parametrize(
    ("text", "inside", "found"),
    [
        ("The US-backed rebels fled.", ["backed rebels"], ["US-backed rebels"]),
        ("Forty-one people fled.", ["Forty"], ["Forty-one"]),
        ("A so-called-by-them mob.", ["them mob"], ["so-called-by-them mob"]),
        ("A pro- and anti-war bloc.", ["war bloc"], ["anti-war bloc"]),
        ("The dictator’s errand boy came.", ["s errand boy"], ["errand boy"]),
        ("The dictator’s errand boy came.", ["s"], []),
        ("They blamed the mob.", ["the"], []),
        ("They blamed the mob.", ["the mob"], ["the mob"]),
        ("The witch-hunters jeered.", ["witch", "hunters"], ["witch-hunters"]),
    ],
)
def test_words_are_found_whole(text: str, inside: list[str], found: list[str]) -> None:
    assert found_in(text, *inside) == found


def test_a_clause_is_no_label() -> None:
    text = " ".join(["word"] * (LONGEST + 1))
    offsets = ((0, 0), *((i * 5, i * 5 + 4) for i in range(LONGEST + 1)), (0, 0))
    long = Window((0,) * len(offsets), (0,) * len(offsets), offsets, (), (), whole=True)
    told = np.tile(np.array([0.0, 0.0, 1.0], np.float32), (len(offsets), 1))
    assert find_mentions(text, long, told, 0.5) == []


@pytest.mark.parametrize(
    ("whole", "label"),
    [
        ("“experts”", "experts"),
        ("'experts'", "experts"),
        ("“‘experts’”,", "experts"),
        ("“The apostates' parliament”", "The apostates' parliament"),
        ("— experts,", "experts"),
        ("“experts of", "experts of"),
        ("experts”", "experts"),
        ("the hunters'", "the hunters"),
        ("so-called “experts”", "so-called “experts”"),
        ("so-called “experts”,", "so-called “experts”"),
        ("‘Heroes’ of Kandahar", "‘Heroes’ of Kandahar"),
        ('"thugs" and "crooks"', '"thugs" and "crooks"'),
        ("the “free” press", "the “free” press"),
        ("-thugs” of", "thugs” of"),
        ("“, ”", None),
        ("—", None),
    ],
)
def test_marks_around_a_mention_do_not_belong_to_it(whole: str, label: str | None) -> None:
    text = f"So {whole} left."
    offsets = ((0, 0), (0, 2), (3, 3 + len(whole)), (4 + len(whole), len(text)), (0, 0))
    read = Window((0,) * 5, (0,) * 5, offsets, (), (), whole=True)
    told = np.tile(np.array([1.0, 0.0, 0.0], np.float32), (5, 1))
    told[2] = (0.0, 1.0, 0.0)
    found = [text[a:b] for a, b in find_mentions(text, read, told, 0.5)]
    assert found == ([] if label is None else [label])


@pytest.mark.parametrize(
    ("found", "taken", "kept"),
    [
        ([(0, 4), (5, 9)], [], [(0, 4), (5, 9)]),
        ([(0, 4), (5, 9)], [(3, 5)], [(5, 9)]),
        ([(0, 6), (5, 9)], [], [(0, 6)]),
        ([(2, 3)], [(0, 9)], []),
    ],
)
def test_what_is_taken_is_not_found_again(
    found: list[tuple[int, int]], taken: list[tuple[int, int]], kept: list[tuple[int, int]]
) -> None:
    assert without_overlaps(found, taken) == kept


def test_loaded_words_beside_each_other_are_joined() -> None:
    marked = np.zeros(len(OFFSETS), bool)
    marked[[8, 9, 10, 12]] = True
    assert texts(loaded_words(TEXT, window(), marked)) == ["hateful and proud", "cheered"]


def test_spans_that_were_found_get_their_tokens() -> None:
    widened = with_spans(window(), [(19, 22), (43, 50)])
    assert widened.spans == ((6, 7), (12, 14))
    assert widened.found == ((19, 22), (43, 50))
