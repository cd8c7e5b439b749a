"""Who speaks in full: what pronouns, surnames and descriptions of a source stand for."""

import pytest

from connote.infer.reference import Source
from connote.infer.speakers import Speakers


def source_of(text: str, words: str) -> Source | None:
    speakers = Speakers.in_text(text)
    start = text.index(words)
    return speakers.of(start, start + len(words), quoted=True)


def named(text: str, words: str) -> str | None:
    """The fullest name of who says some words of a text, or none where it is left open."""
    source = source_of(text, words)
    return None if source is None or source.open else text[source.start : source.end]


def cited(text: str, words: str) -> str | None:
    """What stands beside the words for who says them."""
    source = source_of(text, words)
    return None if source is None else text[slice(*source.cited)]


def test_pronouns_tell_two_speakers_apart() -> None:
    text = (
        "Maria Sanz, the mayor, met Peter Holt, a union leader, on Friday.\n\n"
        "“The strikers are vandals,” she said.\n\n“The council is a circus,” he replied.\n\n"
        "“He is a bully,” she added.\n\n“She is a liar,” he shot back, Mr. Holt’s aides said."
    )
    assert [named(text, w) for w in ("vandals", "circus", "bully")] == [
        "Maria Sanz",
        "Peter Holt",
        "Maria Sanz",
    ]


@pytest.mark.parametrize(
    ("text", "short", "full"),
    [
        (
            "Senator John Marlow arrived on Monday. “They are thugs,” he said.",
            "he",
            "Senator John Marlow",
        ),
        (
            "Susan Vale, the minister, arrived. Nobody met her. She called the men “thugs”.",
            "She",
            "Susan Vale",
        ),
        (
            "Senator John Marlow arrived on Monday. “They are thugs,” Mr. Marlow said.",
            "Mr. Marlow",
            "Senator John Marlow",
        ),
        (
            "Joe Marlow, the senator, spoke on Monday. “They are thugs,” Mr. Marlow said.",
            "Mr. Marlow",
            "Joe Marlow",
        ),
        (
            "The rally was led by Susan Vale of Leeds. “They are thugs,” Vale said.",
            "Vale",
            "Susan Vale",
        ),
        (
            "Interior Minister Ivo Brandt spoke on Monday. “They are thugs,” the minister said.",
            "the minister",
            "Interior Minister Ivo Brandt",
        ),
        (
            "John Marlow, the senator from Ohio, spoke. “They are thugs,” the senator said.",
            "the senator",
            "John Marlow",
        ),
        (
            "Joe Marlow, a clerk from Ohio, spoke. “They are thugs,” Mr Marlow said.",
            "Mr Marlow",
            "Joe Marlow",
        ),
        (
            "French President Luc Bar met Lena Ord. The French president called the men “thugs”.",
            "The French president",
            "French President Luc Bar",
        ),
        (
            "Marlow says the vote was stolen. He has also called judges “thugs”.",
            "He",
            "Marlow",
        ),
        (
            "“We fled,” recalls Mariam, 34. Her neighbour, Yusuf, nods. “They are thugs,” he says.",
            "he",
            "Yusuf",
        ),
        (
            "Human Rights Watch met on Monday. The group said the men were “thugs”.",
            "The group",
            "Human Rights Watch",
        ),
        (
            "The Interior Ministry met on Monday. The men were “thugs”, the ministry said.",
            "the ministry",
            "Interior Ministry",
        ),
        (
            "The Workers Union met on Monday. “They are thugs,” the union said in a statement.",
            "the union",
            "Workers Union",
        ),
        (
            "A source close to the talks said it was late. “They are thugs,” the source said.",
            "the source",
            "A source close to the talks",
        ),
    ],
)
def test_a_short_form_is_led_back_to_the_full_name(text: str, short: str, full: str) -> None:
    assert cited(text, "hugs") == short
    assert named(text, "hugs") == full


def test_a_full_name_behind_the_short_one_is_not_missed_in_a_headline() -> None:
    text = (
        "Vale: strikers are “thugs”\n\nSusan Vale, the labour minister, spoke on Monday in Leeds."
    )
    assert named(text, "thugs") == "Susan Vale"
