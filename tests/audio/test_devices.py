"""The list of inputs: complete, with permanent names, and live with a sound server."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from helpers.messages import sentence
from helpers.pulse_server import MICROPHONE, SPEAKER_MONITOR, PulseServer, running_pulse

from granite_live.audio.capture import PortAudio, PortAudioWatcher
from granite_live.audio.devices import DeviceKind, DeviceWatcher, InputDevice, find_input
from granite_live.audio.inputs import list_inputs, watch_inputs
from granite_live.messages.audio import AudioMessage
from granite_live.util.errors import AudioError

WAIT_S = 5.0
DESK = InputDevice("test:desk", "Desk microphone", DeviceKind.MICROPHONE, True, 48_000, 2)
HEADSET = replace(DESK, id="test:headset", name="Headset", is_default=False)


class FakeSounddevice:
    """The part of the sounddevice module that is used."""

    class PortAudioError(Exception):
        pass

    class default:  # noqa: N801 - the library's own name
        hostapi = 0

    def __init__(self, *names: str) -> None:
        self.apis = [{"name": "Core Audio", "default_input_device": 0}]
        self.connected = self.listed = list(names)
        self.streams: list[FakeStream] = []
        self.opened_with: list[dict[str, Any]] = []
        self.starts = 1

    def query_hostapis(self) -> list[dict[str, Any]]:
        return self.apis

    def query_devices(self) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "hostapi": 0,
                "max_input_channels": 0 if "Speaker" in name else 4,
                "default_samplerate": 44_100.0,
            }
            for name in self.listed
        ]

    def _terminate(self) -> None:
        assert all(stream.closed for stream in self.streams), "an open stream was killed"
        self.listed = []

    def _initialize(self) -> None:
        self.starts += 1
        self.listed = self.connected

    def _exit_handler(self) -> None:
        raise AssertionError

    def InputStream(self, **wishes: Any) -> FakeStream:  # noqa: N802 - the library's own name
        self.opened_with.append(wishes | {"PULSE_SOURCE": os.environ.get("PULSE_SOURCE")})
        if self.listed[wishes["device"]] == "Broken":
            raise self.PortAudioError("Device unavailable [PaErrorCode -9985]")
        stream = FakeStream(self)
        self.streams.append(stream)
        return stream


class FakeStream:
    def __init__(self, library: FakeSounddevice) -> None:
        self.library = library
        self.calls: list[str] = []
        self.closed = False

    def start(self) -> None:
        if self.library.connected == []:
            raise self.library.PortAudioError("gone")
        self.calls.append("start")

    def abort(self) -> None:
        self.calls.append("abort")

    def close(self) -> None:
        self.calls.append("close")
        self.closed = True


def opened(portaudio: PortAudio, device: InputDevice) -> Any:
    return portaudio.open(device, lambda *_: None, lambda: None)


def test_inputs_of_portaudio_with_ids_that_do_not_depend_on_their_place() -> None:
    library = FakeSounddevice("Speaker", "Built-in", "USB Mic", "USB Mic")
    library.apis[0]["default_input_device"] = 1
    inputs = PortAudio(library).inputs()
    assert [(device.id, device.name, device.is_default) for device in inputs] == [
        ("portaudio:Core Audio:Built-in", "Built-in", True),
        ("portaudio:Core Audio:USB Mic", "USB Mic", False),
        ("portaudio:Core Audio:USB Mic#2", "USB Mic", False),
    ]
    assert {(device.channels, device.sample_rate_hz) for device in inputs} == {(2, 44_100)}
    library.listed = ["Headset", "Speaker", "Built-in", "USB Mic", "USB Mic"]
    assert {device.id for device in inputs} <= {d.id for d in PortAudio(library).inputs()}


def test_each_device_of_windows_is_listed_once_with_its_whole_name() -> None:
    library = FakeSounddevice("Mic cut off", "Microphone with a name")
    library.apis = [
        {"name": "MME", "default_input_device": 0},
        {"name": "Windows WASAPI", "default_input_device": 1},
    ]
    entries = library.query_devices()
    entries[1]["hostapi"] = 1
    library.query_devices = lambda: entries  # type: ignore[method-assign]
    (device,) = PortAudio(library).inputs()
    assert device.name == "Microphone with a name"
    assert device.is_default


def test_the_list_is_never_read_again_while_a_stream_is_open() -> None:
    library = FakeSounddevice("Built-in")
    portaudio = PortAudio(library)
    watcher = PortAudioWatcher(portaudio)
    changes: list[tuple[InputDevice, ...]] = []
    forget = watcher.subscribe(lambda: changes.append(watcher.devices()))
    (device,) = watcher.devices()
    stream = opened(portaudio, device)
    library.connected = ["Built-in", "Headset"]
    watcher.refresh()
    assert watcher.devices() == (device,)
    stream.close()
    watcher.refresh()
    assert [d.name for d in watcher.devices()] == ["Built-in", "Headset"]
    watcher.refresh()
    assert changes == [watcher.devices()]
    forget()
    library.connected = []
    watcher.refresh()
    assert len(changes) == 1
    watcher.close()


def test_a_stream_takes_the_device_as_it_is_and_is_never_stopped_politely() -> None:
    library = FakeSounddevice("Built-in", "USB Mic")
    portaudio = PortAudio(library)
    device = portaudio.inputs()[1]
    stream = opened(portaudio, device)
    stream.start()
    stream.close()
    (wishes,) = library.opened_with
    assert wishes["device"] == 1
    assert wishes["samplerate"] == 44_100
    assert wishes["channels"] == 2
    assert wishes["blocksize"] == 882
    assert wishes["dtype"] == "float32"
    assert library.streams[0].calls == ["start", "abort", "close"]


def test_a_device_that_has_come_since_the_list_was_read_opens() -> None:
    library = FakeSounddevice("Built-in")
    portaudio = PortAudio(library)
    wanted = replace(portaudio.inputs()[0], id="portaudio:Core Audio:Headset", name="Headset")
    with pytest.raises(
        AudioError, match=sentence(AudioMessage.DEVICE_NOT_CONNECTED, name="Headset")
    ):
        opened(portaudio, wanted)
    library.connected = ["Built-in", "Headset"]
    opened(portaudio, wanted)
    assert library.opened_with[0]["device"] == 1


def test_what_portaudio_says_is_passed_on_with_the_devices_name() -> None:
    library = FakeSounddevice("Broken", "Built-in")
    portaudio = PortAudio(library)
    broken, good = portaudio.inputs()
    with pytest.raises(
        AudioError,
        match=sentence(AudioMessage.DEVICE_UNOPENABLE, name="Broken", reason="Device unavailable"),
    ):
        opened(portaudio, broken)
    assert portaudio.refresh(), "what did not open is not counted as open"
    stream = opened(portaudio, good)
    library.connected = []
    with pytest.raises(AudioError, match=sentence(AudioMessage.STREAM_UNSTARTABLE, reason="gone")):
        stream.start()


def test_a_source_of_the_sound_server_is_named_to_it_while_opening(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    device = replace(DESK, id="pulse:usb_mic")
    library = FakeSounddevice("default", "pulse")
    opened(PortAudio(library), device)
    assert library.opened_with[0]["PULSE_SOURCE"] == "usb_mic"
    assert library.opened_with[0]["device"] == 1
    assert "PULSE_SOURCE" not in os.environ
    monkeypatch.setenv("PULSE_SOURCE", "the users own")
    opened(PortAudio(library), device)
    assert os.environ["PULSE_SOURCE"] == "the users own"


def test_no_way_from_portaudio_to_the_sound_server() -> None:
    with pytest.raises(AudioError, match=sentence(AudioMessage.NO_WAY_TO_SOUND_SERVER)):
        opened(PortAudio(FakeSounddevice("hw:0")), replace(DESK, id="pulse:usb_mic"))


def test_one_that_hangs_while_opening_does_not_hang_the_next() -> None:
    library = FakeSounddevice("Built-in")
    portaudio = PortAudio(library)
    (device,) = portaudio.inputs()
    entered, release = threading.Event(), threading.Event()

    def hang(**_: Any) -> FakeStream:
        entered.set()
        assert release.wait(WAIT_S)
        raise library.PortAudioError("too late")

    library.InputStream = hang  # type: ignore[method-assign]

    def try_to_open() -> None:
        with pytest.raises(AudioError, match="too late"):
            opened(portaudio, device)

    thread = threading.Thread(target=try_to_open)
    thread.start()
    assert entered.wait(WAIT_S)
    with pytest.raises(AudioError, match=sentence(AudioMessage.SOUND_SYSTEM_STUCK)):
        portaudio.refresh()
    release.set()
    thread.join(WAIT_S)
    assert portaudio.refresh()


def test_without_the_portaudio_library_the_remedy_is_named(tmp_path: Path) -> None:
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')\n")
    script = (
        "from granite_live.audio.inputs import list_inputs\n"
        "from granite_live.util.errors import AudioError\n"
        "try:\n    list_inputs()\n"
        "except AudioError as error:\n    print(error)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert told == (
        "recording needs the PortAudio library, which is not installed; "
        "on Debian or Ubuntu: sudo apt install libportaudio2 libasound2-plugins\n"
    )


@pytest.mark.parametrize("wanted", ["test:headset", "Headset", "headset", "head"])
def test_an_input_is_found_by_id_name_or_a_part_of_it(wanted: str) -> None:
    assert find_input([DESK, HEADSET], wanted) == HEADSET


def test_an_input_that_is_not_there_or_not_the_only_one() -> None:
    with pytest.raises(
        AudioError,
        match=sentence(
            AudioMessage.NO_SUCH_INPUT, wanted="Camera", names='"Desk microphone", "Headset"'
        ),
    ):
        find_input([DESK, HEADSET], "Camera")
    with pytest.raises(
        AudioError, match=sentence(AudioMessage.NO_SUCH_INPUT, names=AudioMessage.NONE_AT_ALL())
    ):
        find_input([], "Camera")
    twin = replace(HEADSET, id="test:headset#2")
    with pytest.raises(AudioError, match=r"test:headset, test:headset#2"):
        find_input([DESK, HEADSET, twin], "Headset")


def test_no_server_and_no_microphone_is_an_error_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    monkeypatch.setattr(PortAudio, "shared", lambda: PortAudio(FakeSounddevice()))
    with pytest.raises(AudioError, match=sentence(AudioMessage.NO_INPUT)):
        list_inputs()


def test_where_no_server_answers_portaudio_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    library = FakeSounddevice("Built-in")
    monkeypatch.setattr(PortAudio, "shared", lambda: PortAudio(library))
    (device,) = list_inputs()
    assert device.id == "portaudio:Core Audio:Built-in"


# With a real sound server.


class Changes:
    """Waits for changes reported by a watcher."""

    def __init__(self, watcher: DeviceWatcher) -> None:
        self._watcher = watcher
        self._lists: queue.Queue[tuple[InputDevice, ...]] = queue.Queue()
        watcher.subscribe(lambda: self._lists.put(watcher.devices()))

    def until(self, holds: Callable[[dict[str, InputDevice]], bool]) -> dict[str, InputDevice]:
        """Return the first reported list for which `holds` is true, by id."""
        deadline_s = time.monotonic() + WAIT_S
        while True:
            devices = self._lists.get(timeout=max(0.0, deadline_s - time.monotonic()))
            by_id = {device.id: device for device in devices}
            if holds(by_id):
                return by_id


@pytest.fixture
def server() -> Iterator[PulseServer]:
    with running_pulse() as it:
        yield it


@pytest.fixture
def watcher(server: PulseServer) -> Iterator[DeviceWatcher]:
    try:
        it = watch_inputs()
    except AudioError as error:
        pytest.skip(str(error))
    yield it
    began_s = time.monotonic()
    it.close()
    it.close()
    assert time.monotonic() - began_s < 1.0
    assert not any(thread.name == "input devices" for thread in threading.enumerate())


def test_the_servers_sources_microphones_first(watcher: DeviceWatcher, server: PulseServer) -> None:
    server.plug("stereo_microphone", channels=2)
    inputs = list_inputs()
    assert [(d.id, d.name, d.kind.value, d.is_default, d.channels) for d in inputs] == [
        (f"pulse:{MICROPHONE}", "Test_Microphone", "microphone", True, 1),
        ("pulse:stereo_microphone", "Stereo_Microphone", "microphone", False, 2),
        (f"pulse:{SPEAKER_MONITOR}", "Monitor of Speaker", "system", True, 2),
        ("pulse:test_cable.monitor", "Monitor of Cable", "system", False, 2),
    ]
    assert watcher.is_live


def test_devices_that_come_go_and_change_are_told(
    watcher: DeviceWatcher, server: PulseServer
) -> None:
    changes = Changes(watcher)
    server.plug("headset")
    assert not changes.until(lambda found: "pulse:headset" in found)["pulse:headset"].is_default
    server.control("set-default-source", "headset")
    found = changes.until(lambda found: found["pulse:headset"].is_default)
    assert not found[f"pulse:{MICROPHONE}"].is_default
    server.control("set-source-mute", "headset", "1")
    changes.until(lambda found: found["pulse:headset"].is_muted)
    server.unplug("headset")
    found = changes.until(lambda found: "pulse:headset" not in found)
    assert found[f"pulse:{MICROPHONE}"].is_default


def test_the_server_may_go_and_come_back(watcher: DeviceWatcher, server: PulseServer) -> None:
    changes = Changes(watcher)
    server.kill()
    changes.until(lambda found: not found)
    server.start()
    server.plug()
    assert changes.until(lambda found: f"pulse:{MICROPHONE}" in found)


def test_a_monitor_is_never_the_default_microphone() -> None:
    with running_pulse(with_microphone=False) as server:
        try:
            inputs = list_inputs()
        except AudioError as error:
            pytest.skip(str(error))
        assert {device.kind for device in inputs} == {DeviceKind.SYSTEM}
        server.plug()
        server.control("set-default-source", SPEAKER_MONITOR)
        (microphone, *_) = list_inputs()
        assert microphone.id == f"pulse:{MICROPHONE}"
        assert microphone.is_default


def test_a_server_that_hangs_does_not_hang_the_list(server: PulseServer) -> None:
    with server.frozen():
        began_s = time.monotonic()
        with pytest.raises(AudioError, match=sentence(AudioMessage.SOUND_SERVER_STUCK)):
            list_inputs()
        assert time.monotonic() - began_s < WAIT_S
