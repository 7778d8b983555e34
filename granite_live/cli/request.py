"""The parsed command line of `transcribe`."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from granite_live.transcript.polish import Polish


@dataclass(frozen=True, slots=True)
class TranscribeRequest:
    """One call of `granite-live transcribe`. None means the default.

    `files` are files, folders, or "-" for standard input, as typed. `output` is the file for one
    result, `output_dir` the folder for several; without both, results go to standard output.
    `is_wish` says that the bundle comes from the settings. `restart` ignores an existing
    checkpoint. `polish` is applied to every text; token ids and drafts stay raw.
    """

    files: tuple[str | os.PathLike[str], ...]
    bundle: Path | None = None
    tier: str | None = None
    provider: str | None = None
    format_name: str = "txt"
    output: Path | None = None
    output_dir: Path | None = None
    audio_track: int | str | None = None
    segmentation: bool = True
    part_s: float | None = None
    threads: int | None = None
    graphs: str = "auto"
    skip_editor: str | None = None
    editing_passes: int | None = None
    is_wish: bool = False
    recursive: bool = False
    overwrite: bool = False
    skip_existing: bool = False
    restart: bool = False
    quiet: bool = False
    polish: Polish = field(default_factory=Polish)
