"""Signals to `models ...`: the first ends it in order, a second at once; nothing is half-made."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from helpers.hub_server import write_catalog

from granite_live.models.store import BundleStore, import_bundle
from granite_live.util import paths

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Ctrl-C reaches a process otherwise there")

GUARD_S = 120
"""No test needs it; a program that does not end is killed after it."""

SIGNALS = [signal.SIGINT, signal.SIGTERM]

WITH_CATALOG = (
    "import sys; from pathlib import Path; from granite_live.models import catalog\n"
    "catalog.catalog_path = lambda: Path(sys.argv[1])\n"
    "from granite_live.cli.main import run\n"
    "sys.exit(run(sys.argv[2:]))"
)


@contextmanager
def program(*command: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    """Start a program that receives signals even where the tests ignore them."""
    process = subprocess.Popen(
        [sys.executable, *command],
        env={**os.environ, **more},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def models(*command: str) -> tuple[str, ...]:
    return ("-m", "granite_live", "models", *command)


def wait_for(is_so: Callable[[], object], process: subprocess.Popen[str]) -> None:
    until_s = time.monotonic() + GUARD_S
    while not is_so():
        assert process.poll() is None, process.stderr and process.stderr.read()
        assert time.monotonic() < until_s
        time.sleep(0.01)


def end_of(process: subprocess.Popen[str], number: signal.Signals) -> str:
    """Return what the program said; it must have ended by the signal and without a traceback."""
    _out, said = process.communicate(timeout=GUARD_S)
    assert process.returncode == 128 + number, said
    assert said.splitlines()[-1] == "Interrupted."
    assert "Traceback" not in said
    return said


def unfinished() -> list[str]:
    """Return what lies in the models' folder for work under way."""
    return [one.name for one in (paths.models_dir() / ".incoming").glob("*") if one.is_dir()]


@pytest.mark.parametrize("number", SIGNALS)
def test_an_import_leaves_nothing(bundle_dir: Path, tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "large"
    (folder / "int8").mkdir(parents=True)
    (folder / "tokenizer.json").write_bytes((bundle_dir / "tokenizer.json").read_bytes())
    with (folder / "int8" / "encoder.onnx_data").open("wb") as file:
        file.truncate(2 << 30)  # a hole: it takes no room, but time to copy
    copy = paths.models_dir() / ".incoming" / "import" / "bundle" / "int8" / "encoder.onnx_data"
    with program(*models("import", str(folder))) as process:
        wait_for(copy.exists, process)
        process.send_signal(number)
        said = end_of(process, number)
    assert "No model was installed, and all copied files were removed." in said
    assert unfinished() == []
    assert BundleStore(paths.models_dir()).installed() == ()


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.soak)]
)
def test_preparing_leaves_the_model_as_published(bundle_dir: Path, number: signal.Signals) -> None:
    import_bundle(BundleStore(paths.models_dir()), bundle_dir, "mine")
    with program(*models("prepare", "mine", "--tier", "fp32")) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("Preparing the encoder"):
                break
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(number)
        said = end_of(process, number)
    assert "installed and works as published" in said
    _gone, alive = psutil.wait_procs(children, GUARD_S)
    assert not alive
    assert [one.name for one in (paths.data_dir() / "prepared").iterdir() if one.is_dir()] == []


@pytest.mark.parametrize(
    "command",
    [
        ["transcribe", "quiet.flac"],
        pytest.param(["listen", "--source", "quiet.flac"], marks=pytest.mark.soak),
        ["bench"],
    ],
)
def test_other_commands_that_prepare_leave_nothing_half_made(
    bundle_dir: Path, command: list[str]
) -> None:
    sound = str(paths.assets_dir() / "samples" / "quiet.flac")
    given = [sound if one == "quiet.flac" else one for one in command]
    if "bench" not in command:
        given += ["--graphs", "prepared"]
    with program(
        "-m", "granite_live", *given, "--bundle", str(bundle_dir), "--tier", "fp32"
    ) as one:
        assert one.stderr is not None
        for line in one.stderr:
            if line.startswith("Preparing the encoder"):
                break
        one.send_signal(signal.SIGINT)
        end_of(one, signal.SIGINT)
    assert [one.name for one in (paths.data_dir() / "prepared").iterdir() if one.is_dir()] == []
    assert not list(paths.data_dir().glob("sessions/*"))


def test_a_download_waits_for_no_server_that_never_answers(tmp_path: Path) -> None:
    """The server takes the request and stays silent until the program has ended."""
    catalog = str(write_catalog(tmp_path / "catalog.toml"))
    command = ("models", "download", "--no-prepare", "--tier", "int8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = f"http://127.0.0.1:{server.getsockname()[1]}"
        with program("-c", WITH_CATALOG, catalog, *command, HF_ENDPOINT=place) as process:
            server.settimeout(GUARD_S)
            connection, _address = server.accept()
            with connection:
                assert connection.recv(1 << 16)
                process.send_signal(signal.SIGINT)
                said = end_of(process, signal.SIGINT)
    assert "trying again" not in said  # it did not wait until the server counts as stalled


def test_ctrl_c_at_the_question_cancels_quietly(bundle_dir: Path) -> None:
    import_bundle(BundleStore(paths.models_dir()), bundle_dir, "mine")
    with program(*models("remove", "mine")) as process:
        assert process.stdout is not None
        asked = ""
        while "[y/N]" not in asked:
            asked += process.stdout.read(1)
        process.send_signal(signal.SIGINT)
        _out, said = process.communicate(timeout=GUARD_S)
    assert (process.returncode, said) == (1, "Canceled.\n")
    assert BundleStore(paths.models_dir()).find("mine").tiers


def test_a_list_ends_at_the_first_signal(bundle_dir: Path) -> None:
    """It cannot write its lines, because nobody reads them."""
    for number in range(200):
        folder = paths.models_dir() / (f"{number:03d}" + "n" * 200)
        folder.mkdir(parents=True)
    with program(*models("list")) as process:
        assert process.stdout is not None
        process.stdout.read(1)
        process.send_signal(signal.SIGINT)
        end_of(process, signal.SIGINT)
