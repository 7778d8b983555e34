"""Sources of sound for `listen`, and the message if there is none."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from helpers.messages import sentence

from granite_live.audio import capture, inputs
from granite_live.audio.devices import DeviceKind, InputDevice
from granite_live.audio.source import Origin, OriginKind
from granite_live.cli.listen import ListenRequest, input_source, open_source, system_source
from granite_live.cli.terminal import Messages
from granite_live.messages.audio import AudioMessage
from granite_live.session.messages import ModelSpec
from granite_live.settings import Settings
from granite_live.util.errors import AudioError

MICROPHONE = InputDevice("portaudio:mic", "Mic", DeviceKind.MICROPHONE, True, 48_000, 1)
HEADSET = InputDevice("portaudio:headset", "Headset", DeviceKind.MICROPHONE, False, 48_000, 1)
SPEAKERS = InputDevice("pulse:monitor", "Speakers", DeviceKind.SYSTEM, True, 48_000, 2)


class Watcher:
    """Watcher with one microphone, as on a system without a sound server; tests add inputs."""

    is_live = False

    def __init__(self) -> None:
        self.is_closed = False
        self.known: tuple[InputDevice, ...] = (MICROPHONE,)

    def devices(self) -> tuple[InputDevice, ...]:
        return self.known

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def watcher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watcher]:
    it = Watcher()
    monkeypatch.setattr(inputs, "watch_inputs", lambda: it)
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
        pytest.raises(AudioError, match=sentence(AudioMessage.NO_SUCH_INPUT, wanted="tuba")),
        input_source("tuba", system_sound=False),
    ):
        pass


def test_an_input_is_chosen_by_a_part_of_its_name(watcher: Watcher) -> None:
    with input_source("mi", system_sound=False) as source:
        assert source.name == "Mic"


@pytest.mark.parametrize(
    ("settings", "heard"),
    [
        (Settings(), MICROPHONE),
        (Settings(input_device=HEADSET.id), HEADSET),
        (Settings(input_device=HEADSET.id, input_kind="system"), HEADSET),
        (Settings(input_kind="system"), SPEAKERS),
    ],
)
def test_the_input_of_the_settings_is_heard(
    watcher: Watcher, settings: Settings, heard: InputDevice
) -> None:
    watcher.known = (MICROPHONE, HEADSET, SPEAKERS)
    warnings: list[str] = []
    with input_source(None, system_sound=False, settings=settings, warn=warnings.append) as source:
        assert source.origin == Origin(OriginKind(heard.kind.value), heard.name)
    assert warnings == []


def test_options_win_over_the_input_of_the_settings(watcher: Watcher) -> None:
    watcher.known = (MICROPHONE, HEADSET, SPEAKERS)
    settings = Settings(input_device=HEADSET.id)
    with input_source("mic", system_sound=False, settings=settings) as source:
        assert source.origin.name == "Mic"
    with input_source(None, system_sound=True, settings=settings) as source:
        assert source.origin == Origin(OriginKind.SYSTEM, "Speakers")


def test_an_input_of_the_settings_that_is_not_connected_gives_way_to_the_default(
    watcher: Watcher,
) -> None:
    warnings: list[str] = []
    settings = Settings(input_device=HEADSET.id)
    with input_source(None, system_sound=False, settings=settings, warn=warnings.append) as source:
        assert source.origin.name == "Mic"
    (warning,) = warnings
    assert f"'{HEADSET.id}', is not connected" in warning


def test_a_meeting_takes_the_microphone_whatever_the_settings_choose(watcher: Watcher) -> None:
    watcher.known = (MICROPHONE, HEADSET, SPEAKERS)
    settings = Settings(input_kind="system", input_device=SPEAKERS.id)
    request = ListenRequest(ModelSpec("", None), settings, with_system_sound=True)
    notes = Messages(io.StringIO())
    with open_source(request, notes) as source:
        assert source.origin == Origin(OriginKind.MICROPHONE, "Mic")
    with system_source() as second:
        assert second.origin == Origin(OriginKind.SYSTEM, "Speakers")


def test_a_meeting_without_system_sound_is_one_sentence(watcher: Watcher) -> None:
    with pytest.raises(AudioError, match="PulseAudio or PipeWire"), system_source():
        pass
