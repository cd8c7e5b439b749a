"""Optional packages: named with their pip line when they are first needed."""

from __future__ import annotations

import importlib
from types import ModuleType


class MissingExtraError(ImportError):
    """An extra is not installed; the message says how to install it."""


def require(module: str, extra: str) -> ModuleType:
    """Import a module of an extra.

    Args:
        module: Name of the module.
        extra: The extra of connote that brings it.

    Raises:
        MissingExtraError: If it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"this needs the package {error.name!r}, found it not installed; "
            f"install it with: pip install 'connote[{extra}]'"
        ) from error
