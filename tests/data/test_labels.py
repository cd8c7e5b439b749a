"""Head words of labels."""

from __future__ import annotations

import pytest

from connote.data.labels import expressions, head_lemmas, lemmas
from connote.data.schema import Example, Mention


@pytest.mark.parametrize(
    ("label", "lemmas"),
    [
        ("terrorists", {"terrorist"}),
        ("the brave champions of the poor", {"champion"}),
        ("Assad's regime", {"regime"}),
        ("Kremlin-installed authorities", {"authority"}),
        ("land-grabbers", {"land-grabber", "grabber"}),
        ("freedom fighters’", {"fighter"}),
        ("gunmen", {"gunman"}),
        ("witches", {"witch"}),
        ("“heroes”", {"heroe"}),
        ("cross", {"cross"}),
        ("the ‘crisis’", {"crisis"}),
        ("of", {"of"}),
        ("…", set()),
    ],
)
def test_the_head_is_the_last_word_of_the_phrase_in_the_singular(
    label: str, lemmas: set[str]
) -> None:
    assert head_lemmas(label) == lemmas


def test_labels_with_one_head_meet_whatever_their_number_and_modifiers() -> None:
    assert head_lemmas("hero") != head_lemmas("mob")
    assert head_lemmas("armed thugs of the ruling party") == head_lemmas("Thug")


def test_lemmas_are_all_content_words() -> None:
    assert lemmas("the Martyrs' Square of Aden") == {"martyr", "square", "aden"}
    assert lemmas("Radical Party") & lemmas("radicals")


def test_expressions_are_the_words_of_the_mentions_in_small_letters() -> None:
    example = Example("1", "The Mob met the mayor.", (Mention(4, 7), Mention(16, 21)))
    assert list(expressions([example])) == ["mob", "mayor"]
