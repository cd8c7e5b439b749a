"""The main text of web pages, found by trafilatura in a process of its own.

A page is hostile input: libxml2 and the heuristics behind it can take minutes, all memory, or
fall. So a child process does it, with bounds on time and memory, and is started again when a page
has cost it its life.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import IO, Any

from ..data.extras import require
from .documents import DocumentError

MAX_PAGE = 10 * 2**20
"""Most bytes of a page."""
_SECONDS = 30.0
_GRACE = 5
"""Seconds after which the child ends by itself, should its parent no longer do it."""
_MAX_MEMORY = 2 * 2**30
_CACHED = 500
"""Pages after which trafilatura's caches are emptied."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says.

    Attributes:
        paragraphs: Its main text.
        title: Of the page.
        date: When it was published, as YYYY-MM-DD.
        url: Its own address, as the page names it.
    """

    paragraphs: list[str]
    title: str | None
    date: str | None
    url: str | None


class PageExtractor:
    """Extracts pages one after another.

    Args:
        seconds: Time that a page may take.

    Raises:
        MissingExtraError: If trafilatura is not installed.
    """

    def __init__(self, seconds: float = _SECONDS) -> None:
        require("trafilatura", "html")
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None

    def extract(self, raw: bytes, url: str | None = None, charset: str | None = None) -> Page:
        """The main text of a page.

        Args:
            raw: The page.
            url: Its address, where known.
            charset: Its encoding, as the server told it; else the page tells, or it is guessed.

        Raises:
            DocumentError: If there is no main text, or the page is beyond the bounds.
        """
        if len(raw) > MAX_PAGE:
            limit, length = MAX_PAGE / 2**20, len(raw) / 2**20
            raise DocumentError(
                f"expected a page of at most {limit:.0f} MiB, found {length:.1f} MiB"
            )
        question = {"size": len(raw), "url": url, "charset": charset}
        question["seconds"] = math.ceil(self._seconds) + _GRACE
        answer = self._ask(question, raw)
        if not answer["paragraphs"]:
            raise DocumentError("no main text found; is it a page with an article?")
        return Page(**answer)

    def _ask(self, question: dict[str, Any], raw: bytes) -> dict[str, Any]:
        child = self._running()
        late = threading.Event()
        timer = threading.Timer(self._seconds, _end, (child, late))
        timer.start()
        try:
            line = _exchange(child, json.dumps(question).encode() + b"\n" + raw)
        finally:
            timer.cancel()
            timer.join()
        # It may have come to its end just behind the answer, which is good all the same.
        if not line or late.is_set():
            self.close()
        if line:
            answer: dict[str, Any] = json.loads(line)
            return answer
        status = child.returncode
        if late.is_set():
            raise DocumentError(f"a page that takes more than {self._seconds:.0f} s to read")
        raise DocumentError(f"a page that the extraction broke down on (exit status {status})")

    def _running(self) -> subprocess.Popen[bytes]:
        """The process, started if there is none that lives."""
        if self._child is not None and self._child.poll() is not None:
            self.close()
        if self._child is None:
            # Without -P the folder of the call could bring modules of its own.
            self._child = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self._child

    def close(self) -> None:
        """End the process."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()


def _end(child: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    child.kill()


def _exchange(child: subprocess.Popen[bytes], question: bytes) -> bytes:
    """The answer of the child; nothing if it has ended."""
    if child.stdin is None or child.stdout is None:
        raise ValueError("expected a child with pipes")
    try:
        child.stdin.write(question)
        child.stdin.flush()
    except BrokenPipeError:
        return b""
    line = child.stdout.readline()
    return line if line.endswith(b"\n") else b""


def _serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Answer questions until there are none left."""
    import signal

    from trafilatura.meta import reset_caches

    # Whoever asked may be gone, and nobody else would end a page that takes for ever.
    alarm = getattr(signal, "alarm", _no_alarm)
    count = 0
    while header := questions.readline():
        question = json.loads(header)
        raw = questions.read(question["size"])
        if len(raw) < question["size"]:
            return  # The parent has ended in the midst of it.
        alarm(question["seconds"])
        answer = _extract(raw, question["url"], question["charset"])
        alarm(0)
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()
        count += 1
        if count % _CACHED == 0:
            reset_caches()


def _no_alarm(seconds: int) -> None:
    """Windows has none."""


def _extract(raw: bytes, url: str | None, charset: str | None) -> dict[str, Any]:
    from trafilatura import bare_extraction

    from .page_encoding import decode_page

    found: Any = bare_extraction(
        decode_page(raw, charset),
        url=url,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
    )
    text = (found.text or "") if found else ""
    paragraphs = [line.strip() for line in text.split("\n") if line.strip()]
    names = ("title", "date", "url")
    known = {name: getattr(found, name, None) or None for name in names}
    return {"paragraphs": paragraphs, **known}


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:
        return  # Windows knows no such bound; that on the size of pages holds there too.
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    bound = _MAX_MEMORY if hard == resource.RLIM_INFINITY else min(_MAX_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


def _main() -> None:
    import logging
    import signal

    # The parent ends by an interrupt in its own way and closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)
    _bound_memory()
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    _serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    _main()
