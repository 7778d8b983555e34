"""How long a listener waits: speech to its first draft, end of speech to its final text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from helpers.real_session import LiveSession
from helpers.segment_sounds import HOP, RATE_HZ, Scene
from helpers.speech_scenes import clips_of_many, spoken, write

from granite_live.audio.file_source import FileSource
from granite_live.session import events
from granite_live.vad.events import SegmenterSettings

pytestmark = pytest.mark.soak

UTTERANCES = 60
FIRST_DRAFT_S = 0.7
FINAL_S = 0.3
SILENCE_S = SegmenterSettings().silence_ms / 1000
_LEAD_S = 8.0  # in which the model is loaded


class Waits:
    """What was waited for each clip, by the clip's own places in the recording."""

    def __init__(self, session: LiveSession, scene: Scene, silence_s: float) -> None:
        began_s = self._recording_began_s(session)
        self.drafts_s: list[float] = []
        self.finals_s: list[float] = []
        heard = [(event, at_s - began_s) for event, at_s in session.told]
        for first, end in scene.clips:
            onset_s, end_s = silence_s + first * HOP / RATE_HZ, silence_s + end * HOP / RATE_HZ
            drafts = [
                at_s
                for event, at_s in heard
                if isinstance(event, events.DraftText)
                and event.text
                and onset_s <= at_s < end_s + 1
            ]
            finals = [
                at_s
                for event, at_s in heard
                if isinstance(event, events.FinalText) and abs(event.end_s - end_s) < SILENCE_S
            ]
            self.drafts_s += [drafts[0] - onset_s] if drafts else []
            self.finals_s += [finals[0] - end_s - SILENCE_S] if finals else []

    @staticmethod
    def _recording_began_s(session: LiveSession) -> float:
        """Return when the recording's first sample was heard [time.monotonic]."""
        states = [
            (event, at_s)
            for event, at_s in session.told
            if isinstance(event, events.StateChanged) and event.state == "listening"
        ]
        # Told when the source gives its first piece, which ends 20 ms after its beginning.
        return states[0][1] - 0.02


def line(name: str, waits_s: list[float], goal_s: float) -> str:
    if not waits_s:
        return f"  {name} there were none"
    p50, p95 = np.percentile(waits_s, [50, 95])
    verdict = "met" if p95 <= goal_s else "missed"
    return (
        f"  {name} median {p50 * 1000:4.0f} ms, p95 {p95 * 1000:4.0f} ms, longest "
        f"{max(waits_s) * 1000:4.0f} ms ({len(waits_s)} of them; goal {goal_s * 1000:.0f} ms: "
        f"{verdict})"
    )


def test_words_come_while_people_still_speak(
    tmp_path: Path, scale: float, say: Callable[[str], None]
) -> None:
    clips, which = clips_of_many()
    scene, _ = spoken(clips, max(3, round(UTTERANCES * scale)), (1.5, 2.5))
    lead = np.zeros(round(_LEAD_S * RATE_HZ), np.float32)
    write(tmp_path / "speech.wav", np.concatenate([lead, scene.sound]))
    session = LiveSession(FileSource(tmp_path / "speech.wav", realtime=True), tmp_path / "sessions")
    try:
        duration_s = _LEAD_S + len(scene.sound) / RATE_HZ
        session.until(events.SessionClosed, timeout_s=duration_s + 60)
    finally:
        session.leave()
    waits = Waits(session, scene, _LEAD_S)
    say(f"\nreal time, {which}: {len(scene.clips)} clips")
    say(line("speech begins -> first draft      ", waits.drafts_s, FIRST_DRAFT_S))
    say(line("speech ends -> final, beyond pause", waits.finals_s, FINAL_S))
    assert len(waits.drafts_s) >= 0.9 * len(scene.clips)
    assert len(waits.finals_s) >= 0.9 * len(scene.clips)
    assert np.percentile(waits.drafts_s, 95) <= FIRST_DRAFT_S
    assert np.percentile(waits.finals_s, 95) <= FINAL_S
