"""Weights that share one scale: written out before OpenVINO compiles them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openvino
import pytest
from openvino import opset13 as ops

from connote.infer.folder import READER_FILES, open_model
from connote.infer.plain_weights import write_out_single_scales
from connote.infer.runtime import READER_OUTPUTS, OpenVinoRunner

STREAMS = {"INFERENCE_PRECISION_HINT": "f32", "NUM_STREAMS": "1", "INFERENCE_NUM_THREADS": "1"}
INPUTS = {
    "input_ids": np.array([[101, 1996, 6939, 3062, 1012, 102, 0, 0]]),
    "attention_mask": np.array([[1, 1, 1, 1, 1, 1, 0, 0]]),
    "token_type_ids": np.zeros((1, 8), np.int64),
}


def head(path: Path, rows: int) -> Path:
    """A head as exports have it: weights of a byte each, with a scale for each row."""
    generator = np.random.default_rng(0)
    taken = ops.parameter([-1, 96], np.float32, name="x")
    weights = ops.constant(generator.integers(-127, 128, (rows, 96)).astype(np.int8))
    scale = ops.constant(generator.uniform(0.001, 0.01, (rows, 1)).astype(np.float16))
    product = ops.multiply(ops.convert(weights, "f16"), scale)
    out = ops.matmul(taken, ops.convert(product, "f32"), False, True)
    openvino.save_model(openvino.Model([out], [taken], "head"), path, compress_to_fp16=False)
    return path


@pytest.mark.parametrize(("rows", "written"), [(1, 1), (3, 0)])
def test_a_single_scale_is_written_out_with_the_same_outputs(
    tmp_path: Path, rows: int, written: int
) -> None:
    core, path = openvino.Core(), head(tmp_path / "head.xml", rows)
    model = core.read_model(path)
    assert write_out_single_scales(model) == written
    assert write_out_single_scales(model) == 0
    given = np.random.default_rng(1).normal(size=(5, 96)).astype(np.float32)
    expected, found = (
        compiled.create_infer_request().infer({0: given})[0]
        for compiled in (
            core.compile_model(path, "CPU", STREAMS),
            core.compile_model(model, "CPU", STREAMS),
        )
    )
    assert np.abs(found - expected).max() < 1e-4
    assert np.abs(expected).max() > 0.1


def test_the_shipped_reader_says_the_same_however_often_it_is_compiled() -> None:
    folder = open_model().path
    reader = openvino.Core().read_model(folder / READER_FILES[0])
    assert write_out_single_scales(reader) == 2
    expected = OpenVinoRunner(folder, threads=1).read(INPUTS)
    for _ in range(20):
        found = OpenVinoRunner(folder, threads=2).read(INPUTS)
        for name in READER_OUTPUTS:
            assert np.abs(found[name] - expected[name]).max() < 1e-3, name
