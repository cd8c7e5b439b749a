"""The runtime from several threads and processes, and the devices it may run on."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from connote import Scorer
from connote.data.errors import UsageError
from connote.data.schema import read_examples
from connote.infer.devices import find_device
from connote.infer.encoder import MAX_TOKENS_IN_BATCH, EncoderJudge, batches
from connote.infer.encoding import Window
from connote.infer.folder import open_model
from connote.infer.judge import SentenceInput, as_input
from connote.infer.models import load_judge

FIRST_QUESTIONS = """
import sys, threading
import numpy, openvino
import connote.infer.runtime
sys.setswitchinterval(1e-6)
start = threading.Barrier(8)
def ask():
    start.wait()
    openvino.Tensor(numpy.zeros(1, openvino.Type.f32.to_dtype()))
threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def loaded_of(judge: EncoderJudge, sentences: list[SentenceInput]) -> list[float]:
    return [output.loaded for output in judge.judge(sentences)]


def in_child(judge: EncoderJudge | None, sentences: list[SentenceInput], queue) -> None:  # type: ignore[no-untyped-def]
    queue.put(loaded_of(judge or load_judge(open_model(), 2), sentences))


@pytest.fixture(scope="module")
def judge() -> EncoderJudge:
    return EncoderJudge(open_model(), threads=2)


@pytest.fixture(scope="module")
def sentences(corpus_folder: Path) -> list[SentenceInput]:
    return list(map(as_input, read_examples(corpus_folder / "test.jsonl")[:120]))


def test_streams_change_nothing(judge: EncoderJudge, sentences: list[SentenceInput]) -> None:
    with np.errstate(all="raise", under="ignore"):
        alone = EncoderJudge(open_model(), threads=1).judge(sentences)
    for one, other in zip(alone, judge.judge(sentences), strict=True):
        for head in ("framing", "stance", "voice"):
            assert np.abs(getattr(one, head) - getattr(other, head)).max(initial=0) < 1e-3
        assert one.loaded == pytest.approx(other.loaded, abs=1e-3)
        assert one.loaded_words == other.loaded_words


def test_several_threads_share_a_judge(judge: EncoderJudge, sentences: list[SentenceInput]) -> None:
    expected = loaded_of(judge, sentences)
    with ThreadPoolExecutor(4) as pool:
        tasks = [pool.submit(loaded_of, judge, sentences[i:] + sentences[:i]) for i in range(8)]
        for i, task in enumerate(tasks):
            found = task.result(timeout=120)
            assert found == pytest.approx(expected[i:] + expected[:i], abs=1e-3)


@pytest.mark.parametrize("attempt", range(6))
def test_threads_that_ask_the_runtime_first_do_not_wait_for_each_other(attempt: int) -> None:
    done = subprocess.run([sys.executable, "-c", FIRST_QUESTIONS], timeout=60, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize("start", ["fork", "spawn"])
@pytest.mark.parametrize("loaded_before", [True, False])
def test_other_processes_judge_the_same(
    judge: EncoderJudge, sentences: list[SentenceInput], start: str, loaded_before: bool
) -> None:
    if start not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {start} on this system")
    if start == "spawn" and loaded_before:
        pytest.skip("a loaded model cannot be sent to a new process")
    expected = loaded_of(judge, sentences)
    context = multiprocessing.get_context(start)
    queue = context.Queue()
    given = judge if loaded_before else None
    process = context.Process(target=in_child, args=(given, sentences, queue))
    process.start()
    try:
        assert queue.get(timeout=120) == pytest.approx(expected, abs=1e-3)
        process.join(120)
        assert process.exitcode == 0
    finally:
        process.kill()


def test_batches_hold_each_window_once_and_fit_the_cache() -> None:
    lengths = [5, 30, 31, 32, *[12] * 100, 190]
    windows = [
        Window((1,) * n, (0,) * n, ((0, 0),) * n, mentions=(), spans=(), whole=True)
        for n in lengths
    ]
    cut = batches(windows)
    assert sorted(i for places, _ in cut for i in places) == list(range(len(lengths)))
    sizes = [len(places) * length for places, length in cut]
    assert max(sizes) <= MAX_TOKENS_IN_BATCH
    assert sizes == sorted(sizes, reverse=True)
    for places, length in cut:
        assert all(length - 8 < lengths[i] <= length for i in places)


class Cards:
    """A runtime with more devices than the one under test need have."""

    def __init__(self, *devices: str) -> None:
        self.available_devices = list(devices)

    def get_property(self, device: str, _name: str) -> str:
        return f"maker's {device}"


@pytest.mark.parametrize(
    ("asked", "there", "found"),
    [
        ("cpu", (), "CPU"),
        ("cuda", ("CPU", "NVIDIA"), "NVIDIA"),
        ("cuda", ("CPU", "NVIDIA.0", "NVIDIA.1"), "NVIDIA.0"),
        ("gpu", ("CPU", "GPU"), "GPU"),
        ("auto", ("CPU", "GPU.0", "NVIDIA"), "NVIDIA"),
        ("auto", ("CPU", "GPU.0"), "GPU.0"),
        ("auto", ("CPU",), "CPU"),
    ],
)
def test_devices_are_found_by_name(asked: str, there: tuple[str, ...], found: str) -> None:
    assert find_device(Cards(*there), asked) == found


@pytest.mark.parametrize("asked", ["cuda", "gpu"])
def test_a_device_that_is_not_there_is_refused(asked: str) -> None:
    with pytest.raises(UsageError, match=rf"device {asked}: .*found only CPU \(maker's CPU\)"):
        find_device(Cards("CPU"), asked)


def test_an_unknown_device_is_refused_before_anything_is_loaded() -> None:
    with pytest.raises(UsageError, match="expected cpu, cuda, gpu or auto, found 'tpu'"):
        Scorer(device="tpu")


def test_the_device_has_a_name(scorer: Scorer) -> None:
    assert scorer.device
    assert Scorer(device="auto").device
