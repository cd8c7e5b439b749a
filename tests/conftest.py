"""What tests share: where things lie, real models, and reasons to skip."""

from __future__ import annotations

import os
import sys
from importlib.resources import files
from pathlib import Path

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")

# Helpers that several test files share lie beside this one.
sys.path.insert(0, str(Path(__file__).resolve().parent))

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared"


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout; tests of the wheel run where there is none."""
    if not (REPOSITORY / "Makefile").is_file():
        pytest.skip("needs the repository, which a wheel does not carry")
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """Samples of public corpora and the sentences to measure on."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, which is not part of the repository")
    return SHARED


@pytest.fixture(scope="session")
def corpus_folder() -> Path:
    """The project's corpus, a file for each split."""
    return Path(str(files("connote.data") / "corpus"))


@pytest.fixture(scope="session")
def demo_archive() -> Path:
    """The sample archive, in the checkout or beside the tests of the wheel."""
    for path in (
        REPOSITORY / "data" / "demo" / "archive.jsonl",
        REPOSITORY / "demo" / "archive.jsonl",
    ):
        if path.is_file():
            return path
    pytest.fail("the sample archive is missing")


@pytest.fixture(scope="session")
def scorer():  # type: ignore[no-untyped-def]
    """The shipped model with the shipped lexicon."""
    from connote import Scorer

    return Scorer()
