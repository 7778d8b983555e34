"""Write the weights of Silero VAD that the program reads.

    pip download --no-deps silero-vad==6.2.3 && unzip silero_vad-6.2.3-*.whl
    python tools/voice_detector/weights.py silero_vad/data/silero_vad_16k_op15.onnx

The same file gives the same bytes. assets/voice-detector/README.md names both.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

TARGET = Path(__file__).resolve().parents[2] / "assets" / "voice-detector" / "silero.npz"


def main() -> None:
    """Write the graph's constants of several numbers by their names."""
    constants = onnx.load(sys.argv[1]).graph.initializer
    weights = {one.name: numpy_helper.to_array(one) for one in constants}
    floats = {name: value for name, value in weights.items() if value.dtype == np.float32}
    np.savez(TARGET, allow_pickle=False, **floats)
    for name, value in floats.items():
        print(f"{name} {value.shape}")


if __name__ == "__main__":
    main()
