"""Runs the command line: `granite-live` or `python -m granite_live`."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    if getattr(sys, "frozen", False):
        # In a program made by PyInstaller a worker process starts here, too, and runs inside of
        # this call. A checkout need not import so much before it answers `--help`.
        from multiprocessing import freeze_support

        freeze_support()
    try:
        from granite_live.cli.streams import prepare_standard_streams

        prepare_standard_streams()
        _remove_telemetry_files()
        from granite_live import launch
        from granite_live.cli.main import run

        code = run(window=launch)
    except KeyboardInterrupt:  # before or after `run` could look after it
        code = 130
    # All is done: a late Ctrl-C ends the process without a traceback.
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(code)


def _remove_telemetry_files() -> None:
    from granite_live import paths, telemetry_files

    if places := telemetry_files.usual_places(paths.data_dir()):
        telemetry_files.remove_once(places)


if __name__ == "__main__":
    main()
