"""Names of actors: which are one, what a file of one's own may hold, what an error says."""

import time
from pathlib import Path

import pytest

from connote.data import names as module
from connote.data.names import Actor, NamesError, fold, load_names, tidy
from connote.data.speech import SPEAKER_KINDS

GOOD = """
Orsk Front:
  kind: armed-group
  also: [OFR, the Front of Orsk, "Orsk Workers' Front"]
Lind Foundation: {}
"""


def written(tmp_path: Path, content: str | bytes, name: str = "own.yaml") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "name",
    [
        *("Damascus", "the Syrian government", "Assad regime", "the Assad regime"),
        *(
            "Syria's government",
            "Syria’s authorities",
            "government of Syria",
            "the regime of Syria",
        ),
        *("regime in Damascus", "Bashar al-Assad's regime", "SYRIAN GOVERNMENT", "Syrian junta"),
        *(" the  Syrian\ngovernment, ", "“Assad regime”"),
    ],
)
def test_a_government_is_one_under_all_its_names(name: str) -> None:
    assert load_names().find(name) == Actor("Syrian government", "official")
    assert load_names().normal(name) == "Syrian government"


@pytest.mark.parametrize(
    ("name", "one"),
    [
        *(("Pyongyang", "North Korean government"), ("Kim regime", "North Korean government")),
        *(("South Korean government", "South Korean government"), ("Kiev", "Ukrainian government")),
        *(("Kyiv", "Ukrainian government"), ("the Kremlin", "Russian government")),
        *(("Putin’s regime", "Russian government"), ("the White House", "US government")),
        *(("Trump administration", "US government"), ("U.S. government", "US government")),
        *(("Downing Street", "British government"), ("Brasília", "Brazilian government")),
        *(("Erdoğan government", "Turkish government"), ("Turkey's army", "Turkish military")),
        *(("Syrian troops", "Syrian army"), ("Assad's army", "Syrian army")),
        *(("American troops", "US military"), ("Israeli soldiers", "Israel Defense Forces")),
        *(
            ("ISIS", "Islamic State"),
            ("Daesh", "Islamic State"),
            ("‘Islamic State’", "Islamic State"),
        ),
        *(("G.O.P.", "Republican Party"), ("Obamacare", "Affordable Care Act")),
        *(
            ("HTS", "Hayat Tahrir al-Sham"),
            ("Kurdistan Workers’ Party", "Kurdistan Workers' Party"),
        ),
    ],
)
def test_actors_have_one_name(name: str, one: str) -> None:
    assert load_names().normal(name) == one


@pytest.mark.parametrize(
    ("name", "known"),
    [
        *(("ICE", True), ("ice", False), ("Ice", False)),
        *(("Amnesty", True), ("AMNESTY", True), ("amnesty", False)),
        *(("WHO", True), ("Who", False), ("who", False)),
        *(("IS", True), ("Is", False), ("is", False)),
        *(("Labour", True), ("labour", False), ("the House", True), ("the house", False)),
        *(("Republicans", True), ("republicans", False), ("NATO", True), ("Nato", True)),
        *(("US government", True), ("us government", False)),
        *(("the high court", True), ("the bloc", True), ("tea party", True), ("Tea Party", True)),
    ],
)
def test_capitals_matter(name: str, known: bool) -> None:
    assert (load_names().find(name) is not None) == known


@pytest.mark.parametrize(
    ("name", "state"),
    [
        *(("Damascus", "Syria"), ("Syrian", "Syria"), ("Assad", "Syria"), ("Britain", "UK")),
        *(("the Kremlin", "Russia"), ("Delhi", "India"), ("Iran's", "Iran"), ("Orsk", None)),
    ],
)
def test_a_state_is_known_by_its_words(name: str, state: str | None) -> None:
    assert load_names().state_of(name) == state


def test_every_state_has_a_government_and_an_army() -> None:
    names = load_names()
    assert len(set(names.states.values())) > 100
    for state in set(names.states.values()):
        assert names.governments[state].kind == "official"
        assert names.armies[state].kind == "military"
        assert names.find(f"the {names.adjectives[state]} government") == names.governments[state]
    assert {actor.kind for actor in names.actors.values()} <= {*SPEAKER_KINDS, None}


@pytest.mark.parametrize(
    ("name", "tidied"),
    [
        *(("the  Syrian\n government", "Syrian government"), ("Assad’s", "Assad")),
        *(("The Kremlin", "Kremlin"), ("its army", "army"), ("rebels'", "rebels")),
        *(("the “People’s Republic”", "People’s Republic"), (" – Moscow –", "Moscow")),
        *(("O’Brien’s", "O’Brien"), ("d'Estaing", "d'Estaing"), ("Moscow,", "Moscow")),
        *(("the UK-based SOHR", "SOHR"), ("London-based Times", "Times")),
        *(("A&E", "A&E"), ("the", "the"), ("“”", ""), ("", "")),
    ],
)
def test_a_name_is_tidied(name: str, tidied: str) -> None:
    assert tidy(name) == tidied


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("The Kremlin", "kremlin"), ("Türkiye’s", "TÜRKIYE"), ("O’Brien", "O'BRIEN")),
        *(("“Daesh”", "daesh"), ("Straße", "STRASSE")),
    ],
)
def test_names_are_compared_without_what_does_not_tell_them_apart(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_names_that_differ_stay_apart() -> None:
    assert fold("Hamas") != fold("Hama")
    assert load_names().normal("the Orsk Front’s") == "Orsk Front"


def test_a_file_adds_actors(tmp_path: Path) -> None:
    names = load_names(written(tmp_path, GOOD))
    front = Actor("Orsk Front", "armed-group")
    for name in ("Orsk Front", "OFR", "the Front of Orsk", "Orsk Workers’ Front", "ORSK FRONT"):
        assert names.find(name) == front
    assert names.find("ofr") is None
    assert names.find("the Lind Foundation") == Actor("Lind Foundation", None)
    assert names.normal("Damascus") == "Syrian government"
    assert load_names().find("Orsk Front") is None


def test_a_file_adds_a_name_to_an_actor_of_connote(tmp_path: Path) -> None:
    names = load_names(written(tmp_path, "Hamas: {kind: armed-group, also: [Qassam men]}"))
    for name in ("Qassam men", "Hamas", "Hamas militants"):
        assert names.find(name) == Actor("Hamas", "armed-group")


def test_an_actor_of_connote_keeps_its_kind_where_a_file_names_none(tmp_path: Path) -> None:
    names = load_names(written(tmp_path, "Hamas: {also: [Qassam men]}"))
    assert names.find("Qassam men") == names.find("Hamas") == Actor("Hamas", "armed-group")


def test_a_file_gives_an_actor_of_connote_another_name(tmp_path: Path) -> None:
    names = load_names(written(tmp_path, "Daesh: {kind: armed-group, also: [Islamic State]}"))
    for name in ("Islamic State", "ISIS", "Daesh", "ISIS fighters"):
        assert names.normal(name) == "Daesh"


def test_a_government_takes_its_other_name_everywhere(tmp_path: Path) -> None:
    content = "Government of Syria: {kind: official, also: [Syrian government]}"
    names = load_names(written(tmp_path, content))
    assert names.normal("Damascus") == names.normal("Assad regime") == "Government of Syria"
    assert names.governments["Syria"].name == "Government of Syria"


def test_several_files_are_read_as_one(tmp_path: Path) -> None:
    first = written(tmp_path, "A1: {kind: party}")
    second = written(tmp_path, "A1: {kind: party, also: [A2]}", "second.yaml")
    names = load_names(first, second)
    assert names.find("A1") == names.find("A2") == Actor("A1", "party")


def test_a_name_of_two_actors_in_two_files_is_found(tmp_path: Path) -> None:
    first = written(tmp_path, "Orsk Front: {also: [OFR]}")
    second = written(tmp_path, "Old Front: {also: [OFR]}", "second.yaml")
    message = r"second\.yaml: Old Front: found 'ofr', which is also a name of Orsk Front"
    with pytest.raises(NamesError, match=message):
        load_names(first, second)


KINDS = ", ".join(SPEAKER_KINDS)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "expected names of actors, found None"),
        ("[a, b]", r"expected names of actors, found \['a', 'b'\]"),
        ("just text", "expected names of actors, found 'just text'"),
        ("1: {}", "expected the name of an actor, found 1"),
        ("yes: {}", "expected the name of an actor, found True"),
        ("' ': {}", "expected the name of an actor, found ' '"),
        (f"{'x' * 201}: {{}}", "expected the name of an actor, found 'xxx"),
        ("A:", "A: found None; allowed: kind, also"),
        ("A: [x]", r"A: found \['x'\]; allowed: kind, also"),
        ("A: {label: x}", "A: found {'label': 'x'}; allowed: kind, also"),
        ("A: {kind: army}", f"A.kind: found 'army'; allowed: {KINDS}"),
        ("A: {kind: [party]}", r"A.kind: found \['party'\]; allowed: outlet"),
        ("A: {kind: {a: b}}", "A.kind: found {'a': 'b'}; allowed: outlet"),
        ("A: {also: x}", "A.also: expected a list of names, found 'x'"),
        ("A: {also: {x: y}}", "A.also: expected a list of names, found {'x': 'y'}"),
        ("A: {also: [no]}", "A.also: expected a name, found False"),
        ("A: {also: [2014]}", "A.also: expected a name, found 2014"),
        ("A: {also: ['“”']}", "A.also: expected a name, found '“”'"),
        ("A: {also: [[x]]}", r"A.also: expected a name, found \['x'\]"),
        (f"A: {{also: [{'x' * 201}]}}", "A.also: expected a name, found 'xxx"),
        ("A: {also: [X]}\nB: {also: [x]}", "B: found 'x', which is also a name of A"),
        ("A: {also: [B]}\nB: {}", "B: found 'b', which is also a name of A; expected every name"),
        ("A: {}\nA: {}", "key 'A' a second time.*line 2"),
        ("A: {also: [x], also: [y]}", "key 'also' a second time"),
        ("A: {also: [x", "expected YAML in UTF-8"),
        ("A: {}\n---\nB: {}", "expected YAML in UTF-8"),
        ("? [a]\n: {}", "expected YAML in UTF-8"),
        ("A: {also: [2020-13-45]}", "month must be"),
        ("A: !!python/object/apply:os.getcwd []", "expected YAML in UTF-8"),
        ("A: !!python/name:os.system {}", "expected YAML in UTF-8"),
        ("A: {also: !!python/tuple [x]}", "expected YAML in UTF-8"),
        ("A: {also: [!!binary aGk=]}", "A.also: expected a name, found b'hi'"),
        ("A: &a {also: [*a]}", "A.also: expected a name, found {'also'"),
        (b"A: {also: [caf\xe9]}", "expected YAML in UTF-8"),
        (b"\xff\xfeA\x00:\x00", "expected YAML in UTF-8"),
        ("A: \x00", "expected YAML in UTF-8"),
    ],
)
def test_a_malformed_file_is_named_with_place_and_reason(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    path = written(tmp_path, content)
    with pytest.raises(NamesError, match=f"(?s){message}") as caught:
        load_names(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert len(str(caught.value)) < len(str(path)) + 600


def test_a_tag_runs_no_code(tmp_path: Path) -> None:
    target = tmp_path / "made"
    content = f"A: {{also: [!!python/object/apply:os.mkdir ['{target}']]}}"
    with pytest.raises(NamesError, match="expected YAML in UTF-8"):
        load_names(written(tmp_path, content))
    assert not target.exists()


@pytest.mark.parametrize("content", ["A: " + "[" * 200_000, "{" * 200_000, "- " * 20_000])
def test_deeply_nested_yaml_is_an_error_and_no_crash(tmp_path: Path, content: str) -> None:
    with pytest.raises(NamesError, match="nested more than 10 deep"):
        load_names(written(tmp_path, content))


def test_aliases_that_multiply_cost_no_time(tmp_path: Path) -> None:
    bomb = ["A0: &a0 {also: [x]}"]
    bomb += [f"A{n}: &a{n} {{also: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 30)]
    began = time.process_time()
    with pytest.raises(NamesError, match=r"A1\.also: expected a name, found {'also': \['x'\]}"):
        load_names(written(tmp_path, "\n".join(bomb)))
    assert time.process_time() - began < 5


def test_a_file_may_not_be_too_big(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, GOOD)
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 10)
    with pytest.raises(NamesError, match="split the file"):
        load_names(path)


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_names(tmp_path / "missing.yaml")
