"""An ended session frees its objects and open files.

Its parts hold native memory (the voice detector's network alone 35 MB), which the garbage collector
does not count, so that reference cycles could keep the memory of many sessions.
"""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from helpers.session_fakes import RATE, ScriptedSource

from granite_live.app.factory import make_segmenter
from granite_live.audio.journal import Journal
from granite_live.audio.resampling import Resampler
from granite_live.session.messages import ModelSpec
from granite_live.session.session import Session, SessionParts

SESSIONS = 4


@pytest.fixture
def _no_garbage_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def session_parts(folder: Path) -> tuple[SessionParts, ScriptedSource]:
    source, journal = ScriptedSource(), Journal.create(folder)
    parts = SessionParts(
        source=source,
        resampler=Resampler(RATE),
        journal=journal,
        read_older=journal.read,
        segmenter=make_segmenter(),
        factory="helpers.scripted_recognizers:load",
        model=ModelSpec(str(folder), None, "cpu"),
    )
    return parts, source


@pytest.mark.usefixtures("_no_garbage_collection")
def test_an_ended_session_is_freed_at_once(tmp_path: Path) -> None:
    """The objects are freed without the garbage collector."""
    alive: dict[str, list[weakref.ref[object]]] = {}
    files = []
    for number in range(SESSIONS):
        parts, source = session_parts(tmp_path / str(number))
        session = Session(parts, lambda event: None)
        for one in (session, parts.segmenter, parts.journal, parts.resampler, source):
            alive.setdefault(type(one).__name__, []).append(weakref.ref(one))
        session.start()
        source.play(np.full(RATE, 0, np.int16))
        session.stop()
        assert session.join(60)
        del session, parts, source, one
        files.append(psutil.Process().num_fds() if hasattr(psutil.Process, "num_fds") else 0)
    counts = {name: sum(ref() is not None for ref in refs) for name, refs in alive.items()}
    assert counts == dict.fromkeys(counts, 0)
    assert files[-1] <= files[0]
