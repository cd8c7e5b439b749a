"""Changes of sentences: what comes out, where the mentions are then, what is left alone."""

from __future__ import annotations

import pytest

from connote.data.schema import Example, Mention
from connote.infer.quotes import quotations_of_sentence
from connote.train.probes import (
    FORMS,
    Reporter,
    as_quotation,
    blanked,
    in_own_voice,
    inside_quotation,
)


def example(text: str, *labels: str, voice: str | None = "own", **rest: object) -> Example:
    spans = [(text.index(label), text.index(label) + len(label)) for label in labels]
    mentions = tuple(Mention(*span, framing="neutral", voice=voice) for span in spans)
    return Example("1", text, mentions, **rest)  # type: ignore[arg-type]


def labels(changed: Example | None) -> list[str]:
    assert changed is not None
    return [changed.text[m.start : m.end] for m in changed.mentions]


def test_a_blank_takes_the_place_of_one_mention() -> None:
    record = example("The rebels fought the army.", "rebels", "army")
    assert blanked(record, 0).text == "The [MASK] fought the army."
    assert labels(blanked(record, 1)) == ["[MASK]"]
    assert blanked(record, 1).text == "The rebels fought the [MASK]."


def test_own_voice_is_that_of_all_mentions_and_without_marks() -> None:
    assert in_own_voice(example("The rebels' army left.", "rebels"))
    assert not in_own_voice(example("The rebels left.", "rebels", voice="attributed"))
    assert not in_own_voice(example("The rebels left.", "rebels", voice=None))
    assert not in_own_voice(example("The rebels left.", "rebels", in_quote=True))
    assert not in_own_voice(example("The “rebels” left.", "rebels"))
    assert not in_own_voice(example('A 5" gun of the rebels.', "rebels"))
    assert not in_own_voice(example("Rebels 'left' town", "town"))


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("The rebels left.", '"The rebels left," a spokesman said.'),
        ("The rebels left", '"The rebels left," a spokesman said.'),
        ("Have the rebels left?", '"Have the rebels left?" a spokesman said.'),
        ("The rebels left …", '"The rebels left …" a spokesman said.'),
        ("The rebels left...", '"The rebels left..." a spokesman said.'),
        ("Rebels left the U.S.", '"Rebels left the U.S.," a spokesman said.'),
    ],
)
def test_a_sentence_is_put_in_quotation_marks(text: str, quoted: str) -> None:
    label = "ebels"
    changed = as_quotation(example(text, label))
    assert changed is not None
    assert changed.text == quoted
    assert labels(changed) == [label]
    (found,) = quotations_of_sentence(changed.text)
    assert changed.text[found.start : found.end] == quoted.removesuffix(" a spokesman said.")


def test_a_mention_at_the_end_stays_inside_the_marks() -> None:
    assert labels(as_quotation(example("They fought the rebels.", "rebels"))) == ["rebels"]
    assert labels(as_quotation(example("They fought the rebels", "rebels"))) == ["rebels"]
    assert labels(as_quotation(example("They left the U.S.", "the U.S."))) == ["the U.S."]


@pytest.mark.parametrize(
    "text",
    ["KABUL — The rebels left.", "Live: rebels left.", "15:40 The rebels left.", "The rebels:"],
)
def test_what_would_not_be_english_is_left_alone(text: str) -> None:
    record = example(text, "rebels")
    assert as_quotation(record) is None
    assert Reporter([]).reported(record) is None


CORPUS = [
    Example("1", "They met the rebels, Ankara said, and Turkey left."),
    Example("2", "See green fields and a turkey; the Green party has a bill."),
    Example("3", "Regime Troops Leave Gaza", register="headline"),
]


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("The rebels left.", "the rebels left."),
        ("Rebels left.", "rebels left."),
        ("Ankara's rebels left.", "Ankara's rebels left."),
        ("NATO saw rebels.", "NATO saw rebels."),
        ("U.S. rebels left.", "U.S. rebels left."),
        ("I saw rebels.", "I saw rebels."),
        ("It’s the rebels.", "it’s the rebels."),
    ],
)
def test_a_tag_makes_reported_speech(text: str, reported: str) -> None:
    record = example(text, "ebels")
    changed = Reporter(CORPUS).reported(record)
    assert changed is not None
    assert changed.text == f"Officials said that {reported}"
    assert labels(changed) == ["ebels"]


@pytest.mark.parametrize(
    "text",
    [
        "Turkey left the rebels.",  # the bird or the state
        "Green rebels left.",  # a colour or a party
        "Troops saw rebels.",  # seen with a capital in a headline only
        "Anti-Ankara rebels left.",
        "The rebels left. They won.",
        "The rebels left; they won.",
        "Have the rebels left?",
        "The rebels left",
    ],
)
def test_reported_speech_is_passed_over_where_unsure(text: str) -> None:
    record = example(text, "rebels")
    assert Reporter(CORPUS).reported(record) is None


def test_a_quotation_opened_earlier_leaves_the_text() -> None:
    record = example("The rebels left.", "rebels")
    assert inside_quotation(record).in_quote
    assert inside_quotation(record).text == record.text


def form(name: str, text: str, *names: str) -> tuple[str, list[str]] | None:
    changed = FORMS[name](example(text, *names))
    return None if changed is None else (changed.text, labels(changed))


def test_casing_moves_offsets_where_a_letter_becomes_longer() -> None:
    text = "Weiß-Bund rebels of İzmir left."
    assert form("capitals", text, "rebels", "Weiß") == (
        "WEISS-BUND REBELS OF İZMIR LEFT.",
        ["REBELS", "WEISS"],
    )
    lowered = "i\u0307zmir"
    assert form("lower case", text, "left", "İzmir") == (
        f"weiß-bund rebels of {lowered} left.",
        ["left", lowered],
    )
    assert form("lower case", "rebels left.", "rebels") is None


def test_marks_are_set_straight_and_curly() -> None:
    straight, curly = (
        "\"The rebels' 'heroes' don't,\" he said.",
        "“The rebels’ ‘heroes’ don’t,” he said.",
    )
    assert form("curly marks", straight, "rebels'") == (curly, ["rebels’"])
    assert form("straight marks", curly, "rebels’") == (straight, ["rebels'"])
    assert form("curly marks", curly, "heroes") is None
    assert form("straight marks", straight, "heroes") is None
    assert form("curly marks", 'A 5" gun.', "gun") is None


def test_a_quotation_that_began_earlier_is_closed_with_a_curly_mark() -> None:
    record = example('the rebels left," he said.', "rebels", in_quote=True)
    changed = FORMS["curly marks"](record)
    assert changed is not None
    assert changed.text == "the rebels left,” he said."


def test_only_a_final_full_stop_is_removed() -> None:
    assert form("no full stop", "The rebels left.", "rebels") == ("The rebels left", ["rebels"])
    assert form("no full stop", "“The rebels left.”", "left.") == ("“The rebels left”", ["left"])
    for text in ("The rebels left", "The rebels left...", "Mr. Smith left!"):
        assert form("no full stop", text, "left") is None
    assert form("no full stop", "They left .", ".") is None


def test_spaces_are_doubled() -> None:
    assert form("doubled spaces", "The freedom fighters left.", "freedom fighters") == (
        "The  freedom  fighters  left.",
        ["freedom  fighters"],
    )
    assert form("doubled spaces", "Left.", "Left") is None
