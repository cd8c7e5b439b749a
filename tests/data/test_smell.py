"""Signs of templates."""

from __future__ import annotations

import pytest

from connote.data.schema import Example, Mention
from connote.data.smell import opening, skeleton, smell


def example(number: int, text: str, label: str, group: str | None = None) -> Example:
    start = text.index(label)
    return Example(str(number), text, (Mention(start, start + len(label)),), group=group)


def test_a_skeleton_masks_labels_names_and_numbers() -> None:
    one = example(1, "Police in Lyon held 14 thugs on Monday, the Interior Ministry said.", "thugs")
    two = example(
        2,
        "Police in San José held 1,200 brave patriots on Friday, the Army said.",
        "brave patriots",
    )
    assert skeleton(one) == skeleton(two)
    assert skeleton(one) == "police in NAME held NUMBER LABEL on NAME , the NAME said ."
    three = example(
        3, "Police in Lyon freed 14 thugs on Monday, the Interior Ministry said.", "thugs"
    )
    assert skeleton(three) != skeleton(one)
    quoted = example(4, "“Go, go, go,” the mob cried to Ana.", "mob")
    assert skeleton(quoted) == "“ go , go , go , ” the LABEL cried to NAME ."


def test_a_skeleton_in_more_than_two_groups_smells() -> None:
    texts = [f"Police in {town} held thugs." for town in ("Lyon", "Graz", "Oslo")]
    own = [example(i, text, "thugs", group=f"g{i}") for i, text in enumerate(texts)]
    assert smell(own).repeated == ("0", "1", "2")
    assert smell(own).repeated_share == 1
    retold = [example(i, text, "thugs", group="one") for i, text in enumerate(texts)]
    assert smell(retold).repeated == ()
    alone = [example(i, text, "thugs") for i, text in enumerate(texts)]
    assert smell(alone).repeated_share == 1


def test_the_most_frequent_opening() -> None:
    texts = ["The so-called mob left.", "“The so called” mob", "Mob rule", "A mob came in."]
    found = smell([example(i, text, "ob") for i, text in enumerate(texts)])
    assert (found.opening, found.opening_share) == ("the so called", 0.5)
    assert opening("Mob rule") is None


def test_nothing_has_no_smell() -> None:
    with pytest.raises(ValueError, match="found none"):
        smell([])
