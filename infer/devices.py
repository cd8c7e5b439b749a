"""Where the network runs: the processor, or a graphics card that OpenVINO has a plugin for."""

from __future__ import annotations

import os
from typing import Any

from ..data.errors import UsageError

CPU = "cpu"
AUTO = "auto"
PLUGINS = {"cuda": "NVIDIA", "gpu": "GPU", CPU: "CPU"}
"""OpenVINO's names of the devices, those that `AUTO` prefers first."""
_INSTALL = {
    "cuda": "NVIDIA's driver and OpenVINO's NVIDIA plugin (from openvino_contrib)",
    "gpu": "Intel's driver for compute (OpenCL)",
}


def cores() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def check_device(asked: str) -> None:
    """Refuse a device that connote does not know.

    Raises:
        UsageError: If it is none of `PLUGINS` nor `AUTO`.
    """
    if asked not in PLUGINS and asked != AUTO:
        raise UsageError(
            f"device: expected {', '.join(sorted(PLUGINS))} or {AUTO}, found {asked!r}"
        )


def find_device(core: Any, asked: str) -> str:
    """OpenVINO's name of the device that is asked for.

    Args:
        core: An ``openvino.Core``.
        asked: One of `PLUGINS`; `AUTO` takes the first of them that is there.

    Raises:
        UsageError: If connote does not know it, or it is not there.
    """
    check_device(asked)
    if asked == CPU:  # asking for all devices loads every plugin, which takes its time
        return PLUGINS[CPU]
    there: list[str] = core.available_devices
    for name in PLUGINS if asked == AUTO else (asked,):
        # Of several cards each has a number, such as GPU.0.
        found = [d for d in there if d.partition(".")[0] == PLUGINS[name]]
        if found:
            return found[0]
    named = ", ".join(f"{device} ({full_name(core, device)})" for device in there)
    raise UsageError(
        f"device {asked}: expected OpenVINO to have its device {PLUGINS[asked]}, found only "
        f"{named or 'none'}; install {_INSTALL[asked]}, or take cpu or {AUTO}"
    )


def full_name(core: Any, device: str) -> str:
    """What the maker calls a device, such as the processor's name."""
    return str(core.get_property(device, "FULL_DEVICE_NAME"))
