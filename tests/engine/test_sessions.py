"""A session that the window begins: by the stored settings, listed with where it came from."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from granite_live.engine import Engine, RunningSession, Wanted
from granite_live.engine.live_export import LiveExport
from granite_live.engine.models import choose_model
from granite_live.live import events
from granite_live.live.messages import ModelSpec
from granite_live.resources import assets_dir, demo_bundle_dir
from granite_live.settings import Settings, save_settings
from granite_live.transcript.history import Library, SessionState, SourceKind

SAMPLE = assets_dir() / "samples" / "welcome.flac"
WAIT_S = 240.0

pytestmark = pytest.mark.skipif(
    not (demo_bundle_dir() / "int8").is_dir(), reason="no demo bundle in assets/demo"
)


def test_a_file_is_heard_by_the_stored_settings_and_listed_as_a_file() -> None:
    save_settings(Settings(replacements=(("the", "das"),), provider="cpu"))
    told: list[events.Event] = []
    engine = Engine()
    try:
        running = engine.begin(Wanted(file=SAMPLE), told.append)
        assert running.join(WAIT_S)
    finally:
        engine.close()
    finals = [event for event in told if isinstance(event, events.Final)]
    with Library.open() as library:
        (session,) = library.sessions()
        lines = [line.text for line in library.utterances(session.id)]
    assert (session.state, session.source_kind) == (SessionState.FINISHED, SourceKind.FILE)
    assert (session.source, session.title) == (str(SAMPLE), "welcome")
    assert lines == [event.text for event in finals]
    assert all(text[0].isupper() for text in lines)
    said = " ".join(lines).split()
    assert "das" in said
    assert "the" not in said
    records = [json.loads(line) for line in events_of(running.journal)]
    assert (records[0]["source_kind"], records[0]["source"]) == ("file", str(SAMPLE))
    heard = " ".join(record["text"] for record in records if record["event"] == "final")
    assert "the" in heard.split()


def events_of(journal: Path) -> list[str]:
    return (journal / "events.jsonl").read_text("utf-8").splitlines()


def test_another_model_is_told_as_the_worker_takes_it() -> None:
    class Asked:
        specs: ClassVar[list[ModelSpec]] = []

        def use(self, spec: ModelSpec) -> None:
            self.specs.append(spec)

    recorder: Any = SimpleNamespace(session_id=7)
    session: Any = Asked()
    running = RunningSession(session, recorder, LiveExport(print), Path("/nowhere"))
    running.use(choose_model(demo_bundle_dir(), provider="cpu", skip_editor="fast"))
    (spec,) = Asked.specs
    assert spec.skip_editor == "fast"
    assert (spec.bundle_path, spec.tier, spec.provider) == (str(demo_bundle_dir()), "int8", "cpu")


def test_every_model_of_the_window_skips_the_editor_as_the_settings_say() -> None:
    save_settings(Settings(skip_editor="fast", provider="cpu"))
    engine = Engine()
    try:
        chosen = [engine.model(), *engine.models(), engine.shelf.choice(demo_bundle_dir(), "int8")]
    finally:
        engine.close()
    assert [one.skip_editor for one in chosen] == ["fast"] * len(chosen)
