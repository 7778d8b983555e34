"""Prepared tiers: made once, found again, made anew when anything changes, never half."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnx
import pytest
from helpers.bundle_variants import as_hub_cache, copied
from helpers.messages import sentence, shows
from helpers.prepared_recognizers import PutPrepared

from granite_live.app.factory import open_recognizer
from granite_live.messages.models import ModelMessage, OptimizeMessage, ProviderMessage
from granite_live.models.bundle import COMPILED, COREML, CPU, CUDA, Bundle, Form
from granite_live.models.opening import open_bundle
from granite_live.models.optimize import (
    building,
    dependencies,
    find_prepared,
    prepare_tier,
    prepared_tiers,
    recipe,
    remove_stale_prepared,
)
from granite_live.util.errors import BundleError
from granite_live.util.paths import data_dir


@pytest.fixture
def home(put_prepared: PutPrepared) -> Path:
    """The test's home with the committed bundle's fp32 tier prepared in it."""
    put_prepared("fp32")
    return data_dir()


@pytest.fixture
def bundle(bundle_dir: Path) -> Bundle:
    return open_bundle(bundle_dir, "fp32")


@pytest.fixture
def nothing_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("graphs were made")

    monkeypatch.setattr(prepared_tiers, "_make", refuse)


def _folders() -> list[str]:
    root = data_dir() / "prepared"
    return sorted(one.name for one in root.iterdir() if one.is_dir()) if root.exists() else []


@pytest.mark.usefixtures("home", "nothing_is_made")
def test_what_was_made_is_found_and_not_made_again(bundle: Bundle) -> None:
    found = find_prepared(bundle)
    assert found is not None
    assert found.prepared
    assert prepare_tier(bundle).graphs == found.graphs
    assert found.graphs["embed_tokens"] == bundle.graphs["embed_tokens"]
    assert found.graphs["encoder"].parent.parent == data_dir() / "prepared"


def test_the_manifest_says_what_each_rewrite_did(home: Path) -> None:
    (manifest,) = home.glob("prepared/*/prepared.json")
    report = json.loads(manifest.read_text("utf-8"))["report"]
    assert report["encoder"]["pointwise convolutions"] == "8 changed"
    assert report["encoder"]["depthwise convolutions"] == "not found"
    assert report["editor"]["head for text rows"] == "1 changed"
    assert report["equality"] not in report["encoder"].values()
    assert shows(report["equality"], OptimizeMessage.DIFFERENCE, drafted=1.0, edited=1.0)


def test_nothing_is_found_where_nothing_was_made(bundle: Bundle) -> None:
    assert find_prepared(bundle) is None
    assert _folders() == []


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("what", ["recipe", "processor", "onnxruntime"])
def test_another_machine_or_program_finds_nothing(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    from granite_live.models.onnx_runtime import ort as onnxruntime

    if what == "recipe":
        monkeypatch.setattr(recipe, "VERSION", recipe.VERSION + 1)
    elif what == "processor":
        monkeypatch.setattr(dependencies, "processor_features", lambda: "x86_64 sse2")
    else:
        monkeypatch.setattr(onnxruntime, "__version__", "1.99.0")
    assert find_prepared(bundle) is None


def test_changed_weights_are_prepared_anew_and_the_old_form_goes(
    bundle_dir: Path, tmp_path: Path
) -> None:
    bundle = open_bundle(copied(bundle_dir, tmp_path / "model", "fp32"))
    first = prepare_tier(bundle)
    data = bundle.graphs["encoder"].with_name("encoder.onnx_data")
    os.utime(data, ns=(1, data.stat().st_mtime_ns + 10**9))
    assert find_prepared(bundle) is None
    second = prepare_tier(bundle)
    assert second.graphs["encoder"] != first.graphs["encoder"]
    assert not first.graphs["encoder"].exists()
    assert len(_folders()) == 1


def test_a_damaged_file_is_not_used(home: Path, bundle: Bundle) -> None:
    (data,) = home.glob("prepared/*/encoder.onnx_data")
    data.write_bytes(data.read_bytes()[:-1])
    assert find_prepared(bundle) is None
    assert prepare_tier(bundle).prepared  # made whole again in the same place
    assert find_prepared(bundle) is not None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"source": {}, "bytes": {}}'])
def test_a_damaged_manifest_is_not_believed(home: Path, bundle: Bundle, text: str) -> None:
    (manifest,) = home.glob("prepared/*/prepared.json")
    manifest.write_text(text, "utf-8")
    assert find_prepared(bundle) is None


def _no_disk(*_: Any, **__: Any) -> None:
    raise OSError(28, "No space left on device")


def _killed(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def _unequal(*_: Any, **__: Any) -> str:
    raise BundleError(OptimizeMessage.NOT_EQUAL(reason="so"))


def _broken(*_: Any, **__: Any) -> None:
    raise KeyError("surprise")


@pytest.mark.parametrize(
    ("place", "name", "failure", "reason"),
    [
        (building, "save_optimized", _no_disk, "No space left on device"),
        (building, "compare_with_published", _unequal, OptimizeMessage.NOT_EQUAL(reason="so")),
        (
            recipe,
            "rewrite_graph",
            _broken,
            OptimizeMessage.UNKNOWN_FORM(graph="encoder", reason="KeyError"),
        ),
    ],
)
def test_a_failed_preparation_leaves_the_published_graphs_in_use_and_says_why(
    bundle: Bundle,
    monkeypatch: pytest.MonkeyPatch,
    place: Any,
    name: str,
    failure: Callable[..., Any],
    reason: str,
) -> None:
    monkeypatch.setattr(place, name, failure)
    with open_recognizer(bundle, "cpu", 1, "prepared") as recognizer:
        (note,) = recognizer.provider_notes
        assert not recognizer.bundle.prepared
    assert shows(note, ModelMessage.PUBLISHED_GRAPHS_USED)
    assert reason in note
    assert _folders() == []


def test_an_interrupted_preparation_leaves_nothing(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "save_optimized", _killed)
    with pytest.raises(KeyboardInterrupt):
        prepare_tier(bundle)
    assert _folders() == []


def test_what_a_kill_left_goes_with_the_next_preparation(home: Path, bundle: Bundle) -> None:
    (folder,) = _folders()
    left = home / "prepared" / f"{folder}.part"
    left.mkdir()
    (left / "encoder.onnx").write_bytes(b"half")
    orphan = home / "prepared" / "gone-int8-0123"
    orphan.mkdir()
    manifest = {"source": {"source": str(home / "nowhere"), "tier": "int8", "provider": "x"}}
    (orphan / "prepared.json").write_text(json.dumps(manifest), "utf-8")
    shutil.rmtree(home / "prepared" / folder)
    prepare_tier(bundle)
    assert _folders() == [folder]


def test_prepared_graphs_that_do_not_open_are_not_used(home: Path, bundle: Bundle) -> None:
    (graph,) = home.glob("prepared/*/editor.onnx")
    graph.write_bytes(b"\0" * graph.stat().st_size)
    with open_recognizer(bundle, "cpu", 1) as recognizer:
        assert not recognizer.bundle.prepared
        assert shows(recognizer.provider_notes[0], ProviderMessage.GRAPH_UNOPENABLE)


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(("graphs", "used"), [("auto", True), ("published", False)])
def test_the_prepared_form_is_taken_where_it_exists_unless_the_published_is_asked_for(
    bundle: Bundle, graphs: str, used: bool
) -> None:
    with open_recognizer(bundle, "cpu", 1, graphs) as recognizer:
        assert recognizer.bundle.prepared == used
        assert recognizer.provider_notes == ()


@pytest.mark.usefixtures("nothing_is_made")
def test_nothing_is_prepared_that_was_not_asked_for(bundle: Bundle) -> None:
    with open_recognizer(bundle, "cpu", 1) as recognizer:
        assert not recognizer.bundle.prepared
    assert _folders() == []


def test_too_small_a_disk_is_told_before_anything_is_written(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        prepared_tiers.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 8, 1)
    )
    with pytest.raises(
        BundleError, match=sentence(OptimizeMessage.NO_ROOM, needed_gb=0.0, free_gb=0.0)
    ):
        prepare_tier(bundle)


@pytest.mark.parametrize(
    ("tier", "provider", "message"),
    [
        (
            "fp16w",
            CPU,
            sentence(
                OptimizeMessage.TIER_NOT_PREPARED,
                tier="fp16w",
                why=OptimizeMessage.SINGLE_PRECISION(),
                tiers="int8 or fp32",
            ),
        ),
        (
            "fp32",
            CUDA,
            sentence(
                OptimizeMessage.TIER_NOT_PREPARED,
                tier="fp32",
                why=OptimizeMessage.FOR_PLACE(place="CUDA"),
                tiers="fp16w",
            ),
        ),
        (
            "int8",
            CUDA,
            sentence(
                OptimizeMessage.TIER_NOT_PREPARED,
                tier="int8",
                why=OptimizeMessage.FOR_PLACE(place="CUDA"),
                tiers="fp16w",
            ),
        ),
        (
            "fp32",
            COREML,
            sentence(
                OptimizeMessage.TIER_NOT_PREPARED,
                tier="fp32",
                why=OptimizeMessage.FOR_PLACE(place="CoreML"),
                tiers="fp16w",
            ),
        ),
        (
            "fp32",
            "QNNExecutionProvider",
            sentence(OptimizeMessage.PROVIDER_NOT_SUPPORTED, provider=re.compile("QNN.*")),
        ),
    ],
)
def test_other_tiers_and_devices_stay_as_published(
    bundle_dir: Path, tier: str, provider: str, message: re.Pattern[str]
) -> None:
    opened = open_bundle(bundle_dir, tier)
    assert find_prepared(opened, provider) is None
    with pytest.raises(BundleError, match=message):
        prepare_tier(opened, provider)
    assert _folders() == []


@pytest.mark.filterwarnings("ignore:Specified provider .* is not in available provider names")
def test_what_is_for_a_card_that_is_not_there_is_not_made(bundle_dir: Path) -> None:
    from granite_live.models.onnx_runtime import ort as onnxruntime

    if CUDA in onnxruntime.get_available_providers():
        pytest.skip("there is a card here")
    with pytest.raises(
        BundleError, match=sentence(OptimizeMessage.PROVIDER_DOES_NOT_WORK, provider=CUDA)
    ):
        prepare_tier(open_bundle(bundle_dir, "fp16w"), CUDA)
    assert _folders() == []


def test_the_form_for_cards_is_made_and_kept_as_the_others_are(
    bundle_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the processor in the card's place: it computes 16 bits by way of 32."""
    monkeypatch.setitem(prepared_tiers._TIERS, CPU, ("fp16w",))
    opened = open_bundle(bundle_dir, "fp16w")
    made = prepare_tier(opened)
    assert made.prepared
    manifest = json.loads((made.graphs["encoder"].parent / "prepared.json").read_text("utf-8"))
    # Of the encoder's products the heads alone stay in 32 bits, and of the editor's.
    assert manifest["report"]["encoder"]["products in 16 bits"] == "72 changed, 2 left as they are"
    assert manifest["report"]["editor"]["products in 16 bits"] == "18 changed, 1 left as they are"
    assert shows(
        manifest["report"]["equality"], OptimizeMessage.DIFFERENCE, drafted=1.0, edited=1.0
    )
    assert find_prepared(opened) is not None


def test_processor_features_are_those_that_kernels_are_chosen_by(tmp_path: Path) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("model name : X\nflags\t\t: fpu avx2 vme avx512_vnni sse4_2 rdrand\n", "utf-8")
    assert dependencies.processor_features(info).split()[1:] == ["avx2", "avx512_vnni", "sse4_2"]
    info.write_text("Features\t: fp asimd asimddp crc32\n", "utf-8")
    assert dependencies.processor_features(info).split()[1:] == ["asimd", "asimddp"]
    assert dependencies.processor_features(tmp_path / "none").strip()


def test_what_was_prepared_goes_with_its_tier(bundle_dir: Path, tmp_path: Path) -> None:
    mine = copied(bundle_dir, tmp_path / "mine", "fp32")
    prepare_tier(open_bundle(mine, "fp32"))
    assert remove_stale_prepared() == 0
    assert len(_folders()) == 1
    shutil.rmtree(mine / "fp32")
    assert remove_stale_prepared() > 1000
    assert _folders() == []
    assert remove_stale_prepared() == 0


def test_nothing_is_swept_while_a_tier_is_prepared(tmp_path: Path) -> None:
    left = data_dir() / "prepared" / "old.part"
    left.mkdir(parents=True)
    with prepared_tiers._making(left):
        assert remove_stale_prepared() == 0
    assert left.is_dir()
    remove_stale_prepared()
    assert not left.is_dir()


def test_a_model_in_the_hubs_cache_is_prepared_through_its_links(
    bundle_dir: Path, tmp_path: Path
) -> None:
    """There every file is a link to a neighbour of another name."""
    snapshot = as_hub_cache(bundle_dir, tmp_path / "hub", "fp32")
    assert prepare_tier(open_bundle(snapshot, "fp32")).prepared


def _compiling(monkeypatch: pytest.MonkeyPatch, *, fails_at: int = 0) -> list[tuple[Path, Path]]:
    """Let a device that is not here compile, or fail at the graph of that number."""
    compiled: list[tuple[Path, Path]] = []

    def compile_for(provider: str, graph: Path, weights: Path, folder: Path) -> None:
        assert provider == COREML
        assert folder.is_dir()
        compiled.append((graph, weights))
        if len(compiled) == fails_at:
            raise BundleError("CoreML cannot compile it.")
        (folder / str(len(compiled))).mkdir()

    monkeypatch.setattr(building, "compile_graph", compile_for)
    return compiled


def test_coreml_gets_graphs_of_fixed_lengths_compiled_once(
    bundle_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = open_bundle(copied(bundle_dir, tmp_path / "model", "fp16w"))
    compiled, told = _compiling(monkeypatch), list[str]()
    made = prepare_tier(bundle, COREML, told.append)
    assert made.form is Form.FIXED
    graphs = [one for several in made.fixed.values() for one in several]
    assert sorted(graph.name for graph, _ in compiled) == sorted(one.path.name for one in graphs)
    assert {weights for _, weights in compiled} == {(tmp_path / "model" / "fp16w").resolve()}
    assert told[-1] == OptimizeMessage.COMPILING(number="4", count="4")
    home = graphs[0].path.parent
    assert sorted(one.name for one in (home / COMPILED).iterdir()) == ["1", "2", "3", "4"]
    # The weights are used where they are.
    assert sum(one.stat().st_size for one in home.glob("*.onnx")) < 1_000_000
    assert not list(home.glob("*data*"))
    keys_of = {one.path.name: _cache_key(one.path) for one in graphs}
    assert len(set(keys_of.values())) == 4
    assert all(key.isalnum() and len(key) <= 64 for key in keys_of.values())
    # Found again, and nothing is compiled again.
    assert find_prepared(bundle, COREML) == made
    assert len(compiled) == 4
    os.utime(tmp_path / "model" / "fp16w" / "encoder.onnx_data", ns=(1, 1))
    again = prepare_tier(bundle, COREML)
    assert {one.path.name: _cache_key(one.path) for one in again.fixed["encoder"]} != keys_of
    assert _folders() == [again.graphs["encoder"].parent.name]


def _cache_key(path: Path) -> str:
    props = onnx.load(path, load_external_data=False).metadata_props
    return str(next(one.value for one in props if one.key == "COREML_CACHE_KEY"))


@pytest.mark.parametrize("number", [1, 4])
def test_what_coreml_cannot_compile_is_told_and_nothing_stays(
    bundle_dir: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    _compiling(monkeypatch, fails_at=number)
    monkeypatch.setattr(building, "compare_with_published", lambda *_: "equal")  # takes seconds
    with pytest.raises(BundleError, match="CoreML cannot compile it"):
        prepare_tier(open_bundle(bundle_dir, "fp16w"), COREML)
    assert _folders() == []


def test_room_for_what_coreml_compiles_is_looked_for(
    bundle_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        prepared_tiers.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 8, 1)
    )
    with pytest.raises(BundleError, match=sentence(OptimizeMessage.NO_ROOM, needed_gb=0.0)):
        prepare_tier(open_bundle(bundle_dir, "fp16w"), COREML)


def test_compiling_is_opening_a_session_that_keeps_it(
    bundle_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the processor in place of a device; what the device is told is looked at."""
    from granite_live.models.onnx_runtime import ort as onnxruntime

    asked: list[Any] = []
    session = onnxruntime.InferenceSession

    def opened(model: Any, options: Any, *, providers: Any, enable_fallback: int) -> Any:
        asked.extend(providers)
        return session(model, options, providers=[CPU], enable_fallback=enable_fallback)

    monkeypatch.setattr(onnxruntime, "InferenceSession", opened)
    tier = bundle_dir / "fp32"
    building.compile_graph(COREML, tier / "encoder.onnx", tier, tmp_path)
    (name, told), (fallback, nothing) = asked
    assert (name, fallback, nothing) == (COREML, CPU, {})
    assert told == {
        "ModelFormat": "MLProgram",
        "MLComputeUnits": "ALL",
        "ModelCacheDirectory": str(tmp_path),
    }
    with pytest.raises(
        BundleError,
        match=sentence(OptimizeMessage.COMPILING_FAILED, provider=COREML, graph="encoder"),
    ):
        building.compile_graph(COREML, tier / "encoder.onnx", tmp_path, tmp_path)


def test_a_model_that_hears_what_is_filled_in_is_prepared_for_one_at_a_time(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for a card, whose part the processor plays."""
    monkeypatch.setattr(prepared_tiers, "_FORMS", {CPU: (Form.JOINT, Form.PREPARED)})
    monkeypatch.setattr(recipe, "_padding_steps", lambda *_: ())
    told: list[str] = []
    made = prepare_tier(bundle, tell=told.append)
    assert made.form is Form.PREPARED
    (sentence,) = [one for one in told if shows(one, OptimizeMessage.ONE_AT_A_TIME)]
    assert shows(sentence, OptimizeMessage.NOT_EQUAL)
    assert len(_folders()) == 1
    again: list[str] = []
    assert prepare_tier(bundle, tell=again.append) == made == find_prepared(bundle)
    assert again == []


@pytest.mark.soak
def test_the_best_form_is_taken(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared_tiers, "_FORMS", {CPU: (Form.JOINT, Form.PREPARED)})
    made = prepare_tier(bundle)
    assert made.form is Form.JOINT
    prepare_tier(bundle, form=Form.PREPARED)
    assert find_prepared(bundle) == made
    assert len(_folders()) == 2
    # Of another time all forms go.
    monkeypatch.setattr(recipe, "VERSION", recipe.VERSION + 1)
    prepare_tier(bundle, form=Form.PREPARED)
    assert len(_folders()) == 1
