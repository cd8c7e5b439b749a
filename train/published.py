"""Published figures that connote is compared with, as their authors report them."""

from __future__ import annotations

from dataclasses import dataclass

_BABE = "5-fold cross-validation"
_SPINDE = "Spinde et al. 2021"
_MAGPIE = "Horych et al. 2024"
_HAMBORG = "Hamborg and Donnay 2021"


@dataclass(frozen=True, slots=True)
class Published:
    """A figure.

    Attributes:
        model: With its size, where it is told.
        figure: Macro-F1, or what `model` says, from 0 to 1.
        protocol: What it was measured on.
        source: Who reports it.
    """

    model: str
    figure: float
    protocol: str
    source: str


PUBLISHED: dict[str, tuple[Published, ...]] = {
    "babe": (
        Published("XGBoost", 0.569, _BABE, _SPINDE),
        Published("DistilBERT, 66 M", 0.777, _BABE, _SPINDE),
        Published("RoBERTa, 125 M", 0.799, _BABE, _SPINDE),
        Published("RoBERTa, distant supervision", 0.804, _BABE, _SPINDE),
        Published("DA-RoBERTa, 125 M", 0.814, _BABE, "Krieger et al. 2022"),
        Published("MAGPIE, 125 M", 0.841, _BABE, _MAGPIE),
    ),
    "newsmtsc": (
        Published("GRU-TSC, RoBERTa, 125 M: rw", 0.831, "its test sets", _HAMBORG),
        Published("GRU-TSC, RoBERTa, 125 M: mt", 0.825, "its test sets", _HAMBORG),
        Published("the best before it: rw", 0.817, "its test sets", _HAMBORG),
        Published("the best before it: mt", 0.812, "its test sets", _HAMBORG),
    ),
    "gwsd": (
        Published("BERT, 110 M: accuracy, about", 0.75, "held-out part", "Luo et al. 2020"),
        Published("MAGPIE, 125 M", 0.728, "a split of its own", _MAGPIE),
    ),
}
"""By the form of the corpus."""
