"""Who speaks in posts, transcripts and live pages, and where nobody is named for the words."""

import pytest

from connote.infer.scorer import Scorer
from connote.infer.speakers import Speakers


def named(text: str, words: str, *, quoted: bool = True) -> str | None:
    """The fullest name of who says some words of a text, or none where it is left open."""
    speakers = Speakers.in_text(text)
    start = text.index(words)
    source = speakers.of(start, start + len(words), quoted=quoted)
    return None if source is None or source.open else text[source.start : source.end]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("@lodwatch: the thugs are coming down the hill", "@lodwatch"),
        ("Lod Watch (@lodwatch): the thugs are coming down the hill", "Lod Watch"),
        ("@lodwatch on Twitter: the thugs are coming down the hill", "@lodwatch"),
        ("The thugs are coming. — Jane Doe (@jane_d) March 5, 2020", "Jane Doe"),
        ("JANE DOE: The thugs are coming down the hill.", "JANE DOE"),
        ("Jane Doe: The thugs are coming down the hill. We saw them.", "Jane Doe"),
        ("PETERSON: The thugs are coming. Nobody stopped them.", "PETERSON"),
        ("Bob61, Hull: The thugs are coming down the hill.", "Bob61"),
    ],
)
@pytest.mark.parametrize("quoted", [True, False])
def test_a_line_with_a_name_before_or_behind_it_is_spoken(
    text: str, source: str, quoted: bool
) -> None:
    assert named(f"What people say\n\n{text}\n\nMore to come.", "hugs", quoted=quoted) == source


def test_the_turns_of_a_transcript_have_their_own_speakers() -> None:
    text = (
        "Judge Anna Keller questioned John Doe on Monday.\n\n"
        "KELLER: Who broke the window?\n\nDOE: It was the thugs. I saw it.\n\n"
        "KELLER: You are a liar. Sit down.\n\nDOE: I am no coward."
    )
    assert [named(text, words) for words in ("the window", "thugs", "liar", "coward")] == [
        "Judge Anna Keller",
        "John Doe",
        "Judge Anna Keller",
        "John Doe",
    ]


def test_the_initials_of_a_transcript_stand_for_a_person_named_before() -> None:
    text = (
        "Maya Quist met the novelist Karl Oster in Lod.\n\n"
        "MQ: Were they thugs?\n\nKO: They were heroes. All of them."
    )
    assert (named(text, "thugs"), named(text, "heroes")) == ("Maya Quist", "Karl Oster")


def test_a_handle_stands_for_the_person_whose_name_it_joins() -> None:
    text = "Jane Doe was at the bridge on Monday.\n\n@JaneDoe: the thugs are coming"
    assert named(text, "thugs") == "Jane Doe"


def test_what_a_post_says_that_others_call_it_is_theirs() -> None:
    text = "What people say\n\n@lodwatch: the government calls them terrorists, we call them sons"
    assert named(text, "terrorists") == "the government"


LIVE = """LIVE: Army enters Lod – Moscow

14:32 GMT – “The bandits have fled,” the governor of Lod said.

14:20 GMT – Rebels: army of “butchers” has shelled the bridge

14:05 GMT – The mayor, Ana Petrov, called the shelling “barbaric”.

13:50 GMT – The road north is “hell”.

13:30 GMT – Hospital: 20 dead in “massacre”
"""


@pytest.mark.parametrize(
    ("words", "source"),
    [
        ("bandits", "the governor of Lod"),
        ("butchers", "Rebels"),
        ("barbaric", "Ana Petrov"),
        ("hell”", None),
        ("massacre", "Hospital"),
    ],
)
def test_an_item_of_a_live_page_has_its_own_source(words: str, source: str | None) -> None:
    assert (named(LIVE, words) or "").removeprefix("The mayor, ") == (source or "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The “republic” has no army. Its roads are poor.", "republic"),
        ("“We shall be back.”\n\nThe square was empty on Monday. Shops were shut.", "be back"),
        ("The road was shut. A “reform” of the law is due in May.", "reform"),
        ("The road was shut.\n\nThe so-called “people’s court” sat on Monday.", "court"),
        ("“It is over,” he said. The hall was empty.", "over"),
        ("Reed was called a “liar”. The hall was empty.", "liar"),
        ("The film “Thugs of Lod” opens on Friday in ten towns.", "hugs"),
        ("It was a farce and the thugs left.", "farce"),
    ],
)
def test_what_nobody_is_named_for_is_left_open(text: str, words: str) -> None:
    assert named(text, words) is None


def test_words_of_the_outlet_itself_have_no_source() -> None:
    text = "Tom Reed said the road was shut.\n\nThe thugs left at noon. The hall was empty."
    assert named(text, "thugs", quoted=False) is None


def test_who_spoke_in_another_item_is_not_taken() -> None:
    text = "• Ana Petrov said the road was shut.\n\n• “Butchers” have shelled the bridge again."
    assert named(text, "Butchers") is None


@pytest.mark.parametrize(
    ("headline", "label", "name"),
    [
        ("Hero Soldiers Advance Near Saraqib – Syrian Army", "Hero Soldiers", "Syrian army"),
        ("Terrorists' Combat Areas Shrink – Moscow", "Terrorists", "Russian government"),
        ("Thugs took over the city - mayor", "Thugs", "mayor"),
        ("Regime troops flee Saraqib — Turkish MoD", "Regime troops", "Turkish MoD"),
        ("Erdogan: Regime Has Until May to Withdraw", "Regime", "Recep Tayyip Erdogan"),
        ("Police: Thugs set fire to shop", "Thugs", "Police"),
    ],
)
def test_the_form_of_a_headline_makes_its_voice_attributed(
    scorer: Scorer, headline: str, label: str, name: str
) -> None:
    text = f"{headline}\n\nThe shelling near the town went on until Tuesday night."
    mention = next(m for m in scorer.score(text).mentions if m.text == label)
    assert (mention.voice.raw, mention.voice.probabilities["own"]) == ("attributed", 0.0)
    assert sum(mention.voice.probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert mention.speaker is not None
    assert mention.speaker.name == name


@pytest.mark.parametrize(
    "headline",
    [
        "Terrorists killed three soldiers – two of them officers",
        "Thugs attack market – police car burned",
        "Hero Soldiers Advance – Syria",
        "Terror attack in Idlib – a timeline",
        "Live: Rioters storm parliament",
    ],
)
def test_another_form_leaves_the_voice_to_the_model(scorer: Scorer, headline: str) -> None:
    with_speakers = [m.voice for m in scorer.score(headline).mentions]
    assert with_speakers == [m.voice for m in Scorer(speakers=False).score(headline).mentions]
    assert {voice.raw for voice in with_speakers} == {"own"}
