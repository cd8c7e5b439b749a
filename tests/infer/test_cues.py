"""Cues of speech in a sentence: which words report, and the phrase that names who speaks."""

import pytest

from connote.infer.cue_phrases import Cue
from connote.infer.cues import find_cues
from connote.infer.words import words_of


def found(text: str, *, headline: bool = False) -> list[Cue]:
    return find_cues(words_of(text, 0, len(text)), headline=headline)


def pairs(text: str, *, headline: bool = False) -> list[tuple[str, str | None]]:
    """What each cue is in the text, and its source."""
    return [
        (text[c.start : c.end], None if c.source is None else text[slice(*c.source)])
        for c in found(text, headline=headline)
    ]


def sources(text: str, *, headline: bool = False) -> list[str | None]:
    return [source for _, source in pairs(text, headline=headline)]


@pytest.mark.parametrize(
    ("text", "verb", "source"),
    [
        ("Ana Petrov said the bridge was gone.", "said", "Ana Petrov"),
        ("The minister says the strike is over.", "says", "The minister"),
        ("She told reporters that nobody was hurt.", "told", "She"),
        (
            "A spokesman for the ministry said talks went on.",
            "said",
            "A spokesman for the ministry",
        ),
        ("Members of the council argued for hours.", "argued", "Members of the council"),
        ("A man familiar with the talks said no.", "said", "A man familiar with the talks"),
        ("A source close to the talks denied it.", "denied", "A source close to the talks"),
        ("The army on Monday said it had won.", "said", "The army"),
        ("Mr. Okoro later said that he was tired.", "said", "Mr. Okoro"),
        ("On Friday, the army claimed it had won.", "claimed", "the army"),
        ("Critics have called the law a scam.", "called", "Critics"),
        ("The union has not denounced the deal.", "denounced", "The union"),
        ("The Ministry of Defence said it was ready.", "said", "The Ministry of Defence"),
        ("Critics charge that the mayor lied.", "charge", "Critics"),
        ("Residents say the water is brown.", "say", "Residents"),
        ("The report found that 40 people died.", "found", "The report"),
        ("Reed concurred that it was late.", "concurred", "Reed"),
        ("The mayor put it bluntly: “It is over.”", "put", "The mayor"),
        ("Al-Qassem said the road was shut.", "said", "Al-Qassem"),
        ("@anapetrov wrote that the square was empty.", "wrote", "@anapetrov"),
        ("The mayor went on to call the marchers vandals.", "call", "The mayor"),
    ],
)
def test_a_source_before_its_verb_is_found(text: str, verb: str, source: str) -> None:
    assert (verb, source) in pairs(text)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ('"We won," said Ana Petrov.', "Ana Petrov"),
        ("“We won,” said the mayor of Lod.", "the mayor of Lod"),
        ('"We won," says Petrov, who leads the union.', "Petrov"),
        ('"Who won?" asked one resident.', "one resident"),
        ('"We won!" shouted a soldier.', "a soldier"),
        ('"We won," added spokesman Tom Reed.', "spokesman Tom Reed"),
        ('"We won," said residents.', "residents"),
        ("The bridge is gone, says the army.", "the army"),
        ("The bridge is gone – says Ana Petrov.", "Ana Petrov"),
        ("Said Ana Petrov: “We won.”", "Ana Petrov"),
    ],
)
def test_a_source_behind_its_verb_is_found(text: str, source: str) -> None:
    (cue,) = found(text)
    assert cue.source is not None
    assert text[slice(*cue.source)] == source
    assert cue.source_behind


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Ana Petrov, the mayor of Lod, said no.", "Ana Petrov"),
        ("Ana Petrov, the mayor of Lod, said two men died.", "Ana Petrov"),
        ("Ana Petrov, 54, said two men died.", "Ana Petrov"),
        ("Ana Petrov, who leads the union, said two men died.", "Ana Petrov"),
        ("Ana Petrov, seeking to calm the crowd, said two men died.", "Ana Petrov"),
        ("Ana Petrov (the mayor of Lod) said two men died.", "Ana Petrov"),
        ("Ana Petrov — the mayor of Lod — said two men died.", "Ana Petrov"),
        ("Senator Tom Reed, R-Ohio, said two men died.", "Senator Tom Reed"),
        ("Senator Tom Reed (R-Ohio) said two men died.", "Senator Tom Reed"),
        ("Sen. Tom Reed, D-N.J., said two men died.", "Sen. Tom Reed"),
        ("Ana Petrov, in a letter to the court, said two men died.", "Ana Petrov"),
        ("Ana Petrov, however, said two men died.", "Ana Petrov"),
        ("In a letter on Friday, Ana Petrov said two men died.", "Ana Petrov"),
    ],
)
def test_what_stands_between_a_source_and_its_verb_is_passed_over(text: str, source: str) -> None:
    said = [s for word, s in pairs(text) if word == "said"]
    assert said == [source]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Reed, who called the vote a farce, resigned.", ("called", "Reed")),
        ("The panel that examined the attack found that it was theft.", ("found", "The panel")),
        ("The lawyers who say the law is void won.", ("say", "The lawyers")),
    ],
)
def test_the_source_of_a_relative_clause_stands_before_it(
    text: str, expected: tuple[str, str]
) -> None:
    assert expected in pairs(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Reed met reporters and said the deal was dead.", [("said", "Reed")]),
        ("Reed called it a farce and said no.", [("called", "Reed"), ("said", "Reed")]),
        ("Reed walked out, saying the deal was dead.", [("saying", "Reed")]),
        ("Reed left early, saying the deal was dead.", [("saying", "Reed")]),
        ("Reed denied it, calling the report a hoax.", [("denied", "Reed"), ("calling", "Reed")]),
        ("After the vote, Reed resigned, accusing the mayor.", [("accusing", "Reed")]),
        ("Reed took to Twitter to denounce the raid.", [("denounce", "Reed")]),
    ],
)
def test_a_second_verb_shares_the_subject_of_the_first(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert pairs(text) == expected
    assert found(text)[-1].shared


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The march was called a riot by the police.", "the police"),
        ("He was branded a traitor by Mayor Ana Petrov.", "Mayor Ana Petrov"),
        ("The raid, denounced by the ministry as theft, went on.", "the ministry"),
        ("Reed was accused by Ana Petrov of theft.", "Ana Petrov"),
    ],
)
def test_a_passive_verb_has_its_source_behind_by(text: str, source: str) -> None:
    assert sources(text) == [source]
    assert found(text)[0].calls


@pytest.mark.parametrize(
    "text",
    [
        "Reed was called a traitor.",
        "The march was branded a riot.",
        "He was accused of winning by cheating.",
    ],
)
def test_a_passive_verb_without_by_leaves_the_source_open(text: str) -> None:
    assert sources(text) == [None]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The road is shut, according to the army.", "the army"),
        ("According to Ana Petrov, the road is shut.", "Ana Petrov"),
        (
            "The road is shut, according to two people briefed on the plan.",
            "two people briefed on the plan",
        ),
        (
            "The road is shut, according to a source close to the talks.",
            "a source close to the talks",
        ),
        ("The road is shut, per Reuters.", "Reuters"),
        ("In the words of Ana Petrov, it was “a farce.”", "Ana Petrov"),
        ("In the view of the committee, it was a farce.", "the committee"),
        ("It was, as Ana Petrov put it, “a farce.”", "Ana Petrov"),
        ("The raid was, as the programme calls it, a “cleansing”.", "the programme"),
        ("Critics used the word “genocide” for it.", "Critics"),
        ("The army uses the term “terrorists” for them.", "The army"),
        ("Moscow’s claim that it was a raid fell flat.", "Moscow"),
        ("In his words, “it was a farce.”", "his"),
        ("Nobody heeded accusations by the ministry that it was theft.", "the ministry"),
        ("Claims by Moscow that it was theft fell flat.", "Moscow"),
    ],
)
def test_a_phrase_without_a_verb_of_saying_names_a_source(text: str, source: str) -> None:
    assert sources(text)[:1] == [source]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The agency quoted Ana Petrov as saying the road was shut.", "Ana Petrov"),
        ("Tass cited the governor as saying that two men died.", "the governor"),
        ("Reed was quoted as saying he was tired.", "Reed"),
        ("Interfax quoted the army as calling them bandits.", "the army"),
    ],
)
def test_who_is_quoted_as_saying_it_is_the_only_source(text: str, source: str) -> None:
    assert sources(text) == [source]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Petrov Slams “Farce” in Lod", ("Slams", "Petrov")),
        ("Army Denies Raid on Lod", ("Denies", "Army")),
        ("Mayor Calls Marchers “Vandals”", ("Calls", "Mayor")),
        ("Petrov says raid was a “farce”", ("says", "Petrov")),
        ("Kremlin blasts “hostile” vote", ("blasts", "Kremlin")),
        ("Petrov Denounces “Theft” by Army", ("Denounces", "Petrov")),
    ],
)
def test_the_verb_of_a_headline_is_found_with_a_capital(
    text: str, expected: tuple[str, str]
) -> None:
    assert expected in pairs(text, headline=True)


def test_a_passive_verb_of_a_headline_has_its_source_behind_by() -> None:
    assert sources("Petrov branded a “liar” by mayor", headline=True) == ["mayor"]


def test_states_of_a_country_are_no_verb_in_a_headline() -> None:
    text = "United States Warns Iran Over Raid"
    assert pairs(text, headline=True) == [("Warns", "United States")]


def test_what_a_headline_slams_by_somebody_is_still_said_by_its_subject() -> None:
    assert sources("Petrov Slams “Cowardly Raid” by Army", headline=True) == ["Petrov"]


@pytest.mark.parametrize(
    "text",
    [
        *("The claims were false.", "He has few claims to fame.", "The United States left."),
        *("The result announced on Monday was close.", "Reed declined to say why."),
        *("The mayor refused to comment.", "The report is long.", "The cost of calls fell."),
        *("It is a question of time.", "Under the rules, nobody may vote.", "Nobody came."),
        *("The post office is shut.", "Reed found a coat.", "They attended a briefing.", ""),
        *("An attack on the bridge killed two.", "The state of the road is poor."),
        *("Her thoughts and hopes were elsewhere.", "The charges were dropped.", "...", "said"),
        *("“Nonsense,” came the reply.", "The answer was no."),
        *("The meaning of the law is plain.", "He showed up late.", "She holds two passports."),
    ],
)
def test_words_that_only_look_like_verbs_of_saying_are_no_cues(text: str) -> None:
    assert pairs(text) == []


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("Reed called it a farce.", True),
        ("Reed said it was a farce.", False),
        ("Reed denounced the raid.", True),
        ("Reed told us it was a farce.", False),
        ("Critics used the term “farce” for it.", True),
    ],
)
def test_what_is_called_is_told_from_what_is_said(text: str, calls: bool) -> None:
    assert [cue.calls for cue in found(text)] == [calls]


def test_cues_come_from_left_to_right_with_offsets_in_the_document() -> None:
    text = "Lod: Reed said no. Petrov, who said yes, left, calling it a day."
    cues = find_cues(words_of(text, 19, len(text)))
    assert [(text[c.start : c.end], text[slice(*(c.source or ()))]) for c in cues] == [
        ("said", "Petrov"),
        ("calling", "Petrov"),
    ]
