"""The benchmark of speed, for real on a few sentences."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("transformers", reason="needs the extra train")

from connote.data.checks import RecordError
from connote.data.errors import UsageError
from connote.infer.folder import open_model
from connote.train.speed import CORPUS, main
from connote.train.speed_archives import Article, read_articles, sentences_of, write_archive
from connote.train.speed_commands import resident, run
from connote.train.speed_engine import float32_network
from connote.train.values import RecipeError


def test_articles_are_read_from_either_column_and_repeated(tmp_path: Path) -> None:
    path, archive = tmp_path / "articles.jsonl", tmp_path / "archive.jsonl"
    rows = [{"id": "a", "paragraphs": ["One.", "Two."]}, {"text": "Three."}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    articles = read_articles(path)
    assert articles == [Article("a", ["One.", "Two."]), Article("1", "Three.")]
    assert read_articles(path, 1) == articles[:1]
    write_archive(articles, archive, 5)
    again = read_articles(archive)
    assert [article.text for article in again] == [articles[i % 2].text for i in range(5)]
    assert len({article.id for article in again}) == 5


@pytest.mark.parametrize("text", [None, 3, [], ["a", 3]])
def test_an_article_without_text_is_named(text: object, tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text(json.dumps({"id": "a", "text": text}) + "\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r"articles\.jsonl:1: paragraphs"):
        read_articles(path)


def test_sentences_are_distinct_and_in_order() -> None:
    text = "Rebels shelled the town. The regime fell. Rebels shelled the town."
    found = [s.text for s in sentences_of([Article("a", text), Article("b", text)])]
    assert found == ["Rebels shelled the town.", "The regime fell."]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
def test_memory_of_a_process_includes_what_it_started() -> None:
    hold = "held = b'x' * 60_000_000; import time; time.sleep(1.5)"
    inner = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}])"
    measured = run((sys.executable, "-c", inner))
    assert measured.peak is not None
    assert 60_000_000 < measured.peak < 200_000_000
    assert measured.seconds > 1.5
    assert resident(2**22 + 1) == 0


def test_a_command_that_fails_is_shown() -> None:
    with pytest.raises(UsageError, match="found status 3: no such thing"):
        run((sys.executable, "-c", "import sys; print('no such thing', file=sys.stderr); exit(3)"))


def test_another_file_is_no_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "best.safetensors"
    path.write_bytes(b"nothing")
    with pytest.raises(RecipeError, match="expected the weights of a training"):
        float32_network(open_model(), path)


def test_everything_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "speed.json"
    numbers = ["--runs", "1", "--documents", "40", "--sizes", "3", "--threads", "2"]
    began = time.monotonic()
    main([str(CORPUS), *numbers, "--json", str(out)])
    took = time.monotonic() - began
    found = json.loads(out.read_text(encoding="utf-8"))
    engine = found["engine"]
    assert 30 <= engine["sentences"] <= 80
    assert engine["ratio"] == pytest.approx(engine["ours"] / engine["pipeline"])
    assert 0.9 <= min(found["labels"].values()) <= max(found["labels"].values()) <= 1
    assert set(found["labels"]) == {"framing", "stance", "voice"}
    assert 0 < found["cold"] < took
    assert found["command"]["documents"] == 40
    assert [size["documents"] for size in found["growth"]] == [3]
    assert all(size["seconds"] < took for size in found["growth"])
    shown = capsys.readouterr().out
    for row in (
        "judging",
        "whole command",
        "one sentence",
        "stance equal to float32",
        "3 first paragraphs",
    ):
        assert row in shown


def test_a_number_that_measures_nothing_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "connote.train.speed", "--runs", "0"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("connote: expected --runs")
