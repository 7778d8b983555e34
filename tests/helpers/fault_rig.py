"""A session of real parts, and faults of each of them that it must survive without a loss.

The journal, its files, the worker process, pipe, signals and threads are real. The source plays
arrays and the model recognizes numbers (see `scripted_recognizers`), so that output and input can
be compared. Faults are injected at seams: signals to the worker process, a `FaultyDisk` below the
journal, notices of the source, the listener's behavior.
"""

from __future__ import annotations

import errno
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray

from granite_live.audio.files import open_audio
from granite_live.audio.journal import Journal
from granite_live.audio.source import NoticeKind
from granite_live.session import events
from granite_live.session.supervisor import WorkerTimeouts
from granite_live.util.pcm import to_int16
from helpers.faulty_disk import FaultyDisk
from helpers.session_fakes import RATE, FakeSession, said

TIMEOUTS = WorkerTimeouts(
    heartbeat_s=2.5, task_s=1.5, task_s_per_audio_s=0.0, restart_delays_s=(0.0, 0.0, 0.0)
)
_HELD_S = 1.0
"""How long a stalled part is held."""
_WAIT_S = 30.0


class FaultRig:
    """A running session; its listener can be blocked or made to raise."""

    def __init__(self, folder: Path, timeouts: WorkerTimeouts = TIMEOUTS) -> None:
        self._folder = folder
        self.disk = FaultyDisk()
        self.journal = Journal.create(folder / "sessions", files=self.disk)
        self.may_hear = threading.Event()
        self.may_hear.set()
        self.fake_session = FakeSession(
            folder,
            deaths=1,
            timeouts=timeouts,
            journal=self.journal,
            read_older=self.journal.read,
            listener_waits_for=self.may_hear,
        )
        self._played: list[NDArray[np.int16]] = []
        self._words = self._utterances = 0
        self.fake_session.session.start()
        self.fake_session.source.notify(NoticeKind.ACTIVE)
        self.fake_session.until(events.ModelReady)

    def say(self, words: int = 2, *, first: int = 0) -> NDArray[np.int16]:
        """Play an utterance of `words` words, after `first` samples of one value."""
        values = [101 + (self._words + k) % 800 for k in range(words)]
        self._words += words
        self._utterances += 1
        sound = said(values)
        if first:
            sound = np.concatenate([np.full(160, first, np.int16), sound])
        self.play(sound)
        return sound

    def forget_deaths(self) -> None:
        """Let the worker die again from the samples that kill or hang it."""
        for mark in self._folder.glob("death-*"):
            mark.unlink()

    def play(self, sound: NDArray[np.int16]) -> None:
        """Play samples, and remember them."""
        self._played.append(sound)
        self.fake_session.source.play(sound)

    def settle(self) -> None:
        """Wait until every utterance has its text."""
        while len(self.fake_session.all(events.FinalText)) < self._utterances:
            self.fake_session.until(events.FinalText)

    @property
    def worker(self) -> int:
        """The process id of the worker; waits until there is one."""
        until_s = time.monotonic() + _WAIT_S
        while not (pid := self.fake_session.session.worker_pid):
            assert time.monotonic() < until_s
            threading.Event().wait(0.01)
        return pid

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the worker."""
        try:
            psutil.Process(self.worker).send_signal(number)
        except psutil.NoSuchProcess:
            return  # it is just being replaced

    def end(self) -> events.SessionClosed:
        """Stop, wait for everything and return the totals."""
        self.may_hear.set()
        self.fake_session.end()
        closed = self.fake_session.events[-1]
        assert isinstance(closed, events.SessionClosed)
        return closed

    @property
    def played(self) -> NDArray[np.int16]:
        """All samples that were played."""
        return np.concatenate([np.empty(0, np.int16), *self._played])

    def recorded(self) -> NDArray[np.int16]:
        """Return the recorded samples on the disk, packed or not."""
        packed = self.journal.path / "sound.flac"
        if packed.exists():
            with open_audio(packed) as audio:
                return np.concatenate([to_int16(block) for block in audio.blocks(RATE)])
        return np.fromfile(self.journal.path / "sound.pcm", np.int16, offset=64)

    def texts(self) -> str:
        """Return the words of all final texts, in the order of the utterances."""
        finals = sorted(self.fake_session.all(events.FinalText), key=lambda one: one.utterance)
        return " ".join(one.text for one in finals)

    def expected_texts(self) -> str:
        """Return the words that were played."""
        return " ".join(f"W{101 + k % 800}" for k in range(self._words))


@dataclass(frozen=True)
class SurvivedFault:
    """A fault that causes no loss.
     `cause` triggers it in a running rig, and returns when it is over or will end by itself.
     `events`
    is the type of the event that reports it, None if there is none.
    """

    name: str
    cause: Callable[[FaultRig], object]
    told: type | None


def _signal(number: signal.Signals) -> Callable[[FaultRig], None]:
    return lambda rig: rig.signal(number)


def _die_twice(rig: FaultRig) -> None:
    first = rig.worker
    rig.signal(signal.SIGKILL)
    until_s = time.monotonic() + _WAIT_S
    while rig.worker == first:
        assert time.monotonic() < until_s
        threading.Event().wait(0.01)
    rig.signal(signal.SIGKILL)


def _sound(value: int) -> Callable[[FaultRig], object]:
    """Play a sample that makes the worker misbehave once, see `scripted_recognizers`."""

    def cause(rig: FaultRig) -> None:
        rig.forget_deaths()
        rig.say(first=value)

    return cause


def _full_for_a_while(rig: FaultRig) -> None:
    rig.fake_session.skip_news()
    rig.disk.room = 1_001  # an odd number: a sample is cut in half
    rig.say(4)
    rig.fake_session.until(events.DiskChanged)
    rig.disk.room = None


def _disk_error(step: str, number: int) -> Callable[[FaultRig], object]:
    """Let the disk fail once in an operation of the journal."""

    def cause(rig: FaultRig) -> None:
        rig.disk.fail(step, 1, OSError(number, os.strerror(number)))
        rig.say(4)

    return cause


def _disk_stalls(step: str) -> Callable[[FaultRig], object]:
    def cause(rig: FaultRig) -> None:
        may_go = threading.Event()
        rig.disk.at(step, 1, lambda: may_go.wait(_HELD_S) and None)
        rig.say(4)

    return cause


def _news(*news: NoticeKind) -> Callable[[FaultRig], object]:
    def cause(rig: FaultRig) -> None:
        for one in news:
            rig.fake_session.source.notify(one, "A test says so.")

    return cause


def _listener_hangs(rig: FaultRig) -> None:
    rig.may_hear.clear()
    threading.Timer(_HELD_S, rig.may_hear.set).start()
    rig.say(4)


SURVIVED: Iterable[SurvivedFault] = (
    SurvivedFault("worker killed", _signal(signal.SIGKILL), events.WorkerRestarted),
    SurvivedFault("worker terminated", _signal(signal.SIGTERM), events.WorkerRestarted),
    SurvivedFault("worker crashes", _signal(signal.SIGSEGV), events.WorkerRestarted),
    SurvivedFault("worker aborts", _signal(signal.SIGABRT), events.WorkerRestarted),
    SurvivedFault("worker frozen", _signal(signal.SIGSTOP), events.WorkerRestarted),
    SurvivedFault("worker killed twice", _die_twice, events.WorkerRestarted),
    SurvivedFault("sound kills the worker once", _sound(-666), events.WorkerRestarted),
    SurvivedFault("sound hangs the worker once", _sound(-777), events.WorkerRestarted),
    SurvivedFault("disk full for a while", _full_for_a_while, events.DiskChanged),
    SurvivedFault("write fails once", _disk_error("write", errno.EIO), events.DiskChanged),
    SurvivedFault("sync fails once", _disk_error("sync", errno.EIO), events.DiskChanged),
    SurvivedFault("write interrupted once", _disk_error("write", errno.EINTR), events.DiskChanged),
    SurvivedFault("quota reached once", _disk_error("write", errno.EDQUOT), events.DiskChanged),
    SurvivedFault("write stalls", _disk_stalls("write"), None),
    SurvivedFault("sync stalls", _disk_stalls("sync"), None),
    SurvivedFault(
        "device lost and back", _news(NoticeKind.LOST, NoticeKind.RESTORED), events.DeviceLost
    ),
    SurvivedFault(
        "device silent and back", _news(NoticeKind.SILENT, NoticeKind.RESTORED), events.DeviceLost
    ),
    SurvivedFault("listener hangs", _listener_hangs, None),
)
