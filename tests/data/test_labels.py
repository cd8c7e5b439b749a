"""Head words of labels."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from connote.data.labels import expressions, head_lemmas, is_label, lemmas
from connote.data.schema import Example, Mention


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("terrorists", {"terrorist"}),
        ("the brave champions of the poor", {"champion"}),
        ("Assad's regime", {"regime"}),
        ("Kremlin-installed authorities", {"authority", "authoritie"}),
        ("land-grabbers", {"land-grabber", "grabber"}),
        ("freedom fighters’", {"fighter"}),
        ("gunmen", {"gunman"}),
        ("witches", {"witch", "witche"}),
        ("“heroes”", {"hero", "heroe"}),
        ("cross", {"cross"}),
        ("the ‘crisis’", {"crisis"}),
        ("of", {"of"}),
        ("…", set()),
    ],
)
def test_the_head_is_the_last_word_of_the_phrase_in_the_singular(
    label: str, expected: set[str]
) -> None:
    assert head_lemmas(label) == expected


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("hero", "war heroes"),
        ("thief", "thieves"),
        ("zombie", "zombies"),
        ("enemy", "sworn enemies"),
        ("lie", "lies"),
        ("crisis", "crises"),
        ("virus", "viruses"),
        ("curse", "curses"),
        ("militiaman", "militiamen"),
        ("witch", "witches"),
        ("menace", "menaces"),
        ("relative", "relatives"),
        ("Thug", "armed thugs of the ruling party"),
    ],
)
def test_singular_and_plural_meet(one: str, many: str) -> None:
    assert head_lemmas(one) & head_lemmas(many)


def test_other_heads_do_not_meet() -> None:
    assert not head_lemmas("hero") & head_lemmas("mob")
    assert not head_lemmas("mob leader") & head_lemmas("mob")


def test_lemmas_are_all_content_words() -> None:
    assert lemmas("the Martyrs' Square of Aden") == {"martyr", "square", "aden"}
    assert lemmas("Radical Party") & lemmas("radicals")
    assert not lemmas("their heroes") & lemmas("their own thugs")


def test_expressions_are_the_words_of_the_mentions_in_small_letters() -> None:
    example = Example("1", "The Mob met the mayor.", (Mention(4, 7), Mention(16, 21)))
    assert list(expressions([example])) == ["mob", "mayor"]


@pytest.mark.parametrize("text", ["A" * 60_000 + " b", "A " * 30_000 + "b", "Of " * 20_000 + "b"])
def test_a_long_mention_is_told_from_a_name_at_once(text: str) -> None:
    mention = Mention(0, len(text), framing="neutral")
    began = time.process_time()
    assert is_label(Example("1", text, (mention,)), mention)
    assert not is_label(Example("1", text, (mention,)), replace(mention, end=len(text) - 2))
    assert time.process_time() - began < 5
