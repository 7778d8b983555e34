"""Run a comparison and sum it up: one row for each form of a model."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from granite_live.app.comparison.candidates import (
    Candidate,
    find_candidates,
    find_models,
    reference_of,
)
from granite_live.app.comparison.measuring import (
    KnownRecording,
    Measurement,
    corrected_lines,
    folder_recordings,
    parse_measurement,
    sample_recordings,
    serve_measurement,
)
from granite_live.app.subprocess_task import SubprocessTask, TaskStoppedError
from granite_live.messages.models import ComparisonMessage
from granite_live.transcript.word_errors import (
    ErrorRate,
    count_word_errors,
    error_rate,
    is_clearly_better,
    normalize_words,
)

_FEW = 10


@dataclass(frozen=True, slots=True)
class ComparedModel:
    """One form of a model, and how it did.

    Attributes:
        candidate: The form.
        words: The words that were said in the recordings that could be read.
        errors: The wrong words in each of these recordings.
        error_rate: Their share with a 95 % interval; None if nothing was said.
        changed: The share of words that differ from the model's most exact form; None for that
            form itself, or if it was not compared.
        words_in_silence: Words written for recordings in which nothing was said.
        silence_s: The length of these recordings.
        text_after_s: The median computing time of an utterance.
        real_time_factor: Computing time divided by the recordings' length.
        load_s: The time to load it.
        peak_mb: The memory peak of its process [10^6 bytes].
        ran_on: The providers of its graphs.
        notes: Sentences on how it ran.
        problems: Why recordings could not be read.
        texts: What it wrote for each recording, in their order.
    """

    candidate: Candidate
    words: int
    errors: tuple[int, ...]
    error_rate: ErrorRate | None
    changed: float | None
    words_in_silence: int
    silence_s: float
    text_after_s: float
    real_time_factor: float
    load_s: float
    peak_mb: float
    ran_on: tuple[str, ...]
    notes: tuple[str, ...]
    problems: tuple[str, ...]
    texts: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the figures for JSON; times in seconds, rates as shares of 1."""
        figures = asdict(self)
        figures.update(figures.pop("candidate"))
        return {
            name: round(value, 5) if isinstance(value, float) else value
            for name, value in figures.items()
        }


class ComparisonTask:
    """A comparison. `run` blocks and belongs in a thread; call `stop` from any."""

    def __init__(
        self, candidates: Sequence[Candidate], recordings: Sequence[KnownRecording]
    ) -> None:
        self._candidates, self._recordings = tuple(candidates), tuple(recordings)
        known = json.dumps([asdict(one) for one in recordings])
        self._tasks = [
            SubprocessTask(
                serve_measurement, (json.dumps(asdict(one)), known), "granite-comparison"
            )
            for one in candidates
        ]

    def stop(self) -> None:
        """End the comparison without a result. Returns at once."""
        for one in self._tasks:
            one.stop()

    def run(self, on_progress: Callable[[Candidate, float], None]) -> list[ComparedModel]:
        """Measure all candidates, one after the other.

        Args:
            on_progress: Receives the candidate that runs and the share of all work done, 0..1.

        Raises:
            TaskStoppedError: `stop` was called.
            GraniteError: A model cannot be used.
        """
        steps = max(1, len(self._recordings)) * len(self._tasks)
        measured: dict[Candidate, Measurement] = {}
        for candidate, task in zip(self._candidates, self._tasks, strict=True):
            before = len(measured) * len(self._recordings)
            on_progress(candidate, before / steps)

            def tell(done: int, candidate: Candidate = candidate, before: int = before) -> None:
                on_progress(candidate, (before + done) / steps)

            measured[candidate] = parse_measurement(task.run(tell))
        return sum_up(measured, self._recordings)


def sum_up(
    measured: dict[Candidate, Measurement], recordings: Sequence[KnownRecording]
) -> list[ComparedModel]:
    """Return a row for each candidate, in their order."""
    said = [normalize_words(one.text) for one in recordings]
    return [_row(one, measured, said) for one in measured]


def _row(
    candidate: Candidate, measured: dict[Candidate, Measurement], said: Sequence[Sequence[str]]
) -> ComparedModel:
    own = measured[candidate]
    wrote = [normalize_words(one.text) for one in own.heard]
    read = [k for k, one in enumerate(own.heard) if not one.problem]
    spoken = [k for k in read if said[k]]
    silent = [k for k in read if not said[k]]
    errors = [count_word_errors(said[k], wrote[k]) for k in spoken]
    took_s = [second for one in own.heard for second in one.utterances_s]
    heard_s = sum(one.duration_s for one in own.heard)
    return ComparedModel(
        candidate=candidate,
        words=sum(len(said[k]) for k in spoken),
        errors=tuple(errors),
        error_rate=error_rate(errors, [len(said[k]) for k in spoken]),
        changed=_changed(candidate, measured, wrote),
        words_in_silence=sum(len(wrote[k]) for k in silent),
        silence_s=sum(own.heard[k].duration_s for k in silent),
        text_after_s=median(took_s) if took_s else 0.0,
        real_time_factor=sum(took_s) / heard_s if heard_s else 0.0,
        load_s=own.load_s,
        peak_mb=own.peak_mb,
        ran_on=own.ran_on,
        notes=own.notes,
        problems=tuple(dict.fromkeys(one.problem for one in own.heard if one.problem)),
        texts=tuple(one.text for one in own.heard),
    )


def _changed(
    candidate: Candidate,
    measured: dict[Candidate, Measurement],
    wrote: Sequence[Sequence[str]],
) -> float | None:
    reference = reference_of(candidate, list(measured))
    if reference is None or reference == candidate:
        return None
    exact = [normalize_words(one.text) for one in measured[reference].heard]
    count = sum(map(len, exact))
    return sum(map(count_word_errors, exact, wrote)) / count if count else 0.0


def best_of(compared: Sequence[ComparedModel]) -> ComparedModel | None:
    """Return the row with the fewest wrong words, of equal ones the fastest; None without words."""
    rated = [one for one in compared if one.error_rate is not None]
    return min(rated, key=lambda one: (sum(one.errors), one.real_time_factor), default=None)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a comparison shows.

    Attributes:
        best: The row with the fewest wrong words.
        equal: The other rows with as few.
        unclear: The rows with more, if chance may explain it.
        is_small: Whether there are too few recordings for the intervals to say much.
    """

    best: ComparedModel
    equal: tuple[ComparedModel, ...]
    unclear: tuple[ComparedModel, ...]
    is_small: bool


def conclude(compared: Sequence[ComparedModel]) -> Conclusion | None:
    """Return what the rows show, None if nothing was said in the recordings."""
    best = best_of(compared)
    if best is None:
        return None
    others = [one for one in compared if one is not best and one.errors]
    equal = tuple(one for one in others if sum(one.errors) == sum(best.errors))
    unclear = tuple(
        one for one in others if one not in equal and not is_difference_clear(best, one)
    )
    return Conclusion(best, equal, unclear, is_small=len(best.errors) < _FEW)


def is_difference_clear(best: ComparedModel, other: ComparedModel) -> bool:
    """Return whether `best` made fewer errors in the same recordings than chance would explain."""
    return len(best.errors) == len(other.errors) and is_clearly_better(best.errors, other.errors)


@dataclass(frozen=True, slots=True)
class ComparisonRequest:
    """Which models are compared on which recordings.

    Attributes:
        folder: Recordings with their texts; None for none.
        is_corrected: Also the lines that the user corrected. Without both, the samples.
        bundles: Folders of bundles; empty for the installed ones.
        tier: Only this tier; None for all.
        provider: See `app.models.all_models`.
        editing_passes: The numbers of editor passes.
    """

    folder: Path | None = None
    is_corrected: bool = False
    bundles: tuple[Path, ...] = ()
    tier: str | None = None
    provider: str = "cpu"
    editing_passes: tuple[int, ...] = (1,)

    def recordings(self) -> list[KnownRecording]:
        """Return the recordings.

        Raises:
            GraniteError: There are none, or they cannot be read.
        """
        from granite_live.app.library_sync import open_library

        found: list[KnownRecording] = []
        if self.folder is not None:
            found += folder_recordings(self.folder)
        if self.is_corrected:
            with open_library()[0] as library:
                found += corrected_lines(library)
        return found or sample_recordings()

    def candidates(self) -> list[Candidate]:
        """Return the forms to compare.

        Raises:
            BundleError: A bundle is unusable, or there is no such tier.
        """
        models = find_models(self.bundles, self.tier, self.provider)
        return find_candidates(models, self.editing_passes)


class Comparison:
    """Finds and compares what was asked for. `run` blocks; call `stop` from any thread."""

    def __init__(self, request: ComparisonRequest) -> None:
        self._request = request
        self._lock = threading.Lock()
        self._task: ComparisonTask | None = None
        self._is_stopped = False

    def stop(self) -> None:
        """End without a result. Returns at once."""
        with self._lock:
            self._is_stopped = True
            if self._task is not None:
                self._task.stop()

    def run(self, on_progress: Callable[[Candidate, float], None]) -> list[ComparedModel]:
        """Return a row for each form; see `ComparisonTask.run`.

        Raises:
            TaskStoppedError: `stop` was called.
            GraniteError: The recordings or a model cannot be used.
        """
        task = ComparisonTask(self._request.candidates(), self._request.recordings())
        with self._lock:
            if self._is_stopped:
                raise TaskStoppedError(ComparisonMessage.STOPPED())
            self._task = task
        return task.run(on_progress)
