"""What tests of studies share: a scored archive."""

from __future__ import annotations

from pathlib import Path

import pytest

for _needed in ("duckdb", "pandas", "scipy", "matplotlib", "jinja2"):
    pytest.importorskip(_needed, reason=f"needs {_needed}, of the extra study")


@pytest.fixture(scope="session")
def demo_scores(tmp_path_factory: pytest.TempPathFactory, demo_archive: Path) -> Path:
    """The sample archive, scored into a folder."""
    from connote import ReadOptions, Settings, score_archive

    out = tmp_path_factory.mktemp("studies") / "scores"
    score_archive(str(demo_archive), out, Settings(read=ReadOptions(text="paragraphs")))
    return out
