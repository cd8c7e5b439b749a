"""The Hub is asked only when there is no path, and says what to do where it fails."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from connote.data.errors import UsageError
from connote.data.hub import hub_rows, not_on_hub

Load = Callable[..., Any]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[[Load], None]:
    """Puts a function in the place of the one that asks the Hub."""

    def put(load: Load) -> None:
        module = ModuleType("datasets")
        module.load_dataset = load  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "datasets", module)

    return put


def test_rows_come_from_the_named_data_set(install: Callable[[Load], None]) -> None:
    asked: list[tuple[Any, ...]] = []

    def load(name: str, *, revision: str | None, split: str) -> list[dict[str, Any]]:
        asked.append((name, revision, split))
        return [{"text": "A"}]

    install(load)
    assert list(hub_rows("BABE", "babe", "group/BABE", "test", "v2")) == [{"text": "A"}]
    assert asked == [("group/BABE", "v2", "test")]


@pytest.mark.parametrize(
    "failure", [ConnectionError("offline"), ValueError('Unknown split "dev"'), FileNotFoundError()]
)
def test_a_failure_says_how_to_name_a_folder(
    install: Callable[[Load], None], failure: Exception
) -> None:
    def load(*_: Any, **__: Any) -> None:
        raise failure

    install(load)
    with pytest.raises(UsageError, match=r"BABE, split 'dev', cannot be had.*--data babe=FOLDER"):
        hub_rows("BABE", "babe", "group/BABE", "dev")


def test_without_a_split_the_hub_is_not_asked(install: Callable[[Load], None]) -> None:
    install(lambda *_, **__: pytest.fail("asked"))
    with pytest.raises(UsageError, match="BABE: expected a split"):
        hub_rows("BABE", "babe", "group/BABE", None)


def test_a_corpus_that_is_not_there_says_where_it_is() -> None:
    message = str(not_on_hub("GWSD", "gwsd", "https://example.org/gwsd"))
    assert "expected a path, found none" in message
    assert "https://example.org/gwsd" in message
    assert "--data gwsd=PATH" in message
