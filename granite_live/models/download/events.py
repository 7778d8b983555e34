"""Events of a download, sent in the downloading thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Planned:
    """The files to fetch are known. `have_bytes` of `total_bytes` are already on the disk."""

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
    """Progress of the download; `rate_bytes_s` and `left_s` are None while unknown.

    `file` is the current file, as a path inside the bundle.
    """

    file: str
    done_bytes: int
    total_bytes: int
    rate_bytes_s: float | None
    left_s: float | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An attempt failed with `reason`; the next attempt starts in `wait_s` seconds."""

    reason: str
    wait_s: float
    attempt: int


@dataclass(frozen=True, slots=True)
class Refetching:
    """A file failed verification and is fetched again from its beginning."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Paused:
    """The download is paused."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The download continues after a pause."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The tier is installed in `path`. `fetched_bytes` were transferred over the network."""

    path: Path
    tier: str
    fetched_bytes: int


Event = Planned | Progress | Waiting | Refetching | Paused | Resumed | Finished
