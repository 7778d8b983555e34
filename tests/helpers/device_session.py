"""A session on a real sound server whose devices are lost and come back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from granite_live.cli.listen import input_source, system_source
from granite_live.session import events
from granite_live.util.errors import AudioError
from helpers.pulse_server import RATE_HZ
from helpers.real_session import LiveSession, demo_model, small_model

MICROPHONE_NAME = "Test_Microphone"

Start = Callable[..., LiveSession]


@contextmanager
def starting(folder: Path) -> Iterator[Start]:
    """Yield a function that starts a session on an input and waits until it listens."""
    with ExitStack() as stack:

        def begin(
            device: str | None = None,
            *,
            system_sound: bool = False,
            with_system_sound: bool = False,
            hears_words: bool = False,
        ) -> LiveSession:
            try:
                source = stack.enter_context(input_source(device, system_sound=system_sound))
                second = stack.enter_context(system_source()) if with_system_sound else None
            except (AudioError, ImportError) as error:
                pytest.skip(str(error))
            model = demo_model() if hears_words else small_model()
            session = LiveSession(source, folder, system_source=second, model=model)
            stack.callback(session.leave)
            session.until(events.StateChanged, state="listening")
            return session

        yield begin


def noise(seconds: float) -> NDArray[np.float32]:
    generator = np.random.default_rng(11)
    return (0.1 * generator.standard_normal(round(seconds * RATE_HZ))).astype(np.float32)


@dataclass(frozen=True)
class DeviceTimes:
    """How long it took until each was told, and to stop [seconds]."""

    lost_s: float
    back_s: float
    stop_s: float


def lost_and_back(
    session: LiveSession, lose: Callable[[], object], give_back: Callable[[], object]
) -> DeviceTimes:
    """Check that both are told, as an event and as the session's state, and nothing is lost."""
    lost_s = time.monotonic()
    lose()
    lost, told_lost_s = session.until(events.DeviceLost)
    waiting, _ = session.until(events.StateChanged)
    assert (waiting.state, waiting.detail) == ("waiting", lost.reason)
    give_back()
    back_s = time.monotonic()
    session.until(events.DeviceRecovered)
    listening, told_back_s = session.until(events.StateChanged)
    assert listening.state == "listening"
    stop_s = session.stop()
    assert session.end().samples_lost == 0
    return DeviceTimes(told_lost_s - lost_s, told_back_s - back_s, stop_s)
