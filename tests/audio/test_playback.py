"""Playback of a stretch of a session, on an output driven by the test and on a real one."""

from __future__ import annotations

import os
import queue
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.messages import shows
from helpers.pulse_server import RATE_HZ as PULSE_RATE_HZ
from helpers.pulse_server import SPEAKER_MONITOR, running_pulse
from numpy.typing import NDArray

from granite_live.audio import playback
from granite_live.audio.capture import PortAudio
from granite_live.audio.journal import Journal
from granite_live.audio.playback import FillBlock, Player
from granite_live.messages.audio import AudioMessage
from granite_live.messages.journal import JournalMessage
from granite_live.util.errors import AudioError

RATE_HZ = 16_000
WAIT_S = 10.0


def session(root: Path, sound: NDArray[np.int16], *, packed: bool = False) -> Path:
    journal = Journal.create(root)
    journal.append(sound)
    if packed:
        journal.finish()
    else:
        journal.close()
    return journal.path


def noise(seconds: float, seed: int = 3) -> NDArray[np.int16]:
    rng = np.random.default_rng(seed)
    return rng.integers(-8_000, 8_000, round(seconds * RATE_HZ), dtype=np.int16)


class FakeOutput:
    """An output and its stream, which requests samples when the test says so."""

    def __init__(self, rate_hz: int = RATE_HZ, hangs: str = "", error: Exception | None = None):
        self.rate_hz, self.hangs, self.error = rate_hz, hangs, error
        self.started, self.closed, self.release = (threading.Event() for _ in range(3))
        self.abandoned = False
        self.fill: FillBlock
        self.finish: Callable[[], None]

    def output_rate_hz(self) -> int:
        if self.error:
            raise self.error
        return self.rate_hz

    def open_output(
        self, sample_rate_hz: int, fill: FillBlock, finished: Callable[[], None]
    ) -> Any:
        assert sample_rate_hz == self.rate_hz
        self.fill, self.finish = fill, finished
        return self

    def start(self) -> None:
        self.started.set()

    def close(self) -> None:
        if self.hangs == "close":
            assert self.release.wait(WAIT_S)
        self.closed.set()

    def abandon(self) -> None:
        self.abandoned = True

    def played(self, frames: int = 441) -> NDArray[np.float32]:
        """Request samples until the last ones, as PortAudio does."""
        assert self.started.wait(WAIT_S)
        pieces, goes_on = [], True
        while goes_on:
            block = np.full(frames, 9.0, np.float32)
            goes_on = self.fill(block)
            pieces.append(block)
        self.finish()
        return np.concatenate(pieces)


class Told:
    """Waits for the calls of `finished`."""

    def __init__(self) -> None:
        self._told: queue.SimpleQueue[str] = queue.SimpleQueue()

    def __call__(self, error: str) -> None:
        self._told.put(error)

    def wait(self) -> str:
        return self._told.get(timeout=WAIT_S)

    def more(self) -> bool:
        return not self._told.empty()


def heard(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    return np.round(samples * 32_768).astype(np.int16)


@pytest.mark.parametrize("packed", [False, True])
def test_the_stretch_is_played_to_the_sample(tmp_path: Path, packed: bool) -> None:
    sound = noise(5.0)
    sound[sound == 0] = 1  # so that inserted silence can be detected
    output, told = FakeOutput(), Told()
    player = Player(lambda: output)
    player.play(session(tmp_path, sound, packed=packed), 1.25, 4.0, told)
    samples = output.played()
    assert told.wait() == ""
    assert output.closed.is_set()
    found = heard(samples)
    assert np.array_equal(found[found != 0], sound[20_000:64_000])
    assert player.stop()
    assert not told.more()


@pytest.mark.parametrize("track", [0, 1])
def test_one_side_of_a_meeting_is_played_alone(tmp_path: Path, track: int) -> None:
    sides = [np.full(16_000, level, np.int16) for level in (1_000, 2_000)]
    journal = Journal.create(tmp_path, system_source="Loudspeakers")
    for side, sound in enumerate(sides):
        journal.append(sound, side)
    journal.finish()
    output, told = FakeOutput(), Told()
    player = Player(lambda: output)
    player.play(journal.path, 0.0, 1.0, told, track=track)
    samples = heard(output.played())
    assert told.wait() == ""
    assert set(samples[samples != 0]) == set(sides[track])
    assert player.stop()


def test_an_outputs_own_rate(tmp_path: Path) -> None:
    time_s = np.arange(2 * RATE_HZ) / RATE_HZ
    tone = (np.sin(2 * np.pi * 500 * time_s) * 8_000).astype(np.int16)
    output, told = FakeOutput(48_000), Told()
    Player(lambda: output).play(session(tmp_path, tone), 0.0, 99.0, told)
    samples = output.played()
    assert told.wait() == ""
    spoken = samples[samples != 0.0]
    assert len(spoken) == pytest.approx(2 * 48_000, rel=0.02)
    loudest = np.argmax(np.abs(np.fft.rfft(spoken)))
    assert loudest * 48_000 / len(spoken) == pytest.approx(500, abs=5)


def test_stopping_ends_it_and_says_so_once(tmp_path: Path) -> None:
    output, told = FakeOutput(), Told()
    player = Player(lambda: output)
    assert player.position_s is None
    player.play(session(tmp_path, noise(60.0)), 10.0, 60.0, told)
    assert output.started.wait(WAIT_S)
    assert player.position_s is not None
    assert player.position_s >= 10.0
    assert player.stop()
    assert output.closed.is_set()
    assert told.wait() == ""
    assert player.position_s is None
    assert output.fill(np.zeros(10, np.float32)) is False
    assert not told.more()


def test_a_second_stretch_ends_the_first(tmp_path: Path) -> None:
    folder = session(tmp_path, noise(60.0))
    outputs = [FakeOutput(), FakeOutput()]
    told = [Told(), Told()]
    player = Player(iter(outputs).__next__)
    player.play(folder, 0.0, 60.0, told[0])
    assert outputs[0].started.wait(WAIT_S)
    player.play(folder, 2.0, 2.5, told[1])
    assert outputs[0].closed.is_set()
    assert told[0].wait() == ""
    outputs[1].played()
    assert told[1].wait() == ""


def test_nothing_to_play_ends_at_once(tmp_path: Path) -> None:
    folder = session(tmp_path, noise(1.0))
    for start_s, end_s in ((5.0, 9.0), (0.5, 0.5), (-3.0, 0.0)):
        output, told = FakeOutput(), Told()
        Player(lambda output=output: output).play(folder, start_s, end_s, told)  # type: ignore[misc]
        assert not output.played().any()
        assert told.wait() == ""


def test_an_output_that_goes_away_ends_it(tmp_path: Path) -> None:
    output, told = FakeOutput(), Told()
    Player(lambda: output).play(session(tmp_path, noise(60.0)), 0.0, 60.0, told)
    assert output.started.wait(WAIT_S)
    output.finish()
    assert told.wait() == ""
    assert output.closed.is_set()


def test_what_cannot_be_played_is_one_sentence(tmp_path: Path) -> None:
    told = Told()
    nothing = AudioError(AudioMessage.NO_OUTPUT())
    player = Player(lambda: FakeOutput(error=nothing))
    player.play(session(tmp_path, noise(1.0)), 0.0, 1.0, told)
    assert told.wait() == AudioMessage.NO_OUTPUT()
    player.play(tmp_path / "gone", 0.0, 1.0, told)
    assert shows(told.wait(), JournalMessage.SOUND_NOT_KEPT)
    player = Player(lambda: FakeOutput(error=ZeroDivisionError("of ours")))
    player.play(session(tmp_path, noise(1.0)), 0.0, 1.0, told)
    assert told.wait() == AudioMessage.PLAYBACK_FAILED()


def test_an_output_that_hangs_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playback, "_STOP_S", 0.05)
    output, told = FakeOutput(hangs="close"), Told()
    player = Player(lambda: output)
    player.play(session(tmp_path, noise(9.0)), 0.0, 9.0, told)
    assert output.started.wait(WAIT_S)
    assert not player.stop()
    assert output.abandoned
    output.release.set()
    assert told.wait() == ""


class FakeSoundDevice:
    """The part of the sounddevice library that an output needs."""

    class PortAudioError(Exception):
        pass

    class CallbackStop(Exception):  # noqa: N818 - the library's own name
        pass

    def __init__(self, *lists: list[tuple[str, int]], usual: int = -1) -> None:
        self._lists = list(lists)
        self.default = type("default", (), {"device": (-1, usual)})
        self.opened: dict[str, Any] = {}
        self.fails = False

    def query_devices(self, index: int | None = None) -> Any:
        entries = [
            {"name": name, "max_output_channels": channels, "default_samplerate": 44_100.0}
            for name, channels in self._lists[0]
        ]
        return entries if index is None else entries[index]

    def _terminate(self) -> None:
        if len(self._lists) > 1:
            self._lists.pop(0)

    def _initialize(self) -> None:
        pass

    def OutputStream(self, **options: Any) -> Any:  # noqa: N802 - the library's own name
        if self.fails:
            raise self.PortAudioError("Invalid sample rate")
        self.opened = options
        return self


@pytest.mark.parametrize(
    ("library", "index"),
    [
        (FakeSoundDevice([("mic", 0), ("a", 2), ("b", 2)], usual=2), 2),
        (FakeSoundDevice([("mic", 0), ("a", 2), ("pulse", 32)], usual=1), 2),
        (FakeSoundDevice([("mic", 0), ("a", 2)]), 1),
        (FakeSoundDevice([("mic", 0)], [("mic", 0), ("new", 2)]), 1),
    ],
)
def test_which_output_is_taken(library: FakeSoundDevice, index: int) -> None:
    portaudio = PortAudio(library)
    assert portaudio.output_rate_hz() == 44_100
    given: list[bool] = [True, False]
    portaudio.open_output(44_100, lambda _block: given.pop(0), lambda: None)
    assert (library.opened["device"], library.opened["channels"]) == (index, 1)
    block = np.zeros((10, 1), np.float32)
    library.opened["callback"](block, 10, None, None)
    with pytest.raises(FakeSoundDevice.CallbackStop):
        library.opened["callback"](block, 10, None, None)


def test_no_output_at_all() -> None:
    with pytest.raises(AudioError, match="connect a loudspeaker"):
        PortAudio(FakeSoundDevice([("mic", 0)])).output_rate_hz()
    library = FakeSoundDevice([("a", 2)])
    library.fails = True
    with pytest.raises(AudioError, match="cannot be opened"):
        PortAudio(library).open_output(8_000, lambda _block: False, lambda: None)


def test_it_is_heard_on_a_real_output(tmp_path: Path) -> None:
    # Low enough to be unchanged at any rate.
    sound = np.convolve(noise(3.0), np.ones(16) / 16, mode="same").astype(np.int16)
    folder = session(tmp_path, sound, packed=True)
    told = Told()
    with running_pulse(with_microphone=False) as server:
        form = ("--raw", "--format=float32le", f"--rate={PULSE_RATE_HZ}", "--channels=1")
        command = ["parec", *form, f"--device={SPEAKER_MONITOR}"]
        recorder = subprocess.Popen(
            command, stdout=subprocess.PIPE, env=os.environ | server.environment
        )
        pipe = recorder.stdout
        assert pipe is not None
        with pipe:
            pieces = [pipe.read(4_800)]  # recording has started
            reader = threading.Thread(
                target=lambda: pieces.extend(iter(lambda: pipe.read(4_800), b""))
            )
            reader.start()
            player = Player()
            player.play(folder, 0.5, 2.5, told)
            error = told.wait()
            recorder.terminate()
            reader.join(WAIT_S)
            recorder.wait(WAIT_S)
        player.stop()
    if "libasound2-plugins" in error or shows(error, AudioMessage.NO_OUTPUT):
        pytest.skip(f"PortAudio finds no way to the sound server here: {error}")
    assert error == ""
    recorded = np.frombuffer(b"".join(pieces), "<f4")
    # On a busy machine the server itself may drop a moment.
    assert sum(is_in(piece, recorded) for piece in np.split(sound[8_000:40_000], 8)) >= 5


def is_in(piece: NDArray[np.int16], recorded: NDArray[np.float32]) -> bool:
    """Return whether 16 kHz `sound` is in audio recorded at 48 kHz."""
    wanted = np.interp(np.arange(len(piece) * 3) / 3, np.arange(len(piece)), piece)
    size = 1 << (len(recorded) + len(wanted)).bit_length()
    spectrum = np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(wanted, size))
    at = int(np.argmax(np.fft.irfft(spectrum)[: len(recorded) - len(wanted)]))
    return bool(np.corrcoef(recorded[at : at + len(wanted)], wanted)[0, 1] > 0.9)


def test_faster_playback_ends_sooner_and_knows_its_position(tmp_path: Path) -> None:
    output = FakeOutput()
    player = Player(lambda: output)
    finished = threading.Event()
    sound = noise(3.0)
    player.play(session(tmp_path, sound), 1.0, 3.0, lambda _sentence: finished.set(), speed=2.0)
    assert output.started.wait(WAIT_S)
    played, goes_on = 0, True
    while goes_on:
        block = np.zeros(160, np.float32)
        goes_on = output.fill(block)
        played += np.count_nonzero(block)  # noise has hardly any zeros, a late block only zeros
        position_s = player.position_s
        assert position_s == pytest.approx(1.0 + 2 * played / RATE_HZ, abs=0.05)
    assert played == pytest.approx(RATE_HZ, abs=0.1 * RATE_HZ)
    output.finish()
    assert finished.wait(WAIT_S)
