"""The way of a few hundred annotations: adapt the shipped model, cross-fit, report."""

from __future__ import annotations

import copy
import json
import shutil
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel
from typer.testing import CliRunner

from connote import Scorer
from connote.cli import app
from connote.data.lexicon import load_lexicon
from connote.data.origin import Origin
from connote.data.schema import HEADS, Example, Mention, read_examples, write_examples
from connote.infer.encoder import EncoderJudge
from connote.infer.folder import (
    TOKENIZER_FILE,
    UNCALIBRATED,
    ModelError,
    open_model,
    shipped_model,
    write_config,
)
from connote.infer.judge import as_input
from connote.infer.mentions import LexiconMatcher
from connote.train.adapt import CROSSFIT_FILE, REPORT_FILE, adapt
from connote.train.adapt_report import Said, conclusion, report_heads
from connote.train.annotations import AnnotationsError, read_annotations
from connote.train.crossfit import (
    Looked,
    assign_folds,
    calibrated,
    clusters,
    found_spans,
    marks,
    predict,
    read_predictions,
    write_predictions,
)
from connote.train.evaluate import judge_examples
from connote.train.export import FILES, export_model
from connote.train.folds import FOLDS, Work, crossfit
from connote.train.network import FramingNetwork
from connote.train.rounding import LEVELS, round_by_chance
from connote.train.tuning import tuning_recipe, with_heads
from connote.train.values import RecipeError
from connote.train.warm import load_weights

SENTENCES = 72
OTHER_WAY = {"against": "favor", "favor": "against", "neutral": "neutral", None: None}
TOLD_APART = ("macro_f1", "log_loss", "ece")


def silent(line: str) -> None:
    """Says nothing."""


def in_document(example: Example, name: str, sentence: int) -> Example:
    origin = Origin(name, sentence, "all", population=1000, sampled=SENTENCES, probability=0.072)
    return replace(example, group=None, origin=origin)


def turned(example: Example) -> Example:
    """The same with every stance turned around: another codebook, which can be learnt."""
    mentions = (replace(m, stance=OTHER_WAY[m.stance]) for m in example.mentions)
    return replace(example, mentions=tuple(mentions))


@pytest.fixture(scope="module")
def examples(corpus_folder: Path) -> list[Example]:
    """Sentences of three a document, as an import from a sample gives them."""
    found = [e for e in read_examples(corpus_folder / "dev.jsonl") if len(e.text) < 160]
    return [in_document(e, f"d{i // 3}", i % 3) for i, e in enumerate(found[:SENTENCES])]


@pytest.fixture(scope="module")
def run(
    tmp_path_factory: pytest.TempPathFactory, examples: list[Example]
) -> tuple[Path, str, list[Example]]:
    """The command's folder, what it said, and its annotations: loadedness is left out."""
    folder = tmp_path_factory.mktemp("adapted")
    given = [replace(turned(e), loaded=None, loaded_spans=None) for e in examples]
    write_examples(folder / "gold.jsonl", given)
    call = ["train", "--from", "shipped", "--data", str(folder / "gold.jsonl")]
    result = CliRunner().invoke(app, [*call, "--out", str(folder / "model")])
    assert result.exit_code == 0, result.output
    assert result.stdout.strip().endswith(str(folder / "model"))
    return folder / "model", result.stderr, given


@pytest.fixture(scope="module")
def report(run: tuple[Path, str, list[Example]]) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((run[0] / REPORT_FILE).read_text(encoding="utf-8"))
    return content


def test_a_model_that_scores_is_left(run: tuple[Path, str, list[Example]]) -> None:
    out, _, _ = run
    document = Scorer(out).score("The regime's forces entered the town, residents said.")
    assert any("regime" in mention.text for mention in document.mentions)
    assert document.model.startswith("connote-adapted@")
    config = open_model(out).config
    assert config["corpora"][0]["sentences"] == SENTENCES
    assert not (out / "checkpoints").exists()
    assert str(out.parent) not in (out / "config.json").read_text(encoding="utf-8")


def test_what_can_be_learnt_is_gained_and_told(
    run: tuple[Path, str, list[Example]], report: dict[str, Any]
) -> None:
    stance = report["heads"]["stance"]
    assert stance["gain"]["low"] > 0
    assert stance["gain"]["observed"] == pytest.approx(
        stance["macro_f1"]["adapted"] - stance["macro_f1"]["start"]
    )
    assert stance["log_loss_gain"]["low"] > 0
    assert stance["log_loss"]["adapted"] < stance["log_loss"]["start"]
    assert report["conclusion"].startswith("macro-F1 gained: ")
    assert "stance" in report["conclusion"]
    assert report["conclusion"] in run[1]


def test_a_label_that_nobody_marked_keeps_its_calibration(
    run: tuple[Path, str, list[Example]], report: dict[str, Any]
) -> None:
    adapted, shipped = open_model(run[0]), open_model()
    assert adapted.temperatures["loaded"] == shipped.temperatures["loaded"]
    assert adapted.thresholds["loaded"] == shipped.thresholds["loaded"]
    assert adapted.temperatures["stance"] != shipped.temperatures["stance"]
    assert report["heads"]["loaded"] == {"n": 0}
    elsewhere = report["elsewhere"]["loaded"]
    assert elsewhere["adapted"] > elsewhere["start"] - 0.1


def test_every_item_is_in_the_crossfit_and_documents_are_whole(
    run: tuple[Path, str, list[Example]],
) -> None:
    out, _, given = run
    lines = (out / CROSSFIT_FILE).read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    assert [record["id"] for record in records] == [example.id for example in given]
    folds = defaultdict(set)
    for example, record in zip(given, records, strict=True):
        assert example.origin is not None
        folds[example.origin.document].add(record["fold"])
        spans = [(m["start"], m["end"]) for m in record["marked"]]
        assert spans == [(m.start, m.end) for m in example.mentions]
        for mention in (*record["marked"], *record["found"]):
            chances = [v for k, v in mention.items() if k.startswith("p_framing_")]
            assert sum(chances) == pytest.approx(1, abs=1e-4)
        assert 0 <= record["p_loaded"] <= 1
    assert all(len(found) == 1 for found in folds.values())
    sizes = [sum(record["fold"] == fold for record in records) for fold in range(FOLDS)]
    assert min(sizes) >= SENTENCES / FOLDS - 3


def test_the_averaged_network_judges_as_those_of_the_folds_do(
    run: tuple[Path, str, list[Example]],
) -> None:
    out, _, given = run
    lines = (out / CROSSFIT_FILE).read_text(encoding="utf-8").splitlines()
    marked = [m for line in lines for m in json.loads(line)["marked"]]
    of_folds = np.mean([m["p_stance_against"] for m in marked])
    outputs = judge_examples(EncoderJudge(open_model(out)), given)
    of_mean = np.mean(np.concatenate([output.stance[:, 0] for output in outputs]))
    shipped = judge_examples(EncoderJudge(open_model()), given)
    of_start = np.mean(np.concatenate([output.stance[:, 0] for output in shipped]))
    assert abs(of_mean - of_folds) < abs(of_start - of_folds) / 3


def test_small_changes_outlive_the_rounding_of_an_export(tmp_path: Path) -> None:
    settings = {"name": "small", "kind": "encoder", "window": 64, **UNCALIBRATED}
    tokenizer = open_model().path / TOKENIZER_FILE

    def exported(network: FramingNetwork) -> FramingNetwork:
        export_model(network, tokenizer, tmp_path)
        write_config(tmp_path, settings, FILES)
        back = small_network()
        load_weights(back, open_model(tmp_path))
        return back

    start = exported(small_network())
    torch.manual_seed(2)
    tuned = copy.deepcopy(start)
    with torch.no_grad():
        for weight in tuned.parameters():
            if weight.ndim == 2:
                step = weight.abs().amax(1, keepdim=True) / LEVELS
                weight.add_((torch.rand(weight.shape) - 0.5).sign() * step / 5)

    def kept(network: FramingNetwork) -> float:
        """How much of a change is still there, 1 for all of it."""
        pairs = zip(*(n.mentions.parameters() for n in (start, tuned, network)), strict=True)
        both = [((b - a).flatten(), (c - a).flatten()) for a, b, c in pairs if a.ndim == 2]
        wanted, found = (torch.cat(parts) for parts in zip(*both, strict=True))
        return float(wanted @ found / (wanted @ wanted))

    nearest = kept(exported(tuned))
    rounded = copy.deepcopy(tuned)
    round_by_chance(rounded, seed=1)
    assert nearest < 0.3
    assert 0.7 < kept(exported(rounded)) < 1.3


def small_network() -> FramingNetwork:
    torch.manual_seed(1)
    config = BertConfig(
        hidden_size=64,
        num_hidden_layers=1,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    return FramingNetwork(BertModel(config), dropout=0.1)


def work_of(examples: list[Example], path: Path, say: Callable[[str], None] = silent) -> Work:
    """A cross-fit of given folds, whatever the labels are: one pass, small batches."""
    write_examples(path / "gold.jsonl", examples)
    start = open_model()
    matcher = LexiconMatcher(load_lexicon())
    (path / "checkpoints").mkdir(exist_ok=True)
    return Work(
        start=start,
        recipe=replace(tuning_recipe(start, "small"), epochs=1, batch_size=8),
        annotations=read_annotations(path / "gold.jsonl", FOLDS),
        folds=[i // 3 % FOLDS for i in range(len(examples))],
        looked=[Looked.at(example, matcher) for example in examples],
        guard=[],
        checkpoints=path / "checkpoints",
        say=say,
    )


def test_what_is_said_of_an_item_does_not_depend_on_its_labels(
    tmp_path: Path, examples: list[Example]
) -> None:
    few = examples[:42]
    wrong = [turned(e) if i // 3 % FOLDS == 0 else e for i, e in enumerate(few)]
    for name in ("right", "wrong"):
        (tmp_path / name).mkdir()
    right = work_of(few, tmp_path / "right")
    ours = crossfit(right)
    other = work_of(wrong, tmp_path / "wrong")
    # Two folds tell enough: the third is taken as finished.
    shutil.copy(right.checkpoints / "fold-2.json", other.checkpoints)
    theirs = crossfit(other)
    changes: dict[int, float] = defaultdict(float)
    for fold, a, b in zip(right.folds, ours, theirs, strict=True):
        if a.marked.stance.size:
            change = float(np.abs(a.marked.stance - b.marked.stance).max())
            changes[fold] = max(changes[fold], change)
    assert changes[0] < 1e-5
    assert changes[1] > 1e-3
    learnt = {e.id for e in right.learnt(0)}
    assert not learnt & {few[i].id for i in right.kept_out(0)}
    assert len(learnt) + len(right.kept_out(0)) == len(few)


def test_a_stopped_adaptation_goes_on_behind_its_last_fold(
    tmp_path: Path, examples: list[Example]
) -> None:
    write_examples(tmp_path / "gold.jsonl", examples[:42])
    said: list[str] = []

    def until(ending: str) -> Callable[[str], None]:
        def say(line: str) -> None:
            said.append(line)
            if line.startswith(ending):
                raise KeyboardInterrupt

        return say

    def go(ending: str, data: str = "gold.jsonl") -> None:
        adapt("shipped", tmp_path / data, tmp_path / "out", until(ending), epochs=1)

    with pytest.raises(KeyboardInterrupt):
        go("fold 2 of 3: learning")
    kept = (tmp_path / "out" / "checkpoints" / "fold-0.json").read_bytes()
    said.clear()
    with pytest.raises(KeyboardInterrupt):
        go("fold 2 of 3: learning")
    assert "fold 1 of 3: finished before" in said
    assert not any(line.startswith("fold 1 of 3: learning") for line in said)
    assert (tmp_path / "out" / "checkpoints" / "fold-0.json").read_bytes() == kept

    write_examples(tmp_path / "others.jsonl", examples[:48])
    with pytest.raises(RecipeError, match=r"checkpoints holds another training.*another --out"):
        go("fold", "others.jsonl")


def plain(name: str, text: str, group: str | None = None) -> Example:
    return Example(name, text, (Mention(0, 3, framing="neutral"),), group=group)


def test_documents_groups_and_wordings_are_tied_in_chains() -> None:
    first = plain("a", "The rebels left at dawn.", group="g")
    second = in_document(plain("b", "The army shelled the port."), "g", 0)
    again = plain("c", "The army shelled the port. ", group="other")
    third = plain("d", "The strikers stayed.", group="other")
    alone = plain("e", "The deal held.")
    assert clusters([first, second, again, third, alone]) == [0, 0, 0, 0, 1]


def test_folds_are_of_like_size_and_like_labels(corpus_folder: Path) -> None:
    examples = read_examples(corpus_folder / "dev.jsonl")[:300]
    folds = assign_folds(examples, FOLDS, seed=1)
    assert folds == assign_folds(examples, FOLDS, seed=1)
    names = clusters(examples)
    assert len(set(zip(names, folds, strict=True))) == len(set(names)) < len(examples)
    everywhere = defaultdict(lambda: [0] * FOLDS)
    for fold, example in zip(folds, examples, strict=True):
        for mark in ("sentence", *marks(example)):
            everywhere[mark][fold] += 1
    assert max(everywhere["sentence"]) - min(everywhere["sentence"]) <= 6
    for mark, counts in everywhere.items():
        assert max(counts) - min(counts) <= max(4, 0.15 * sum(counts)), mark


def test_calibrated_outputs_are_those_of_the_calibrated_model(examples: list[Example]) -> None:
    folder = open_model()
    inputs = [as_input(example) for example in examples[:20]]
    wanted = EncoderJudge(folder).judge(inputs)
    bare = EncoderJudge(replace(folder, temperatures=dict.fromkeys(HEADS, 1.0))).judge(inputs)
    for theirs, output in zip(wanted, bare, strict=True):
        ours = calibrated(output, folder.temperatures)
        for head in ("framing", "stance", "voice"):
            assert np.allclose(getattr(ours, head), getattr(theirs, head), atol=1e-4)
        assert ours.loaded == pytest.approx(theirs.loaded, abs=1e-4)


def test_a_sentence_is_looked_at_as_scoring_does(tmp_path: Path, examples: list[Example]) -> None:
    matcher = LexiconMatcher(load_lexicon())
    few = [example for example in examples[:40] if not example.in_quote]
    looked = [Looked.at(example, matcher) for example in few]
    said = predict(EncoderJudge(open_model()), few, looked)
    write_predictions(tmp_path / "said.json", said)
    compared = 0
    documents = Scorer().score_many([example.text for example in few])
    for look, kept, document in zip(
        looked, read_predictions(tmp_path / "said.json"), documents, strict=True
    ):
        if len(document.sentences) == 1 and document.sentences[0].loaded is not None:
            spans = sorted(found_spans(look, kept))
            assert spans == [(m.start, m.end) for m in document.mentions]
            compared += 1
    assert compared > 20


def test_no_gain_is_said_plainly(examples: list[Example]) -> None:
    outputs = judge_examples(EncoderJudge(open_model()), examples)
    heads = report_heads(examples, Said(outputs, outputs, outputs), {})
    assert heads["framing"]["gain"] == {"observed": 0.0, "low": 0.0, "high": 0.0}
    told = conclusion(heads, frozenset(HEADS), "the shipped model")
    assert told == "no certain gain: keep the shipped model"


def test_what_is_worse_is_said_plainly(examples: list[Example]) -> None:
    outputs = judge_examples(EncoderJudge(open_model()), examples)
    worse = [replace(output, voice=output.voice[:, [1, 2, 0]]) for output in outputs]
    heads = report_heads(examples, Said(outputs, outputs, worse), {})
    assert heads["voice"]["verdict"] == "loss"
    assert conclusion(heads, frozenset(HEADS), "m@1") == "worse at voice: keep m@1"
    better = report_heads(examples, Said(worse, outputs, outputs), {})
    assert conclusion(better, frozenset(HEADS), "m@1").startswith("macro-F1 gained: voice +")


def test_a_class_that_nobody_marked_is_told(examples: list[Example]) -> None:
    kept = [e for e in examples if all(m.framing != "legitimizing" for m in e.mentions)]
    outputs = judge_examples(EncoderJudge(open_model()), kept)
    heads = report_heads(kept, Said(outputs, outputs, outputs), {"voice": "every item is own"})
    assert heads["framing"]["missing"] == ["legitimizing"]
    assert heads["voice"]["left_out"] == "every item is own"
    for measure in TOLD_APART:
        assert set(heads["framing"][measure]) == {"start", "recalibrated", "adapted"}


def test_labels_too_few_or_all_alike_are_not_learnt(
    tmp_path: Path, examples: list[Example]
) -> None:
    def own(mention: Mention) -> Mention:
        return replace(mention, voice=mention.voice and "own")

    given = [replace(e, mentions=tuple(map(own, e.mentions)), loaded=None) for e in examples]
    given[0] = replace(given[0], loaded=True)
    write_examples(tmp_path / "gold.jsonl", given)
    found = read_annotations(tmp_path / "gold.jsonl", FOLDS)
    assert found.left_out == {
        "voice": "every item is own",
        "loaded": "marked 1 times, fewer than 30",
    }
    (bare,) = with_heads(given[:1], found.learnt)
    assert bare.loaded is None
    assert {m.voice for m in bare.mentions} == {None}
    assert [m.framing for m in bare.mentions] == [m.framing for m in given[0].mentions]


def test_too_few_annotations_are_counted(tmp_path: Path, examples: list[Example]) -> None:
    path = tmp_path / "gold.jsonl"
    unmarked = [replace(with_heads([e], frozenset())[0], id=f"u{e.id}") for e in examples[:9]]
    write_examples(path, [*examples[:31], *unmarked])
    with pytest.raises(AnnotationsError, match=r"at least 40 sentences .* found 31 among 40"):
        read_annotations(path, FOLDS)
    write_examples(path, [in_document(e, f"d{i % 2}", i) for i, e in enumerate(examples)])
    with pytest.raises(AnnotationsError, match=r"at least 3 documents.* found 2"):
        read_annotations(path, FOLDS)
    one = [in_document(e, f"d{max(i - 40, 0)}", i) for i, e in enumerate(examples)]
    write_examples(path, one)
    with pytest.raises(AnnotationsError, match=r"more than half .* found one with 41 of 72"):
        read_annotations(path, FOLDS)
    alike = [
        Example(f"s{i}", f"Voters in ward {i} chose the mayor.", loaded=False) for i in range(50)
    ]
    write_examples(path, alike)
    with pytest.raises(AnnotationsError, match="loaded: every item is false"):
        read_annotations(path, FOLDS)


def test_what_must_never_be_learnt_from_is_withheld(shared: Path) -> None:
    with pytest.raises(AnnotationsError, match="of them listed as never to be learnt from"):
        read_annotations(shared / "gold_dev.jsonl", FOLDS)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ([], "expected a recipe, or --from MODEL --data FILE; found neither"),
        (["configs/x.yaml", "--from", "shipped"], "found both"),
        (["--from", "shipped"], "expected --data FILE, one file; found 0"),
        (["--from", "shipped", "--data", "missing.jsonl"], "a file that exists"),
        (["--from", "no-such-model", "--data", "GOLD"], "found no such folder"),
        (["--from", "shipped", "--data", "GOLD", "--out", "SHIPPED"], "other than the model's own"),
    ],
)
def test_calls_that_cannot_be_done_end_in_one_line(
    tmp_path: Path, examples: list[Example], call: list[str], message: str
) -> None:
    write_examples(tmp_path / "gold.jsonl", examples)
    places = {"GOLD": str(tmp_path / "gold.jsonl"), "SHIPPED": str(shipped_model())}
    result = CliRunner().invoke(app, ["train", *(places.get(part, part) for part in call)])
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_only_an_encoder_is_adapted() -> None:
    baseline = replace(open_model(), kind="baseline")
    with pytest.raises(RecipeError, match="found kind baseline"):
        tuning_recipe(baseline, "x")
    bare = replace(open_model(), config={"name": "x", "window": 64})
    with pytest.raises(RecipeError, match=r"recipe\.encoder: expected a name, found None"):
        tuning_recipe(bare, "x")
    with pytest.raises(ModelError):
        adapt("no-such-model", Path("x"), None, silent)
