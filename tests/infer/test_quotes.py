"""Quotations: what is one, where it ends, and what only looks like a mark."""

from functools import partial

import pytest
from timing_helpers import cpu_seconds, growth

from connote.infer.paragraphs import Paragraph, find_paragraphs
from connote.infer.quotes import MAX_DEPTH, Quotation, find_quotations, quotations_of_sentence


def found(text: str) -> list[Quotation]:
    return find_quotations(text, find_paragraphs(text))


def texts(text: str) -> list[str]:
    return [text[q.start : q.end] for q in found(text)]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('He said "yes" twice.', '"yes"'),
        ("He said “yes” twice.", "“yes”"),
        ("He said 'yes' twice.", "'yes'"),
        ("He said ‘yes’ twice.", "‘yes’"),
        ("Il dit «oui» hier.", "«oui»"),
        ("Il dit « oui » hier.", "« oui »"),
        ("Il dit «\u00a0oui\u00a0» hier.", "«\u00a0oui\u00a0»"),
        ("Il dit «\u202foui, oui\u202f» hier.", "«\u202foui, oui\u202f»"),
        ("Er sagte „ja“ dazu.", "„ja“"),
        ("Er sagte „ja” dazu.", "„ja”"),
        ("Er sagte »ja« dazu.", "»ja«"),
        ("Er sagte ‚ja‘ dazu.", "‚ja‘"),
        ("Il dit ‹oui› hier.", "‹oui›"),
        ('The so-called ("republic") fell.', '"republic"'),
        ("He said:“yes”, then left.", "“yes”"),
        ("The “republic”’s army fled.", "“republic”"),
        ('"One. Two. Three," he said.', '"One. Two. Three,"'),
        ("“One. Two.\nthree four.” He left.", "“One. Two.\nthree four.”"),
        ("قال «نعم» ثم ذهب", "«نعم»"),
        ("🙂“yes”🙂", "“yes”"),
    ],
)
def test_a_quotation_of_every_kind_is_found(text: str, quoted: str) -> None:
    (quotation,) = found(text)
    assert text[quotation.start : quotation.end] == quoted
    assert (quotation.depth, quotation.closed) == (0, True)


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("“He said ‘go’ twice,” she said.", "‘go’"),
        ("‘He said “go” twice,’ she said.", "“go”"),
        ("\"He said 'go' twice,\" she said.", "'go'"),
        ("'He said \"go\" twice,' she said.", '"go"'),
        ("„Er sagte ‚geh‘ hier“, sagte sie.", "‚geh‘"),
        ("« Il dit “va” ici », dit-elle.", "“va”"),
        ("“He said “go” twice,” she said.", "“go”"),
    ],
)
def test_a_nested_quotation_is_found_inside_its_outer_one(text: str, inner: str) -> None:
    outer, nested = found(text)
    assert text[nested.start : nested.end] == inner
    assert (outer.depth, nested.depth) == (0, 1)
    assert outer.start < nested.start < nested.end < outer.end
    assert outer.closed and nested.closed


@pytest.mark.parametrize(
    "text",
    [
        *("He didn't, they’re, rock 'n' roll.", "The fighters' homes and the rebels' arms."),
        *("The fighters’ homes burned.", "'Tis the '90s and ’twas the ’80s.", "the summer of ‘68"),
        *("Class of '68 and '69", "Give ‘em a chance, ’cause why not", "O'Brien and Qa’ida"),
        *(
            "He is 5'10\" tall.",
            'A 12" pipe and a 6" nail.',
            "51°30'12\"N 0°7'W",
            "It lasted 5' 30\"",
        ),
        *("”Closed first", "ends with '", 'ends with "', "’", "»", "a ' b \" c", ""),
    ],
)
def test_apostrophes_measures_and_stray_marks_are_no_quotations(text: str) -> None:
    assert texts(text) == []


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("'The fighters' homes burned,' he said.", ["'The fighters' homes burned,'"]),
        ("‘The fighters’ homes burned,’ he said.", ["‘The fighters’ homes burned,’"]),
        ("The rebels' 'victory' wasn't one.", ["'victory'"]),
        ("The class of '68 said 'no' to it.", ["'no'"]),
        ('The 12" pipe hit the "rebel" army.', ['"rebel"']),
        ('He said "it was 12" long" then.', ['"it was 12" long"']),
        ('They numbered "about 40" men.', ['"about 40"']),
        ("They numbered ‘about 40’ men.", ["‘about 40’"]),
        ("“He didn’t know it’s 5’10,” she said.", ["“He didn’t know it’s 5’10,”"]),
        ('“A,” he said. “B,” she said. "C."', ["“A,”", "“B,”", '"C."']),
        ('an empty "" and “” pair, then “x” here', ['""', "“”", "“x”"]),
    ],
)
def test_quotations_are_told_from_what_looks_like_them(text: str, quoted: list[str]) -> None:
    assert [text[q.start : q.end] for q in found(text) if q.depth == 0] == quoted


def test_a_quotation_left_open_ends_with_its_paragraph() -> None:
    text = "He said “we fight on. And on.\n\nThe army denied it."
    assert found(text) == [Quotation(8, text.index("\n"), 0, closed=False)]


@pytest.mark.parametrize("mark", ["“", '"', "«", "„"])
def test_a_paragraph_that_reopens_a_quotation_continues_it(mark: str) -> None:
    closing = {"“": "”", '"': '"', "«": "»", "„": "“"}[mark]
    text = f"{mark}We fight on.\n\n{mark}We shall win.{closing} He left."
    first, second = found(text)
    assert text[first.start : first.end] == f"{mark}We fight on."
    assert text[second.start : second.end] == f"{mark}We shall win.{closing}"
    assert first.closed and second.closed


def test_a_mark_behind_a_bullet_reopens_too() -> None:
    first, _ = found("“We fight on.\n\n• “We shall win.”")
    assert first.closed


def test_marks_beyond_the_deepest_nesting_are_noise() -> None:
    text = "“a " * 50 + "b" + "”" * 50
    assert max(q.depth for q in found(text)) == MAX_DEPTH - 1


@pytest.mark.parametrize(
    ("text", "in_quote", "quoted"),
    [
        ("we fight,” he said.", True, ["we fight,”"]),
        ("we fight on.", True, ["we fight on."]),
        ("we “fight” on,” he said.", True, ["we “fight” on,”", "“fight”"]),
        ("vom Kampf», sagte er.", True, ["vom Kampf»"]),
        ("he said “go” now.", False, ["“go”"]),
        ("we fight,” he said.", False, ["we fight,”"]),
        ('We fight. We go on," he said.', False, ['We fight. We go on,"']),
        ('a 32" screen, he said.', False, []),
    ],
)
def test_a_sentence_by_itself_may_begin_inside_a_quotation(
    text: str, in_quote: bool, quoted: list[str]
) -> None:
    spans = quotations_of_sentence(text, in_quote=in_quote)
    assert [text[q.start : q.end] for q in spans] == quoted


HOSTILE = ['"', "'", "“", "”", "’", "‘", "„“", "« ", '"a ', "‘a ", "'a' ", "“”", "5'10\" ", "”“"]


def mark(unit: str, length: int) -> None:
    text = unit * (length // len(unit))
    spans = find_quotations(text, [Paragraph(0, len(text), 0, furniture=False)])
    assert all(0 <= q.start < q.end <= len(text) and q.depth < MAX_DEPTH for q in spans)


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_is_linear_in_the_marks(unit: str) -> None:
    assert growth(partial(mark, unit, 20_000), partial(mark, unit, 80_000), below=8) < 8


def test_a_million_marks_end_in_seconds() -> None:
    assert cpu_seconds(partial(mark, "“", 1_000_000)) < 60


def test_a_document_of_one_paragraph_is_read_as_a_sentence_is() -> None:
    text = "We fight on. The mob is back,” he said."
    assert find_quotations(text, [Paragraph(0, len(text), 0, furniture=False)]) == [
        Quotation(0, 30, 0, closed=True)
    ]
