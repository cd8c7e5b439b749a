"""Speech in input nobody meant for reading: broken marks, foreign scripts, endless runs."""

from collections.abc import Callable
from functools import partial

import pytest
from timing_helpers import growth

from connote.infer.cues import find_cues
from connote.infer.paragraphs import find_paragraphs
from connote.infer.quotes import find_quotations
from connote.infer.reference import Source
from connote.infer.sentences import LONGEST, Span
from connote.infer.speakers import Speakers
from connote.infer.words import words_of


def ask(text: str, step: int) -> list[Source]:
    """Ask for the source of every so many characters, quoted and reported."""
    speakers = Speakers.in_text(text)
    spans = [(at, min(at + 4, len(text))) for at in range(0, len(text), step)]
    asked = [speakers.of(*span, quoted=quoted) for span in spans for quoted in (True, False)]
    return [source for source in asked if source is not None]


def named(text: str, words: str) -> str | None:
    start = text.index(words)
    source = Speakers.in_text(text).of(start, start + len(words), quoted=True)
    return None if source is None or source.open else text[source.start : source.end]


TWEETS = """@annareed: so the thugs are back in Lod square tonight, God help us #lod
@lodwatch: thugs everywhere, police nowhere... RT if you see them https://t.co/x1 😡
@tompetrov: they are not “thugs” &amp; you know it, they are our KIDS!!! #lod
@lod_mayor: we will not give the square to thugs. Not today, not ever. #order
@quist77: “thugs”?? the only thugs i see wear a badge, smh #lod #shame 😡😡😡"""
TRANSCRIPT = "\n\n".join(
    f"{'KELLER' if i % 2 else 'DOE'}: I said “no”. You said ‘yes’ {i} times." for i in range(40)
)
BROKEN = {
    "unbalanced": '“They are thugs, Reed said. ‘Cowards, she said. "Liars” Petrov said.',
    "mixed": '“They are thugs", said Ana Petrov. «Cowards”, said Tom Reed. ‘Liars», he said.',
    "closing marks only": "thugs” said Reed” who” left” Petrov said” no”",
    "no marks left": "They are thugs said Ana Petrov cowards all of them she added Reed said no",
    "broken words": "Pet- rov sa1d th3y w ere thu gs , acc0rding t0 R eed , wh o sa id so",
    "all capitals": "“THEY ARE THUGS,” SAID ANA PETROV. REED CALLED HER A “LIAR”. SHE DENIED IT.",
    "all small": "“they are thugs,” said ana petrov. reed called her a “liar”. she denied it.",
    "tweets": TWEETS,
    "transcript": TRANSCRIPT,
    "deep nesting": "Reed said: " + "“a said ‘b " * 60 + "thugs" + " ’c said ”d" * 60,
    "arabic": "قال أحمد سعيد: «هؤلاء بلطجية». وأضاف: «لن نستسلم»، وفق الوزارة.",
    "chinese": "王毅说：“他们是暴徒。”外交部发言人表示，“我们反对暴力”。《人民日报》报道。",
    "russian": "«Они бандиты», — сказал Иван Петров. По словам министра, «всё кончено».",
    "mixed scripts": "قال “thugs” said 王毅, according to Иван: «no», she said — “ja”.",
    "empty": "",
    "white space": " \n\t\u00a0\n\n \u2028 ",
    "marks": "“”\"\"''‘’«»„“”",
    "punctuation": ".,;:—–-!?…()[]|/\\*•@#&%$",
    "verbs": "said says say told according to as per quoted called by, which said who said said.",
    "titles": "Mr. Sen. Rep. Dr. the the President of the of of Minister for the said “no”",
    "dashes": "– – — -- : : : – Moscow –\n: x\n– : –\nA:\n@:\n(@a)\n— (@a) x",
    "null and control": "“They\x00 are\x07 thugs,” \ufffdsaid\u200b Reed\ufeff.",
    "combining": "“They are thugs,” said Zoe\u0301 A\u030abo. İstanbul’s mayor said “İİİ” ẞ ﬁ.",
    "emoji": "🙂“🙂”🙂 said 🙂, @🙂 said “x” 👩‍👩‍👧",
    "one letter": "a",
    "one mark": "“",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("tail", ["", "\n\nThe square was empty on Monday."])
def test_sources_of_broken_text_lie_inside_it(text: str, tail: str) -> None:
    for source in ask(text + tail, 1):
        assert 0 <= source.start < source.end <= len(text + tail)
        assert 0 <= source.cited[0] < source.cited[1] <= len(text + tail)


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_cues_of_broken_text_lie_inside_it(text: str) -> None:
    for headline in (True, False):
        cues = find_cues(words_of(text, 0, len(text)), headline=headline)
        assert [cue.start for cue in cues] == sorted(cue.start for cue in cues)
        for cue in cues:
            assert 0 <= cue.start < cue.end <= len(text)
            assert cue.source is None or 0 <= cue.source[0] < cue.source[1] <= len(text)


@pytest.mark.parametrize("text", ["", " \n", "...", "“", "a b", "said"])
def test_text_without_names_has_no_sources(text: str) -> None:
    assert [s for s in ask(text, 1) if not s.open] == []


def test_a_text_of_one_given_sentence_is_read() -> None:
    text = "Ana Petrov said no thugs came."
    (paragraph,) = find_paragraphs(text)
    speakers = Speakers(text, [paragraph], [[Span(0, len(text))]], [])
    source = speakers.of(text.index("thugs"), len(text), quoted=False)
    assert source is not None
    assert text[source.start : source.end] == "Ana Petrov"


@pytest.mark.parametrize(
    ("text", "words", "source"),
    [
        ("Mark Will spoke on Monday. “They are thugs,” Mark Will said.", "thugs", "Mark Will"),
        ("Mark Will spoke on Monday. “They are thugs,” Mr. Will said.", "thugs", "Mark Will"),
        ("Theresa May arrived. “They are thugs,” May said.", "thugs", "Theresa May"),
        ("Theresa May arrived. May said they were “thugs”.", "thugs", "Theresa May"),
        ("Bob Hope, a clerk, stayed. “They are thugs,” Hope said.", "thugs", "Bob Hope"),
        ("Bob Hope, a clerk, stayed. “They are thugs,” said Hope.", "thugs", "Bob Hope"),
        ("Jack Page, a clerk, stayed. Page said they were “thugs”.", "thugs", "Jack Page"),
        ("Ellen State, a clerk, stayed. State called them “thugs”.", "thugs", "Ellen State"),
        ("The army left. “They are thugs,” said Rose Call, a clerk.", "thugs", "Rose Call"),
    ],
)
def test_a_name_that_is_also_a_common_word_is_a_name(text: str, words: str, source: str) -> None:
    assert named(text, words) == source


@pytest.mark.parametrize("handle", ["annareed", "lodwatch", "tompetrov", "lod_mayor", "quist77"])
def test_each_tweet_of_a_page_has_its_own_author(handle: str) -> None:
    at = TWEETS.index("thugs", TWEETS.index(f"@{handle}:"))
    source = Speakers.in_text(TWEETS).of(at, at + 5, quoted=True)
    assert source is not None
    assert TWEETS[source.start : source.end] == f"@{handle}"


def test_all_capitals_do_not_hide_who_speaks() -> None:
    text = "“THEY ARE THUGS,” SAID ANA PETROV. THE HALL WAS EMPTY.\n\nNOBODY CAME TO THE SQUARE."
    assert named(text, "THUGS") == "ANA PETROV"


def quotations(n: int) -> str:
    return "\n\n".join(f"“We saw thug {i},” said Ana Petrov{i % 7}." for i in range(n))


def quotations_of_one_paragraph(n: int) -> str:
    return " ".join(f"“We saw thug {i}.”" for i in range(n))


def pronouns(n: int) -> str:
    return "Ana Petrov met Tom Reed. " + "He said that she said that it was his. " * (n // 4)


def open_pronouns(n: int) -> str:
    return "\n\n".join("“No,” she said." for _ in range(n))


def reopened(n: int) -> str:
    return "\n\n".join("“We saw the thugs come down." for _ in range(n)) + "” Reed said."


def nested(n: int) -> str:
    return "“" + "Reed said ‘we saw the thugs’ and " * n + "left,” Petrov said."


def new_names(n: int) -> str:
    return " ".join(f"Ana Petrov{i} of Lod{i} said no." for i in range(n))


def same_surname(n: int) -> str:
    return " ".join(f"A{i} Petrov said no." for i in range(n))


def one_paragraph_of_headlines(n: int) -> str:
    return "\n".join(f"“Thugs” shell village {i} – Moscow" for i in range(n))


RUNS: dict[str, tuple[Callable[[int], str], int, int]] = {
    "quotations in paragraphs": (quotations, 1_500, 29),
    "quotations side by side": (quotations_of_one_paragraph, 2_000, 37),
    "10,000 pronouns": (pronouns, 5_000, 41),
    "pronouns for nobody": (open_pronouns, 1_500, 37),
    "20,000 times said": (partial(str.__mul__, "said "), 10_000, 101),
    "said in quotation marks": (partial(str.__mul__, "“said” "), 3_000, 101),
    "said, said, said": (partial(str.__mul__, "said, "), 4_000, 101),
    "5,000 names joined with and": (partial(str.__mul__, "Smith and "), 2_500, 101),
    "names joined with of": (partial(str.__mul__, "Smith of the "), 2_500, 101),
    "names without an end": (partial(str.__mul__, "Smith Jones "), 5_000, 101),
    "relative clauses": (partial(str.__mul__, "Smith, who said that "), 1_000, 101),
    "commas": (partial(str.__mul__, "a, "), 10_000, 101),
    "passives": (partial(str.__mul__, "was called a "), 2_500, 101),
    "brackets": (partial(str.__mul__, "Smith (said) "), 2_000, 101),
    "quoted as saying": (partial(str.__mul__, "quoted Smith as saying "), 1_200, 101),
    "according to": (partial(str.__mul__, "according to "), 2_500, 101),
    "colons": (partial(str.__mul__, "Smith: "), 5_000, 101),
    "dashes": (partial(str.__mul__, "– Smith "), 5_000, 101),
    "handles": (partial(str.__mul__, "@smith "), 5_000, 101),
    "paragraphs reopened": (reopened, 1_500, 101),
    "quotations in a quotation": (nested, 600, 101),
    "a new name each time": (new_names, 1_200, 101),
    "one surname for all": (same_surname, 1_200, 101),
    "headlines": (one_paragraph_of_headlines, 1_200, 101),
}


@pytest.mark.parametrize(("make", "n", "step"), RUNS.values(), ids=RUNS.keys())
def test_twice_the_text_takes_about_twice_the_time(
    make: Callable[[int], str], n: int, step: int
) -> None:
    small, large = make(n), make(2 * n)
    assert len(large) > 1.8 * len(small)
    assert growth(partial(ask, small, step), partial(ask, large, step), below=3.5) < 3.5


def test_one_sentence_of_nothing_but_names_is_read() -> None:
    text = "Smith and Jones of Lod " * (LONGEST // 23)
    twice = f"{text}\n\n{text}"
    assert growth(partial(ask, text, 50), partial(ask, twice, 50), below=3.5) < 3.5


def test_ten_thousand_quotations_all_have_their_source() -> None:
    text = quotations(10_000)
    speakers = Speakers.in_text(text)
    found = find_quotations(text, find_paragraphs(text))
    sources = [speakers.of(q.start + 1, q.end - 1, quoted=True) for q in found]
    cited = [None if s is None else text[slice(*s.cited)] for s in sources]
    assert cited == [f"Ana Petrov{i % 7}" for i in range(10_000)]
