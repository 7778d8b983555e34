"""A table of machines in, decisions out; and what is measured of the one that runs this."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from helpers.messages import sentence, shows

from granite_live.messages.models import ChoiceMessage
from granite_live.models.selection import MachineFacts, machine_facts, measure_machine
from granite_live.models.selection.decision import TierSize, choose_for_machine
from granite_live.models.selection.machine_facts import instruction_sets_from_flags
from granite_live.util.process import physical_core_count

GB = 10**9
NEEDS = {
    "int8": TierSize(5 * GB, 5 * GB // 2),
    "fp16w": TierSize(10 * GB, 49 * GB // 10),
    "fp32": TierSize(20 * GB, 98 * GB // 10),
}
LAPTOP = MachineFacts(16 * GB, 200 * GB, 4, frozenset({"vnni"}))
OLD = MachineFacts(8 * GB, 100 * GB, 2)
TINY = MachineFacts(3 * GB, 100 * GB, 2)
H100 = replace(LAPTOP, cores=16, cuda_works=True, vram_bytes=80 * GB)
SMALL_CARD = replace(H100, vram_bytes=6 * GB)
UNKNOWN_CARD = replace(H100, vram_bytes=None)
DEAD_CARD = replace(H100, cuda_works=False, vram_bytes=None)
MAC = MachineFacts(
    32 * GB, 300 * GB, 10, frozenset({"neon-dot"}), is_apple_silicon=True, coreml_share=1.0
)


@pytest.mark.parametrize(
    ("machine", "tier", "provider", "threads", "why"),
    [
        (LAPTOP, "int8", "cpu", 4, sentence(ChoiceMessage.QUICKEST)),
        (OLD, "int8", "cpu", 2, sentence(ChoiceMessage.SMALLEST)),
        (TINY, "int8", "cpu", 2, sentence(ChoiceMessage.LITTLE_MEMORY, memory_gb=3.0)),
        (H100, "fp16w", "cuda", 16, sentence(ChoiceMessage.NVIDIA, memory_gb=80)),
        (SMALL_CARD, "int8", "cpu", 16, sentence(ChoiceMessage.LITTLE_GRAPHICS_MEMORY)),
        (UNKNOWN_CARD, "int8", "cpu", 16, sentence(ChoiceMessage.LITTLE_GRAPHICS_MEMORY)),
        (DEAD_CARD, "int8", "cpu", 16, sentence(ChoiceMessage.QUICKEST)),
        (replace(H100, free_disk_bytes=8 * GB), "int8", "cpu", 16, ""),
        (MAC, "fp16w", "coreml", 10, sentence(ChoiceMessage.COREML_SHARE, share=1.0)),
        (
            replace(MAC, coreml_share=0.5),
            "int8",
            "cpu",
            10,
            sentence(ChoiceMessage.COREML_TAKES_LITTLE, share=0.5),
        ),
        (replace(MAC, coreml_share=None), "int8", "cpu", 10, sentence(ChoiceMessage.QUICKEST)),
        (replace(MAC, ram_bytes=16 * GB), "int8", "cpu", 10, sentence(ChoiceMessage.QUICKEST)),
        (replace(LAPTOP, coreml_share=1.0), "int8", "cpu", 4, sentence(ChoiceMessage.QUICKEST)),
        (replace(LAPTOP, cores=0), "int8", "cpu", 1, sentence(ChoiceMessage.QUICKEST)),
        (
            replace(LAPTOP, free_disk_bytes=GB),
            "int8",
            "cpu",
            4,
            sentence(ChoiceMessage.NO_ROOM, needed_gb=5.0),
        ),
    ],
)
def test_machines(
    machine: MachineFacts, tier: str, provider: str, threads: int, why: str | re.Pattern[str]
) -> None:
    choice = choose_for_machine(machine, NEEDS)
    assert (choice.tier, choice.provider, choice.threads) == (tier, provider, threads)
    assert re.search(why, choice.reason)


def test_the_user_may_overrule_it() -> None:
    asked = choose_for_machine(LAPTOP, NEEDS, tier="fp32", threads=3)
    assert (asked.tier, asked.provider, asked.threads) == ("fp32", "cpu", 3)
    assert asked.reason == ChoiceMessage.AS_ASKED(what="fp32")
    asked = choose_for_machine(H100, NEEDS, tier="int8")
    assert (asked.tier, asked.provider) == ("int8", "cpu")
    asked = choose_for_machine(H100, NEEDS, provider="cpu")
    assert (asked.tier, asked.provider, asked.reason) == (
        "int8",
        "cpu",
        ChoiceMessage.AS_ASKED(what="cpu"),
    )
    asked = choose_for_machine(LAPTOP, NEEDS, provider="cuda")
    assert (asked.tier, asked.provider) == ("fp16w", "cuda")
    same = choose_for_machine(LAPTOP, NEEDS, tier="int8")
    assert same.is_tier_asked
    assert replace(same, is_tier_asked=False) == choose_for_machine(LAPTOP, NEEDS)


def test_a_bundle_of_one_tier() -> None:
    alone = choose_for_machine(LAPTOP, {"fp32": NEEDS["fp32"]})
    assert (alone.tier, alone.provider) == ("fp32", "cpu")
    assert alone.reason == ChoiceMessage.ONLY_TIER()
    card = choose_for_machine(H100, {"fp32": NEEDS["fp32"]})
    assert (card.tier, card.provider) == ("fp32", "cuda")


def test_without_int8_the_exact_one_serves_a_processor() -> None:
    found = choose_for_machine(LAPTOP, {"fp16w": NEEDS["fp16w"], "fp32": NEEDS["fp32"]})
    assert (found.tier, found.provider) == ("fp32", "cpu")
    assert shows(found.reason, ChoiceMessage.MOST_EXACT)
    narrow = replace(LAPTOP, free_disk_bytes=12 * GB)
    assert (
        choose_for_machine(narrow, {"fp16w": NEEDS["fp16w"], "fp32": NEEDS["fp32"]}).tier == "fp16w"
    )


def test_what_is_here_needs_no_disk_and_a_small_model_no_memory() -> None:
    full = replace(TINY, free_disk_bytes=0)
    small = choose_for_machine(full, {"int8": TierSize(0, 9_000_000)})
    assert small.tier == "int8"
    assert small.reason == ChoiceMessage.ONLY_TIER()


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("flags\t\t: fpu avx2 avx512_vnni\n", {"vnni"}),
        ("flags : avx_vnni amx_int8", {"vnni", "amx"}),
        ("Features\t: fp asimd asimddp i8mm", {"neon-dot"}),
        ("AVX512F AVX512VNNI", {"vnni"}),
        ("flags : fpu avx2", set()),
        ("", set()),
    ],
)
def test_the_words_of_systems(text: str, known: set[str]) -> None:
    assert instruction_sets_from_flags(text) == known


def test_this_machine(tmp_path: Path) -> None:
    facts = measure_machine(tmp_path / "models")
    assert facts.ram_bytes > GB / 2
    assert facts.free_disk_bytes > 0
    assert facts.cores == physical_core_count() >= 1


def test_a_session_is_asked_not_the_library() -> None:
    here = machine_facts.probe_provider("CPUExecutionProvider")
    assert here.works
    assert here.share == 1.0
    not_here = machine_facts.probe_provider("CUDAExecutionProvider")
    if "CUDAExecutionProvider" not in machine_facts.available_providers():
        assert not not_here.works


def test_a_library_that_only_claims_to_have_cuda(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    claimed = ("CUDAExecutionProvider", "CPUExecutionProvider")
    monkeypatch.setattr(machine_facts, "available_providers", lambda: claimed)
    monkeypatch.setattr(
        machine_facts, "probe_provider", lambda *_: machine_facts.ProbeResult(0.0, "no driver")
    )
    assert not measure_machine(tmp_path).cuda_works
    # Known for good, until somebody looks again: `doctor` does.
    monkeypatch.setattr(machine_facts, "probe_provider", lambda *_: machine_facts.ProbeResult(1.0))
    monkeypatch.setattr(machine_facts, "vram_bytes", lambda: 24 * GB)
    assert not measure_machine(tmp_path).cuda_works
    machine_facts.probe_accelerators(again=True)
    facts = replace(measure_machine(tmp_path), free_disk_bytes=100 * GB)
    assert choose_for_machine(facts, NEEDS).provider == "cuda"


@pytest.mark.parametrize(
    ("said", "known"), [("81559\n16384\n", 81559 << 20), ("", None), ("[N/A]\n", None)]
)
def test_what_the_driver_says(
    monkeypatch: pytest.MonkeyPatch, said: str, known: int | None
) -> None:
    def run(command: list[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 0, said, "")

    monkeypatch.setattr(machine_facts.subprocess, "run", run)
    assert machine_facts.vram_bytes() == known


def test_no_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert machine_facts.vram_bytes() is None
