"""The shipped model's outputs for 40 sentences, as they were when it was shipped.

After a new model: CONNOTE_WRITE_GOLDEN=1 make test PYTEST=tests/infer/test_golden.py
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from connote import Scorer
from connote.data.schema import read_examples
from connote.infer.folder import shipped_model

GOLDEN = Path(__file__).with_name("golden.json")
SENTENCES = Path(__file__).with_name("golden_sentences.jsonl")


def judged(scorer: Scorer) -> list[dict]:
    return [
        {
            "text": sentence.text,
            "loaded": round(sentence.loaded.probabilities["true"], 3),
            "mentions": [
                {
                    head: {k: round(p, 3) for k, p in getattr(mention, head).probabilities.items()}
                    for head in ("framing", "stance", "voice")
                }
                for mention in sentence.mentions
            ],
        }
        for sentence in scorer.classify(read_examples(SENTENCES))
    ]


def test_the_shipped_model_gives_what_it_gave(scorer: Scorer) -> None:
    found = judged(scorer)
    if os.environ.get("CONNOTE_WRITE_GOLDEN"):
        content = {"model": scorer.model_id, "sentences": found}
        GOLDEN.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert scorer.model_id == golden["model"]
    assert len(found) == len(golden["sentences"]) == 40
    for now, then in zip(found, golden["sentences"], strict=True):
        assert now["text"] == then["text"]
        # Another processor's int8 kernels may move a probability by some hundredths.
        assert now["loaded"] == pytest.approx(then["loaded"], abs=0.1)
        for mention, before in zip(now["mentions"], then["mentions"], strict=True):
            for head, probabilities in before.items():
                assert mention[head] == pytest.approx(probabilities, abs=0.1), now["text"]


def test_the_shipped_folder_is_small_and_described() -> None:
    folder = shipped_model()
    assert sum(path.stat().st_size for path in folder.iterdir()) < 25_000_000
    card = (folder / "README.md").read_text(encoding="utf-8")
    for word in ("Intended use", "Training data", "Measured", "Limits"):
        assert word in card
