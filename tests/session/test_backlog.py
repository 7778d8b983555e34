"""Ten minutes of speech for a recognizer three times slower than real time, in simulated time.

The scheduler and the audio cache are real.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from granite_live.session.scheduler import Job, Scheduler
from granite_live.session.sound_reader import RecentSamples

RATE = 1000
TICK_S = 0.1
SPEECH_S, PAUSE_S = 6.0, 1.0
MINUTES = 10
RECENT_S = 60
CLOSES_AFTER_S = 0.6


@dataclass
class Simulation:
    """A speaker, and a recognizer of a given speed.

    Args:
        slowness: Seconds that a final takes per second of speech; a draft takes half.
    """

    slowness: float
    finals: list[int] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    most_kept_samples: int = 0
    from_disk: int = 0

    def __post_init__(self) -> None:
        self.scheduler = Scheduler(RATE)
        self.sound = RecentSamples(RECENT_S * RATE, self._read)
        self._job: Job | None = None
        self._done_at_s = 0.0

    def _read(self, start: int, stop: int) -> np.ndarray:
        self.from_disk += 1
        return np.full(stop - start, -1, np.int16)

    def run(self) -> float:
        """Return when the last utterance became final [seconds]."""
        spoken_until_s = MINUTES * 60
        now_s, open_since = 0.0, None
        number = 0
        while now_s < spoken_until_s or self.scheduler.unfinished():
            now_s += TICK_S
            if now_s <= spoken_until_s:
                self.sound.add(np.zeros(round(TICK_S * RATE), np.int16))
                kept = sum(len(chunk) for chunk in self.sound._chunks)
                self.most_kept_samples = max(self.most_kept_samples, kept)
                at_s = now_s % (SPEECH_S + PAUSE_S)
                stop = self.sound.total
                if open_since is None and at_s < SPEECH_S:
                    number, open_since = number + 1, stop
                    self.scheduler.opened(number, stop)
                elif open_since is not None and at_s >= SPEECH_S + CLOSES_AFTER_S:
                    self.scheduler.closed(number, open_since, stop)
                    open_since = None
                elif open_since is not None:
                    self.scheduler.extended(number, stop)
            elif open_since is not None:
                self.scheduler.closed(number, open_since, self.sound.total)
                open_since = None
            self._work(now_s)
        self.utterances = number
        return now_s

    def _work(self, now_s: float) -> None:
        while self._job is None or now_s >= self._done_at_s:
            if self._job is not None:
                job, self._job = self._job, None
                self.kinds.append(job.kind)
                if self.scheduler.finished(job, self._cost_s(job), now_s):
                    self.finals.append(job.utterance)
            self._job = self.scheduler.next_job(now_s)
            if self._job is None:
                return
            heard = self.sound.get(self._job.start_sample, self._job.stop_sample)
            assert len(heard) == self._job.stop_sample - self._job.start_sample
            self._done_at_s = now_s + self._cost_s(self._job)

    def _cost_s(self, job: Job) -> float:
        share = 1.0 if job.kind == "final" else 0.5
        return share * self.slowness * (job.stop_sample - job.start_sample) / RATE


def test_a_slow_recogniser_finishes_everything_in_the_end() -> None:
    slow, quick = Simulation(3.0), Simulation(0.03)
    slow_s, quick_s = slow.run(), quick.run()
    assert slow.utterances == quick.utterances > 80
    assert slow.finals == quick.finals == list(range(1, slow.utterances + 1))
    assert quick_s < MINUTES * 60 + 2
    assert slow_s > 2 * MINUTES * 60
    # There are fewer drafts of the open utterance; drafts of waiting ones are shown instead.
    assert slow.kinds.count("draft") < quick.kinds.count("draft") / 50
    assert quick.kinds.count("provisional") == 0
    assert slow.kinds.count("provisional") > 0.8 * slow.utterances


def test_waiting_speech_lies_on_the_disk_not_in_memory() -> None:
    slow = Simulation(3.0)
    slow.run()
    assert slow.from_disk > 50
    assert slow.most_kept_samples <= (RECENT_S + TICK_S) * RATE
