"""After SIGKILL at any moment, all data reported as written exists and can be finished."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from granite_live.audio.files import open_audio
from granite_live.audio.journal import find_unfinished, open_for_recovery, to_int16
from granite_live.audio.journal.records import read_records
from granite_live.audio.journal.sound import PcmReader

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")

# A ramp that is different in every second. The programs below create the same one.
RAMP = "((np.arange(first, last, dtype=np.int64) * 7919) % 65521 - 32760).astype(np.int16)"


def ramp(last: int) -> np.ndarray:
    return ((np.arange(last, dtype=np.int64) * 7919) % 65521 - 32760).astype(np.int16)


def flac_samples(path: Path) -> np.ndarray:
    with open_audio(path) as file:
        return to_int16(np.concatenate(list(file.blocks(16_000))))


def pcm_samples(path: Path) -> np.ndarray:
    with PcmReader.open(path) as reader:
        assert not reader.warning
        return reader.read(0, reader.samples)


APPENDER = f"""
import itertools, pathlib, random, sys
import numpy as np
from granite_live.audio.journal import Journal
sizes = random.Random(int(sys.argv[2]))
last = 0
with Journal.create(pathlib.Path(sys.argv[1])) as journal:
    for number in itertools.count():
        first, last = last, last + sizes.randrange(1, 3_000)
        assert journal.append({RAMP}) is None
        assert journal.append_record({{"event": "n", "number": number, "text": "x" * 50}}) is None
        print(last, number, flush=True)
"""


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_program_loses_nothing_that_it_had_reported(tmp_path: Path, seed: int) -> None:
    lines_before_kill = random.Random(seed).choice((1, 20, 150, 600))
    command = [sys.executable, "-c", APPENDER, str(tmp_path), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        reported = [program.stdout.readline() for _ in range(lines_before_kill)]
        # It continues meanwhile, so the kill can hit any operation.
        program.kill()
        reported += [line for line in program.stdout if line.endswith("\n")]
    samples, number = map(int, reported[-1].split())
    (found,) = find_unfinished(tmp_path)
    assert not found.has_ended
    with open_for_recovery(found.path) as recovery:
        sound = recovery.sound.read(0, recovery.sound.samples)
        assert len(sound) >= samples
        assert np.array_equal(sound, ramp(len(sound)))
        numbers = [record["number"] for record in recovery.records if record["event"] == "n"]
        assert numbers == list(range(len(numbers)))
        assert len(numbers) > number
        flac = recovery.finish()
    assert flac is not None
    assert np.array_equal(flac_samples(flac), sound)
    assert find_unfinished(tmp_path) == []


# Runs a session repeatedly, each time killed at the next operation that changes the disk; a write
# is also killed halfway. Begins and ends with a run that is not killed; the first notes which
# operations are writes.
KILLER = f"""
import itertools, os, pathlib, signal, sys
import av  # once, and not in each attempt
import numpy as np
from granite_live.audio.journal import Journal, filesystem, flac, open_for_recovery
flac._BUFFER_BYTES = 8_192
root, mode = pathlib.Path(sys.argv[1]), sys.argv[2]

def arm(step, half):
    count = itertools.count()
    def watched(real):
        def run(*args, **keywords):
            if step is None:
                os.write(names, real.__name__.encode() + b"\\n")
            elif next(count) == step:
                if half and real.__name__ == "write":
                    real(args[0], args[1][: len(args[1]) // 2], *args[2:])
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **keywords)
        return run
    for name in ("make_folder", "open_file", "write", "sync", "sync_folder", "rename", "remove"):
        setattr(filesystem, name, watched(getattr(filesystem, name)))

def session(root, reached):
    last = 0
    with Journal.create(root) as journal:
        for _ in range(3):
            first, last = last, last + 12_345
            journal.append({RAMP})
            os.pwrite(reached, str(last).encode(), 0)
        journal.append_record({{"event": "x"}})
        if mode == "live":
            journal.finish()
        path = journal.path
    if mode == "recover":
        arm(*attempt)
        with open_for_recovery(path) as recovery:
            recovery.append_record({{"event": "y"}})
            recovery.finish()

noted = root.parent / "names"
names = os.open(noted, os.O_CREAT | os.O_WRONLY)

def attempts():
    yield None, False
    writes = [name == "write" for name in noted.read_text().split()]
    for step in range(1_000):
        yield step, False
        if step < len(writes) and writes[step]:
            yield step, True

for attempt in attempts():
    step, half = attempt
    place = root / f"{{step}}-{{half}}"
    place.mkdir()
    child = os.fork()
    if not child:
        if mode == "live":
            arm(*attempt)
        session(place / "sessions", os.open(place / "reached", os.O_CREAT | os.O_WRONLY))
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if not os.WIFSIGNALED(status) and step is not None:
        sys.exit(os.waitstatus_to_exitcode(status))
sys.exit("nothing ends it")
"""


def killed_at_every_step(root: Path, mode: str) -> Iterator[tuple[Path, int]]:
    """Yield each attempt's sessions and how many samples were reported as written."""
    subprocess.run([sys.executable, "-c", KILLER, str(root), mode], check=True, timeout=300)
    for place in sorted(root.iterdir()):
        yield place / "sessions", int((place / "reached").read_text() or 0)


@pytest.mark.parametrize("mode", ["live", "recover"])
def test_a_kill_at_any_step_leaves_the_sound_whole_in_one_file(tmp_path: Path, mode: str) -> None:
    root = tmp_path / "attempts"
    root.mkdir()
    attempts = list(killed_at_every_step(root, mode))
    # There are many operations, and the last attempt completed.
    assert len(attempts) > 30
    seen = set()
    for sessions, reached in attempts:
        folders = list(sessions.iterdir()) if sessions.exists() else []
        if not reached:
            assert mode == "live"
            seen.add("nothing")
            for found in find_unfinished(sessions):
                assert not found.warning
                with open_for_recovery(found.path) as recovery:
                    recovery.finish()
            assert find_unfinished(sessions) == []
            continue
        (folder,) = folders
        pcm, flac = folder / "sound.pcm", folder / "sound.flac"
        seen.add(("pcm" if pcm.exists() else "") + ("flac" if flac.exists() else ""))
        for path, samples in ((pcm, pcm_samples), (flac, flac_samples)):
            if path.exists():
                sound = samples(path)
                assert len(sound) >= reached, path
                assert np.array_equal(sound, ramp(len(sound))), path
        assert [found.path for found in find_unfinished(sessions)] == [folder] * pcm.exists()
        if pcm.exists():
            with open_for_recovery(folder) as recovery:
                recovery.finish()
        final = flac_samples(flac)
        assert len(final) >= reached
        assert np.array_equal(final, ramp(len(final)))
        assert not list(folder.glob("*part*"))
        events = [record["event"] for record in read_records(folder / "events.jsonl").records]
        assert events.count("journal_closed") == 1
        assert events[0] == "journal_opened"
    # Every stage occurred, including the rare one with both files.
    assert seen - {"nothing"} == {"pcm", "pcmflac", "flac"}
