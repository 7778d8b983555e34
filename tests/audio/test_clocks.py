"""Beeps that a container places at known times are decoded within 40 ms of them."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from helpers.messages import shows
from numpy.typing import NDArray

from granite_live.audio.files import open_audio
from granite_live.messages.recording import RecordingMessage

RATE_HZ = 48_000
HEARD_HZ = 16_000
FRAME = 960
BEEP_S = 0.1
WITHIN_S = 0.04
PICTURES_PER_S = 10

Clock = Callable[[float], float]
"""Returns when the sample at second n of the audio is to be played."""


def beeps(seconds: float) -> NDArray[np.float32]:
    """Return a tone at the start of every second, between near-silence."""
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    tone = np.sin(2 * np.pi * 1_000 * time_s)
    is_on = (time_s + 0.5) % 1.0 < BEEP_S
    return (0.5 * tone * is_on).astype(np.float32)


@functools.cache
def encoded_beeps(codec: str, seconds: float) -> list[tuple[bytes, float]]:
    """Return the packets of the beeps, each with its time by the encoder's count of samples."""
    samples = beeps(seconds)
    with av.open(io.BytesIO(), "w", format="matroska") as container:
        stream = container.add_stream(codec, rate=RATE_HZ, layout="mono")
        convert = av.AudioResampler(format=stream.format, layout="mono", rate=RATE_HZ)
        packets = []
        for start in range(0, len(samples), FRAME):
            piece = np.ascontiguousarray(samples[start : start + FRAME][np.newaxis])
            frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = RATE_HZ, start
            for converted in convert.resample(frame):
                packets += stream.encode(converted)
        packets += stream.encode(None)
    default = Fraction(1, RATE_HZ)
    return [(bytes(one), float(one.pts * (one.time_base or default))) for one in packets]


def write(
    path: Path,
    codec: str,
    seconds: float,
    clock: Clock,
    *,
    picture_start_s: float | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    """Write beeps at the times of `clock`, and a video stream if its start is given."""
    with av.open(path, "w", container_options=options or {}) as container:
        picture = None
        if picture_start_s is not None:
            picture = container.add_stream("mpeg4", rate=PICTURES_PER_S)
            picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        stream = container.add_stream(codec, rate=RATE_HZ, layout="mono")
        packets = []
        for content, encoded_s in encoded_beeps(codec, seconds):
            packet = av.Packet(content)
            packet.stream, packet.is_keyframe = stream, True
            packet.time_base = Fraction(1, 90_000)
            packet.pts = packet.dts = round(clock(encoded_s) * 90_000)
            packet.duration = round(FRAME / RATE_HZ * 90_000)
            packets.append(packet)
        if picture is not None and picture_start_s is not None:
            for index in range(round(seconds * PICTURES_PER_S)):
                image = np.full((72, 64), 100, np.uint8)
                shown = av.VideoFrame.from_ndarray(image, format="yuv420p")
                shown.time_base = Fraction(1, PICTURES_PER_S)
                shown.pts = index + round(picture_start_s * PICTURES_PER_S)
                container.mux(picture.encode(shown))
            container.mux(picture.encode(None))
        container.mux(packets)
    return path


def heard_s(path: Path) -> NDArray[np.float64]:
    """Return the start times of the beeps."""
    with open_audio(path) as audio:
        sound = np.abs(np.concatenate(list(audio.blocks(HEARD_HZ))))
    loud = sound > 0.15
    # A beep starts where it is loud after a fifth of a second of quiet.
    found = np.flatnonzero(loud)
    starts = found[np.insert(np.diff(found) > HEARD_HZ // 5, 0, True)]
    return starts / HEARD_HZ


def check(path: Path, clock: Clock, seconds: float, origin_s: float = 0.0) -> None:
    wanted_s = np.array([clock(beat + 0.5) - origin_s for beat in range(int(seconds))])
    found_s = heard_s(path)
    assert len(found_s) == len(wanted_s), found_s
    np.testing.assert_allclose(found_s, wanted_s, atol=WITHIN_S)


FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "frag_duration": "500000"}
KINDS = [
    pytest.param("a.mkv", "libopus", None, id="mkv"),
    pytest.param("a.mkv", "aac", None, id="mkv-aac"),
    pytest.param("a.webm", "libopus", None, id="webm"),
    pytest.param("a.mp4", "aac", None, id="mp4"),
    pytest.param("a.mov", "pcm_s16le", None, id="mov-pcm"),
    pytest.param("a.mp4", "aac", FRAGMENTED, id="fragmented-mp4"),
    pytest.param("a.ts", "aac", None, id="ts"),
]

# Uncompressed audio in a MOV file has no timestamps.
TIMED_KINDS = [kind for kind in KINDS if kind.id != "mov-pcm"]


@pytest.mark.parametrize("start_s", [0.0, 10.0])
@pytest.mark.parametrize(("name", "codec", "options"), KINDS)
def test_times_count_from_the_start_of_the_container(
    tmp_path: Path, name: str, codec: str, options: dict[str, str] | None, start_s: float
) -> None:
    def clock(time_s: float) -> float:
        return time_s + start_s

    path = write(tmp_path / name, codec, 5.0, clock, options=options)
    check(path, clock, 5.0, origin_s=start_s)


@pytest.mark.parametrize("late_s", [0.1, 1.3])
@pytest.mark.parametrize(("name", "codec", "options"), [k for k in KINDS if k.id != "webm"])
def test_sound_that_starts_after_the_picture(
    tmp_path: Path, name: str, codec: str, options: dict[str, str] | None, late_s: float
) -> None:
    """In an MP4 this is an edit list."""

    def clock(time_s: float) -> float:
        return time_s + late_s

    path = write(tmp_path / name, codec, 5.0, clock, picture_start_s=0.0, options=options)
    check(path, clock, 5.0)


@pytest.mark.parametrize("gap_s", [0.15, 2.4])
@pytest.mark.parametrize(("name", "codec", "options"), TIMED_KINDS)
def test_gaps_stay_gaps(
    tmp_path: Path, name: str, codec: str, options: dict[str, str] | None, gap_s: float
) -> None:
    def clock(time_s: float) -> float:
        return time_s + (gap_s if time_s >= 2.9 else 0.0)

    check(write(tmp_path / name, codec, 6.0, clock, options=options), clock, 6.0)


@pytest.mark.parametrize(
    "drift", [-0.02, pytest.param(-0.001, marks=pytest.mark.soak), 0.001, 0.02]
)
@pytest.mark.parametrize(("name", "codec", "options"), TIMED_KINDS)
def test_a_clock_that_runs_apart_from_the_samples(
    tmp_path: Path, name: str, codec: str, options: dict[str, str] | None, drift: float
) -> None:
    def clock(time_s: float) -> float:
        return time_s * (1 + drift)

    check(write(tmp_path / name, codec, 20.0, clock, options=options), clock, 20.0)


def test_times_below_zero(tmp_path: Path) -> None:
    """The video starts 0.5 s after the audio: the start of the audio is that of the file."""

    def clock(time_s: float) -> float:
        return time_s - 0.5

    options = {"avoid_negative_ts": "disabled"}
    path = write(tmp_path / "a.mkv", "aac", 5.0, clock, picture_start_s=0.0, options=options)
    check(path, clock, 5.0, origin_s=-0.5)


def test_joined_transport_streams_go_on_without_a_break(tmp_path: Path) -> None:
    """The second one's clock begins 40 minutes later; players show no pause there either."""

    def late(time_s: float) -> float:
        return time_s + 2_400.0

    first = write(tmp_path / "1.ts", "aac", 3.0, lambda time_s: time_s)
    second = write(tmp_path / "2.ts", "aac", 3.0, late)
    for order in ([first, second], [second, first]):
        both = tmp_path / "both.ts"
        both.write_bytes(b"".join(path.read_bytes() for path in order))
        with open_audio(both) as audio:
            seconds = sum(map(len, audio.blocks(HEARD_HZ))) / HEARD_HZ
            assert seconds == pytest.approx(6.0, abs=0.2)
            assert any(
                shows(note, RecordingMessage.CLOCK_JUMPS, times=RecordingMessage.ONCE())
                for note in audio.notes
            )
            assert audio.warnings == ()
