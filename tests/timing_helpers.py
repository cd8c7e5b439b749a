"""Time a piece of work takes, told apart from what the machine does beside it."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

Work = Callable[[], object]


def cpu_seconds(work: Work) -> float:
    """Processor seconds of this process for one call.

    The garbage collector rests meanwhile, as in `timeit`: its passes over all that earlier
    tests left in memory may take longer than the work.
    """
    collected = gc.isenabled()
    gc.disable()
    try:
        began = time.process_time()
        work()
        return time.process_time() - began
    finally:
        if collected:
            gc.enable()


def growth(small: Work, large: Work, below: float) -> float:
    """How many times as long the large work takes, by the best of alternating calls.

    Other work on the machine only ever adds time, so the ratio of the best is asked again, a
    few times, while it is not `below` the bound; what grows too fast never comes below it.
    """
    once: list[float] = []
    more: list[float] = []
    for rounds in range(1, 13):
        once.append(cpu_seconds(small))
        more.append(cpu_seconds(large))
        if rounds >= 3 and min(more) < below * min(once):
            break
    return min(more) / min(once)
