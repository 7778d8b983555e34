"""Make `tests/data/bundle`: the published layout, random weights, three tiers, fixtures.

    PYTHONPATH=tests python tools/test_bundle/make.py --standin DIR --torch-python PYTHON

`DIR` holds the stand-in generator (`make_bundle.py`, `quantise.py`, `fp16w.py`): it exports the
graphs from torch by the same path as the published ones. `PYTHON` is an interpreter with torch,
onnx, onnxruntime and tokenizers; this script itself runs in the project's own environment.
The same versions give the same bytes (see README.md).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import wave
from pathlib import Path

import numpy as np
import onnx
from helpers.oracle import Oracle
from helpers.synthetic_sounds import RATE_HZ, made_up_sound
from onnx import TensorProto, helper, numpy_helper
from tune import save_as_published, tune

GRAPHS = ("encoder", "editor", "embed_tokens")
BUNDLE_SEED = 1
SAMPLE_SEED, SAMPLE_LENGTH = 5, 134_880  # 8.43 s, as long as the published sample
TARGET = Path(__file__).resolve().parents[2] / "tests" / "data" / "bundle"

FIXTURES_README = """# Fixtures of the test bundle

`sample_audio.wav`: 8.43 s of made-up sound (chirps and bursts of noise), 16 kHz.
The expected values come from tests/helpers/oracle.py on the fp32 tier, never from the program:
`expected_input_features.npy` float32 [1, T, 160], `expected_attention_mask.npy` int64 [1, T],
`expected_audio_embeds.npy` float32 [1, A', D] (the A' = T // 5 valid rows, before any division),
`transcript.txt` (UTF-8; the weights are random, so it is noise).
"""


def main() -> None:
    """Build in a temporary folder, then replace the committed bundle."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--standin", type=Path, required=True)
    parser.add_argument("--torch-python", default="python3")
    parser.add_argument("--target", type=Path, default=TARGET)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "bundle"

        def standin(script: str, *words: object) -> None:
            command = [args.torch_python, str(args.standin / script), *map(str, words)]
            subprocess.run(command, check=True)

        standin("make_bundle.py", bundle, "--size", "small", "--seed", BUNDLE_SEED)
        tune(bundle)
        (bundle / "int8").mkdir()
        for name in GRAPHS:
            source = bundle / "fp32" / f"{name}.onnx"
            standin("fp16w.py", source, bundle / "fp16w" / source.name)
            (bundle / "fp16w" / f"{name}.onnx_data").chmod(0o644)
            if name == "embed_tokens":
                write_int8_table(source, bundle / "int8" / source.name)
            else:
                raw = Path(folder) / "raw" / source.name
                raw.parent.mkdir(exist_ok=True)
                standin("quantise.py", source, raw)
                # The quantiser names its sidecar `<name>.onnx.data`.
                save_as_published(onnx.load(str(raw)), bundle / "int8" / source.name)
        write_fixtures(bundle)
        shutil.rmtree(args.target, ignore_errors=True)
        shutil.copytree(bundle, args.target)
    print(
        f"{args.target}: {sum(p.stat().st_size for p in args.target.rglob('*') if p.is_file())} B"
    )


def write_int8_table(source: Path, target: Path) -> None:
    """Write the embedding table with one symmetric int8 scale per row, as published."""
    model = onnx.load(str(source))
    graph = model.graph
    (gather,) = graph.node
    (table,) = graph.initializer
    values = numpy_helper.to_array(table)
    scale = np.abs(values).max(axis=1, keepdims=True) / 127.0
    quantised = np.round(values / scale).astype(np.int8)
    ids, output = gather.input[1], gather.output[0]
    del graph.node[:], graph.initializer[:]
    graph.initializer.extend(
        [
            numpy_helper.from_array(quantised, "table_int8"),
            numpy_helper.from_array(scale.astype(np.float32), "table_scale"),
        ]
    )
    graph.node.extend(
        [
            helper.make_node("Gather", ["table_int8", ids], ["rows_int8"], name="/table/Gather"),
            helper.make_node("Gather", ["table_scale", ids], ["rows_scale"], name="/scale/Gather"),
            helper.make_node("Cast", ["rows_int8"], ["rows"], to=TensorProto.FLOAT, name="/Cast"),
            helper.make_node("Mul", ["rows", "rows_scale"], [output], name="/Mul"),
        ]
    )
    save_as_published(model, target)


def write_fixtures(bundle: Path) -> None:
    """Write `test_fixtures/` from the oracle on the fp32 tier."""
    folder = bundle / "test_fixtures"
    folder.mkdir()
    pcm = np.round(made_up_sound(SAMPLE_LENGTH, SAMPLE_SEED) * 32767).astype("<i2")
    with wave.open(str(folder / "sample_audio.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE_HZ)
        sound.writeframes(pcm.tobytes())
    result = Oracle(bundle, "fp32").transcribe(pcm.astype(np.float32) / 32768)
    mask = np.ones(result.features.shape[:2], dtype=np.int64)
    np.save(folder / "expected_input_features.npy", result.features)
    np.save(folder / "expected_attention_mask.npy", mask)
    valid = result.audio_embeds[:, : result.audio_length]
    np.save(folder / "expected_audio_embeds.npy", valid)
    (folder / "transcript.txt").write_text(result.text, "utf-8", newline="")
    (folder / "README.md").write_text(FIXTURES_README, "utf-8")


if __name__ == "__main__":
    main()
