"""Providers: what is asked for, what is said about it, and who is asked what runs.

No accelerator is present where these run: sessions that would use one are fakes, and
what they prove is the bookkeeping around them.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from helpers.messages import sentence

from granite_live.asr import providers
from granite_live.asr.providers import CPU, NodePlacement, ProviderPlan
from granite_live.messages.models import ProviderMessage
from granite_live.util.errors import ProviderError
from granite_live.util.paths import data_dir

CUDA, COREML = "CUDAExecutionProvider", "CoreMLExecutionProvider"


def fake_session(**nodes: list[int]) -> SimpleNamespace:
    """A session with subgraphs of so many nodes on each provider."""
    assigned = [
        SimpleNamespace(ep_name=name, get_nodes=lambda count=count: [None] * count)
        for name, counts in nodes.items()
        for count in counts
    ]
    return SimpleNamespace(get_provider_graph_assignment_info=lambda: assigned)


@pytest.mark.parametrize(
    ("wanted", "available", "tier", "first"),
    [
        ("auto", [CPU], "int8", CPU),
        ("auto", [CUDA, CPU], "int8", CUDA),
        ("auto", [COREML, CPU], "fp16w", COREML),
        ("auto", [COREML, CPU], "int8", CPU),
        ("cpu", [CUDA, CPU], "fp32", CPU),
        ("cuda", [CUDA, CPU], "fp32", CUDA),
        ("coreml", [COREML, CPU], "int8", COREML),
    ],
)
def test_plan(wanted: str, available: list[str], tier: str, first: str) -> None:
    made = providers.plan_providers(wanted, available, tier=tier)
    assert made.providers[0] == first
    assert made.providers[-1] == CPU
    assert made.notes == ()


@pytest.mark.parametrize("wanted", ["cuda", "coreml"])
def test_a_provider_that_is_not_there_falls_back_and_says_why(wanted: str) -> None:
    made = providers.plan_providers(wanted, [CPU], tier="fp32")
    assert made.providers == (CPU,)
    assert f"no {wanted} provider" in made.notes[0]


def test_an_unknown_provider_is_refused() -> None:
    with pytest.raises(ProviderError, match=sentence(ProviderMessage.UNKNOWN, wanted="tpu")):
        providers.plan_providers("tpu", [CPU], tier="fp32")


def test_placement_is_the_sessions_word() -> None:
    placed = providers.node_placement(fake_session(**{CPU: [1] * 700, CUDA: [1] * 20}))
    assert placed == {CPU: NodePlacement(700, 700), CUDA: NodePlacement(20, 20)}
    assert providers.describe_placement({CPU: NodePlacement(3, 3)}) == CPU
    assert providers.describe_placement(placed) == f"{CPU} (700 nodes), {CUDA} (20 nodes)"


def test_a_provider_that_compiles_says_in_how_many_parts() -> None:
    """Each hand-over between CoreML and the processor costs a copy."""
    placed = providers.node_placement(fake_session(**{COREML: [200, 30, 1], CPU: [1, 1]}))
    assert placed == {COREML: NodePlacement(231, 3), CPU: NodePlacement(2, 2)}
    in_parts = ProviderMessage.NODES_IN_PARTS(nodes=231, parts=3)
    alone = ProviderMessage.NODES(nodes=2)
    assert providers.describe_placement(placed) == f"{COREML} ({in_parts}), {CPU} ({alone})"
    whole = providers.node_placement(fake_session(**{COREML: [900]}))
    assert (
        providers.describe_placement(whole)
        == f"{COREML} ({ProviderMessage.NODES_IN_ONE_PART(nodes=900)})"
    )


def test_a_provider_that_took_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The session opened with CUDA first, and placed every node on the processor."""
    monkeypatch.setattr(providers, "_session", lambda *_, **__: fake_session(**{CPU: [1] * 5}))
    opened = providers.open_session(Path("encoder.onnx"), ProviderPlan((CUDA, CPU)), 1)
    assert opened.placement == {CPU: NodePlacement(5, 5)}
    assert opened.notes == (ProviderMessage.TOOK_NO_PART(provider=CUDA, graph="encoder"),)


def test_a_provider_that_fails_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    def session(
        _path: Path, wanted: tuple[str, ...], _threads: int, **_settings: object
    ) -> SimpleNamespace:
        if CUDA in wanted:
            raise RuntimeError("CUDA driver version is insufficient\nat line 12")
        return fake_session(**{CPU: [1] * 5})

    monkeypatch.setattr(providers, "_session", session)
    opened = providers.open_session(Path("editor.onnx"), ProviderPlan((CUDA, CPU)), 1)
    assert opened.placement == {CPU: NodePlacement(5, 5)}
    assert "CUDA driver version is insufficient." in opened.notes[0]
    assert "line 12" not in opened.notes[0]


def test_a_graph_that_nothing_can_open_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "encoder.onnx").write_bytes(b"\x08\x0a")
    with pytest.raises(ProviderError, match=r"cannot open .*encoder\.onnx"):
        providers.open_session(tmp_path / "encoder.onnx", ProviderPlan((CPU,)), 1)


def test_a_real_session_says_where_its_nodes_are(bundle_dir: Path) -> None:
    opened = providers.open_session(bundle_dir / "fp32" / "encoder.onnx", ProviderPlan((CPU,)), 1)
    assert list(opened.placement) == [CPU]
    assert opened.placement[CPU].nodes > 100


def test_threads_are_at_least_one() -> None:
    assert providers.physical_core_count() >= 1


def test_coreml_keeps_what_it_compiled_by_the_graphs_contents(tmp_path: Path) -> None:
    graph = tmp_path / "encoder.onnx"
    graph.write_bytes(b"one graph")
    first = providers.provider_options(COREML, graph)
    assert first["ModelFormat"] == "MLProgram"
    assert Path(first["ModelCacheDirectory"]).is_dir()
    assert Path(first["ModelCacheDirectory"]).is_relative_to(data_dir())
    assert providers.provider_options(COREML, graph) == first
    graph.write_bytes(b"another graph")
    second = providers.provider_options(COREML, graph)
    assert second["ModelCacheDirectory"] != first["ModelCacheDirectory"]
    assert providers.provider_options(CUDA, graph) == {}


def test_another_model_of_the_same_graph_has_a_place_of_its_own(tmp_path: Path) -> None:
    graph, weights = tmp_path / "encoder.onnx", tmp_path / "encoder.onnx_data"
    graph.write_bytes(b"one graph")
    weights.write_bytes(b"weights")
    first = providers.provider_options(COREML, graph)
    weights.write_bytes(b"other weights")
    assert providers.provider_options(COREML, graph) != first


def test_what_was_prepared_keeps_beside_it_what_coreml_compiles(tmp_path: Path) -> None:
    """So it goes with the model."""
    graph = tmp_path / "encoder-400.onnx"
    graph.write_bytes(b"a graph")
    (tmp_path / "compiled").mkdir()
    said = providers.provider_options(COREML, graph)
    assert said["ModelCacheDirectory"] == str(tmp_path / "compiled")
