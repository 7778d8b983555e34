"""A key that is released inside the last word: the word is whole."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.real_session import demo_model
from PySide6.QtWidgets import QApplication

from granite_live.settings import Settings, save_settings

pytestmark = pytest.mark.soak

# The last word of each sentence: roof, river, birds, minutes. All are longer than this.
BEFORE_END_S = (0.08, 0.12, 0.16, 0.2, 0.24)


def test_twenty_releases_inside_the_last_word_give_twenty_whole_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, say: Callable[[str], None]
) -> None:
    demo_model()
    monkeypatch.setenv("GRANITE_LIVE_HOME", str(tmp_path))
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import bench_dictation

    save_settings(Settings(sentence_case=True))
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    desk = bench_dictation.DictationSetup(app)
    desk.open()
    cut = []
    for speech in bench_dictation.utterances():
        whole = desk.release_within(speech, -0.3).split()[-1]
        for before_s in BEFORE_END_S:
            text = desk.release_within(speech, before_s)
            if text.split()[-1:] != [whole]:
                cut.append(f"{before_s} s before the end of {whole!r}: {text!r}")
    desk.close()
    say(f"{20 - len(cut)} of 20 words are whole {cut}")
    assert not cut
