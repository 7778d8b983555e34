"""Create recordings of a sine in any encoding."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

SINE_HZ = 440.0
AMPLITUDE = 0.5
PIECE = 1024


def sine(seconds: float, rate_hz: int) -> NDArray[np.float32]:
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return (AMPLITUDE * np.sin(2 * np.pi * SINE_HZ * time_s)).astype(np.float32)


def encode(
    path: Path,
    codec: str,
    rate_hz: int,
    layout: str = "mono",
    *,
    seconds: float = 2.0,
    samples: NDArray[np.float32] | None = None,
    pts_jump: tuple[int, int] = (0, 0),
    video: bool = False,
) -> Path:
    """Write `samples` [shape=(n,) or (n, channels)] (a sine) with FFmpeg's encoder `codec`.

    `pts_jump` = (from sample, by samples) shifts the clock of later samples.
    """
    sound = sine(seconds, rate_hz) if samples is None else samples
    with av.open(path, "w") as container:
        picture = container.add_stream("mpeg4", rate=10) if video else None
        stream = container.add_stream(codec, rate=rate_hz, layout=layout)
        convert = av.AudioResampler(format=stream.format, layout=layout, rate=rate_hz)
        channels = stream.layout.nb_channels
        if picture is not None:
            picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
            _draw(container, picture, round(len(sound) / rate_hz * 10))
        for start in range(0, len(sound), PIECE):
            piece = sound[start : start + PIECE]
            if piece.ndim == 1:
                piece = np.repeat(piece[:, None], channels, axis=1)
            packed = np.ascontiguousarray(piece, dtype=np.float32).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(packed, format="flt", layout=layout)
            frame.sample_rate = rate_hz
            frame.pts = start + (pts_jump[1] if start >= pts_jump[0] else 0)
            for converted in convert.resample(frame):
                container.mux(stream.encode(converted))
        for converted in convert.resample(None):
            container.mux(stream.encode(converted))
        container.mux(stream.encode(None))
    return path


def _draw(container: av.container.OutputContainer, stream: av.VideoStream, count: int) -> None:
    for index in range(count):
        frame = av.VideoFrame.from_ndarray(np.full((72, 64), 100, np.uint8), format="yuv420p")
        frame.pts = index
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def write_wav(path: Path, samples: NDArray[np.int16], rate_hz: int = 16_000) -> Path:
    """Write 16-bit samples [shape=(n,) or (n, channels)] with the standard library."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(samples.astype("<i2").tobytes())
    return path
