"""Silero's network in numpy against the scores that the published ONNX file gave in onnxruntime.

`silero_scores.txt` holds the scores of `silero_vad_16k_op15.onnx` of the package silero-vad 6.2.3,
run by onnxruntime 1.32 for each frame of `welcome.flac` behind the last 64 samples before it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import av
import numpy as np

from granite_live.util.paths import assets_dir
from granite_live.vad.detectors import FRAME_SAMPLES, SileroNetwork

FOLDER = assets_dir() / "voice-detector"
WEIGHTS = FOLDER / "silero.npz"


def test_scores_equal_those_of_the_published_file() -> None:
    with av.open(str(assets_dir() / "samples" / "welcome.flac")) as container:
        parts = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    sound = np.concatenate(parts).astype(np.float32) / 32768
    network = SileroNetwork(WEIGHTS)
    usable = len(sound) // FRAME_SAMPLES * FRAME_SAMPLES
    scores = [network.probability(one) for one in sound[:usable].reshape(-1, FRAME_SAMPLES)]
    published = np.loadtxt(Path(__file__).with_name("silero_scores.txt").read_text().split())
    assert len(scores) == len(published)
    assert np.abs(scores - published).max() < 2e-5
    assert np.array_equal(np.array(scores) > 0.5, published > 0.5)


def test_the_weights_are_the_published_ones() -> None:
    found = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
    assert found in (FOLDER / "README.md").read_text(encoding="utf-8")
