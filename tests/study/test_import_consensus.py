"""Several annotators made one record: whose spans, whose labels."""

from __future__ import annotations

from dataclasses import replace

from study_helpers import items

from connote.data.schema import Example, as_record, parse_example
from connote.study.consensus import record_of
from connote.study.judgements import Judgement, Marked

ITEM = items()[0]  # The regime's forces shelled the town, Moscow said.
REGIME, FORCES, ALL = (4, 10), (13, 19), (0, 19)


def judged(who: str, *mentions: Marked, loaded: bool | None = False) -> Judgement:
    return Judgement("s1", who, mentions, loaded)


def marked(span: tuple[int, int], *labels: str | None) -> Marked:
    return Marked(*span, *labels)


def record(*judgements: Judgement) -> Example:
    example = record_of(ITEM, judgements)
    assert parse_example(as_record(example)) == example
    return example


def test_overlapping_spans_are_one_mention_with_the_commonest_span() -> None:
    example = record(
        judged("anna", marked(REGIME, "delegitimizing")),
        judged("ben", marked(ALL, "delegitimizing")),
        judged("cleo", marked(REGIME, "neutral")),
    )
    [mention] = example.mentions
    assert (mention.start, mention.end, mention.framing) == (*REGIME, "delegitimizing")
    assert [(a.annotator, a.framing) for a in example.annotations if a.mention == 0] == [
        ("anna", "delegitimizing"),
        ("ben", "delegitimizing"),
        ("cleo", "neutral"),
    ]


def test_of_equally_common_spans_the_shorter_counts_and_each_annotator_has_one() -> None:
    example = record(
        judged("anna", marked(REGIME, "delegitimizing"), marked(FORCES, "neutral")),
        judged("ben", marked(ALL, "neutral")),
    )
    first, second = example.mentions
    assert ((first.start, first.end), (second.start, second.end)) == (REGIME, FORCES)
    by_mention = [(a.mention, a.annotator) for a in example.annotations if a.mention is not None]
    assert by_mention == [(0, "anna"), (1, "anna"), (0, "ben")]


def test_who_marked_nothing_speaks_against_every_label() -> None:
    one, none = judged("anna", marked(REGIME, "delegitimizing", "against")), judged("ben")
    [mention] = record(one, none).mentions
    assert (mention.framing, mention.stance) == (None, None)
    [mention] = record(one, none, replace(one, annotator="cleo")).mentions
    assert (mention.framing, mention.stance) == ("delegitimizing", "against")


def test_a_label_left_open_is_no_vote() -> None:
    [mention] = record(
        judged("anna", marked(REGIME, "neutral", None, "own")),
        judged("ben", marked(REGIME, "neutral", "favor", "quoted")),
    ).mentions
    assert (mention.framing, mention.stance, mention.voice) == ("neutral", "favor", None)


def test_framing_none_never_comes_with_a_stance() -> None:
    [mention] = record(
        judged("anna", marked(REGIME, None, "against")),
        judged("ben", marked(REGIME, None, "against")),
        judged("cleo", marked(REGIME, "none")),
    ).mentions
    assert (mention.framing, mention.stance) == ("none", None)


def test_what_is_adjudicated_settles_labels_spans_and_loadedness() -> None:
    example = record(
        judged("adjudicated", marked(ALL, "neutral"), loaded=True),
        judged("anna", marked(REGIME, "delegitimizing")),
        judged("ben", marked(REGIME, "delegitimizing")),
    )
    [mention] = example.mentions
    assert (mention.start, mention.end, mention.framing) == (*ALL, "neutral")
    assert example.loaded is True
    [mention] = record(
        judged("adjudicated"),
        judged("anna", marked(REGIME, "delegitimizing")),
    ).mentions
    assert mention.framing is None


def test_loaded_words_are_what_most_of_those_marked_who_marked_any() -> None:
    one = replace(judged("anna", loaded=True), loaded_spans=((20, 27),))
    two = replace(judged("ben", loaded=True), loaded_spans=((20, 27), (4, 10)))
    example = record(one, two, judged("cleo"))
    assert (example.loaded, example.loaded_spans) == (True, ((20, 27),))
    assert record(one, judged("cleo")).loaded is None
    assert record(judged("cleo")).loaded_spans == ()
    wide = replace(two, annotator="dora", loaded_spans=((13, 27),))
    assert record(two, wide).loaded_spans == ((20, 27),)
    assert record(one, two, wide, judged("eve", loaded=True)).loaded_spans == ((20, 27),)
    assert record(replace(one, loaded_spans=((0, 3),)), wide).loaded_spans is None
