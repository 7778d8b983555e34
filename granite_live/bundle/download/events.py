"""What a download tells whoever shows it. Told in the thread that downloads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Planned:
    """What will be fetched is known. `have_bytes` of `total_bytes` are here already."""

    bundle: str
    tier: str
    origin: str
    revision: str | None
    folder: Path
    files: int
    have_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is; `left_s` and `rate_bytes_s` are None as long as nobody can say.

    `file` is the one on its way, as a path inside the bundle.
    """

    file: str
    done_bytes: int
    total_bytes: int
    rate_bytes_s: float | None
    left_s: float | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something went wrong, `reason` says what; it goes on by itself in `wait_s` seconds."""

    reason: str
    wait_s: float
    attempt: int


@dataclass(frozen=True, slots=True)
class Refetching:
    """A file was not what it should be, so it is fetched once more, from its beginning."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Paused:
    """The download stands still until it is told to go on."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """It goes on."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The tier is installed in `path`. `fetched_bytes` came over the line."""

    path: Path
    tier: str
    fetched_bytes: int


Event = Planned | Progress | Waiting | Refetching | Paused | Resumed | Finished
