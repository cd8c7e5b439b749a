"""Near-duplicates: exact, and not by comparing every pair."""

from __future__ import annotations

import random
import time
from itertools import combinations
from pathlib import Path

from connote.data.duplicates import near_duplicates, word_grams
from connote.data.schema import read_examples


def jaccard(one: str, other: str) -> float:
    a, b = word_grams(one), word_grams(other)
    return len(a & b) / len(a | b) if a | b else 0.0


TEXT = "Police in the capital cleared the square of protesters before dawn on Friday, they said"
OTHER = "The ministry published its yearly figures for exports of grain and of fertiliser"


def test_a_sentence_with_one_word_changed_is_a_near_duplicate() -> None:
    changed = TEXT.replace("Friday", "Monday")
    ((earlier, later, similarity),) = near_duplicates([TEXT, OTHER, changed], "aab")
    assert (earlier, later) == (0, 2)
    assert similarity == jaccard(TEXT, changed) > 0.5
    assert list(near_duplicates([TEXT, OTHER, changed], "aba")) == []


def test_short_and_empty_texts() -> None:
    texts = ["Mob!", "", "mob", "", "the mob"]
    assert [(i, j) for i, j, _ in near_duplicates(texts, "abcde")] == [(0, 2)]


def test_each_later_sentence_is_told_once_and_equal_ones_cost_little() -> None:
    texts = [TEXT] * 40_000
    parts = ["train", "test"] * 20_000
    began = time.process_time()
    found = list(near_duplicates(texts, parts))
    assert time.process_time() - began < 20
    assert [j for _, j, _ in found] == list(range(1, 40_000))
    assert all(parts[i] != parts[j] and s == 1 for i, j, s in found)


def test_it_finds_just_the_pairs_that_comparing_all_finds(corpus_folder: Path) -> None:
    texts = [e.text for e in read_examples(corpus_folder / "dev.jsonl")][:150]
    draw = random.Random(1)
    for text in texts[:60]:
        words = text.split()
        for _ in range(draw.randint(1, 4)):
            words[draw.randrange(len(words))] = "otherwise"
        texts.append(" ".join(words))
    parts = ["dev"] * 150 + ["test"] * 60
    brute = {
        j
        for i, j in combinations(range(len(texts)), 2)
        if parts[i] != parts[j] and jaccard(texts[i], texts[j]) > 0.5
    }
    assert {j for _, j, _ in near_duplicates(texts, parts)} == brute
    assert 10 < len(brute) < 60
