"""Figures on a gold sample in a report: how annotators agree, and whether the model is right."""

from __future__ import annotations

from collections.abc import Iterator

from .agreement import agreement_of
from .agreement_frames import drawable
from .report_calibration import calibration
from .report_drawing import drawn_figure
from .report_parts import Figure, Table
from .report_text import count, decimal, interval, share, visible
from .study import Study


def agreement_figure(study: Study) -> Iterator[Figure]:
    """Krippendorff's alpha of each label; nothing where no two annotators judged the same."""
    if study.gold is None:
        return
    frame = drawable(agreement_of(study.gold.examples).alphas)
    if not frame["alpha"].notna().any():
        return
    from .pictures import agreement_plot

    rows = tuple(
        (
            visible(str(row["label"])),
            decimal(row["alpha"]),
            f"{decimal(row['low'])} to {decimal(row['high'])}",
            count(row["units"]),
            count(row["documents"]),
            visible(row["flag"]),
        )
        for row in frame.to_dict("records")
    )
    columns = ("label", "alpha", "95\u00a0% interval", "units", "documents", "note")
    yield drawn_figure(
        "agreement",
        "Agreement of the annotators",
        "Krippendorff’s alpha of each label over the units that two annotators or more judged, "
        "with bootstrap intervals that draw whole documents.",
        lambda palette: agreement_plot(frame, palette=palette),
        Table("Krippendorff’s alpha by label", columns, rows, notes=1),
        estimated=False,
    )


def calibration_figure(study: Study) -> Iterator[Figure]:
    """The model's probabilities beside the gold labels; nothing where there are too few."""
    frame = calibration(study)
    if frame.empty:
        return
    from .pictures import calibration_plot

    rows = tuple(
        (
            row["head"],
            share(row["mean_probability"]),
            share(row["observed"]),
            interval(row["low"], row["high"]),
            count(row["n"]),
        )
        for row in frame.to_dict("records")
    )
    columns = ("judgement", "mean probability", "observed", "95\u00a0% interval", "n")
    yield drawn_figure(
        "calibration",
        "Are the model’s probabilities right here?",
        "The model’s probabilities beside how often the gold labels say the same, in bins, each "
        "gold sentence weighted by the inverse of its chance of being drawn. Of framing, mentions "
        "that both found.",
        lambda palette: calibration_plot(frame, palette=palette),
        Table("Calibration on the gold sample", columns, rows),
        estimated=False,
    )
