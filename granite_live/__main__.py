"""Runs the command line: `granite-live` or `python -m granite_live`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        from granite_live import launch
        from granite_live.cli.main import run

        sys.exit(run(window=launch))
    except KeyboardInterrupt:  # before or after `run` could look after it
        sys.exit(130)


if __name__ == "__main__":
    main()
