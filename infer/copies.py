"""Syndicated copy: texts and paragraphs that repeat across the documents of a run.

A text is the set of its runs of five words; two texts are copies where enough of these are
shared (Jaccard index), estimated from MinHash signatures (Broder 1997; computed by rensa) that
are compared where one band of them is equal (locality-sensitive hashing, Leskovec, Rajaraman
and Ullman 2014, ch. 3). A cluster bears the id of the document in which its text came first, so
one pass is enough; documents farther back than a window are forgotten, which bounds memory.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

import numpy as np
from rensa import RMinHash

WINDOW = 10_000
"""Documents that are remembered."""
MOST_TEXTS = 60_000
"""Texts and paragraphs that are remembered: under 100 MB."""
SHINGLE = 5
"""Words of a run."""
PERMUTATIONS, BANDS = 32, 8
SIGNATURE_BYTES = 4 * PERMUTATIONS
LEAST_SHARED = 0.6
"""Jaccard index from which two texts are copies: edited copy keeps about that much."""
LEAST_WORDS = 12
"""Words below which a paragraph repeats by chance."""
_MOST_WORDS = 20_000
_SEED = 42
_WORD = re.compile(r"[^\W_]+")
_AGENCIES = {
    "ap": "Associated Press",
    "associated press": "Associated Press",
    "reuters": "Reuters",
    "thomson reuters": "Reuters",
    "afp": "Agence France-Presse",
    "agence france-presse": "Agence France-Presse",
    "dpa": "dpa",
    "upi": "UPI",
    "pa": "PA",
    "pa media": "PA",
    "press association": "PA",
    "efe": "EFE",
    "ansa": "ANSA",
    "tass": "TASS",
    "itar-tass": "TASS",
    "ria novosti": "RIA Novosti",
    "interfax": "Interfax",
    "xinhua": "Xinhua",
    "sana": "SANA",
    "irna": "IRNA",
    "anadolu agency": "Anadolu Agency",
    "anadolu": "Anadolu Agency",
    "aa": "Anadolu Agency",
    "kyodo": "Kyodo",
    "yonhap": "Yonhap",
    "pti": "PTI",
    "ians": "IANS",
    "ani": "ANI",
    "bloomberg": "Bloomberg",
    "canadian press": "Canadian Press",
    "aap": "AAP",
    "sputnik": "Sputnik",
}
_FULL = "|".join(re.escape(n) for n in sorted(_AGENCIES, key=len, reverse=True) if len(n) > 6)
_SHORT = (
    "|".join(re.escape(n.upper()) for n in _AGENCIES if len(n) <= 6)
    + "|Tass|dpa|Ansa|Kyodo|Xinhua|Yonhap"
)
_NAMES = rf"(?i:{_FULL})|{_SHORT}"
"""Short names only as they are written: *AFP*; *Sana* is a town and *Ani* a girl."""
_DATELINE = re.compile(
    rf"^[^\n]{{0,60}}?[(/]\s*(?:The )?({_NAMES})\s*(?:[)/]\s*(?:[—–-]|:|$)|/\.)"
    rf"|^({_NAMES})\s*[—–-]{{1,2}}\s"
)
_CREDIT = re.compile(
    rf"(?:(?i:the) )?({_NAMES})(?: (?:writers?|reporters?|staff)[^.\n]{{0,60}})? contributed"
    rf"(?: to this (?:report|story|article))?"
    rf"|(?:^|[(\[•|])\s*(?:(?i:source|with|via|agency|agencies|copyright)|©)\s*:?\s*(?:\d{{4}}\s*)?"
    rf"(?:[Tt]he )?({_NAMES})\s*[.)\]]?(?:\s*(?i:all rights reserved)\.?)?\s*$"
    rf"|(?:[—–-]\s*(?:with )?|^\()({_NAMES})\s*[.)]?\s*$"
)


_Key = tuple[int, bytes]
"""A band of a signature, and the signature."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """What a document is compared by: MinHash signatures of `SIGNATURE_BYTES` each.

    Attributes:
        document: Of the whole text; none where it is too short to tell.
        paragraphs: Of each paragraph; none where it is too short to tell.
    """

    document: bytes | None
    paragraphs: tuple[bytes | None, ...]


def sign(paragraphs: Sequence[str]) -> Signatures:
    """The signatures of a document.

    Args:
        paragraphs: Its text.
    """
    words = [_WORD.findall(text.lower()) for text in paragraphs]
    whole = [word for of_paragraph in words for word in of_paragraph]
    return Signatures(_signature(whole), tuple(map(_signature, words)))


def _signature(words: Sequence[str]) -> bytes | None:
    if len(words) < LEAST_WORDS:
        return None
    shown = words[:_MOST_WORDS]
    signature = RMinHash(PERMUTATIONS, _SEED)
    last = max(1, len(shown) - SHINGLE + 1)
    signature.update([" ".join(shown[i : i + SHINGLE]) for i in range(last)])
    return np.asarray(signature.digest(), "<u4").tobytes()


def paragraph_name(id: str, number: int) -> str:
    """The cluster that a paragraph founds: its document and its number there."""
    return f"{id}#{number}"


@dataclass(frozen=True, slots=True)
class Copies:
    """What a document repeats.

    Attributes:
        document: Id of the first document of the run with this text; its own where it is.
        paragraphs: For each paragraph where it came first, ``id#number``; none where it is too
            short to tell.
    """

    document: str
    paragraphs: tuple[str | None, ...]


class CopyLog(Protocol):
    """Takes the documents of a run in their order."""

    def add(self, id: str, paragraphs: Sequence[str]) -> Copies:
        """Take a document and tell what it repeats, as far as that is known."""
        ...


class CopyFinder:
    """Remembers the documents of a run and tells which repeat.

    Args:
        window: Documents that are remembered.
    """

    def __init__(self, window: int = WINDOW) -> None:
        self._window = window
        self._documents = _Index()
        self._paragraphs = _Index()
        self._keys: OrderedDict[int, tuple[list[_Key], list[_Key]]] = OrderedDict()
        self._number = 0
        self._bands = 0

    def add(self, id: str, paragraphs: Sequence[str]) -> Copies:
        """Compare a document with those before it, and remember it.

        Args:
            id: Its identifier.
            paragraphs: Its text.
        """
        return self.place(id, sign(paragraphs))

    def place(self, id: str, signatures: Signatures) -> Copies:
        """As `add` does, for a document whose signatures are known.

        Args:
            id: Its identifier.
            signatures: Of its text.
        """
        document_keys: list[_Key] = []
        first = id
        if signatures.document is not None:
            first = self._documents.find_or_add(signatures.document, id, document_keys)
        paragraph_keys: list[_Key] = []
        found: list[str | None] = []
        for number, signature in enumerate(signatures.paragraphs):
            name = paragraph_name(id, number)
            found.append(
                None
                if signature is None
                else self._paragraphs.find_or_add(signature, name, paragraph_keys)
            )
        self._remember(document_keys, paragraph_keys)
        return Copies(first, tuple(found))

    def _remember(self, documents: list[_Key], paragraphs: list[_Key]) -> None:
        self._keys[self._number] = documents, paragraphs
        self._number += 1
        self._bands += len(documents) + len(paragraphs)
        while len(self._keys) > self._window or self._bands > MOST_TEXTS * BANDS:
            _, (old_documents, old_paragraphs) = self._keys.popitem(last=False)
            self._bands -= len(old_documents) + len(old_paragraphs)
            self._documents.forget(old_documents)
            self._paragraphs.forget(old_paragraphs)


class _Index:
    """Signatures by their bands."""

    def __init__(self) -> None:
        self._by_band: dict[int, tuple[str, bytes]] = {}

    def find_or_add(self, signature: bytes, name: str, keys: list[_Key]) -> str:
        """The cluster of a text: that of the first one like it, else a new one."""
        size = len(signature) // BANDS
        bands = [_band(b, signature[b * size : (b + 1) * size]) for b in range(BANDS)]
        for band in bands:
            known = self._by_band.get(band)
            if known is not None and _jaccard(signature, known[1]) >= LEAST_SHARED:
                name = known[0]
                break
        # The last one like it is remembered: a text that keeps coming is never forgotten.
        entry = name, signature
        for band in bands:
            self._by_band[band] = entry
            keys.append((band, signature))
        return name

    def forget(self, keys: Sequence[_Key]) -> None:
        for key, signature in keys:
            known = self._by_band.get(key)
            if known is not None and known[1] is signature:
                del self._by_band[key]


def _jaccard(a: bytes, b: bytes) -> float:
    return float(np.mean(np.frombuffer(a, "<u4") == np.frombuffer(b, "<u4")))


def _band(number: int, values: bytes) -> int:
    """A band of a signature as a number of 64 bits."""
    packed = number.to_bytes(1, "big") + values
    return int.from_bytes(blake2b(packed, digest_size=8).digest(), "big")


def agency_of(paragraphs: Sequence[str]) -> str | None:
    """The news agency that a text names as its source, in its dateline or its last lines."""
    for text in paragraphs[:2]:
        found = _DATELINE.search(text[:120])
        if found is not None:
            return _agency(found)
    for text in reversed(paragraphs[-2:]):
        found = _CREDIT.search(text[-160:])
        if found is not None:
            return _agency(found)
    return None


def _agency(found: re.Match[str]) -> str:
    name = next(group for group in found.groups() if group is not None)
    return _AGENCIES[name.lower()]
