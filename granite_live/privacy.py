"""Switch off what the libraries would send about their users.

`granite_live/__init__.py` calls this, so it has run before any other module of the program, in
every process: the command line, the window, spawned workers, tools and tests. The libraries read
these variables once, when they are imported. PRIVACY.md lists what each library would do.
"""

from __future__ import annotations

from collections.abc import MutableMapping

ORT_OPT_OUT = "ORT_DISABLE_TELEMETRY"
"""Read by onnxruntime (1.29 and newer, not on Windows) when it is imported."""

OPT_OUT = {
    ORT_OPT_OUT: "1",
    # huggingface_hub: usage pings, torch's version and the program that started this one in its
    # User-Agent (which takes a list from the hub), and the look for a newer version.
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    # hf_xet, which huggingface_hub brings along; it is not used here.
    "HF_XET_TELEMETRY_ENABLED": "0",
    # What libraries agree on (https://donottrack.sh); huggingface_hub reads it too.
    "DO_NOT_TRACK": "1",
}


def disable_telemetry(environment: MutableMapping[str, str]) -> None:
    """Set the opt-out of every library in `environment`, also where it says otherwise."""
    environment.update(OPT_OUT)
