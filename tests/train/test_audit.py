"""The probes of an audit: exact on the plain rule, plausible on the shipped model."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from connote.data.errors import UsageError
from connote.data.schema import (
    FRAMINGS,
    HEADS,
    STANCES,
    VOICES,
    Example,
    Mention,
    as_record,
    read_examples,
)
from connote.data.swaps import Swap
from connote.infer.folder import file_hash, open_model
from connote.infer.judge import Judge, SentenceOutput
from connote.infer.models import load_judge
from connote.train.audit import audit_model, groups_right, read_sources
from connote.train.evaluate import judge_examples
from connote.train.figures import (
    LEAST_UNITS,
    Drop,
    Share,
    as_json,
    place_of,
    share_of,
    sliced,
    wilson,
)
from connote.train.flips import form_flips, swap_flips, voice_shifts
from connote.train.masking import masked_drops
from connote.train.probes import FORMS, Reporter
from connote.train.rule import PlainRule

RULE = PlainRule()
STANCE_OF = {"delegitimizing": "against", "neutral": "neutral", "legitimizing": "favor"}


def example(text: str, *labelled: tuple[str, str], voice: str = "own", **rest: object) -> Example:
    mentions = tuple(
        Mention(
            text.index(label),
            text.index(label) + len(label),
            framing=framing,
            stance=STANCE_OF[framing],
            voice=voice,
        )
        for label, framing in labelled
    )
    loaded = any(framing != "neutral" for _, framing in labelled)
    return Example(text, text, mentions, loaded=loaded, **rest)  # type: ignore[arg-type]


THUGS = example("The thugs left.", ("thugs", "delegitimizing"), topic="t", register="wire")
HEROES = example("The heroes left.", ("heroes", "legitimizing"), topic="t", register="blog")
REBELS = example("The rebels left.", ("rebels", "neutral"), topic="u", register="wire")


def before(*examples: Example) -> list[SentenceOutput]:
    return judge_examples(RULE, examples)


def copies(record: Example, number: int) -> list[Example]:
    return [replace(record, id=f"{record.id}{i}") for i in range(number)]


# Figures


def test_the_wilson_interval_is_the_known_one() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, 15 of 148, 0 of 20.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(20, 20)[1] == 1.0


def test_a_share_of_nothing_is_no_number() -> None:
    assert share_of([]) == Share(0)
    assert as_json(share_of([])) == {"n": 0}
    assert as_json(Drop(0)) == {"n": 0}


def test_a_slice_is_told_of_from_ten_units_on() -> None:
    ten, nine = [(("t", "wire"), True)] * LEAST_UNITS, [(("u", None), False)] * (LEAST_UNITS - 1)
    found = sliced([*ten, *nine], share_of)
    assert found.all.n == 19
    assert {name: figure.n for name, figure in found.topics.items()} == {"t": 10}
    assert found.registers["wire"].share == 1.0


def test_a_unit_belongs_where_all_its_sentences_do() -> None:
    assert place_of([THUGS]) == ("t", "wire")
    assert place_of([THUGS, HEROES]) == ("t", None)
    assert place_of([THUGS, REBELS]) == (None, "wire")


def test_numbers_are_plain_and_have_four_digits() -> None:
    found = as_json({"a": (Share(3, 1 / 3, 0.0, 1.0),), 7: None})
    assert found == {"a": [{"n": 3, "share": 0.3333, "low": 0.0, "high": 1.0}], "7": None}
    assert json.loads(json.dumps(found, allow_nan=False)) == found


# Mentions blanked


def test_a_rule_of_words_falls_to_the_floor_when_they_are_blanked() -> None:
    records = [THUGS, HEROES, REBELS]
    drops = masked_drops(RULE, records, before(*records))
    assert set(drops) == {"framing", "stance"}
    for head in drops:
        found = drops[head].all
        assert found.n == 3
        assert found.plain == 1.0
        assert found.changed == found.floor == pytest.approx(1 / 6)
        assert found.drop == pytest.approx(5 / 6)
        assert found.low is not None
        assert found.high is not None
        assert 0 <= found.low <= 5 / 6 <= found.high
        assert drops[head].topics == {}


def test_each_mention_is_blanked_while_the_others_stay() -> None:
    class FirstWord(PlainRule):
        """Takes every framing from the first word of the sentence."""

        def _framing(self, label: str) -> int:
            return 1

        def judge(self, sentences):  # type: ignore[no-untyped-def]
            outputs = super().judge(sentences)
            for sentence, output in zip(sentences, outputs, strict=True):
                if sentence.text.startswith("Thugs"):
                    output.framing[:] = (1, 0, 0, 0)
            return outputs

    record = example("Thugs met rebels.", ("Thugs", "delegitimizing"), ("rebels", "neutral"))
    judge = FirstWord()
    drops = masked_drops(judge, [record], judge_examples(judge, [record]))
    # As it is both are delegitimizing; blanked itself "Thugs" is neutral, "rebels" stays so.
    assert drops["framing"].all.plain == pytest.approx(2 / 3 / 3)
    assert drops["framing"].all.changed == 0.0


def test_a_head_that_no_record_marks_has_no_figure() -> None:
    bare = replace(REBELS, mentions=(Mention(4, 10, stance="neutral"),))
    drops = masked_drops(RULE, [bare, Example("0", "Rain.")], before(bare, Example("0", "Rain.")))
    assert drops["framing"].all == Drop(0)
    assert drops["stance"].all.n == 1


# Names exchanged


def test_a_rule_of_words_flips_when_its_words_are_exchanged_and_never_else() -> None:
    record = example("The Reds of Leeds left.", ("Reds", "neutral"))
    outside = Swap(record.id, (("Leeds", "Derby"), ("Reds", "Blues")))
    inside = Swap(record.id, (("Reds", "Patriots"),))
    none = swap_flips(RULE, [outside, Swap("gone", (("a", "b"),))], [record])
    assert (none.sentences, none.not_found) == (1, 1)
    assert {head: none.flips[head].all.share for head in HEADS} == dict.fromkeys(HEADS, 0.0)
    flipped = swap_flips(RULE, [inside], [record]).flips
    expected = {"framing": 1.0, "stance": 1.0, "voice": 0.0, "loaded": 1.0}
    assert {head: flipped[head].all.share for head in HEADS} == expected


# Another's mouth


def test_the_rule_follows_the_voice_and_keeps_the_rest() -> None:
    quoted = example("“Rebels left,” he said.", ("Rebels", "neutral"), voice="quoted")
    records = [THUGS, HEROES, REBELS, quoted]
    found = voice_shifts(RULE, records, before(*records), Reporter(records))
    assert set(found) == {"quotation", "report", "open quotation"}
    for probe in found.values():
        assert probe.sentences == 3
        for part in (probe.own_before, probe.voice, probe.framing, probe.stance):
            assert part.all == share_of([True] * 3)


def test_a_judge_deaf_to_voices_is_found_out() -> None:
    class Deaf(PlainRule):
        def _voice(self, sentence, span):  # type: ignore[no-untyped-def]
            return 0

    found = voice_shifts(Deaf(), [THUGS], judge_examples(Deaf(), [THUGS]), Reporter([]))
    assert {name: probe.voice.all.share for name, probe in found.items()} == {
        "quotation": 0.0,
        "report": 0.0,
        "open quotation": 0.0,
    }


# Form


def test_doubled_spaces_break_a_rule_of_phrases() -> None:
    records = [
        example("The freedom fighters left.", ("freedom fighters", "legitimizing")),
        REBELS,
    ]
    found = form_flips(RULE, records, before(*records))
    assert set(found) == set(FORMS)
    assert found["doubled spaces"]["framing"].all == share_of([True, False])
    assert found["doubled spaces"]["loaded"].all == share_of([True, False])
    for name in ("lower case", "capitals", "no full stop"):
        assert found[name]["framing"].all == share_of([False, False])
    assert found["straight marks"]["framing"].all == Share(0)


# Groups


def rows(values: list[str | None], classes: tuple[str, ...]) -> np.ndarray:
    numbers = [0 if value is None else classes.index(value) for value in values]
    return np.eye(len(classes), dtype=np.float32)[numbers]


def oracle(record: Example) -> SentenceOutput:
    return SentenceOutput(
        framing=rows([m.framing for m in record.mentions], FRAMINGS),
        stance=rows([m.stance for m in record.mentions], STANCES),
        voice=rows([m.voice for m in record.mentions], VOICES),
        loaded=float(bool(record.loaded)),
    )


def test_a_group_is_right_when_every_label_is() -> None:
    group = [replace(e, group="g", contrast="label") for e in (THUGS, HEROES)]
    other = [replace(e, group="h", contrast="side") for e in (THUGS, REBELS)]
    beside = [replace(REBELS, group="g"), replace(HEROES, group="i", contrast="side")]
    records = [*group, *other, *beside]
    outputs = [oracle(record) for record in records]
    outputs[1].stance[:] = (1, 0, 0)
    found = groups_right(records, outputs)
    framing = {kind: by_head["framing"].all for kind, by_head in found.items()}
    right = share_of([True])
    nothing = dict.fromkeys(("stance", "voice", "sense"), Share(0))
    assert framing == {"all": share_of([True] * 2), "label": right, "side": right, **nothing}
    assert found["label"]["stance"].all == share_of([False])
    assert found["all"]["stance"].all == share_of([True, False])
    assert found["all"]["voice"].all.share == 1.0


# The whole


@pytest.fixture(scope="module")
def few(corpus_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first sentences of the test split, with whole groups among them."""
    path = tmp_path_factory.mktemp("audit") / "few.jsonl"
    records = read_examples(corpus_folder / "test.jsonl")[:60]
    path.write_text("".join(json.dumps(as_record(e)) + "\n" for e in records), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def swaps(corpus_folder: Path, few: Path) -> Path:
    corpus = read_examples(corpus_folder / "test_unseen.jsonl")
    named = [e.id for e in corpus if "Belfast" in e.text.replace(",", " ").split()][:3]
    path = few.parent / "swaps.jsonl"
    lines = [json.dumps({"id": name, "swap": [["Belfast", "Glasgow"]]}) for name in named]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["rule", "shipped"])
def test_an_audit_holds_every_probe(kind: str, few: Path, swaps: Path) -> None:
    judge: Judge = RULE if kind == "rule" else load_judge(open_model())
    found = audit_model(judge, [few], swaps)
    numbers = as_json(found)
    assert list(numbers) == [
        *("model", "data", "swaps", "masked", "swap", "groups", "pairs", "voice", "form")
    ]
    assert numbers["model"] == judge.id
    assert numbers["data"] == [{"file": str(few), "sha256": file_hash(few), "n": 60}]
    assert numbers["swaps"]["n"] == numbers["swap"]["sentences"] == 3
    assert numbers["swap"]["not_found"] == 0
    mentions = [m for e in read_examples(few) for m in e.mentions]
    masked = found.masked["framing"].all
    assert masked.n == sum(m.framing is not None for m in mentions)
    assert masked.plain is not None
    assert masked.changed is not None
    assert masked.drop == pytest.approx(masked.plain - masked.changed)
    assert masked.drop > 0.1
    # Neither the rule nor the shipped model's tokenizer sees capitals.
    assert found.form["capitals"]["framing"].all.share == 0.0
    shift = found.voice["open quotation"]
    assert shift.voice.all.share is not None
    assert shift.voice.all.share > 0.8
    assert found.groups["all"]["framing"].all.n > 5


def test_a_record_counts_once(few: Path, tmp_path: Path) -> None:
    sources, records = read_sources([few])
    assert [source.n for source in sources] == [len(records)]
    again = tmp_path / "again.jsonl"
    again.write_bytes(few.read_bytes())
    for second in (again, few):
        with pytest.raises(UsageError, match="expected records that are in no other file"):
            read_sources([few, second])


def test_missing_names_to_exchange_are_said_to_be(few: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the names to exchange that come with connote"):
        audit_model(RULE, [few], tmp_path / "none.jsonl")
