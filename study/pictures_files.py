"""Pictures as files: the same picture gives the same bytes, and says what it shows."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..data.checks import shorten
from ..infer.staging import replaced
from ..infer.writing import check_output
from .pictures_canvas import PictureError

ENDINGS = (".png", ".svg", ".pdf")
DOTS_PER_INCH = 300
_SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "connote",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "text.parse_math": False,
    "text.usetex": False,
}
_METADATA: dict[str, Any] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": "connote"},
    ".pdf": {"CreationDate": None, "Creator": "connote", "Producer": None},
}


def alternative_text(ax: Axes) -> str:
    """What is seen in the pictures of a figure, for those who do not see it."""
    said = [str(one.get_label()) for one in _figure(ax).axes]
    return " ".join(text for text in said if text and not text.startswith("<"))


def save_figure(ax: Axes, path: str | Path, *, overwrite: bool = False) -> None:
    """Write the figure of a picture to a file.

    Args:
        ax: What a function of `connote.study.pictures` gave.
        path: Ends in .png, .svg or .pdf.
        overwrite: Whether the file may exist.

    Raises:
        OutputError: If the ending is another, the file exists or cannot be written.
    """
    path = Path(path)
    check_output(path, overwrite=overwrite, endings=ENDINGS)
    content = figure_bytes(ax, path.suffix.lower())
    with replaced(path) as partial:
        partial.write_bytes(content)


def figure_bytes(ax: Axes, form: str = ".svg", *, transparent: bool = False) -> bytes:
    """The figure of a picture as the content of a file.

    Args:
        ax: What a function of `connote.study.pictures` gave.
        form: ``.png``, ``.svg`` or ``.pdf``.
        transparent: Whether what lies behind shows through.

    Raises:
        PictureError: If there is no such form.
    """
    if form not in ENDINGS:
        raise PictureError(f"expected {', '.join(ENDINGS)}, found {shorten(form)}")
    figure, said = _figure(ax), alternative_text(ax)
    title = ax.get_title(loc="left").replace("\n", " ") or ax.get_title()
    named = {"Title": title, "Subject" if form == ".pdf" else "Description": said}
    out = io.BytesIO()
    with matplotlib.rc_context(_SETTINGS):
        figure.savefig(
            out, format=form[1:], dpi=DOTS_PER_INCH, metadata={**_METADATA[form], **named},
            facecolor="none" if transparent else figure.get_facecolor(), bbox_inches="tight",
            pad_inches=0.05,
        )  # fmt: skip
    content = out.getvalue()
    return _described(content, title, said) if form == ".svg" else content


def _figure(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    if figure is None:
        raise PictureError("expected axes of a figure, found axes that were removed from theirs")
    return figure


def _described(content: bytes, title: str, said: str) -> bytes:
    """An SVG image that tells a screen reader what it is."""
    text = content.decode("utf-8")
    described = f"<desc>{escape(said)}</desc>"
    text = re.sub(
        r"<title>.*?</title>", lambda found: found[0] + described, text, count=1, flags=re.S
    )
    opening = f'<svg role="img" aria-label={quoteattr(said or title)} '
    return text.replace("<svg ", opening, 1).encode("utf-8")
