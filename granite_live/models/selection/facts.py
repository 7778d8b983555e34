"""Facts about a machine, as numbers."""

from __future__ import annotations

from dataclasses import dataclass

VNNI, AMX, NEON_DOT = "vnni", "amx", "neon-dot"
INTEGER_PRODUCTS = frozenset({VNNI, AMX, NEON_DOT})
"""Instruction sets that multiply and add 8-bit integers several times as fast as floats."""


@dataclass(frozen=True, slots=True)
class TierSize:
    """`disk_bytes`: disk space still needed. `weights_bytes`: size of the tier's files."""

    disk_bytes: int
    weights_bytes: int


@dataclass(frozen=True, slots=True)
class MachineFacts:
    """A machine, as measured.

    Attributes:
        ram_bytes: Total RAM.
        free_disk_bytes: Free space in the models' folder.
        cores: Physical cores that this process may use.
        arithmetic: The members of `INTEGER_PRODUCTS` that the CPU is known to have.
        is_apple_silicon: Whether the CPU is Apple silicon.
        cuda_works: Whether a test session ran on CUDA.
        vram_bytes: Memory of the largest NVIDIA card, None if unknown.
        coreml_share: The share of nodes that CoreML ran: of the model if known, else of a small
            test graph; None without CoreML.
    """

    ram_bytes: int
    free_disk_bytes: int
    cores: int
    arithmetic: frozenset[str] = frozenset()
    is_apple_silicon: bool = False
    cuda_works: bool = False
    vram_bytes: int | None = None
    coreml_share: float | None = None
