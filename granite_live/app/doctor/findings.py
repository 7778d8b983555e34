"""Findings of the examination, for the user and for a public report."""

from __future__ import annotations

import getpass
import platform
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from granite_live import __version__

Fact = str | int | float | bool | None
Facts = dict[str, Fact]
_PATHS = re.compile(r"(?:[A-Za-z]:)?(?:[\\/][^\s'\",;:()\\/]+){2,}")


class Status(Enum):
    """State of a checked part."""

    OK = "ok"
    NOTE = "note"
    """Something optional is missing."""
    BROKEN = "broken"
    """The program cannot work."""


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One line of the examination.

    Attributes:
        topic: The checked part, in a word or two.
        status: Its state.
        detail: What was seen; may name the user's files and devices.
        remedy: A sentence that says what to do; "" if nothing needs to be done.
        facts: The same for a public report, without anything private.
    """

    topic: str
    status: Status
    detail: str
    remedy: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)


def has_failures(findings: Iterable[CheckFinding]) -> bool:
    """Return whether a required part does not work."""
    return any(one.status is Status.BROKEN for one in findings)


def report(findings: Iterable[CheckFinding]) -> dict[str, Any]:
    """Return what may go into a public report: no names, paths or texts of the user."""
    return {
        "granite_live": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "findings": [
            {"topic": one.topic, "status": one.status.value, **one.facts} for one in findings
        ],
    }


def redact(error: BaseException | str) -> str:
    """Return an error's text without paths and without the names of the user and the computer."""
    text = _PATHS.sub("<path>", str(error)).replace(str(Path.home()), "<path>")
    for name in (_user(), platform.node()):
        if len(name) > 2:
            text = re.sub(re.escape(name), "<name>", text, flags=re.IGNORECASE)
    return text[:300]


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name
        return "" if sys.platform != "win32" else "user"
