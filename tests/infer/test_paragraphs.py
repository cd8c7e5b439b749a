"""Paragraphs: live-blog lines stay apart, wrapped lines come together."""

from functools import partial

import pytest
from timing_helpers import growth

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
        *(
            "Follow us on Twitter",
            "You must be logged in to post a comment",
            "14:05",
            "•",
            "Get short URL",
            "User comments",
        ),
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


@pytest.mark.parametrize(
    "text",
    [
        *("Photo: John Smith/Reuters", "Photograph: Ann Lind/The Guardian", "Photo credit: AP"),
        *("Image caption The town after the attack", "Image source Getty Images"),
        *("Image copyright Reuters", "(AP Photo/Ann Lind)", "File photo: rebels near Orsk"),
        *("Rebels near Orsk. (AP Photo/Ann Lind)", "A man walks by. Ann Lind/Getty Images"),
        *("Picture by Ann Lind", "Credit: AP", "Caption: rebels"),
        *("© 2020 Reuters", "Copyright 2020 The Associated Press. All rights reserved."),
    ],
)
def test_captions_and_credits_are_furniture(text: str) -> None:
    assert [p.furniture for p in find_paragraphs(text)] == [True]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Leave a Reply",
            "Post a comment",
            "Name *",
            "Email *",
            "Website",
            "Your name (required)",
        ),
        *("Comment", "12 comments", "3,402 shares", "Sign in", "Log in", "Share on Twitter"),
        "Your email address will not be published. Required fields are marked *",
    ],
)
def test_forms_for_comments_are_furniture(text: str) -> None:
    assert all(p.furniture for p in find_paragraphs(text))


@pytest.mark.parametrize(
    "text",
    [
        *("May 12, 2020", "12 May 2020", "12th May 2020", "12.05.2020", "5/12/2020", "2020-05-12"),
        *("Tuesday, May 12, 2020", "Sept. 3, 2020", "2020-05-12T14:05", "14:05, 12 May"),
        *(
            "Published 12 May 2020",
            "Updated: May 12, 2020 14:05",
            "14:05 GMT",
            "2.05pm",
            "20:14 GMT 20.02.2020",
        ),
        *("Last updated on May 12, 2020 at 2:05 p.m. EST", "5 hours ago", "Updated 2 mins ago"),
        *("Tuesday, 14:05", "First published on 12 May 2020"),
    ],
)
def test_times_and_dates_that_stand_alone_are_furniture(text: str) -> None:
    assert [p.furniture for p in find_paragraphs(text)] == [True]


@pytest.mark.parametrize(
    "text",
    [
        *("Photos of the massacre were shown.", "Photo by photo, the story emerged."),
        *("Video shows police beating a man", "Videos of the beating spread."),
        *("Video by rebels shows police beating a man.", "Image of the regime suffers"),
        *("Map of the front line was published by the ministry.", "Credit Suisse fell."),
        *("Credit for the victory goes to the army.", "Pictures told the story, he said."),
        *("Video: rebels flee the town", "See more troops at the border, he said."),
        *("Follow us on the road to Orsk.", "He works for Getty Images."),
        *("He was shot near the wall, said Reuters",),
        *("Read the ruling, he said.", "Read more of his books, he said.", "Read the ruling"),
        *("Watch more carefully, he said.", "Sign up for the army, he told the mob."),
        *(
            "May 12, 2020 was a black day.",
            "On May 12, 2020, rebels fled.",
            "Two hours ago they fled.",
        ),
        *("5 hours ago rebels fled.", "May fell.", "Comment: The regime must go"),
        *(
            "Comments by the general angered rebels.",
            "Shares fell 3% on Tuesday.",
            "Names of the dead",
        ),
    ],
)
def test_sentences_that_begin_or_end_like_furniture_are_none(text: str) -> None:
    assert [p.furniture for p in find_paragraphs(text)] == [False]


def test_of_repeated_headlines_the_first_one_stays() -> None:
    text = (
        "Rebels take town\n\nThe army fled.\n\nREBELS TAKE TOWN\n\n• Rebels take town\n\nTalks fail"
    )
    assert [p.furniture for p in find_paragraphs(text)] == [False, False, True, True, False]


@pytest.mark.parametrize("line", ["No.", "“Never.”", "They fled."])
def test_a_short_line_may_stand_twice(line: str) -> None:
    assert [p.furniture for p in find_paragraphs(f"{line}\n\n{line}")] == [False, False]


def test_a_line_that_differs_is_no_repeat() -> None:
    text = "Rebels take town\n\nRebels take town, army says"
    assert [p.furniture for p in find_paragraphs(text)] == [False, False]


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
    small, large = (unit * (n // len(unit)) for n in (50_000, 200_000))
    assert growth(partial(find_paragraphs, small), partial(find_paragraphs, large), below=8) < 8
