"""`granite-live bench` on the small committed bundle, as JSON and as a table."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.messages import shows
from helpers.prepared_recognizers import PutPrepared

from granite_live.app import bench
from granite_live.app.bench import BenchmarkSpec, LengthResult, Measurement, bench_forms
from granite_live.cli import bench as bench_command
from granite_live.cli.main import run
from granite_live.messages.models import AsrMessage, OptimizeMessage
from granite_live.util.errors import ProviderError

KEYS = [
    "graphs", "tier", "seconds", "encoder_s", "editor_s", "host_s", "total_s",
    "real_time_factor", "load_s", "peak_rss_mb", "tokens_equal", "ran_on",
]  # fmt: skip


def test_both_forms_in_one_run_as_json(
    bundle_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["bench", "--bundle", str(bundle_dir), "--tier", "fp32", "--threads", "1"]
    assert run([*arguments, "--seconds", "0.5,2", "--compare", "published", "--json"]) == 0
    out, err = capsys.readouterr()
    said = json.loads(out)
    assert set(said) == {"machine", "results"}
    assert said["machine"]["threads"] == 1
    assert said["machine"]["threads_chosen"] == {
        "published": "1 thread, as asked",
        "prepared": "1 thread, as asked",
    }
    assert [(one["graphs"], one["seconds"]) for one in said["results"]] == [
        ("published", 0.5), ("published", 2.0), ("prepared", 0.5), ("prepared", 2.0),
    ]  # fmt: skip
    for one in said["results"]:
        assert list(one) == KEYS
        assert one["tokens_equal"] is True
        assert one["tier"] == "fp32"
        assert set(one["ran_on"].values()) == {"CPUExecutionProvider"}
        # Each figure is the median of its own runs, so on a busy machine they do not add up.
        stages = one["encoder_s"], one["editor_s"], one["host_s"]
        assert stages[0] > 0
        assert min(stages) >= 0
        assert max(stages) <= one["total_s"]
        assert one["real_time_factor"] == pytest.approx(one["total_s"] / one["seconds"], rel=0.01)
        assert 20 < one["peak_rss_mb"] < 4000
        assert one["load_s"] > 0
    assert shows(err, OptimizeMessage.PREPARING, graph="encoder")
    assert "Measuring the prepared graphs (fp32)." in err


@pytest.mark.parametrize("text", ["", "0", "5,,10", "five", "nan", "-3", "99999"])
def test_lengths_that_are_none_are_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", "--seconds", text]) == 2
    assert "such as 5,10,30" in " ".join(capsys.readouterr().err.split())


def test_only_what_is_not_compared_with_skips_the_editor(
    bundle_dir: Path,
    put_prepared: PutPrepared,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put_prepared("fp32")
    asked: dict[str, str] = {}

    def hear(spec: BenchmarkSpec) -> Measurement:
        asked[spec.graphs] = spec.skip_editor
        is_certain = spec.skip_editor == "fast"
        return _measured(prepared=is_certain, tokens=(1,), skipped=is_certain)

    monkeypatch.setattr(bench, "_in_own_process", hear)
    arguments = ["bench", "--bundle", str(bundle_dir), "--tier", "fp32", "--seconds", "5"]
    assert run([*arguments, "--compare", "published", "--skip-editor", "fast"]) == 0
    assert asked == {"published": "off", "prepared": "fast"}
    published, prepared = capsys.readouterr().out.splitlines()[3:5]
    assert "skipped" not in published
    assert prepared.split()[:7] == ["prepared", "int8", "5", "s", "1.000", "s", "skipped"]


def _measured(*, prepared: bool, tokens: tuple[int, ...], skipped: bool = False) -> Measurement:
    length = LengthResult(5.0, 1.0, 0.5, 0.01, 1.51, 0.3, 900.0, tokens, skipped)
    ran_on = {"encoder": "CPUExecutionProvider"}
    why = "2 threads, measured here: 2 threads 0.5 s"
    return Measurement(prepared, "int8", 2, why, ran_on, ("Hear.",), (length,))


def test_the_table_says_whether_the_tokens_are_equal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    forms = {
        "published": _measured(prepared=False, tokens=(1, 2)),
        "prepared": _measured(prepared=True, tokens=(1, 3)),
    }
    monkeypatch.setattr(bench, "_in_own_process", lambda spec: forms[spec.graphs])
    heard: list[str] = []
    specs = [BenchmarkSpec(Path(), "int8", graphs, (5.0,)) for graphs in forms]
    results, about = bench_forms(specs, heard.append)
    assert [one.tokens_equal for one in results] == [True, False]
    assert heard.count("Hear.") == 2
    alone, _ = bench_forms(specs[1:], heard.append)
    assert alone[0].tokens_equal is None
    bench_command.show(results, about, sys.stdout, as_json=False)
    lines = capsys.readouterr().out.splitlines()
    assert lines[3].split() == [
        "published", "int8", "5", "s", "1.000", "s", "0.500", "s", "0.010", "s", "1.510", "s",
        "0.302", "0.30", "s", "900", "MB", "equal",
    ]  # fmt: skip
    assert lines[4].split()[-1] == "differ"
    assert lines[-3:] == [
        "Threads of the published graphs: 2 threads, measured here: 2 threads 0.5 s.",
        "Threads of the prepared graphs: 2 threads, measured here: 2 threads 0.5 s.",
        "All graphs ran on CPUExecutionProvider.",
    ]


def test_what_ran_where_is_told_graph_by_graph_if_it_differs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one = replace(
        _measured(prepared=False, tokens=()),
        ran_on={
            "encoder": "CoreMLExecutionProvider (200 nodes in 7 parts), "
            "CPUExecutionProvider (12 nodes)",
            "editor": "CPUExecutionProvider",
        },
    )
    monkeypatch.setattr(bench, "_in_own_process", lambda _: one)
    results, about = bench_forms(
        [BenchmarkSpec(Path(), "fp16w", "published", (5.0,))], lambda _: None
    )
    bench_command.show(results, about, sys.stdout, as_json=False)
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "published editor: CPUExecutionProvider",
        "published encoder: CoreMLExecutionProvider (200 nodes in 7 parts), "
        "CPUExecutionProvider (12 nodes)",
    ]


def test_threads_are_measured_anew_where_none_are_asked_for(
    bundle_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs in this process, so that the small model is measured like a large one."""
    from granite_live.asr import providers, thread_tuning
    from granite_live.util.paths import data_dir

    monkeypatch.setattr(thread_tuning, "_SMALL_BYTES", 0)
    monkeypatch.setattr(providers, "physical_core_count", lambda: 2)
    spec = BenchmarkSpec(bundle_dir, "fp32", "published", (0.5,))
    said = bench.measure(spec).threading
    assert shows(said, AsrMessage.THREADS_MEASURED, timings="2 threads spinning 0.")
    assert len(json.loads((data_dir() / "threads.json").read_text("utf-8"))) == 1
    asked = bench.measure(replace(spec, threads=1)).threading
    assert asked == "1 thread, as asked"


def _die(_: BenchmarkSpec) -> Measurement:
    os._exit(9)


def test_a_process_that_the_system_ended_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "measure", _die)
    with pytest.raises(ProviderError, match=r"was ended by the system; .*lack of memory"):
        bench_forms([BenchmarkSpec(Path(), "int8", "published", (1.0,))], lambda _: None)


def test_a_draft_without_words_is_given_some(bundle_dir: Path) -> None:
    """The editor is measured whatever the model makes of the sound."""
    import numpy as np

    from granite_live.asr import Recognizer
    from granite_live.models.opening import open_bundle

    with Recognizer.load(open_bundle(bundle_dir, "fp32"), "cpu", 1) as recognizer:
        silence = np.zeros(16_000, np.float32)
        if recognizer.draft(silence).token_ids:
            silence = silence[:330]
        assert not recognizer.draft(silence).token_ids
        transcript = bench._run(recognizer, silence, 1.0)
    assert len(transcript.draft_token_ids) == 3
    assert transcript.timing.editor_s > 0


def test_the_machine_is_told_by_its_processor(tmp_path: Path) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("processor: 0\nmodel name\t: Good Processor 9000\n", "utf-8")
    said = bench.describe_machine(3, info)
    assert said["processor"] == "Good Processor 9000"
    assert said["threads"] == 3
    assert bench.describe_machine(1, tmp_path / "none")["processor"]
