"""Measure a scripted meeting: words right on both sides, doubled lines, lost own words, order.

    python benchmarks/bench_meeting.py                            # all levels and delays
    python benchmarks/bench_meeting.py --levels -6 --delays 60    # one
    python benchmarks/bench_meeting.py --real-time --levels 0     # on virtual devices, 20 minutes
    python benchmarks/bench_meeting.py --again FOLDER --levels 0  # what --keep FOLDER kept of it

Needs ../shared/speech/dev. Two sides talk in turn and at once; the loudspeakers' sound reaches the
microphone through a room (0.25 s of reverberation) and a loudspeaker that distorts a little. Both
tracks go through a session's own segmenter, echo removal and worker with the demo model: from files
as a recovery takes them, or in real time from the devices of a private PulseAudio server.

Own words count as lost if they are right without any echo, but not with the echo.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from meeting_scene import RATE, Scene, Sound, echo_of, make_scene, microphone_of, with_drops
from meeting_score import Score, score
from numpy.typing import NDArray

from granite_live.app.factory import RECOGNIZER_FACTORY, make_segmenter
from granite_live.audio.echo import remove_echo
from granite_live.audio.journal import (
    Journal,
    closed_record,
    open_for_recovery,
    open_session_audio,
)
from granite_live.session import events
from granite_live.session.echo import RemoveEcho
from granite_live.session.messages import ModelSpec
from granite_live.session.recovery import recover
from granite_live.transcript.model import Track
from granite_live.util.paths import demo_bundle_dir
from granite_live.util.pcm import to_int16

MODEL = ModelSpec(str(demo_bundle_dir()), "int8", "cpu", 1, skip_editor="safe")
SHARED = Path(__file__).resolve().parents[2] / "shared" / "speech"


@dataclass
class TimedRemoval:
    """Removes the echo, and measures how long that takes."""

    seconds: float = 0.0

    def __call__(
        self, microphone: NDArray[np.int16], system: NDArray[np.int16], keep: int
    ) -> NDArray[np.int16]:
        """Return the microphone's last `keep` samples without echo."""
        began_s = time.perf_counter()
        clean = remove_echo(microphone, system, keep)
        self.seconds += time.perf_counter() - began_s
        return clean


@dataclass(frozen=True)
class LiveResult:
    """A session in real time.

    Attributes:
        finals: Its final texts.
        lags_s: How late the echo is on the microphone's track, at the beginning and at the end;
            their difference is the drift between the tracks.
        lost_s: Sound that was lost.
    """

    finals: list[events.FinalText]
    lags_s: list[float]
    lost_s: float


_LOOPBACK = ("latency_msec=60", "adjust_time=0")


def transcribe(
    microphone: Sound,
    system: Sound,
    remove: RemoveEcho | None,
    known: Sequence[events.FinalText] = (),
) -> list[events.FinalText]:
    """Return the final texts of a session that a crash left without any text but the `known`."""
    heard = list(known)

    def listen(event: events.SessionEvent) -> None:
        if isinstance(event, events.FinalText):
            heard.append(event)

    with tempfile.TemporaryDirectory() as folder:
        journal = Journal.create(Path(folder), system_source="Loudspeakers")
        for track, sound in ((Track.MICROPHONE, microphone), (Track.SYSTEM, system)):
            samples = to_int16(sound.astype(np.float32))
            for at in range(0, len(samples), RATE):
                journal.append(samples[at : at + RATE], track)
        for one in known:
            start, stop = (round(edge_s * RATE) for edge_s in (one.start_s, one.end_s))
            journal.append_record(closed_record(one.utterance, start, stop, one.track))
            journal.append_record(events.to_json(one))
        journal.close()
        left = open_for_recovery(journal.path)
        recover(left, make_segmenter(), RECOGNIZER_FACTORY, MODEL, listen, remove_echo=remove)
    return heard


def transcribe_live(scene: Scene, level_db: float, folder: Path) -> LiveResult:
    """Return the result of a session on virtual devices, which hear the scene in real time.

    One player feeds both sides, so that they keep their times. The sound server itself takes the
    loudspeakers' sound to the microphone.
    """
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
    import soxr
    from helpers.pulse_server import MICROPHONE_SINK, RATE_HZ, SPEAKER, running_pulse
    from helpers.real_session import LiveSession

    from granite_live.cli.listen import input_source, system_source

    both = np.stack([microphone_of(scene, None), scene.system], axis=1).astype("<f4")
    folder.mkdir(parents=True, exist_ok=True)
    sound = folder / "both.raw"
    soxr.resample(both, RATE, RATE_HZ).astype("<f4").tofile(sound)
    with running_pulse() as server:
        load = partial(server.control, "load-module")
        load("module-null-sink", f"rate={RATE_HZ}", "channels=2", "sink_name=stage")
        routes = (("own", "front-left", MICROPHONE_SINK), ("others", "front-right", SPEAKER))
        for name, channel, sink in routes:
            load(
                *("module-remap-source", "master=stage.monitor", f"source_name={name}"),
                *("channels=1", "channel_map=mono", f"master_channel_map={channel}", "remix=no"),
            )
            load("module-loopback", f"source={name}", f"sink={sink}", *_LOOPBACK)
        echo = ("module-loopback", f"source={SPEAKER}.monitor", f"sink={MICROPHONE_SINK}")
        module = load(*echo, *_LOOPBACK).strip()
        for line in server.control("list", "sink-inputs").split("Sink Input #")[1:]:
            if f"Owner Module: {module}\n" in line:
                number = line.split()[0]
                server.control("set-sink-input-volume", number, f"{level_db:.1f}dB")
        with input_source(None, system_sound=False) as source, system_source() as second:
            live = LiveSession(source, folder, system_source=second)
            live.until(events.StateChanged, state="listening")
            command = ["paplay", "--raw", "--format=float32le", f"--rate={RATE_HZ}", "--channels=2"]
            options = ["--latency-msec=4000", "--device=stage", str(sound)]
            subprocess.run([*command, *options], env=os.environ | server.environment, check=True)
            closed = live.end(3600.0)
    mic, other = recorded(live.journal.path)
    lags = [_lag_s(mic[part], other[part]) for part in (slice(30 * RATE), slice(-30 * RATE, None))]
    return LiveResult(live.all(events.FinalText), lags, closed.samples_lost / RATE)


def recorded(folder: Path) -> tuple[Sound, Sound]:
    """Return both tracks of the session in a folder, equally long."""
    tracks = [open_session_audio(folder, track) for track in (0, 1)]
    length = min(one.samples for one in tracks)
    mic, other = (one.read(0, length) / 32768.0 for one in tracks)
    for one in tracks:
        one.close()
    return mic, other


def _lag_s(later: Sound, earlier: Sound) -> float:
    """Return by how much the echo in `later` is behind `earlier` [seconds], within a second."""
    size = 1 << (2 * len(later)).bit_length()
    cross = np.fft.rfft(later, size) * np.conj(np.fft.rfft(earlier, size))
    common = np.abs(np.fft.irfft(cross, size))
    near = np.concatenate([common[-RATE:], common[:RATE]])
    return float((np.argmax(near) - RATE) / RATE)


def report(name: str, found: Score, clean: Score, seconds_per_second: float | None = None) -> None:
    """Print a line of the table."""
    lost = (clean.own_right - found.own_right) / clean.own_words
    took = "" if seconds_per_second is None else f"   {seconds_per_second:.3f} s per s"
    print(
        f"{name:27} own {found.own_right / found.own_words:6.1%}   "
        f"others {found.others_right / found.others_words:6.1%}   "
        f"doubled lines {found.doubled_lines:3} of {found.others_turns}, "
        f"words {found.doubled_words:4}   lost own words {lost:6.1%}   "
        f"misplaced {found.misplaced}{took}",
        flush=True,
    )


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--speech", type=Path, default=SHARED)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--levels", type=float, nargs="+", default=[0.0, -6.0, -12.0, -20.0])
    parser.add_argument("--delays", type=int, nargs="+", default=[0, 60, 200])
    parser.add_argument("--left-alone", action="store_true", help="also keep the echo")
    parser.add_argument("--real-time", action="store_true", help="play on virtual devices")
    parser.add_argument("--keep", type=Path, help="keep the session of --real-time in this folder")
    parser.add_argument("--again", type=Path, help="transcribe the session in this folder again")
    parser.add_argument("--seed", type=int, help="another order of the recordings")
    parser.add_argument("--drops", type=int, help="drop samples while somebody speaks: a seed")
    options = parser.parse_args()
    scene = make_scene(options.speech, options.minutes, options.seed)

    # The echo changes nothing on the other side's track, which is transcribed once.
    others: list[events.FinalText] = []

    def heard(name: str, echo: Sound | None, *, remove: bool) -> Score:
        removal = TimedRemoval() if remove else None
        microphone, system = microphone_of(scene, echo), scene.system
        if options.drops is not None:
            microphone, system = with_drops(microphone, system, options.drops)
        finals = transcribe(microphone, system, removal, others)
        others[:] = [one for one in finals if one.track == Track.SYSTEM]
        found = score(scene, finals)
        rate = None if removal is None else removal.seconds / scene.seconds
        report(name, found, clean or found, rate)
        return found

    clean: Score | None = None
    print(f"{scene.seconds / 60:.1f} min, {len(scene.turns)} turns")
    clean = heard("no echo, left alone", None, remove=False)
    if options.again:
        finals = transcribe(*recorded(options.again), remove_echo)
        report("the session again", score(scene, finals), clean)
        return
    if not options.real_time:
        heard("no echo, removal on", None, remove=True)
    for level in options.levels:
        for delay in options.delays:
            if options.real_time:
                with tempfile.TemporaryDirectory() as folder:
                    live = transcribe_live(scene, level, options.keep or Path(folder))
                report(f"{level:.0f} dB, live", score(scene, live.finals), clean)
                times = " and ".join(f"{1000 * one:.1f} ms" for one in live.lags_s)
                print(f"echo late by {times}; {live.lost_s:.2f} s of sound lost")
                break
            echo = echo_of(scene.system, level, delay)
            name = f"{level:.0f} dB, {delay} ms, "
            if options.left_alone:
                heard(f"{name}left alone", echo, remove=False)
            heard(f"{name}removed", echo, remove=True)


if __name__ == "__main__":
    main()
