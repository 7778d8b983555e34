"""What an opened bundle says: read from its files, never assumed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import onnx
import pytest
from helpers.messages import sentence

from granite_live.messages.bundle import BundleMessage
from granite_live.models import metadata
from granite_live.models.bundle import CtcMapping, FrontEnd
from granite_live.models.layout import choose_tier
from granite_live.models.opening import open_bundle
from granite_live.util.errors import BundleError


@pytest.fixture
def copy(bundle_dir: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(bundle_dir, tmp_path / "bundle"))


def rewrite(path: Path, **values: object) -> None:
    content = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps({**content, **values}))


def test_everything_is_read_from_the_files(bundle_dir: Path) -> None:
    bundle = open_bundle(bundle_dir, "fp32")
    assert bundle.tiers == ("fp32", "fp16w", "int8")
    assert bundle.front_end == FrontEnd()
    assert bundle.front_end.feature_dim == 160
    assert bundle.ctc == CtcMapping(blank=0, shift=1)
    assert str(bundle.ctc) == "blank is class 0, class c is token c - 1"
    assert (bundle.vocab_size, bundle.embedding_dim) == (512, 64)
    assert (bundle.eos_token, bundle.eos_id) == ("<|end_of_text|>", 510)
    assert (bundle.embedding_multiplier, bundle.scale_projected_embeddings) == (12.0, True)
    assert bundle.max_positions == 4096
    assert not bundle.is_demo
    assert not bundle.drafts_are_plain


def test_a_head_as_wide_as_the_vocabulary_has_the_eos_for_its_blank(
    no_shift_bundle_dir: Path,
) -> None:
    bundle = open_bundle(no_shift_bundle_dir)
    assert bundle.ctc == CtcMapping(blank=bundle.eos_id, shift=0)


def test_other_numbers_are_taken(copy: Path) -> None:
    rewrite(
        copy / "granite_export_metadata.json",
        embedding_multiplier=3,
        scale_projected_embeddings=False,
        drafts_are_plain=True,
        model="granite-live demo",
    )
    rewrite(copy / "config.json", text_config={"max_position_embeddings": 77})
    (copy / "preprocessor_config.json").write_text(
        json.dumps({"melspec_kwargs": {"sample_rate": 8000, "hop_length": 80, "n_mels": 40}})
    )
    bundle = open_bundle(copy)
    assert (bundle.embedding_multiplier, bundle.scale_projected_embeddings) == (3.0, False)
    assert bundle.drafts_are_plain
    assert bundle.max_positions == 77
    assert bundle.front_end == FrontEnd(
        sample_rate_hz=8000, hop_length=80, n_mels=40, frame_stack=4
    )
    assert bundle.is_demo


def test_silent_files_mean_the_published_numbers(copy: Path) -> None:
    (copy / "granite_export_metadata.json").unlink()
    (copy / "preprocessor_config.json").unlink()
    bundle = open_bundle(copy)
    assert (bundle.embedding_multiplier, bundle.scale_projected_embeddings) == (12.0, True)
    assert bundle.front_end == FrontEnd()


def test_the_export_metadata_outranks_the_upstream_configuration(copy: Path) -> None:
    rewrite(copy / "config.json", embedding_multiplier=7.0, scale_projected_embeddings=False)
    bundle = open_bundle(copy)
    assert (bundle.embedding_multiplier, bundle.scale_projected_embeddings) == (12.0, True)


@pytest.mark.parametrize(
    ("tiers", "chosen"),
    [
        (("fp32", "fp16w", "int8"), "int8"),
        (("fp32", "fp16w"), "fp32"),
        (("fp16w",), "fp16w"),
    ],
)
def test_the_tier_when_nobody_decided(tiers: tuple[str, ...], chosen: str) -> None:
    assert choose_tier(tiers, None) == chosen


def test_a_tier_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(BundleError, match=r"no tier 'int4'.*fp32, int8"):
        choose_tier(("fp32", "int8"), "int4")


def test_the_folder_of_a_tier_is_not_the_bundle(bundle_dir: Path) -> None:
    with pytest.raises(BundleError, match=sentence(BundleMessage.LOOKS_LIKE_TIER)):
        open_bundle(bundle_dir / "int8")


@pytest.mark.parametrize(
    "opened",
    [("encoder", "audio_embeds"), ("encoder", "bpe_logits_dense"), ("editor", "logits")],
)
def test_a_width_that_the_exporter_lost_is_worked_out(copy: Path, opened: tuple[str, str]) -> None:
    graph, output = opened
    file = copy / "int8" / f"{graph}.onnx"
    model = onnx.load(file, load_external_data=False)
    value = next(value for value in model.graph.output if value.name == output)
    value.type.tensor_type.shape.dim[-1].dim_param = "lost"
    onnx.save(model, file)
    bundle = open_bundle(copy, "int8")
    assert (bundle.vocab_size, bundle.embedding_dim) == (512, 64)
    assert bundle.ctc == CtcMapping(blank=0, shift=1)


def test_no_json_file_is_read_twice(bundle_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = metadata.read_json

    def counted(path: Path) -> Any:
        read.append(path.name)
        return real(path)

    monkeypatch.setattr(metadata, "read_json", counted)
    open_bundle(bundle_dir, "fp32")
    assert "granite_export_metadata.json" in read
    assert len(read) == len(set(read))
