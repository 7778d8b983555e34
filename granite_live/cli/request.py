"""What the user asked `transcribe` for, already parsed."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from granite_live.transcript.polish import Polish


@dataclass(frozen=True, slots=True)
class TranscribeRequest:
    """One call of `granite-live transcribe`. None means: the program chooses.

    `files` are files, folders, or "-" for standard input, as typed. `output` is the one file
    for the result, `output_dir` the folder for results; without both they go to standard output.

    `is_wish` says that the bundle is that of the settings.

    `restart` forgets what an interrupted run of the same has left.

    `polish` is done to every text; token ids and drafts stay what the model gave.
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
    editing_passes: int = 1
    is_wish: bool = False
    recursive: bool = False
    overwrite: bool = False
    skip_existing: bool = False
    restart: bool = False
    quiet: bool = False
    polish: Polish = field(default_factory=Polish)
