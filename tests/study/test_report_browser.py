from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from report_helpers import HOSTILE, PLAIN, repeated, score

from connote.study.report import ReportOptions, build_report
from connote.study.report_page import render
from connote.study.study import Study

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright, of the extra test")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs the program chromium")

SENTENCES = 5_000
SECONDS = 2.0
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def pages(demo_scores: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports: ``large.html`` with 5,000 sentences, ``hostile.html`` of texts that try to act."""
    folder = tmp_path_factory.mktemp("reports")
    large = Study(repeated(demo_scores, 11, folder / "large.parquet"))
    page = render(build_report(large, ReportOptions(sentences=SENTENCES)))
    (folder / "large.html").write_text(page, encoding="utf-8")
    hostile = Study(score(folder, [HOSTILE, PLAIN]))
    title = "<script>window.hacked=1</script>"
    page = render(build_report(hostile, ReportOptions(title=title)))
    (folder / "hostile.html").write_text(page, encoding="utf-8")
    return folder


class Opened:
    """A report in a browser, with what the browser complained of."""

    def __init__(self, browser: Any, path: Path, fragment: str = "", **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(f"dialog {dialog.message}"))
        self.page.on("request", lambda request: self.asked.append(request.url))
        begin = time.perf_counter()
        self.page.goto(f"{path.as_uri()}{fragment}", wait_until="load")
        self.page.locator("#list > li").first.wait_for()
        self.seconds = time.perf_counter() - begin

    def count(self, has: str) -> str:
        found = self.page.locator("#count", has_text=has)
        found.wait_for()
        return str(found.inner_text())

    def texts(self) -> list[str]:
        return [str(text) for text in self.page.locator("#list .text").all_inner_texts()]


@pytest.fixture
def large(browser: Any, pages: Path) -> Iterator[Opened]:
    opened = Opened(browser, pages / "large.html")
    yield opened
    assert opened.said == []
    opened.context.close()


def test_five_thousand_sentences_open_in_under_two_seconds(browser: Any, pages: Path) -> None:
    seconds = []
    for _ in range(3):
        opened = Opened(browser, pages / "large.html")
        assert opened.count(f"of {SENTENCES:,}") == f"Sentences 1 to 50 of {SENTENCES:,}"
        assert opened.asked[0].startswith("file:")
        assert all(url.startswith("data:") for url in opened.asked[1:])
        seconds.append(opened.seconds)
        opened.context.close()
    assert min(seconds) < SECONDS


def test_sentences_are_found_by_label_voice_and_outlet(large: Opened) -> None:
    large.page.select_option("#by-framing", "delegitimizing")
    large.page.select_option("#by-voice", "quoted")
    large.page.select_option("#by-group", label="The Lantern")
    large.count("that match")
    shown = large.page.locator("#list > li")
    assert shown.count() > 10
    for i in range(shown.count()):
        assert shown.nth(i).locator(".m.f-delegitimizing.v-quoted").count()
        assert shown.nth(i).locator(".group").inner_text() == "The Lantern"
    large.page.get_by_role("button", name="Clear all filters").click()
    assert large.count("1 to 50 of") == f"Sentences 1 to 50 of {SENTENCES:,}"


def test_referent_speaker_and_words_narrow_one_another(large: Opened) -> None:
    large.page.get_by_label("Referent has").fill("northern FRONT")
    first = large.count("that match")
    large.page.get_by_label("Speaker has").fill("Ministry")
    large.page.locator("#count").filter(has_not_text=first).wait_for()
    notes = large.page.locator("#list > li").first.locator("li").all_text_contents()
    assert any("Northern Front" in note and "Ministry" in note for note in notes)
    large.page.get_by_label("Sentence has").fill("no such words anywhere")
    assert large.count("No sentence matches")
    assert large.texts() == []


def test_pages_are_turned_and_the_place_is_kept(large: Opened) -> None:
    first = large.texts()
    following = large.page.get_by_role("button", name="Next 50")
    before = large.page.get_by_role("button", name="Previous 50")
    assert before.is_disabled()
    following.click()
    assert large.count("51 to 100")
    assert large.page.evaluate("document.activeElement.id") == "list"
    assert large.texts() != first
    before.click()
    large.count("1 to 50")
    assert large.texts() == first


def test_the_script_writes_what_the_page_had_without_it(large: Opened) -> None:
    written = large.page.locator("#list > li").evaluate_all("all => all.map(e => e.outerHTML)")
    large.page.select_option("#by-loaded", "true")
    large.count("that match")
    large.page.get_by_role("button", name="Clear all filters").click()
    large.count("1 to 50 of")
    rewritten = large.page.locator("#list > li").evaluate_all("all => all.map(e => e.outerHTML)")
    assert rewritten == written


def test_a_sentence_leads_to_its_document_and_back(large: Opened) -> None:
    link = large.page.locator("#list .meta a").first
    title = link.inner_text()
    link.click()
    large.page.locator("#document-title", has_text=title).wait_for()
    assert large.page.evaluate("document.activeElement.id") == "document-title"
    numbers = [
        int(text.split()[1])
        for text in large.page.locator("#list .meta").get_by_text("sentence ").all_inner_texts()
    ]
    assert numbers == sorted(numbers)
    assert set(large.page.locator("#list .meta a").all_inner_texts()) == {title}
    large.page.get_by_role("button", name="Back to all sentences").click()
    assert large.count("1 to 50 of").endswith(f"{SENTENCES:,}")


def test_nothing_in_an_archive_acts(browser: Any, pages: Path) -> None:
    opened = Opened(browser, pages / "hostile.html")
    page = opened.page
    for place in range(2):
        page.locator("#list .meta a[href^='#']").nth(place).click()
        page.locator("#document-title").wait_for()
        page.get_by_role("button", name="Back to all sentences").click()
        page.locator("#filters").wait_for()
    page.locator("summary").evaluate_all("all => all.forEach(e => e.parentElement.open = true)")
    page.get_by_label("Sentence has").fill("</script><script>window.hacked=1")
    assert opened.count("1 to 1 of 1 that match")
    assert "<script>window.hacked=1</script>" in opened.texts()[0]
    page.get_by_role("button", name="Clear all filters").click()
    opened.count("Sentences 1 to")
    page.mouse.move(300, 300)
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.querySelectorAll('#list script, #list img').length") == 0
    assert page.evaluate("document.querySelectorAll('[onmouseover], [onerror]').length") == 0
    assert (
        page.evaluate("[...document.links].filter(a => !/^(https?|file):/.test(a.href)).length")
        == 0
    )
    assert "[U+202E]thugs" in page.locator("#list").inner_text()
    assert opened.said == []
    opened.context.close()


def test_no_other_script_could_run(browser: Any, pages: Path, tmp_path: Path) -> None:
    text = (pages / "hostile.html").read_text(encoding="utf-8")
    injected = tmp_path / "injected.html"
    script = "<script>window.hacked=1</script><img src=x onerror=window.hacked=1>"
    injected.write_text(text.replace('<main id="main"', f'{script}<main id="main"'), "utf-8")
    opened = Opened(browser, injected)
    assert opened.page.evaluate("window.hacked") is None
    assert any("Content Security Policy" in said for said in opened.said)
    opened.context.close()


@pytest.mark.parametrize("name", ["large.html", "hostile.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_scrolls_in_one_direction(
    browser: Any, pages: Path, name: str, scheme: str
) -> None:
    size = {"width": 360, "height": 740}
    opened = Opened(browser, pages / name, viewport=size, color_scheme=scheme)
    opened.page.locator("summary").evaluate_all(
        "all => all.forEach(e => e.parentElement.open = true)"
    )
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 360
    paper = opened.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(252, 251, 248)", "dark": "rgb(23, 24, 26)"}[scheme]
    opened.context.close()


def test_the_keyboard_reaches_everything_and_shows_where_it_is(large: Opened) -> None:
    page = large.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.focus("#by-group")
    reached = []
    for _ in range(9):
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.type"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        page.keyboard.press("Tab")
    names = ("group", "framing", "voice", "loaded", "referent", "speaker", "words", "order")
    assert reached == [*(f"by-{name}" for name in names), "reset"]
    unnamed = page.evaluate(
        "[...document.querySelectorAll('select,input')].filter(e => !e.labels.length).length"
    )
    assert unnamed == 0


def test_headings_follow_one_another_and_marks_have_words(large: Opened) -> None:
    levels = large.page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].filter(e => e.offsetParent)"
        ".map(e => Number(e.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    marks = large.page.locator("#list .m")
    for i in range(marks.count()):
        said = marks.nth(i).locator(".vh").text_content()
        framing, voice = (c[2:] for c in marks.nth(i).get_attribute("class").split()[1:])
        assert said == f" ({framing}, {voice} voice)"


def test_without_scripts_the_first_sentences_can_be_read(browser: Any, pages: Path) -> None:
    opened = Opened(browser, pages / "large.html", java_script_enabled=False)
    assert opened.page.locator("#list > li").count() == 50
    assert opened.page.locator("noscript p").is_visible()
    assert not opened.page.locator("#filters").is_visible()
    target = opened.page.locator("#list .meta a").first.get_attribute("href")
    assert opened.page.locator(f"li{target}").is_visible()
    opened.context.close()


def test_pictures_are_seen(large: Opened) -> None:
    pictures = large.page.locator("figure img")
    assert pictures.count() >= 5
    for i in range(pictures.count()):
        pictures.nth(i).scroll_into_view_if_needed()
        for _ in range(100):
            if pictures.nth(i).evaluate("image => image.complete && image.naturalWidth > 200"):
                break
            large.page.wait_for_timeout(50)
        else:
            pytest.fail(f"picture {i} is not shown")


def test_a_link_to_a_document_opens_there(browser: Any, pages: Path) -> None:
    opened = Opened(browser, pages / "large.html", "#doc-3")
    opened.page.locator("#document-title").wait_for()
    assert not opened.page.locator("#filters").is_visible()
    opened.context.close()
    opened = Opened(browser, pages / "large.html", "#doc-999999999")
    assert opened.page.locator("#filters").is_visible()
    assert opened.said == []
    opened.context.close()
