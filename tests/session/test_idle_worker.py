"""A worker without work is ended to free its memory; the next utterance loses nothing by that.

The recognizer is a fake (`scripted_recognizers`); process and pipe are real.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import psutil
from helpers.supervisor_rig import QUICK, RATE, SupervisorRig

AT_ONCE = replace(QUICK, idle_s=0.0)
START_S = 60.0


def wait_until_freed(rig: SupervisorRig) -> None:
    """Wait for the end of the worker, if it has not ended already."""
    with suppress(psutil.NoSuchProcess):
        if pid := rig.supervisor.worker_pid:
            psutil.Process(pid).wait(START_S)


def test_the_worker_ends_without_work_and_comes_back_with_an_utterance(
    start_rig: Callable[..., SupervisorRig],
) -> None:
    rig = start_rig(timeouts=AT_ONCE)
    rig.say(1, 0, 2)
    rig.log.next("loaded")
    _, job, transcript, last = rig.log.next("result")
    assert (job.kind, transcript.text, last) == ("final", "W1000 W1001", True)
    wait_until_freed(rig)
    # Speech begins: the model loads while the utterance is still open.
    rig.supervisor.post(lambda s: s.opened(2, 4 * RATE))
    rig.log.next("loaded")
    rig.say(2, 4, 6)
    _, job, transcript, last = rig.log.until("result")
    assert (job.utterance, transcript.text, last) == (2, "W1004 W1005", True)
    wait_until_freed(rig)
    assert rig.supervisor.restarts == 0
    rig.end()


def test_a_press_of_the_key_loads_the_model_before_anyone_speaks(
    start_rig: Callable[..., SupervisorRig],
) -> None:
    rig = start_rig(timeouts=AT_ONCE)
    rig.log.next("loaded")
    wait_until_freed(rig)
    rig.supervisor.wake()
    rig.log.next("loaded")
    rig.end()


def test_what_is_said_at_the_end_of_an_idle_session_is_transcribed(
    start_rig: Callable[..., SupervisorRig],
) -> None:
    rig = start_rig(timeouts=AT_ONCE)
    rig.log.next("loaded")
    wait_until_freed(rig)
    rig.say(1, 3, 5)
    rig.end()
    assert [item[0] for item in rig.log.rest()] == ["loaded", "result"]


def test_without_the_setting_it_stays(start_rig: Callable[..., SupervisorRig]) -> None:
    rig = start_rig()
    rig.log.next("loaded")
    pid = rig.supervisor.worker_pid
    for number in (1, 2):
        rig.say(number, number, number + 1)
        rig.log.until("result")
    assert rig.supervisor.worker_pid == pid
    rig.end()
