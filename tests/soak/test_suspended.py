"""The real program on a real sound server, stopped for half a minute: what is missing is told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.messages import shows
from helpers.pulse_server import PulseServer, running_pulse
from helpers.real_session import demo_model

from granite_live.audio.journal.records import read_records
from granite_live.messages.audio import AudioMessage

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no signal stops a program here"),
]

STOPPED_S = 30.0
AFTER_S = 8.0
RATE = 16_000
LEVELS_PER_S = 10


@pytest.fixture
def server() -> Iterator[PulseServer]:
    with running_pulse() as it:
        yield it


def test_half_a_minute_stopped(
    server: PulseServer, tmp_path: Path, say: Callable[[str], None]
) -> None:
    demo_model()
    environment = {**os.environ, **server.environment, "GRANITE_LIVE_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "granite_live", "listen", "--json"]
    told: list[dict[str, Any]] = []
    levels = 0
    first_s = resumed_s = ended_s = 0.0
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] != "level":
                told.append(event)
                continue
            levels += 1
            if levels == 1:
                first_s = time.monotonic()
            elif levels == 5 * LEVELS_PER_S:
                process.send_signal(signal.SIGSTOP)
                time.sleep(STOPPED_S)
                process.send_signal(signal.SIGCONT)
                resumed_s = time.monotonic()
            elif resumed_s and not ended_s and time.monotonic() > resumed_s + AFTER_S:
                process.send_signal(signal.SIGINT)
                ended_s = time.monotonic()
    elapsed_s = ended_s - first_s
    closed = told[-1]
    received_s, lost_s = closed["samples_received"] / RATE, closed["samples_lost"] / RATE
    gaps = [event for event in told if event["event"] == "gap"]
    say(
        f"stopped for {STOPPED_S:.0f} s: {received_s:.1f} s recorded and {lost_s:.1f} s missing "
        f"of {elapsed_s:.1f} s"
    )
    assert received_s + lost_s == pytest.approx(elapsed_s, abs=1.0)
    assert [one["seconds"] for one in gaps] == [one["seconds"] for one in closed["lost"]]
    recorded = [
        record["missing_s"]
        for record in read_records(next(tmp_path.rglob("events.jsonl"))).records
        if record["event"] == "gap"
    ]
    assert recorded == [one["seconds"] for one in gaps]
    # The device was there all the time.
    assert not any(shows(event.get("reason", ""), AudioMessage.NO_MORE_SOUND) for event in told)
