"""Threads: decided from scripted timings, measured within a budget, kept, and told to sessions."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from granite_live.app.factory import open_recognizer
from granite_live.asr import providers, thread_tuning
from granite_live.asr.threads import ThreadPlan, choose, most_threads, to_try
from granite_live.messages.models import AsrMessage
from granite_live.models.bundle import Bundle
from granite_live.models.opening import open_bundle
from granite_live.util.paths import data_dir

pytestmark = pytest.mark.usefixtures("all_cores")

SPIN = {n: ThreadPlan(n) for n in (1, 2, 3, 4, 7, 8)}
CALM = {n: ThreadPlan(n, spinning=False) for n in (1, 2, 3, 4, 7, 8)}
PINNED = {n: ThreadPlan(n, pinned=True) for n in (2, 8)}


@pytest.mark.parametrize(
    ("timings_s", "cores", "live", "expected"),
    [
        # The quickest, if it is worth it.
        ({SPIN[2]: 0.5, CALM[2]: 0.6, CALM[1]: 0.9}, 2, False, SPIN[2]),
        # Spinning that gains 4 % burns a core for nothing; so do threads that gain nothing.
        ({SPIN[2]: 0.5, CALM[2]: 0.52, CALM[1]: 0.9}, 2, False, CALM[2]),
        ({SPIN[2]: 0.5, CALM[2]: 0.52, CALM[1]: 0.51}, 2, False, CALM[1]),
        ({SPIN[8]: 0.5, CALM[8]: 0.5, SPIN[4]: 0.4, PINNED[8]: 0.48}, 8, False, SPIN[4]),
        # Pinned only where it gains, and never while somebody uses the machine.
        ({SPIN[8]: 0.5, CALM[8]: 0.6, PINNED[8]: 0.4}, 8, False, PINNED[8]),
        ({SPIN[8]: 0.5, CALM[7]: 0.6, SPIN[7]: 0.55, PINNED[8]: 0.4}, 8, True, SPIN[7]),
        # Two cores: both, since half the speed would be captions too late.
        ({SPIN[2]: 0.5, CALM[2]: 0.6, CALM[1]: 0.9}, 2, True, SPIN[2]),
        # A measurement that had to stop early.
        ({SPIN[8]: 0.5}, 8, True, SPIN[7]),
        ({}, 4, False, SPIN[4]),
    ],
)
def test_the_least_demanding_plan_that_is_as_good_as_the_quickest(
    timings_s: dict[ThreadPlan, float], cores: int, live: bool, expected: ThreadPlan
) -> None:
    chosen = choose(timings_s, cores, live=live)
    assert chosen.plan == expected
    assert chosen.reason


def test_the_reason_has_the_figures() -> None:
    reason = choose({SPIN[4]: 0.5, CALM[3]: 0.6}, 4, live=True).reason
    assert reason == AsrMessage.THREADS_MEASURED_LIVE(timings="3 threads 0.600 s")
    both = choose({SPIN[2]: 0.5, PINNED[2]: 0.44, CALM[1]: 1.0}, 2, live=False).reason
    assert "2 threads spinning 0.500 s, 2 threads spinning pinned 0.440 s, 1 thread 1.000" in both


@pytest.mark.parametrize(
    ("cores", "live", "most"),
    [(1, True, 1), (2, True, 2), (3, True, 2), (8, True, 7), (8, False, 8)],
)
def test_a_live_session_leaves_a_core_where_there_are_enough(
    cores: int, live: bool, most: int
) -> None:
    assert most_threads(cores, live=live) == most


@pytest.mark.parametrize("cores", [1, 2, 3, 4, 8, 64])
def test_what_is_tried_is_little_and_serves_live_sessions_too(cores: int) -> None:
    plans = list(to_try(cores, can_pin=True))
    assert len(plans) == len(set(plans)) <= 6
    assert plans[0] == ThreadPlan(cores)
    assert all(1 <= plan.threads <= cores for plan in plans)
    for live in (False, True):
        wanted = most_threads(cores, live=live)
        assert any(plan.threads == wanted and not plan.pinned for plan in plans)
    assert not any(plan.pinned for plan in to_try(cores, can_pin=False))


def _scripted(
    took_s: dict[ThreadPlan, tuple[float, float]],
) -> tuple[Callable[..., Any], list[Any]]:
    asked: list[ThreadPlan] = []

    def time_plan(plan: ThreadPlan) -> tuple[float, float]:
        asked.append(plan)
        return took_s[plan]

    return time_plan, asked


def test_no_plan_is_begun_that_would_exceed_the_budget() -> None:
    time_plan, asked = _scripted({SPIN[2]: (1, 4), CALM[2]: (1, 4), SPIN[1]: (1, 4)})
    assert list(thread_tuning.measure_plans([SPIN[2], CALM[2], SPIN[1]], time_plan, 11)) == [
        SPIN[2],
        CALM[2],
    ]
    assert asked == [SPIN[2], CALM[2]]


def test_a_machine_too_busy_for_one_plan_tries_no_other() -> None:
    plans = [SPIN[2], CALM[2], SPIN[1]]
    time_plan, asked = _scripted(dict.fromkeys(plans, (20, 60)))
    assert thread_tuning.measure_plans(plans, time_plan, 12) == {SPIN[2]: 20}
    assert asked == plans[:1]


def test_where_a_run_takes_long_one_after_the_first_has_to_do(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[int] = []
    real = providers.open_session

    def counted(*arguments: Any, **rest: Any) -> Any:
        opened = real(*arguments, **rest)
        session = opened.session
        fake = SimpleNamespace(
            get_inputs=session.get_inputs,
            get_outputs=session.get_outputs,
            run=lambda *_: runs.append(1),
        )
        return SimpleNamespace(session=fake)

    monkeypatch.setattr(providers, "open_session", counted)
    path, dim = bundle.graphs["encoder"], bundle.front_end.feature_dim
    thread_tuning.time_encoder(path, dim, CALM[2], providers.OpeningOptions())
    assert len(runs) == 4
    monkeypatch.setattr(thread_tuning, "_RUNS_S", 0.0)
    thread_tuning.time_encoder(path, dim, CALM[2], providers.OpeningOptions())
    assert len(runs) == 4 + 2


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "physical_core_count", lambda: 2)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, two_cores: None) -> list[tuple[Path, ThreadPlan]]:
    """Every model is worth a measurement; what is measured is scripted. The list hears of it."""
    heard: list[tuple[Path, ThreadPlan]] = []
    took_s = {SPIN[2]: 0.5, CALM[2]: 0.4, CALM[1]: 0.9, PINNED[2]: 0.39}

    def time_encoder(
        path: Path, _dim: int, plan: ThreadPlan, _opening: providers.OpeningOptions
    ) -> Any:
        heard.append((path, plan))
        return took_s[plan], 0.1

    monkeypatch.setattr(thread_tuning, "_SMALL_BYTES", 0)
    monkeypatch.setattr(thread_tuning, "time_encoder", time_encoder)
    monkeypatch.setattr(providers, "allowed_cpus", lambda: [0, 1])
    return heard


@pytest.fixture
def bundle(bundle_dir: Path) -> Bundle:
    return open_bundle(bundle_dir, "fp32")


def test_measured_once_and_known_from_then_on(bundle: Bundle, measured: list[Any]) -> None:
    told: list[str] = []
    first = thread_tuning.choose_threads(bundle, on_progress=told.append)
    assert first.plan == CALM[2]
    assert len(measured) == 4
    assert told == [AsrMessage.MEASURING_THREADS()]
    again = thread_tuning.choose_threads(bundle, live=True, on_progress=told.append)
    assert again.plan == CALM[2]
    assert (len(measured), len(told)) == (4, 1)
    thread_tuning.choose_threads(bundle, force=True)
    assert len(measured) == 8


@pytest.mark.parametrize("what", ["graph", "onnxruntime", "processor", "cores"])
def test_measured_anew_where_what_it_depends_on_is_another(
    bundle: Bundle, measured: list[Any], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    thread_tuning.choose_threads(bundle)
    if what == "graph":
        graphs = {**bundle.graphs, "encoder": bundle.path / "int8" / "encoder.onnx"}
        bundle = replace(bundle, graphs=graphs)
    elif what == "onnxruntime":
        monkeypatch.setattr(thread_tuning, "runtime_version", lambda: "1.99.0")
    elif what == "processor":
        monkeypatch.setattr(thread_tuning, "processor_features", lambda: "x86_64 sse2")
    else:
        monkeypatch.setattr(thread_tuning.os, "cpu_count", lambda: 77)
    thread_tuning.choose_threads(bundle)
    assert len(measured) == 8
    thread_tuning.choose_threads(bundle)
    assert len(measured) == 8


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"a": 1}', '{"a": [[1]]}', '{"a": [["x", 1, 0, 2]]}']
)
def test_a_damaged_file_is_measured_anew_and_made_whole(
    bundle: Bundle, measured: list[Any], text: str
) -> None:
    path = data_dir() / "threads.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    assert thread_tuning.choose_threads(bundle).plan == CALM[2]
    assert len(json.loads(path.read_text("utf-8"))) == 1
    assert [one.name for one in data_dir().iterdir()] == ["threads.json"]


def test_a_folder_that_cannot_be_written_costs_a_measurement_only(
    bundle: Bundle, measured: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("granite_live.models.disk.write_json", refuse)
    assert thread_tuning.choose_threads(bundle).plan == CALM[2]
    assert not (data_dir() / "threads.json").exists()


def test_old_entries_go(bundle: Bundle, measured: list[Any]) -> None:
    for number in range(40):
        thread_tuning._write_entry(f"model {number}", {SPIN[1]: 1.0})
    known = json.loads((data_dir() / "threads.json").read_text("utf-8"))
    assert list(known) == [f"model {number}" for number in range(8, 40)]


def test_a_small_model_is_not_measured(bundle: Bundle, two_cores: None) -> None:
    chosen = thread_tuning.choose_threads(bundle, live=True)
    assert chosen.plan == ThreadPlan(2)
    assert not (data_dir() / "threads.json").exists()


def test_the_real_encoder_can_be_timed(bundle: Bundle) -> None:
    path, dim = bundle.graphs["encoder"], bundle.front_end.feature_dim
    run_s, all_s = thread_tuning.time_encoder(path, dim, CALM[2], providers.OpeningOptions())
    assert 0 < run_s < all_s


@pytest.mark.parametrize(
    ("plan", "spinning", "places"),
    [
        (SPIN[2], "1", ""),
        (CALM[2], "0", ""),
        (ThreadPlan(3, pinned=True), "1", "5;7"),
        (ThreadPlan(4, pinned=True), "1", ""),  # there are not so many processors
        (ThreadPlan(1, pinned=True), "1", ""),
    ],
)
def test_a_session_is_told_the_plan(
    monkeypatch: pytest.MonkeyPatch, plan: ThreadPlan, spinning: str, places: str
) -> None:
    from granite_live.models.onnx_runtime import ort as onnxruntime

    monkeypatch.setattr(providers, "allowed_cpus", lambda: [2, 4, 6])
    options = onnxruntime.SessionOptions()
    providers.apply_threads(options, plan)
    assert options.intra_op_num_threads == plan.threads
    said = options.get_session_config_entry
    assert said("session.intra_op.allow_spinning") == spinning
    assert said("session.force_spinning_stop") == "1"
    assert said("session.intra_op.spin_duration_us") == "1000"
    if places:
        assert said("session.intra_op_thread_affinities") == places
    else:
        with pytest.raises(RuntimeError):
            said("session.intra_op_thread_affinities")


@pytest.mark.parametrize("plan", [SPIN[2], CALM[2], PINNED[2]])
def test_every_plan_computes_the_same(bundle: Bundle, plan: ThreadPlan) -> None:
    """Pinning may be refused in a container that hides processors; then it is a plan of two."""
    from granite_live.asr import Recognizer

    noise = (0.1 * np.random.default_rng(0).standard_normal(16_000)).astype(np.float32)
    with Recognizer.load(bundle, "cpu", plan) as one, Recognizer.load(bundle, "cpu", 1) as other:
        assert one.threads == 2
        assert one.transcribe(noise).token_ids == other.transcribe(noise).token_ids


def test_a_recogniser_is_opened_with_what_was_measured(
    bundle: Bundle, measured: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    real = providers.open_session

    def open_session(path: Path, plan: Any, threads: Any, **rest: Any) -> Any:
        asked.append(threads)
        return real(path, plan, threads, **rest)

    monkeypatch.setattr(providers, "open_session", open_session)
    open_recognizer(bundle, "cpu", graphs="published").close()
    assert asked == [CALM[2]] * 3
    open_recognizer(bundle, "cpu", 1, "published").close()
    assert asked[3:] == [1] * 3
    assert len(measured) == 4
