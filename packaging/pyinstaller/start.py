"""The frozen program's first module.

multiprocessing starts the program again for a worker, and for a process that removes what workers
leave behind. Both are recognized by their arguments, so that no other start imports it.
"""

import sys

TRACKER = "from multiprocessing.resource_tracker import main"


def run_child(arguments: list[str]) -> None:
    """Run what multiprocessing has started this program for, and leave; else return."""
    if arguments[1:2] == ["--multiprocessing-fork"]:
        from multiprocessing.spawn import freeze_support

        freeze_support()
    elif "-c" in arguments and arguments[-1].startswith(TRACKER):
        exec(arguments[-1])
        sys.exit()


if __name__ == "__main__":
    run_child(sys.argv)
    from granite_live.__main__ import main

    main()
