"""What the user may choose about an exported file, besides its format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from granite_live.transcript.export.subtitle_rules import STANDARD, SubtitleRules


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """The options of an export. Formats ignore the options that do not concern them.

    Attributes:
        rules: The limits of subtitles.
        word_times: Give each word its time, in `WORD_TIME_FORMATS`.
        times: Begin each paragraph of a document with its time.
        digits: Write numbers as digits; None does that in documents only.
        translate: Translates what the program adds to the words: speakers that have no name, and
            the sentences of a document.
    """

    rules: SubtitleRules = STANDARD
    word_times: bool = False
    times: bool = True
    digits: bool | None = None
    translate: Callable[[str], str] = field(default=str, compare=False)


DEFAULT_OPTIONS = ExportOptions()

SUBTITLE_FORMATS = frozenset(("srt", "vtt", "ass", "lrc"))
"""Formats that `ExportOptions.rules` concern."""

PDF = "pdf"
"""Written by `granite_live.gui.pdf`, because it takes Qt."""

DOCUMENT_FORMATS = frozenset(("md", "docx", PDF))
"""Formats that `ExportOptions.times` concerns."""

WORD_TIME_FORMATS = frozenset(("vtt", "ass", "lrc"))
"""Formats that can give each word its time."""
