"""Files at URLs, found and read through Daft: object stores, web servers, the Hugging Face hub."""

from __future__ import annotations

import io
import os
from types import ModuleType
from typing import Any

QUIET = {
    "DAFT_ANALYTICS_ENABLED": "0",
    "DAFT_PROGRESS_BAR": "0",
    "DO_NOT_TRACK": "1",
    "SCARF_NO_ANALYTICS": "1",
}
"""Environment in which Daft reports nobody's use of it and leaves the terminal alone."""


def import_daft() -> ModuleType:
    """Daft, in the environment of `QUIET` unless it says otherwise.

    Returns:
        The module; importing it takes a quarter of a second.
    """
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    import daft

    return daft


def files_at(url: str) -> list[tuple[str, int]]:
    """The files that a URL or a pattern of URLs names, with their sizes in bytes.

    Raises:
        OSError: If there is none or the store cannot be asked.
    """
    daft = import_daft()
    try:
        if url.startswith(("http://", "https://")):
            return [(url, daft.File(url).size())]
        found = daft.from_glob_path(f"{url}**" if url.endswith("/") else url).to_pydict()
    except daft.exceptions.DaftCoreException as error:
        if "Need at least 1 MicroPartition" in str(error):
            raise FileNotFoundError("no file there") from error
        raise OSError(str(error)) from error
    return list(zip(found["path"], (size or 0 for size in found["size"]), strict=True))


class UrlFile(io.RawIOBase):
    """A file at a URL as the standard library and Arrow read one: ranges on demand, seekable.

    It is asked for in ranges of 16 MiB; a web server that has none sends it whole, into memory.

    Args:
        url: Where it lies.

    Raises:
        OSError: If it cannot be opened; every read raises it too where the store fails.
    """

    def __init__(self, url: str) -> None:
        daft = import_daft()
        self._errors = daft.exceptions.DaftCoreException
        try:
            self._inner = daft.File(url).open().__enter__()
        except self._errors as error:
            raise OSError(str(error)) from error

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """The position in bytes."""
        return int(self._inner.tell())

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a position and return it."""
        return int(self._inner.seek(offset, whence))

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as one request does."""
        try:
            data = self._inner.read(len(buffer))
        except self._errors as error:
            raise OSError(str(error)) from error
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close it; a second time does nothing."""
        if not self.closed:
            self._inner.close()
        super().close()
