"""Recording from a real sound server, also when it fails."""

from __future__ import annotations

import os
import queue
import sys
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from helpers.messages import shows
from helpers.pulse_server import MICROPHONE, RATE_HZ, SPEAKER, PulseServer, running_pulse
from numpy.typing import NDArray

from granite_live.audio.capture import PortAudio, open_input
from granite_live.audio.devices import DeviceKind, DeviceWatcher, find_input
from granite_live.audio.inputs import watch_inputs
from granite_live.audio.source import AudioBlock, AudioQueue, Notice, NoticeKind
from granite_live.messages.audio import AudioMessage
from granite_live.util.errors import AudioError

WAIT_S = 60.0
"""A guard: how soon each is told is measured in `tests/soak/test_device_times.py`."""
MICROPHONE_NAME = "Test_Microphone"


class Listener:
    """Starts a source and stores its blocks and its notices."""

    def __init__(self, watcher: DeviceWatcher, **wishes: object) -> None:
        self.blocks: list[AudioBlock] = []
        self.notices: list[Notice] = []
        self._frames = threading.Condition()
        self._news: queue.Queue[Notice] = queue.Queue()
        self._sink = AudioQueue(max_blocks=1_000)
        self.source = open_input(watcher, **wishes)  # type: ignore[arg-type]
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self.source.start(self._sink)

    def _read(self) -> None:
        while not self.notices or self.notices[-1].kind is not NoticeKind.ENDED:
            item = self._sink.get()
            if isinstance(item, Notice):
                self.notices.append(item)
                self._news.put(item)
            else:
                with self._frames:
                    self.blocks.append(item)
                    self._frames.notify()

    def notice(self, news: NoticeKind, *ignored: NoticeKind) -> Notice:
        """Return the next notice, which must be `news`."""
        while True:
            notice = self._news.get(timeout=WAIT_S)
            if notice.kind in ignored:
                continue
            assert notice.kind is news, notice
            return notice

    def more_sound(self, seconds: float) -> NDArray[np.float32]:
        """Wait for this much more audio and return all [shape=(frames, channels)]."""
        with self._frames:
            wanted = self._count() + seconds * RATE_HZ
            assert self._frames.wait_for(lambda: self._count() >= wanted, seconds + WAIT_S)
            return np.concatenate([block.samples for block in self.blocks])

    def _count(self) -> int:
        return sum(len(block.samples) for block in self.blocks)

    def stop(self) -> None:
        """Stop; nobody is left that listens."""
        self.source.stop()
        self._thread.join(WAIT_S)
        assert not self._thread.is_alive()


@pytest.fixture
def server() -> Iterator[PulseServer]:
    with running_pulse() as it:
        yield it


@pytest.fixture
def watcher(server: PulseServer) -> Iterator[DeviceWatcher]:
    try:
        it = watch_inputs()
    except (AudioError, ImportError) as error:
        pytest.skip(str(error))
    yield it
    it.close()


@pytest.fixture
def listen(watcher: DeviceWatcher) -> Iterator[type[Listener]]:
    listeners: list[Listener] = []

    class Kept(Listener):
        def __init__(self, **wishes: object) -> None:
            super().__init__(watcher, **wishes)
            listeners.append(self)

    yield Kept
    for listener in listeners:
        listener.stop()


def noise(seconds: float) -> NDArray[np.float32]:
    generator = np.random.default_rng(11)
    return (0.1 * generator.standard_normal(round(seconds * RATE_HZ))).astype(np.float32)


def lag(played: NDArray[np.float32], heard: NDArray[np.float32]) -> int:
    """Return the position of `played` in `heard` [samples]."""
    size = 1 << (len(played) + len(heard)).bit_length()
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(played, size))
    return int(np.argmax(np.fft.irfft(spectrum, size)))


def correlation(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    return float(np.corrcoef(first, second)[0, 1])


# A sound server is a real-time program: on a very busy machine the player and the server lose audio
# before this program receives it. One clean take shows that the capture loses none.
TAKES = 3


def test_what_is_played_is_what_is_recorded(server: PulseServer, listen: type[Listener]) -> None:
    listener = listen()
    listener.notice(NoticeKind.ACTIVE)
    body = noise(3.0)
    second = RATE_HZ
    takes = []
    for _ in range(TAKES):
        server.play(np.concatenate([np.zeros(RATE_HZ // 2, np.float32), body]), latency_ms=1_500)
        heard = listener.more_sound(4.5)[:, 0]
        start = lag(body, heard)
        whole = correlation(body, heard[start : start + len(body)])
        # Lost samples or another clock would move the end relative to the beginning.
        first_lag = lag(body[:second], heard[start : start + 2 * second])
        last_lag = lag(body[-second:], heard[start + len(body) - second :])
        takes.append((whole > 0.99, first_lag, last_lag))
        if takes[-1] == (True, 0, 0):
            break
    listener.stop()
    assert takes[-1] == (True, 0, 0), takes


def test_system_sound_is_recorded_in_stereo(server: PulseServer, listen: type[Listener]) -> None:
    listener = listen(kind=DeviceKind.SYSTEM)
    notice = listener.notice(NoticeKind.ACTIVE)
    assert notice.device == "Monitor of Speaker"
    played = noise(1.0)
    takes = []
    for _ in range(TAKES):
        server.play(np.concatenate([np.zeros(RATE_HZ // 2, np.float32), played]), SPEAKER)
        heard = listener.more_sound(2.5)
        assert heard.shape[1] == 2
        start = lag(played, heard[:, 0])
        takes.append(
            min(correlation(played, channel) for channel in heard[start : start + len(played)].T)
        )
        if takes[-1] > 0.99:
            break
    assert takes[-1] > 0.99, takes
    # Silence before and after is normal for system audio.
    assert [notice.kind for notice in listener.notices] == [NoticeKind.ACTIVE]


def test_unplugged_and_plugged_in_again(
    server: PulseServer, watcher: DeviceWatcher, listen: type[Listener]
) -> None:
    server.plug("other_microphone")
    server.play(noise(30.0))
    listener = listen(device=find_input(watcher.devices(), MICROPHONE_NAME))
    listener.notice(NoticeKind.ACTIVE)
    server.unplug()
    lost = listener.notice(NoticeKind.LOST)
    assert lost.detail == AudioMessage.NO_LONGER_CONNECTED(name=MICROPHONE_NAME)
    server.plug()
    back = listener.notice(NoticeKind.RESTORED)
    assert back.device == MICROPHONE_NAME
    listener.stop()


def test_server_killed_and_started_again(server: PulseServer, listen: type[Listener]) -> None:
    server.play(noise(30.0))
    listener = listen()
    listener.notice(NoticeKind.ACTIVE)
    server.kill()
    listener.notice(NoticeKind.LOST)
    server.start()
    server.plug()
    server.play(noise(30.0))
    listener.notice(NoticeKind.RESTORED)


def test_stop_while_the_server_is_dead(server: PulseServer, listen: type[Listener]) -> None:
    server.play(noise(30.0))
    listener = listen()
    listener.notice(NoticeKind.ACTIVE)
    server.kill()
    listener.notice(NoticeKind.LOST)
    listener.stop()  # the server is dead, and never starts again
    listener.notice(NoticeKind.ENDED)


def test_stop_while_the_server_hangs(server: PulseServer, listen: type[Listener]) -> None:
    server.play(noise(30.0))
    listener = listen()
    listener.notice(NoticeKind.ACTIVE)
    with server.frozen():
        lost = listener.notice(NoticeKind.LOST)
        assert shows(lost.detail, AudioMessage.NO_MORE_SOUND)
        listener.stop()  # the server stays frozen until that has returned


def test_muted_and_unmuted(server: PulseServer, listen: type[Listener]) -> None:
    server.play(noise(30.0))
    listener = listen()
    listener.notice(NoticeKind.ACTIVE)
    server.control("set-source-mute", MICROPHONE, "1")
    silent = listener.notice(NoticeKind.SILENT)
    assert shows(silent.detail, AudioMessage.MUTED)
    server.control("set-source-mute", MICROPHONE, "0")
    listener.notice(NoticeKind.RESTORED)


def test_another_default_is_followed(server: PulseServer, listen: type[Listener]) -> None:
    server.plug("other_microphone")
    server.play(noise(30.0))
    listener = listen()
    listener.notice(NoticeKind.ACTIVE)
    server.control("set-default-source", "other_microphone")
    lost = listener.notice(NoticeKind.LOST)
    assert lost.detail == AudioMessage.CHANGING_DEVICE(name="Other_Microphone")
    back = listener.notice(NoticeKind.RESTORED)
    assert back.device == "Other_Microphone" == listener.source.name


def test_what_the_sound_libraries_print_stays_off_the_terminal(
    server: PulseServer, watcher: DeviceWatcher, capfd: pytest.CaptureFixture[str]
) -> None:
    device = find_input(watcher.devices(), MICROPHONE_NAME)
    heard, finished = threading.Event(), threading.Event()
    stream = PortAudio.shared().open(device, lambda *_: heard.set(), finished.set)
    stream.start()
    assert heard.wait(WAIT_S)
    # PortAudio's thread for the stream prints this.
    server.kill()
    assert finished.wait(WAIT_S)
    stream.close()
    # ALSA prints this.
    with pytest.raises(AudioError):
        PortAudio.shared().open(device, lambda *_: None, finished.set)
    sys.stderr.write("Python's own\n")
    os.write(2, b"a crash's\n")
    assert capfd.readouterr().err == "Python's own\na crash's\n"
