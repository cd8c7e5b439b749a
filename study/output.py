"""Tables and pictures of a study, written to files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ..infer.staging import replaced
from ..infer.writing import check_output
from .agreement import Agreement
from .agreement_frames import drawable
from .estimates import CORRECTED, Estimates
from .label_choice import LabelChoice
from .scores import PERIODS

TABLES, PICTURES = (".csv",), (".png", ".svg", ".pdf")


def check_outputs(table: Path | None, picture: Path | None, *, overwrite: bool) -> None:
    """Refuse outputs that cannot be written, before any work.

    Raises:
        OutputError: If an ending is none of these, or a file is there.
    """
    for path, endings in ((table, TABLES), (picture, PICTURES)):
        if path is not None:
            check_output(path, overwrite=overwrite, endings=endings)


def write_table(found: Estimates | LabelChoice, path: Path) -> None:
    """Write a table as CSV, every row with what it estimates, warnings and the model.

    Args:
        found: The table.
        path: Of the file.
    """
    measure = {"measure": found.measure} if isinstance(found, Estimates) else {}
    table = found.frame if isinstance(found, LabelChoice) else _with_checks(found)
    table = table.assign(
        **measure,
        estimand=found.estimand,
        warnings=" ".join(found.warnings),
        model=found.model,
    )
    with replaced(path) as partial:
        table.to_csv(partial, index=False, lineterminator="\n", encoding="utf-8")


def _with_checks(found: Estimates) -> pd.DataFrame:
    """The estimates, with adjusted counts beside the corrected ones."""
    if found.checks.empty:
        return found.frame
    names = [column for column in found.checks.columns if column not in found.by]
    own = (found.frame["estimator"] == CORRECTED) & found.frame["against"].isna()
    checks = found.checks[names].set_axis(found.frame.index[own])
    return found.frame.join(checks)


def write_picture(
    found: Estimates | LabelChoice, path: Path, events: Mapping[str, str], *, overwrite: bool
) -> None:
    """Draw what fits the table: label choice, a trend, differences or shares.

    Args:
        found: The table.
        path: Of the file.
        events: Of a trend: days or periods by name.
        overwrite: Whether an existing file is replaced.
    """
    from .pictures import (
        differences_plot,
        label_choice_plot,
        save_figure,
        shares_plot,
        trend_plot,
    )

    if isinstance(found, LabelChoice):
        axes = label_choice_plot(found)
    elif found.frame["against"].notna().any():
        axes = differences_plot(found)
    elif found.by and found.by[-1] in PERIODS:
        axes = trend_plot(found, events)
    else:
        axes = shares_plot(found)
    save_figure(axes, path, overwrite=overwrite)


def write_agreement(found: Agreement, path: Path, *, overwrite: bool) -> None:
    """Draw the alphas of annotators.

    Args:
        found: Their agreement.
        path: Of the file.
        overwrite: Whether an existing file is replaced.
    """
    from .pictures import agreement_plot, save_figure

    save_figure(agreement_plot(drawable(found.alphas)), path, overwrite=overwrite)
