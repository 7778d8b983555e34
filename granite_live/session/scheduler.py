"""Decide what the recognizer does next: a pure state machine, without threads or clocks.

The one rule: audio is never dropped. Finals come before drafts. If the recognizer lags, there are
fewer drafts; if it lags far, closed utterances are drafted first (shown as provisional) and edited
later. The measured cost of a draft decides how often the open utterance is drafted.

An utterance ends only after some silence, most of which is not part of it. Meanwhile a
"speculative_final" job transcribes the utterance as it will be if the silence lasts, so that its
text is ready when it ends. If that would take too long, a "speculative_encode" job runs the
encoder: the worker keeps the draft, and only the editor remains for later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from granite_live.transcript.model import Timing

JobKind = Literal["draft", "speculative_encode", "speculative_final", "provisional", "final"]

MAX_ATTEMPTS = 3
"""An utterance during which this many workers ended is given up for now; its audio is kept."""

# New words at this interval read fluently; more frequent drafts only flicker.
_MIN_DRAFT_INTERVAL_S = 0.25
# The share of the time that drafts may take; the rest keeps the worker free for a final.
_DRAFT_SHARE = 0.5
# About one word: a shorter utterance says nothing yet (this includes the pre-roll).
_MIN_DRAFT_LENGTH_S = 0.55
_MIN_DRAFT_GROWTH_S = 0.2
# After this much silence the utterance may end: a draft now would only delay its final.
_MAX_DRAFT_SILENCE_S = 0.1
# Beyond this backlog, drafts are shown in place of finals.
_MAX_BACKLOG_S = 25.0
# A speculative job that turns out useless delays the next one by about this much at most.
_MAX_SPECULATION_S = 1.0

# Delays before a failed read is repeated. A disk that returns within half a minute costs no text;
# otherwise the text is left to a recovery.
_READ_RETRY_DELAYS_S = (1.0, 2.0, 5.0, 10.0, 15.0)

MAX_KEPT_DRAFTS = 32
"""The worker keeps at most this many drafts of closed utterances for the editor. A further one
waits until one was edited, because a lost draft would be computed twice. A 20 s utterance of the
published model has 200 rows of 8 KB, so this is at most about 50 MB."""


@dataclass(frozen=True, slots=True)
class Job:
    """A stretch of audio to transcribe, in samples of a track of the recording."""

    kind: JobKind
    utterance: int
    start_sample: int
    stop_sample: int
    track: int = 0


@dataclass(slots=True)
class _Utterance:
    number: int
    start_sample: int
    stop_sample: int
    track: int = 0
    closed: bool = False
    drafted_to: int = 0
    quiet: int = 0
    ends_at: int | None = None
    encoded_to: int | None = None
    transcribed_to: int | None = None
    has_provisional: bool = False
    attempts: int = 0
    failed_reads: int = 0
    not_before_s: float = 0.0


class Scheduler:
    """Keeps the utterances without a final result, and chooses the next job.

    Not thread-safe: the owner serializes the calls.
    """

    def __init__(self, sample_rate_hz: int, *, drafts: bool = True) -> None:
        self._rate = sample_rate_hz
        self._drafts = drafts
        self._utterances: dict[int, _Utterance] = {}
        self._next_draft_s = 0.0
        # Seconds per sample of the latest draft and of the latest editing.
        self._draft_cost_s = self._edit_cost_s = 0.0
        self._given_up_open: set[int] = set()
        self.prefers_finals = False
        """Set for a worker that transcribes batches: finals come as fast as drafts would."""

    def opened(self, utterance: int, start_sample: int, track: int = 0) -> None:
        """Speech began on a track. Each track has at most one open utterance."""
        self._utterances[utterance] = _Utterance(utterance, start_sample, start_sample, track)

    def extended(
        self,
        utterance: int,
        stop_sample: int,
        quiet_samples: int = 0,
        ends_at_sample: int | None = None,
    ) -> None:
        """Extend the open utterance to `stop_sample`; the last `quiet_samples` are not speech.

        If nothing more is said it will end at `ends_at_sample`; None while that is unknown.
        """
        found = self._utterances.get(utterance)
        if found is not None and not found.closed:
            found.stop_sample, found.quiet = stop_sample, quiet_samples
            found.ends_at = ends_at_sample

    def closed(self, utterance: int, start_sample: int, stop_sample: int, track: int = 0) -> None:
        """Close an utterance, which then waits for its final text."""
        if utterance in self._given_up_open:
            self._given_up_open.discard(utterance)
            return
        found = self._utterances.setdefault(
            utterance, _Utterance(utterance, start_sample, stop_sample, track)
        )
        found.start_sample, found.stop_sample, found.closed = start_sample, stop_sample, True

    def cut(self, job: Job, bounds: Sequence[tuple[int, int]], numbers: Iterator[int]) -> list[Job]:
        """Cut the utterance of `job` into those within `bounds`; return them.

        The first keeps its number and is the last one returned: if the bounds are recorded in this
        order, a kill between them loses nothing. An open utterance is not cut, as it may go on.
        """
        one = self._utterances.get(job.utterance)
        if one is None or not one.closed:
            self._failed_final(job)
            return []
        (one.start_sample, one.stop_sample), *others = bounds
        one.encoded_to = one.transcribed_to = None
        further = [_Utterance(next(numbers), *each, one.track, closed=True) for each in others]
        self._utterances.update((each.number, each) for each in further)
        return [self._job("final", each) for each in (*further, one)]

    def dropped(self, utterance: int) -> None:
        """Remove an utterance that was not speech."""
        self._utterances.pop(utterance, None)

    def next_job(self, now_s: float) -> Job | None:
        """Return the job to do now, or None (see `next_draft_s` for when to ask again)."""
        waiting = [one for one in self._closed() if now_s >= one.not_before_s]
        if waiting:
            if self.backlog_s > _MAX_BACKLOG_S and not self.prefers_finals:
                undrafted = [one for one in waiting if not one.has_provisional]
                if undrafted and len(waiting) - len(undrafted) < MAX_KEPT_DRAFTS:
                    return self._job("provisional", undrafted[0])
            return self._job("final", waiting[0])
        early = self._speculative_job()
        if early is not None:
            return early
        open_one = self._draftable()
        if open_one is not None and now_s >= self._next_draft_s:
            return self._job("draft", open_one)
        return None

    def following_finals(self, job: Job) -> list[Job]:
        """Return the finals that are due after `job`, without those that failed before."""
        return [
            self._job("final", one)
            for one in self._closed()
            if one.number != job.utterance
            and not (one.attempts or one.failed_reads or one.has_provisional)
        ]

    def next_draft_s(self) -> float | None:
        """Return when a draft will be due, None if that needs more audio first."""
        return self._next_draft_s if self._draftable() is not None else None

    def next_retry_s(self) -> float | None:
        """Return when a failed read is due again, None if there is none."""
        return min((one.not_before_s for one in self._closed() if one.failed_reads), default=None)

    def finished(
        self,
        job: Job,
        cost_s: float,
        now_s: float,
        *,
        empty: bool = False,
        timing: Timing | None = None,
    ) -> bool:
        """Count a result; return True if it is the last one of its utterance.

        A closed utterance whose draft is `empty` is final at once: nothing was said. A speculative
        final is the last result if the utterance has ended exactly there. `timing` separates
        the cost of the editor; without it the whole cost counts as the editor's.
        """
        one = self._utterances.get(job.utterance)
        if cost_s > 0:
            self._update_costs(job, timing or Timing(editor_s=cost_s, total_s=cost_s))
        if job.kind in ("draft", "speculative_encode"):
            gap_s = max(_MIN_DRAFT_INTERVAL_S, cost_s * (1 / _DRAFT_SHARE - 1))
            self._next_draft_s = now_s + gap_s
            if one is not None:
                one.drafted_to = job.stop_sample
        if job.kind == "draft":
            return False
        if job.kind == "speculative_encode" and one is not None:
            one.encoded_to = job.stop_sample
        if (
            job.kind in ("speculative_encode", "speculative_final")
            and one is not None
            and not _is_whole(job, one)
        ):
            if job.kind == "speculative_final":
                one.transcribed_to, one.encoded_to = job.stop_sample, None
            return False
        if job.kind in ("speculative_encode", "provisional") and not empty:
            if one is not None:
                one.has_provisional = True
            return False
        self._utterances.pop(job.utterance, None)
        return one is not None

    def worker_died(self, job: Job) -> bool:
        """Count a worker that died during `job`; return True if the utterance is given up."""
        one = self._utterances.get(job.utterance)
        if one is None:
            return False
        one.attempts += 1
        one.has_provisional, one.encoded_to = False, None  # the draft was lost with the worker
        return self._given_up(one)

    def forget_drafts(self) -> None:
        """Forget the drafts that a previous worker kept.

        Texts shown as provisional stay shown, so they are not drafted again.
        """
        self._next_draft_s = 0.0
        for one in self._utterances.values():
            one.encoded_to = None

    def job_rejected(self, job: Job) -> bool:
        """Count an expected failure of `job`; return True if the utterance is given up."""
        one = self._failed_final(job)
        if one is None:
            return False
        one.attempts += 1
        return self._given_up(one)

    def read_failed(self, job: Job, now_s: float) -> bool:
        """Postpone `job`, whose audio cannot be read. Return True if its utterance is given up."""
        one = self._failed_final(job)
        if one is None:
            return False
        if one.failed_reads == len(_READ_RETRY_DELAYS_S):
            del self._utterances[one.number]
            return True
        one.not_before_s = now_s + _READ_RETRY_DELAYS_S[one.failed_reads]
        one.failed_reads += 1
        return False

    def _failed_final(self, job: Job) -> _Utterance | None:
        """Return the utterance of a final that failed; a draft that failed is not tried again."""
        one = self._utterances.get(job.utterance)
        if one is not None and job.kind in ("draft", "speculative_encode", "speculative_final"):
            one.drafted_to = one.transcribed_to = job.stop_sample
            return None
        return one

    def attempts(self, utterance: int) -> int:
        """Return how many attempts at an utterance have failed so far."""
        found = self._utterances.get(utterance)
        return found.attempts + found.failed_reads if found else 0

    @property
    def backlog(self) -> int:
        """Number of closed utterances without a final result."""
        return len(self._closed())

    @property
    def backlog_s(self) -> float:
        """Length in seconds of the closed utterances without a final result."""
        return sum(one.stop_sample - one.start_sample for one in self._closed()) / self._rate

    def unfinished(self) -> tuple[int, ...]:
        """Return the numbers of all utterances without a final result, including the open one."""
        return tuple(sorted(self._utterances))

    def _given_up(self, one: _Utterance) -> bool:
        if one.attempts < MAX_ATTEMPTS:
            return False
        del self._utterances[one.number]
        if not one.closed:
            self._given_up_open.add(one.number)
        return True

    def _closed(self) -> list[_Utterance]:
        return [one for one in self._utterances.values() if one.closed]

    def _open(self) -> list[_Utterance]:
        return [one for one in self._utterances.values() if not one.closed]

    def _draftable(self) -> _Utterance | None:
        """Return the open utterance with the most undrafted audio, None if no draft is due."""
        found = [one for one in self._open() if self._needs_draft(one)] if self._drafts else []
        return max(found, key=_undrafted_samples, default=None)

    def _needs_draft(self, one: _Utterance) -> bool:
        if one.quiet > _MAX_DRAFT_SILENCE_S * self._rate:
            return False
        long_enough = one.stop_sample - one.start_sample >= _MIN_DRAFT_LENGTH_S * self._rate
        grown = one.stop_sample - one.drafted_to >= _MIN_DRAFT_GROWTH_S * self._rate
        return long_enough and grown

    def _speculative_job(self) -> Job | None:
        """Return a speculative job for an open utterance if that is quick enough."""
        if not self._drafts:
            return None
        jobs = map(self._speculative_job_of, self._open())
        return next((job for job in jobs if job is not None), None)

    def _speculative_job_of(self, one: _Utterance) -> Job | None:
        if one.ends_at is None or one.ends_at == one.transcribed_to:
            return None
        samples, is_heard = one.ends_at - one.start_sample, one.encoded_to == one.ends_at
        draft_s = 0.0 if is_heard else samples * self._draft_cost_s
        if draft_s + samples * self._edit_cost_s <= _MAX_SPECULATION_S:
            return Job("speculative_final", one.number, one.start_sample, one.ends_at, one.track)
        if draft_s <= _MAX_SPECULATION_S and self._draft_cost_s > 0 and not is_heard:
            return Job("speculative_encode", one.number, one.start_sample, one.ends_at, one.track)
        return None

    def _update_costs(self, job: Job, timing: Timing) -> None:
        """Store the measured cost of each stage that was run."""
        samples = max(1, job.stop_sample - job.start_sample)
        if (
            job.kind in ("speculative_encode", "speculative_final", "final")
            and timing.encoder_s > 0
        ):
            self._draft_cost_s = (timing.total_s - timing.editor_s) / samples
        if job.kind in ("speculative_final", "final") and timing.editor_s > 0:
            self._edit_cost_s = timing.editor_s / samples

    def _job(self, kind: JobKind, one: _Utterance) -> Job:
        return Job(kind, one.number, one.start_sample, one.stop_sample, one.track)


def _undrafted_samples(one: _Utterance) -> int:
    return one.stop_sample - max(one.start_sample, one.drafted_to)


def _is_whole(job: Job, one: _Utterance) -> bool:
    bounds = one.start_sample, one.stop_sample
    return one.closed and bounds == (job.start_sample, job.stop_sample)
