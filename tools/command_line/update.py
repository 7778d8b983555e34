"""Write the command reference, the manual page and the shell completions.

Run it (`make reference`) when a command or an option changes. With `--check` it writes nothing and
returns 1 if a file is not current.
"""

from __future__ import annotations

import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY))

import documents  # noqa: E402
import shells  # noqa: E402
import tree  # noqa: E402

from granite_live import __version__  # noqa: E402


def files() -> dict[str, str]:
    """Return the text of each file, by its path in the repository."""
    program = tree.read()
    return {
        "docs/guide/commands.md": documents.markdown(program),
        "packaging/man/granite-live.1": documents.manual_page(program, __version__),
        "packaging/completions/granite-live.bash": shells.bash(program),
        "packaging/completions/_granite-live": shells.zsh(program),
        "packaging/completions/granite-live.fish": shells.fish(program),
    }


def main(arguments: list[str]) -> int:
    """Write the files that differ, or with `--check` only name them."""
    stale = 0
    for name, text in files().items():
        path = REPOSITORY / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        if arguments == ["--check"]:
            print(f"{name} is not current: run 'make reference'")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"wrote {name}")
    return int(stale > 0 and arguments == ["--check"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
