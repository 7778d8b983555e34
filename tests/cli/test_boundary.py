"""Every command ends with an exit code and at most one line; tracebacks go to a private log."""

from __future__ import annotations

import errno
import os
import stat
import threading
from pathlib import Path

import pytest

from granite_live.cli.exit_status import reporting_thread_defects, run_guarded
from granite_live.util import paths
from granite_live.util.errors import BundleError
from granite_live.util.logs import log_exception


def raise_(error: BaseException) -> int:
    raise error


def test_code_passes() -> None:
    assert run_guarded(lambda: 1) == 1


def test_what_the_user_can_mend_is_told_in_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_guarded(lambda: raise_(BundleError("No model: give one."))) == 2
    assert capsys.readouterr() == ("", "error: No model: give one.\n")


def test_interrupt(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_guarded(lambda: raise_(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == "Interrupted.\n"


def test_full_disk_is_no_defect(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_guarded(lambda: raise_(OSError(errno.ENOSPC, "No space left on device"))) == 2
    assert capsys.readouterr().err == "error: The disk is full: free some space and try again.\n"
    assert not paths.log_dir().exists()


def test_defect_goes_to_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    log = paths.log_dir() / "granite-live.log"
    assert run_guarded(lambda: raise_(ZeroDivisionError("one by nothing"))) == 70
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert str(log) in err
    assert "Traceback" not in err
    text = log.read_text(encoding="utf-8")
    assert "Traceback" in text
    assert "one by nothing" in text
    assert "Granite Live " in text


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_log_is_private_and_rotates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("granite_live.util.logs._LOG_BYTES", 2_000)
    for number in range(20):
        log_exception(ValueError(f"number {number} " + "x" * 300))
    logs = sorted(paths.log_dir().iterdir())
    assert [log.name for log in logs] == [
        "granite-live.log",
        "granite-live.log.1",
        "granite-live.log.2",
    ]
    assert {stat.S_IMODE(log.stat().st_mode) for log in logs} == {0o600}
    assert "number 19" in logs[0].read_text(encoding="utf-8")


def test_log_that_cannot_be_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("GRANITE_LIVE_HOME", str(tmp_path / "file"))
    assert run_guarded(lambda: raise_(ValueError("oh"))) == 70
    err = capsys.readouterr().err
    assert "ValueError: oh" in err
    assert "no log was written" in err
    assert err.count("\n") == 1


def test_what_a_thread_dies_of_goes_to_the_log_too(capsys: pytest.CaptureFixture[str]) -> None:
    before = threading.excepthook
    with reporting_thread_defects():
        thread = threading.Thread(target=raise_, args=(ZeroDivisionError("one by nothing"),))
        thread.start()
        thread.join()
    assert threading.excepthook is before
    err = capsys.readouterr().err
    assert "ZeroDivisionError" in err
    assert "Traceback" not in err
    assert "one by nothing" in (paths.log_dir() / "granite-live.log").read_text("utf-8")
