"""Compare prepared graphs with published ones: the same model in one run, taking turns.

The demo model is small, and most rewrites find nothing in it. A bundle of the published size, even
of random weights, shows the gain:

    python benchmarks/bench_prepared.py BUNDLE --tiers int8,fp32 --layers 8

`--layers` says how many of the editor's 40 layers the bundle has: the time of the others is added,
that of the vocabulary's head is not. Prepared graphs are kept in $GRANITE_LIVE_HOME if that is set,
else nowhere.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

FULL_LAYERS = 40
TOKENS_PER_S = 3.2
FORMS = ("published", "prepared")
GROWING = (2.0, 4.0, 8.0, 15.0, 30.0, 60.0)

_held: dict[
    str, Any
] = {}  # State of the measuring process: its recognizer, and how to run its editor.


@dataclass(frozen=True)
class PreparedRun:
    """Seconds of computing for one sound; `body_s` is the editor without its head."""

    encoder_s: float
    editor_s: float
    body_s: float
    host_s: float

    def total_s(self, layers: int) -> float:
        """The time with all of the editor's layers."""
        return self.draft_s + self.editor_s + self.body_s * (FULL_LAYERS / layers - 1)

    @property
    def draft_s(self) -> float:
        """The time if the editor is skipped."""
        return self.encoder_s + self.host_s


# ---------------------------------------------------------------- in the measuring process


def load(bundle: Path, tier: str, form: str, threads: int) -> dict[str, Any]:
    """Open the model twice and keep the second; return the times."""
    import psutil

    from granite_live.app.bench import peak_rss_mb
    from granite_live.app.factory import open_recognizer
    from granite_live.models.opening import open_bundle

    opened = open_bundle(bundle, tier)
    open_recognizer(opened, "cpu", threads, form).close()
    began = time.perf_counter()
    loaded = open_recognizer(opened, "cpu", threads, form)
    load_s = time.perf_counter() - began
    _held["loaded"] = loaded
    files = {
        f for path in loaded.bundle.graphs.values() for f in path.parent.glob(f"{path.stem}.*")
    }
    return {
        "load_s": load_s,
        "rss_gb": psutil.Process().memory_info().rss / 1e9,
        "peak_gb": peak_rss_mb() / 1e3,
        "files_gb": sum(file.stat().st_size for file in files) / 1e9,
        "notes": loaded.provider_notes,
    }


def run(seconds: float, body: bool) -> tuple[PreparedRun, tuple[int, ...]]:
    """Transcribe noise of varying level, with a draft as long as that of speech."""
    loaded = _held["loaded"]
    t = np.arange(round(seconds * loaded.sample_rate_hz)) / loaded.sample_rate_hz
    noise = np.random.default_rng(0).standard_normal(len(t))
    sound = (0.1 * noise * (0.55 + 0.45 * np.sin(8 * np.pi * t))).astype(np.float32)
    draft = loaded.draft(sound)
    count = max(1, round(TOKENS_PER_S * seconds))
    tokens = [(97 * k) % loaded.bundle.vocab_size for k in range(count)]
    done = loaded.edit(draft, tokens)
    timing = done.timing
    host_s = timing.total_s - timing.encoder_s - timing.editor_s
    body_s = _body_s(draft, tokens) if body else 0.0
    return PreparedRun(
        timing.encoder_s, timing.editor_s, body_s, host_s
    ), draft.token_ids + done.token_ids


def _body_s(draft: Any, tokens: list[int]) -> float:
    """Return the editor's time without its head over all rows."""
    from granite_live.asr.editing import add_insertion_slots

    loaded = _held["loaded"]
    graphs = loaded._graphs
    slots = add_insertion_slots(tokens, loaded.bundle.eos_id)
    rows = loaded._splice(draft.audio_rows, graphs.embed(slots))
    if loaded.bundle.prepared:
        began = time.perf_counter()
        graphs.read(rows, len(rows) - 1)  # the head for one row
        return time.perf_counter() - began
    if "body" not in _held:
        _held["body"] = _headless(loaded.bundle.graphs["editor"], loaded.threads)
    session, output = _held["body"]
    feed = graphs._editor_inputs(rows)
    began = time.perf_counter()
    session.run([output], feed, graphs._options)
    return time.perf_counter() - began


def _headless(path: Path, threads: int) -> tuple[Any, str]:
    """Open the published editor with the head's input as an output."""
    import onnx

    from granite_live.models.onnx_runtime import ort
    from granite_live.models.optimize.graph_editor import GraphEditor
    from granite_live.models.optimize.heads import _head

    model = onnx.load(path, load_external_data=False)
    whole = onnx.ModelProto()
    whole.CopyFrom(model)
    graph = GraphEditor(model, path.parent)
    head = _head(graph)
    if head is None:
        msg = f"the head of {path} was not found"
        raise SystemExit(msg)
    quantise = graph.producer(head.input[0], "DynamicQuantizeLinear")
    name = head.input[0] if quantise is None else quantise.input[0]
    value = onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["B", "N", "D"])
    whole.graph.output.append(value)
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(path.parent)
    )
    data = whole.SerializeToString()
    return ort.InferenceSession(data, options, providers=["CPUExecutionProvider"]), name


# ---------------------------------------------------------------- in this process


def measure(
    pools: dict[str, Executor], seconds: float, rounds: int, body: bool
) -> tuple[dict[str, PreparedRun], bool]:
    """Return the medians of each form, run in turns, and whether their tokens are equal."""
    runs: dict[str, list[PreparedRun]] = {form: [] for form in pools}
    tokens: dict[str, tuple[int, ...]] = {}
    for number in range(1 + rounds):
        for form, pool in pools.items():
            one, tokens[form] = pool.submit(run, seconds, body).result()
            if number:
                runs[form].append(one)
    middle = {
        form: PreparedRun(
            *(median(getattr(one, f) for one in ones) for f in PreparedRun.__dataclass_fields__)
        )
        for form, ones in runs.items()
    }
    return middle, len(set(tokens.values())) == 1


def compare(pools: dict[str, Executor], tier: str, args: argparse.Namespace) -> None:
    layers = args.layers
    for seconds in map(float, args.seconds.split(",")):
        middle, equal = measure(pools, seconds, args.rounds, layers < FULL_LAYERS)
        was, now = middle["published"], middle["prepared"]
        for form, one in middle.items():
            print(
                f"{tier} {seconds:4g} s {form:9s}  encoder {one.encoder_s:6.3f}  editor "
                f"{one.editor_s:6.3f} (body {one.body_s:6.3f})  host {one.host_s:6.4f}  "
                f"total {one.total_s(layers):6.3f}, {one.total_s(layers) / seconds:.3f} x real time"
            )
        total = now.total_s(layers)
        print(
            f"{tier} {seconds:4g} s gain       encoder {was.encoder_s / now.encoder_s:.2f}x  "
            f"pipeline {was.total_s(layers) / total:.2f}x  "
            f"certain draft {was.total_s(layers) / now.draft_s:.2f}x  "
            f"final after {total / was.total_s(layers):.0%} of the time  "
            f"host {now.host_s / total:.1%}  tokens {'equal' if equal else 'differ'}"
        )


def grow(pool: Executor, tier: str, layers: int) -> None:
    """Show that the cost of the prepared form grows no faster than the sound's length."""
    for seconds in GROWING:
        middle, _ = measure({"prepared": pool}, seconds, 1, layers < FULL_LAYERS)
        total = middle["prepared"].total_s(layers)
        print(f"{tier} {seconds:4g} s prepared   {total:7.3f} s, {1e3 * total / seconds:6.1f} ms/s")


def bench(bundle: Path, tier: str, args: argparse.Namespace) -> None:
    from granite_live.models.opening import open_bundle
    from granite_live.models.optimize import prepare_tier

    began = time.perf_counter()
    prepare_tier(open_bundle(bundle, tier), tell=print)
    print(f"{tier} prepared or found in {time.perf_counter() - began:.1f} s")
    context = multiprocessing.get_context("spawn")
    pools = {form: ProcessPoolExecutor(1, mp_context=context) for form in FORMS}
    try:
        for form, pool in pools.items():
            about = pool.submit(load, bundle, tier, form, args.threads).result()
            for note in about.pop("notes"):
                print(note)
            print(f"{tier} {form:9s}", "  ".join(f"{k} {v:.2f}" for k, v in about.items()))
        compare(pools, tier, args)
        if args.grow:
            grow(pools["prepared"], tier, args.layers)
    finally:
        for pool in pools.values():
            pool.shutdown()


def main() -> None:
    from granite_live.util.paths import demo_bundle_dir

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", nargs="?", type=Path)
    parser.add_argument("--tiers", default="int8")
    parser.add_argument("--layers", type=int, default=FULL_LAYERS)
    parser.add_argument("--seconds", default="5,6,10,30")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3, help="of which medians are taken")
    parser.add_argument("--grow", action="store_true", help="also lengths from 2 to 60 s")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("GRANITE_LIVE_HOME", folder)
        for tier in args.tiers.split(","):
            bench(args.bundle or demo_bundle_dir(), tier, args)


if __name__ == "__main__":
    main()
