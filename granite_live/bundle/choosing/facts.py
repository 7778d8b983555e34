"""What matters of a machine, as numbers."""

from __future__ import annotations

from dataclasses import dataclass

VNNI, AMX, NEON_DOT = "vnni", "amx", "neon-dot"
INTEGER_PRODUCTS = frozenset({VNNI, AMX, NEON_DOT})
"""Instructions that multiply and add 8-bit integers several times as fast as floats."""


@dataclass(frozen=True, slots=True)
class TierSize:
    """`disk_bytes` are still to be found on the disk, `weights_bytes` are the tier's files."""

    disk_bytes: int
    weights_bytes: int


@dataclass(frozen=True, slots=True)
class MachineFacts:
    """A machine, as measured.

    Attributes:
        ram_bytes: Of the whole machine.
        free_disk_bytes: Where the models go.
        cores: Physical ones that this program may use.
        arithmetic: Of `INTEGER_PRODUCTS`, what the processor is known to have.
        is_apple_silicon: Whether it is one of Apple's own processors.
        cuda_works: Whether a session really ran on CUDA.
        vram_bytes: Of the largest NVIDIA card, None if nobody could say.
        coreml_share: The share of nodes that CoreML took: of the model where that is known, else
            of a small graph of its operators; None where there is no CoreML.
    """

    ram_bytes: int
    free_disk_bytes: int
    cores: int
    arithmetic: frozenset[str] = frozenset()
    is_apple_silicon: bool = False
    cuda_works: bool = False
    vram_bytes: int | None = None
    coreml_share: float | None = None
