"""Verify on the user's machine that a bundle reproduces its recorded reference values.

A bundle may have `test_fixtures/`: a recording, the expected outputs of front end and encoder, and
a transcript. Each one that exists is compared. Main entry point: `verify_fixtures`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from granite_live.asr.features import LogMel, check_waveform
from granite_live.asr.graphs import Graphs
from granite_live.asr.providers import physical_core_count
from granite_live.asr.recognizer import Recognizer
from granite_live.messages.store import CheckMessage
from granite_live.util.errors import BundleError

if TYPE_CHECKING:
    from granite_live.models.bundle import Bundle

ReadAudio = Callable[[Path, int], NDArray[np.float32]]
"""Reads the recording at a path at a sample rate in Hz, as mono [shape=(samples,)]."""

_FEATURES_TOLERANCE = (1e-3, 1e-4)
# (relative, absolute) by tier. Integer arithmetic changes values without changing words, so int8
# has no tolerance: its error is reported, and its transcript is compared.
_EMBEDDING_TOLERANCES = {"fp32": (1e-4, 1e-5), "fp16w": (5e-3, 5e-3)}
_TRANSCRIPTS = "*transcript*.txt"


@dataclass(frozen=True, slots=True)
class FixtureCheck:
    """One comparison. `passed` is None if the value is only reported."""

    item: str
    max_abs_error: float | None
    tolerance: float | None
    passed: bool | None
    detail: str = ""


def verify_fixtures(bundle: Bundle, read_audio: ReadAudio) -> list[FixtureCheck]:
    """Run the bundle's fixtures on the CPU and return the result of each comparison.

    The list is empty if the bundle has no fixtures.

    Raises:
        AudioError, BundleError: A fixture exists but cannot be read.
        ProviderError: onnxruntime cannot run the graphs.
    """
    return list(_checks(bundle, bundle.path / "test_fixtures", read_audio))


def _checks(bundle: Bundle, fixtures: Path, read_audio: ReadAudio) -> Iterator[FixtureCheck]:
    audio = fixtures / "sample_audio.wav"
    expected = _array(fixtures / "expected_input_features.npy")
    mask = _array(fixtures / "expected_attention_mask.npy")
    embeds = _array(fixtures / "expected_audio_embeds.npy")
    text = _transcript(fixtures)
    rate_hz = bundle.front_end.sample_rate_hz
    sound = check_waveform(read_audio(audio, rate_hz), rate_hz) if audio.is_file() else None
    made = LogMel(bundle.front_end)(sound) if sound is not None else None
    if made is not None and expected is not None:
        yield _compare(CheckMessage.INPUT_FEATURES(), made, expected, _FEATURES_TOLERANCE)
    if made is not None and mask is not None:
        yield _compare_exactly(
            CheckMessage.ATTENTION_MASK(), np.ones(made.shape[:2], np.int64), mask
        )
    features = expected if expected is not None else made
    need_encoder = features is not None and embeds is not None
    if not need_encoder and (sound is None or text is None):
        return
    graphs = Graphs(bundle, "cpu", physical_core_count())
    with Recognizer(bundle, graphs, physical_core_count()) as recognizer:
        if features is not None and embeds is not None:
            rows = graphs.encode(np.ascontiguousarray(features, np.float32)).audio_rows[None]
            # The reference may end before the padding of the graph's last block.
            yield _compare(
                CheckMessage.AUDIO_EMBEDDINGS(),
                rows[:, : embeds.shape[1]],
                embeds,
                _EMBEDDING_TOLERANCES.get(bundle.tier),
            )
        if sound is not None and text is not None:
            yield _check_transcript(recognizer, sound, text)


def _check_transcript(
    recognizer: Recognizer, sound: NDArray[np.float32], text: str
) -> FixtureCheck:
    began = time.perf_counter()
    found = recognizer.transcribe(sound).text
    took_s = time.perf_counter() - began
    same = found.split() == text.split()
    speed = CheckMessage.SPEED(sound_s=len(sound) / recognizer.sample_rate_hz, took_s=took_s)
    return FixtureCheck(
        "transcript", None, None, same, speed if same else CheckMessage.TRANSCRIPT(text=found)
    )


def _compare(
    item: str,
    found: NDArray[np.float32],
    expected: NDArray[np.float32],
    tolerance: tuple[float, float] | None,
) -> FixtureCheck:
    """Compare within (relative, absolute) tolerance; the result shows the absolute tolerance."""
    absolute = tolerance[1] if tolerance else None
    if found.shape != expected.shape:
        detail = CheckMessage.SHAPE_DIFFERS(shape=found.shape, expected=expected.shape)
        return FixtureCheck(item, None, absolute, False, detail)
    error = float(np.abs(found - expected).max(initial=0.0))
    if tolerance is None:
        return FixtureCheck(item, error, None, None, CheckMessage.INTEGER_TIER())
    close = np.allclose(found, expected, rtol=tolerance[0], atol=tolerance[1])
    return FixtureCheck(item, error, absolute, bool(close))


def _compare_exactly(item: str, found: NDArray[np.int64], expected: NDArray[Any]) -> FixtureCheck:
    if found.shape != expected.shape:
        return FixtureCheck(
            item,
            None,
            0.0,
            False,
            CheckMessage.SHAPE_DIFFERS(shape=found.shape, expected=expected.shape),
        )
    error = float(np.abs(found - expected).max(initial=0))
    return FixtureCheck(item, error, 0.0, error == 0.0)


def _array(path: Path) -> NDArray[Any] | None:
    if not path.is_file():
        return None
    try:
        array: NDArray[Any] = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise BundleError(CheckMessage.FILE_DAMAGED(path=path)) from error
    return array


def _transcript(fixtures: Path) -> str | None:
    for path in sorted(fixtures.glob(_TRANSCRIPTS)):
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise BundleError(CheckMessage.FILE_DAMAGED(path=path)) from error
    return None
