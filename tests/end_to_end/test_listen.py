"""`listen` and `recover` as a user runs them: demo model, shipped sample, real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.json_schemas import validator
from helpers.program_under_test import program_command
from helpers.segment_sounds import read
from helpers.speech_scenes import write
from helpers.worker_processes import workers_of

from granite_live.audio.journal import Journal, sessions_dir
from granite_live.settings import Settings, save_settings
from granite_live.util import paths

SAMPLE = paths.assets_dir() / "samples" / "welcome.flac"
SAMPLE_UTTERANCES = 4
QUIET = SAMPLE.with_name("quiet.flac")

pytestmark = pytest.mark.skipif(
    not (paths.demo_bundle_dir() / "int8").is_dir(), reason="no demo bundle in assets/demo"
)


def command(*arguments: str | Path) -> list[str]:
    return program_command(*arguments)


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, timeout=300, check=False
    )


def transcribed(path: Path, *options: str) -> str:
    done = run("transcribe", path, "--format", "json", *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def events(lines: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.splitlines()]


def test_every_utterance_of_a_file_becomes_final(tmp_path: Path) -> None:
    done = run("listen", "--source", SAMPLE, "--json", "--save", tmp_path)
    assert done.returncode == 0, done.stderr
    told = events(done.stdout)
    schema = validator("events")
    for event in told:
        schema.validate(event)
    finals = [event for event in told if event["event"] == "final"]
    assert [event["utterance"] for event in finals] == list(range(1, SAMPLE_UTTERANCES + 1))
    assert all(event["text"] and event["words"] for event in finals)
    for event in finals:
        starts = [event["start_s"], *(word["start_s"] for word in event["words"])]
        assert starts == sorted(starts)
        assert event["words"][-1]["end_s"] <= event["end_s"]
    assert [event["t"] for event in told] == sorted(event["t"] for event in told)
    closed = told[-1]
    assert closed["event"] == "closed"
    assert (closed["utterances"], closed["failed"]) == (SAMPLE_UTTERANCES, 0)
    assert (closed["samples_lost"], closed["worker_restarts"]) == (0, 0)
    (session,) = tmp_path.iterdir()
    assert (session / "sound.flac").is_file()
    assert not (session / "sound.pcm").exists()
    assert str(session) in done.stderr


def _says_what_transcribe_says(listened: str, transcribed: str) -> list[dict[str, Any]]:
    """Assert that both JSON outputs have the same utterances; return those of `transcribe`."""
    finals = [event for event in events(listened) if event["event"] == "final"]
    utterances: list[dict[str, Any]] = json.loads(transcribed)["utterances"]

    def texts(one: dict[str, Any]) -> tuple[Any, ...]:
        return one["text"], one["draft_text"], [word["text"] for word in one["words"]]

    def times(one: dict[str, Any]) -> list[float]:
        return [stretch[at] for stretch in (one, *one["words"]) for at in ("start_s", "end_s")]

    assert [texts(one) for one in utterances] == [texts(one) for one in finals]
    for one, final in zip(utterances, finals, strict=True):
        # The one is rounded to milliseconds, the other to tenths of them.
        assert times(one) == pytest.approx(times(final), abs=6e-4)
    assert all(one["text"][0].isupper() for one in utterances)
    return utterances


BEGIN_AS_HEARD = (
    "I opened the window this morning and heard the rain on the roof. After breakfast, it stopped."
)
WELCOME_AS_HEARD = (
    f"{BEGIN_AS_HEARD} "
    "So I took a slow walk along the river. The air was cool and clean and the trees were full of "
    "birds. Now I am back at my desk with a cup of tea and and our meeting starts in a few minutes."
)
"""What the demo model hears in `welcome.flac` with the cuts of `CHANGED`, one within a sentence."""

CHANGED = Settings(
    silence_ms=300,
    detector="webrtc",
    model_path=str(paths.demo_bundle_dir()),
    tier="int8",
    provider="cpu",
    replacements=(("the", "das"),),
)
"""Settings in which whatever touches a text is not as usual."""


@pytest.mark.parametrize(
    ("sample", "settings"),
    [
        pytest.param("conversation", None, marks=pytest.mark.soak),
        ("quiet", None),
        ("", CHANGED),
    ],
)
def test_transcribe_and_listen_say_the_same(
    tmp_path: Path, two_sentences: Path, sample: str, settings: Settings | None
) -> None:
    path = SAMPLE.with_name(f"{sample}.flac") if sample else two_sentences
    if settings is not None:
        save_settings(settings)
    listened = run("listen", "--source", path, "--json", "--save", tmp_path)
    transcribed = run("transcribe", path, "--format", "json")
    assert (listened.returncode, transcribed.returncode) == (0, 0), transcribed.stderr
    utterances = _says_what_transcribe_says(listened.stdout, transcribed.stdout)
    assert bool(utterances) == (sample != "quiet")
    said = " ".join(one["text"] for one in utterances).split()
    line = "From your settings: the model in"
    for done in (listened, transcribed):
        assert (line in done.stderr) == (settings is not None)
    if settings is not None:
        assert "das" in said
        assert "the" not in said
        # What the model said is in the journal.
        (session,) = tmp_path.iterdir()
        records = events((session / "events.jsonl").read_text("utf-8"))
        heard = " ".join(record["text"] for record in records if record["event"] == "final")
        assert "the" in heard.split()
        assert heard.startswith(BEGIN_AS_HEARD)
        assert records[0]["source_kind"] == "file"
        assert records[0]["source"] == str(path)


@pytest.mark.soak
def test_texts_can_be_had_as_they_were_heard(tmp_path: Path) -> None:
    save_settings(CHANGED)
    listened = run("listen", "--source", SAMPLE, "--save", tmp_path, "--as-heard")
    heard = run("transcribe", SAMPLE, "--as-heard")
    assert (listened.returncode, heard.returncode) == (0, 0), heard.stderr
    assert listened.stdout.split() == heard.stdout.split()
    assert heard.stdout.split() == WELCOME_AS_HEARD.split()


def test_a_pipe_gets_clean_text(tmp_path: Path, two_sentences: Path) -> None:
    done = run("listen", "--source", two_sentences, "--save", tmp_path / "sessions")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 2
    assert "\x1b" not in done.stdout
    assert "demo model" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows reports a closed pipe otherwise")
def test_a_reader_that_goes_away_costs_no_text(
    tmp_path: Path, bundle_dir: Path, two_sentences: Path
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            command(
                "listen", "--source", two_sentences, "--save", tmp_path, "--bundle", bundle_dir
            ),
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            timeout=300,
            check=False,
        )
    finally:
        os.close(writer)
    assert done.returncode == 141, done.stderr
    assert "No program reads the text any more." in done.stderr
    assert "Traceback" not in done.stderr
    (session,) = tmp_path.iterdir()
    records = events((session / "events.jsonl").read_text("utf-8"))
    assert sum(record["event"] == "final" for record in records) == 2
    assert (session / "sound.flac").is_file()


def files(session: Path) -> list[str]:
    return sorted(path.name for path in session.iterdir())


def test_text_only_lets_the_sound_go(tmp_path: Path, bundle_dir: Path) -> None:
    sessions, word = tmp_path / "sessions", tmp_path / "word.wav"
    write(word, read(SAMPLE)[:16_000])
    listen = ("listen", "--source", word, "--bundle", bundle_dir, "--save", sessions)
    assert run(*listen).returncode == 0
    done = run(*listen, "--keep", "text")
    assert done.returncode == 0, done.stderr
    # The wish meant one session, and not the one that was there.
    first, second = sorted(sessions.iterdir())
    assert "sound.flac" in files(first)
    assert files(second) == ["events.jsonl", "lock"]
    assert f"The session's text is kept in {second}." in done.stderr


def test_the_setting_rules_the_programs_own_sessions(tmp_path: Path, bundle_dir: Path) -> None:
    silence = tmp_path / "silence.wav"
    write(silence, np.zeros(8_000, np.float32))
    assert run("settings", "keep", "7-days").returncode == 0
    for keep in ("all", "1-day"):
        done = run("listen", "--source", silence, "--bundle", bundle_dir, "--keep", keep)
        assert done.returncode == 0, done.stderr
    # Three days later: one day is over, seven are not, and "all" is for ever. They have the names
    # of their days, too: the name of one that goes may be given again within its second.
    mine, short = (
        _made_older(session, days)
        for session, days in zip(sorted(sessions_dir().iterdir()), (300, 3), strict=True)
    )
    crashed = Journal.create()
    crashed.close()
    long_ago_s = time.time() - 300 * 86_400
    os.utime(crashed.path / "events.jsonl", (long_ago_s, long_ago_s))
    assert run("listen", "--source", silence, "--bundle", bundle_dir).returncode == 0
    left = sorted(sessions_dir().iterdir())
    assert left[0] == mine
    assert short not in left
    assert crashed.path in left
    assert len(left) == 3
    assert "keep = 7-days" in run("settings").stdout.splitlines()


def _made_older(session: Path, days: int) -> Path:
    ended_s = time.time() - days * 86_400
    os.utime(session / "events.jsonl", (ended_s, ended_s))
    name = time.strftime("%Y-%m-%d_%H-%M-%S", time.localtime(ended_s))
    return session.rename(session.with_name(name))


def test_a_wish_that_means_nothing_is_one_line(tmp_path: Path) -> None:
    done = run("listen", "--source", SAMPLE, "--save", tmp_path / "s", "--keep", "forever")
    assert done.returncode == 2
    assert "'forever'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "s").exists()


def test_two_sources_are_one_too_many() -> None:
    done = run("listen", "--source", SAMPLE, "--system-sound")
    assert done.returncode == 2
    assert "give one of --device, --system-sound and --source" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.soak
def test_a_worker_killed_again_and_again_costs_no_text(tmp_path: Path) -> None:
    """kill -9 of the worker after the 2nd, 4th and 8th of 11 utterances: 11 finals."""
    speech = tmp_path / "speech.wav"
    write(speech, np.concatenate([read(SAMPLE), read(SAMPLE.with_name("conversation.flac"))]))
    wanted = [one["text"] for one in json.loads(transcribed(speech))["utterances"]]
    assert len(wanted) == 11
    finals: list[str] = []
    with subprocess.Popen(
        command("listen", "--source", speech, "--json", "--save", tmp_path / "sessions"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as listening:
        assert listening.stdout is not None
        for line in listening.stdout:
            heard = json.loads(line)
            if heard["event"] == "final":
                finals.append(heard["text"])
                if len(finals) in (2, 4, 8):
                    (worker,) = workers_of(listening.pid)
                    worker.kill()
    assert finals == wanted
    assert (heard["event"], heard["failed"], heard["worker_restarts"]) == ("closed", 0, 3)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_session_is_recovered(tmp_path: Path, bundle_dir: Path) -> None:
    """kill -9 of the program in the middle of the fourth utterance."""
    model = ("--bundle", bundle_dir)
    conversation = SAMPLE.with_name("conversation.flac")
    finals: list[str] = []
    with subprocess.Popen(
        command(
            "listen", "--source", conversation, "--realtime", "--json", "--save", tmp_path, *model
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as listening:
        assert listening.stdout is not None
        levels = 0
        for line in listening.stdout:
            heard = json.loads(line)
            levels += heard["event"] == "level"
            if heard["event"] == "final":
                finals.append(heard["text"])
            if levels >= 125:
                break
        listening.send_signal(signal.SIGKILL)
        listening.wait(30)
    (session,) = tmp_path.iterdir()
    recorded_s = ((session / "sound.pcm").stat().st_size - 64) / 2 / 16000
    # A level is told for each tenth of a second, and told when that is on the disk.
    assert recorded_s >= levels / 10
    done = run("recover", "--save", tmp_path, *model)
    assert done.returncode == 0, done.stderr
    assert not set(finals) & set(done.stdout.splitlines()), "they had their text already"
    assert (session / "sound.flac").is_file()
    records = events((session / "events.jsonl").read_text())
    closed = {r["utterance"] for r in records if r.get("event") == "utterance_closed"}
    texts = {r["utterance"]: r["text"] for r in records if r.get("event") == "final"}
    assert closed == set(texts)
    # Together they are what the recording holds, as if nothing had happened.
    whole = json.loads(transcribed(session / "sound.flac", "--as-heard", *map(str, model)))[
        "utterances"
    ]
    assert [texts[number] for number in sorted(texts)][:3] == [one["text"] for one in whole][:3]
    assert len(texts) == len(whole) >= 4
    assert run("recover", "--save", tmp_path).stderr.endswith("every session is finished.\n")


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = run("listen", "--source", tmp_path / "nothing.wav", "--save", tmp_path / "s")
    assert done.returncode == 2
    assert "does not exist" in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "s").exists()
