"""A lexicon of one's own: what its file may hold and what an error says."""

from pathlib import Path

import pytest

from connote.data import lexicon as module
from connote.data.lexicon import ACTORS, Entry, LexiconError, load_lexicon

GOOD = """
modifiers: [Brutal, so-called]
armed-opposition:
  about: people who fight a government with arms
  delegitimizing: [terrorist, death squad]
  neutral: [" rebel "]
government:
  neutral: [government]
"""


def written(tmp_path: Path, content: str | bytes, name: str = "own.yaml") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_file_is_read_in_its_order(tmp_path: Path) -> None:
    lexicon = load_lexicon(written(tmp_path, GOOD))
    assert lexicon.entries == (
        Entry("terrorist", "armed-opposition", "delegitimizing"),
        Entry("death squad", "armed-opposition", "delegitimizing"),
        Entry("rebel", "armed-opposition", "neutral"),
        Entry("government", "government", "neutral"),
    )
    assert lexicon.about == {
        "armed-opposition": "people who fight a government with arms",
        "government": "",
    }
    assert lexicon.modifiers == {"brutal", "so-called"}


def test_competing_labels_stand_under_their_framing(tmp_path: Path) -> None:
    lexicon = load_lexicon(written(tmp_path, GOOD))
    assert lexicon.competing("armed-opposition") == {
        "delegitimizing": ["terrorist", "death squad"],
        "neutral": ["rebel"],
        "legitimizing": [],
    }


def test_files_are_read_as_one(tmp_path: Path) -> None:
    first = written(tmp_path, "a: {neutral: [x]}")
    second = written(tmp_path, "modifiers: [m]\nb: {neutral: [y]}", "second.yaml")
    lexicon = load_lexicon(first, second)
    assert [entry.label for entry in lexicon.entries] == ["x", "y"]
    assert lexicon.modifiers == {"m"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "expected concepts, found None"),
        ("[a, b]", "expected concepts, found"),
        ("a: [x]", r"a: expected labels, found \['x'\]"),
        ("a:", "a: expected labels, found None"),
        ("1: {neutral: [x]}", "expected a concept's name, found 1"),
        ("a: {neutral: x}", r"a\.neutral: expected a list of labels, found 'x'"),
        ("a: {neutral: [no]}", r"a\.neutral: expected a label, found False .*quotation marks"),
        ("a: {neutral: [2014]}", "expected a label, found 2014"),
        ("a: {neutral: ['  ']}", "expected a label, found '  '"),
        ("a: {neutral: [[x]]}", r"expected a label, found \['x'\]"),
        (f"a: {{neutral: [{'x' * 201}]}}", "label of over 200 characters"),
        ("a: {none: [x]}", "found key 'none'; allowed: about, referent, actor"),
        ("modifiers: x", "modifiers: expected a list of labels"),
        ("a: {neutral: [x, X]}", r"a\.neutral: found label 'X' again, first in a\.neutral"),
        ("a: {neutral: [x]}\nb: {legitimizing: [x]}", r"first in a\.neutral"),
        ("a: {neutral: [x]}\na: {neutral: [y]}", "key 'a' a second time.*line 2"),
        ("a:\n  neutral: [x]\n  neutral: [y]", "key 'neutral' a second time.*line 3"),
        ("a: {referent: }", "a.referent: expected the name of what it stands for, found None"),
        ("a: {referent: ' '}", "a.referent: expected the name of what it stands for, found ' '"),
        ("a: {referent: [x]}", r"a.referent: expected the name of what .*, found \['x'\]"),
        ("a: {referent: no}", "a.referent: expected the name of what it stands for, found False"),
        (f"a: {{referent: {'x' * 201}}}", "a.referent: expected the name of what .*, found 'xxx"),
        ("a: {actor: navy}", f"a.actor: found 'navy'; allowed: {', '.join(ACTORS)}"),
        ("a: {actor: [army]}", r"a.actor: found \['army'\]; allowed: government"),
        ("a: {actor: {army: x}}", "a.actor: found {'army': 'x'}; allowed: government"),
        ("a: {actor: }", "a.actor: found None; allowed: government"),
        ("a: {actors: army}", "a: found key 'actors'; allowed: about, referent, actor, deleg"),
        ("a: {neutral: [x", "expected YAML in UTF-8"),
        ("a: !!python/object/apply:os.getcwd []", "expected YAML in UTF-8"),
        ("a: {}\n---\nb: {}", "expected YAML in UTF-8"),
        (b"a: {neutral: [caf\xe9]}", "expected YAML in UTF-8"),
    ],
)
def test_a_malformed_file_is_named_with_place_and_reason(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    path = written(tmp_path, content)
    with pytest.raises(LexiconError, match=f"(?s){message}") as caught:
        load_lexicon(path)
    assert str(caught.value).startswith(str(path))


def test_a_label_twice_in_two_files_is_found(tmp_path: Path) -> None:
    first = written(tmp_path, "a: {neutral: [x]}")
    second = written(tmp_path, "b: {neutral: [x]}", "second.yaml")
    with pytest.raises(LexiconError, match=r"second\.yaml: b\.neutral: found label 'x' again"):
        load_lexicon(first, second)


def test_labels_and_bytes_have_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, GOOD)
    monkeypatch.setattr(module, "MAX_LABELS", 3)
    with pytest.raises(LexiconError, match="more than 3 labels"):
        load_lexicon(path)
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 10)
    with pytest.raises(LexiconError, match="split the lexicon"):
        load_lexicon(path)


@pytest.mark.parametrize("content", ["a: " + "[" * 200_000, "{" * 200_000, "- " * 20_000])
def test_deeply_nested_yaml_is_an_error_and_no_crash(tmp_path: Path, content: str) -> None:
    with pytest.raises(LexiconError, match="nested more than 10 deep"):
        load_lexicon(written(tmp_path, content))


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_lexicon(tmp_path / "missing.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: {neutral: [2020-13-45]}", "month must be"),
        ("a: {neutral: ['!!!']}", "a label with a word in it"),
        ("a: {neutral: [so-called rebel, so called rebel]}", "every label once"),
    ],
)
def test_labels_that_could_never_be_found_are_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LexiconError, match=message):
        load_lexicon(path)


def test_a_concept_tells_what_its_labels_stand_for(tmp_path: Path) -> None:
    content = """
health-law: {referent: " Affordable Care Act ", neutral: [health law]}
rebels: {actor: armed-group, neutral: [rebel]}
gatherings: {neutral: [rally]}
"""
    lexicon = load_lexicon(written(tmp_path, content))
    assert lexicon.referents == {"health-law": "Affordable Care Act"}
    assert lexicon.actors == {"rebels": "armed-group"}
    assert [entry.label for entry in lexicon.entries] == ["health law", "rebel", "rally"]


@pytest.mark.parametrize("actor", ACTORS)
def test_every_sort_of_actor_may_be_named(tmp_path: Path, actor: str) -> None:
    lexicon = load_lexicon(written(tmp_path, f"a: {{actor: {actor}, neutral: [x]}}"))
    assert lexicon.actors == {"a": actor}


def test_referents_of_files_are_read_as_one(tmp_path: Path) -> None:
    first = written(tmp_path, "a: {referent: one, neutral: [x]}")
    second = written(tmp_path, "b: {referent: two, actor: army, neutral: [y]}", "second.yaml")
    lexicon = load_lexicon(first, second)
    assert lexicon.referents == {"a": "one", "b": "two"}
    assert lexicon.actors == {"b": "army"}


def test_the_shipped_lexicon_names_actors_and_things() -> None:
    lexicon = load_lexicon()
    assert lexicon.actors["ruling-government"] == "government"
    assert lexicon.actors["armed-opposition"] == "armed-group"
    assert lexicon.referents["health-law"] == "Affordable Care Act"
    concepts = {entry.concept for entry in lexicon.entries}
    assert set(lexicon.actors) <= concepts
    assert set(lexicon.referents) <= concepts
    assert not set(lexicon.actors) & set(lexicon.referents)
