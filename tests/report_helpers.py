"""Archives for tests of the report."""

from __future__ import annotations

import json
from pathlib import Path

from connote.data.schema import Annotation, Example, Mention, write_examples
from connote.study.sampling import draw
from connote.study.scores import open_scores

HOSTILE = {
    "id": 'x" onmouseover="window.hacked=1',
    "outlet": "<script>window.hacked=1</script>",
    "title": "</script><img src=x onerror=window.hacked=1>",
    "url": "javascript:window.hacked=1",
    "date": "2024-03-01",
    "paragraphs": [
        "The terrorists </script><script>window.hacked=1</script> fled, the ministry said.",
        "The regime's \u202ethugs\u202c wrote {{ 7*7 }} & <b>left</b>; \u2067some rebels followed.",
    ],
}
PLAIN = {
    "id": "plain",
    "outlet": "W" * 900,
    "title": "Market",
    "url": 'https://news.example/a?b=1&c="2"',
    "date": "2024-03-02",
    "paragraphs": [
        "Rebels shelled the market on Monday, a doctor at the hospital said.",
        "“These terrorists will answer for it,” the governor said. " + "The mob left. " * 3,
        "The soldiers guard " + "x" * 400 + " by day.",
    ],
}


def score(folder: Path, documents: list[dict[str, object]]) -> Path:
    """Score documents with the shipped model."""
    from connote import ReadOptions, Settings, score_archive

    source = folder / "documents.jsonl"
    lines = (json.dumps(document) + "\n" for document in documents)
    source.write_text("".join(lines), encoding="utf-8")
    out = folder / "scores"
    score_archive(str(source), out, Settings(read=ReadOptions(text="paragraphs")))
    return out


def repeated(scores: Path, times: int, out: Path) -> Path:
    """An archive several times over, with ids of their own."""
    import duckdb

    duckdb.execute(
        f"COPY (SELECT * REPLACE (doc_id || '-' || i AS doc_id, NULL AS copy_cluster, "
        f"NULL AS paragraph_cluster) FROM read_parquet('{scores}/scores/**/*.parquet'), "
        f"range({times}) AS copies(i)) TO '{out}' (FORMAT parquet)"
    )
    return out


def gold_of(scores: Path, size: int, out: Path) -> Path:
    """Gold labels of two annotators who read as the model does, though one calls more neutral."""
    with open_scores(scores) as opened:
        drawn = draw(opened, size, ("outlet", "predicted"), seed=1)
    examples = []
    for number, item in enumerate(drawn.items):
        mentions, notes = [], [Annotation(who, loaded=number % 3 == 0) for who in ("ada", "ben")]
        for place, found in enumerate(item.mentions):
            framing = "neutral" if found.framing == "uncertain" else found.framing
            labels = {"stance": "neutral", "voice": found.voice}
            mentions.append(Mention(found.start, found.end, framing=framing, **labels))
            second = "neutral" if number % 9 == 0 else framing
            notes.append(Annotation("ada", place, framing=framing, **labels))
            notes.append(Annotation("ben", place, framing=second, **labels))
        examples.append(
            Example(
                item.id,
                item.text,
                tuple(mentions),
                group=item.document,
                loaded=number % 3 == 0,
                annotations=tuple(notes),
                origin=item.origin,
            )
        )
    write_examples(out, examples)
    return out
