"""The supervisor with real worker processes: work, death, hanging, and a missing model.

The recognizer is a fake (`scripted_recognizers`); process, pipe and signals are real.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.messages import shows
from helpers.scripted_recognizers import FAIL, HANG, KILL
from helpers.supervisor_rig import RATE, SupervisorRig

from granite_live.messages.session import SessionMessage, WorkerMessage
from granite_live.session.supervisor import WorkerTimeouts


def test_utterances_become_finals_in_order(start_rig: Callable[..., SupervisorRig]) -> None:
    b = start_rig()
    b.log.next("loaded")
    for n in range(1, 6):
        b.say(n, n, n + 2)
    for n in range(1, 6):
        _, job, transcript, last = b.log.next("result")
        assert (job.kind, job.utterance, last) == ("final", n, True)
        assert transcript.text == f"W{1000 + n} W{1001 + n}"
    b.end()
    assert b.log.rest() == []


def test_what_was_said_while_loading_is_transcribed(
    start_rig: Callable[..., SupervisorRig],
) -> None:
    b = start_rig()
    b.say(1, 0, 1)
    b.end()
    assert [item[0] for item in b.log.rest()] == ["loaded", "result"]


def test_an_open_utterance_is_drafted(start_rig: Callable[..., SupervisorRig]) -> None:
    b = start_rig()
    b.log.next("loaded")
    b.supervisor.post(lambda s: s.opened(1, 0))
    b.supervisor.post(lambda s: s.extended(1, 2 * RATE))
    _, job, transcript, last = b.log.next("result")
    assert (job.kind, last) == ("draft", False)
    assert transcript.text == "w1000 w1001"
    b.supervisor.post(lambda s: s.extended(1, 10 * RATE))
    _, job, transcript, _ = b.log.next("result")
    assert transcript.words[0].text == "w1004"  # two blocks of 4 s: from second 4 on
    assert transcript.words[0].start_s == pytest.approx(4.0)


def test_what_was_transcribed_in_a_pause_is_the_final(
    start_rig: Callable[..., SupervisorRig],
) -> None:
    b = start_rig()
    b.log.next("loaded")
    b.supervisor.post(lambda s: s.opened(1, 0))
    b.supervisor.post(lambda s: s.extended(1, 3 * RATE, RATE, 2 * RATE))
    _, job, transcript, last = b.log.next("result")
    assert (job.kind, transcript.text, last) == ("speculative_final", "W1000 W1001", False)
    os.kill(b.supervisor.worker_pid, signal.SIGSTOP)  # the worker gets no further request
    b.say(1, 0, 2)
    _, job, transcript, last = b.log.next("result")
    assert (job.kind, transcript.text, last) == ("final", "W1000 W1001", True)
    os.kill(b.supervisor.worker_pid, signal.SIGCONT)
    b.end()


def test_a_pause_that_was_none_is_transcribed_whole(
    start_rig: Callable[..., SupervisorRig],
) -> None:
    b = start_rig()
    b.log.next("loaded")
    b.supervisor.post(lambda s: s.opened(1, 0))
    b.supervisor.post(lambda s: s.extended(1, 3 * RATE, RATE, 2 * RATE))
    assert b.log.next("result")[1].kind == "speculative_final"
    b.say(1, 0, 5)
    _, job, transcript, last = b.log.next("result")
    assert (job.kind, transcript.text, last) == ("final", "W1000 W1001 W1002 W1003 W1004", True)
    b.end()


def test_a_killed_worker_loses_no_utterance(start_rig: Callable[..., SupervisorRig]) -> None:
    """SIGKILL from outside during the work, five times."""
    b = start_rig()
    b.log.next("loaded")
    for n in range(1, 21):
        b.say(n, n, n + 1)
    finals = []
    kills = 0
    while len(finals) < 20:
        item = b.log._queue.get(timeout=30)
        if item[0] == "result" and item[3]:
            finals.append((item[1].utterance, item[2].text))
            if len(finals) % 4 == 0 and kills < 5:
                kills += 1
                os.kill(b.supervisor.worker_pid, signal.SIGKILL)
    assert finals == [(n, f"W{1000 + n}") for n in range(1, 21)]
    b.end()
    assert b.supervisor.restarts >= 4


def test_a_sound_that_kills_is_tried_again(start_rig: Callable[..., SupervisorRig]) -> None:
    b = start_rig(deaths=2)
    b.sound[RATE + 5] = KILL
    b.say(1, 1, 2)
    b.end()
    kinds = [item[0] for item in b.log.rest()]
    assert kinds == ["loaded", "restarted", "loaded", "restarted", "loaded", "result"]


def test_a_sound_that_kills_three_times_is_given_up(
    start_rig: Callable[..., SupervisorRig],
) -> None:
    b = start_rig()
    b.sound[RATE + 5] = KILL
    b.say(1, 1, 2)
    b.say(2, 3, 4)
    b.end()
    items = b.log.rest()
    given_up = next(item for item in items if item[0] == "utterance_given_up")
    assert given_up[1:3] == (1, 3)
    assert "SIGKILL" in given_up[3]
    assert [item[2].text for item in items if item[0] == "result"] == ["W1003"]


def test_a_hanging_worker_is_replaced(start_rig: Callable[..., SupervisorRig]) -> None:
    b = start_rig(deaths=1)
    b.sound[RATE + 5] = HANG
    b.say(1, 1, 2)
    b.log.next("loaded")
    assert b.log.next("restarted")[1] == WorkerMessage.HUNG()
    b.log.next("loaded")
    b.log.next("result")
    b.end()


def test_a_silent_worker_is_replaced(start_rig: Callable[..., SupervisorRig]) -> None:
    """A process stopped by a signal sends no heartbeats."""
    b = start_rig(timeouts=WorkerTimeouts(heartbeat_s=2.5, task_s=60.0))
    b.log.next("loaded")
    os.kill(b.supervisor.worker_pid, signal.SIGSTOP)
    assert shows(b.log.next("restarted")[1], WorkerMessage.NO_SIGN_OF_LIFE)
    b.log.next("loaded")
    b.end()


def test_an_orderly_failure_costs_no_worker(start_rig: Callable[..., SupervisorRig]) -> None:
    b = start_rig()
    b.sound[RATE + 5] = FAIL
    b.say(1, 1, 2)
    b.log.next("loaded")
    assert b.log.next("utterance_given_up") == (
        "utterance_given_up",
        1,
        3,
        "This sound cannot be heard.",
    )
    b.end()
    assert b.supervisor.restarts == 0


def test_a_model_that_is_not_there_is_told_once(start_rig: Callable[..., SupervisorRig]) -> None:
    b = start_rig("load_nothing")
    b.say(1, 0, 1)
    assert "There is no model" in b.log.next("worker_unavailable")[1]
    b.end()
    assert b.supervisor.unfinished() == (1,)


def test_a_worker_that_cannot_start_is_given_up(start_rig: Callable[..., SupervisorRig]) -> None:
    b = start_rig("die_at_once")
    for _ in range(3):
        b.log.next("restarted")
    assert shows(b.log.next("worker_unavailable")[1], SessionMessage.RECOGNIZER_UNSTARTABLE)
    b.end()


def test_a_worker_that_still_loads_is_not_waited_for(
    start_rig: Callable[..., SupervisorRig], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("granite_live.session.worker_process._JOIN_S", 60.0)
    os.mkfifo(tmp_path / "loading")
    b = start_rig("load_forever")
    b.say(1, 1, 2)
    assert (tmp_path / "loading").read_text() == "it loads"
    b.supervisor.abandon()
    assert b.supervisor.join(20)
    assert b.supervisor.unfinished() == (1,)


def test_abandoning_leaves_the_work_and_no_process(start_rig: Callable[..., SupervisorRig]) -> None:
    b = start_rig()
    b.sound[RATE + 5] = HANG
    b.say(1, 1, 2)
    b.log.next("loaded")
    b.supervisor.abandon()
    assert b.supervisor.join(10)
    assert b.supervisor.unfinished() == (1,)


def test_a_worker_that_likes_several_at_once_gets_them(
    start_rig: Callable[..., SupervisorRig], tmp_path: Path
) -> None:
    b = start_rig("load_batching")
    for n in range(1, 8):
        b.say(n, n, n + 1)
    b.end()
    loaded, *results = b.log.rest()
    assert loaded[1].batch_window_s == 3.0
    assert [item[0] for item in results] == ["result"] * 7
    finals = [(job.kind, job.utterance, text.text, last) for _, job, text, last in results]
    assert finals == [("final", n, f"W{1000 + n}", True) for n in range(1, 8)]
    assert (tmp_path / "together").read_text().split() == ["3", "3"]  # and the seventh alone


def test_a_sound_that_kills_in_company_costs_nobody_else(
    start_rig: Callable[..., SupervisorRig],
) -> None:
    b = start_rig("load_batching")
    b.sound[3 * RATE + 5] = KILL
    for n in range(1, 6):
        b.say(n, n, n + 1)
    b.end()
    items = b.log.rest()
    (given_up,) = [item for item in items if item[0] == "utterance_given_up"]
    assert given_up[1:3] == (3, 3)
    texts = [item[2].text for item in items if item[0] == "result" and item[3]]
    assert texts == ["W1001", "W1002", "W1004", "W1005"]
    assert b.supervisor.restarts == 4  # once in a batch, three times alone
