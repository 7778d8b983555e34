"""What was found, for the user and for a report about a defect."""

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
    """How it stands."""

    OK = "ok"
    NOTE = "note"
    """Something is missing that one can do without."""
    BROKEN = "broken"
    """The program cannot do its work like this."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination.

    Attributes:
        topic: What was looked at, in a word or two.
        status: How it stands.
        detail: What was seen; may name the user's files and devices.
        remedy: What to do, a sentence; "" where nothing needs to be done.
        facts: The same for others to read; nothing of the user's own.
    """

    topic: str
    status: Status
    detail: str
    remedy: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)


def is_broken(findings: Iterable[Finding]) -> bool:
    """Return whether something that is needed does not work."""
    return any(one.status is Status.BROKEN for one in findings)


def report(findings: Iterable[Finding]) -> dict[str, Any]:
    """Return what may go into a public report: no names, no paths, no texts of the user's."""
    return {
        "granite_live": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "findings": [
            {"topic": one.topic, "status": one.status.value, **one.facts} for one in findings
        ],
    }


def scrubbed(error: BaseException | str) -> str:
    """Return the text of an error without paths and without the names of user and computer."""
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
