"""Make a random stand-in bundle answer to sound: `tune(bundle)` rewrites its fp32 graphs.

With weights straight from a random generator nearly every frame has the same best class, and
attention is so flat that positions and most audio rows leave no trace in the argmax. A test on
such a bundle passes whatever the program does. So, on made-up sound:

- each class of the CTC head gets the same mean, the blank wins `BLANK_SHARE` of the frames and
  every frame of silence and of faint hiss;
- the audio rows are centred, with a standard deviation of 1;
- the editor's attention is sharpened, each class of its head gets the same mean, and eos wins
  `EOS_SHARE` of the text rows.

Run by `make.py`; needs only what the tests need.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from helpers.oracle import Oracle, add_insertion_slots, ctc_decode, features_of
from helpers.synthetic_sounds import RATE_HZ, made_up_sound
from onnx import numpy_helper

BLANK_SHARE = 0.55
EOS_SHARE = 0.45
SILENCE_MARGIN = 0.5
QUERY_GAIN, OUTPUT_GAIN = 60.0, 4.0
_CALIBRATION_SEEDS = (901, 902, 903)
_CALIBRATION_S = 20


class Graph:
    """A graph of the tier; weights are addressed by the name of the node that uses them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.model = onnx.load(str(path))
        self.initializers = {item.name: item for item in self.model.graph.initializer}

    def _weight_of(self, node_name: str) -> onnx.TensorProto:
        node = next(node for node in self.model.graph.node if node.name == node_name)
        (name,) = [name for name in node.input if name in self.initializers]
        return self.initializers[name]

    def get(self, node_name: str) -> np.ndarray:
        """Return the constant operand of the node."""
        return numpy_helper.to_array(self._weight_of(node_name)).copy()

    def put(self, node_name: str, value: np.ndarray) -> None:
        """Replace the constant operand of the node."""
        item = self._weight_of(node_name)
        item.CopyFrom(numpy_helper.from_array(value.astype(np.float32), item.name))

    def save(self) -> None:
        """Write the graph and its sidecar as published."""
        save_as_published(self.model, self.path)


def save_as_published(model: onnx.ModelProto, path: Path) -> None:
    """Write `path` with one sidecar `<name>.onnx_data` that holds everything from 1 KiB on."""
    sidecar = path.with_name(path.name + "_data")
    sidecar.unlink(missing_ok=True)
    onnx.save_model(
        model, str(path), save_as_external_data=True, location=sidecar.name, size_threshold=1024
    )
    sidecar.chmod(0o644)


def tune(bundle: Path) -> None:
    """Rewrite `bundle`/fp32 in place."""
    sounds = [made_up_sound(_CALIBRATION_S * RATE_HZ, seed) for seed in _CALIBRATION_SEEDS]
    features = [features_of(sound) for sound in sounds]
    _tune_encoder(bundle, features)
    _tune_editor(bundle, features)


def _tune_encoder(bundle: Path, features: list[np.ndarray]) -> None:
    outputs = [Oracle(bundle, "fp32").encode(item) for item in features]
    graph = Graph(bundle / "fp32" / "encoder.onnx")

    rows = np.concatenate([item["audio_embeds"][0] for item in outputs])
    scale = 1.0 / rows.std(axis=0).mean()
    bias = graph.get("/projector/out/Add")
    graph.put("/projector/out/MatMul", graph.get("/projector/out/MatMul") * scale)
    graph.put("/projector/out/Add", (bias - rows.mean(axis=0)) * scale)

    quiet = [Oracle(bundle, "fp32").encode(item) for item in _quiet_features()]
    weight, bias = graph.get("/bpe/MatMul"), graph.get("/bpe/Add")
    sound_states = _ctc_states(outputs, weight, bias)
    quiet_states = _ctc_states(quiet, weight, bias)
    bias = -(sound_states @ weight).mean(axis=0)
    # Direction in which sound and silence differ: 0 for the mean sound, 1 for the mean silence.
    away = quiet_states.mean(axis=0) - sound_states.mean(axis=0)
    direction = away / (away @ away)
    blank, blank_bias = weight[:, 0].copy(), bias[0]
    for push in np.arange(0.0, 200.0, 0.5):
        weight[:, 0] = blank + push * direction
        bias[0] = blank_bias - push * (sound_states.mean(axis=0) @ direction)
        bias[0] += np.quantile(_lead_over(sound_states @ weight + bias, 0), BLANK_SHARE)
        if _lead_over(quiet_states @ weight + bias, 0).max() < -SILENCE_MARGIN:
            break
    else:
        raise RuntimeError("no blank class is quiet enough")
    graph.put("/bpe/MatMul", weight)
    graph.put("/bpe/Add", bias)
    graph.save()


def _quiet_features() -> list[np.ndarray]:
    """Return features that must give an empty draft: digital silence, short and long, and hiss."""
    rng = np.random.default_rng(900)
    hiss = (1e-4 * rng.standard_normal(5 * RATE_HZ)).astype(np.float32)
    lengths = (640, RATE_HZ // 2, RATE_HZ, 3 * RATE_HZ, 10 * RATE_HZ)
    silence = [features_of(np.zeros(samples, np.float32)) for samples in lengths]
    return [*silence, features_of(hiss)]


def _ctc_states(
    outputs: list[dict[str, np.ndarray]], weight: np.ndarray, bias: np.ndarray
) -> np.ndarray:
    """Return the input of the CTC head [frames, width], computed from its output."""
    logits = np.concatenate([item["bpe_logits_dense"][0] for item in outputs])
    return (logits - bias).astype(np.float64) @ np.linalg.pinv(weight.astype(np.float64))


def _lead_over(logits: np.ndarray, column: int) -> np.ndarray:
    """Return by how much the best other class beats `column` in each row."""
    return np.delete(logits, column, axis=1).max(axis=1) - logits[:, column]


def _tune_editor(bundle: Path, features: list[np.ndarray]) -> None:
    graph = Graph(bundle / "fp32" / "editor.onnx")
    for layer in (0, 1):
        for name, gain in (("q", QUERY_GAIN), ("o", OUTPUT_GAIN)):
            node = f"/layers.{layer}/{name}/MatMul"
            graph.put(node, graph.get(node) * gain)
    graph.save()

    graph = Graph(graph.path)
    head = graph.get("/head/MatMul")
    oracle = Oracle(bundle, "fp32")
    logits = np.concatenate([_text_logits(oracle, item) for item in features])
    states = logits @ np.linalg.pinv(head.astype(np.float64))
    mean = states.mean(axis=0)
    direction = mean / (mean @ mean)
    head = head - np.outer(direction, mean @ head)
    centred = states @ head
    lead = _lead_over(centred, oracle.eos) / (states @ direction)
    head[:, oracle.eos] += direction * np.quantile(lead, EOS_SHARE)
    graph.put("/head/MatMul", head)
    graph.save()


def _text_logits(oracle: Oracle, features: np.ndarray) -> np.ndarray:
    """Return the editor's logits [slots, vocabulary] of the text rows."""
    outputs = oracle.encode(features)
    draft = ctc_decode(
        outputs["bpe_logits_dense"][0], outputs["bpe_mask"][0], oracle.vocab, oracle.eos
    )
    slots = add_insertion_slots(draft, oracle.eos)
    length = int(outputs["audio_lengths"][0])
    logits = oracle.editor_logits(outputs["audio_embeds"][0], length, slots)
    return logits[length:].astype(np.float64)
