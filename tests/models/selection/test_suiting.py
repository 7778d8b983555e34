"""What a model runs on: the decision that sessions, commands and downloads share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.messages import sentence, shows

from granite_live.messages.bundle import BundleMessage
from granite_live.messages.models import ChoiceMessage
from granite_live.messages.store import CheckMessage
from granite_live.models.bundle import COREML, CUDA
from granite_live.models.selection import (
    MachineFacts,
    machine_facts,
    measure_machine,
    open_best_tier,
)
from granite_live.models.selection.machine_facts import ProbeResult
from granite_live.models.store.verification import FailedCheckError, note_check
from granite_live.util.errors import BundleError

GB = 10**9
LAPTOP = MachineFacts(16 * GB, 0, 4, frozenset({"vnni"}))
CARD = replace(LAPTOP, cuda_works=True, vram_bytes=24 * GB)
MAC = replace(LAPTOP, is_apple_silicon=True, coreml_share=1.0)

Claims = Callable[[str], list[str]]


@pytest.fixture
def claims(monkeypatch: pytest.MonkeyPatch) -> Claims:
    """Return a function that lets onnxruntime claim a provider; it gives the probes that ran."""

    def claim(provider: str) -> list[str]:
        ran: list[str] = []

        def probe(name: str, _options: object = None) -> ProbeResult:
            ran.append(name)
            return ProbeResult(1.0)

        monkeypatch.setattr(
            machine_facts, "available_providers", lambda: (provider, "CPUExecutionProvider")
        )
        monkeypatch.setattr(machine_facts, "probe_provider", probe)
        monkeypatch.setattr(machine_facts, "vram_bytes", lambda: 24 * GB)
        return ran

    return claim


@pytest.mark.parametrize(
    ("machine", "tier", "provider", "wanted"),
    [
        (LAPTOP, None, "auto", ("int8", "cpu")),
        (CARD, None, "auto", ("fp16w", "cuda")),
        (MAC, None, "auto", ("fp16w", "coreml")),
        (replace(MAC, coreml_share=0.3), None, "auto", ("int8", "cpu")),
        (CARD, "int8", "auto", ("int8", "cpu")),
        (CARD, "fp32", "auto", ("fp32", "cuda")),
        (CARD, None, "cpu", ("int8", "cpu")),
        (LAPTOP, None, "cuda", ("fp16w", "cuda")),
        (CARD, "int8", "cuda", ("int8", "cuda")),
    ],
)
def test_a_bundle_with_all_tiers(
    bundle_dir: Path,
    machine: MachineFacts,
    tier: str | None,
    provider: str,
    wanted: tuple[str, str],
) -> None:
    found = open_best_tier(bundle_dir, tier, provider, machine)
    assert (found.choice.tier, found.choice.provider) == wanted
    assert found.bundle.tier == wanted[0]
    assert found.choice.reason.endswith(".")
    assert found.skipped == ()


def test_a_tier_that_failed_its_check_is_passed_over(bundle_dir: Path) -> None:
    note_check(bundle_dir, "int8", "it is damaged")
    found = open_best_tier(bundle_dir, None, "auto", LAPTOP)
    assert found.bundle.tier == "fp32"
    assert shows(found.skipped[0], CheckMessage.FAILED, tier="int8", fault="it is damaged")
    with pytest.raises(FailedCheckError, match="models verify"):
        open_best_tier(bundle_dir, "int8", "auto", LAPTOP)
    for tier in ("fp32", "fp16w"):
        note_check(bundle_dir, tier, "it is damaged too")
    with pytest.raises(FailedCheckError, match="it is damaged"):
        open_best_tier(bundle_dir, None, "auto", LAPTOP)


def test_a_tier_that_is_not_there(bundle_dir: Path) -> None:
    with pytest.raises(BundleError, match=sentence(BundleMessage.NO_SUCH_TIER, tier="int4")):
        open_best_tier(bundle_dir, "int4")


def test_an_accelerator_is_tried_once_and_then_known(claims: Claims, bundle_dir: Path) -> None:
    ran = claims(CUDA)
    for _ in range(3):
        found = open_best_tier(bundle_dir)
        assert (found.bundle.tier, found.choice.provider) == ("fp16w", "cuda")
    assert ran == [CUDA]
    machine_facts.probe_accelerators(again=True)
    assert ran == [CUDA] * 2


def test_it_is_tried_again_where_something_changed(
    claims: Claims, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = claims(CUDA)
    measure_machine()
    monkeypatch.setattr(machine_facts, "runtime_version", lambda: "1.99")
    measure_machine()
    measure_machine()
    assert len(ran) == 2
    (machine_facts.data_dir() / "accelerators.json").write_text("{}")
    measure_machine()
    assert len(ran) == 3


def test_who_asks_for_the_processor_tries_nothing(claims: Claims, bundle_dir: Path) -> None:
    ran = claims(CUDA)
    assert open_best_tier(bundle_dir, None, "cpu").choice.provider == "cpu"
    assert ran == []


def test_what_a_session_of_the_model_showed_counts_more_than_a_small_graph(
    claims: Claims, monkeypatch: pytest.MonkeyPatch, bundle_dir: Path
) -> None:
    claims(COREML)
    monkeypatch.setattr(machine_facts, "is_apple_silicon", lambda: True)
    assert open_best_tier(bundle_dir).choice.provider == "coreml"
    machine_facts.store_coreml_share(bundle_dir, "fp16w", 0.4)
    found = open_best_tier(bundle_dir)
    assert (found.bundle.tier, found.choice.provider) == ("int8", "cpu")
    assert found.choice.reason == ChoiceMessage.COREML_TAKES_LITTLE(share=0.4)
    assert open_best_tier(bundle_dir, None, "coreml").choice.provider == "coreml"
    machine_facts.probe_accelerators(again=True)
    assert machine_facts.coreml_share(bundle_dir, "fp16w") == 0.4
    assert machine_facts.coreml_share(bundle_dir, "fp32") is None
    machine_facts.store_coreml_share(bundle_dir / "nowhere", "fp32", 0.1)


def test_what_cannot_be_kept_is_measured_again(
    claims: Claims, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("granite_live.models.disk.write_json", full)
    ran = claims(CUDA)
    assert measure_machine().cuda_works
    assert measure_machine().cuda_works
    assert len(ran) == 2
    assert "could not be written" in caplog.text
