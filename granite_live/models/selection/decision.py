"""Choose tier, provider and threads from the measured facts of a machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from granite_live.messages.models import ChoiceMessage
from granite_live.models.layout import PROCESSOR_ORDER

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


_GB = 10**9
# onnxruntime computes fp16w in fp32 until the graphs are prepared.
_IN_MEMORY = {"int8": 1.0, "fp16w": 2.0, "fp32": 1.0}
_INT8_BESIDES_BYTES = 3 * _GB // 2  # logits of an utterance, and the program itself
_BESIDES_BYTES = 11 * _GB // 5
# For machines whose RAM is shared with everything else.
_SHARED = 2.0
_ENOUGH_OF_A_GRAPH = 0.9  # each switch between CoreML and CPU copies data
_ACCELERATOR_ORDER = ("fp16w", "fp32")  # integer operators exist on CPUs only
# Models below this size fit into any memory.
_SMALL_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class TierChoice:
    """The chosen tier, provider and thread count, and the reason as one sentence.

    `threads` is the maximum for the CPU; the best number is measured later with the model. What the
    user asked for is never replaced.
    """

    tier: str
    provider: str
    threads: int
    reason: str
    is_tier_asked: bool = False
    is_provider_asked: bool = False


def choose_for_machine(
    facts: MachineFacts,
    tiers: Mapping[str, TierSize],
    *,
    tier: str | None = None,
    provider: str | None = None,
    threads: int | None = None,
) -> TierChoice:
    """Return the choice for a machine.

    Args:
        facts: The machine.
        tiers: The available tiers.
        tier: The user's choice, which takes precedence.
        provider: The user's choice: "cpu", "cuda" or "coreml".
        threads: The user's choice.
    """
    own_tier, own_provider, reason = _preferred(facts, tiers)
    if provider is not None and provider != own_provider:
        own_provider, reason = provider, ChoiceMessage.AS_ASKED(what=provider)
        own_tier = _for_processor(facts, tiers)
        if provider != "cpu":
            own_tier = next((one for one in _ACCELERATOR_ORDER if one in tiers), own_tier)
    if tier is not None and tier != own_tier:
        own_tier, reason = tier, ChoiceMessage.AS_ASKED(what=tier)
        if provider is None and tier not in _ACCELERATOR_ORDER:
            own_provider = "cpu"
    needed_bytes = tiers[own_tier].disk_bytes if own_tier in tiers else 0
    if needed_bytes > facts.free_disk_bytes:
        reason = ChoiceMessage.NO_ROOM(
            reason=reason, needed_gb=needed_bytes / _GB, free_gb=facts.free_disk_bytes / _GB
        )
    return TierChoice(
        own_tier,
        own_provider,
        threads or max(1, facts.cores),
        reason,
        is_tier_asked=tier is not None,
        is_provider_asked=provider is not None,
    )


def is_worthwhile(coreml_share: float) -> bool:
    """Return whether CoreML runs enough of a model to be worthwhile."""
    return coreml_share >= _ENOUGH_OF_A_GRAPH


def _preferred(facts: MachineFacts, tiers: Mapping[str, TierSize]) -> tuple[str, str, str]:
    """Return the preferred tier, provider and reason for the machine."""
    fitting = [t for t in _ACCELERATOR_ORDER if t in tiers and _fits_disk(facts, tiers[t])]
    if fitting:
        needed_bytes = _memory_bytes(fitting[0], tiers[fitting[0]])
        vram_bytes = facts.vram_bytes or 0
        if facts.cuda_works and vram_bytes >= needed_bytes:
            return fitting[0], "cuda", ChoiceMessage.NVIDIA(memory_gb=vram_bytes / _GB)
        share = facts.coreml_share or 0.0
        if (
            facts.is_apple_silicon
            and is_worthwhile(share)
            and facts.ram_bytes >= _SHARED * needed_bytes
        ):
            reason = ChoiceMessage.COREML_SHARE(share=share)
            return fitting[0], "coreml", reason
    tier = _for_processor(facts, tiers)
    return tier, "cpu", _why_processor(facts, tier, tiers)


def _why_processor(facts: MachineFacts, tier: str, tiers: Mapping[str, TierSize]) -> str:
    ram_gb = facts.ram_bytes / _GB
    if facts.ram_bytes < _memory_bytes(tier, tiers[tier]):
        return ChoiceMessage.LITTLE_MEMORY(memory_gb=ram_gb)
    if facts.cuda_works and any(one in tiers for one in _ACCELERATOR_ORDER):
        return ChoiceMessage.LITTLE_GRAPHICS_MEMORY()
    share = facts.coreml_share
    if facts.is_apple_silicon and share is not None and not is_worthwhile(share):
        return ChoiceMessage.COREML_TAKES_LITTLE(share=share)
    if len(tiers) == 1:
        return ChoiceMessage.ONLY_TIER()
    if tier != "int8":
        return ChoiceMessage.MOST_EXACT()
    if facts.arithmetic & INTEGER_PRODUCTS:
        return ChoiceMessage.QUICKEST()
    return ChoiceMessage.SMALLEST()


def _for_processor(facts: MachineFacts, tiers: Mapping[str, TierSize]) -> str:
    here = [one for one in PROCESSOR_ORDER if one in tiers] or list(tiers)
    return next((one for one in here if _fits_disk(facts, tiers[one])), here[0])


def _fits_disk(facts: MachineFacts, size: TierSize) -> bool:
    return size.disk_bytes <= facts.free_disk_bytes


def _memory_bytes(tier: str, size: TierSize) -> int:
    """Return the memory that running a tier takes."""
    if size.weights_bytes < _SMALL_BYTES:
        return 0
    besides = _INT8_BESIDES_BYTES if tier == "int8" else _BESIDES_BYTES
    return int(size.weights_bytes * _IN_MEMORY.get(tier, 1.0)) + besides
