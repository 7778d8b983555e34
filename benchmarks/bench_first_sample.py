"""Measure the time from a click on Start until the first sample of the microphone is kept.

    python benchmarks/bench_first_sample.py [--count 20]

Uses a virtual microphone of a PulseAudio server of its own, and the demo model. The second row
holds the same input open meanwhile, as a setting that opens the microphone early would do.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

os.environ["GRANITE_LIVE_HOME"] = tempfile.mkdtemp(prefix="granite-live-bench-")
sys.path.append(str(Path(__file__).parents[1] / "tests"))

import numpy as np
from helpers.pulse_server import RATE_HZ, running_pulse

from granite_live.app.engine import Engine
from granite_live.app.sessions import SessionRequest
from granite_live.session import events

WAIT_S = 30.0
PLAYED_S = 600.0


def measure(engine: Engine) -> tuple[float, float]:
    """Return the seconds until the session was started, and until its first sample was kept."""
    heard = threading.Event()

    def listen(event: events.SessionEvent) -> None:
        if isinstance(event, events.StateChanged) and event.state == "listening":
            heard.set()

    began_s = time.perf_counter()
    session = engine.start_session(SessionRequest(), listen)
    started_s = time.perf_counter() - began_s
    if not heard.wait(WAIT_S):
        raise SystemExit("the microphone gives no sound")
    heard_s = time.perf_counter() - began_s
    session.stop()
    session.join()
    return started_s, heard_s


def say(what: str, found: list[tuple[float, float]]) -> None:
    """Print the median and the worst of both times."""
    started, heard = zip(*found, strict=True)
    print(
        f"{what}: first sample kept after {median(heard) * 1000:.0f} ms "
        f"(worst {max(heard) * 1000:.0f} ms of {len(found)}); of these, "
        f"{median(started) * 1000:.0f} ms until the session runs "
        f"(worst {max(started) * 1000:.0f} ms)",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20)
    count = parser.parse_args().count
    with running_pulse() as server:
        os.environ.update(server.environment)
        noise = np.random.default_rng(3).standard_normal(round(PLAYED_S * RATE_HZ))
        server.play((0.1 * noise).astype(np.float32))
        engine = Engine()
        engine.watch_inputs()
        engine.default_model()
        try:
            say("the first session", [measure(engine)])
            say("opened by the click", [measure(engine) for _ in range(count)])
            monitor = engine.monitor_level(None, system_sound=False, listener=lambda _event: None)
            say("input open before", [measure(engine) for _ in range(count)])
            monitor.stop()
        finally:
            engine.close()


if __name__ == "__main__":
    main()
