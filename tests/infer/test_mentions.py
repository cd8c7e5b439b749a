"""Mention finding: labels with inflection and modifiers, longest first, in linear time."""

from functools import partial

import pytest
from timing_helpers import cpu_seconds, growth

from connote.data.lexicon import Entry, Lexicon
from connote.infer.mentions import LexiconMatcher

LABELS = (
    *("terrorist", "rebel", "militant", "militiaman", "freedom fighter", "death squad", "thug"),
    *("regime", "Assad regime", "government force", "special military operation", "mob"),
    *("illegals", "security forces", "illegal alien", "alien", "anti-abortion activist"),
    *("martyrs' brigade", "U.S.-backed force", "crony", "Ärzte", "kid", "hero", "child soldier"),
)
MODIFIERS = frozenset({"brutal", "so", "called", "armed", "local"})


def matcher(*labels: str, modifiers: frozenset[str] = MODIFIERS) -> LexiconMatcher:
    entries = tuple(Entry(label, f"c-{label}", "neutral") for label in labels)
    return LexiconMatcher(Lexicon(entries, {}, modifiers))


MATCHER = matcher(*LABELS)


def texts(text: str) -> list[str]:
    return [text[f.start : f.end] for f in MATCHER.find(text)]


def labels(text: str) -> list[str]:
    return [f.entry.label for f in MATCHER.find(text)]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The terrorists fled.", "terrorist"),
        ("A TERRORIST fled.", "terrorist"),
        ("Two militiamen came.", "militiaman"),
        ("The cronies left.", "crony"),
        ("They are heroes.", "hero"),
        ("The freedom fighters won.", "freedom fighter"),
        ("A Death Squad came.", "death squad"),
        ("The death-squad leader", "death squad"),
        ("The death\u2011squad leader", "death squad"),
        ("The special\u00a0military\noperation went on.", "special military operation"),
        ("Anti-abortion activists met.", "anti-abortion activist"),
        ("ÄRZTE streiken.", "Ärzte"),
        ("The child soldiers", "child soldier"),
        ("🙂rebels🙂", "rebel"),
        ("قال rebels ثم", "rebel"),
        ("U.S.-backed forces advanced.", "U.S.-backed force"),
    ],
)
def test_a_label_is_found_inflected_and_in_any_case(text: str, label: str) -> None:
    assert labels(text) == [label]


@pytest.mark.parametrize(
    "text",
    [
        *("an illegal act", "the security force", "a mobile phone", "rebellion", "thuggish"),
        *("freedom. Fighters came", "death, squad", "special military", "heroine", "", "…", "🙂"),
    ],
)
def test_what_is_no_label_is_not_found(text: str) -> None:
    assert texts(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("The illegals came.", ["illegals"]), ("Security forces fired.", ["Security forces"])],
)
def test_a_label_written_in_the_plural_is_found_so(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the regime's forces", ["regime"]),
        ("the regime’s army", ["regime"]),
        ("the rebels' base", ["rebels"]),
        ("the rebels’ base", ["rebels"]),
        ("the government forces’ base", ["government forces"]),
    ],
)
def test_a_possessive_ending_is_no_part_of_the_mention(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize("text", ["the government's forces", "the rebels' regime's fall"])
def test_a_possessive_breaks_a_label(text: str) -> None:
    assert "government force" not in labels(text)


@pytest.mark.parametrize("apostrophe", ["'", "’"])
def test_a_label_may_hold_a_possessive(apostrophe: str) -> None:
    text = f"The Martyrs{apostrophe} Brigade attacked."
    assert labels(text) == ["martyrs' brigade"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Assad regime fell.", ["Assad regime"]),
        ("The illegal aliens came.", ["illegal aliens"]),
        ("aliens, illegal aliens and aliens", ["aliens", "illegal aliens", "aliens"]),
        ("The government forces and rebels", ["government forces", "rebels"]),
    ],
)
def test_the_longest_label_wins_and_none_overlap(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The brutal regime fell.", "brutal regime"),
        ("the so-called rebels", "so-called rebels"),
        ("the local armed militants", "local armed militants"),
        ("Iran's Syrian regime friends", "Iran's Syrian regime"),
        ("the Islamist terrorists", "Islamist terrorists"),
        ("the fanatical rebels", "fanatical rebels"),
        ("the Turkish-backed rebels", "Turkish-backed rebels"),
        ("the U.S.-backed rebels", "U.S.-backed rebels"),
        ("the Iranian-backed local militants", "Iranian-backed local militants"),
        ("the brutal Assad regime", "brutal Assad regime"),
        ("backed by Hamas militants", "Hamas militants"),
    ],
)
def test_the_modifiers_of_a_label_belong_to_it(text: str, expected: str) -> None:
    assert texts(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The rebels", "rebels"),
        ("On Tuesday rebels fled.", "rebels"),
        ("He saw brutal, armed rebels", "armed rebels"),
        ("They called. Rebels came", "Rebels"),
        ("Yesterday rebels came", "rebels"),
        ("wounded rebels", "rebels"),
    ],
)
def test_words_that_are_no_modifiers_stay_outside(text: str, expected: str) -> None:
    assert texts(text) == [expected]


def test_capitals_in_a_headline_make_no_modifier() -> None:
    assert texts("Troops Kill Brutal Rebels In Border Town") == ["Brutal Rebels"]
    assert texts("Troops Attack Rebels In Border Town") == ["Rebels"]


def test_a_modifier_is_not_taken_from_the_label_before() -> None:
    assert texts("rebels terrorists") == ["rebels", "terrorists"]


def test_a_label_directly_before_another_is_its_modifier() -> None:
    assert texts("rebel terrorists") == ["rebel terrorists"]


@pytest.mark.parametrize("text", ["*rebels*", "rebels*", "rebels**, they"])
def test_a_footnote_asterisk_hides_no_label(text: str) -> None:
    assert texts(text) == ["rebels"]


def test_an_asterisk_inside_a_label_is_stepped_over() -> None:
    assert texts("the death* squad came") == ["death* squad"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the so-called “regime” fell", "so-called “regime”"),
        ('the so-called "regime" fell', 'so-called "regime"'),
        ("the brutal ‘regime’ fell", "brutal ‘regime’"),
        ("the “brutal” regime fell", "“brutal” regime"),
        ('the "so-called" regime fell', '"so-called" regime'),
        ("the “regime” fell", "regime"),
        ("“The brutal “regime”” fell", "brutal “regime”"),
        ("“They hate the local “brutal” regime” he said", "local “brutal” regime"),
        ("he said “the brutal regime”", "brutal regime"),
        ("the “regime’s” army", "regime"),
    ],
)
def test_quotation_marks_inside_a_mention_come_in_pairs(text: str, expected: str) -> None:
    assert texts(text) == [expected]


def test_an_own_list_of_modifiers_is_used() -> None:
    (found,) = matcher("rebel", modifiers=frozenset({"wicked"})).find("the brutal wicked rebels")
    assert found.start == len("the brutal ")


@pytest.mark.parametrize("label", LABELS)
def test_every_label_is_found_as_it_is_written(label: str) -> None:
    text = f"about {label} again"
    assert [(text[f.start : f.end], f.entry.label) for f in MATCHER.find(text)] == [(label, label)]


@pytest.mark.parametrize(
    "text",
    [
        '“brutal”regime”rebels” ‘thugs’mob’ "so-called"rebels"',
        "'rebels' regime' \"mob\" “thugs '",
        "U.S.-backed-regime-rebels’’’ mob\u200b\u00adthugs e\u0301regime",
        "rebels\r\nregime\u2028mob\u00a0thugs 🙂 alien🙂s",
    ],
)
def test_mentions_of_awkward_text_are_in_order_and_apart(text: str) -> None:
    found = MATCHER.find(text)
    assert found
    ends = [0, *(f.end for f in found)]
    for end_before, mention in zip(ends, found, strict=False):
        assert end_before <= mention.start < mention.end <= len(text)
        assert mention.entry.label in text[mention.start : mention.end].casefold()


def test_fifty_thousand_entries_are_no_slower_than_few() -> None:
    small = matcher("label 1 of many")
    made: list[LexiconMatcher] = []
    many = [f"label {i} of many" for i in range(50_000)]
    assert cpu_seconds(lambda: made.append(matcher(*many))) < 20
    (large,) = made
    text = "a label 49999 of many things and labels 7 of few " * 2_000
    assert len(large.find(text)) == 2_000
    assert growth(partial(small.find, text), partial(large.find, text), below=5) < 5


@pytest.mark.parametrize(
    "unit",
    ["rebels ", "freedom ", "brutal ", "so-called ", "Syrian ", "a-", "x", "' ", "U.", "rebel’s"],
)
def test_time_is_linear_in_the_text(unit: str) -> None:
    few, many = unit * 5_000, unit * 20_000
    assert growth(partial(MATCHER.find, few), partial(MATCHER.find, many), below=8) < 8
