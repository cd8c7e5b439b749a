"""Syndicated copy: what repeats in a run, what does not, what is forgotten, who wrote it."""

from functools import partial

import pytest
from timing_helpers import growth

from connote import Document, Scorer
from connote.infer.copies import LEAST_WORDS, Copies, CopyFinder, agency_of

WIRE = [
    "BEIRUT (AP) — Syrian rebels seized three villages near the Turkish border on Tuesday after a "
    "week of heavy fighting, residents and a monitoring group said.",
    "The villages lie on a road that links the city of Aleppo with the coast, and both sides have "
    "fought over it since the truce broke down in the spring.",
    "“We heard shelling all night and left before dawn with our children,” said a farmer who "
    "reached the border with his family and two neighbors.",
    "The army did not comment on the report, but state television showed pictures of troops who "
    "moved north in a long column of trucks and armored vehicles.",
    "Aid groups say that more than forty thousand people have fled the area this month, most of "
    "them women and children who sleep in fields and schools.",
]
HEADED = [
    "Rebels seize villages near border",
    WIRE[0].removeprefix("BEIRUT (AP) — ").replace("heavy", "fierce"),
    *WIRE[1:],
]
CREDITED = [
    *WIRE[:4],
    WIRE[4].replace("more than forty thousand", "some 40,000"),
    "The Associated Press contributed to this report.",
]
BANK = [
    "The central bank left its main rate unchanged on Thursday and said that it would wait for new "
    "figures on wages and rents before it decides on a cut in the autumn.",
    "Shares rose after the announcement, while the currency lost a little against the dollar in "
    "quiet trading before the long weekend.",
]
SAME_EVENT = [
    "Opposition fighters in Syria have captured a string of hamlets close to the frontier with "
    "Turkey, according to activists, in their biggest gain since the collapse of a ceasefire.",
    "Government jets bombed the road to Aleppo in reply. A woman reached by telephone said that "
    "nobody in her street had slept and that bread was running out.",
]


def other(number: int) -> list[str]:
    """An article unlike any other one."""
    return [" ".join(f"word{number}x{i}" for i in range(60))]


def test_copy_reprinted_with_light_edits_bears_the_first_id() -> None:
    finder = CopyFinder()
    assert finder.add("wire", WIRE).document == "wire"
    assert finder.add("headed", HEADED).document == "wire"
    assert finder.add("credited", CREDITED).document == "wire"


@pytest.mark.parametrize("article", [BANK, SAME_EVENT, other(1)])
def test_another_article_is_its_own(article: list[str]) -> None:
    finder = CopyFinder()
    finder.add("wire", WIRE)
    copies = finder.add("other", article)
    assert copies.document == "other"
    assert copies.paragraphs == tuple(f"other#{i}" for i in range(len(article)))


def test_paragraphs_repeat_with_the_place_where_they_came_first() -> None:
    finder = CopyFinder()
    assert finder.add("a", WIRE).paragraphs == ("a#0", "a#1", "a#2", "a#3", "a#4")
    quoting = finder.add("b", [BANK[0], WIRE[2], BANK[1]])
    assert quoting == Copies("b", ("b#0", "a#2", "b#2"))
    assert finder.add("c", [BANK[1]]).paragraphs == ("b#2",)


def test_a_paragraph_may_repeat_within_its_document() -> None:
    assert CopyFinder().add("a", [WIRE[1], BANK[0], WIRE[1]]).paragraphs == ("a#0", "a#1", "a#0")


def test_short_paragraphs_tell_nothing() -> None:
    words = WIRE[1].split()
    finder = CopyFinder()
    for id in ("a", "b"):
        found = finder.add(id, [" ".join(words[: LEAST_WORDS - 1]), "", BANK[0]]).paragraphs
        assert found == (None, None, "a#2")
    found = CopyFinder().add("a", [" ".join(words[:LEAST_WORDS])]).paragraphs
    assert found == ("a#0",)


@pytest.mark.parametrize("empty", [[], [""], ["", " … "]])
def test_empty_documents_repeat_nothing(empty: list[str]) -> None:
    finder = CopyFinder()
    for id in ("a", "b"):
        assert finder.add(id, empty) == Copies(id, (None,) * len(empty))


def test_capitals_marks_and_white_space_do_not_matter() -> None:
    finder = CopyFinder()
    finder.add("a", WIRE)
    changed = [text.upper().replace(",", " –").replace(" ", "\n") for text in WIRE]
    assert finder.add("b", changed).paragraphs == tuple(f"a#{i}" for i in range(len(WIRE)))


@pytest.mark.parametrize("between", [0, 1, 2])
def test_a_document_within_the_window_is_remembered(between: int) -> None:
    finder = CopyFinder(window=3)
    finder.add("wire", WIRE)
    for number in range(between):
        finder.add(f"{number}", other(number))
    assert finder.add("again", WIRE).document == "wire"


def test_a_document_beyond_the_window_is_forgotten_with_its_paragraphs() -> None:
    finder = CopyFinder(window=3)
    finder.add("wire", WIRE)
    for number in range(3):
        finder.add(f"{number}", other(number))
    assert finder.add("again", WIRE) == Copies("again", tuple(f"again#{i}" for i in range(5)))
    assert finder.add("third", WIRE).document == "again"


def test_copy_that_keeps_coming_stays_one_cluster() -> None:
    finder = CopyFinder(window=3)
    finder.add("wire", WIRE)
    for number in range(5):
        finder.add(f"{number}", other(number))
        finder.add(f"{number} again", WIRE)
    assert finder.add("last", WIRE).document == "wire"


def test_a_long_run_keeps_only_its_window() -> None:
    finder = CopyFinder(window=5)
    for number in range(200):
        assert finder.add(f"{number}", other(number)).document == f"{number}"
    known = [finder.add(f"again {n}", other(n)).document == f"{n}" for n in (190, 0, 100, 150)]
    assert known == [False] * 4
    finder = CopyFinder(window=5)
    for number in range(200):
        finder.add(f"{number}", other(number))
    assert finder.add("again", other(196)).document == "196"


def test_time_is_linear_in_the_documents() -> None:
    def find(count: int) -> None:
        finder = CopyFinder()
        for number in range(count):
            finder.add(f"{number}", other(number))

    assert growth(partial(find, 100), partial(find, 400), below=8) < 8


@pytest.mark.parametrize(
    ("paragraphs", "agency"),
    [
        (["BEIRUT (AP) — Rebels fled."], "Associated Press"),
        (["WASHINGTON (The Associated Press) — Rebels fled."], "Associated Press"),
        (["BEIRUT, May 12 (Reuters) - Rebels fled."], "Reuters"),
        (["SEOUL, May 12 (Yonhap) -- Rebels fled."], "Yonhap"),
        (["BEIJING, May 12 (Xinhua) -- Rebels fled."], "Xinhua"),
        (["MOSCOW, May 12. /TASS/. Rebels fled."], "TASS"),
        (["AFP — Rebels fled."], "Agence France-Presse"),
        (["Rebels flee", "BEIRUT (AP) — Rebels fled."], "Associated Press"),
        (["Rebels fled.", "The Associated Press contributed to this report."], "Associated Press"),
        (
            ["Rebels fled.", "Associated Press writers in Beirut contributed to this report."],
            "Associated Press",
        ),
        (["Rebels fled.", "Source: Reuters"], "Reuters"),
        (["Rebels fled.", "With Reuters", "Read our newsletter"], "Reuters"),
        (["Rebels fled.", "— AFP"], "Agence France-Presse"),
        (["Rebels fled.", "(AFP)"], "Agence France-Presse"),
        (["Rebels fled.", "© 2020 AFP"], "Agence France-Presse"),
        (["Rebels fled.", "Copyright 2020 The Associated Press."], "Associated Press"),
    ],
)
def test_an_agency_is_named_by_dateline_or_credit(paragraphs: list[str], agency: str) -> None:
    assert agency_of(paragraphs) == agency


@pytest.mark.parametrize(
    "paragraphs",
    [
        *([], [""], ["Rebels fled."], ["BEIRUT — Rebels fled."], ["Rebels fled, the AP reported."]),
        *(["Ramallah (PA) officials met."], ["“Not true,” Reuters quoted him as saying."]),
        *(["Sana - a girl of ten - fled the town."], ["Ani – a girl of ten – fled the town."]),
        *(["Rebels fled.", "He fled with Ani."], ["Rebels fled.", "Her letter came from Sana."]),
        *(["The bank (AP). Rebels fled."], ["Rebels fled.", "He spoke via Reuters at noon"]),
        ["Rebels fled.", "He fled.", "BEIRUT (AP) — He wrote.", "He left.", "All is quiet."],
    ],
)
def test_no_agency_is_named_by_other_text(paragraphs: list[str]) -> None:
    assert agency_of(paragraphs) is None


def test_the_scorer_tells_copies_in_one_pass(scorer: Scorer) -> None:
    articles = [WIRE, BANK, HEADED, CREDITED, []]
    ids = ["wire", "bank", "headed", "credited", "empty"]
    documents = [Document.of(text, id) for id, text in zip(ids, articles, strict=True)]
    scored = list(scorer.score_many(documents))
    clusters = {document.id: document.copy_cluster for document in scored}
    assert clusters == {
        **dict.fromkeys(["wire", "headed", "credited"], "wire"),
        **{"bank": "bank", "empty": "empty"},
    }
    assert [document.agency for document in scored] == [
        *("Associated Press", None, None, "Associated Press", None),
    ]
    assert [s.paragraph_cluster for s in scored[2].sentences] == [
        *(None, "headed#1", "wire#1", "wire#2", "wire#3", "wire#4"),
    ]


def test_each_run_begins_anew(scorer: Scorer) -> None:
    for id in ("a", "b"):
        (document,) = scorer.score_many([Document.of(WIRE, id)])
        assert document.copy_cluster == id


def test_furniture_makes_no_copies(scorer: Scorer) -> None:
    page = ["Read more: rebels take three villages near the border after a week of heavy fighting"]
    scored = list(scorer.score_many([[BANK[0], *page], [WIRE[1], *page]]))
    assert [document.copy_cluster for document in scored] == ["0", "1"]
    assert [d.sentences[-1].paragraph_cluster for d in scored] == [None, None]
