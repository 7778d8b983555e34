"""Run the command line: `granite-live` or `python -m granite_live`."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        from granite_live.cli.exit_status import prepare_standard_streams

        prepare_standard_streams()
        _remove_telemetry_files()
        from granite_live import launch
        from granite_live.cli.main import run

        code = run(window=launch)
    except KeyboardInterrupt:  # before or after `run` handles it
        code = 130
    # From now on Ctrl-C ends the process without a traceback.
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(code)


def open_window() -> None:
    """Open the window with the recordings given as arguments; leave with its exit code."""
    sys.argv.insert(1, "window")
    main()


def _remove_telemetry_files() -> None:
    from granite_live.util import paths, telemetry_files

    if places := telemetry_files.default_telemetry_paths(paths.data_dir()):
        telemetry_files.remove_once(places)


if __name__ == "__main__":
    main()
