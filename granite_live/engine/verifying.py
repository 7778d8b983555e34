"""Checks an installed model in a process of its own: every byte, then what its makers recorded.

The process may die of a damaged model, and can be ended in the middle of anything.
"""

from __future__ import annotations

import json
import logging
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_live.errors import BundleError, GraniteError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_log = logging.getLogger(__name__)
# Often enough to watch it, seldom enough to cost nothing.
_TELLS_EVERY_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at. `is_good` is None for what is only reported."""

    item: str
    is_good: bool | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a check; `was_stopped` if the user did not wait for the end."""

    checks: tuple[Checked, ...]
    was_stopped: bool = False

    @property
    def failed(self) -> int:
        """How many things are not as they should be."""
        return sum(one.is_good is False for one in self.checks)


class Verification:
    """One check. `tell` is called in the thread of `run`, `stop` from any."""

    def __init__(self, path: Path, tier: str, tell: Callable[[int, int], None]) -> None:
        """Prepare it. `tell` is told the bytes that were read and how many there are."""
        self._path, self._tier, self._tell = path, tier, tell
        self._lock = threading.Lock()
        self._process: Any = None
        self._is_stopped = False

    def run(self) -> Verdict:
        """Do it. May take minutes.

        Raises:
            GraniteError: The model cannot be opened or run; the message says why.
        """
        import multiprocessing

        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe(duplex=False)
        process = context.Process(
            target=main,
            args=(there, str(self._path), self._tier),
            name="granite-check",
            daemon=True,
        )
        with self._lock:
            if self._is_stopped:
                here.close()
                there.close()
                return Verdict((), was_stopped=True)
            process.start()
            self._process = process
        there.close()
        try:
            with here:
                verdict = self._hear(here)
                self._note(verdict)
                return verdict
        finally:
            self._end()
            process.join()

    def stop(self) -> None:
        """End it soon, now or when it begins; returns at once."""
        with self._lock:
            self._is_stopped = True
        self._end()

    def _note(self, verdict: Verdict) -> None:
        """Remember what came of it: what failed is not used any more."""
        from granite_live.bundle.store.verdicts import note_check

        if not verdict.was_stopped:
            bad = [f"{one.item}: {one.detail}" for one in verdict.checks if one.is_good is False]
            note_check(self._path, self._tier, "; ".join(bad[:3]))

    def _end(self) -> None:
        with self._lock:
            if self._process is not None and self._process.is_alive():
                self._process.kill()

    def _hear(self, line: Connection) -> Verdict:
        while True:
            try:
                kind, told = json.loads(line.recv_bytes())
            except (EOFError, OSError, ValueError) as error:
                if self._is_stopped:
                    return Verdict((), was_stopped=True)
                from granite_live.bundle.store.verdicts import note_check

                note_check(self._path, self._tier, "the check ended without an answer")
                raise BundleError(
                    f"The check of {self._path} ended without an answer, as it does when a model "
                    f"is damaged or the memory is full: download the model again."
                ) from error
            if kind == "progress":
                self._tell(*told)
            elif kind == "defect":
                _log.error("the check of %s failed: %s", self._path, told)
                raise BundleError(
                    "The check failed because of a defect in Granite Live; the log has the details."
                )
            elif kind == "trouble":
                raise BundleError(told)
            else:
                return Verdict(tuple(Checked(**one) for one in told))


def main(line: Connection, path: str, tier: str) -> None:
    """Check a tier and tell it through `line`. The target of the spawned process."""
    # Ctrl-C in a terminal reaches the whole group; who asked for the check decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _tell_findings(line, Path(path), tier)
    except ConnectionError:
        return  # who asked is gone


def _tell_findings(line: Connection, path: Path, tier: str) -> None:
    def tell(kind: str, told: object) -> None:
        line.send_bytes(json.dumps([kind, told]).encode())

    try:
        checks = check(path, tier, lambda done, total: tell("progress", [done, total]))
    except ConnectionError:
        raise
    except GraniteError as error:
        tell("trouble", str(error))
    except MemoryError:
        tell("trouble", "The model does not fit into the memory that is left: close what you can.")
    except Exception:  # a defect of ours, for the log of whoever asked
        tell("defect", traceback.format_exc())
    else:
        tell("checks", [asdict(one) for one in checks])


def check(path: Path, tier: str, tell: Callable[[int, int], None]) -> list[Checked]:
    """Compare every byte with what came, then run what the makers recorded; return the findings.

    Damaged files end it: nothing is run with them.

    Raises:
        GraniteError: The bundle cannot be opened, or its graphs cannot be run.
    """
    from granite_live.audio.files import read_audio
    from granite_live.bundle import open_bundle
    from granite_live.speech.verify import verify

    bundle = open_bundle(path, tier)
    checks = _check_bytes(path, tier, tell)
    if any(one.is_good is False for one in checks):
        return checks
    for one in verify(bundle, read_audio):
        checks.append(Checked(one.item, one.passed, one.detail or _error(one.max_abs_error)))
    return checks


def _check_bytes(path: Path, tier: str, tell: Callable[[int, int], None]) -> list[Checked]:
    from granite_live.bundle.store import check_files
    from granite_live.bundle.store.records import read_record

    record = read_record(path, tier)
    if record is None:
        return [Checked("files", None, "put there by hand: nobody noted what they should be")]
    done = told = 0

    def report(count: int) -> None:
        nonlocal done, told
        done += count
        if done - told >= _TELLS_EVERY_BYTES or done == record.size_bytes:
            told = done
            tell(done, record.size_bytes)

    problems = check_files(path, record, report=report)
    if problems:
        return [Checked(one.path, False, one.fault) for one in problems]
    return [Checked("files", True, f"{len(record.files)} files hold what they held when they came")]


def _error(largest: float | None) -> str:
    return "" if largest is None else f"differs by at most {largest:.2g}"
