"""Pieces of files: together the whole, each record once, wherever the cuts are."""

import json
import random
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reading_helpers import PACKERS, need_html, page, response, told, written

from connote.infer.columns import count_rows
from connote.infer.inputs import Source, find_sources, source_of
from connote.infer.reading import Failure, Located, Piece, PieceReader
from connote.infer.rows import ReadOptions


def noise(chance: random.Random, length: int) -> str:
    """Text that compresses badly, so that a compressed file has many chunks."""
    return "".join(chr(chance.randrange(0x21, 0x2FA0)) for _ in range(length)).replace('"', "")


def jsonl(chance: random.Random) -> str:
    lines = [
        json.dumps({"id": i, "text": noise(chance, chance.randrange(2_000))}, ensure_ascii=False)
        for i in range(300)
    ]
    lines[7], lines[100], lines[250] = "", "{broken", '{"body": "x"}'
    return "\n".join(lines)


def table(chance: random.Random, delimiter: str) -> str:
    rows = [f"id{delimiter}text"]
    for i in range(300):
        text = noise(chance, chance.randrange(2_000)).replace(delimiter, " ")
        rows.append(f'{i}{delimiter}"{text}\r\nsecond{delimiter} ""line"""')
    rows[50], rows[60], rows[299] = "", f'x{delimiter}"open', f'y{delimiter}"open'
    return "\r\n".join(rows)


FILES: dict[str, Callable[[random.Random], str]] = {
    "jsonl": jsonl,
    "csv": lambda chance: table(chance, ","),
    "tsv": lambda chance: table(chance, "\t"),
    "txt": lambda chance: noise(chance, 200_000),
}


def cuts(chance: random.Random, size: int) -> list[tuple[int, int | None]]:
    """Pieces that cover a file, some of them empty."""
    places = sorted(chance.randrange(size + 2) for _ in range(chance.randrange(8)))
    ends: Sequence[int | None] = [*places, None]
    return list(zip([0, *places], ends, strict=True))


def shown(items: list[Located | Failure]) -> list[tuple[int, str, str]]:
    return [
        (item.position, item.reason, item.head)
        if isinstance(item, Failure)
        else (item.position, item.document.id, item.document.text)
        for item in items
    ]


def whole(source: Source) -> list[Located | Failure]:
    with closing(PieceReader(ReadOptions())) as reader:
        return list(reader.read(Piece(source)))


def check_cuts(source: Source, size: int, times: int = 8) -> None:
    """Pieces read by one reader, by one each, and in parts by two give what the whole gives."""
    expected = shown(whole(source))
    chance = random.Random(size)
    for _ in range(times):
        pieces = [Piece(source, *cut) for cut in cuts(chance, size)]
        with closing(PieceReader(ReadOptions())) as one:
            assert shown([item for piece in pieces for item in one.read(piece)]) == expected
        first, second = PieceReader(ReadOptions()), PieceReader(ReadOptions())
        with closing(first), closing(second):
            parts: dict[int, list[Located | Failure]] = {}
            for i in (*range(0, len(pieces), 2), *range(1, len(pieces), 2)):
                parts[i] = list((second if i % 4 else first).read(pieces[i]))
        assert shown([item for i in sorted(parts) for item in parts[i]]) == expected


@pytest.mark.parametrize("packing", PACKERS)
@pytest.mark.parametrize("form", FILES)
def test_pieces_make_the_whole(tmp_path: Path, form: str, packing: str) -> None:
    content = FILES[form](random.Random(1)).encode()
    path = written(tmp_path / f"a.{form}{packing}", PACKERS[packing](content))
    (source,) = find_sources([str(path)])
    assert len(whole(source)) > (0 if form == "txt" else 250)
    assert path.stat().st_size > 4 * 65_536
    check_cuts(source, path.stat().st_size)


def test_pieces_of_parquet_are_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    texts = [f"document {i}" for i in range(1_000)]
    texts[333] = "a\x00b"
    pq.write_table(pa.table({"text": texts}), path, row_group_size=170)
    source = source_of(str(path))
    assert count_rows(source) == 1_000
    check_cuts(source, 1_000)
    with closing(PieceReader(ReadOptions())) as reader:
        found = list(told(list(reader.read(Piece(source, 169, 172)))))
    assert found == [(170, "document 169"), (171, "document 170"), (172, "document 171")]


@pytest.mark.parametrize("packing", PACKERS)
def test_pieces_of_a_web_archive(tmp_path: Path, packing: str) -> None:
    need_html()
    chance = random.Random(3)
    pages = [
        response(page(f"Place {i}").encode() + b"<!--" + chance.randbytes(40_000).hex().encode())
        for i in range(12)
    ]
    pages[3] = response(b"x", status=b"404 Not Found")
    pages[5] = b"rubbish\r\nin between\r\n" + pages[5]
    packed = b"".join(map(PACKERS[packing], pages))
    (source,) = find_sources([str(written(tmp_path / f"a.warc{packing}", packed))])
    found = whole(source)
    assert [item.position for item in found] == [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13]
    assert isinstance(found[4], Failure)
    assert "expected WARC/1.0 or WARC/1.1" in found[4].reason
    check_cuts(source, len(packed), times=1)


def test_positions_are_lines_of_the_whole_file(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", '{"text": "a"}\n\n{"text": "b"}\n{"text": "c"}')
    source = source_of(str(path))
    with closing(PieceReader(ReadOptions())) as reader:
        assert list(told(list(reader.read(Piece(source, 16, None))))) == [(4, "c")]
        assert list(told(list(reader.read(Piece(source, 1, 16))))) == [(3, "b")]


def test_reading_on_does_not_open_the_file_again(tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"{i:06}"}) for i in range(50_000)]
    path = written(tmp_path / "a.jsonl", "\n".join(lines))
    source = source_of(str(path))
    with closing(PieceReader(ReadOptions())) as reader:
        assert len(list(reader.read(Piece(source, 0, 100)))) == 6
        path.unlink()
        assert len(list(reader.read(Piece(source, 400_000, 400_100)))) == 5
        (failure,) = reader.read(Piece(source, 0, 100))
    assert isinstance(failure, Failure)
    assert "cannot be opened" in failure.reason


def test_consumed_bytes_are_those_of_the_piece(tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"{i:0900}"}) for i in range(1_000)]
    path = written(tmp_path / "a.jsonl", "\n".join(lines))
    source = source_of(str(path))
    with closing(PieceReader(ReadOptions())) as reader:
        assert reader.consumed == 0
        seen = [reader.consumed for _ in reader.read(Piece(source, 300_000, 600_000))]
        assert seen == sorted(seen)
        assert 0 < seen[0] < seen[-1] <= 300_000
        assert reader.consumed == 300_000


def test_a_piece_may_be_left_half_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", "\n".join(f'{{"text": "{i}"}}' for i in range(10)))
    source = source_of(str(path))
    with closing(PieceReader(ReadOptions())) as reader:
        next(reader.read(Piece(source)))
        assert len(list(reader.read(Piece(source)))) == 10


def test_a_file_that_lacks_the_column_fails_once(tmp_path: Path) -> None:
    pq.write_table(pa.table({"body": ["x"] * 10}), tmp_path / "a.parquet")
    written(tmp_path / "a.csv", "body\n" + "x\n" * 10)
    for name in ("a.parquet", "a.csv"):
        source = source_of(str(tmp_path / name))
        with closing(PieceReader(ReadOptions())) as reader:
            found = [*reader.read(Piece(source, 0, 5)), *reader.read(Piece(source, 5, None))]
        assert list(told(found)) == [
            (1, "! no column 'text'; found body (name it with --text-column, --id-column or --by)")
        ]


def damaged(chance: random.Random, raw: bytes) -> bytes:
    """Bytes with some changed, some gone and some in between."""
    found = bytearray(raw)
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(found))
        found[at : at + chance.randrange(100)] = chance.choice([b"", b'"', b"\n", b"\xff" * 50])
    return bytes(found)


@pytest.mark.parametrize("packing", PACKERS)
@pytest.mark.parametrize("form", FILES)
def test_pieces_of_damaged_files_make_the_whole(tmp_path: Path, form: str, packing: str) -> None:
    for seed in range(4):
        chance = random.Random(seed)
        raw = FILES[form](chance)[:100_000].encode()
        packed = PACKERS[packing](damaged(chance, raw) if seed % 2 else raw)
        path = tmp_path / f"a{seed}.{form}{packing}"
        source = source_of(str(written(path, packed if seed % 2 else damaged(chance, packed))))
        positions = [item.position for item in whole(source)]
        assert positions == sorted(positions)
        assert positions
        check_cuts(source, source.size, times=2)
