"""Compressed files: whole whatever their members, bounded whatever they become."""

import gzip
import json
import random
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from reading_helpers import PACKERS, need_html, read, told, written

from connote.infer.columns import check_sources
from connote.infer.inputs import find_sources
from connote.infer.reading import Failure
from connote.infer.rows import MAX_TEXT, ReadOptions
from connote.infer.streams import MAX_RECORD

PACKED = {name: pack for name, pack in PACKERS.items() if name}


def lines(count: int, length: int = 500) -> list[bytes]:
    """Lines that compress badly."""
    chance = random.Random(5)
    return [
        json.dumps({"text": f"{i} {chance.randbytes(length).hex()}"}).encode() + b"\n"
        for i in range(count)
    ]


def texts(raw: list[bytes]) -> list[str]:
    return [json.loads(line)["text"] for line in raw]


@pytest.mark.parametrize("packing", PACKED)
def test_files_of_many_members_are_read_whole(tmp_path: Path, packing: str) -> None:
    pack, content = PACKED[packing], lines(1_000)
    whole = b"".join(content)
    members = [pack(whole[at : at + 77_777]) for at in range(0, len(whole), 77_777)]
    path = written(tmp_path / f"a.jsonl{packing}", pack(b"").join([b"", *members]))
    assert [text for _, text in told(read(path))] == texts(content)


def test_zeros_behind_a_gzip_member_are_passed_over(tmp_path: Path) -> None:
    raw = gzip.compress(b'{"text": "a"}\n') + bytes(100_000) + gzip.compress(b'{"text": "b"}')
    path = written(tmp_path / "a.jsonl.gz", raw + bytes(512))
    assert list(told(read(path))) == [(1, "a"), (2, "b")]


@pytest.mark.parametrize("packing", PACKED)
def test_empty_files_hold_nothing(tmp_path: Path, packing: str) -> None:
    assert read(written(tmp_path / f"a.jsonl{packing}", PACKED[packing](b""))) == []
    assert read(written(tmp_path / f"b.jsonl{packing}", b"")) == []


@pytest.mark.parametrize("packing", PACKED)
def test_a_file_that_ends_early_gives_what_it_has(tmp_path: Path, packing: str) -> None:
    content = lines(1_000)
    packed = PACKED[packing](b"".join(content))
    path = written(tmp_path / f"a.jsonl{packing}", packed[: len(packed) // 2])
    *documents, failure = read(path)
    assert isinstance(failure, Failure)
    assert failure.position == len(documents) + 1
    assert failure.reason.startswith("the rest cannot be read: ")
    assert [text for _, text in told(documents)] == texts(content)[: len(documents)]
    if packing == ".gz":
        # All that was inflated whole is there.
        inflated = zlib.decompressobj(31).decompress(packed[: len(packed) // 2])
        assert len(documents) == inflated.count(b"\n")
        assert "ends early" in failure.reason
    assert len(documents) > 300


@pytest.mark.parametrize("packing", PACKED)
def test_damage_costs_what_is_behind_it(tmp_path: Path, packing: str) -> None:
    content = lines(1_000)
    packed = bytearray(PACKED[packing](b"".join(content)))
    middle = len(packed) // 2
    # Zstandard's writer here adds no checksum: what is seen is a block header that is none.
    packed[middle : middle + 140_000] = b"\xff" * 140_000
    *documents, failure = read(written(tmp_path / f"a.jsonl{packing}", bytes(packed)))
    assert isinstance(failure, Failure)
    assert failure.reason.startswith("the rest cannot be read: ")
    assert [text for _, text in told(documents)][:300] == texts(content)[:300]


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("form", ["txt", "html", "csv", "jsonl", "warc"])
def test_what_is_not_compressed_at_all_is_one_failure(
    tmp_path: Path, form: str, packing: str
) -> None:
    if form in ("html", "warc"):
        need_html()
    path = written(tmp_path / f"a.{form}{packing}", "text,id\nx,1\n")
    check_sources(find_sources([str(path)]), ReadOptions())
    (failure,) = read(path)
    assert isinstance(failure, Failure)
    assert (failure.position, failure.source) == (1, str(path))
    assert "damaged" in failure.reason or "the rest cannot be read" in failure.reason


@pytest.mark.parametrize("packing", ["", *PACKED])
def test_a_record_above_the_bound_fails_alone(tmp_path: Path, packing: str) -> None:
    long = b'{"text": "' + b"x" * MAX_RECORD + b'"}'
    raw = b'{"text": "a"}\n' + long + b'\n{"text": "b"}\n'
    path = written(tmp_path / f"a.jsonl{packing}", PACKERS[packing](raw))
    first, failure, last = read(path)
    assert isinstance(failure, Failure)
    assert failure.reason == "expected at most 32 MiB, found a record of 32.0 MiB; split it"
    assert failure.head == '{"text": "' + "x" * 190
    assert list(told([first, last])) == [(1, "a"), (3, "b")]


def test_a_text_above_the_bound_says_how_long_it_is(tmp_path: Path) -> None:
    rows = [{"text": "x" * MAX_TEXT}, {"text": ["é" * MAX_TEXT, "y"]}]
    fits, failure = read(written(tmp_path / "a.jsonl", "\n".join(map(json.dumps, rows))))
    assert not isinstance(fits, Failure)
    assert isinstance(failure, Failure)
    assert failure.reason == (
        "expected at most 5,000,000 characters, found 5,000,001; split the document"
    )
    (failure,) = read(written(tmp_path / "a.txt", "x" * (MAX_RECORD + 1)))
    assert isinstance(failure, Failure)
    assert failure.reason == "expected at most 32 MiB, found more; split the file"


def bomb(packing: str) -> bytes:
    """Two GiB of zeros."""
    return PACKED[packing](bytes(2**26)) * 32


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("form", ["txt", "html", "jsonl", "csv", "warc"])
def test_a_bomb_is_left_in_bounded_memory(tmp_path: Path, form: str, packing: str) -> None:
    path = written(tmp_path / f"a.{form}{packing}", bomb(packing))
    code = (
        "import resource, sys; sys.path.insert(0, sys.argv[2]); from reading_helpers import read; "
        "import pyarrow; before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; "
        "found = read(sys.argv[1]); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before); "
        "print(len(found), found[-1].reason)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), str(Path(__file__).parent.parent)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    grown, outcome = done.stdout.splitlines()
    assert int(grown) * 1024 < 150 * 2**20
    if form in ("txt", "html"):
        assert outcome == "1 expected at most 32 MiB, found more; split the file"
    else:
        assert int(outcome.split()[0]) <= 2
        assert "is it a decompression bomb?" in outcome


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    line = json.dumps({"text": "The rebels answered. " * 20}).encode() + b"\n"
    small, large = line * 1_000, line * 200_000
    written(tmp_path / "small.jsonl.gz", gzip.compress(small, 1))
    written(tmp_path / "large.jsonl.gz", gzip.compress(large, 1))
    peaks = []
    for name in ("small", "large"):
        code = (
            "import resource, sys; from connote.infer.inputs import source_of; "
            "from connote.infer.reading import *; from connote.infer.rows import *; "
            "n = sum(1 for _ in PieceReader(ReadOptions()).read(Piece(source_of(sys.argv[1])))); "
            "print(n, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / f"{name}.jsonl.gz")],
            capture_output=True,
            text=True,
            check=True,
        )
        peaks.append([int(number) for number in done.stdout.split()])
    assert [peak[0] for peak in peaks] == [1_000, 200_000]
    assert peaks[1][1] - peaks[0][1] < 20 * 1024
