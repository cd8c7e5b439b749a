"""Words of speech: forms of verbs, kinds of sources, lists that hold together."""

from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from connote.data.speech import SPEAKER_KINDS, Verb, speech_words
from connote.data.yaml import read_yaml


def listed(name: str) -> Any:
    return read_yaml(Path(str(files("connote.data") / "speech" / name)))


@pytest.mark.parametrize(
    "forms",
    [
        *("say says said saying", "tell tells told telling", "write writes wrote writing"),
        *(
            "think thinks thought thinking",
            "swear swears swore swearing",
            "find finds found finding",
        ),
        *("deny denies denied denying", "reply replies replied replying", "cry cries cried crying"),
        *("agree agrees agreed agreeing", "argue argues argued arguing", "muse muses mused musing"),
        *(
            "admit admits admitted admitting",
            "slam slams slammed slamming",
            "dub dubs dubbed dubbing",
        ),
        *("quip quips quipped quipping", "pan pans panned panning", "rip rips ripped ripping"),
        *("concur concurs concurred concurring", "recap recaps recapped recapping"),
        *("stress stresses stressed stressing", "ask asks asked asking"),
        *("guess guesses guessed guessing", "dismiss dismisses dismissed dismissing"),
        *("vow vows vowed vowing", "portray portrays portrayed portraying", "put puts putting"),
        *("label labels labeled labeling", "signal signals signaled signaling"),
    ],
)
def test_a_verb_is_known_in_its_forms(forms: str) -> None:
    assert set(forms.split()) <= set(speech_words().verbs)


@pytest.mark.parametrize("form", ["labelled", "labelling", "signalled", "signalling"])
def test_british_spellings_are_known(form: str) -> None:
    assert form in speech_words().verbs


@pytest.mark.parametrize(
    "form",
    [
        *("sayed", "telled", "writed", "thinked", "sweared", "admiting", "slaming", "denyed"),
        *("argueing", "concured", "concuring", "recaped", "recaping", "puting", "agreing", "dubed"),
    ],
)
def test_no_form_is_misspelt(form: str) -> None:
    assert form not in speech_words().verbs


@pytest.mark.parametrize(
    ("form", "verb"),
    [
        ("say", Verb(calls=False, base=True)),
        ("says", Verb(calls=False)),
        ("said", Verb(calls=False, past=True)),
        ("written", Verb(calls=False, past=True)),
        ("saying", Verb(calls=False, participle=True)),
        ("slam", Verb(calls=True, base=True)),
        ("slams", Verb(calls=True)),
        ("slammed", Verb(calls=True, past=True)),
        ("slamming", Verb(calls=True, participle=True)),
        ("spoke", Verb(calls=True, past=True)),
    ],
)
def test_a_form_tells_what_it_is(form: str, verb: Verb) -> None:
    assert speech_words().verbs[form] == verb


@pytest.mark.parametrize(
    ("first", "rest"),
    [
        *(("pointed", {"out", "to"}), ("refers", {"to"}), ("spoke", {"of"}), ("went", {"on"})),
        *(("laid", {"out"}), ("spelling", {"out"})),
    ],
)
def test_a_verb_of_two_words_needs_its_second(first: str, rest: set[str]) -> None:
    assert speech_words().particles[first] == rest
    assert first in speech_words().verbs


def test_no_plain_verb_needs_a_second_word() -> None:
    assert not {"said", "called", "wrote", "slammed"} & set(speech_words().particles)


def test_forms_that_are_more_often_nouns_are_forms_of_verbs() -> None:
    words = speech_words()
    assert words.also_nouns
    assert words.also_nouns <= set(words.verbs)


@pytest.mark.parametrize("part", ["titles", "heads"])
def test_every_kind_of_source_is_a_kind_of_speaker(part: str) -> None:
    kinds = set(listed("sources.yaml")[part])
    assert kinds
    assert kinds <= set(SPEAKER_KINDS) - {"outlet"}


@pytest.mark.parametrize("part", ["titles", "heads"])
def test_no_word_stands_twice(part: str) -> None:
    counts = Counter(word for words in listed("sources.yaml")[part].values() for word in words)
    assert [word for word, count in counts.items() if count > 1] == []


def test_no_verb_stands_twice() -> None:
    verbs = listed("verbs.yaml")
    bases = Counter(
        next(iter(v)) if isinstance(v, dict) else v for v in verbs["say"] + verbs["call"]
    )
    assert [base for base, count in bases.items() if count > 1] == []


def test_all_words_are_in_small_letters() -> None:
    words = speech_words()
    for group in (words.verbs, words.also_nouns, words.titles, words.heads, words.first_names):
        assert group
        assert [word for word in group if word != word.lower().strip()] == []
    for group in (words.statements, words.documents, words.no_source):
        assert group
        assert [word for word in group if word != word.lower().strip()] == []


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        *(("minister", "official"), ("rebel", "armed-group"), ("soldier", "military")),
        *(("resident", "witness"), ("analyst", "expert"), ("newspaper", "medium")),
        *(("republican", "party"), ("activist", "party"), ("news agency", "medium")),
    ],
)
def test_a_head_has_its_kind(word: str, kind: str) -> None:
    assert speech_words().heads[word] == kind


@pytest.mark.parametrize(
    ("title", "kind"),
    [("senator", "official"), ("gen.", "military"), ("dr.", "expert"), ("mr.", "other")],
)
def test_a_title_has_its_kind(title: str, kind: str) -> None:
    assert speech_words().titles[title] == kind


def test_no_first_name_is_given_to_both() -> None:
    names = listed("first_names.yaml")
    assert set(names) == {"f", "m"}
    assert not set(names["f"]) & set(names["m"])
    assert speech_words().first_names["angela"] == "f"
    assert speech_words().first_names["john"] == "m"


def test_the_lists_are_read_once() -> None:
    assert speech_words() is speech_words()
