"""Augmentation changes what it says and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connote.data.schema import Example, Mention
from connote.infer.judge import as_input
from connote.train.augment import inside_quotations, without_plain_stance

MENTION = Mention(4, 9, framing="delegitimizing", stance="against", voice="own")
PLAIN = Example("plain", "The thugs left.", (MENTION,), loaded=True)
MARKED = Example("marked", "The thugs left, “he said”.", (MENTION,))
NO_VOICE = Example("newsmtsc", "The thugs left.", (Mention(4, 9, stance="against"),))


def test_a_copy_is_quoted_as_a_whole_and_keeps_the_rest() -> None:
    (copy,) = inside_quotations([PLAIN, MARKED, NO_VOICE], 1.0, seed=1)
    assert (copy.text, copy.loaded, copy.in_quote) == (PLAIN.text, True, True)
    assert copy.id != PLAIN.id
    (mention,) = copy.mentions
    assert (mention.framing, mention.stance, mention.voice) == (
        "delegitimizing",
        "against",
        "quoted",
    )
    assert as_input(copy).quoted == ((0, len(PLAIN.text)),)


def test_the_share_and_the_seed_decide_which() -> None:
    many = [Example(f"e{i}", "The thugs left.", (MENTION,)) for i in range(100)]
    once = inside_quotations(many, 0.2, seed=1)
    assert len(once) == 20
    assert once == inside_quotations(many, 0.2, seed=1)
    assert once != inside_quotations(many, 0.2, seed=2)


@pytest.mark.parametrize("framing", ["delegitimizing", "legitimizing"])
def test_a_neutral_stance_of_a_judging_label_is_left_open(framing: str) -> None:
    plain = replace(MENTION, framing=framing, stance="neutral")
    (changed,) = without_plain_stance([replace(PLAIN, mentions=(MENTION, plain))])
    assert changed == replace(PLAIN, mentions=(MENTION, replace(plain, stance=None)))


def test_every_other_stance_is_kept() -> None:
    mentions = (
        replace(MENTION, stance="against"),
        replace(MENTION, framing="legitimizing", stance="favor"),
        replace(MENTION, framing="neutral", stance="neutral"),
        replace(MENTION, framing="none", stance=None),
        Mention(4, 9, stance="neutral"),
    )
    examples = [replace(PLAIN, mentions=mentions), NO_VOICE]
    assert without_plain_stance(examples) == examples
