"""What the user asked `transcribe` for, already parsed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TranscribeRequest:
    """One call of `granite-live transcribe`. None means: the program chooses."""

    files: tuple[Path, ...]
    bundle: Path | None = None
    tier: str | None = None
    provider: str = "auto"
    format_name: str = "txt"
    output_dir: Path | None = None
    segmentation: bool = True
    threads: int | None = None
