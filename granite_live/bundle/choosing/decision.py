"""From what is known of a machine to a tier, a provider and threads. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from granite_live.bundle.choosing.facts import INTEGER_PRODUCTS, MachineFacts

_GB = 10**9
# fp16w is computed in fp32 until its graphs are rewritten: 9.8 GB of weights and what an
# utterance needs besides.
_FP16W_BYTES = 12 * _GB
# On a machine that also has to hold everything else.
_FP16W_SHARED_RAM_BYTES = 24 * _GB
_ENOUGH_OF_A_GRAPH = 0.9  # each hand-over between CoreML and the processor costs a copy
_INT8_RAM_BYTES = 4 * _GB  # 2.5 GB of weights, the logits of an utterance, and the program


@dataclass(frozen=True, slots=True)
class Choice:
    """What to use, and in one sentence why."""

    tier: str
    provider: str
    threads: int
    reason: str
    fits_disk: bool = True


def choose(
    facts: MachineFacts,
    needs_bytes: Mapping[str, int],
    *,
    tier: str | None = None,
    provider: str | None = None,
    threads: int | None = None,
) -> Choice:
    """Return what suits a machine.

    Args:
        facts: The machine.
        needs_bytes: The tiers there are, and the room that each takes on the disk.
        tier: The user's choice, which counts.
        provider: The user's choice.
        threads: The user's choice.
    """
    own_tier, own_provider, reason = _preferred(facts, needs_bytes)
    if provider is not None and provider != own_provider:
        own_provider, reason = provider, f"{provider} as asked."
        own_tier = _for_processor(needs_bytes)
        if provider in ("cuda", "coreml") and "fp16w" in needs_bytes:
            own_tier = "fp16w"
    if tier is not None and tier != own_tier:
        own_tier, reason = tier, f"{tier} as asked."
        if provider is None and tier == "int8":
            own_provider = "cpu"  # its integer operators exist nowhere else
    fits = needs_bytes.get(own_tier, 0) <= facts.free_disk_bytes
    if not fits:
        reason = (
            f"{reason} But it takes {needs_bytes[own_tier] / _GB:.1f} GB of the disk and "
            f"{facts.free_disk_bytes / _GB:.1f} GB are free."
        )
    return Choice(own_tier, own_provider, threads or max(1, facts.cores), reason, fits)


def _preferred(facts: MachineFacts, needs_bytes: Mapping[str, int]) -> tuple[str, str, str]:
    """Return tier, provider and reason, best first, as far as the machine allows."""
    fp16w = needs_bytes.get("fp16w", facts.free_disk_bytes + 1) <= facts.free_disk_bytes
    if facts.cuda_works and fp16w and (facts.vram_bytes or 0) >= _FP16W_BYTES:
        vram_gb = (facts.vram_bytes or 0) / _GB
        return "fp16w", "cuda", f"An NVIDIA card with {vram_gb:.0f} GB works here."
    share = facts.coreml_share or 0.0
    if (
        facts.is_apple_silicon
        and fp16w
        and share >= _ENOUGH_OF_A_GRAPH
        and facts.ram_bytes >= _FP16W_SHARED_RAM_BYTES
    ):
        return "fp16w", "coreml", f"CoreML takes {share:.0%} of the model's operators here."
    return _for_processor(needs_bytes), "cpu", _why_processor(facts)


def _why_processor(facts: MachineFacts) -> str:
    ram_gb = facts.ram_bytes / _GB
    if facts.ram_bytes < _INT8_RAM_BYTES:
        return (
            f"It is the smallest, but {ram_gb:.1f} GB of memory are little for it: expect the "
            f"computer to become slow."
        )
    if facts.cuda_works:
        return "The graphics card has too little memory for the model, so the processor is used."
    if facts.arithmetic & INTEGER_PRODUCTS:
        return "It is the quickest on this processor, which multiplies integers fast."
    return "It is the smallest and takes the least memory on a processor."


def _for_processor(needs_bytes: Mapping[str, int]) -> str:
    return "int8" if "int8" in needs_bytes else min(needs_bytes, key=lambda one: needs_bytes[one])
