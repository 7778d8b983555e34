"""`verify_fixtures` tells a bundle that reproduces its fixtures from one that does not."""

from __future__ import annotations

import shutil
import wave
from pathlib import Path

import numpy as np
import pytest

from granite_live.asr.verify import FixtureCheck, verify_fixtures
from granite_live.models.opening import open_bundle
from granite_live.util.errors import BundleError


def read_wav(path: Path, rate_hz: int) -> np.ndarray:
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (rate_hz, 2, 1)
        data = file.readframes(file.getnframes())
    return np.frombuffer(data, "<i2").astype(np.float32) / 32768


@pytest.fixture
def copy(bundle_dir: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(bundle_dir, tmp_path / "bundle"))


def checks(path: Path, tier: str) -> dict[str, FixtureCheck]:
    return {check.item: check for check in verify_fixtures(open_bundle(path, tier), read_wav)}


def spoil(path: Path, by: float) -> None:
    array = np.load(path)
    array[0, array.shape[1] // 2] += array.dtype.type(by)
    np.save(path, array)


def test_a_sound_bundle_passes(bundle_dir: Path) -> None:
    found = checks(bundle_dir, "fp32")
    assert set(found) == {"input features", "attention mask", "audio embeddings", "transcript"}
    assert all(check.passed for check in found.values()), found


def test_int8_embeddings_are_only_reported(bundle_dir: Path) -> None:
    found = checks(bundle_dir, "int8")["audio embeddings"]
    assert found.passed is None
    assert found.max_abs_error is not None
    assert found.max_abs_error > 0


@pytest.mark.parametrize(
    ("file", "item", "by"),
    [
        ("expected_input_features.npy", "input features", 0.01),
        ("expected_attention_mask.npy", "attention mask", 1),
        ("expected_audio_embeds.npy", "audio embeddings", 0.01),
    ],
)
def test_a_difference_is_found(copy: Path, file: str, item: str, by: float) -> None:
    spoil(copy / "test_fixtures" / file, by)
    found = checks(copy, "fp32")[item]
    assert found.passed is False
    assert found.max_abs_error == pytest.approx(by, rel=0.05)


def test_another_transcript_is_found(copy: Path) -> None:
    (copy / "test_fixtures" / "transcript.txt").write_text("something else")
    assert checks(copy, "fp32")["transcript"].passed is False


def test_another_shape_is_found(copy: Path) -> None:
    file = copy / "test_fixtures" / "expected_input_features.npy"
    np.save(file, np.load(file)[:, 1:])
    found = checks(copy, "fp32")["input features"]
    assert found.passed is False
    assert "shape" in found.detail


def test_what_is_not_there_is_not_claimed(copy: Path) -> None:
    for name in ("expected_audio_embeds.npy", "transcript.txt"):
        (copy / "test_fixtures" / name).unlink()
    assert set(checks(copy, "fp32")) == {"input features", "attention mask"}
    shutil.rmtree(copy / "test_fixtures")
    assert checks(copy, "fp32") == {}


def test_a_damaged_fixture_is_named(copy: Path) -> None:
    file = copy / "test_fixtures" / "expected_input_features.npy"
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(BundleError, match="expected_input_features"):
        checks(copy, "fp32")
