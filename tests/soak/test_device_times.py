"""How soon a lost and a returning microphone are told, and how soon a session stops."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.device_session import MICROPHONE_NAME, lost_and_back, noise, starting
from helpers.pulse_server import running_pulse

from granite_live.session import events

pytestmark = pytest.mark.soak

LOST_S = 2.0
BACK_S = 3.0
STOP_S = 1.0


def test_a_lost_microphone_is_told_in_time(tmp_path: Path, say: Callable[[str], None]) -> None:
    with running_pulse() as server, starting(tmp_path) as start:
        server.plug("other_microphone")
        server.play(noise(30.0))
        took = lost_and_back(start(MICROPHONE_NAME), server.unplug, server.plug)
    say(f"lost {took.lost_s:.2f} s, back {took.back_s:.2f} s, stopped {took.stop_s:.2f} s")
    assert took.lost_s < LOST_S
    assert took.back_s < BACK_S
    assert took.stop_s < STOP_S


@pytest.mark.parametrize("is_dead", [True, False])
def test_a_dead_or_frozen_server_is_told_and_left_in_time(
    tmp_path: Path, say: Callable[[str], None], is_dead: bool
) -> None:
    with running_pulse() as server, starting(tmp_path) as start:
        server.play(noise(30.0))
        session = start(MICROPHONE_NAME)
        with contextlib.ExitStack() as stack:
            began_s = time.monotonic()
            if is_dead:
                server.kill()
            else:
                stack.enter_context(server.frozen())
            _, told_s = session.until(events.DeviceLost)
            stop_s = session.stop()
        lost_s = told_s - began_s
    say(f"{'dead' if is_dead else 'frozen'} server: {lost_s:.2f} s, stopped {stop_s:.2f} s")
    assert lost_s < LOST_S
    assert stop_s < STOP_S
