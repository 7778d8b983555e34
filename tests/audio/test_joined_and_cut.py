"""Files as they are really joined, tagged and cut: each loss is told once, and no other."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from helpers.messages import sentence, shows
from helpers.sine_recordings import encode, sine

from granite_live.audio.files import open_audio
from granite_live.messages.recording import RecordingMessage

RATE_HZ = 16_000


def read(path: Path) -> tuple[int, tuple[str, ...]]:
    """Return the number of samples and the warnings."""
    with open_audio(path) as audio:
        samples = sum(len(block) for block in audio.blocks(RATE_HZ))
        return samples, audio.warnings


ID3V2 = b"ID3\3\0\0" + bytes([0, 0, 16, 0]) + bytes(2048)
ID3V1 = b"TAG" + bytes(125)


@pytest.mark.parametrize("tag", [ID3V2, ID3V1])
def test_a_tag_between_frames_costs_no_frame(tmp_path: Path, tag: bytes) -> None:
    path = encode(tmp_path / "a.mp3", "libmp3lame", 44_100, seconds=4.0)
    whole, _ = read(path)
    content = path.read_bytes()
    with av.open(path) as container:
        middle = [packet.pos for packet in container.demux(audio=0) if packet.pos is not None][80]
    assert content[middle] == 0xFF
    path.write_bytes(content[:middle] + tag + content[middle:])
    samples, warnings = read(path)
    assert warnings == ()
    # Where the file is longer than its table says, FFmpeg leaves the encoder's padding at the end.
    assert whole <= samples <= whole + 1152 * RATE_HZ // 44_100


@pytest.mark.parametrize("ending", ["mkv", "webm"])
def test_a_clock_that_starts_late_is_no_missing_end(tmp_path: Path, ending: str) -> None:
    """Matroska counts its length from zero, so it includes the time before the start."""
    codec = "flac" if ending == "mkv" else "libopus"
    rate_hz = RATE_HZ if ending == "mkv" else 48_000
    plain = encode(tmp_path / f"plain.{ending}", codec, rate_hz, seconds=4.0)
    late = tmp_path / f"late.{ending}"
    with av.open(plain) as source, av.open(late, "w") as target:
        stream = target.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.dts is not None and packet.pts is not None:
                shift = round(5.5 / packet.time_base)
                packet.pts, packet.dts, packet.stream = (
                    packet.pts + shift, packet.dts + shift, stream,
                )  # fmt: skip
                target.mux(packet)
    with open_audio(late) as audio:
        assert audio.duration_s == pytest.approx(4.0, abs=0.1)
    samples, warnings = read(late)
    assert samples == pytest.approx(4.0 * RATE_HZ, abs=0.05 * RATE_HZ)
    assert warnings == ()


def test_a_cut_in_the_middle_of_a_frame_is_one_loss(tmp_path: Path) -> None:
    sound = sine(6.0, RATE_HZ) + np.random.default_rng(1).normal(0, 0.01, 6 * RATE_HZ)
    path = encode(tmp_path / "a.flac", "flac", RATE_HZ, samples=sound.astype(np.float32))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    _, warnings = read(path)
    assert len(warnings) == 1
    assert shows(
        warnings[0],
        RecordingMessage.CUT_OFF,
        missing=sentence(RecordingMessage.LAST_SECONDS_MISSING),
    )


def test_damage_before_a_cut_is_told_beside_it(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mp3", "libmp3lame", 44_100, seconds=6.0)
    with av.open(path) as container:
        places = [packet.pos for packet in container.demux(audio=0) if packet.pos is not None]
    content = bytearray(path.read_bytes()[: places[150] + 60])
    # A frame of the right length whose content is none.
    content[places[80] + 4 : places[81]] = b"\xff" * (places[81] - places[80] - 4)
    path.write_bytes(content)
    _, warnings = read(path)
    assert any(shows(warning, RecordingMessage.CUT_OFF) for warning in warnings)
    assert any(
        shows(warning, RecordingMessage.PIECES_DAMAGED, pieces=RecordingMessage.ONE_PIECE())
        for warning in warnings
    )
