"""Detect the CPU's instructions for integer products, as far as the system reports them."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

from granite_live.models.selection.facts import AMX, NEON_DOT, VNNI

_FLAGS = {
    "avx512_vnni": VNNI,
    "avx_vnni": VNNI,
    "avx512vnni": VNNI,  # macOS
    "amx_int8": AMX,
    "asimddp": NEON_DOT,
}
_PF_ARM_V82_DP = 43  # from winnt.h


def integer_products() -> frozenset[str]:
    """Return the known members of `INTEGER_PRODUCTS`; empty if the system does not report them."""
    if is_apple_silicon():
        return frozenset({NEON_DOT})  # all Apple silicon has it
    try:
        if platform.system() == "Linux":
            return from_flags(Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace"))
        if platform.system() == "Darwin":
            return from_flags(_sysctl("machdep.cpu.leaf7_features"))
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    return _of_windows()


def from_flags(text: str) -> frozenset[str]:
    """Return the instruction sets in a system's text of CPU features."""
    return frozenset(_FLAGS[word] for word in text.lower().split() if word in _FLAGS)


def is_apple_silicon() -> bool:
    """Return whether this is Apple silicon."""
    return (platform.system(), platform.machine()) == ("Darwin", "arm64")


def _sysctl(name: str) -> str:
    answer = subprocess.run(
        ["sysctl", "-n", name], capture_output=True, text=True, timeout=5, check=True
    )
    return answer.stdout


def _of_windows() -> frozenset[str]:
    if sys.platform == "win32":
        import ctypes

        if ctypes.windll.kernel32.IsProcessorFeaturePresent(_PF_ARM_V82_DP):
            return frozenset({NEON_DOT})
    return frozenset()
