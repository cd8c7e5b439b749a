"""Works around a race of OpenVINO's: weights that share one scale, written out before compiling."""

from __future__ import annotations

from typing import Any

import numpy as np
import openvino


def write_out_single_scales(model: Any) -> int:
    """Replace compressed weights that share a single scale by the numbers they stand for.

    A head with one output has one row of weights and so one scale. Compiled for several streams,
    OpenVINO (seen in 2026.4) misreads it in one of some hundred to a thousand compilations, and all
    that head says is wrong by orders of magnitude. Written out, these few weights are right, and
    give the same outputs.

    Args:
        model: As `openvino.Core.read_model` gives it; it is changed.

    Returns:
        How many matrices were written out.
    """
    written = 0
    for node in model.get_ordered_ops():
        if node.get_type_name() != "MatMul":
            continue
        product = _behind_converts(node.input(1))
        if product.get_type_name() != "Multiply":
            continue
        weights, scale = (_behind_converts(factor) for factor in product.inputs())
        if {weights.get_type_name(), scale.get_type_name()} != {"Constant"}:
            continue
        numbers = scale.get_data().astype(np.float32)
        if numbers.size == 1:
            plain = openvino.op.Constant(weights.get_data().astype(np.float32) * numbers)
            node.input(1).replace_source_output(plain.output(0))
            written += 1
    return written


def _behind_converts(taken: Any) -> Any:
    """The node that an input comes from, changes of type passed over."""
    node = taken.get_source_output().get_node()
    while node.get_type_name() == "Convert":
        node = node.input(0).get_source_output().get_node()
    return node
