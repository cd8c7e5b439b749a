"""Opens a trained model of either kind."""

from __future__ import annotations

from ..data.errors import UsageError
from .devices import AUTO, CPU, check_device
from .folder import ModelFolder
from .judge import Judge


def load_judge(folder: ModelFolder, threads: int | None = None, device: str = CPU) -> Judge:
    """The model of a checked folder, ready to judge.

    Args:
        folder: As `open_model` gives it.
        threads: Threads of the runtime; all cores without a number.
        device: ``cpu``, ``cuda``, ``gpu`` (Intel's) or ``auto``, which takes a card if there is
            one.

    Raises:
        UsageError: If the device is not there, or the model cannot run on it.
        MissingExtraError: If it is a baseline and scikit-learn is not installed.
    """
    check_device(device)
    if folder.kind == "baseline":
        if device not in (CPU, AUTO):
            raise UsageError(
                f"{folder.path}: a baseline runs on the processor, found device {device}; take "
                f"{CPU} or {AUTO}"
            )
        from .baseline import BaselineJudge

        return BaselineJudge(folder)
    from .encoder import EncoderJudge

    return EncoderJudge(folder, threads, device=device)
