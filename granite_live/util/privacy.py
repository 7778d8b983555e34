"""Turn off the telemetry of libraries.

`granite_live/__init__.py` calls `disable_telemetry` before any other module of the program runs, in
every process: the command line, the window, spawned workers, tools and tests. The libraries read
these variables once at their import. PRIVACY.md lists what each library would send.
"""

from __future__ import annotations

from collections.abc import MutableMapping

ORT_OPT_OUT = "ORT_DISABLE_TELEMETRY"
"""Read by onnxruntime (1.29 and newer, not on Windows) when it is imported."""

OPT_OUT = {
    ORT_OPT_OUT: "1",
    # huggingface_hub: usage pings, torch's version and the calling program's name in its
    # User-Agent (from a list it gets from the hub), and the check for a newer version.
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    # hf_xet, a dependency of huggingface_hub that is not used here.
    "HF_XET_TELEMETRY_ENABLED": "0",
    # A convention among libraries (https://donottrack.sh), also read by huggingface_hub.
    "DO_NOT_TRACK": "1",
}


def disable_telemetry(environment: MutableMapping[str, str]) -> None:
    """Set the opt-out of every library in `environment`, overriding other values."""
    environment.update(OPT_OUT)
