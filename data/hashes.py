"""Hashes of sentences: how one is named where its text may not lie."""

from __future__ import annotations

import hashlib
import re

_HASH = re.compile(r"[0-9a-f]{64}")


def is_sentence_hash(value: str) -> bool:
    """Whether a text is written as `sentence_hash` writes one."""
    return _HASH.fullmatch(value) is not None


def sentence_hash(text: str) -> str:
    """SHA-256 of a stripped sentence in UTF-8: how a list says *never train on this*."""
    return hashlib.sha256(text.strip().encode("utf-8")).hexdigest()
