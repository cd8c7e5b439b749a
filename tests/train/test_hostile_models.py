"""Model folders from elsewhere: a clear refusal, whatever is in them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
import pytest
from openvino import opset13 as ops
from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing
from transformers import BertConfig, BertModel

from connote import ModelError, Scorer
from connote.infer.encoding import WindowEncoder
from connote.infer.folder import (
    FILES_OF,
    HEADS,
    MAX_CONFIG_BYTES,
    NEVER_FOUND,
    TOKENIZER_FILE,
    open_model,
    shipped_model,
    write_config,
)
from connote.infer.runtime import OpenVinoRunner
from connote.train.export import FILES, VECTORS_FILE
from connote.train.network import FramingNetwork
from connote.train.values import RecipeError
from connote.train.warm import load_weights

PLAIN = {
    "temperatures": dict.fromkeys(HEADS, 1.0),
    "thresholds": dict.fromkeys(HEADS, 0.0),
    "span_threshold": NEVER_FOUND,
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped_model(), tmp_path / "model"))


def relist(copy: Path, files: list[str] = FILES) -> None:
    """List the files as they are now, as one would who wants to be trusted."""
    write_config(copy, {**open_model().config, "name": "strange"}, files)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelError, match=f"{name} is missing"):
        Scorer(copy)


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_named(copy: Path, name: str) -> None:
    (copy / name).write_text("{}")
    with pytest.raises(ModelError, match=f"{name}: its content is not what config"):
        Scorer(copy)


@pytest.mark.parametrize("name", FILES_OF["encoder"])
def test_a_file_that_is_not_listed_is_not_loaded(copy: Path, name: str) -> None:
    relist(copy, [other for other in FILES if other != name])
    (copy / name).write_text("{}")
    with pytest.raises(ModelError, match=f"incomplete, {name} is not listed"):
        Scorer(copy)


def test_a_huge_config_is_refused(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text(encoding="utf-8"))
    (copy / "config.json").write_text(json.dumps(config | {"more": "x" * MAX_CONFIG_BYTES}))
    with pytest.raises(ModelError, match="expected at most 1,048,576 bytes, found more"):
        Scorer(copy)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("tokenizer.json", "{}", "not a tokenizer"),
        ("reader.xml", "<net/>", "OpenVINO cannot load it"),
        ("reader.xml", "no model at all", "OpenVINO cannot load it"),
        ("reader.bin", "", "OpenVINO cannot load it"),
        ("mentions.xml", "<net/>", "OpenVINO cannot load it"),
        ("mentions.xml", "no model at all", "OpenVINO cannot load it"),
        ("mentions.bin", "", "OpenVINO cannot load it"),
    ],
)
def test_files_that_are_something_else_are_refused(
    copy: Path, name: str, content: str, message: str
) -> None:
    (copy / name).write_text(content)
    relist(copy)
    with pytest.raises(ModelError, match=message):
        Scorer(copy)


@pytest.mark.parametrize(("taken", "left"), [("reader", "mentions"), ("mentions", "reader")])
def test_the_two_halves_are_not_exchanged(copy: Path, taken: str, left: str) -> None:
    for ending in ("xml", "bin"):
        shutil.copyfile(copy / f"{taken}.{ending}", copy / f"{left}.{ending}")
    relist(copy)
    with pytest.raises(ModelError, match=rf"{left}\.xml: expected inputs .* train or copy the mod"):
        Scorer(copy)


def replace_output(copy: Path, file: str, name: str, change: Callable[[Any], Any]) -> None:
    """Save the folder's network with one output put through a further step."""
    model = ov.Core().read_model(copy / file)
    results = []
    for port in model.outputs:
        (own,) = port.names
        node = port.get_node().input_value(0)
        result = ops.result(change(node) if own == name else node)
        result.output(0).get_tensor().set_names({own})
        results.append(result)
    changed = ov.Model(results, model.get_parameters())
    ov.save_model(changed, copy.parent / file, compress_to_fp16=False)
    for ending in (".xml", ".bin"):
        shutil.move((copy.parent / file).with_suffix(ending), (copy / file).with_suffix(ending))
    relist(copy)


def one_more(node: Any) -> Any:
    last = len(node.partial_shape) - 1
    first = ops.gather(node, ops.constant([0]), ops.constant(last))
    return ops.concat([node, first], axis=last)


def first_two(node: Any) -> Any:
    return ops.gather(node, ops.constant([0, 1]), ops.constant(len(node.partial_shape) - 1))


def only_the_positive(node: Any) -> Any:
    """Of a shape that nobody knows before it runs."""
    return ops.gather_nd(node, ops.transpose(ops.non_zero(ops.relu(node)), ops.constant([1, 0])))


@pytest.mark.parametrize(
    ("file", "name", "change", "message"),
    [
        ("mentions.xml", "framing", one_more, r"framing: expected shape \[\?,4\], found \[\?,5\]"),
        ("mentions.xml", "voice", first_two, r"voice: expected shape \[\?,3\], found \[\?,2\]"),
        ("reader.xml", "span", first_two, r"span: expected shape \[\?,\?,3\], found \[\?,\?,2\]"),
        ("reader.xml", "span", only_the_positive, r"span: expected shape \[\?,\?,3\]"),
    ],
)
def test_other_classes_are_refused(
    copy: Path, file: str, name: str, change: Callable[[Any], Any], message: str
) -> None:
    replace_output(copy, file, name, change)
    with pytest.raises(ModelError, match=message) as caught:
        Scorer(copy)
    assert f"{copy / file}: " in str(caught.value)
    assert "train or copy the model again" in str(caught.value)


def twice_as_many(node: Any) -> Any:
    """Twice the classes, but as many as the numbers themselves decide when it runs."""
    double = ops.concat([node, node], axis=1)
    highest = ops.reduce_max(double, ops.constant([0]))
    chosen = ops.non_zero(ops.greater(highest, ops.constant(-1e9, dtype="float32")))
    return ops.gather(double, ops.squeeze(chosen, ops.constant([0])), ops.constant(1))


def test_other_classes_that_show_late_are_refused(copy: Path) -> None:
    replace_output(copy, "mentions.xml", "framing", twice_as_many)
    scorer = Scorer(copy)
    with pytest.raises(ModelError, match=r"framing: expected shape \[1,4\], found \[1,8\]"):
        scorer.score("The thugs left.")


def all_but_the_last(axis: int) -> Callable[[Any], Any]:
    def change(node: Any) -> Any:
        begin, end, step, axes = (ops.constant([number]) for number in (0, -1, 1, axis))
        return ops.slice(node, begin, end, step, axes)

    return change


@pytest.mark.parametrize(
    ("file", "name", "axis"),
    [
        ("reader.xml", "hidden", 0),
        ("reader.xml", "hidden", 1),
        ("reader.xml", "loaded", 0),
        ("reader.xml", "loaded_word", 0),
        ("reader.xml", "loaded_word", 1),
        ("reader.xml", "span", 0),
        ("reader.xml", "span", 1),
        ("mentions.xml", "framing", 0),
        ("mentions.xml", "voice", 0),
    ],
)
def test_less_than_one_answer_for_each_question_is_refused(
    copy: Path, file: str, name: str, axis: int
) -> None:
    replace_output(copy, file, name, all_but_the_last(axis))
    scorer = Scorer(copy)
    with pytest.raises(ModelError, match=rf": {name}: expected shape \[.*\], found \[") as caught:
        scorer.score("The thugs left.")
    assert f"{copy / file}: " in str(caught.value)
    assert "train or copy the model again" in str(caught.value)


@pytest.mark.parametrize(
    ("file", "name"),
    [("reader.xml", "loaded"), ("reader.xml", "hidden"), ("mentions.xml", "framing")],
)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused(
    copy: Path, file: str, name: str, value: float
) -> None:
    replace_output(copy, file, name, lambda node: ops.add(node, ops.constant(np.float32(value))))
    scorer = Scorer(copy)
    with pytest.raises(ModelError, match=f": {name}: expected finite numbers") as caught:
        scorer.score("The thugs left.")
    assert f"{copy / file}: " in str(caught.value)
    assert "train or copy the model again" in str(caught.value)


def test_a_network_that_cannot_run_is_named(copy: Path) -> None:
    model = ov.Core().read_model(copy / "mentions.xml")
    model.reshape({port: [7] * len(port.partial_shape) for port in model.inputs[1:2]})
    ov.save_model(model, copy.parent / "mentions.xml", compress_to_fp16=False)
    for ending in (".xml", ".bin"):
        shutil.move(copy.parent / f"mentions{ending}", copy / f"mentions{ending}")
    relist(copy)
    scorer = Scorer(copy)
    with pytest.raises(ModelError, match=r"mentions\.xml: OpenVINO cannot run it") as caught:
        scorer.score("The thugs left.")
    assert "train or copy the model again" in str(caught.value)


def test_the_shipped_network_is_taken() -> None:
    OpenVinoRunner(shipped_model())


@pytest.mark.parametrize(
    ("single", "special"),
    [
        (None, []),
        ("[CLS] $A", [("[CLS]", 101)]),
        ("[CLS] [SEP] $A", [("[CLS]", 101), ("[SEP]", 102)]),
        ("[CLS] $A [SEP] [SEP]", [("[CLS]", 101), ("[SEP]", 102)]),
    ],
)
def test_a_tokenizer_with_other_special_tokens_is_refused(
    copy: Path, single: str | None, special: list[tuple[str, int]]
) -> None:
    content = json.loads((copy / TOKENIZER_FILE).read_text(encoding="utf-8"))
    content["post_processor"] = None
    tokenizer = Tokenizer.from_str(json.dumps(content))
    if single is not None:
        tokenizer.post_processor = TemplateProcessing(single=single, special_tokens=special)
    tokenizer.save(str(copy / TOKENIZER_FILE))
    relist(copy)
    with pytest.raises(ModelError, match="expected two special tokens around a text") as caught:
        Scorer(copy)
    assert str(copy / TOKENIZER_FILE) in str(caught.value)


def test_a_tokenizer_that_knows_no_word_is_refused(tmp_path: Path) -> None:
    model = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##"}
    content = {"model": {**model, "max_input_chars_per_word": 100, "vocab": {"b": 0}}}
    (tmp_path / TOKENIZER_FILE).write_text(json.dumps({"version": "1.0", **content}))
    with pytest.raises(ModelError, match="not a tokenizer"):
        WindowEncoder(tmp_path / TOKENIZER_FILE, 64)


def test_arrays_that_are_something_else_are_refused(tmp_path: Path) -> None:
    (tmp_path / "weights.safetensors").write_bytes(b"\x80\x04pickled")
    (tmp_path / "vocabulary.json").write_text("{}")
    files = ["weights.safetensors", "vocabulary.json"]
    write_config(tmp_path, {"name": "strange", "kind": "baseline", **PLAIN}, files)
    with pytest.raises(ModelError, match="not a safetensors file"):
        Scorer(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (VECTORS_FILE, b"\x80\x04pickled", "expected a safetensors file, found: "),
        ("reader.xml", b"<net/>", "OpenVINO cannot read it"),
        ("mentions.xml", b"no model at all", "OpenVINO cannot read it"),
        ("mentions.bin", b"", "OpenVINO cannot read it"),
    ],
)
def test_broken_files_are_nothing_to_start_from(
    copy: Path, name: str, content: bytes, message: str
) -> None:
    (copy / name).write_bytes(content)
    relist(copy)
    size = {"hidden_size": 8, "num_attention_heads": 1, "num_hidden_layers": 1}
    network = FramingNetwork(BertModel(BertConfig(vocab_size=9, **size)), dropout=0.1)
    with pytest.raises(RecipeError, match=message) as caught:
        load_weights(network, open_model(copy))
    assert str((copy / name).with_suffix("")) in str(caught.value)
    assert "train or copy the model again" in str(caught.value)
