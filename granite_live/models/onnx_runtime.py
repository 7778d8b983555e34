"""Import onnxruntime with its telemetry off. No other module may import onnxruntime.

At its import onnxruntime decides whether to create a device identifier, queue events and start an
upload thread; a later setting does not stop that thread.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Container, Mapping
from typing import Any

from granite_live.messages.models import PrivacyMessage
from granite_live.util.errors import PrivacyError
from granite_live.util.privacy import OPT_OUT, ORT_OPT_OUT


def check_telemetry_off(environment: Mapping[str, str], imported: Container[str]) -> None:
    """Check that onnxruntime will be imported with its telemetry off.

    Args:
        environment: The variables of this process.
        imported: The names of the modules imported so far.

    Raises:
        PrivacyError: The opt-out is not set, or onnxruntime was imported elsewhere before.
    """
    if "onnxruntime" in imported:
        raise PrivacyError(PrivacyMessage.IMPORTED_ELSEWHERE())
    if environment.get(ORT_OPT_OUT) != OPT_OUT[ORT_OPT_OUT]:
        raise PrivacyError(
            PrivacyMessage.TELEMETRY_ON(
                variable=ORT_OPT_OUT,
                value=repr(environment.get(ORT_OPT_OUT)),
                needed=OPT_OUT[ORT_OPT_OUT],
            )
        )


def submodule(name: str) -> Any:
    """Import and return a submodule that onnxruntime does not import itself."""
    return importlib.import_module(f"onnxruntime.{name}")


__all__ = ["check_telemetry_off", "ort", "submodule"]

check_telemetry_off(os.environ, sys.modules)

import onnxruntime as ort  # noqa: E402

# On Windows, events go to the system's tracing (ETW), which reads no variable.
ort.disable_telemetry_events()
