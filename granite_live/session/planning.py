"""What the worker is asked next: batches of utterances, and drafts of the open utterance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from granite_live.session.scheduler import Job
from granite_live.transcript.model import Word


class BatchPlanner:
    """Choose which queued utterances to send along in one batch."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._rate = sample_rate_hz
        self._max_samples = 0
        self._ready: set[int] = set()
        self._sends_singly = False

    @property
    def is_batching(self) -> bool:
        """Whether this worker is faster with several utterances at once."""
        return self._max_samples > 0

    def worker_loaded(self, batch_window_s: float) -> None:
        """Start planning for a new worker, which prefers `batch_window_s` seconds of audio at
        once."""
        self._max_samples = 0 if self._sends_singly else round(batch_window_s * self._rate)
        self._ready.clear()

    def worker_lost(self) -> None:
        """Forget the batch. If it had several utterances, send each alone from now on,
        because any of them may have ended the worker."""
        self._sends_singly |= bool(self._ready)
        self._max_samples = 0
        self._ready.clear()

    def choose(self, job: Job, waiting: Sequence[Job]) -> tuple[Job, ...]:
        """Return the jobs that may be sent with `job`; report what was sent to `sent`.

        Args:
            job: The job that is due.
            waiting: The finals that are due after it, in order.
        """
        if job.kind != "final" or not self.is_batching or job.utterance in self._ready:
            return ()
        total = job.stop_sample - job.start_sample
        batch = []
        for one in waiting:
            total += one.stop_sample - one.start_sample
            if total > self._max_samples:
                break
            batch.append(one)
        return tuple(batch)

    def sent(self, job: Job, batch: Sequence[Job]) -> None:
        """Remember that `job` was sent to the worker, and `batch` with it."""
        if job.utterance in self._ready:  # : the worker has the transcripts of the others, too
            self._ready.discard(job.utterance)
        elif job.kind == "final" and self.is_batching:
            self._ready = {one.utterance for one in batch}


# The published encoder attends inside blocks of 200 rows of 20 ms. A draft needs the open
# block and the one before; earlier words cannot change any more.
_BLOCK_S = 4.0
_BLOCKS = 2
# The convolutions reach across the edge of a block, and a word may lie across it: near the
# start of a later window the earlier words are kept.
_EDGE_S = 0.5


def window_start_s(length_s: float) -> float:
    """Return from which second of an utterance of `length_s` seconds the next draft starts.

    This is the start of a block, so that the blocks equal those of the whole utterance.
    """
    if length_s <= _BLOCKS * _BLOCK_S:
        return 0.0
    last_block = int(length_s // _BLOCK_S)
    if length_s == last_block * _BLOCK_S:
        last_block -= 1
    return max(0, last_block - (_BLOCKS - 1)) * _BLOCK_S


@dataclass(slots=True)
class OpenDraft:
    """The words of one open utterance so far. Times count from its start."""

    words: tuple[Word, ...] = ()
    stable_words: int = field(default=0)

    def update(self, window_s: float, drafted: tuple[Word, ...]) -> None:
        """Merge a new draft of the audio from `window_s` on.

        Args:
            window_s: Where the drafted window begins.
            drafted: Its words, with times from the start of the utterance.
        """
        edge_s = window_s + _EDGE_S if window_s > 0 else 0.0
        kept = tuple(word for word in self.words if _middle(word) < edge_s)
        fresh = tuple(word for word in drafted if _middle(word) >= edge_s)
        words = kept + fresh
        agreed = 0
        for before, now in zip(self.words, words, strict=False):
            if before.text != now.text:
                break
            agreed += 1
        # Words on which both drafts agree are stable, but the last word may still be growing.
        at_most = max(len(kept), len(words) - 1)
        self.stable_words = max(len(kept), min(agreed, at_most))
        self.words = words

    @property
    def text(self) -> str:
        """The words with a space between them."""
        return " ".join(word.text for word in self.words)


def _middle(word: Word) -> float:
    return (word.start_s + word.end_s) / 2
