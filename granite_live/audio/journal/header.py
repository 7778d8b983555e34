"""The 64-byte header of a journal's samples."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from granite_live.util.errors import AudioError

HEADER_BYTES = 64
"""The offset of the samples."""
SAMPLE_BYTES = 2
"""Mono, little-endian 16-bit integers."""

_MAGIC = b"GLSOUND\n"
_VERSION = 1
_CHANNELS = 1
_FORMAT = b"s16le"
# Magic, version, header length, sample rate, channels, sample format, start (microseconds since
# 1970, UTC), reserved zeros; then the checksum of everything before it.
_LAYOUT = struct.Struct("<8sHHIH6sq28x")
_CHECKSUM = struct.Struct("<I")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class DamagedHeaderError(AudioError):
    """The file does not begin with a journal header."""


@dataclass(frozen=True, slots=True)
class Header:
    """The sample rate of a journal and the time of its first sample."""

    sample_rate_hz: int
    started: datetime

    def pack(self) -> bytes:
        """Return the header's 64 bytes."""
        microseconds = (self.started - _EPOCH) // timedelta(microseconds=1)
        body = _LAYOUT.pack(
            _MAGIC, _VERSION, HEADER_BYTES, self.sample_rate_hz, _CHANNELS, _FORMAT, microseconds
        )
        return body + _CHECKSUM.pack(zlib.crc32(body))

    @classmethod
    def parse(cls, data: bytes) -> Header:
        """Return the header from a file's first 64 bytes.

        Raises:
            DamagedHeaderError: The bytes are not a header.
            AudioError: A newer version of the program wrote it.
        """
        if len(data) < HEADER_BYTES or not data.startswith(_MAGIC):
            raise DamagedHeaderError("the recording does not begin with its header")
        body = data[: _LAYOUT.size]
        (checksum,) = _CHECKSUM.unpack_from(data, _LAYOUT.size)
        if checksum != zlib.crc32(body):
            raise DamagedHeaderError("the header of the recording is damaged")
        _, version, header_bytes, rate_hz, channels, sample_format, start_us = _LAYOUT.unpack(body)
        usual = (header_bytes, channels, sample_format.rstrip(b"\0"))
        if version != _VERSION or usual != (HEADER_BYTES, _CHANNELS, _FORMAT):
            raise AudioError(
                f"the recording has format version {version}, and this program knows version "
                f"{_VERSION}: open it with the newer program that made it"
            )
        return cls(rate_hz, _EPOCH + timedelta(microseconds=start_us))
