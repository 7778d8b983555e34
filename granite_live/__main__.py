"""Runs the command line: `granite-live` or `python -m granite_live`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    from granite_live.cli.main import run

    sys.exit(run())


if __name__ == "__main__":
    main()
