"""Paragraphs: live-blog lines stay apart, wrapped lines come together."""

import time

import pytest

from connote.infer.paragraphs import find_paragraphs


def bodies(text: str) -> list[str]:
    return [text[p.body : p.end] for p in find_paragraphs(text)]


LIVE_BLOG = """LIVE: Rebels seize border town – Moscow

14:32 GMT – Rebels say they hold the bridge
• Army denies the loss
14:05
Updated at 10:45: Talks resume in Geneva*
Read more
Please enter your comment!
* The group is banned in Russia.
"""


def test_a_live_blog_is_divided_into_its_items() -> None:
    found = find_paragraphs(LIVE_BLOG)
    assert [(LIVE_BLOG[p.body : p.end], p.furniture) for p in found] == [
        ("LIVE: Rebels seize border town – Moscow", False),
        ("Rebels say they hold the bridge", False),
        ("Army denies the loss", False),
        ("14:05", True),
        ("Talks resume in Geneva*", False),
        ("Read more", True),
        ("Please enter your comment!", True),
        ("The group is banned in Russia.", False),
    ]


@pytest.mark.parametrize(
    "head",
    [
        *("• ", "•", "\u00a0• ", "– ", "- ", "* ", "*", "† ", "¹ ", "► ", "1) ", "(12) "),
        *("14:32 ", "[14:32] ", "2.05pm ", "9:30 a.m. ", "23:59:59 GMT – ", "14h30 | "),
        *("Updated: 10:45 ", "• 14:32 ", "14:32 • ", "4:05 p.m. ET: "),
    ],
)
def test_what_stands_before_the_text_is_left_out(head: str) -> None:
    assert bodies(head + "Rebels flee.") == ["Rebels flee."]


@pytest.mark.parametrize(
    "text",
    [
        *("-5 degrees are forecast.", "3:10 to Yuma opens.", "2014 was bad.", "12 people died."),
        *("25:10 Nonsense time", "– ", "5.5 magnitude quake", "*"),
    ],
)
def test_what_only_looks_like_a_bullet_or_stamp_stays(text: str) -> None:
    assert bodies(text) == [text.rstrip()]


@pytest.mark.parametrize(
    "text",
    [
        *("Read more", "READ MORE »", "Read more: Rebels take the town", "Continue reading below"),
        *("Please enter your comment!", "Leave a reply", "Share", "Advertisement", "Comments (12)"),
        "Save my name, email, and website in this browser for the next time I comment.",
        *("Follow us on Twitter", "You must be logged in to post a comment", "14:05", "•"),
    ],
)
def test_furniture_of_the_page_is_marked(text: str) -> None:
    assert [p.furniture for p in find_paragraphs(text)] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "Read more carefully what the general said before the parliament, and what he meant by it "
        "when the vote was called late in the night after a long debate about the war.",
        "Share prices fell.",
        "Subscribers left in thousands.",
        "Commenters called them thugs.",
    ],
)
def test_a_sentence_that_begins_like_furniture_is_none(text: str) -> None:
    assert not find_paragraphs(text)[0].furniture


WRAPPED = """The army said on Tuesday that its troops had taken the
town after a week of fighting and that rebels had left
for the hills north of the river, where they joined
others who had come from the capital."""


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_wrapped_at_a_column_are_one_paragraph(newline: str) -> None:
    text = (WRAPPED + "\n\n" + WRAPPED).replace("\n", newline)
    assert len(find_paragraphs(text)) == 2


def test_a_bullet_among_wrapped_lines_opens_its_own() -> None:
    assert len(bodies(WRAPPED + "\n• An item on its own line")) == 2


@pytest.mark.parametrize("text", ["A headline\nAnother headline", "One line.\nNext line."])
def test_short_lines_stay_apart(text: str) -> None:
    assert bodies(text) == text.split("\n")


def test_a_line_that_goes_on_in_lower_case_continues() -> None:
    assert bodies("The rebels\nfled the town.") == ["The rebels\nfled the town."]


@pytest.mark.parametrize(
    "blank", ["\n\n", "\r\n\r\n", "\r\r", "\n \u00a0\t\n", "\u2029", "\u2028\u2028", "\n\x0c\n"]
)
def test_a_blank_line_of_any_kind_ends_a_paragraph(blank: str) -> None:
    assert bodies(f"one{blank}two") == ["one", "two"]


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r", "\u2028"])
def test_one_line_break_of_any_kind_is_no_blank_line(break_: str) -> None:
    assert bodies(f"one{break_}two") == [f"one{break_}two"]


@pytest.mark.parametrize("text", ["", " ", "\n\r\n\u2028", "\u00a0\t"])
def test_white_space_has_no_paragraphs(text: str) -> None:
    assert find_paragraphs(text) == []


@pytest.mark.parametrize("unit", ["a\n", "\n", "• ", "12:30 ", "\r\n \t", "Read more\n", "word "])
def test_time_is_linear(unit: str) -> None:
    def seconds(n: int) -> float:
        text = unit * (n // len(unit))
        began = time.perf_counter()
        find_paragraphs(text)
        return time.perf_counter() - began

    small = min(seconds(50_000) for _ in range(3))
    assert seconds(200_000) < 12 * small + 0.5
