"""Events arrive in order in the GUI thread; superseded levels and drafts are dropped."""

from __future__ import annotations

import threading

from helpers.scripted_engine import final
from pytestqt.qtbot import QtBot

from granite_live.gui.live_session import EventBridge
from granite_live.session import events


def test_events_come_in_order_and_in_this_thread(qtbot: QtBot) -> None:
    bridge, told, threads = EventBridge(), [], set()

    def hear(event: events.SessionEvent) -> None:
        told.append(event)
        threads.add(threading.current_thread())

    bridge.event_received.connect(hear)
    said = [final(number, number * 2.0, f"number {number}") for number in range(200)]
    thread = threading.Thread(target=lambda: [bridge.post(event) for event in said])
    thread.start()
    qtbot.waitUntil(lambda: len(told) == 200)
    thread.join()
    assert told == said
    assert threads == {threading.current_thread()}


def test_of_levels_and_drafts_only_the_newest_waits(qtbot: QtBot) -> None:
    bridge, told = EventBridge(), []
    bridge.event_received.connect(told.append)
    for step in range(100):
        bridge.post(events.LevelMeasured(step, -30.0, -20.0, False))
        bridge.post(events.DraftText(step, 7, 1.0, f"word {step}", 0))
    bridge.post(final(7, 1.0, "the end"))
    assert not told
    qtbot.waitUntil(lambda: len(told) == 3)
    assert [type(event) for event in told] == [
        events.LevelMeasured,
        events.DraftText,
        events.FinalText,
    ]
    assert told[1].text == "word 99"
    assert bridge.replaced_count == 198


def test_a_clipped_moment_does_not_get_lost(qtbot: QtBot) -> None:
    bridge, told = EventBridge(), []
    bridge.event_received.connect(told.append)
    bridge.post(events.LevelMeasured(1, -10.0, 0.0, True))
    bridge.post(events.LevelMeasured(2, -40.0, -30.0, False))
    qtbot.waitUntil(lambda: len(told) == 1)
    assert told[0].clipped


def test_drafts_of_two_utterances_both_come(qtbot: QtBot) -> None:
    bridge, told = EventBridge(), []
    bridge.event_received.connect(told.append)
    for number in (1, 2):
        bridge.post(events.DraftText(0, number, 1.0, "text", 0))
    qtbot.waitUntil(lambda: len(told) == 2)
    assert [event.utterance for event in told] == [1, 2]
