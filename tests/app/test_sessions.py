"""Sessions that the window starts: stored settings, and their source in the list."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest

from granite_live.app.engine import Engine
from granite_live.app.factory import SessionSettings
from granite_live.app.listeners import LiveExport
from granite_live.app.models import ModelRequest, choose_model
from granite_live.app.sessions import RunningSession, SessionRequest
from granite_live.audio.journal.folders import PEAKS_NAME
from granite_live.audio.source import AudioQueue, Notice, NoticeKind, Origin, OriginKind
from granite_live.library import Library, SessionState, SourceKind
from granite_live.session import events
from granite_live.session.messages import ModelSpec
from granite_live.settings import Settings, save_settings
from granite_live.util.errors import AudioError
from granite_live.util.paths import assets_dir, demo_bundle_dir

SAMPLE = assets_dir() / "samples" / "welcome.flac"
WAIT_S = 240.0

pytestmark = pytest.mark.skipif(
    not (demo_bundle_dir() / "int8").is_dir(), reason="no demo bundle in assets/demo"
)


def test_a_file_is_heard_by_the_stored_settings_and_listed_as_a_file(two_sentences: Path) -> None:
    save_settings(Settings(replacements=(("the", "das"),), provider="cpu"))
    told: list[events.SessionEvent] = []
    engine = Engine()
    try:
        running = engine.start_session(SessionRequest(file=two_sentences), told.append)
        assert running.join(WAIT_S)
    finally:
        engine.close()
    finals = [event for event in told if isinstance(event, events.FinalText)]
    with Library.open() as library:
        (session,) = library.sessions()
        lines = [line.text for line in library.utterances(session.id)]
    assert (session.state, session.source_kind) == (SessionState.FINISHED, SourceKind.FILE)
    assert (session.source, session.title) == (str(two_sentences), "two-sentences")
    assert lines == [event.text for event in finals]
    assert all(text[0].isupper() for text in lines)
    said = " ".join(lines).split()
    assert "das" in said
    assert "the" not in said
    records = [json.loads(line) for line in events_of(running.journal)]
    assert (records[0]["source_kind"], records[0]["source"]) == ("file", str(two_sentences))
    assert (running.journal / PEAKS_NAME).stat().st_size > 0
    heard = " ".join(record["text"] for record in records if record["event"] == "final")
    assert "the" in heard.split()


def events_of(journal: Path) -> list[str]:
    return (journal / "events.jsonl").read_text("utf-8").splitlines()


def test_another_model_is_told_as_the_worker_takes_it() -> None:
    class Asked:
        specs: ClassVar[list[ModelSpec]] = []

        def switch_model(self, spec: ModelSpec) -> None:
            self.specs.append(spec)

    recorder: Any = SimpleNamespace(session_id=7)
    session: Any = Asked()
    running = RunningSession(session, recorder, LiveExport(print), Path("/nowhere"))
    running.switch_model(
        choose_model(ModelRequest(demo_bundle_dir(), provider="cpu"), skip_editor="fast")
    )
    (spec,) = Asked.specs
    assert spec.skip_editor == "fast"
    assert (spec.bundle_path, spec.tier, spec.provider) == (str(demo_bundle_dir()), "int8", "cpu")


def test_every_model_of_the_window_skips_the_editor_as_the_settings_say() -> None:
    save_settings(Settings(skip_editor="fast", provider="cpu"))
    engine = Engine()
    try:
        chosen = [
            engine.default_model(),
            *engine.models(),
            engine.model_inventory.open_tier(demo_bundle_dir(), "int8"),
        ]
    finally:
        engine.close()
    assert [one.skip_editor for one in chosen] == ["fast"] * len(chosen)


class DeafMicrophone:
    """Source that delivers what the test wants, when it wants."""

    name = "a fake"
    origin = Origin(OriginKind.MICROPHONE, "a fake")

    def __init__(self) -> None:
        self.sink: AudioQueue | None = None

    def start(self, sink: AudioQueue) -> None:
        self.sink = sink
        sink.notify(Notice(NoticeKind.ACTIVE, self.name))

    def stop(self) -> None:
        sink, self.sink = self.sink, None
        if sink is not None:
            sink.notify(Notice(NoticeKind.ENDED, self.name))


def dictate(monkeypatch: pytest.MonkeyPatch, speak: bool) -> tuple[RunningSession, list[Any]]:
    """Run a dictation session in which something is recorded or nothing."""
    told: list[Any] = []
    microphone = DeafMicrophone()
    monkeypatch.setattr(
        "granite_live.app.engine.InputDevices.open_source", lambda *_args, **_options: microphone
    )
    paused, heard = threading.Event(), threading.Event()

    def listen(event: events.SessionEvent) -> None:
        told.append(event)
        if isinstance(event, events.StateChanged) and event.state == "paused":
            paused.set()
        if isinstance(event, events.LevelMeasured):
            heard.set()

    engine = Engine()
    try:
        running = engine.start_session(SessionRequest(is_dictation=True), listen)
        sink = microphone.sink
        assert sink is not None
        assert paused.wait(WAIT_S)
        sink.offer(np.full((16000, 1), 0.1, np.float32), 16000)
        if speak:
            running.resume()
            sink.offer(np.full((16000, 1), 0.1, np.float32), 16000)
            assert heard.wait(WAIT_S)
        running.stop()
        assert running.join(WAIT_S)
    finally:
        engine.close()
    return running, told


def test_a_dictation_begins_paused_and_leaves_nothing_if_nobody_speaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running, told = dictate(monkeypatch, speak=False)
    assert running.is_discarded
    assert told[-1].samples_received == 0
    assert not running.journal.exists()
    with Library.open() as library:
        assert library.sessions() == ()


def test_a_dictation_records_from_when_it_is_resumed(monkeypatch: pytest.MonkeyPatch) -> None:
    running, told = dictate(monkeypatch, speak=True)
    assert not running.is_discarded
    assert told[-1].samples_received == 16000
    with Library.open() as library:
        assert [one.id for one in library.sessions()] == [running.session_id]


def test_dictation_ends_utterances_sooner_and_skips_the_editor_more_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stored = Settings(silence_ms=900, skip_editor="off", dictation_silence_ms=250)
    assert SessionSettings.of(stored).silence_ms == 900
    assert SessionSettings.of(stored, is_dictation=True).silence_ms == 250
    calm = replace(stored, dictation_quick=False)
    assert SessionSettings.of(calm, is_dictation=True).silence_ms == 900
    specs: list[ModelSpec] = []

    def remember(source: Any, model: ModelSpec, *_others: Any) -> Any:
        specs.append(model)
        raise AudioError("enough")

    monkeypatch.setattr("granite_live.app.factory.make_session", remember)
    monkeypatch.setattr(
        "granite_live.app.engine.InputDevices.open_source",
        lambda *_args, **_options: DeafMicrophone(),
    )
    engine = Engine()
    for settings in (stored, calm):
        save_settings(settings)
        for is_dictation in (True, False):
            with pytest.raises(AudioError, match="enough"):
                engine.start_session(SessionRequest(is_dictation=is_dictation), print)
    engine.close()
    assert [one.skip_editor for one in specs] == ["fast", "off", "off", "off"]


@pytest.mark.parametrize(("seconds", "is_kept"), [(2, False), (8, True)])
def test_a_live_session_started_by_mistake_is_not_kept(
    monkeypatch: pytest.MonkeyPatch, seconds: int, is_kept: bool
) -> None:
    microphone, arrived = DeafMicrophone(), threading.Event()
    monkeypatch.setattr(
        "granite_live.app.engine.InputDevices.open_source", lambda *_args, **_options: microphone
    )

    def listen(event: events.SessionEvent) -> None:
        if isinstance(event, events.LevelMeasured):
            arrived.set()

    engine = Engine()
    try:
        running = engine.start_session(SessionRequest(), listen)
        assert microphone.sink is not None
        for _ in range(seconds):
            microphone.sink.offer(np.zeros((16000, 1), np.float32), 16000)
        assert arrived.wait(WAIT_S)
        running.stop()
        assert running.join(WAIT_S)
    finally:
        engine.close()
    assert running.is_discarded is not is_kept
    assert running.journal.exists() is is_kept
    with Library.open() as library:
        assert len(library.sessions()) == is_kept
