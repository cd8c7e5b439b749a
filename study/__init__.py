"""Studies: from a scored archive to estimates that can be published.

`Study` asks a scored archive for shares, trends and differences, with gold labels for corrected
ones; `draw` and `plan` make the gold sample, `read_annotations` brings it back, `agreement_of`
says how well annotators agree, `build_report` shows it all. Each name is loaded when it is
first asked for; all need ``pip install 'connote[study]'``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .agreement import Agreement, agreement_of
    from .estimates import Estimates
    from .importing import Imported, read_annotations
    from .label_choice import LabelChoice
    from .planning import Plan, plan
    from .sample_folder import Sample, read_sample
    from .sampling import Drawn, draw
    from .scores import Scores, open_scores
    from .selection import Selection
    from .study import Study

_HOMES = {
    "Agreement": ".agreement",
    "Drawn": ".sampling",
    "Estimates": ".estimates",
    "Imported": ".importing",
    "LabelChoice": ".label_choice",
    "Plan": ".planning",
    "Sample": ".sample_folder",
    "Scores": ".scores",
    "Selection": ".selection",
    "Study": ".study",
    "agreement_of": ".agreement",
    "draw": ".sampling",
    "open_scores": ".scores",
    "plan": ".planning",
    "read_annotations": ".importing",
    "read_sample": ".sample_folder",
}

__all__ = [
    "Agreement",
    "Drawn",
    "Estimates",
    "Imported",
    "LabelChoice",
    "Plan",
    "Sample",
    "Scores",
    "Selection",
    "Study",
    "agreement_of",
    "draw",
    "open_scores",
    "plan",
    "read_annotations",
    "read_sample",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from ..data.extras import require

        for module in ("duckdb", "pandas", "scipy"):
            require(module, "study")
        return getattr(import_module(_HOMES[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
