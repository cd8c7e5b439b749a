from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest
import typer
from report_helpers import HOSTILE, PLAIN, gold_of, score
from typer.testing import CliRunner

from connote.cli_report import report
from connote.data.errors import UsageError
from connote.study.palette import DARK, LIGHT, contrast
from connote.study.report import ReportOptions, build_report
from connote.study.report_drawing import PAPER
from connote.study.report_page import as_json, render, sample_record
from connote.study.report_parts import Run
from connote.study.report_sample import allocate, draw_sentences, runs_of
from connote.study.report_text import interval, isolated, safe_url, share, visible
from connote.study.scores import ScoresError, open_scores
from connote.study.study import Study

APP = typer.Typer()
APP.command()(report)
MODEL = "connote@"


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(APP, [str(a) for a in arguments])
    return done.exit_code, done.output


class Page(HTMLParser):
    """Elements and attributes of a page, as a browser's parser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def demo_page(demo_scores: Path) -> str:
    return render(build_report(Study(demo_scores), ReportOptions(title="Three papers")))


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory: pytest.TempPathFactory) -> str:
    scores = score(tmp_path_factory.mktemp("hostile"), [HOSTILE, PLAIN])
    title = "<script>window.hacked=1</script>"
    return render(build_report(Study(scores), ReportOptions(title=title)))


def test_without_gold_labels_it_says_first_that_all_is_naive(demo_page: str) -> None:
    text = Page(demo_page).text
    told = text.index("every share below is naive")
    first = text.index("In the outlets’ own voice")
    assert told < first
    assert "corrected" not in text[first : text.index("judged sentences of the archive")]


def test_own_voice_stands_beside_reported_voice_with_intervals_for_each_outlet(
    demo_scores: Path,
) -> None:
    study = Study(demo_scores)
    found = build_report(study)
    table = found.headlines[0]
    assert table.columns[:4] == ("outlet", "own voice", "95\u00a0% interval", "labels")
    assert table.columns[4:8] == ("reported voice", "95\u00a0% interval", "labels", "documents")
    rows = {row[0]: row for row in table.rows}
    assert set(rows) == {
        *("Interior Ministry of Kessaria", "Kessar First Channel"),
        *("Meridian Wire", "The Lantern"),
    }
    counted = study.scores.sql(
        "SELECT count(*) AS n, avg(CAST(framing = 'delegitimizing' AS INT)) AS share "
        "FROM mentions WHERE voice = 'own' AND outlet = 'The Lantern'"
    ).iloc[0]
    assert rows["The Lantern"][1] == share(counted["share"])
    assert rows["The Lantern"][3] == f"{int(counted['n']):,}"
    assert re.fullmatch(r"[\d.]+ to [\d.]+\u00a0%", rows["The Lantern"][2])
    assert rows["Interior Ministry of Kessaria"][2] == "–"
    assert rows["Interior Ministry of Kessaria"][-1]
    assert table.footnotes[0].endswith("one document: no interval")


def test_each_picture_has_words_and_the_same_figures_as_a_table(demo_page: str) -> None:
    page = Page(demo_page)
    pictures = page.of("img")
    assert len(pictures) >= 5
    for picture in pictures:
        assert (picture["src"] or "").startswith("data:image/svg+xml;base64,")
        assert len(picture["alt"] or "") > 40
        assert b"<svg" in base64.b64decode((picture["src"] or "").partition(",")[2])
    assert page.text.count("The same figures as a table") == len(pictures)
    assert len(page.of("table")) == len(page.of("caption")) == len(pictures) + 2


def test_with_gold_labels_three_estimates_stand_beside_each_other(
    demo_scores: Path, tmp_path: Path
) -> None:
    gold = gold_of(demo_scores, 160, tmp_path / "gold.jsonl")
    found = build_report(Study(demo_scores, gold))
    assert found.notice is None
    assert "corrected" in found.findings[0]
    estimates = [row[1] for row in found.headlines[0].rows if row[0] == "The Lantern"]
    assert estimates == ["naive", "gold\u00a0only", "corrected"]
    assert {"agreement", "calibration"} <= {figure.key for figure in found.figures}
    assert any("Angelopoulos" in citation for citation in found.citations)
    assert "160 sentences, 2 annotators" in {entry.text for entry in found.settings}
    alphas = next(f for f in found.figures if f.key == "agreement").table
    framing = next(row for row in alphas.rows if row[0] == "framing")
    assert 0.5 < float(framing[1]) < 1


def test_model_versions_corpora_and_settings_are_told(demo_page: str) -> None:
    text = Page(demo_page).text
    config = json.loads((files("connote.infer") / "model/config.json").read_text("utf-8"))
    for corpus in config["corpora"]:
        assert f"{corpus['name']} {corpus['sha256'][:12]} ({corpus['sentences']:,}" in text
    assert MODEL in text
    assert "36 documents" in text
    assert "Entman, R. M. (1993)" in text


def test_a_model_of_ones_own_is_not_mistaken_for_the_shipped_one(
    demo_scores: Path, tmp_path: Path
) -> None:
    other = _with_columns(demo_scores, tmp_path / "other.parquet", "'mine@0123456789ab' AS model")
    told = {e.term: e.text for e in build_report(Study(other)).settings}
    assert told["Model"] == "mine@0123456789ab"
    assert told["Trained on"].startswith("not told")
    assert told["Run"].startswith("no run.json")
    shipped = Path(str(files("connote.infer") / "model"))
    with pytest.raises(UsageError, match=r"expected the model that made the scores"):
        build_report(Study(other), ReportOptions(model=shipped))


def test_an_archive_without_columns_of_its_own_is_reported_as_a_whole(
    demo_scores: Path, tmp_path: Path
) -> None:
    bare = _with_columns(
        demo_scores, tmp_path / "bare.parquet", without=("outlet", "date", "title")
    )
    found = build_report(Study(bare))
    assert found.by is None
    assert [row[0] for row in found.headlines[0].rows] == ["all of it"]
    assert {figure.key for figure in found.figures} == {"who-calls-whom-what"}
    page = Page(render(found))
    assert not [a for a in page.of("label") if a.get("for") == "by-group"]
    assert page.of("li")


def test_any_column_of_the_documents_can_divide_the_archive(demo_scores: Path) -> None:
    found = build_report(Study(demo_scores), ReportOptions(by="title"))
    assert found.headlines[0].columns[0] == "title"
    assert len(found.headlines[0].rows) == 30
    assert "the 30 groups with most documents, of" in found.headlines[0].caption


@pytest.mark.parametrize(
    ("by", "error", "message"),
    [
        ("paper", ScoresError, "expected a column 'paper'"),
        ("voice", UsageError, "expected a column of the documents"),
    ],
)
def test_a_column_that_is_none_of_the_documents_is_refused(
    demo_scores: Path, by: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        build_report(Study(demo_scores), ReportOptions(by=by))


def test_the_page_asks_nothing_of_any_network_and_runs_its_own_script_alone(
    demo_page: str,
) -> None:
    page = Page(demo_page)
    policy = next(
        a["content"] or ""
        for a in page.of("meta")
        if a.get("http-equiv") == "Content-Security-Policy"
    )
    for tag, name in (("script", "script-src"), ("style", "style-src")):
        content = re.findall(rf"<{tag}>(.*?)</{tag}>", demo_page, re.S)
        assert len(content) == 1
        digest = base64.b64encode(hashlib.sha256(content[0].encode()).digest()).decode()
        assert f"{name} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    for _, attributes in page.tags:
        for name in ("src", "srcset", "href", "action"):
            value = attributes.get(name) or "#"
            assert value.startswith(("#", "data:")), value
        assert not [name for name in attributes if name.startswith("on") or name == "style"]


def test_hostile_text_of_an_archive_stays_text(hostile_page: str) -> None:
    page = Page(hostile_page)
    assert [a.get("type") for a in page.of("script")] == ["application/json", None]
    assert all("hacked" not in (a.get("src") or "") for a in page.of("img"))
    assert not page.of("b") or all(not a for a in page.of("b"))
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")], tag
        assert not (attributes.get("href") or "").startswith("javascript:")
    links = {a["href"] for a in page.of("a") if not (a["href"] or "").startswith("#")}
    assert links == {'https://news.example/a?b=1&c="2"'}
    assert "{{ 7*7 }}" in page.text
    assert "[U+202E]" in page.text
    assert not re.search("[\u202a-\u202e\u2066\u2067]", hostile_page)
    data = re.search(r'id="data">(.*?)</script>', hostile_page, re.S)
    assert data is not None
    assert not set("<>&") & set(data[1])
    sentences = json.loads(data[1])["sentences"]
    assert any("</script><script>" in json.dumps(sentence) for sentence in sentences)


def test_a_name_that_is_very_long_is_cut(hostile_page: str) -> None:
    assert "W" * 199 + "…" in hostile_page
    assert "W" * 201 not in hostile_page


def test_what_cannot_be_seen_is_shown() -> None:
    assert visible("a\x00b\x1bc") == "a␀b␛c"
    assert visible("\u202eevil\u2069") == "[U+202E]evil[U+2069]"
    assert visible("\ud800!") == "\ufffd!"
    assert visible("zero\u200bwidth\nline") == "zero[U+200B]width line"
    assert visible("Zoë “naïve” 語 \u00a0é") == "Zoë “naïve” 語 \u00a0é"
    assert visible("x" * 300) == "x" * 199 + "…"
    assert isolated("a\u2069b") == "\u2068a[U+2069]b\u2069"


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html,x"),
        *(
            "//host/path",
            "http:///path",
            "java\nscript:x",
            "https://[",
            "ftp://host/x",
            "",
            None,
            7,
        ),
        "vbscript:x",
    ],
)
def test_an_address_that_could_act_is_no_link(url: object) -> None:
    assert safe_url(url) is None


def test_addresses_of_the_web_are_links() -> None:
    assert safe_url("http://a.example/b?c=1&d=2") == "http://a.example/b?c=1&d=2"
    assert safe_url(" https://a.example ") == "https://a.example"


def test_json_in_the_page_closes_no_element() -> None:
    value = ["</script><!--", "\u2028", "\ud800", "&amp;"]
    text = as_json(value)
    assert text.isascii()
    assert not set("<>&") & set(text)
    assert json.loads(text) == value


def test_sentences_are_cut_where_marks_begin_and_end() -> None:
    text = "The brave rebels left."
    assert runs_of(text, [(4, 16)], [(4, 9), (17, 21)]) == (
        Run("The "),
        Run("brave", 0, loaded=True),
        Run(" rebels", 0),
        Run(" "),
        Run("left", loaded=True),
        Run("."),
    )
    assert "".join(run.text for run in runs_of(text, [(0, 16), (4, 99)], [(-3, 2)])) == text
    assert runs_of("", [], []) == ()


def test_offsets_hold_beyond_the_basic_plane() -> None:
    assert runs_of("😀 thugs", [(2, 7)], []) == (Run("😀 "), Run("thugs", 0))


def test_a_sentence_of_any_length_is_cut() -> None:
    runs = runs_of("a" * 5_000, [(1_990, 2_010)], [])
    assert [len(run.text) for run in runs] == [1_990, 10, 1]
    assert runs[-1].text == "…"


def test_small_strata_are_drawn_from_more_than_their_part() -> None:
    drawn = allocate([10, 30, 99_000], 5_000)
    assert sum(drawn) == 5_000
    assert drawn[0] == 10
    assert drawn[1] >= 25
    assert allocate([3, 4], 100) == [3, 4]
    assert sum(allocate([3] * 10, 7)) == 7


def test_the_sample_is_one_by_chance_and_the_same_for_the_same_seed(demo_scores: Path) -> None:
    with open_scores(demo_scores) as scores:
        one, again, other = (draw_sentences(scores, "outlet", 120, seed) for seed in (1, 1, 2))
        assert one == again
        assert {(s.document, s.number) for s in one.sentences} != {
            (s.document, s.number) for s in other.sentences
        }
        assert len(one.sentences) == 120
        assert not one.complete
        sizes = scores.sql("SELECT outlet, count(*) AS n FROM sentences GROUP BY outlet")
    told = {stratum.name: stratum.sentences for stratum in one.strata}
    assert told == dict(zip(sizes["outlet"], sizes["n"], strict=True))
    for place, group in enumerate(one.groups):
        shown = sum(one.documents[s.document].group == place for s in one.sentences)
        assert shown == next(s.shown for s in one.strata if s.name == group)


def test_shown_mentions_are_those_of_the_scores(demo_scores: Path) -> None:
    with open_scores(demo_scores) as scores:
        sample = draw_sentences(scores, "outlet", 5_000)
        assert sample.complete
        assert len(sample.sentences) == sample.population
        number = int(scores.sql("SELECT count(*) AS n FROM mentions")["n"][0])
    assert sum(len(s.mentions) for s in sample.sentences) == number
    for sentence in sample.sentences:
        for place, mention in enumerate(sentence.mentions):
            marked = "".join(run.text for run in sentence.runs if run.mention == place)
            assert marked == mention.text
    assert len(sample_record(sample)["sentences"]) == sample.population


def test_figures_in_words() -> None:
    assert share(0.1234) == "12.3\u00a0%"
    assert share(-0.05, signed=True) == "−5.0\u00a0%"
    assert share(float("nan")) == share(None) == "–"
    assert interval(0.1, 0.2) == "10.0 to 20.0\u00a0%"
    assert interval(None, 0.2) == "–"


def test_colours_are_those_of_the_pictures_and_words_can_be_read_on_them() -> None:
    style = (files("connote.study") / "report.css").read_text("utf-8")
    light, dark = (
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", block))
        for block in re.findall(r":root \{(.*?)\}", style, re.S)[:2]
    )
    assert light["paper"] == PAPER
    assert dark["paper"] == DARK.paper
    for colours, palette in ((light, LIGHT), (dark, DARK)):
        for name in ("ink", "soft", "link"):
            assert contrast(colours[name], colours["paper"]) >= 4.5
            assert contrast(colours[name], colours["wash"]) >= 4.5
        for framing, tone in palette.framing.items():
            assert colours[framing] == tone.ink
            wash = colours[f"{framing}-wash"]
            assert contrast(colours["ink"], wash) >= 4.5
            assert contrast(colours[framing], colours["paper"]) >= 3
            if framing != "neutral":
                assert contrast(colours[framing], wash) >= 4.5


def test_the_command_writes_a_page_and_replaces_none_unasked(
    demo_scores: Path, tmp_path: Path
) -> None:
    out = tmp_path / "report.html"
    code, said = run(demo_scores, "-o", out, "--title", "One & two", "--sentences", 40)
    assert (code, said) == (0, f"written to {out}\n")
    first = out.read_bytes()
    assert b"<title>One &amp; two</title>" in first
    assert "40 of the 479 judged sentences" in Page(first.decode()).text
    code, said = run(demo_scores, "-o", out)
    assert code == 2
    assert "--overwrite" in said
    assert out.read_bytes() == first
    again = (demo_scores, "-o", out, "--title", "One & two", "--sentences", 40, "--overwrite")
    assert run(*again)[0] == 0
    assert out.read_bytes() == first


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-o", "report.pdf"), "expected an output ending in .html"),
        (("-o", "report.html", "--by", "paper"), "expected a column 'paper'"),
        (("-o", "report.html", "--sentences", "0"), "expected a number from 1 to 50,000"),
        (("-o", "report.html", "--model", "nowhere"), "expected a model folder"),
    ],
)
def test_a_call_that_cannot_be_ends_with_one_line(
    demo_scores: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = run(demo_scores, *arguments)
    assert code == 2
    assert said.count("\n") == 1
    assert message in said
    assert not list(tmp_path.iterdir())


def _with_columns(
    scores: Path, out: Path, replaced: str = "", without: tuple[str, ...] = ()
) -> Path:
    import duckdb

    changes = f" REPLACE ({replaced})" if replaced else ""
    changes = f" EXCLUDE ({', '.join(without)})" + changes if without else changes
    duckdb.execute(
        f"COPY (SELECT *{changes} FROM read_parquet('{scores}/scores/**/*.parquet')) "
        f"TO '{out}' (FORMAT parquet)"
    )
    return out
