"""Brings the window's translations up to date: `make translations`.

Qt's lupdate writes what the window says into assets/translations/*.ts, Qt's lrelease makes of each
the .qm that the program reads. What has no translation yet is listed; translate it in the .ts (by
hand or with `pyside6-linguist`) and run this once more.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import PySide6

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "assets" / "translations"
_TOOLS = Path(PySide6.__file__).parent
_SUFFIX = ".exe" if sys.platform == "win32" else ""


def sources() -> list[str]:
    """Return the files whose words are translated."""
    files = sorted((ROOT / "granite_live" / "gui").rglob("*.py"))
    return [path.relative_to(ROOT).as_posix() for path in files]


def update(ts: Path) -> None:
    """Write what the window says into a .ts; translations stay, unused ones go."""
    options = ["-silent", "-no-obsolete", "-locations", "none", "-source-language", "en"]
    _run("lupdate", *sources(), *options, "-ts", str(ts))


def compile_(ts: Path, qm: Path) -> None:
    """Make of a .ts what the program reads; what is unfinished is left out."""
    _run("lrelease", "-silent", str(ts), "-qm", str(qm))


def unfinished(ts: Path) -> list[str]:
    """Return what has no translation, or one that nobody has looked at."""
    messages = ElementTree.parse(ts).iter("message")
    waits = (one for one in messages if one.find("translation").get("type") == "unfinished")
    return [one.findtext("source") or "" for one in waits]


def _run(tool: str, *arguments: str) -> None:
    subprocess.run([str(_TOOLS / f"{tool}{_SUFFIX}"), *arguments], cwd=ROOT, check=True)


def main() -> int:
    """Update and compile all; return 1 if something is left to translate."""
    left = 0
    for ts in sorted(FOLDER.glob("*.ts")):
        update(ts)
        compile_(ts, ts.with_suffix(".qm"))
        for source in unfinished(ts):
            left += 1
            print(f"{ts.name}: not translated: {source}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
