"""Many sessions in one window leave no objects behind."""

from __future__ import annotations

import gc
from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent

if TYPE_CHECKING:
    from helpers.window_driver import WindowDriver

# The library lists past sessions, and the scripted engine keeps what was requested.
_KEPT = {"granite_live.library.records.SavedSession", "granite_live.app.sessions.SessionRequest"}


JOIN_S = 60.0


def finish_jobs(driver: WindowDriver) -> None:
    """Wait for all work off the GUI thread; what one job answers may begin another one."""
    application = driver.application
    for _ in range(3):
        answers: list[None] = []
        application.store.run(lambda _library: None, answers.append)
        driver.until(answers.__len__)
        assert application.background.join(JOIN_S)
        QCoreApplication.processEvents()


def objects() -> Counter[str]:
    """Count the live objects by class."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    names = (f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.get_objects())
    return Counter(name for name in names if name.startswith("granite_live.")) - Counter(
        dict.fromkeys(_KEPT, 1_000_000)
    )


def test_starts_and_stops_leave_no_object_behind(driver: WindowDriver) -> None:
    def start_and_stop(times: int) -> Counter[str]:
        for _ in range(times):
            driver.hear()
            driver.engine.sessions.clear()  # the script's own list
        finish_jobs(driver)
        return objects()

    first = start_and_stop(3)
    assert start_and_stop(5) - first == Counter()
