"""Languages: English stays English, other text is told, flagged and passed over."""

import json
from pathlib import Path

import pytest

from connote import Document, Scorer
from connote.infer.archive import score_files
from connote.infer.documents import Passing
from connote.infer.inputs import find_sources
from connote.infer.languages import languages_of
from connote.infer.reading import PieceReader
from connote.infer.rows import ReadOptions

NEWS = [
    "The government said on Tuesday that it would send more troops to the border.",
    "Rebels seized three villages overnight, residents said.",
    "Trump slams Biden over border wall",
    "Assad regime shells Idlib; dozens dead",
    "Erdogan vows to crush Kurdish militants near Aleppo",
    "“We are not terrorists,” Mr. Nasrallah told Al-Manar.",
    "Poll: Macron leads Le Pen ahead of runoff",
    "Oil prices fell 3.2% to $71.40 a barrel.",
    "Bundesbank chief Weidmann warns on inflation",
    "Police arrested 14 people in Rio de Janeiro, Sao Paulo and Belo Horizonte.",
]
GERMAN = "Die Rebellen haben am Dienstag die Stadt eingenommen und die Armee vertrieben."
FRENCH = "Le gouvernement a annoncé mardi qu'il enverrait de nouvelles troupes à la frontière."
OTHERS = [
    (GERMAN, "de"),
    (FRENCH, "fr"),
    ("El gobierno anunció el martes que enviará nuevas tropas a la frontera del país.", "es"),
    ("Il governo ha annunciato martedì che invierà nuove truppe al confine con il paese.", "it"),
    ("O governo anunciou na terça-feira que enviará novas tropas para a fronteira.", "pt"),
    ("De regering kondigde dinsdag aan dat zij nieuwe troepen naar de grens zal sturen.", "nl"),
    ("Rząd ogłosił we wtorek, że wyśle nowe oddziały na granicę z sąsiednim państwem.", "pl"),
    ("Hükümet salı günü komşu ülkenin sınırına yeni birlikler göndereceğini açıkladı.", "tr"),
    ("Regeringen meddelade på tisdagen att den ska skicka nya trupper till gränsen.", "sv"),
]
SCRIPTS = [
    ("Правительство объявило во вторник, что отправит новые войска на границу.", "ru"),
    ("Уряд оголосив у вівторок, що відправить нові війська на кордон із країною.", "uk"),
    ("أعلنت الحكومة يوم الثلاثاء أنها سترسل قوات جديدة إلى الحدود.", "ar"),
    ("政府周二宣布将向边境增派新的部队。", "zh"),
    ("政府は火曜日、国境に新たな部隊を派遣すると発表した。", "ja"),
    ("정부는 화요일 국경에 새로운 병력을 보낼 것이라고 발표했다.", "ko"),
    ("Η κυβέρνηση ανακοίνωσε την Τρίτη ότι θα στείλει νέα στρατεύματα στα σύνορα.", "el"),
    ("הממשלה הודיעה ביום שלישי כי תשלח כוחות חדשים לגבול.", "he"),
    ("सरकार ने मंगलवार को घोषणा की कि वह सीमा पर नए सैनिक भेजेगी।", "hi"),
]


@pytest.mark.parametrize("text", NEWS)
def test_english_news_stays_english(text: str) -> None:
    assert languages_of([text]) == ["en"]


def test_english_news_stays_english_beside_other_text() -> None:
    assert languages_of([*NEWS[:2], GERMAN, FRENCH]) == ["en", "en", "de", "fr"]


@pytest.mark.parametrize(("text", "language"), [*OTHERS, *SCRIPTS])
def test_another_language_is_told(text: str, language: str) -> None:
    assert languages_of([text]) == [language]


@pytest.mark.parametrize(("text", "language"), SCRIPTS)
def test_another_script_is_told_in_few_letters(text: str, language: str) -> None:
    assert languages_of([NEWS[0], text[:8]])[1] != "en"


@pytest.mark.parametrize("line", ["Nein.", "14:05", "Foto: dpa", "Berlin", "…", ""])
def test_a_short_line_goes_with_its_document(line: str) -> None:
    assert languages_of([GERMAN, line]) == ["de", "de"]
    assert languages_of([line, NEWS[0]]) == ["en", "en"]


def test_a_short_line_beside_any_english_one_is_judged() -> None:
    assert languages_of(["Nein.", GERMAN, GERMAN, NEWS[1]]) == ["en", "de", "de", "en"]
    assert languages_of(["Nein.", GERMAN, OTHERS[0][0]])[0] == "de"


@pytest.mark.parametrize("texts", [[], [""], ["14:05", "…"], ["Ja."]])
def test_what_tells_nothing_is_taken_for_english(texts: list[str]) -> None:
    assert languages_of(texts) == ["en"] * len(texts)


@pytest.mark.parametrize(
    "text",
    [
        "The word “Freiheit” is what the crowd in Leipzig shouted that night.",
        "He shouted “Allahu akbar” (الله أكبر) before the attack, police said.",
        "The party Alternative für Deutschland won 12 seats, said the broadcaster.",
    ],
)
def test_a_foreign_word_makes_no_foreign_sentence(text: str) -> None:
    assert languages_of([text]) == ["en"]


def test_a_long_paragraph_is_told_by_its_beginning() -> None:
    assert languages_of([" ".join([NEWS[0]] * 20_000), " ".join([GERMAN] * 20_000)]) == ["en", "de"]


PAGE = ["The rebels hold the town.", "Die Terroristen flohen am Dienstag, sagte die Armee."]


def test_the_scorer_flags_and_passes_over_other_languages(scorer: Scorer) -> None:
    english, german = scorer.score(PAGE).sentences
    assert (english.flags, english.language) == ((), "en")
    assert english.loaded is not None
    assert english.mentions
    assert (german.flags, german.language) == (("not-english",), "de")
    assert german.loaded is None
    assert german.mentions == ()
    assert german.text == PAGE[1]


def test_other_languages_are_judged_where_that_is_asked_for() -> None:
    passing = Passing(other_languages=True)
    _, german = Scorer(passing=passing).score(PAGE).sentences
    assert german.flags == ("not-english",)
    assert german.loaded is not None


def test_boilerplate_that_is_judged_tells_nothing_of_other_languages() -> None:
    sentences = Scorer(passing=Passing(boilerplate=True)).score([*PAGE, "Read more"]).sentences
    assert [s.flags for s in sentences[1:]] == [("not-english",), ("boilerplate",)]
    assert [s.loaded is None for s in sentences] == [False, True, False]
    sentences = Scorer(passing=Passing(boilerplate=True)).score([GERMAN, "Read more"]).sentences
    assert sentences[1].flags == ("boilerplate", "not-english")
    assert sentences[1].loaded is None


def test_a_mention_given_in_another_language_is_judged(scorer: Scorer) -> None:
    (document,) = scorer.score_many([Document.of(PAGE[1], "d", [(4, 15)])])
    (mention,) = document.mentions
    assert (mention.text, mention.found_by) == ("Terroristen", "given")
    assert document.sentences[0].loaded is not None


def test_a_run_counts_what_was_passed_over(scorer: Scorer, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [{"id": "1", "paragraphs": PAGE}, {"id": "2", "paragraphs": [GERMAN, FRENCH]}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    sources = find_sources([str(path)])
    summary = score_files(scorer, sources, PieceReader(ReadOptions("paragraphs")), lambda row: None)
    assert summary.flags["not-english"] == 3
    assert (summary.documents, summary.sentences) == (2, 1)
