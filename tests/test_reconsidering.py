"""If CoreML was selected but takes too little of the model, another provider is selected.

CoreML cannot run here, so the reports of its sessions are simulated.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from granite_live.app.factory import load_worker_recognizer, open_selected
from granite_live.asr import Recognizer
from granite_live.asr.providers import CPU, NodePlacement
from granite_live.messages.models import ChoiceMessage
from granite_live.models.bundle import COREML
from granite_live.models.selection import SelectedModel, machine_facts, open_best_tier, reconsider
from granite_live.models.selection.machine_facts import ProbeResult
from granite_live.session.messages import ModelSpec

REASON = ChoiceMessage.COREML_TAKES_LITTLE(share=0.4)


@pytest.fixture
def mac(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """A Mac whose CoreML takes all of a small graph and 40 % of the model; records the openings."""
    opened: list[tuple[str, str]] = []
    real = Recognizer.load.__func__  # type: ignore[attr-defined]

    def load(cls: type[Recognizer], bundle, provider="auto", *rest, **named):  # type: ignore[no-untyped-def]
        opened.append((bundle.tier, provider))
        found = real(cls, bundle, "cpu" if provider == "coreml" else provider, *rest, **named)
        places = {CPU: NodePlacement(60, 60), COREML: NodePlacement(40, 8)}
        found.placed = {"encoder": places} if provider == "coreml" else found._graphs.placement
        return found

    def probe(_name: str, _options: object = None) -> ProbeResult:
        return ProbeResult(1.0)

    monkeypatch.setattr(Recognizer, "load", classmethod(load))
    monkeypatch.setattr(Recognizer, "placement", property(lambda self: self.placed))
    monkeypatch.setattr(machine_facts, "available_providers", lambda: (COREML, CPU))
    monkeypatch.setattr(machine_facts, "probe_provider", probe)
    monkeypatch.setattr(machine_facts, "is_apple_silicon", lambda: True)
    return opened


def suited(path: Path, tier: str | None = None, provider: str = "auto") -> SelectedModel:
    found = open_best_tier(path, tier, provider)
    assert found.choice.provider == "coreml"
    return found


def test_nobody_asked(mac: list[tuple[str, str]], bundle_dir: Path) -> None:
    with open_selected(suited(bundle_dir), 1) as loaded:
        assert loaded.provider_notes == (REASON,)
    assert mac == [("fp16w", "coreml"), ("int8", "cpu")]
    again = open_best_tier(bundle_dir)  # the next start uses the measurement
    assert (again.bundle.tier, again.choice.provider) == ("int8", "cpu")


def test_a_tier_that_was_asked_for_stays(mac: list[tuple[str, str]], bundle_dir: Path) -> None:
    with open_selected(suited(bundle_dir, "fp16w"), 1) as loaded:
        assert loaded.bundle.tier == "fp16w"
    assert mac == [("fp16w", "coreml"), ("fp16w", "cpu")]


def test_coreml_that_was_asked_for_stays(mac: list[tuple[str, str]], bundle_dir: Path) -> None:
    with open_selected(suited(bundle_dir, None, "coreml"), 1) as loaded:
        assert loaded.provider_notes == ()
    assert [provider for _tier, provider in mac] == ["coreml"]


def test_enough_is_enough(
    mac: list[tuple[str, str]], bundle_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = suited(bundle_dir)
    assert reconsider(before, 0.4) is not None
    assert reconsider(before, 1.0) is None
    assert mac == []


def test_it_does_not_hang_on_what_can_be_kept(
    mac: list[tuple[str, str]], bundle_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine_facts, "write_cache", lambda *_: None)
    with open_selected(suited(bundle_dir), 1):
        assert mac == [("fp16w", "coreml"), ("int8", "cpu")]


@pytest.mark.parametrize(
    ("is_asked", "wanted"),
    [(True, [("fp16w", "coreml")]), (False, [("fp16w", "coreml"), ("int8", "cpu")])],
)
def test_the_worker_decides_again_too(
    mac: list[tuple[str, str]],
    bundle_dir: Path,
    is_asked: bool,
    wanted: list[tuple[str, str]],
) -> None:
    spec = ModelSpec(
        *(str(bundle_dir), "fp16w", "coreml", 1),
        is_tier_asked=is_asked,
        is_provider_asked=is_asked,
    )
    load_worker_recognizer(spec).close()
    assert mac == wanted


def test_front_ends_say_what_was_asked(mac: list[tuple[str, str]], bundle_dir: Path) -> None:
    from granite_live.app.models import ModelRequest, choose_model

    ours, asked = (
        choose_model(ModelRequest(bundle_dir)).spec,
        choose_model(ModelRequest(bundle_dir, "fp32", "coreml")).spec,
    )
    assert (ours.is_tier_asked, ours.is_provider_asked) == (False, False)
    assert (asked.is_tier_asked, asked.is_provider_asked) == (True, True)
    assert mac == []
