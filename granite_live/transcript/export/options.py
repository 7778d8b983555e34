"""What the user may choose about an exported file, besides its format.

The published figures of subtitle rules, with their sources:

- BBC Subtitle Guidelines, version 1.2.5 (March 2026),
  https://www.bbc.co.uk/accessibility/forproducts/guides/subtitles/: 37 characters a line for
  broadcast, 25 in a vertical 9:16 video (section 3.1); two lines (3.3); about 0.3 seconds a word at
  least, from 160-180 words a minute (4.1); a gap of at least one second, or none (4.5).
- Netflix Timed Text Style Guide, General Requirements (articles/215758617), English (USA) and
  Subtitle Timing Guidelines (articles/360051554394) on https://partnerhelp.netflixstudios.com:
  42 characters a line, two lines, 5/6 to 7 seconds, 20 characters a second for adults, two frames
  between cues, and a gap of up to half a second is closed to two frames.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class SubtitleRules:
    """The limits of a cue. Times are in whole milliseconds.

    Attributes:
        name: The preset's name on the command line.
        max_line_chars: The longest line in characters.
        max_lines: Lines of a cue, 1 or 2.
        min_cue_ms: How long a cue is shown at least, if the speech leaves the time.
        max_cue_ms: How long a cue is shown at most.
        reading_speed_cps: Characters a second, spaces included, that can be read. 0: not limited.
        min_word_ms: How long a cue is shown at least for each of its words. 0: not limited.
        min_gap_ms: The time without a cue between two cues.
        closed_gap_ms: A shorter gap than this is closed to `min_gap_ms`. 0: gaps stay.
    """

    name: str
    max_line_chars: int
    max_lines: int = 2
    min_cue_ms: int = 1_000
    max_cue_ms: int = 7_000
    reading_speed_cps: int = 0
    min_word_ms: int = 0
    min_gap_ms: int = 0
    closed_gap_ms: int = 0

    def reading_ms(self, chars: int, words: int) -> int:
        """Return how long a cue of this length must be shown to be readable.

        Never more than `max_cue_ms`.
        """
        by_chars = -(-chars * 1_000 // self.reading_speed_cps) if self.reading_speed_cps else 0
        return min(max(by_chars, words * self.min_word_ms), self.max_cue_ms)


STANDARD = SubtitleRules("standard", max_line_chars=42, reading_speed_cps=20)
"""What subtitles are made with unless a preset is chosen."""

# The BBC gives no least time for a cue of one word and no greatest time: those are the standard's.
_BBC = SubtitleRules("bbc", max_line_chars=37, min_word_ms=300, closed_gap_ms=1_000)
# Two frames and 5/6 of a second at 24 frames a second, rounded up.
_NETFLIX = SubtitleRules(
    "netflix",
    max_line_chars=42,
    min_cue_ms=834,
    reading_speed_cps=20,
    min_gap_ms=84,
    closed_gap_ms=500,
)
# The width is the BBC's for vertical videos. The times are a choice of this program: little text
# at once, which follows the voice closely.
_PHONE = SubtitleRules(
    "phone", max_line_chars=25, min_cue_ms=700, max_cue_ms=3_500, reading_speed_cps=20
)

PRESETS: Mapping[str, SubtitleRules] = MappingProxyType(
    {one.name: one for one in (STANDARD, _BBC, _NETFLIX, _PHONE)}
)
"""The presets by their names."""


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
