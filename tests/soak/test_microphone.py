"""Speech played into a virtual microphone: nothing of it is lost on the way to the text.

A recording and what a microphone hears of it are not the same samples: the microphone begins at
another moment, and frames of sound lie elsewhere over it. A model that is sure of its words
gives them all the same; the small demo model changes its mind over one step of 16 bits. So the
text is compared three ways: with `transcribe` of the very samples that the session recorded,
which must give the same; with `transcribe` of the played file, which is printed, beside what a
change of one step does to that; and by the words that were really said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soxr
from helpers.pulse_server import RATE_HZ as PULSE_RATE_HZ
from helpers.pulse_server import PulseServer, running_pulse
from helpers.real_session import LiveSession, demo_model
from helpers.segment_sounds import HOP, RATE_HZ, Scene
from helpers.speech_scenes import clips_of_many, spoken, write
from helpers.word_errors import normalize_words, word_errors
from numpy.typing import NDArray

from granite_live.app.factory import load_worker_recognizer, make_segmenter
from granite_live.app.file_transcription import FileTranscriber
from granite_live.audio.files import open_audio
from granite_live.cli.listen import input_source
from granite_live.session import events
from granite_live.transcript.model import Transcript
from granite_live.util.pcm import to_float32, to_int16
from granite_live.vad.segmenter import segment_stream

pytestmark = pytest.mark.soak

UTTERANCES = 60
GOAL = 0.95
# Where speech begins in a clip is told by its loudness, to about so much.
TOLERANCE_S = 0.05
# Loud enough to be taken for speech, but no word: a breath of 0.2 s, 20 dB below the voice, and
# a tenth of a second of silence, until the words begin that stand here.
BREATHS_S = {"he acquiesced in the old distinction": 0.3}
# How many words in a hundred more may be wrong than in the file's own text.
WORSE = 2.0


@pytest.fixture
def server() -> Iterator[PulseServer]:
    with running_pulse() as it:
        yield it


def transcribed(path: Path) -> list[Transcript]:
    with load_worker_recognizer(demo_model()) as recognizer, open_audio(path) as audio:
        transcriber = FileTranscriber(recognizer, make_segmenter)
        done = transcriber.transcribe(audio, is_resumable=False)
    return list(done.utterances)


def texts_after_one_step(path: Path) -> list[str]:
    """Return the file's texts, its utterances as they are but each sample changed by -1, 0 or 1."""
    with open_audio(path) as audio:
        sound = [to_int16(block) for block in audio.blocks(RATE_HZ)]
    rng = np.random.default_rng(3)
    with load_worker_recognizer(demo_model()) as recognizer:
        return [
            recognizer.transcribe(
                to_float32(one.samples + rng.integers(-1, 2, len(one.samples), np.int16))
            ).text
            for one in segment_stream(sound, make_segmenter())
        ]


def error_rate(texts: Iterable[str], said: list[str]) -> float:
    """Return the wrong words in a hundred, over everything that was said."""
    want = normalize_words(" ".join(said))
    return 100 * word_errors(want, normalize_words(" ".join(texts))) / len(want)


def recorded(session: LiveSession) -> Path:
    return session.journal.path / "sound.flac"


def delay_s(played: NDArray[np.float32], heard: NDArray[np.float32]) -> float:
    """Return how much later the same sound is heard [seconds]."""
    first = played[: 40 * RATE_HZ]
    size = 1 << (len(first) + len(heard)).bit_length()
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(first, size))
    return int(np.argmax(np.fft.irfft(spectrum, size))) / RATE_HZ


def partner(
    one: Transcript, finals: list[events.FinalText], later_s: float
) -> events.FinalText | None:
    """Return the live utterance that shares most time with `one`, None if none does."""

    def shared_s(final: events.FinalText) -> float:
        return min(one.end_s, final.end_s - later_s) - max(one.start_s, final.start_s - later_s)

    best = max(finals, key=shared_s, default=None)
    return best if best is not None and shared_s(best) > 0 else None


def places_and_text(one: Transcript | events.FinalText) -> tuple[int, int, str]:
    """Return the first sample, the end and the text: seconds have come there by different sums."""
    return round(one.start_s * RATE_HZ), round(one.end_s * RATE_HZ), one.text


def starts_cut(
    scene: Scene, said: list[str], finals: list[events.FinalText], later_s: float
) -> int:
    """Count the clips whose first word lies in no utterance."""
    breaths_s = [
        next((late_s for words, late_s in BREATHS_S.items() if text.startswith(words)), 0.0)
        for text in said
    ]
    onsets_s = [
        first * HOP / RATE_HZ + TOLERANCE_S + breath_s
        for (first, _), breath_s in zip(scene.clips, breaths_s, strict=True)
    ]
    return sum(
        not any(f.start_s - later_s <= onset_s <= f.end_s - later_s for f in finals)
        for onset_s in onsets_s
    )


def heard_by_microphone(
    server: PulseServer, samples: NDArray[np.int16], folder: Path
) -> LiveSession:
    """Play the samples into the microphone of a session, and return it when it is over."""
    lead_in = np.zeros(PULSE_RATE_HZ, np.float32)  # a null sink swallows its first moments
    lead_out = np.zeros(3 * PULSE_RATE_HZ, np.float32)  # what the server still holds at the end
    sound = soxr.resample(samples / np.float32(32768), RATE_HZ, PULSE_RATE_HZ)
    played = np.concatenate([lead_in, sound, lead_out]).astype(np.float32)
    with input_source(None, system_sound=False) as source:
        session = LiveSession(source, folder)
        try:
            session.until(events.StateChanged, state="listening")
            server.play(played, latency_ms=1_500)
            session.hear(len(played) / PULSE_RATE_HZ)
            session.end()
        finally:
            session.leave()
    return session


def test_the_microphone_loses_nothing_of_the_text(
    server: PulseServer, tmp_path: Path, scale: float, say: Callable[[str], None]
) -> None:
    clips, which = clips_of_many()
    scene, said = spoken(clips, max(3, round(UTTERANCES * scale)))
    samples = write(tmp_path / "played.wav", scene.sound)
    want = transcribed(tmp_path / "played.wav")
    session = heard_by_microphone(server, samples, tmp_path / "sessions")
    finals = session.all(events.FinalText)
    (closed,) = session.all(events.SessionClosed)
    again = transcribed(recorded(session))
    with open_audio(recorded(session)) as audio:
        heard = np.concatenate(list(audio.blocks(RATE_HZ)))
    later_s = delay_s(samples / np.float32(32768), heard)
    pairs = [(one, partner(one, finals, later_s)) for one in want]
    same = sum(live is not None and live.text == one.text for one, live in pairs)
    one_step = texts_after_one_step(tmp_path / "played.wav")
    steady = sum(one.text == text for one, text in zip(want, one_step, strict=True))
    of_file, of_live = (error_rate((o.text for o in texts), said) for texts in (want, finals))
    cut = starts_cut(scene, said, finals, later_s)
    verdict = "met" if same / len(want) >= GOAL else "missed"
    say(
        f"\nvirtual microphone, {which}: {len(scene.sound) / RATE_HZ / 60:.1f} min, "
        f"{len(scene.clips)} clips, {len(want)} utterances in the file, {len(finals)} live\n"
        f"  beginnings of clips that lie in no utterance  {cut}\n"
        f"  as transcribe of what the session recorded    "
        f"{sum(a.text == f.text for a, f in zip(again, finals, strict=False))} of {len(finals)}\n"
        f"  as transcribe of the file that was played     {same} of {len(want)}, "
        f"{same / len(want):.0%} (goal {GOAL:.0%}: {verdict})\n"
        f"  the file's own text with one step of noise    {steady} of {len(want)}, "
        f"{steady / len(want):.0%}\n"
        f"  words wrong                                   {of_live:.1f} % live, "
        f"{of_file:.1f} % from the file\n"
        f"  samples lost {closed.samples_lost}, worker restarts {closed.worker_restarts}"
    )
    assert closed.samples_lost == 0
    assert cut == 0
    assert [places_and_text(one) for one in again] == [places_and_text(one) for one in finals]
    assert of_live <= of_file + WORSE
