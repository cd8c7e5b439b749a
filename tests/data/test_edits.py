"""Changes of a sentence, and where its mentions are then."""

from __future__ import annotations

import pytest

from connote.data.edits import Edit, edited
from connote.data.schema import Example, Mention

TEXT = "The rebels of Aleppo left."


def example(*labels: str, loaded: str | None = None) -> Example:
    mentions = [Mention(TEXT.index(label), TEXT.index(label) + len(label)) for label in labels]
    spans = None if loaded is None else ((TEXT.index(loaded), TEXT.index(loaded) + len(loaded)),)
    return Example("1", TEXT, tuple(mentions), loaded_spans=spans)


def labels(example: Example | None) -> list[str]:
    assert example is not None
    return [example.text[m.start : m.end] for m in example.mentions]


def test_mentions_and_loaded_spans_move_with_what_is_before_them() -> None:
    changed = edited(example("Aleppo", "left", loaded="left"), [Edit(4, 10, "men")])
    assert changed is not None
    assert changed.text == "The men of Aleppo left."
    assert labels(changed) == ["Aleppo", "left"]
    assert [changed.text[a:b] for a, b in changed.loaded_spans or ()] == ["left"]


def test_an_insertion_at_either_end_of_a_mention_stays_outside_it() -> None:
    changed = edited(example("rebels"), [Edit(10, 10, "»"), Edit(4, 4, "«")])
    assert changed is not None
    assert changed.text == "The «rebels» of Aleppo left."
    assert labels(changed) == ["rebels"]


def test_an_insertion_before_a_replaced_beginning_stays_outside_too() -> None:
    changed = edited(example("The rebels"), [Edit(0, 0, "Officials said that "), Edit(0, 1, "t")])
    assert changed is not None
    assert changed.text == "Officials said that the rebels of Aleppo left."
    assert labels(changed) == ["the rebels"]


def test_a_mention_takes_in_the_whole_of_what_is_replaced_across_its_ends() -> None:
    changed = edited(example("rebels of", "Aleppo"), [Edit(8, 16, "-men from Al")])
    assert changed is not None
    assert changed.text == "The rebe-men from Aleppo left."
    assert labels(changed) == ["rebe-men from Al", "-men from Aleppo"]


def test_a_mention_without_text_makes_the_change_impossible() -> None:
    assert edited(example("rebels"), [Edit(3, 10, "")]) is None
    without = edited(example("Aleppo", loaded="rebels"), [Edit(3, 10, "")])
    assert without is not None
    assert without.loaded_spans == ()
    assert labels(without) == ["Aleppo"]


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(4, 10, "x"), Edit(9, 12, "y")],
        [Edit(4, 99, "x")],
        [Edit(-1, 2, "x")],
        [Edit(3, 2, "")],
    ],
)
def test_edits_that_overlap_or_reach_out_are_a_fault(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="expected edits one behind the other within 26"):
        edited(example("Aleppo"), edits)
