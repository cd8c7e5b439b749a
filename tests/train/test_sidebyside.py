"""Several judges in one table, the later ones against the first."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

from rich.console import Console

from connote.data.schema import Example, Mention
from connote.infer.encoder import EncoderJudge
from connote.train.rule import PlainRule
from connote.train.sidebyside import compare


def example(i: int, word: str, framing: str) -> Example:
    text = f"Those {word} left hill {i}."
    return Example(str(i), text, (Mention(6, 6 + len(word), framing=framing),), group=str(i))


def test_each_judge_has_its_row_and_its_gain(judge_by_words: Callable[..., EncoderJudge]) -> None:
    examples = [
        example(i, *pair)
        for i, pair in enumerate(
            [("thugs", "delegitimizing"), ("rebels", "neutral"), ("heroes", "legitimizing")] * 4
        )
    ]
    right = judge_by_words(
        framing={"thugs": (9, 0, 0, 0), "rebels": (0, 9, 0, 0), "heroes": (0, 0, 9, 0)}
    )
    wrong = judge_by_words(
        framing={"thugs": (0, 9, 0, 0), "rebels": (0, 0, 9, 0), "heroes": (9, 0, 0, 0)}
    )
    console = Console(width=200, file=StringIO(), record=True)
    console.print(compare([("rule", PlainRule()), ("right", right), ("wrong", wrong)], examples))
    header, *rows = (line.split() for line in console.export_text().splitlines())
    assert header[:2] == ["macro-F1", "framing"]
    assert rows[0] == ["rule", "1.000", "–", "–", "–", "–"]
    assert rows[1] == ["right", "1.000", "–", "–", "–", "–"]
    assert rows[2] == ["+0.00", "to", "+0.00"]
    assert rows[3] == ["wrong", "0.000", "–", "–", "–", "–"]
    assert rows[4] == ["-1.00", "to", "-1.00"]
