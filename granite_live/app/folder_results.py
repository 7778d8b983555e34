"""Where the results of a folder's recordings are written."""

from __future__ import annotations

from glob import escape
from pathlib import Path

_ENDINGS = (
    "3g2 3gp aac ac3 aif aifc aiff amr ape asf au avi caf dts eac3 f4v flac flv gsm m2ts m4a m4b "
    "m4v mka mkv mov mp2 mp3 mp4 mpc mpeg mpg mts mxf oga ogg ogm ogv opus qt ra rm rmvb snd spx "
    "tak tta ts voc vob w64 wav webm wma wmv wv"
)
MEDIA_SUFFIXES = frozenset(f".{ending}" for ending in _ENDINGS.split())
"""What recorders, phones, cameras, players and the web call their files. In a folder these are
taken; a file of another ending is transcribed when it is given by name."""


class ResultsBeside:
    """Says which recordings of a folder have no result yet, and where each result belongs.

    `talk.mp3` becomes `talk.txt`, or `talk.mp3.txt` if there is another recording called `talk`.
    """

    def __init__(self, format_name: str) -> None:
        self.format_name = format_name

    def is_wanted(self, path: Path) -> bool:
        """Return whether the file is a recording without a result."""
        if path.name.startswith(".") or path.suffix.lower() not in MEDIA_SUFFIXES:
            return False
        return not any(one.exists() for one in {self._full_name(path), self.path(path)})

    def path(self, recording: Path) -> Path:
        """Return the path of a recording's result."""
        others = (
            one
            for one in recording.parent.glob(f"{escape(recording.stem)}.*")
            if one != recording
            and one.stem == recording.stem
            and one.suffix.lower() in MEDIA_SUFFIXES
        )
        if any(others):
            return self._full_name(recording)
        return recording.with_name(f"{recording.stem}.{self.format_name}")

    def _full_name(self, path: Path) -> Path:
        return path.with_name(f"{path.name}.{self.format_name}")
