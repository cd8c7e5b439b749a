"""Opens a trained model of either kind."""

from __future__ import annotations

from .folder import ModelFolder
from .judge import Judge


def load_judge(folder: ModelFolder, threads: int | None = None) -> Judge:
    """The model of a checked folder, ready to judge.

    Args:
        folder: As `open_model` gives it.
        threads: Threads of the runtime; all cores without a number.

    Raises:
        MissingExtraError: If it is a baseline and scikit-learn is not installed.
    """
    if folder.kind == "baseline":
        from .baseline import BaselineJudge

        return BaselineJudge(folder)
    from .encoder import EncoderJudge

    return EncoderJudge(folder, threads)
