"""Scripted recognizers for the worker process, in place of a model.

They run in the real worker process with its real pipe. The samples encode the words: every run of
equal samples above 100 is the word "w<value>". A sample of -666 kills the process, -777 hangs it,
-888 fails as expected, -999 raises an unexpected exception, -555 crashes in native code. The tier
names a folder in which the fake counts its deaths, so that it can recover after some of them.
"""

from __future__ import annotations

import ctypes
import gc
import itertools
import os
import signal
import struct
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from granite_live.session.messages import ModelSpec
from granite_live.transcript.model import ModelInfo, Transcript, Word
from granite_live.util.errors import BundleError, GraniteError

RATE = 16000
KILL, HANG, FAIL, DEFECT, CRASH = -666, -777, -888, -999, -555


class ScriptedRecognizer:
    """Recognizes numbers. `deaths` is how often the lethal sample kills it before it recovers."""

    batch_window_s = 0.0

    def __init__(self, spec: ModelSpec) -> None:
        self.threads = 1
        self._folder = Path(spec.bundle_path)
        self._deaths = int(spec.tier or 1_000_000)

    @property
    def model_info(self) -> ModelInfo:
        return ModelInfo("fake", "none", {"encoder": "none"}, 0, 1)

    @property
    def provider_notes(self) -> tuple[str, ...]:
        return ()

    def draft(self, waveform: np.ndarray) -> Any:
        values = np.rint(waveform * 32768).astype(int)
        self._misbehave(values)
        words, at = [], 0
        for value, run in itertools.groupby(values.tolist()):
            length = len(list(run))
            if value > 100:
                words.append(Word(f"w{value}", at / RATE, (at + length) / RATE, 0.9))
            at += length
        return tuple(words), len(values) / RATE

    def fits(self, draft: Any) -> bool:
        return True

    def transcript_of_draft(self, draft: Any) -> Transcript:
        words, end_s = draft
        ids = tuple(int(word.text[1:]) for word in words)
        text = " ".join(word.text for word in words)
        return Transcript(0.0, end_s, text, ids, words, 0.9, text, ids)

    def edit(self, draft: Any) -> Transcript:
        words, end_s = draft
        return self.transcript_of_draft(
            (tuple(Word(w.text.upper(), w.start_s, w.end_s, 0.99) for w in words), end_s)
        )

    def transcribe(self, waveform: np.ndarray) -> Transcript:
        return self.edit(self.draft(waveform))

    def transcribe_many(self, waveforms: Sequence[np.ndarray]) -> list[Transcript]:
        return [self.transcribe(one) for one in waveforms]

    def close(self) -> None:
        pass

    def _misbehave(self, values: np.ndarray) -> None:
        if (values == FAIL).any():
            raise GraniteError("This sound cannot be heard.")
        if (values == DEFECT).any():
            raise ZeroDivisionError("an injected defect")
        if (values == CRASH).any() and self._may_still_die():
            ctypes.string_at(0)
        if (values == KILL).any() and self._may_still_die():
            os.kill(os.getpid(), signal.SIGKILL)
        if (values == HANG).any() and self._may_still_die():
            threading.Event().wait()

    def _may_still_die(self) -> bool:
        done = len(list(self._folder.glob("death-*")))
        if done >= self._deaths:
            return False
        (self._folder / f"death-{done}").touch()
        return True


def load(spec: ModelSpec) -> ScriptedRecognizer:
    return ScriptedRecognizer(spec)


class BatchingRecognizer(ScriptedRecognizer):
    """Prefers batches of three seconds, and records their sizes."""

    batch_window_s = 3.0

    def transcribe_many(self, waveforms: Sequence[np.ndarray]) -> list[Transcript]:
        with (self._folder / "together").open("a") as file:
            file.write(f"{len(waveforms)}\n")
        return super().transcribe_many(waveforms)


def load_batching(spec: ModelSpec) -> ScriptedRecognizer:
    return BatchingRecognizer(spec)


def load_nothing(spec: ModelSpec) -> ScriptedRecognizer:
    raise BundleError(f"There is no model at {spec.bundle_path}: give another.")


def load_forever(spec: ModelSpec) -> ScriptedRecognizer:
    # A pipe: the test waits for the load by reading from it.
    (Path(spec.bundle_path) / "loading").write_text("it loads")
    threading.Event().wait()
    raise AssertionError


def die_at_once(spec: ModelSpec) -> ScriptedRecognizer:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


class NamedRecognizer(ScriptedRecognizer):
    """Puts the spec's provider in front of every final word."""

    def __init__(self, spec: ModelSpec) -> None:
        super().__init__(spec)
        self._name = spec.provider

    @property
    def model_info(self) -> ModelInfo:
        return ModelInfo("fake", self._name, {"encoder": "none"}, 0, 1)

    def edit(self, draft: Any) -> Transcript:
        words, end_s = draft
        named = tuple(Word(f"{self._name}:{w.text}", w.start_s, w.end_s, 0.99) for w in words)
        ids = tuple(int(word.text[1:]) for word in words)
        text = " ".join(word.text for word in named)
        return Transcript(0.0, end_s, text, ids, named, 0.99, text, ids)


def load_named(spec: ModelSpec) -> ScriptedRecognizer:
    """Load by the spec's provider: some fail, one waits for a gate."""
    if spec.provider == "missing":
        raise BundleError("There is no such model.")
    if spec.provider == "dying":
        os.kill(os.getpid(), signal.SIGKILL)
    if spec.provider == "gated":
        # Opening a pipe blocks until its other end is opened.
        (Path(spec.bundle_path) / "gate").read_text()
    return NamedRecognizer(spec)


def _connection() -> Connection:
    """Return the worker's end of its pipe, which recognizers do not get."""
    (found,) = (one for one in gc.get_objects() if isinstance(one, Connection))
    return found


def stop_in_a_message(spec: ModelSpec) -> ScriptedRecognizer:
    """Freeze in the middle of writing a message of a megabyte."""
    os.write(_connection().fileno(), struct.pack("!i", 1 << 20) + b"the beginning of it")
    os.kill(os.getpid(), signal.SIGSTOP)
    raise AssertionError


def send_garbage(spec: ModelSpec) -> ScriptedRecognizer:
    """Send an invalid message once; work normally afterwards."""
    mark = Path(spec.bundle_path) / "garbage"
    if not mark.exists():
        mark.touch()
        _connection().send_bytes(b"\x80\x04 no message at all")
        threading.Event().wait()
    return ScriptedRecognizer(spec)


def load_badly(spec: ModelSpec) -> ScriptedRecognizer:
    raise ValueError("no such graph")


def load_loudly(spec: ModelSpec) -> ScriptedRecognizer:
    """Print to standard error like a C library, bypassing Python."""
    os.write(2, b"a library prints this\n")
    return ScriptedRecognizer(spec)


def load_with_the_interpreter_locked(spec: ModelSpec) -> ScriptedRecognizer:
    """Load forever in native code that holds the GIL."""
    (Path(spec.bundle_path) / "loading").write_text("it loads")
    ctypes.PyDLL(None).sleep(60)
    raise AssertionError
