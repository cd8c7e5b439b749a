"""Referents: whom a label stands for by its words, by what stands beside it, by the document."""

from pathlib import Path

import pytest

from connote import Document, Scorer
from connote.data.lexicon import load_lexicon
from connote.data.names import Names, load_names
from connote.infer.antecedents import Antecedents
from connote.infer.documents import PreparedMention, prepare
from connote.infer.labels import Label
from connote.infer.mentions import LexiconMatcher
from connote.infer.referents import Referents
from connote.infer.speakers import Speakers

LEXICON = load_lexicon()
MATCHER = LexiconMatcher(LEXICON)
SYRIA, UKRAINE, RUSSIA = "Syrian government", "Ukrainian government", "Russian government"
NORTH_KOREA = "North Korean government"


def own_names(folder: Path, content: str) -> Names:
    path = folder / "own.yaml"
    path.write_text(content, encoding="utf-8")
    return load_names(path)


def referent(
    text: str,
    label: str,
    *,
    takes_side: bool = True,
    speaker: str | None = None,
    names: Names | None = None,
) -> str | None:
    """The referent of the last place of a label; the lexicon's other labels stand beside it."""
    prepared = prepare(Document.of(text, "d"), MATCHER)
    known = names or load_names()
    speakers = Speakers(text, prepared.paragraphs, prepared.spans, prepared.quotations, known)
    start = text.rindex(label)
    end = start + len(label)

    def overlaps(mention: PreparedMention) -> bool:
        return mention.start < end and mention.end > start

    found = [mention for sentence in prepared.sentences for mention in sentence.mentions]
    concept = next((m.concept for m in found if overlaps(m)), None)
    not_meant = frozenset() if speaker is None else frozenset([speaker])
    own = Label(start, end, concept, takes_side, not_meant)
    others = [Label(m.start, m.end, m.concept) for m in found if not overlaps(m)]
    labels = sorted([*others, own], key=lambda each: each.start)
    sources = speakers.sources()
    document = Antecedents(text, speakers.cast, known, LEXICON, labels, sources)
    referents = Referents(document)
    return {each.start: referents.find(each) for each in labels}[start]


@pytest.mark.parametrize(
    ("text", "label", "name"),
    [
        ("The Assad regime shelled the town.", "Assad regime", SYRIA),
        ("In May Assad regime fighters fled.", "Assad regime fighters", "Syrian army"),
        ("In May Tahrir al-Sham terrorists fled.", "al-Sham terrorists", "Hayat Tahrir al-Sham"),
        ("NATO met heroes of the Syrian Arab Army.", "heroes", "Syrian army"),
        ("In May the Assad regime’s forces fled.", "Assad regime’s forces", "Syrian army"),
        ("In May Syrian government forces came.", "Syrian government forces", "Syrian army"),
        ("In May US troops came.", "US troops", "US military"),
        (
            "In April Ankara met envoys. In May Russian troops came.",
            "Russian troops",
            "Russian military",
        ),
        ("Many fear Kiev's puppet regime.", "Kiev's puppet regime", UKRAINE),
        ("Many fear Kiev’s puppet regime.", "puppet regime", UKRAINE),
        ("Many fear Assad's regime.", "regime", SYRIA),
        (
            "Many fear Kremlin-backed fighters.",
            "Kremlin-backed fighters",
            "Kremlin-backed fighters",
        ),
        ("Kremlin-backed fighters came.", "Kremlin-backed fighters", "Kremlin-backed fighters"),
        ("Many fear the ISIS terrorists.", "ISIS terrorists", "Islamic State"),
        (
            "They stormed the so-called “People’s Republic”.",
            "“People’s Republic”",
            "People’s Republic",
        ),
    ],
)
def test_the_words_of_a_label_tell(text: str, label: str, name: str) -> None:
    assert referent(text, label) == name


def test_a_regime_that_a_state_backs_is_not_its_government() -> None:
    assert referent("In May the Kremlin-backed regime fell.", "Kremlin-backed regime") != RUSSIA


def test_an_insult_with_a_capital_names_no_state() -> None:
    text = "Officials in Kiev denied it. Moscow said that the Nazi regime would fall."
    assert referent(text, "Nazi regime", speaker=RUSSIA) == UKRAINE


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("They met dictator Jorn Hask in May.", "dictator"),
        ("They met the dictator, Jorn Hask, in May.", "dictator"),
        ("Jorn Hask, the dictator, left in May.", "dictator"),
        ("Jorn Hask, a warlord from Orsk, led it.", "warlord"),
        ("Reporters met Jorn Hask – a warlord – in May.", "warlord"),
        ("Jorn Hask is a dictator.", "dictator"),
        ("Jorn Hask was nothing but a thug.", "thug"),
        ("President Jorn Hask spoke on Monday. He is a dictator.", "dictator"),
        ("Critics called Jorn Hask a dictator.", "dictator"),
        ("Critics denounced Jorn Hask as a brutal dictator.", "brutal dictator"),
        ("Critics labelled Jorn Hask “a thug” in May.", "thug"),
        ("President Jorn Hask spoke in May. Later the dictator left.", "dictator"),
        ("Ministers met strongman Jorn Hask in May. Later the strongman left.", "strongman"),
    ],
)
def test_a_person_named_beside_a_label_is_its_referent(text: str, label: str) -> None:
    assert referent(text, label) == "Jorn Hask"


def test_he_is_no_woman() -> None:
    text = "Voters met Senator Ann Lind in May. {} is a hero."
    assert referent(text.format("She"), "hero") == "Ann Lind"
    assert referent(text.format("He"), "hero") is None


@pytest.mark.parametrize(
    ("text", "label", "name"),
    [
        ("Critics called the report a hoax.", "hoax", "report"),
        ("Critics branded the new law a power grab.", "power grab", "new law"),
        ("Ministers call Hamas a terrorist group.", "terrorist group", "Hamas"),
        ("Ministers call the Islamic State a death cult.", "death cult", "Islamic State"),
        ("The book calls Moscow an aggressor.", "aggressor", RUSSIA),
        ("The policy is a magnet for crime.", "magnet", "policy"),
        ("Ministers say that Hamas is a terrorist group.", "terrorist group", "Hamas"),
        ("Critics called him a dictator.", "dictator", None),
        ("Critics called me a traitor.", "traitor", None),
        ("Critics called what followed on Monday a massacre.", "massacre", None),
        ("This is a witch hunt.", "witch hunt", None),
    ],
)
def test_what_is_called_so_is_the_referent(text: str, label: str, name: str | None) -> None:
    assert referent(text, label) == name


@pytest.mark.parametrize(
    ("text", "label", "name"),
    [
        ("The regime of Syria fell.", "regime", SYRIA),
        ("The puppet government of Ukraine fell.", "puppet government", UKRAINE),
        ("The army of Syria shelled it.", "army", "Syrian army"),
        ("The terrorists of Hamas fled.", "terrorists", "Hamas"),
        ("Many met Jorn Hask. The thugs of Jorn Hask fled.", "thugs", "thugs of Jorn Hask"),
        ("Donald Trump won. They met fans of Mr. Trump.", "fans", "fans of Donald Trump"),
        ("Donald Trump won. Trump's supporters came.", "supporters", "Donald Trump's supporters"),
        ("Jorn Hask left in May. His thugs fled.", "thugs", "Jorn Hask's thugs"),
        ("They say Assad's thugs came.", "thugs", "Assad's thugs"),
        ("Assad's thugs came.", "thugs", "Assad's thugs"),
        ("Trump's supporters came.", "supporters", "Donald Trump's supporters"),
    ],
)
def test_whose_they_are_tells(text: str, label: str, name: str) -> None:
    assert referent(text, label) == name


@pytest.mark.parametrize(
    ("before", "name"),
    [
        ("Officials in Damascus denied the report.", SYRIA),
        ("Officials in Pyongyang denied the report.", NORTH_KOREA),
        ("The Syrian government denied the report.", SYRIA),
        ("War in Syria goes on.", SYRIA),
        ("Talks in Damascus failed. Talks in Pyongyang failed.", NORTH_KOREA),
        ("Damascus denied the report.", SYRIA),
        ("Pyongyang denied the report.", NORTH_KOREA),
        ("Rain fell on the town.", None),
    ],
)
def test_the_regime_is_the_government_named_last(before: str, name: str | None) -> None:
    assert referent(f"{before} The regime tested a missile.", "regime") == name


def test_a_government_may_be_named_behind_the_regime() -> None:
    assert referent("The regime fell in May, as officials in Damascus said.", "regime") == SYRIA


@pytest.mark.parametrize(
    ("text", "speaker", "name"),
    [
        ("Officials in Kiev met envoys of Damascus. They said the regime fell.", None, SYRIA),
        ("Officials in Kiev met envoys of Damascus. They said the regime fell.", SYRIA, UKRAINE),
        ("The Russian government said that the regime would fall.", RUSSIA, None),
        (
            "The Russian government said the regime fell. Officials in Kiev denied it.",
            RUSSIA,
            UKRAINE,
        ),
        ("Seoul said that Pyongyang met envoys. The regime fell.", None, NORTH_KOREA),
        ("They met envoys of Pyongyang. Seoul said the regime fell.", None, NORTH_KOREA),
    ],
)
def test_nobody_calls_himself_a_regime(text: str, speaker: str | None, name: str | None) -> None:
    assert referent(text, "regime", speaker=speaker) == name


@pytest.mark.parametrize(
    ("before", "name"),
    [
        ("In May the Taliban took Kabul.", "Taliban"),
        ("Then Hamas and Hezbollah fired rockets.", "Hezbollah"),
        ("Reporters met rebels in Orsk.", "rebels"),
        ("Rebels fired rockets.", "rebels"),
        ("Hamas fired rockets.", "Hamas"),
        ("Bombs fell on the town.", None),
        ("The Syrian army took the town.", None),
    ],
)
def test_terrorists_are_the_armed_group_named_last(before: str, name: str | None) -> None:
    assert referent(f"{before} The terrorists fled.", "terrorists") == name


@pytest.mark.parametrize(
    ("text", "label", "name"),
    [
        (
            "Many undocumented immigrants came.",
            "undocumented immigrants",
            "undocumented immigrants",
        ),
        ("Undocumented immigrants came.", "Undocumented immigrants", "undocumented immigrants"),
        ("The outspoken critics came.", "outspoken critics", "critics"),
        ("They fear the middle class now.", "class", "middle class"),
        ("The hunt in the park drew crowds.", "crowds", "crowds"),
        ("Voters left the Republican Party in May. The party lost.", "party", "Republican Party"),
        ("They saw the Benghazi attack in May. The attack hurt.", "attack", "Benghazi attack"),
    ],
)
def test_a_plain_label_stands_for_itself(text: str, label: str, name: str) -> None:
    assert referent(text, label, takes_side=False) == name


@pytest.mark.parametrize(
    ("text", "label", "name"),
    [
        ("Illegal aliens came.", "Illegal aliens", "undocumented immigrants"),
        ("They want tax relief now.", "tax relief", "tax cuts"),
        ("They fear a job-killing health care law.", "job-killing health care law", None),
        ("They praised job creators.", "job creators", "rich"),
        ("Reporters met union thugs.", "union thugs", "labor unions"),
        ("Tax cuts help. They fear the tax giveaway.", "tax giveaway", "tax cuts"),
        ("The senator wants tax cuts. They fear the tax giveaway.", "tax giveaway", "tax cuts"),
        ("They repealed the death tax.", "death tax", None),
    ],
)
def test_the_lexicon_tells_what_a_concept_stands_for(
    text: str, label: str, name: str | None
) -> None:
    expected = name or LEXICON.referents.get(MATCHER.find(text)[0].entry.concept)
    assert referent(text, label) == expected


@pytest.mark.parametrize("label", ["“”", "…", "—"])
def test_a_label_without_words_stands_for_nothing(label: str) -> None:
    assert referent(f"They met {label} in Orsk.", label) is None


def test_a_speakers_title_tells_whom_he_does_not_mean(scorer: Scorer) -> None:
    text = "Russia met Ukraine’s envoys. Russian minister Ana Petrov said the regime must fall."
    (found,) = [mention for mention in scorer.score(text).mentions if mention.text == "regime"]
    assert found.speaker is not None
    assert (found.speaker.name, found.referent) == ("Ana Petrov", UKRAINE)


def test_a_file_of_names_tells_of_its_actors(tmp_path: Path) -> None:
    names = own_names(tmp_path, "Front of Orsk: {kind: armed-group, also: [Orskmen]}")
    text = "They say Orskmen came. The terrorists fled."
    assert referent(text, "terrorists") is None
    assert referent(text, "terrorists", names=names) == "Front of Orsk"


def test_a_government_of_another_name_is_found_all_the_same(tmp_path: Path) -> None:
    names = own_names(tmp_path, "Rulers of Syria: {kind: official, also: [Syrian government]}")
    text = "Officials in Damascus denied it. The regime fell."
    assert referent(text, "regime", names=names) == "Rulers of Syria"


def test_the_scorer_names_referents(scorer: Scorer) -> None:
    text = "Talks in Damascus failed. The Assad regime shelled the town. The terrorists fled."
    found = {mention.text: mention.referent for mention in scorer.score(text).mentions}
    assert found["Assad regime"] == SYRIA
    assert found["terrorists"] == "unresolved"


def test_given_mentions_have_referents_and_what_frames_nothing_has_none(scorer: Scorer) -> None:
    text = "The Assad regime fell. Her exercise regime starts at six with a run around the lake."
    given = [(4, 16), (text.index("exercise"), text.index(" starts"))]
    (document,) = scorer.score_many([Document.of(text, "d", given)])
    assert [m.framing.raw != "none" for m in document.mentions] == [True, False]
    assert [mention.referent for mention in document.mentions] == [SYRIA, None]


def test_the_scorer_takes_names_of_ones_own(tmp_path: Path) -> None:
    names = own_names(tmp_path, "Front of Orsk: {kind: armed-group, also: [Orskmen]}")
    text = "On Monday bombs fell on Orskmen near the river. The terrorists fled the town."
    found = {mention.text: mention.referent for mention in Scorer(names=names).score(text).mentions}
    assert found["terrorists"] == "Front of Orsk"


def test_no_referents_are_looked_for_without_speakers() -> None:
    document = Scorer(speakers=False).score("The Assad regime shelled the town.")
    assert document.mentions
    assert [mention.referent for mention in document.mentions] == [None] * len(document.mentions)
