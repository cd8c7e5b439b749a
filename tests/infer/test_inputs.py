"""Finding sources: files, folders, patterns, URLs."""

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reading_helpers import PACKERS, read, told, written

from connote.infer.inputs import InputError, Source, find_sources, form_of


class Ranges(http.server.SimpleHTTPRequestHandler):
    """Serves ranges too, as object stores do."""

    def log_message(self, *arguments: object) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("Accept-Ranges", "bytes")
        super().end_headers()

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        path = Path(self.translate_path(self.path))
        if asked is None or not path.is_file():
            super().do_GET()
            return
        raw = path.read_bytes()
        first, _, last = asked.removeprefix("bytes=").partition("-")
        part = raw[int(first) : int(last) + 1 if last else None]
        self.send_response(206)
        self.send_header("Content-Length", str(len(part)))
        self.send_header("Content-Range", f"bytes {first}-{int(first) + len(part) - 1}/{len(raw)}")
        self.end_headers()
        self.wfile.write(part)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address under which `tmp_path` is served."""
    handler = partial(Ranges, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A folder as archives are: formats mixed, some files not meant to be read."""
    names = [
        "b.jsonl",
        "a.csv.gz",
        "2024/01/c.txt",
        "2024/01/page.HTM",
        "2024/_SUCCESS",
        "2024/_part.jsonl",
        "2024/notes.docx",
        ".hidden/d.txt",
        "_temporary/e.txt",
        "2024/.f.txt",
        "x.warc.gz",
    ]
    for name in names:
        path = tmp_path / "archive" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path / "archive"


READ = ["2024/01/c.txt", "2024/01/page.HTM", "a.csv.gz", "b.jsonl", "x.warc.gz"]


def names(sources: list[Source], folder: Path) -> list[str]:
    return [os.path.relpath(source.path, folder) for source in sources]


@pytest.mark.parametrize(
    ("name", "form", "compression"),
    [
        *((f"a.{form}", form, None) for form in ("txt", "csv", "tsv", "parquet", "html", "warc")),
        ("a.TXT", "txt", None),
        ("a.text", "txt", None),
        ("a.ndjson.zst", "jsonl", "zstd"),
        ("a.htm.gz", "html", "gzip"),
        ("a.b.csv.GZ", "csv", "gzip"),
        ("s3://bucket/a.jsonl.gz", "jsonl", "gzip"),
        ("https://example.org/a.csv?version=2", "csv", None),
    ],
)
def test_the_ending_names_format_and_compression(
    name: str, form: str, compression: str | None
) -> None:
    assert form_of(name) == (form, compression)


@pytest.mark.parametrize("name", ["a", "a.json", "a.docx", ".txt", "a.gz", "a.json.gz"])
def test_an_unknown_ending_is_refused_unless_the_format_is_named(tmp_path: Path, name: str) -> None:
    path = str(written(tmp_path / name, "x"))
    with pytest.raises(InputError, match=r"expected one of \.txt, \.jsonl.*--format"):
        find_sources([path])
    (source,) = find_sources([path], "jsonl")
    assert (source.form, source.compression) == ("jsonl", "gzip" if name[-2:] == "gz" else None)


def test_a_source_knows_its_size_and_age(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "four")
    assert find_sources([str(path)]) == [Source(str(path), "txt", None, 4, path.stat().st_mtime_ns)]


def test_a_folder_is_read_with_all_below_it(archive: Path) -> None:
    assert names(find_sources([str(archive)]), archive) == READ


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.jsonl", ["b.jsonl"]),
        ("**/*.txt", ["2024/01/c.txt"]),
        ("2024/*", ["2024/01/c.txt", "2024/01/page.HTM"]),
        ("2024/**", ["2024/01/c.txt", "2024/01/page.HTM"]),
        ("**", READ),
        ("**/01/**/*.txt", ["2024/01/c.txt"]),
        ("*/01/c.txt", ["2024/01/c.txt"]),
        ("2024/_part*.jsonl", ["2024/_part.jsonl"]),
        ("**/.f*.txt", ["2024/.f.txt"]),
        ("*/_part.jsonl", ["2024/_part.jsonl"]),
        ("_temp*/*", ["_temporary/e.txt"]),
        (".hid*", [".hidden/d.txt"]),
        ("[ab].*", ["a.csv.gz", "b.jsonl"]),
    ],
)
def test_patterns(archive: Path, pattern: str, expected: list[str]) -> None:
    assert names(find_sources([f"{archive}/{pattern}"]), archive) == expected


def test_a_file_whose_name_looks_like_a_pattern_is_itself(tmp_path: Path) -> None:
    path = written(tmp_path / "a[1].txt", "x")
    written(tmp_path / "a1.txt", "y")
    assert [source.path for source in find_sources([str(path)])] == [str(path)]


def test_a_file_that_is_named_twice_is_read_once(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(archive)
    (archive / "link.jsonl").symlink_to("b.jsonl")
    found = find_sources(["link.jsonl", "./b.jsonl", str(archive / "b.jsonl"), "*.jsonl", "-", "-"])
    assert [source.form for source in found] == ["txt", "jsonl"]


def test_a_link_that_leads_into_its_own_folder_ends(archive: Path) -> None:
    (archive / "2024" / "again").symlink_to(archive)
    assert names(find_sources([str(archive)]), archive) == READ


@pytest.mark.parametrize("pattern", ["**/*.txt", "**/*", "**", "2024/**/c.*", "**/**/*.txt"])
def test_links_to_where_they_stand_do_not_keep_a_pattern(archive: Path, pattern: str) -> None:
    for name in ("l1", "l2", "2024/l3"):
        (archive / name).symlink_to(".")
    found = names(find_sources([f"{archive}/{pattern}"]), archive)
    assert "2024/01/c.txt" in found
    assert set(found) <= set(READ)
    assert names(find_sources([f"{archive}/l*/b.*"]), archive) == ["l1/b.jsonl"]


@pytest.mark.parametrize("pattern", ["", "/**/*.txt", "/" + "/".join(["x*"] * 30)])
def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path, pattern: str) -> None:
    written(tmp_path / "a.txt", "x")
    # Deeper than a path may be long, which root may not read either.
    deeper = "[(os.mkdir('x' * 200), os.chdir('x' * 200)) for _ in range(25)]"
    code = f"import os, sys; os.chdir(sys.argv[1]); {deeper}"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
    with pytest.raises(InputError, match=r"xxx: cannot be read: File name too long; make it"):
        find_sources([f"{tmp_path}{pattern}"])


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    os.mkfifo(path)
    with pytest.raises(InputError, match="expected a regular file, found a pipe"):
        find_sources([str(path)])
    written(tmp_path / "b.jsonl", "x")
    assert names(find_sources([str(tmp_path)]), tmp_path) == ["b.jsonl"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.txt", r"none\.txt: no such file or folder"),
        ("*.warc", r"\*\.warc: no file to read matches this pattern"),
        ("2024/notes*", r"no file to read matches this pattern.*found 1 of other endings"),
        ("_temporary/.none", "no such file"),
        ("empty", r"empty: no file to read in this folder; expected \.txt"),
        ("b.jsonl\x00", "no such file"),
    ],
)
def test_nothing_to_read_is_refused(archive: Path, name: str, message: str) -> None:
    (archive / "empty").mkdir()
    with pytest.raises(InputError, match=message):
        find_sources([f"{archive}/{name}"])


def test_a_link_to_nothing_is_refused_by_name_and_passed_over_in_a_folder(archive: Path) -> None:
    (archive / "gone.txt").symlink_to("nothing")
    assert names(find_sources([str(archive)]), archive) == READ
    with pytest.raises(InputError, match="no such file"):
        find_sources([f"{archive}/gone.txt"])


def test_an_unknown_format_and_a_compressed_parquet_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--format: expected one of txt, .*found 'xml'"):
        find_sources(["-"], "xml")
    with pytest.raises(InputError, match="-: Parquet is read from its end"):
        find_sources(["-"], "parquet")
    with pytest.raises(InputError, match="a compressed Parquet file cannot be read"):
        find_sources([str(written(tmp_path / "a.parquet.gz", "x"))])


def test_a_name_that_is_no_utf8_is_read_and_shown(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    Path(os.fsdecode(raw)).write_text("x")
    (item,) = read(tmp_path / os.fsdecode(b"caf\xe9.txt"))
    assert item.source == f"{tmp_path}/caf\\xe9.txt"


def test_local_files_need_no_daft(archive: Path) -> None:
    code = (
        "import sys; from connote.infer.inputs import find_sources; "
        "from connote.infer.reading import *; from connote.infer.rows import *; "
        "s = find_sources(sys.argv[1:]); list(PieceReader(ReadOptions()).read(Piece(s[0]))); "
        "print(len(s), 'daft' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(archive)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["5", "False"]


ROWS = [{"id": f"{i}", "text": f"Text {i} " * 50} for i in range(2_000)]


@pytest.mark.parametrize("packing", PACKERS)
def test_files_of_a_web_server_are_read(tmp_path: Path, server: str, packing: str) -> None:
    raw = "\n".join(map(json.dumps, ROWS)).encode()
    path = written(tmp_path / f"a.jsonl{packing}", PACKERS[packing](raw))
    url = f"{server}/a.jsonl{packing}"
    (source,) = find_sources([url])
    assert (source.path, source.size, source.modified) == (url, path.stat().st_size, None)
    assert [text for _, text in told(read(url))] == [row["text"] for row in ROWS]


def test_parquet_of_a_web_server_is_read(tmp_path: Path, server: str) -> None:
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "a.parquet", row_group_size=300)
    found = list(told(read(f"{server}/a.parquet")))
    assert found == [(i + 1, row["text"]) for i, row in enumerate(ROWS)]


def test_urls_may_be_patterns_and_folders(archive: Path) -> None:
    for url, expected in (
        (f"file://{archive}/2024/**/*.txt", ["c.txt"]),
        (f"file://{archive}/2024/", ["c.txt", "page.HTM"]),
    ):
        found = find_sources([url])
        assert [source.path.rsplit("/", 1)[1] for source in found] == expected
        assert all(source.path.startswith("file://") for source in found)
    assert list(told(read(f"file://{archive}/2024/01/c.txt"))) == [(1, "x")]
    (hidden,) = find_sources([f"file://{archive}/2024/_p*.jsonl"])
    assert hidden.path.endswith("/2024/_part.jsonl")


@pytest.mark.parametrize("name", ["none.txt", "a.docx"])
def test_a_url_without_a_file_is_refused(server: str, name: str) -> None:
    with pytest.raises(InputError, match=name):
        find_sources([f"{server}/{name}"])
    with pytest.raises(InputError, match=name):
        find_sources([f"file:///nowhere/{name}"])


def test_a_file_that_leaves_the_server_fails_alone(tmp_path: Path, server: str) -> None:
    path = written(tmp_path / "a.jsonl", '{"text": "x"}')
    (source,) = find_sources([f"{server}/a.jsonl"])
    path.unlink()
    from connote.infer.reading import Failure, Piece, PieceReader
    from connote.infer.rows import ReadOptions

    (failure,) = PieceReader(ReadOptions()).read(Piece(source))
    assert isinstance(failure, Failure)
    assert "cannot be opened" in failure.reason
