"""Reading of YAML from outside: plain values, no key twice, bounded depth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from .checks import shorten
from .errors import ConnoteError

MAX_DEPTH = 10
_SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Builds plain values only; libyaml's where PyYAML was built with it, ten times as fast."""


def read_yaml(path: Path) -> Any:
    """The plain values of a YAML file.

    Raises:
        ValueError: If it is not UTF-8, not YAML, nested too deeply, holds a key twice or a
            value that Python cannot hold.
        OSError: If the file cannot be read.
    """
    try:
        return _load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, RecursionError, OverflowError) as error:
        raise ValueError(str(error)) from error


def read_mapping(
    path: Path, most_bytes: int, error: type[ConnoteError], of: str, whole: str = "file"
) -> dict[Any, Any]:
    """What a user's YAML file maps.

    Args:
        path: The file.
        most_bytes: Its largest size.
        error: What to raise if it is not valid.
        of: What it should hold, for the message.
        whole: What it is, for the message.

    Raises:
        ConnoteError: Of the type `error`, if it is too large, not plain YAML, or no mapping.
        OSError: If it cannot be read.
    """
    if path.stat().st_size > most_bytes:
        raise error(f"{path}: found over {most_bytes >> 20} MiB; split the {whole}")
    try:
        content = read_yaml(path)
    except ValueError as problem:
        raise error(f"{path}: expected YAML in UTF-8, found: {problem}") from problem
    if not isinstance(content, dict) or not content:
        raise error(f"{path}: expected {of}, found {shorten(content)}")
    return content


def _load(text: str) -> Any:
    """A key that stands twice would lose the first value silently: it is an error."""
    _bound_depth(text)
    loader = _SAFE_LOADER(text)
    try:
        root = loader.get_single_node()
        _no_key_twice(root, depth=2)
        return None if root is None else loader.construct_document(root)
    finally:
        loader.dispose()


def _bound_depth(text: str) -> None:
    """Refuse a text nested so deeply that libyaml would exhaust the stack on it."""
    depth = 0
    for event in yaml.parse(text, Loader=_SAFE_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise yaml.YAMLError(f"nested more than {MAX_DEPTH} deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _no_key_twice(node: Any, depth: int) -> None:
    if depth == 0 or not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        if str(key.value) in seen:
            raise yaml.YAMLError(f"key {shorten(key.value)} a second time{key.start_mark}")
        seen.add(str(key.value))
        _no_key_twice(value, depth - 1)
