"""Documents: checked on the way in, divided with offsets that reproduce their text."""

from pathlib import Path

import pytest

from connote.data.lexicon import Entry, Lexicon
from connote.infer.documents import Document, DocumentError, Passing, PreparedSentence, prepare
from connote.infer.mentions import LexiconMatcher

MATCHER = LexiconMatcher(
    Lexicon(
        (Entry("terrorist", "armed", "delegitimizing"), Entry("rebel", "armed", "neutral")),
        {},
        frozenset({"brutal"}),
    )
)

AWKWARD = [
    "",
    " \r\n\u2028\u00a0",
    "🙂 The rebels 🇸🇾 fled. “Brutal terrorists\u200b!” 👩‍👩‍👧",
    "قال إن «الإرهابيين» rebels فروا. “terrorists",
    "One.\r\nThe rebels.\r\n\r\n“Terrorists.\r\n\r\n“Rebels”",
    "rebels\u2028terrorists\u2029rebels\x85\x0b\x0cbrutal\u00a0rebels",
    "\ufeffrebels e\u0301 \u202eterrorists\u202c",
    "• 14:32 “Rebels – Moscow\n* Terrorists*\nRead more rebels\n14:05\n”",
    '”rebels“ ‘terrorists ‘rebels’ "brutal "rebels" 5\'10" \'',
    "A wrapped line of the rebels that is about fifty long\nand another about terrorists of like "
    "length which goes\non until here.",
]


def prepared(text: str, *mentions: tuple[int, int]) -> list[PreparedSentence]:
    return list(prepare(Document.of(text, "d", mentions or None), MATCHER, search=True).sentences)


def check(document: Document) -> int:
    """Assert that all offsets reproduce their text; the number of mentions."""
    text, count, at = document.text, 0, 0
    everything = Passing(boilerplate=True, other_languages=True)
    for sentence in prepare(document, MATCHER, search=True, passing=everything).sentences:
        own = text[sentence.start : sentence.end]
        assert at <= sentence.start < sentence.end <= len(text)
        assert sentence.judged is not None
        assert own == sentence.judged.text == own.strip()
        assert len(sentence.mentions) == len(sentence.judged.mentions)
        for mention, (start, end) in zip(sentence.mentions, sentence.judged.mentions, strict=True):
            assert text[mention.start : mention.end] == mention.text
            assert 0 <= start < end <= len(own)
            if document.mentions is None:
                assert own[start:end] == mention.text
        for start, end in sentence.judged.quoted:
            assert 0 <= start < end <= len(own)
        at, count = sentence.end, count + len(sentence.mentions)
    return count


@pytest.mark.parametrize("text", AWKWARD)
def test_offsets_reproduce_the_text(text: str) -> None:
    expected = text.casefold().count("rebels") + text.casefold().count("terrorists")
    assert check(Document.of(text, "d")) == expected


@pytest.mark.parametrize("text", AWKWARD[2:])
def test_any_given_mention_is_kept_once_with_its_offsets(text: str) -> None:
    spans = [(i, min(i + width, len(text))) for i in range(len(text)) for width in (1, 9)]
    given = tuple(dict.fromkeys(spans))
    document = Document.of(text, "d", given)
    assert check(document) == len(given)
    kept = [(m.start, m.end) for s in prepare(document, MATCHER).sentences for m in s.mentions]
    assert sorted(kept) == sorted(given)


def test_real_articles_keep_their_offsets(shared: Path) -> None:
    import json

    lines = (shared / "corpora" / "basil" / "articles.jsonl").read_text("utf-8").splitlines()
    articles = [json.loads(line)["paragraphs"] for line in lines[:20]]
    for paragraphs in articles:
        check(Document.of(paragraphs, "d"))
    assert len(articles) == 20


def test_paragraphs_are_joined_by_a_blank_line() -> None:
    assert Document.of(["One.", "Two."], "d").text == "One.\n\nTwo."
    assert Document.of([], "d").text == ""


@pytest.mark.parametrize(
    ("text", "mentions", "message"),
    [
        ("a\x00b", None, "NUL character at 1"),
        (["a", "\x00"], None, "NUL character at 3"),
        ("a\ud800", None, "lone surrogate"),
        ("abc", [(0, 4)], "mention 0-4 is outside the text of 3 characters"),
        ("abc", [(-1, 2)], "mention -1-2 is outside"),
        ("abc", [(2, 2)], "mention 2-2 is outside"),
        ("abc", [(2, 1)], "mention 2-1 is outside"),
        ("abc", [(0, 1), (0, 1)], "given twice"),
    ],
)
def test_a_malformed_document_is_refused(
    text: str | list[str], mentions: list[tuple[int, int]] | None, message: str
) -> None:
    with pytest.raises(DocumentError, match=message):
        Document.of(text, "d", mentions)


def test_a_mention_in_a_text_of_white_space_is_refused() -> None:
    with pytest.raises(DocumentError, match="only white space"):
        prepared("   ", (0, 1))


def test_no_given_mentions_are_not_looked_for() -> None:
    document = Document.of("The rebels fled.", "d", [])
    assert [s.mentions for s in prepare(document, MATCHER).sentences] == [()]


def test_a_given_mention_has_no_concept_and_a_found_one_has() -> None:
    assert prepared("The rebels fled.")[0].mentions[0].concept == "armed"
    assert prepared("The rebels fled.", (4, 10))[0].mentions[0].concept is None


def test_a_given_mention_beyond_its_sentence_is_judged_by_the_part_inside() -> None:
    text = "The rebels fled. The army came."
    first, second = prepared(text, (4, 25))
    assert first.mentions[0].text == text[4:25]
    assert first.judged.mentions == ((4, len("The rebels fled.")),)
    assert second.mentions == ()


def quoted(text: str) -> list[list[str]]:
    return [[s.judged.text[a:b] for a, b in s.judged.quoted] for s in prepared(text)]


def test_a_quotation_reaches_into_the_sentences_it_covers() -> None:
    text = "He said: “They ran. They hid. We won,” and left. Nobody knew."
    assert quoted(text) == [["“They ran."], ["They hid."], ["We won,”"], []]


def test_only_outer_quotations_are_handed_on() -> None:
    assert quoted("“He said ‘go’ twice,” and “so what” too.") == [
        ["“He said ‘go’ twice,”", "“so what”"]
    ]


def flags(text: str) -> list[tuple[str, ...]]:
    return [sentence.flags for sentence in prepared(text)]


def test_the_sentence_that_opens_what_is_never_closed_is_flagged() -> None:
    assert flags("One. He said “we fight. And on.\n\nNext.") == [
        (),
        ("quote-unclosed",),
        ("quote-continued",),
        (),
    ]


def test_a_quotation_that_is_reopened_is_not_flagged() -> None:
    assert flags("“We fight.\n\n“We win.”") == [(), ()]


@pytest.mark.parametrize(
    ("text", "continued"),
    [
        (
            "He said: “They ran. They hid. We won,” and left. Nobody knew.",
            [False, True, True, False],
        ),
        ("“They ran.” “They hid.”", [False, False]),
        ("“He cried: ‘Run. Hide.’ We ran.” Nobody knew.", [False, True, True, False]),
        ("DOE: I left. They ran.\n\nROE: They hid. We won.", [False, True, False, True]),
    ],
)
def test_a_sentence_inside_a_quotation_opened_earlier_is_flagged(
    text: str, continued: list[bool]
) -> None:
    assert ["quote-continued" in found for found in flags(text)] == continued


def test_furniture_is_flagged() -> None:
    assert flags("Rebels fled\nRead more") == [(), ("boilerplate",)]


def test_200_000_characters_without_a_full_stop_keep_every_mention() -> None:
    text = "the rebels " * 18_182
    assert sum(len(sentence.mentions) for sentence in prepared(text)) == 18_182


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("@lena_ord: The rebels are coming.", ["The rebels are coming."]),
        ("The rebels are coming. — Lena Ord (@lena_ord) May 3, 2020", ["The rebels are coming."]),
        (
            "DOE: The rebels fled.\n\nROE: And the regime?",
            ["The rebels fled.", "And the regime?"],
        ),
        ("DELHI: The rebels fled, officials said.", []),
    ],
)
def test_posts_and_transcripts_reach_the_model_as_quoted(text: str, quoted: list[str]) -> None:
    inside = [
        sentence.judged.text[start:end].strip()
        for sentence in prepared(text)
        if sentence.judged is not None
        for start, end in sentence.judged.quoted
    ]
    assert inside == quoted
