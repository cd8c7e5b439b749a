"""Span scores, the labels of the span head, and articles annotated in full."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from connote import Scorer
from connote.data.checks import RecordError
from connote.data.errors import UsageError
from connote.data.hashes import sentence_hash
from connote.data.labels import is_label
from connote.data.lexicon import Lexicon, load_lexicon
from connote.data.schema import Example, Mention
from connote.infer.encoding import WindowEncoder
from connote.infer.folder import TOKENIZER_FILE, open_model
from connote.train.articles import ANNOTATIONS, compare_finders, read_annotated
from connote.train.features import IGNORED, make_items, marked_targets
from connote.train.spans import contested, span_scores

TEXT = "The Harden regime sent Trump and his thugs to the exercise regime."


def mention(words: str, framing: str | None, text: str = TEXT) -> Mention:
    start = text.index(words)
    return Mention(start, start + len(words), framing=framing)


def test_overlap_counts_where_exact_does_not() -> None:
    true = [[(0, 5), (10, 15)], [(0, 4)]]
    found = [[(0, 5), (12, 20)], [(6, 9)]]
    exact = span_scores(true, found, exact=True)
    assert (exact.precision, exact.recall) == (pytest.approx(1 / 3), pytest.approx(1 / 3))
    overlap = span_scores(true, found, exact=False)
    assert (overlap.precision, overlap.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert (overlap.found, overlap.true) == (3, 3)


def test_nothing_found_scores_zero() -> None:
    assert span_scores([[(0, 5)]], [[]], exact=False).f1 == 0.0


def test_a_bare_name_or_pronoun_is_no_label() -> None:
    example = Example("e", TEXT)
    assert is_label(example, mention("thugs", "delegitimizing"))
    assert is_label(example, mention("Harden regime", "neutral"))
    for name in ("Trump", "his"):
        assert not is_label(example, mention(name, "neutral"))
        assert is_label(example, mention(name, "delegitimizing"))
    assert not is_label(example, mention("exercise regime", "none"))


def test_the_span_head_learns_labels_and_leaves_names_open() -> None:
    mentions = (
        mention("Harden regime", "delegitimizing"),
        mention("Trump", "neutral"),
        mention("thugs", "delegitimizing"),
        mention("exercise regime", "none"),
    )
    encoder = WindowEncoder(open_model().path / TOKENIZER_FILE, 192)
    (item,) = make_items([Example("e", TEXT, mentions)], encoder)
    told: dict[str, set[int]] = {}
    for (start, end), tag in zip(item.window.offsets, item.spans, strict=True):
        told.setdefault(TEXT[start:end], set()).add(tag)
    assert told[""] == {IGNORED}
    assert told["Trump"] == {IGNORED}
    assert told["thugs"] == {1}
    assert told["regime"] == {0, 2}  # inside the label, and outside for an exercise regime
    assert contested(Example("e", TEXT, mentions)) == [
        (mentions[0].start, mentions[0].end),
        (mentions[2].start, mentions[2].end),
    ]


def test_a_corpus_that_marks_no_framing_teaches_no_spans() -> None:
    encoder = WindowEncoder(open_model().path / TOKENIZER_FILE, 192)
    stance_alone = Mention(0, 17, stance="against")
    (item,) = make_items([Example("e", TEXT, (stance_alone,))], encoder)
    assert set(item.spans) == {IGNORED}


def article(folder: Path, text: str = TEXT) -> tuple[Path, Path]:
    articles, annotations = folder / "articles.jsonl", folder / "annotations.jsonl"
    articles.write_text(json.dumps({"id": "a", "paragraphs": ["Rain fell.", text]}) + "\n")
    joined = f"Rain fell.\n\n{TEXT}"
    record = {
        "article": "a",
        "sha256": sentence_hash(joined),
        "mentions": [{"start": 16, "end": 29, "framing": "delegitimizing"}],
    }
    annotations.write_text(json.dumps(record) + "\n")
    return articles, annotations


def test_annotations_are_joined_to_their_article(tmp_path: Path) -> None:
    (read,) = read_annotated(*article(tmp_path))
    (found,) = read.example.mentions
    assert read.example.text[found.start : found.end] == "Harden regime"


def test_another_edition_of_an_article_is_refused(tmp_path: Path) -> None:
    articles, annotations = article(tmp_path, TEXT + " Then it left.")
    with pytest.raises(UsageError, match="found another text under its id"):
        read_annotated(articles, annotations)
    articles.write_text("")
    with pytest.raises(UsageError, match="found no such article"):
        read_annotated(articles, annotations)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "a", "paragraphs": [7]}', r"paragraphs\[0\]: found 7; allowed: text"),
        ('{"id": "a", "paragraphs": "Rain."}', "paragraphs: found 'Rain.'; allowed: a list of tex"),
        ('{"id": "a", "paragraphs": ["", "\\ud800"]}', r"paragraphs\[1\]: .* UTF-8"),
        ('{"id": 1, "paragraphs": []}', "id: found 1; allowed: text"),
        ('{"id": "a"}', "without paragraphs"),
        ("[]", r"record: found \[\]; allowed: a JSON object"),
    ],
)
def test_articles_of_another_shape_are_refused(tmp_path: Path, line: str, message: str) -> None:
    articles, annotations = article(tmp_path)
    articles.write_text(line + "\n")
    with pytest.raises(RecordError, match=message):
        read_annotated(articles, annotations)


def test_finders_are_compared_on_whole_articles(tmp_path: Path) -> None:
    text = "The thugs met the rebels. The bandits fled."
    annotated = [
        {"start": text.index(label), "end": text.index(label) + len(label), "framing": framing}
        for label, framing in (
            ("thugs", "delegitimizing"),
            ("the rebels", "neutral"),
            ("bandits", "delegitimizing"),
        )
    ]
    articles, annotations = tmp_path / "articles.jsonl", tmp_path / "annotations.jsonl"
    articles.write_text(json.dumps({"id": "a", "paragraphs": [text]}) + "\n")
    record = {"article": "a", "sha256": sentence_hash(text), "mentions": annotated}
    annotations.write_text(json.dumps(record) + "\n")
    lexicon = tmp_path / "own.yaml"
    lexicon.write_text(
        "fighters:\n  about: fighters\n  neutral: [rebel]\n  delegitimizing: [thug]\n"
    )
    scorers = {
        "own words": Scorer(lexicon=load_lexicon(lexicon), open_vocabulary=False),
        "no words": Scorer(lexicon=Lexicon((), {}, frozenset()), open_vocabulary=False),
    }
    table = compare_finders(scorers, read_annotated(articles, annotations))
    console = Console(width=200, file=StringIO(), record=True)
    console.print(table)
    _, words, nothing = (line.split() for line in console.export_text().splitlines())
    # Two found, of which `thugs` exactly; of three labels two, of two side-taking ones one.
    assert words == ["own", "words", "2", "0.400", "0.800", "1.000", "0.667", "0.500"]
    assert nothing == ["no", "words", "0", *["0.000"] * 5]


def test_the_annotations_fit_basil_and_hold_none_of_its_text(shared: Path) -> None:
    articles = read_annotated(shared / "corpora" / "basil" / "articles.jsonl")
    assert len(articles) == 10
    assert sum(len(a.example.mentions) for a in articles) > 200
    for line in ANNOTATIONS.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        assert set(record) == {"article", "sha256", "mentions"}
        keys = {key for found in record["mentions"] for key in found}
        assert keys == {"start", "end", "framing", "stance", "voice"}


def test_what_several_annotators_judged_is_learnt_as_they_judged() -> None:
    shares = (0.25, 0.5, 0.25)
    mentions = (
        Mention(0, 3, stance="neutral", stance_shares=shares),
        Mention(4, 9, stance="against"),
        Mention(10, 14, stance_shares=shares),
    )
    stance = marked_targets(Example("1", "The mob's crude lies.", mentions))["stance"]
    assert stance.tolist() == [list(shares), [1, 0, 0], [0, 0, 0]]
