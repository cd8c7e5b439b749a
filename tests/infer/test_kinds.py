"""Kinds of speakers: official, military, party, witness, another medium."""

from pathlib import Path

import pytest

from connote import Scorer
from connote.data.lexicon import load_lexicon
from connote.data.names import Names, load_names
from connote.data.speech import SPEAKER_KINDS
from connote.infer.documents import Document, prepare
from connote.infer.kinds import kind_of
from connote.infer.mentions import LexiconMatcher
from connote.infer.speakers import Speakers

MATCHER = LexiconMatcher(load_lexicon())


def kind(text: str, label: str, *, quoted: bool = False, names: Names | None = None) -> str | None:
    """The kind of who says the last place of a label; none where nobody is named."""
    prepared = prepare(Document.of(text, "d"), MATCHER)
    speakers = Speakers(text, prepared.paragraphs, prepared.spans, prepared.quotations)
    start = text.rindex(label)
    source = speakers.of(start, start + len(label), quoted=quoted)
    return None if source is None else kind_of(text, source, names or load_names())


SOURCES = {
    "official": [
        *("The White House", "Damascus", "The Kremlin", "President Jorn Hask", "Police"),
        *("A police spokesman", "The Syrian government", "Senator Ann Lind", "Judge Ann Lind"),
        *("Attorney General Ann Lind", "Prosecutors", "The Foreign Ministry", "ICE"),
        *("The United Nations", "The World Health Organization", "The prime minister"),
        *("A White House spokeswoman", "Ann Lind, the mayor of Orsk,", "Congress"),
    ],
    "military": [
        *("The Pentagon", "General Jorn Hask", "An army spokesman", "The Syrian army", "NATO"),
        *("A spokesman for the army", "The Russian Defence Ministry", "Two soldiers"),
        *("Israeli troops", "A Pentagon official"),
    ],
    "armed-group": [
        *("Hamas", "ISIS", "The rebels", "A rebel commander", "A Hamas spokesman"),
        *("A spokesman for Hamas", "The Houthis", "Ann Lind, a rebel fighter,", "Militants"),
    ],
    "party": [
        *("Republicans", "The Republican Party", "Critics", "Activists", "Supporters", "The GOP"),
        *("A Democratic strategist", "The opposition", "The Trump campaign"),
    ],
    "witness": [
        *("Residents", "A witness", "A shopkeeper", "Her mother", "Protesters", "Survivors"),
        *("Ann Lind, a farmer,", "Ann Lind, a nurse from Orsk,", "Two men"),
    ],
    "expert": [
        *("Amnesty International", "Human Rights Watch", "Dr. Ann Lind", "Professor Ann Lind"),
        *("Analysts", "A lawyer", "A study", "The AARP", "Ann Lind, an economist,"),
        *("A researcher at the institute", "The American Civil Liberties Union"),
    ],
    "medium": [
        *("The New York Times", "Reuters", "State television", "A local newspaper", "State media"),
        *("The BBC", "Tass", "The news agency", "A reporter for the paper", "The Orsk Tribune"),
    ],
    "other": ["Some", "Mr. Hask", "Ann Lind"],
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [(source, expected) for expected, sources in SOURCES.items() for source in sources],
)
def test_a_source_has_its_kind(source: str, expected: str) -> None:
    text = f"On Monday the town was quiet. {source} said that the rebels were thugs."
    assert kind(text, "thugs") == expected


def test_every_kind_but_the_outlet_is_tried() -> None:
    assert {*SOURCES, "outlet"} == set(SPEAKER_KINDS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“They are thugs,” said Ann Lind, a senator from Orsk.", "official"),
        ("“They are thugs,” the general said.", "military"),
        ("“They are thugs,” a resident told Reuters.", "witness"),
        ("Ann Lind, an analyst, met reporters. “They are thugs,” she said.", "expert"),
        ("Senator Ann Lind spoke in May. “They are thugs,” Ms. Lind said.", "official"),
        ("Hamas spokesman Jorn Hask spoke. “They are thugs,” Hask said.", "armed-group"),
        ("“They are thugs,” Jong Kim said.", "other"),
        ("According to the Kremlin, the “thugs” fled.", "official"),
        ("In the words of one protester, the police were “thugs” and worse.", "witness"),
    ],
)
def test_the_source_of_a_quotation_has_its_kind(text: str, expected: str) -> None:
    assert kind(text, "thugs", quoted=True) == expected


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("Thugs shell village – Moscow", "Thugs", "official"),
        ("Kremlin: strike was work of thugs", "thugs", "official"),
        ("Rebels were thugs – army", "thugs", "military"),
        ("Rebels were thugs – Reuters", "thugs", "medium"),
    ],
)
def test_the_source_of_a_headline_has_its_kind(text: str, label: str, expected: str) -> None:
    assert kind(text, label) == expected


def test_what_a_person_is_called_elsewhere_counts() -> None:
    told = "Ann Lind, the governor of Orsk, spoke on Monday. Lind said that the rebels were thugs."
    assert kind(told, "thugs") == "official"
    assert (
        kind("Ann Lind spoke on Monday. Lind said that the rebels were thugs.", "thugs") == "other"
    )


def test_a_body_that_nothing_tells_of_is_an_expert() -> None:
    text = "On Monday the claim spread, but FactCheck.org said that the rebels were thugs."
    assert kind(text, "thugs") == "expert"


def test_a_file_of_names_tells_kinds(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("Orsk Circle: {kind: party, also: [the Circle]}", encoding="utf-8")
    text = "On Monday the Orsk Circle said that the rebels were thugs."
    assert kind(text, "thugs", names=load_names(path)) == "party"
    assert kind(text, "thugs") != "party"


def test_the_scorer_tells_kinds(scorer: Scorer) -> None:
    text = "The thugs fled. The Kremlin said that the terrorists had shelled a school in the town."
    kinds = {mention.text: mention.speaker_kind for mention in scorer.score(text).mentions}
    assert kinds["thugs"] == "outlet"
    assert kinds["terrorists"] == "official"
