"""Measure the speed of a model on this machine, each form of its graphs in a process of its own."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from granite_live.util.errors import AudioError, ProviderError
from granite_live.util.lifecycle import exit_with_parent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from granite_live.asr import Recognizer
    from granite_live.asr.threads import ThreadChoice
    from granite_live.models.bundle import Bundle
    from granite_live.transcript.model import Timing, Transcript

__all__ = ["FormResult", "bench_forms"]


_CPU_INFO = Path("/proc/cpuinfo")


def describe_machine(threads: int, cpu_info: Path = _CPU_INFO) -> dict[str, Any]:
    """Return the facts of this machine; `threads` is the number that computed."""
    import psutil

    from granite_live.models.optimize.dependencies import processor_name, runtime_version

    return {
        "processor": processor_name(cpu_info),
        "cores": psutil.cpu_count(logical=False) or os.cpu_count() or 1,
        "threads": threads,
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "onnxruntime": runtime_version(),
    }


_REPEATS = 5
_LOADS = 3
_SPEECH = "welcome.flac"
# A draft without words would skip the editor, so this many tokens per second are made up.
_TOKENS_PER_S = 3.2


@dataclass(frozen=True, slots=True)
class LengthResult:
    """Medians for one length of sound, in seconds of computing; `ran_on` is by graph.

    `host_s` is the time outside of onnxruntime, `peak_rss_mb` the memory peak of the process so
    far.
    """

    seconds: float
    encoder_s: float
    editor_s: float
    host_s: float
    total_s: float
    load_s: float
    peak_rss_mb: float
    token_ids: tuple[int, ...]
    editor_skipped: bool = False


@dataclass(frozen=True, slots=True)
class Measurement:
    """Results of one form: whether it is prepared, its messages and figures.

    `threads` computed; `threading` says in which manner and why.
    """

    prepared: bool
    tier: str
    threads: int
    threading: str
    ran_on: dict[str, str]
    notes: tuple[str, ...]
    lengths: tuple[LengthResult, ...]


@dataclass(frozen=True, slots=True)
class BenchmarkSpec:
    """What to measure; see `factory.open_recognizer`. `seconds` are the lengths of sound."""

    bundle: Path
    tier: str
    graphs: str
    seconds: tuple[float, ...]
    threads: int | None = None
    skip_editor: str = "off"
    provider: str = "cpu"


def measure(spec: BenchmarkSpec) -> Measurement:
    """Load the model several times, the last ones with its files in memory, and run it.

    Raises:
        GraniteError: The model cannot be used, or the sound for it is missing.
    """
    from granite_live.app.factory import open_recognizer
    from granite_live.asr import RecognizerOptions
    from granite_live.asr.providers import physical_core_count
    from granite_live.models.opening import open_bundle

    bundle = open_bundle(spec.bundle, spec.tier)
    # The first load reads the files into memory and tells which form really runs.
    with open_recognizer(
        bundle, spec.provider, spec.threads or physical_core_count(), spec.graphs
    ) as first:
        used, places = first.bundle, first.model_info.providers
    chosen = _threads(spec, used, places)
    options = RecognizerOptions(spec.skip_editor)

    def load() -> Recognizer:
        return open_recognizer(bundle, spec.provider, chosen.plan, spec.graphs, options=options)

    load_s = median([_load_s(load) for _ in range(_LOADS)])
    with load() as recognizer:
        speech = _speech(recognizer.sample_rate_hz)
        lengths = tuple(_length(recognizer, speech, s, load_s) for s in spec.seconds)
        return Measurement(
            prepared=recognizer.bundle.prepared,
            tier=recognizer.bundle.tier,
            threads=recognizer.threads,
            threading=f"{chosen.plan}, {chosen.reason}",
            ran_on=dict(recognizer.model_info.providers),
            notes=recognizer.provider_notes,
            lengths=lengths,
        )


def _threads(spec: BenchmarkSpec, used: Bundle, places: Mapping[str, str]) -> ThreadChoice:
    """Measure the threads again: a user who runs a benchmark has closed other programs."""
    from granite_live.asr.providers import CPU, physical_core_count
    from granite_live.asr.thread_tuning import choose_threads
    from granite_live.asr.threads import ThreadChoice, ThreadPlan

    if spec.threads is not None:
        return ThreadChoice(ThreadPlan(spec.threads), "as asked")
    if set(places.values()) != {CPU}:
        return ThreadChoice(ThreadPlan(physical_core_count()), "for the rest of the graphs")
    return choose_threads(used, force=True)


def _load_s(load: Callable[[], Recognizer]) -> float:
    began = time.perf_counter()
    loaded = load()
    took_s = time.perf_counter() - began
    loaded.close()
    return took_s


def peak_rss_mb() -> float:
    """Return the peak memory of this process in MB (10^6 bytes)."""
    if sys.platform == "win32":
        import psutil

        return float(psutil.Process().memory_info().peak_wset) / 1e6
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most * 1024 / 1e6


def _speech(rate_hz: int) -> NDArray[np.float32]:
    import numpy as np

    from granite_live.audio.files import open_audio
    from granite_live.util.paths import assets_dir

    try:
        path = assets_dir() / "samples" / _SPEECH
    except FileNotFoundError as error:
        raise AudioError(str(error)) from error
    with open_audio(path) as audio:
        return np.concatenate(list(audio.blocks(rate_hz)))


def _length(
    recognizer: Recognizer, speech: NDArray[np.float32], seconds: float, load_s: float
) -> LengthResult:
    import numpy as np

    samples = max(1, round(seconds * recognizer.sample_rate_hz))
    sound = np.resize(speech, samples)  # Repeat the sample until the sound is long enough.
    runs = [_run(recognizer, sound, seconds) for _ in range(1 + _REPEATS)][1:]
    timings: Sequence[Timing] = [run.timing for run in runs]
    hosts = [one.total_s - one.encoder_s - one.editor_s for one in timings]
    return LengthResult(
        seconds=seconds,
        encoder_s=median(one.encoder_s for one in timings),
        editor_s=median(one.editor_s for one in timings),
        host_s=median(hosts),
        total_s=median(one.total_s for one in timings),
        load_s=load_s,
        peak_rss_mb=peak_rss_mb(),
        token_ids=runs[0].token_ids,
        editor_skipped=runs[0].editor_skipped is True,
    )


def _run(recognizer: Recognizer, sound: NDArray[np.float32], seconds: float) -> Transcript:
    if len(sound) > recognizer.max_samples:
        return recognizer.transcribe(sound)
    draft = recognizer.draft(sound)
    if draft.token_ids:
        return recognizer.edit(draft)
    count = max(1, round(_TOKENS_PER_S * seconds))
    vocabulary = recognizer.bundle.vocab_size
    return recognizer.edit(draft, [(97 * k) % vocabulary for k in range(count)])


REFERENCE = "published"


@dataclass(frozen=True, slots=True)
class FormResult:
    """One form at one length. `tokens_equal` to the published form, None if that did not run."""

    graphs: str
    tier: str
    seconds: float
    encoder_s: float
    editor_s: float
    host_s: float
    total_s: float
    real_time_factor: float
    load_s: float
    peak_rss_mb: float
    tokens_equal: bool | None
    ran_on: dict[str, str]
    editor_skipped: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the fields, rounded to their precision.

        `editor_skipped` is present only if the editor was skipped.
        """
        return {
            name: round(value, 5) if isinstance(value, float) else value
            for name, value in asdict(self).items()
            if name != "editor_skipped" or value
        }


def bench_forms(
    specs: Sequence[BenchmarkSpec], tell: Callable[[str], None]
) -> tuple[list[FormResult], dict[str, Any]]:
    """Measure each of `specs` and return the results with the facts of the machine.

    Args:
        specs: Of one bundle and tier, in the order to run.
        tell: Receives a sentence before each run, and the messages of each.

    Raises:
        GraniteError: The model cannot be used, or its process ended (mostly for lack of memory).
    """
    measured: list[Measurement] = []
    for spec in specs:
        tell(f"Measuring the {spec.graphs} graphs ({spec.tier}).")
        measured.append(_in_own_process(spec))
        for note in measured[-1].notes:
            tell(note)
    reference = {
        length.seconds: length.token_ids
        for one in measured
        if not one.prepared
        for length in one.lengths
    }
    machine = describe_machine(measured[-1].threads)
    machine["threads_chosen"] = {_form(one): one.threading for one in measured}
    return list(_results(measured, reference)), machine


def _results(
    measured: Sequence[Measurement], reference: dict[float, tuple[int, ...]]
) -> Iterator[FormResult]:
    for one in measured:
        for length in one.lengths:
            yield _result(one, length, reference.get(length.seconds))


def _result(one: Measurement, length: LengthResult, wanted: tuple[int, ...] | None) -> FormResult:
    return FormResult(
        graphs=_form(one),
        tier=one.tier,
        seconds=length.seconds,
        encoder_s=length.encoder_s,
        editor_s=length.editor_s,
        host_s=length.host_s,
        total_s=length.total_s,
        real_time_factor=length.total_s / length.seconds,
        load_s=length.load_s,
        peak_rss_mb=length.peak_rss_mb,
        tokens_equal=None if wanted is None else length.token_ids == wanted,
        ran_on=one.ran_on,
        editor_skipped=length.editor_skipped,
    )


def _form(one: Measurement) -> str:
    return "prepared" if one.prepared else REFERENCE


def _in_own_process(spec: BenchmarkSpec) -> Measurement:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    context = multiprocessing.get_context("spawn")
    # End the child also if this process is killed or leaves at once on a signal.
    with ProcessPoolExecutor(1, mp_context=context, initializer=exit_with_parent) as pool:
        try:
            return pool.submit(measure, spec).result()
        except BrokenProcessPool as error:
            raise ProviderError(
                f"The process that measured the {spec.graphs} graphs was ended by the system; "
                f"mostly that is a lack of memory: close other programs, or choose another --tier."
            ) from error
