"""A child process ends with its parent."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_PARENT = """
import multiprocessing, os, sys, threading
from granite_live.util import lifecycle

def child(line, by_kernel):
    lifecycle.exit_with_parent(by_kernel=by_kernel)
    line.send(os.getpid())
    threading.Event().wait()

if __name__ == "__main__":
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=child, args=(there, sys.argv[1] == "kernel"), daemon=True)
    process.start()
    here.recv()
    print("started", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.parametrize("by", ["kernel", "thread"])
def test_a_child_ends_with_its_killed_parent(tmp_path: Path, by: str) -> None:
    """The child holds standard output too, which closes with its last holder."""
    script = tmp_path / "parent.py"
    script.write_text(_PARENT)
    with subprocess.Popen(
        [sys.executable, str(script), by],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "started\n"
        parent.kill()
        rest, _ = parent.communicate(timeout=10)
        assert rest == ""
