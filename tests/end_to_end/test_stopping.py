"""Ctrl-C, SIGTERM and SIGHUP, sent to the real program: sessions end whole."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from helpers.speech_scenes import write
from helpers.worker_processes import workers_of

from granite_live.audio.files import read_audio
from granite_live.audio.journal import Journal
from granite_live.cli.signals import EXIT_TIMEOUT_S
from granite_live.util import paths

SAMPLE = paths.assets_dir() / "samples" / "conversation.flac"
BUNDLE = Path(__file__).parents[1] / "data" / "bundle"
"""A model that loads sooner than the demo; what it writes means nothing."""

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="Windows sends no signal to one process"),
    pytest.mark.skipif(
        not (paths.demo_bundle_dir() / "int8").is_dir(), reason="no demo bundle in assets/demo"
    ),
]


@contextmanager
def program(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "granite_live", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever starts the tests in the background makes them, and so the child, deaf to it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def listening(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a session in real time that has begun to record."""
    listen = ("listen", "--source", SAMPLE, "--realtime", "--json", "--save", folder)
    with program(*listen, "--bundle", BUNDLE) as process:
        assert process.stdout is not None
        until_event(process, "level")
        yield process


def until_event(process: subprocess.Popen[str], *names: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["event"] in names:
            return
    raise AssertionError(f"it ended without {names}")


def check_whole(folder: Path, out: str, err: str) -> None:
    """Everything that was said has its text, is packed, and was told before the last sentence."""
    told = [json.loads(line) for line in out.splitlines()]
    closed = told[-1]
    assert closed["event"] == "closed"
    assert (closed["failed"], closed["samples_lost"]) == (0, 0)
    (session,) = folder.iterdir()
    assert sorted(path.name for path in session.iterdir()) == ["events.jsonl", "lock", "sound.flac"]
    records: list[dict[str, Any]] = [
        json.loads(line) for line in (session / "events.jsonl").read_text("utf-8").splitlines()
    ]
    ended = [one["utterance"] for one in records if one["event"] == "utterance_closed"]
    assert [one["utterance"] for one in records if one["event"] == "final"] == ended
    assert len(ended) == closed["utterances"]
    assert records[-1]["event"] == "journal_closed"
    assert err.splitlines()[-1] == f"The session is kept in {session}."
    assert "Traceback" not in err


def stop_once(folder: Path, number: signal.Signals, after_s: float) -> None:
    """Send one signal so long after the first sound, and check what is left."""
    with listening(folder) as process:
        time.sleep(after_s)  # the moment is what is varied; nothing is waited for
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    check_whole(folder, out, err)


@pytest.mark.parametrize(
    "name", ["SIGINT", "SIGTERM", pytest.param("SIGHUP", marks=pytest.mark.soak)]
)
def test_one_signal_ends_the_session_whole(name: str, tmp_path: Path) -> None:
    stop_once(tmp_path, signal.Signals[name], random.Random(name).uniform(0.0, 3.0))


@pytest.mark.soak
def test_twenty_times_ctrl_c(tmp_path: Path) -> None:
    moments = random.Random(20)
    for number in range(20):
        stop_once(tmp_path / str(number), signal.SIGINT, moments.uniform(0.0, 4.0))


def test_a_second_ctrl_c_ends_at_once_with_the_sound_safe(tmp_path: Path) -> None:
    stop_twice(tmp_path)


@pytest.mark.soak
def test_a_second_ctrl_c_ends_within_three_seconds(
    tmp_path: Path, say: Callable[[str], None]
) -> None:
    took_s = [stop_twice(tmp_path / str(number)) for number in range(10)]
    say(f"from the second Ctrl-C to the end: {max(took_s):.2f} s at most, of {len(took_s)}")
    assert max(took_s) < EXIT_TIMEOUT_S


def stop_twice(folder: Path) -> float:
    """Stop a session whose last text can never be made; return how long the second signal took.

    The worker is stopped for good, so without the second signal the program would wait for it.
    """
    with listening(folder) as process:
        # An utterance is open, or one waits for its text.
        until_event(process, "draft", "backlog")
        (worker,) = workers_of(process.pid)
        worker.suspend()
        process.send_signal(signal.SIGINT)
        until_stopping(process)
        began_s = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        took_s = time.monotonic() - began_s
    assert process.returncode == 130, err
    assert "granite-live recover" in err.splitlines()[-1]
    (session,) = folder.iterdir()
    assert (session / "sound.pcm").stat().st_size > 64 + 2 * 16_000 // 10
    assert "Traceback" not in err
    return took_s


def until_stopping(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        told = json.loads(line)
        if told["event"] == "state" and told["state"] == "stopping":
            return
    raise AssertionError("it ended without saying that it stops")


def test_an_interrupted_recovery_leaves_the_session_for_another_time(tmp_path: Path) -> None:
    for _ in range(2):
        _left_behind(tmp_path)
    with program("recover", "--save", tmp_path) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if " s of sound" in line:
                break
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert err.splitlines()[-1] == "Interrupted."
    assert "Traceback" not in err
    assert all((session / "sound.pcm").is_file() for session in tmp_path.iterdir())


def _left_behind(folder: Path) -> None:
    """Make a session that a crash left with sound and without text."""
    from granite_live.util.pcm import to_int16

    journal = Journal.create(folder)
    journal.append(to_int16(read_audio(SAMPLE, 16_000)))
    journal.close()


def test_ctrl_c_that_is_ignored_stays_so(tmp_path: Path) -> None:
    """As in a shell's background, or by `nohup`. The whole recording is heard."""
    ignoring = "import signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); "
    code = ignoring + "from granite_live.__main__ import main; main()"
    sound = tmp_path / "two.wav"
    write(sound, read_audio(SAMPLE, 16_000)[: 2 * 16_000])
    with subprocess.Popen(
        [sys.executable, "-c", code, "listen", "--source", str(sound), "--realtime", "--json",
         "--save", str(tmp_path / "sessions"), "--bundle", str(BUNDLE)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        until_event(process, "level")
        process.send_signal(signal.SIGHUP)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert json.loads(out.splitlines()[-1])["samples_received"] == 2 * 16_000
