"""Measures one form of a model's graphs, in a process of its own so that its memory is, too."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from granite_live.util.errors import AudioError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from granite_live.asr import Recognizer
    from granite_live.asr.threads import ThreadChoice
    from granite_live.models.description import Bundle
    from granite_live.transcript.model import Timing, Transcript

_REPEATS = 5
_LOADS = 3
_SPEECH = "welcome.flac"
# A draft without words would leave the editor out; so many tokens a second make it up.
_TOKENS_PER_S = 3.2


@dataclass(frozen=True, slots=True)
class Length:
    """Medians for one length of sound, in seconds of computing. `ran_on` by graph.

    `host_s` is what is spent outside of onnxruntime; `peak_rss_mb` the process's so far.
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
class Measured:
    """What came of one form: whether it is prepared, and what was told about it.

    `threads` computed, in the manner and for the reason that `threading` says.
    """

    prepared: bool
    tier: str
    threads: int
    threading: str
    ran_on: dict[str, str]
    notes: tuple[str, ...]
    lengths: tuple[Length, ...]


@dataclass(frozen=True, slots=True)
class Spec:
    """What to measure: see `composition.open_recogniser`. `seconds` are lengths of sound."""

    bundle: Path
    tier: str
    graphs: str
    seconds: tuple[float, ...]
    threads: int | None = None
    skip_editor: str = "off"
    provider: str = "cpu"


def measure(spec: Spec) -> Measured:
    """Load the model a few times, at last with its files in memory, and run it.

    Raises:
        GraniteError: The model cannot be used, or the sound for it is missing.
    """
    from granite_live.app.composition import open_recogniser
    from granite_live.asr.providers import default_threads
    from granite_live.models.opening import open_bundle

    bundle = open_bundle(spec.bundle, spec.tier)
    # What is opened first brings the files into memory and says which form it really is.
    with open_recogniser(
        bundle, spec.provider, spec.threads or default_threads(), spec.graphs
    ) as first:
        used, places = first.bundle, first.model_info.providers
    chosen = _threads(spec, used, places)

    def load() -> Recognizer:
        return open_recogniser(
            bundle, spec.provider, chosen.plan, spec.graphs, skip_editor=spec.skip_editor
        )

    load_s = median([_load_s(load) for _ in range(_LOADS)])
    with load() as recognizer:
        speech = _speech(recognizer.sample_rate_hz)
        lengths = tuple(_length(recognizer, speech, s, load_s) for s in spec.seconds)
        return Measured(
            prepared=recognizer.bundle.prepared,
            tier=recognizer.bundle.tier,
            threads=recognizer.threads,
            threading=f"{chosen.plan}, {chosen.reason}",
            ran_on=dict(recognizer.model_info.providers),
            notes=recognizer.provider_notes,
            lengths=lengths,
        )


def _threads(spec: Spec, used: Bundle, places: Mapping[str, str]) -> ThreadChoice:
    """Measure anew: whoever runs a benchmark has closed other programs."""
    from granite_live.asr.providers import CPU, default_threads
    from granite_live.asr.threads import ThreadChoice, ThreadPlan
    from granite_live.asr.threads_kept import choose_threads

    if spec.threads is not None:
        return ThreadChoice(ThreadPlan(spec.threads), "as asked")
    if set(places.values()) != {CPU}:
        return ThreadChoice(ThreadPlan(default_threads()), "for what the device leaves over")
    return choose_threads(used, again=True)


def _load_s(load: Callable[[], Recognizer]) -> float:
    began = time.perf_counter()
    loaded = load()
    took_s = time.perf_counter() - began
    loaded.close()
    return took_s


def peak_rss_mb() -> float:
    """Return the most memory this process has had, in MB of 10^6 bytes."""
    if sys.platform == "win32":
        import psutil

        return float(psutil.Process().memory_info().peak_wset) / 1e6
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most * 1024 / 1e6


def _speech(rate_hz: int) -> NDArray[np.float32]:
    import numpy as np

    from granite_live.audio.files import open_audio
    from granite_live.util.resources import assets_dir

    try:
        path = assets_dir() / "samples" / _SPEECH
    except FileNotFoundError as error:
        raise AudioError(str(error)) from error
    with open_audio(path) as audio:
        return np.concatenate(list(audio.blocks(rate_hz)))


def _length(
    recognizer: Recognizer, speech: NDArray[np.float32], seconds: float, load_s: float
) -> Length:
    import numpy as np

    samples = max(1, round(seconds * recognizer.sample_rate_hz))
    sound = np.resize(speech, samples)  # said again from the beginning, as often as it takes
    runs = [_run(recognizer, sound, seconds) for _ in range(1 + _REPEATS)][1:]
    timings: Sequence[Timing] = [run.timing for run in runs]
    hosts = [one.total_s - one.encoder_s - one.editor_s for one in timings]
    return Length(
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
