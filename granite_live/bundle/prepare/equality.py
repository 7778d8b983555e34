"""Prepared graphs must say what the published ones say: tried on made-up sound before use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from granite_live.bundle.prepare.optimising import CPU, device_first
from granite_live.errors import BundleError

if TYPE_CHECKING:
    from granite_live.bundle.description import Bundle

_ROWS = 150  # three seconds: with blocks of four seconds, the padded case
_SLOTS = 9

# (largest difference of audio rows, as a share of the largest value; least share of equal
# classes). int8 differs since the depthwise convolutions are not rounded any more, fp16w since
# products are computed in 16 bits; and noise is nothing that the model is sure of.
_LIMITS: Mapping[str, tuple[float, float]] = {
    "fp32": (1e-3, 0.99),
    "fp16w": (0.05, 0.9),
    "int8": (0.25, 0.8),
}

_Arrays = dict[str, NDArray[Any]]


def check_equality(bundle: Bundle, prepared: Mapping[str, Path], provider: str = CPU) -> str:
    """Run the published and the prepared graphs on the same noise; return how equal they are.

    One session is open at a time, the prepared ones on `provider`.

    Raises:
        BundleError: They differ by more than the tier may.
    """
    most, least = _LIMITS[bundle.tier]
    noise = np.random.default_rng(0).normal(0.5, 0.4, (1, _ROWS, bundle.front_end.feature_dim))
    feed: _Arrays = {
        "input_features": noise.astype(np.float32),
        "attention_mask": np.ones((1, _ROWS), np.int64),
    }
    wanted = ("bpe_logits_dense", "audio_embeds", "audio_lengths")
    was = _run(bundle.graphs["encoder"], feed, wanted)
    now = _run(prepared["encoder"], feed, ("draft_classes", "audio_embeds"), provider)
    rows = was["audio_embeds"]
    difference = float(np.abs(rows - now["audio_embeds"]).max() / max(np.abs(rows).max(), 1e-30))
    classes = was["bpe_logits_dense"].argmax(-1)
    drafted = float((classes == now["draft_classes"]).mean())
    audio = rows[:, : int(was["audio_lengths"][0])]
    edited = _compare_editors(bundle, prepared["editor"], audio, provider)
    said = f"audio rows differ by {difference:.1e}, {drafted:.0%} and {edited:.0%} tokens equal"
    if not (difference <= most and drafted >= least and edited >= least):
        raise BundleError(f"The prepared graphs do not say what the published ones say: {said}.")
    return said


def _compare_editors(
    bundle: Bundle, prepared: Path, rows: NDArray[np.float32], provider: str
) -> float:
    """Return which share of text rows gets the same token, for audio rows [1, A, D]."""
    slots = np.full((1, _SLOTS), bundle.eos_id, np.int64)
    slots[0, 1::2] = np.arange(_SLOTS // 2) + 1
    text = _run(bundle.graphs["embed_tokens"], {"input_ids": slots}, ("inputs_embeds",))
    audio = rows / np.float32(bundle.embedding_multiplier)
    both = np.concatenate([audio, text["inputs_embeds"]], axis=1)
    count = both.shape[1]
    feed = {
        "inputs_embeds": both,
        "position_ids": np.arange(count, dtype=np.int64)[None],
        "attention_mask": np.zeros((1, 1, count, count), np.float32),
        "audio_length": np.array([rows.shape[1]], np.int64),
    }
    was = _run(bundle.graphs["editor"], feed, ("logits",))["logits"][:, -_SLOTS:].argmax(-1)
    now = _run(prepared, feed, ("text_tokens",), provider)["text_tokens"]
    return float((was == now).mean())


def _run(
    path: Path, feed: Mapping[str, NDArray[Any]], outputs: tuple[str, ...], provider: str = CPU
) -> _Arrays:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.log_severity_level = 4
    try:
        session = ort.InferenceSession(
            str(path), options, providers=device_first(provider), enable_fallback=0
        )
        taken = {one.name: feed[one.name] for one in session.get_inputs()}
        return dict(zip(outputs, session.run(list(outputs), taken), strict=True))
    except Exception as error:  # onnxruntime's errors share no class of their own
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise BundleError(f"onnxruntime cannot run {path}: {lines[0]}") from error
