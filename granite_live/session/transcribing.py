"""Execute the worker's tasks, with a cache of drafts and transcripts between tasks."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from granite_live.session.messages import Task
from granite_live.session.protocols import Recogniser
from granite_live.session.scheduler import KEPT_DRAFTS
from granite_live.transcript.model import Transcript
from granite_live.util.errors import GraniteError
from granite_live.util.samples import as_float


class Transcribing:
    """Executes tasks with a recognizer. Cached results serve identical samples only."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self._drafts: OrderedDict[int, tuple[bytes, Any]] = OrderedDict()
        self._transcripts: dict[int, tuple[bytes, Transcript]] = {}

    def do(self, task: Task) -> Transcript:
        """Return the transcript for a task.

        Raises:
            GraniteError: The recognizer failed.
        """
        if task.kind == "final":
            return self._final(task)
        draft = self._recogniser.draft(as_float(task.samples))
        if task.kind == "provisional":
            self._drafts[task.utterance] = _digest(task.samples), draft
            if len(self._drafts) > KEPT_DRAFTS:
                self._drafts.popitem(last=False)
        return self._recogniser.unedited(draft)

    def _final(self, task: Task) -> Transcript:
        recogniser, heard = self._recogniser, _digest(task.samples)
        sound, transcript = self._transcripts.pop(task.utterance, (b"", None))
        if transcript is not None and sound == heard:
            return transcript
        # The utterance may have grown since the draft was kept.
        sound, draft = self._drafts.pop(task.utterance, (b"", None))
        if draft is not None and sound == heard and recogniser.fits(draft):
            return recogniser.edit(draft)
        if task.company:
            together = self._together(task)
            if together is not None:
                return together
        return recogniser.transcribe(as_float(task.samples))

    def _together(self, task: Task) -> Transcript | None:
        """Transcribe a task and its batch, whose transcripts are kept; return None if that fails.

        The caller then transcribes each alone, which shows which one fails.
        """
        sounds = [task.samples, *(one.samples for one in task.company)]
        try:
            first, *others = self._recogniser.transcribe_many([as_float(one) for one in sounds])
        except GraniteError:
            return None
        self._transcripts = {
            one.utterance: (_digest(one.samples), transcript)
            for one, transcript in zip(task.company, others, strict=True)
        }
        return first


def _digest(samples: NDArray[np.int16]) -> bytes:
    return hashlib.blake2b(samples.tobytes(), digest_size=16).digest()
