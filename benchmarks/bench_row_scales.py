"""Compare the row-scaled form of int8 with its exact weights, and its time with other forms.

    python benchmarks/bench_row_scales.py equal [BUNDLE] [--utterances N]
    python benchmarks/bench_row_scales.py time BUNDLE [--seconds 5,10,30] [--repeats N]

`equal` counts the drafts and final texts that equal those of the same weights with float32
activations. `time` prepares the int8 and fp32 tiers in a temporary data folder and times their
forms in turns, with a draft of 3.2 tokens a second; give it a stand-in of the full size. The least
time of the repeats counts, because other work only makes runs slower. With GRANITE_LIVE_HOME what
was prepared there is used.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import onnx
from bench_equal import noises

from granite_live.app.model_speed import speech_features
from granite_live.asr import Recognizer
from granite_live.asr.graphs import Graphs
from granite_live.asr.optimized_graphs import GRAPHS_BY_FORM
from granite_live.models.bundle import Bundle, Form, SharedWeights
from granite_live.models.disk import folder_bytes
from granite_live.models.opening import open_bundle
from granite_live.models.optimize import building, prepare_tier
from granite_live.models.optimize.graph_editor import GraphEditor
from granite_live.models.optimize.recipe import REWRITTEN, rewrite_graph
from granite_live.models.optimize.row_scales import rewrite_weights_only
from granite_live.util.paths import data_dir

TESTS_BUNDLE = Path(__file__).parents[1] / "tests" / "data" / "bundle"
TOKENS_PER_S = 3.2
PUBLISHED = "int8 published"


def reference(bundle: Bundle, folder: Path) -> Bundle:
    """Return the int8 tier with dequantized weights and float32 activations."""
    graphs, weights = dict(bundle.graphs), {}
    for name in REWRITTEN:
        made = rewrite_graph(name, bundle.graphs[name], Form.ROW_SCALED)
        editor = GraphEditor(onnx.load_model_from_string(made.model), made.folder)
        rewrite_weights_only(editor)
        editor.prune()
        graphs[name] = folder / f"{name}.onnx"
        graphs[name].write_bytes(editor.build().SerializeToString())
        weights[name] = SharedWeights(made.folder, 0)
    return replace(bundle, graphs=graphs, form=Form.ROW_SCALED, weights=weights)


def row_scaled(bundle: Bundle) -> dict[str, Bundle]:
    """Return the int8 tier with row scales, in one term and in two."""
    return {
        name: prepare_tier(bundle, form=form, sounds=lambda: speech_features(bundle.front_end))
        for name, form in (("row scales", Form.ROW_SCALED), ("two terms", Form.TWO_TERMS))
    }


def equal(path: Path, count: int) -> None:
    """Print how many drafts and texts of each form equal the reference's."""
    bundle = open_bundle(path, "int8")
    with tempfile.TemporaryDirectory() as folder:
        forms = {
            "W8A32": reference(bundle, Path(folder)),
            "published": bundle,
            "prepared": prepare_tier(bundle, form=Form.PREPARED),
            **row_scaled(bundle),
        }
        loaded = {name: Recognizer.load(one, "cpu", 2) for name, one in forms.items()}
    drafts, texts, tokens = Counter[str](), Counter[str](), 0
    for sound in noises(count):
        found = {name: one.transcribe(sound) for name, one in loaded.items()}
        wanted = found["W8A32"]
        tokens += len(wanted.token_ids)
        for name, one in found.items():
            drafts[name] += one.draft_token_ids == wanted.draft_token_ids
            texts[name] += one.token_ids == wanted.token_ids
    print(f"{path}: {count} utterances, {tokens} tokens; equal to W8A32:")
    for name in forms:
        print(f"  {name:12s} drafts {drafts[name] / count:6.1%}  texts {texts[name] / count:6.1%}")


def run_s(graphs: Graphs, bundle: Bundle, seconds: float) -> tuple[float, float]:
    """Return the seconds of one encoder and of one editor run."""
    rng = np.random.default_rng(0)
    features = rng.normal(0.5, 0.4, (1, int(50 * seconds), bundle.front_end.feature_dim))
    began = time.perf_counter()
    encoded = graphs.encode(features.astype(np.float32))
    heard = time.perf_counter()
    slots = 2 * int(TOKENS_PER_S * seconds) + 1
    text = graphs.embed(rng.integers(0, 1000, slots))
    length = encoded.audio_length
    rows = np.concatenate([encoded.audio_rows[:length] / np.float32(12), text])
    ready = time.perf_counter()
    graphs.edit_text_rows(rows, length)
    return heard - began, time.perf_counter() - ready


def memory_gb() -> float:
    """Return the resident memory of this process in GB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e9


def compare_times(
    path: Path, lengths_s: list[float], repeats: int, threads: int, *, without_published: bool
) -> None:
    """Print the times of all forms in turns, the size on the disk and the errors of scores."""
    int8 = open_bundle(path, "int8")
    forms = {} if without_published else {PUBLISHED: int8}
    # On random weights the rounding may change too much to be accepted.
    with patch.dict(building._LIMITS, int8=(float("inf"), 0.0)):
        forms["int8 prepared"] = prepare_tier(int8, form=Form.PREPARED)
    forms |= {f"int8 {name}": form for name, form in row_scaled(int8).items()}
    forms["fp32 prepared"] = prepare_tier(open_bundle(path, "fp32"))
    tier = folder_bytes(path / "int8")
    for name in set(forms) - {PUBLISHED, "fp32 prepared"}:
        added = folder_bytes(forms[name].graphs["encoder"].parent)
        print(f"{name}: {added / tier:.2f} of the tier's {tier / 1e9:.2f} GB besides the published")
    manifest = forms["int8 row scales"].graphs["encoder"].with_name("prepared.json")
    for name, report in json.loads(manifest.read_text("utf-8"))["report"].items():
        for form in (Form.ROW_SCALED, Form.TWO_TERMS):
            said = report[form.value]
            print(f"{name}, {form.value}: {said['equality']}")
            was, now = list(said["layer_errors"].values())[-1]
            print(f"  scores: published {was:.3%}, now {now:.4%}, {was / now:.0f} times smaller")
    loaded = {}
    for name, bundle in forms.items():
        before, began = memory_gb(), time.perf_counter()
        loaded[name] = GRAPHS_BY_FORM[bundle.form](bundle, "cpu", threads)
        run_s(loaded[name], bundle, lengths_s[0])
        print(
            f"{name}: opened and run in {time.perf_counter() - began:.1f} s, "
            f"{memory_gb() - before:.2f} GB"
        )
    for seconds in lengths_s:
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in forms}
        for _ in range(repeats):
            for name, graphs in loaded.items():
                taken[name].append(run_s(graphs, forms[name], seconds))
        for name, times in taken.items():
            encoder, editor = (min(one) for one in zip(*times, strict=True))
            print(f"{seconds:4.0f} s  {name:16s} encoder {encoder:6.2f} s  editor {editor:6.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("equal", "time"))
    parser.add_argument("bundle", nargs="?", type=Path, default=TESTS_BUNDLE)
    parser.add_argument("--utterances", type=int, default=600)
    parser.add_argument("--seconds", default="5,10,30")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--without-published", action="store_true", help="takes 1.5 GB less")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        if os.environ.setdefault("GRANITE_LIVE_HOME", home) == home:
            assert Path(home) in [data_dir(), *data_dir().parents]
        if args.what == "equal":
            equal(args.bundle, args.utterances)
        else:
            lengths_s = [float(one) for one in args.seconds.split(",")]
            compare_times(
                args.bundle,
                lengths_s,
                args.repeats,
                args.threads,
                without_published=args.without_published,
            )


if __name__ == "__main__":
    main()
