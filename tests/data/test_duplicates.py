"""Near-duplicates: exact, and not by comparing every pair."""

from __future__ import annotations

import random
from itertools import combinations
from pathlib import Path

from connote.data.duplicates import near_duplicates, word_grams
from connote.data.schema import read_examples


def jaccard(one: str, other: str) -> float:
    a, b = word_grams(one), word_grams(other)
    return len(a & b) / len(a | b) if a | b else 0.0


def test_a_sentence_with_one_word_changed_is_a_near_duplicate() -> None:
    text = "Police in the capital cleared the square of protesters before dawn on Friday, they said"
    changed = text.replace("Friday", "Monday")
    other = "The ministry published its yearly figures for exports of grain and of fertiliser"
    ((earlier, later, similarity),) = near_duplicates([text, other, changed])
    assert (earlier, later) == (0, 2)
    assert similarity == jaccard(text, changed) > 0.5


def test_short_and_empty_texts() -> None:
    assert [(i, j) for i, j, _ in near_duplicates(["Mob!", "", "mob", "", "the mob"])] == [(0, 2)]


def test_it_finds_just_the_pairs_that_comparing_all_finds(corpus_folder: Path) -> None:
    texts = [e.text for e in read_examples(corpus_folder / "dev.jsonl")][:150]
    draw = random.Random(1)
    for text in texts[:60]:
        words = text.split()
        for _ in range(draw.randint(1, 4)):
            words[draw.randrange(len(words))] = "otherwise"
        texts.append(" ".join(words))
    brute = {
        (i, j) for i, j in combinations(range(len(texts)), 2) if jaccard(texts[i], texts[j]) > 0.5
    }
    assert {(i, j) for i, j, _ in near_duplicates(texts)} == brute
    assert 10 < len(brute) < 100
