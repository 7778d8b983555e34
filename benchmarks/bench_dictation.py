"""Measure the delay from the end of speech until dictated text leaves for another program.

    python benchmarks/bench_dictation.py [--count 20]

Runs a real session with the demo model in real time. Its microphone plays an utterance of the
shipped sample whenever the key goes down. There are two ways to end: the key is released with the
last word (100 ms of the delay are for sound that is still on its way), or the key stays down and
silence ends the utterance. Typing or pasting, which follows, is measured by bench_delivery.py.
Takes some ten seconds for each of `--count`.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Callable
from statistics import median, quantiles

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication

from granite_live.app.engine import Engine
from granite_live.app.factory import SessionSettings, make_segmenter
from granite_live.app.sessions import SessionRequest
from granite_live.audio.files import open_audio
from granite_live.audio.source import AudioQueue, Notice, NoticeKind, Origin, OriginKind
from granite_live.gui.background import Background
from granite_live.gui.dictation.dictation import DictationState, PushToTalk
from granite_live.gui.live_session import LiveSession
from granite_live.settings import Settings, save_settings
from granite_live.util.paths import assets_dir
from granite_live.util.pcm import to_float32, to_int16
from granite_live.vad.events import SegmenterSettings
from granite_live.vad.segmenter import segment_stream

RATE_HZ = 16_000
BLOCK = 320
GIVE_UP_S = 60.0
AFTER_SPEECH_S = 0.05
"""Seconds by which the detector is late: an utterance keeps that much after its last sound."""


class Microphone:
    """Source that plays the given sound in real time, and otherwise silence."""

    name = "a benchmark"
    origin = Origin(OriginKind.MICROPHONE, "a benchmark")

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._next: NDArray[np.float32] = np.empty(0, np.float32)
        self._lock = threading.Lock()
        self.over = threading.Event()
        self.over_s = 0.0

    def play(self, samples: NDArray[np.float32]) -> None:
        """Play from now on; `over` is set when all of it was delivered."""
        with self._lock:
            self.over.clear()
            self._next = samples

    def start(self, sink: AudioQueue) -> None:
        """Start the thread."""
        sink.notify(Notice(NoticeKind.ACTIVE, self.name))
        self._thread = threading.Thread(target=self._run, args=(sink,), name="microphone")
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread."""
        self._stop.set()

    def _run(self, sink: AudioQueue) -> None:
        due_s = time.monotonic()
        while not self._stop.wait(max(0.0, due_s - time.monotonic())):
            due_s += BLOCK / RATE_HZ
            with self._lock:
                block, self._next = self._next[:BLOCK], self._next[BLOCK:]
            silent = np.zeros(BLOCK, np.float32)
            silent[: len(block)] = block
            sink.offer(silent[:, None], RATE_HZ)
            if len(block) and not len(self._next):
                self.over_s = time.monotonic()
                self.over.set()
        sink.notify(Notice(NoticeKind.ENDED, self.name))


class DictationSetup:
    """Dictation without a pad; every text counts as delivered."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self.microphone = Microphone()
        engine = Engine()
        engine._sessions._inputs = self  # type: ignore[assignment]
        self._background = Background()
        self.live = LiveSession(engine, self._background)
        start = SessionRequest(is_dictation=True)
        self.dictation = PushToTalk(self.live, lambda: self.live.start(start))
        self.said: list[tuple[float, str]] = []
        self.dictation.text_ready.connect(
            lambda text, _: self.said.append((time.monotonic(), text))
        )

    def open_source(self, _input_id: str | None, *, system_sound: bool) -> Microphone:
        """Return the microphone, as an engine's inputs do."""
        return self.microphone

    def wait(self, condition: Callable[[], object]) -> None:
        """Process the window's events until a condition holds."""
        until_s = time.monotonic() + GIVE_UP_S
        while not condition():
            if time.monotonic() > until_s:
                raise SystemExit("what the benchmark waits for does not happen")
            self._app.processEvents()
            time.sleep(0.001)

    def open(self) -> None:
        """Start the session and load the model."""
        self.dictation.open()
        self.wait(lambda: self.dictation.state is DictationState.READY and self.dictation.is_loaded)

    def release_within(self, speech: NDArray[np.float32], before_end_s: float) -> str:
        """Dictate, release the key before the end of speech, and return the text."""
        known = len(self.said)
        self.dictation.press()
        self.wait(lambda: self.dictation.state is DictationState.LISTENING)
        self.microphone.play(speech)
        release_s = time.monotonic() + len(speech) / RATE_HZ - before_end_s
        self.wait(lambda: time.monotonic() >= release_s)
        self.dictation.release()
        self.wait(self.microphone.over.is_set)
        self.wait(lambda: self.dictation.state is DictationState.READY)
        return " ".join(text for _, text in self.said[known:])

    def dictate(self, speech: NDArray[np.float32], *, is_released: bool) -> float | None:
        """Dictate; return the delay from the end of speech to the last text, None without text."""
        known = len(self.said)
        self.dictation.press()
        self.wait(lambda: self.dictation.state is DictationState.LISTENING)
        self.microphone.play(speech)
        self.wait(self.microphone.over.is_set)
        if not is_released:
            self.wait(lambda: len(self.said) > known)
        self.dictation.release()
        self.wait(lambda: self.dictation.state is DictationState.READY)
        return self.said[-1][0] - self.microphone.over_s if len(self.said) > known else None

    def close(self) -> None:
        """End the session."""
        self.dictation.close()
        self.wait(lambda: not self.live.is_active)
        self._background.join(GIVE_UP_S)


def utterances() -> list[NDArray[np.float32]]:
    """Return the utterances of the sample, each without the silence after it."""
    with open_audio(assets_dir() / "samples" / "welcome.flac") as audio:
        sound = to_int16(np.concatenate(list(audio.blocks(RATE_HZ))))
    behind = round((SegmenterSettings().keep_silence_ms / 1000 - AFTER_SPEECH_S) * RATE_HZ)
    blocks = (sound[at : at + BLOCK] for at in range(0, len(sound), BLOCK))
    # Cut as dictation does, so that no utterance has a pause inside that would end it.
    cutter = make_segmenter(SessionSettings.of(Settings(), is_dictation=True))
    return [to_float32(one.samples[:-behind]) for one in segment_stream(blocks, cutter)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=20, help="Utterances for each way to end")
    count = max(2, parser.parse_args().count)
    with tempfile.TemporaryDirectory() as home:
        os.environ["GRANITE_LIVE_HOME"] = home
        save_settings(Settings(sentence_case=True))
        desk = DictationSetup(QApplication([]))
        said = utterances()
        desk.open()
        desk.dictate(said[0], is_released=True)  # The first one warms up caches.
        print(f"{count} utterances each, demo model; pause {Settings().dictation_silence_ms} ms")
        for name, is_released in (("key released", True), ("silence", False)):
            delays = [
                desk.dictate(said[number % len(said)], is_released=is_released)
                for number in range(count)
            ]
            known = [one for one in delays if one is not None]
            p95_s = quantiles(known, n=20)[-1]
            print(
                f"{name:13} to text: p50 {median(known) * 1000:4.0f} ms, "
                f"p95 {p95_s * 1000:4.0f} ms ({len(known)} texts)"
            )
        desk.close()


if __name__ == "__main__":
    main()
