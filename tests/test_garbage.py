"""The garbage collector does not slow down the start of a process."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import atexit, gc
atexit.register(lambda: print(gc.get_freeze_count() > 0))
import granite_live.settings
print(gc.get_stats()[2]["collections"])
"""


def test_a_start_looks_at_no_object_again_and_the_end_at_none() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, check=False)
    assert done.stdout.split() == [b"0", b"True"], done.stderr
