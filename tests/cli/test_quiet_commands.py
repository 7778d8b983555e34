"""`bench`, `models ...` and `doctor` end on a signal like other commands, and support `--quiet`."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import psutil
import pytest
from helpers.bundle_variants import copied
from helpers.worker_processes import workers_of

from granite_live.app.doctor.checks import CheckFinding, Status
from granite_live.cli.doctor import show
from granite_live.cli.main import run

WAIT_S = 60


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C reaches a process otherwise there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_bench_ends_with_the_process_that_measures(
    bundle_dir: Path, number: signal.Signals
) -> None:
    command = ["bench", "--bundle", str(bundle_dir), "--tier", "fp16w", "--seconds", "600,600,600"]
    process = subprocess.Popen(
        [sys.executable, "-m", "granite_live", *command],
        stderr=subprocess.PIPE,
        text=True,
        # Where the tests ignore Ctrl-C, the program does not.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("Measuring"):
            break
    children: list[psutil.Process] = []
    until_s = time.monotonic() + WAIT_S
    while not (children := workers_of(process.pid)):
        assert time.monotonic() < until_s
        time.sleep(0.02)
    process.send_signal(number)
    _out, err = process.communicate(timeout=WAIT_S)
    assert process.returncode == 128 + number
    assert "Interrupted." in err
    assert "Traceback" not in err
    _gone, alive = psutil.wait_procs(children, timeout=10)
    assert not alive


def test_import_tells_only_its_result_if_it_is_quiet(
    bundle_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = copied(bundle_dir, tmp_path / "model", "fp32")
    assert run(["models", "import", str(model), "--name", "one", "--quiet"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("Installed one")
    assert said.err == ""


def test_doctor_shows_only_what_is_not_in_order_if_it_is_quiet() -> None:
    findings = [
        CheckFinding("Memory", Status.OK, "enough"),
        CheckFinding("Microphone", Status.NOTE, "muted", "Unmute it."),
        CheckFinding("Model", Status.BROKEN, "damaged", "Fetch it."),
    ]
    quiet, whole = io.StringIO(), io.StringIO()
    assert show(findings, quiet, as_json=False, quiet=True) == 1
    assert show(findings, whole, as_json=False) == 1
    assert "Memory" in whole.getvalue()
    assert "Memory" not in quiet.getvalue()
    for word in ("Microphone", "muted", "Unmute it.", "Model", "damaged", "Fetch it."):
        assert word in quiet.getvalue()


@pytest.mark.soak
def test_the_command_doctor_leaves_out_what_is_in_order(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def findings(*options: str) -> list[list[str]]:
        assert run(["doctor", *options]) in (0, 1)
        lines = capsys.readouterr().out.splitlines()
        return [line.split() for line in lines if not line.startswith(" ")]

    whole, quiet = findings(), findings("--quiet")
    states = {status.value for status in Status}
    assert {first for first, *_ in whole} <= states
    assert Status.OK.value in {first for first, *_ in whole}
    # What it finds is worded with figures that change; its topic does not.
    wanted = [topic for first, topic, *_ in whole if first != Status.OK.value]
    assert [topic for _, topic, *_ in quiet] == wanted


def test_verify_tells_nothing_if_it_is_quiet(
    bundle_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["models", "verify", "--tier", "fp32", str(bundle_dir)]) == 0
    assert "passed" in capsys.readouterr().err
    assert run(["models", "verify", "--tier", "fp32", "--quiet", str(bundle_dir)]) == 0
    said = capsys.readouterr()
    assert said.out + said.err == ""
