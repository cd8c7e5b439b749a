"""Pictures of a study: matplotlib axes, readable in grey, and files that say what they show.

Every function takes axes to draw on or makes a figure of its own, without pyplot; none needs a
display.
"""

from __future__ import annotations

from .pictures_canvas import PictureError
from .pictures_estimates import differences_plot, shares_plot
from .pictures_files import ENDINGS, alternative_text, figure_bytes, save_figure
from .pictures_labels import label_choice_plot
from .pictures_quality import agreement_plot, calibration_plot
from .pictures_trend import trend_plot
from .pictures_voices import voices_plot

__all__ = [
    "ENDINGS",
    "PictureError",
    "agreement_plot",
    "alternative_text",
    "calibration_plot",
    "differences_plot",
    "figure_bytes",
    "label_choice_plot",
    "save_figure",
    "shares_plot",
    "trend_plot",
    "voices_plot",
]
