"""A search by sound in a process of its own, as the window runs it."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.messages import shows

from granite_live.app.library_sync import sync_library
from granite_live.app.sound_search import SoundSearchTask
from granite_live.cli.main import run
from granite_live.library import Library
from granite_live.messages.library import LibraryMessage
from granite_live.util.errors import GraniteError
from granite_live.util.paths import demo_bundle_dir


def test_the_stored_recording_is_searched_with_progress(first_sentence: Path) -> None:
    listen = ["listen", "--source", str(first_sentence), "--bundle", str(demo_bundle_dir())]
    assert run(listen) == 0
    with Library.open() as library:
        sync_library(library)
        (session,) = library.sessions()
    shares: list[float] = []
    result = SoundSearchTask("window", session.id).run(shares.append)
    assert result.problems == ()
    best = result.places[0]
    assert best.session.id == session.id
    assert "window" in best.written
    assert shares[-1] == pytest.approx(1.0)
    stopped = SoundSearchTask("window")
    stopped.stop()
    assert stopped.run(shares.append).places == ()
    halted = SoundSearchTask("window", session.id)
    kept = halted.run(lambda _share: halted.stop())
    assert kept.places == result.places
    with pytest.raises(GraniteError) as caught:
        SoundSearchTask("window", session.id + 1).run(shares.append)
    assert shows(caught.value, LibraryMessage.SOUND_DELETED_NOT_SEARCHED)
