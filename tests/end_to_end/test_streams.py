"""Standard streams that are closed, full or without a reader: one sentence, and a code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from granite_live.util import paths

SAMPLE = paths.assets_dir() / "samples" / "welcome.flac"
BUNDLE = Path(__file__).parents[1] / "data" / "bundle"
"""A model that loads sooner than the demo; what it writes means nothing."""
QUIET = f"{SAMPLE.with_name('quiet.flac')} --bundle {BUNDLE}"
"""Nothing to write down."""
PROGRAM = f"{sys.executable} -m granite_live"
CLOSED = "error: Standard output is closed: send the results to a file or to another program.\n"

pytestmark = [
    pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full"),
    pytest.mark.skipif(
        not (paths.demo_bundle_dir() / "int8").is_dir(), reason="no demo bundle in assets/demo"
    ),
]


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line of the shell, in which `granite-live` is the program."""
    return subprocess.run(
        ["bash", "-c", line.replace("granite-live", PROGRAM)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=os.environ | environment,
    )


@pytest.mark.parametrize(
    "command",
    [
        f"listen --source {QUIET}",
        "recover",
        "settings",
        "models list",
        "models where",
        "--help",
    ],
)
def test_closed_output_is_one_sentence(command: str) -> None:
    done = shell(f"granite-live {command} >&-")
    assert done.returncode == 2
    assert done.stderr.endswith(CLOSED)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["settings", "models list", "--help"])
def test_full_output_is_one_sentence(command: str) -> None:
    done = shell(f"granite-live {command} >/dev/full")
    assert (done.returncode, done.stderr) == (
        2,
        "error: Standard output cannot be written to (no space left on device).\n",
    )


@pytest.mark.parametrize("command", ["settings", "models where", "--help"])
def test_a_reader_that_goes_away_is_told_by_the_code(command: str) -> None:
    done = shell(f"(sleep 0.2; granite-live {command}; echo $? >&2) | true")
    assert done.stderr == "141\n"


@pytest.mark.parametrize(
    "broken", ["2>&- <&-", pytest.param("2>/dev/full", marks=pytest.mark.soak)]
)
def test_notes_that_nobody_can_read_leave_the_result_alone(broken: str, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = shell(f"granite-live transcribe {QUIET} --format json {broken} >{out}")
    assert done.returncode == 0
    assert json.loads(out.read_text("utf-8"))["utterances"] == []


def test_a_session_without_a_place_for_notes_writes_events_only(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = shell(f"granite-live listen --source {QUIET} --json --save {tmp_path / 's'} 2>&- >{out}")
    assert done.returncode == 0
    told = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert told[-1]["event"] == "closed"


def test_listen_on_a_full_disk_keeps_the_session_and_says_so(
    tmp_path: Path, two_sentences: Path
) -> None:
    listen = f"granite-live listen --source {two_sentences} --bundle {BUNDLE} --json"
    done = shell(f"{listen} --save {tmp_path} >/dev/full")
    assert done.returncode == 1
    sentence = "Standard output cannot be written to (no space left on device)."
    assert done.stderr.count(f"warning: {sentence} Listening continues") == 1
    assert done.stderr.count(f"warning: {sentence} The session has all of its text.") == 1
    (session,) = tmp_path.iterdir()
    records = [json.loads(line) for line in (session / "events.jsonl").read_text().splitlines()]
    assert sum(record["event"] == "final" for record in records) == 2
    assert records[-1]["event"] == "journal_closed"
    assert (session / "sound.flac").is_file()


@pytest.mark.parametrize("name", ["/dev/stdout", "-"])
def test_standard_output_by_name_goes_where_it_is_redirected(name: str, tmp_path: Path) -> None:
    """Into a file, too, which exists by then."""
    out = tmp_path / "out.json"
    done = shell(f"granite-live transcribe {QUIET} --format json --output {name} > {out}")
    assert done.returncode == 0, done.stderr
    assert json.loads(out.read_text("utf-8"))["utterances"] == []


def test_quiet_leaves_the_notes_out(tmp_path: Path) -> None:
    done = shell(f"granite-live listen --source {QUIET} --save {tmp_path} --quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = shell(f"granite-live listen --source {tmp_path / 'none'} --quiet")
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
