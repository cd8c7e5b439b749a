"""Words and phrases found where they stand."""

from __future__ import annotations

import pytest

from connote.data.spans import find_words, merge_spans, place_phrase


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("A Vile plan, a vile plot.", ["vile"], ["Vile", "vile"]),
        ("Vileness is not vile-ish.", ["vile"], ["vile"]),
        ("Ideas, not one.", ["idea"], []),
        ("They don’t care.", ["don't"], ["don’t"]),
        ("A “caring” state.", ['"caring"'], ["“caring”"]),
        ("The culture\xa0war rages on.", ["culture war"], ["culture\xa0war"]),
        ("A co\u2011opted board.", ["co-opted"], ["co\u2011opted"]),
        ("A (rotten) deal.", ["(rotten)"], ["(rotten)"]),
        ("A rotten deal.", ["", " ", "rotten", "rotten"], ["rotten"]),
        ("Utterly rotten to the core.", ["rotten to", "utterly rotten"], ["Utterly rotten to"]),
        ("Sold their souls.", ["their", "souls"], ["their", "souls"]),
        ("A wild .* claim.", [".*"], [".*"]),
        ("", ["word"], []),
    ],
)
def test_words_stand_wherever_they_are_whole(text: str, words: list[str], found: list[str]) -> None:
    assert [text[a:b] for a, b in find_words(text, words)] == found


@pytest.mark.parametrize(
    ("phrase", "near", "start"),
    [
        ("sham", 2, 2),
        ("sham", 3, 2),
        ("sham", 18, 20),
        ("sham", 99, 20),
        ("sham", 0, 2),
        ("sham", None, None),
        ("a dull ", None, 10),
        ("“sham”", 0, None),
        ("lie", 0, None),
        (" ", 0, None),
    ],
)
def test_a_phrase_stands_nearest_to_where_it_is_said_to(
    phrase: str, near: int | None, start: int | None
) -> None:
    text = "A sham is a dull, a sham vote."
    expected = None if start is None else (start, start + len(phrase.strip()))
    assert place_phrase(text, phrase, near) == expected


def test_a_phrase_is_found_in_other_quotation_marks() -> None:
    assert place_phrase("He’s a ‘hero’.", "'hero'", 0) == (7, 13)


def test_spans_that_overlap_are_one_and_those_that_touch_are_two() -> None:
    assert merge_spans([(5, 9), (0, 3), (8, 12), (12, 14), (6, 7)]) == ((0, 3), (5, 12), (12, 14))
