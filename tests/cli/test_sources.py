"""Where `listen` gets its sound from, and what is told where there is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from granite_live.audio import capture, devices
from granite_live.audio.devices import DeviceKind, InputDevice
from granite_live.cli.sources import input_source
from granite_live.errors import AudioError

MICROPHONE = InputDevice("portaudio:mic", "Mic", DeviceKind.MICROPHONE, True, 48_000, 1)


class Watcher:
    """Knows a microphone only, as on a system without a sound server."""

    is_live = False

    def __init__(self) -> None:
        self.is_closed = False

    def devices(self) -> tuple[InputDevice, ...]:
        return (MICROPHONE,)

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def watcher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watcher]:
    it = Watcher()
    monkeypatch.setattr(devices, "watch_inputs", lambda: it)
    monkeypatch.setattr(capture.PortAudio, "shared", lambda: None)
    yield it
    assert it.is_closed


def test_system_sound_that_cannot_be_had_is_one_sentence(watcher: Watcher) -> None:
    with (
        pytest.raises(AudioError, match="PulseAudio or PipeWire") as caught,
        input_source(None, system_sound=True),
    ):
        pass
    assert "--device" in str(caught.value)


def test_a_microphone_that_is_not_there_is_one_sentence(watcher: Watcher) -> None:
    with (
        pytest.raises(AudioError, match='no input called "tuba"'),
        input_source("tuba", system_sound=False),
    ):
        pass


def test_an_input_is_chosen_by_a_part_of_its_name(watcher: Watcher) -> None:
    with input_source("mi", system_sound=False) as source:
        assert source.name == "Mic"
