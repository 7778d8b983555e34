"""Update the window's translations: `make translations`.

Qt's lupdate writes the window's strings into assets/translations/*.ts, and Qt's lrelease compiles
each into the .qm that the program reads. Missing translations are listed: translate them in the .ts
(by hand or with `pyside6-linguist`) and run this again.
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
    """Return the files whose strings are translated."""
    files = sorted((ROOT / "granite_live" / "gui").rglob("*.py"))
    return [path.relative_to(ROOT).as_posix() for path in files]


def update(ts: Path) -> None:
    """Write the window's strings into a .ts; translations are kept, unused ones removed."""
    options = ["-silent", "-no-obsolete", "-locations", "none", "-source-language", "en"]
    _run("lupdate", *sources(), *options, "-ts", str(ts))


def compile_(ts: Path, qm: Path) -> None:
    """Compile a .ts into a .qm without the unfinished strings."""
    _run("lrelease", "-silent", str(ts), "-qm", str(qm))


def unfinished(ts: Path) -> list[str]:
    """Return the strings without a finished translation."""
    messages = ElementTree.parse(ts).iter("message")
    waits = (one for one in messages if one.find("translation").get("type") == "unfinished")
    return [one.findtext("source") or "" for one in waits]


def _run(tool: str, *arguments: str) -> None:
    subprocess.run([str(_TOOLS / f"{tool}{_SUFFIX}"), *arguments], cwd=ROOT, check=True)


def main() -> int:
    """Update and compile all; return 1 if a translation is missing."""
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
