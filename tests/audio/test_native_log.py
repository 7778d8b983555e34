"""Output of C libraries goes to a file, Python's output does not."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import ctypes, os, sys
from pathlib import Path
from granite_live.util.logs import NATIVE_LOG_NAME, NativeLog
folder = Path(sys.argv[1])
log = NativeLog.begin(folder / "log")
libc = ctypes.CDLL(None)
libc.perror(b"printed by C")
print("printed by Python", file=sys.stderr, flush=True)
os.write(2, b"written\\n")
path = folder / "log" / NATIVE_LOG_NAME
if log is None:
    sys.exit(3)
log.truncate_if_long()
print(path.read_text().count("printed by C"), oct(path.stat().st_mode & 0o777))
for _ in range(80_000):
    libc.perror(b"and again")
log.truncate_if_long()
print(path.stat().st_size)
libc.perror(b"the last")
print(path.read_bytes().startswith(b"the last"))
path.unlink()
log.truncate_if_long()
"""


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can do this")
def test_c_prints_into_a_file_that_stays_short(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.stderr == "printed by Python\nwritten\n"
    assert done.stdout.splitlines() == ["1 0o600", "0", "True"]


def test_where_the_file_cannot_be_made_all_is_as_ever(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("in the way")
    done = run(tmp_path)
    assert done.returncode == 3
    assert "printed by C" in done.stderr
