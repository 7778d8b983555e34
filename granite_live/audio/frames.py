"""Convert a decoded FFmpeg frame of any sample format to float32 samples."""

from __future__ import annotations

import av
import numpy as np
from numpy.typing import NDArray

# The memory layout of FFmpeg's sample formats (native byte order), the value of silence and the
# value of full scale. "p" at the end of a name means planar.
_FORMATS = {
    "u8": ("u1", 128.0, 2.0**7),
    "s16": ("i2", 0.0, 2.0**15),
    "s32": ("i4", 0.0, 2.0**31),
    "s64": ("i8", 0.0, 2.0**63),
    "flt": ("f4", 0.0, 1.0),
    "dbl": ("f8", 0.0, 1.0),
}

# FFmpeg stores this many plane pointers in the frame itself. PyAV detects the end of the list by a
# null pointer, so with this many planes or more it reads past the end.
_POINTERS_IN_FRAME = 8


def channels_of(frame: av.AudioFrame) -> NDArray[np.float32]:
    """Return the frame's samples [shape=(channels, samples)], full scale 1.0.

    float32 passes unchanged; 24-bit and shorter integers are exact. NaN and infinity are kept.

    Raises:
        ValueError: The sample format is unknown, or the frame is inconsistent.
    """
    channels = frame.layout.nb_channels
    if channels < 1 or frame.samples < 1:
        return np.zeros((max(1, channels), 0), dtype=np.float32)
    if frame.format.is_planar and channels >= _POINTERS_IN_FRAME:
        parts = [_array(packed, channels) for packed in _packed(frame)]
        return np.concatenate(parts, axis=1)
    return _array(frame, channels)


def channel_names(layout: str) -> tuple[str, ...]:
    """Return FFmpeg's names of a layout's channels: `("FL", "FR")` for `stereo`."""
    return tuple(channel.name for channel in av.AudioLayout(layout).channels)


def _packed(frame: av.AudioFrame) -> list[av.AudioFrame]:
    """Return the planar frame's samples as packed frames (in practice one)."""
    converter = av.AudioResampler(format=frame.format.packed, layout=frame.layout)
    return [*converter.resample(frame), *converter.resample(None)]


def _array(frame: av.AudioFrame, channels: int) -> NDArray[np.float32]:
    """Return the frame as floats, full scale 1.0 [shape=(channels, samples)]."""
    name = frame.format.name
    try:
        dtype, silence, full_scale = _FORMATS[name.removesuffix("p")]
    except KeyError:
        raise ValueError(f"unknown sample format {name!r}") from None
    if frame.format.is_planar:
        planes = frame.planes[:channels]
        raw = np.stack(
            [np.frombuffer(memoryview(p), dtype=dtype, count=frame.samples) for p in planes]
        )
    else:
        flat = np.frombuffer(
            memoryview(frame.planes[0]), dtype=dtype, count=frame.samples * channels
        )
        raw = flat.reshape(frame.samples, channels).T
    if dtype == "f4":
        return raw.astype(np.float32)
    if dtype == "i2":  # exact in float32, also after division by a power of two
        return raw.astype(np.float32) * np.float32(1.0 / full_scale)
    # float64 holds every 32-bit integer, so there is one rounding at the end. A double beyond the
    # range of float32 becomes infinite, which the caller detects.
    with np.errstate(over="ignore", invalid="ignore"):
        return ((raw.astype(np.float64) - silence) / full_scale).astype(np.float32)
