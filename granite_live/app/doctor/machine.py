"""The computer around the program: its display, its folders, its disk."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from granite_live.app.doctor.findings import Facts, Finding, Status, scrubbed
from granite_live.models.store.disk import folder_bytes, free_bytes, size_text, why
from granite_live.util import paths

_LITTLE_BYTES = 2 * 10**9
_TOO_LITTLE_BYTES = 100 * 10**6


def display(environment: Mapping[str, str] | None = None) -> Finding:
    """Look whether a window can be shown."""
    environment = os.environ if environment is None else environment
    if not sys.platform.startswith("linux"):
        return Finding("display", Status.OK, "of the system", facts={"kind": sys.platform})
    for name in ("WAYLAND_DISPLAY", "DISPLAY", "QT_QPA_PLATFORM"):
        if environment.get(name):
            detail = f"{name} is {environment[name]}"
            return Finding("display", Status.OK, detail, facts={"kind": name})
    remedy = "The terminal's commands work without one: 'granite-live listen', 'transcribe'."
    return Finding("display", Status.NOTE, "there is none", remedy, {"kind": None})


def folders(where: Mapping[str, Path] | None = None) -> Iterator[Finding]:
    """Look whether the program's folders can be written to."""
    where = where or {
        "data folder": paths.data_dir(),
        "settings folder": paths.config_dir(),
        "log folder": paths.log_dir(),
    }
    for topic, folder in where.items():
        try:
            _try_to_write(folder)
        except OSError as error:
            yield Finding(
                topic, Status.BROKEN, f"{folder}: {why(error)}",
                "Mend its rights, or point GRANITE_LIVE_HOME to a folder of yours.",
                {"problem": scrubbed(error)},
            )  # fmt: skip
        else:
            yield Finding(topic, Status.OK, str(folder))


def disk(folder: Path | None = None) -> Finding:
    """Look how much room is left where the program keeps its files."""
    folder = folder or paths.data_dir()
    try:
        free = free_bytes(folder)
        models = folder_bytes(paths.models_dir())
    except OSError as error:
        facts: Facts = {"problem": scrubbed(error)}
        return Finding("disk", Status.BROKEN, f"{folder}: {why(error)}", "Look at the disk.", facts)
    detail = f"{size_text(free)} are free, the models take {size_text(models)}"
    status = Status.OK
    if free < _LITTLE_BYTES:
        status = Status.BROKEN if free < _TOO_LITTLE_BYTES else Status.NOTE
    remedy = "" if status is Status.OK else "Make room, or point GRANITE_LIVE_HOME to another disk."
    return Finding("disk", status, detail, remedy, {"free_bytes": free, "models_bytes": models})


def _try_to_write(folder: Path) -> None:
    """Write a file into the folder, or into the one that it would be made in."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"x")
