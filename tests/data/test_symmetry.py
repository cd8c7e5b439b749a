"""One-sidedness is found where it is, and only there."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from connote.data.schema import Example, Mention
from connote.data.symmetry import shares_of_sides, sides_of
from connote.data.yaml import read_yaml


def about(number: int, framing: str, referent: str, register: str = "wire") -> Example:
    mention = Mention(0, 3, framing=framing, referent=referent)
    return Example(str(number), "They left.", (mention,), register=register)


def test_sides_are_told_from_a_referents_name() -> None:
    assert sides_of("Syrian government") == ["Syria"]
    assert sides_of("Russian forces in Ukraine") == ["Russia", "Ukraine"]
    assert sides_of("Republican Party (US)") == ["United States", "Republicans"]
    assert sides_of("businesses of an industrial town") == []
    assert sides_of("Iranians") == sides_of("Iranian officials") == ["Iran"]


def test_a_name_inside_another_tells_of_no_side() -> None:
    for referent in ("Papua New Guinea police force of New Mexico", "Black Sea Fleet"):
        assert not {"Indonesia", "Mexico", "Black Americans"} & set(sides_of(referent))
    assert sides_of("Democratic Republic of Congo") == []
    assert sides_of("Syrian Democratic Forces") == []
    assert sides_of("Latin American left") == []


def test_every_side_is_told_by_its_words_in_both_numbers() -> None:
    listed = read_yaml(Path(str(files("connote.data") / "sides.yaml")))
    listed.pop("no side")
    assert len(listed) >= 60
    for side, words in listed.items():
        for word in words:
            assert side in sides_of(f"the {word} there"), word
            assert side in sides_of(f"{word}s"), word


def test_shares_differ_from_the_corpus_in_points() -> None:
    examples = [about(i, "delegitimizing", "Northland army") for i in range(60)]
    examples += [about(100 + i, "neutral", "Southland army", "blog") for i in range(60)]
    found = {(s.kind, s.name): s for s in shares_of_sides(examples)}
    north = found["referent", "Northland army"]
    assert north.mentions == 60
    assert north.points["delegitimizing"] == pytest.approx(50)
    assert north.points["neutral"] == pytest.approx(-50)
    assert north.departure == pytest.approx(50)
    assert ("register", "blog") in found


def test_a_side_with_few_mentions_is_not_judged() -> None:
    examples = [about(i, "neutral", "Northland army") for i in range(59)]
    assert [s.kind for s in shares_of_sides(examples)] == []
    assert {s.kind for s in shares_of_sides(examples, at_least=59)} == {"referent", "register"}


def test_mentions_without_framing_count_for_nothing() -> None:
    bare = Example("1", "They left.", (Mention(0, 4, referent="Northland army"),), register="wire")
    assert shares_of_sides([bare], at_least=1) == []
