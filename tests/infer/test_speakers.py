"""Who speaks: the source of quoted and reported words in whole short texts."""

import pytest

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
        ("The road was shut. “They are thugs,” Ana Petrov said on Friday.", "Ana Petrov"),
        ("The road was shut. “They are thugs,” said Ana Petrov, the mayor.", "Ana Petrov"),
        ("The road was shut. Ana Petrov said: “They are thugs.”", "Ana Petrov"),
        ("The road was shut. Ana Petrov said the men were “thugs” and left.", "Ana Petrov"),
        ("The men were “thugs”, according to Ana Petrov.", "Ana Petrov"),
        ("According to Ana Petrov, the men were “thugs”.", "Ana Petrov"),
        ("The men, Ana Petrov said, were “thugs”.", "Ana Petrov"),
        ("“The men,” Ana Petrov said, “are thugs.”", "Ana Petrov"),
        ("“Are they thugs?” Ana Petrov asked the crowd.", "Ana Petrov"),
        ("“They are thugs!” Ana Petrov told the BBC.", "Ana Petrov"),
        ("Ana Petrov called the men “thugs” in a letter.", "Ana Petrov"),
        ("The men were called “thugs” by Ana Petrov.", "Ana Petrov"),
        ("Ana Petrov condemned the raid on Friday, calling the men “thugs”.", "Ana Petrov"),
        ("In the words of Ana Petrov, the men are “thugs”.", "Ana Petrov"),
        ("As Ana Petrov put it, the men are “thugs”.", "Ana Petrov"),
        ("The agency quoted Ana Petrov as saying the men were “thugs”.", "Ana Petrov"),
        ("“They are thugs,” Ana Petrov, who leads the union, told the crowd.", "Ana Petrov"),
        ("Ana Petrov’s statement read: “They are thugs.”", "Ana Petrov"),
        ("In a statement, Ana Petrov said: “They are thugs.”", "Ana Petrov"),
        ("“They are thugs,” Ana Petrov, the mayor, told Reuters.", "Ana Petrov"),
        ("“They are thugs”, the mayor, Ana Petrov, said by telephone from Lod.", "Ana Petrov"),
        ("Ana Petrov on Monday called the men “thugs” in a letter.", "Ana Petrov"),
        ("Ana Petrov on Monday said the men were “thugs”.", "Ana Petrov"),
        ("Ana Petrov — a clerk in Lod — called the men “thugs”.", "Ana Petrov"),
        ("Ana Petrov said the men, whom locals call “heroes”, were “thugs”.", "Ana Petrov"),
        ("Ana Petrov put it bluntly. “They are thugs,” she told the crowd.", "Ana Petrov"),
    ],
)
def test_quoted_words_have_the_source_beside_them(text: str, source: str) -> None:
    assert named(text, "hugs") == source


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Ana Petrov said the men were thugs.", "Ana Petrov"),
        ("The men were thugs, Ana Petrov said.", "Ana Petrov"),
        ("Ana Petrov on Monday said the men were thugs.", "Ana Petrov"),
        ("Ana Petrov, who called it “a farce,” said that thugs had fled.", "Ana Petrov"),
        ("Reed's lawyer, Ana Petrov, said the men were thugs.", "Ana Petrov"),
        ("The men were thugs, according to the army.", "the army"),
        ("According to the army, the men were thugs.", "the army"),
        ("In May Moscow said the thugs had fled.", "Moscow"),
        ("On Monday Jan Egeland said the thugs had fled.", "Jan Egeland"),
        ("The army claimed that the men, seen near the bridge, were thugs.", "The army"),
        ("Reed denounced the raid. Petrov accused the thugs of theft.", "Petrov"),
        ("The army said the road was open. The mayor said the thugs had fled.", "The mayor"),
    ],
)
def test_reported_words_have_the_source_of_their_clause(text: str, source: str) -> None:
    assert named(text, "thugs", quoted=False) == source


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("“Bandits” shell border village – Moscow", "Moscow"),
        ("“Bandits” shell border village – Defence Ministry", "Defence Ministry"),
        ("Kremlin: “bandits” shelled the village", "Kremlin"),
        ("Mayor Ana Petrov: village shelled by “bandits”", "Mayor Ana Petrov"),
        ("Village shelled by “bandits”, says mayor", "mayor"),
        ("Village shelled by “bandits”, army says", "army"),
        ("Army slams “bandits” over shelling", "Army"),
        ("Rebel chief calls mayor’s men “bandits”", "Rebel chief"),
        ("Petrov Calls Protesters “Bandits” at Rally", "Petrov"),
        ("Petrov: ‘Bandits’ Shelled Village", "Petrov"),
    ],
)
def test_a_headline_names_its_source(text: str, source: str) -> None:
    page = f"{text}\n\nThe village was shelled on Monday. Nobody was hurt."
    assert (named(page, "andits") or "").lower() == source.lower()


def test_one_attribution_serves_all_sentences_of_a_quotation() -> None:
    text = (
        "The vote was lost by two.\n\n"
        "“It was a farce. The cowards ran away. We shall be back,” Ana Petrov told the crowd.\n\n"
        "The hall was cleared at noon."
    )
    assert {named(text, words) for words in ("a farce", "cowards", "be back")} == {"Ana Petrov"}


def test_a_report_of_several_voices_tells_them_apart() -> None:
    text = (
        "BERLIN (Reuters) - Germany's interior minister on Monday called the marchers “a disgrace” "
        "after clashes in the east.\n\n“These cowards do not speak for us,” Karin Vogel told a "
        "news conference. “They bring hatred with them.”\n\nHer deputy, Jonas Falk, said police "
        "had arrested 40 people. “We will not be bullied,” he said.\n\nThe opposition accused "
        "Vogel of doing too little. “This government is asleep,” its leader, Petra Lang, said."
        "\n\nA spokesman for the marchers rejected the charge, calling the minister “hysterical”."
    )
    expected = {
        "disgrace": "Germany's interior minister",
        "cowards": "Karin Vogel",
        "hatred": "Karin Vogel",
        "bullied": "Jonas Falk",
        "asleep": "Petra Lang",
        "hysterical": "A spokesman for the marchers",
    }
    assert {words: named(text, words) for words in expected} == expected


def test_a_quotation_broken_by_its_attribution_goes_on() -> None:
    text = (
        "The vote was lost by two.\n\n"
        "“It was a farce,” said Ana Petrov, the mayor. “The cowards ran away. We shall be back.”"
    )
    assert {named(text, words) for words in ("a farce", "cowards", "be back")} == {"Ana Petrov"}


def test_a_quotation_reopened_over_paragraphs_has_one_source() -> None:
    text = (
        "Ana Petrov spoke for an hour. Tom Reed listened.\n\n"
        "“We were betrayed by cowards.\n\n“The traitors sit in this hall.\n\n"
        "“They will answer for it,” Ms. Petrov said.\n\nMr. Reed left the hall."
    )
    spoken = ("cowards", "traitors", "answer for it")
    assert [named(text, words) for words in spoken] == ["Ana Petrov"] * 3


@pytest.mark.parametrize("mid", ["Rebels in {} Orsk fired.", "The {} land was empty.", "A {}?"])
def test_words_quoted_in_another_sentence_are_not_the_last_speakers(mid: str) -> None:
    text = f"Ana Petrov said that the truce held. {mid.format('“liberated”')}"
    assert named(text, "liberated") is None


@pytest.mark.parametrize("behind", ["", " The hall was silent."])
def test_a_quotation_that_is_a_sentence_is_the_last_speakers(behind: str) -> None:
    text = f"Ana Petrov said that the truce held. “They are thugs.”{behind}"
    assert named(text, "thugs") == "Ana Petrov"


def test_the_us_is_no_pronoun() -> None:
    assert named("US Condemns “Ruthless” Attacks by Regime", "Ruthless") == "US"
    assert named("“They are thugs,” we said.", "thugs") is None


def test_what_was_rejected_is_named_by_who_tells_of_it() -> None:
    text = "Ana Petrov said that the rebels rejected the sham vote."
    assert named(text, "sham", quoted=False) == "Ana Petrov"
    text = "Ana Petrov said that Tom Reed called it a sham vote."
    assert named(text, "sham", quoted=False) == "Tom Reed"


def test_a_quotation_goes_on_in_the_paragraph_behind_its_attribution() -> None:
    text = (
        "“It was a farce,” said Ana Petrov, who leads the opposition.\n\n"
        "“The cowards ran away.”\n\nThe hall was cleared at noon."
    )
    assert named(text, "cowards") == "Ana Petrov"


@pytest.mark.parametrize(
    ("text", "inner", "outer"),
    [
        (
            "“The mayor called us ‘vandals’ and the cowards laughed,” Tom Reed told reporters.",
            "The mayor",
            "Tom Reed",
        ),
        (
            "Tom Reed said: “Ana Petrov said ‘no more vandals’ on air, and the cowards laughed.”",
            "Ana Petrov",
            "Tom Reed",
        ),
        (
            "“According to Moscow, they are ‘vandals’, and the cowards laughed,” Tom Reed said.",
            "Moscow",
            "Tom Reed",
        ),
        (
            "“These ‘vandals’ are our children, and the cowards laughed,” Tom Reed said.",
            "Tom Reed",
            "Tom Reed",
        ),
    ],
)
def test_a_quotation_in_a_quotation_has_its_own_source(text: str, inner: str, outer: str) -> None:
    assert (named(text, "andals"), named(text, "cowards")) == (inner, outer)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "“They are thugs,” said a senior official who asked not to be named.",
            "a senior official",
        ),
        ("The police chief denounced the men as “thugs”.", "The police chief"),
        ("The head of the IMF said the men were “thugs”.", "The head of the IMF"),
        ("The group, which calls itself the “Thugs of Lod”, left.", "The group"),
        ("Two officials said the men were “thugs”.", "Two officials"),
        ("Critics have called the men “thugs”.", "Critics"),
        ("“They are thugs,” one resident told Reuters.", "one resident"),
        ("Sources close to the army described the men as “thugs”.", "Sources close to the army"),
        ("The men were “thugs”, local media reported.", "local media"),
        ("The police said the men were “thugs”.", "The police"),
        ("“They are thugs,” a man in the crowd shouted.", "a man in the crowd"),
        ("The report described the men as “thugs”.", "The report"),
        ("Many in the town call the men “thugs”.", "Many in the town"),
    ],
)
def test_anonymous_and_collective_sources_stand_as_they_are(text: str, source: str) -> None:
    assert named(f"The road was shut on Monday. {text}", "hugs") == source
