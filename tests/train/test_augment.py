"""Augmentation changes what it says and nothing else."""

from __future__ import annotations

from connote.data.schema import Example, Mention
from connote.infer.judge import as_input
from connote.train.augment import inside_quotations

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
