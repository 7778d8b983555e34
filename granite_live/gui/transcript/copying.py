"""Format lines for the clipboard."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

from granite_live.gui.transcript.lines import Line
from granite_live.transcript.export.timestamps import clock

_MARKUP = re.compile(r"[\\`*_\[\]<>#&|~]")


class CopyAs(Enum):
    """The format of copied lines."""

    TEXT = "text"
    TIMES = "times"
    MARKDOWN = "markdown"


def copied(lines: Iterable[Line], form: CopyAs) -> str:
    """Return the lines that have text, one per line; Markdown as paragraphs."""
    spoken = [line for line in lines if line.text]
    match form:
        case CopyAs.TEXT:
            return "\n".join(line.text for line in spoken)
        case CopyAs.TIMES:
            return "\n".join(f"{clock(line.start_s)}\t{line.text}" for line in spoken)
    return "\n\n".join(f"**{clock(line.start_s)}** {_plain(line.text)}" for line in spoken)


def _plain(text: str) -> str:
    return _MARKUP.sub(lambda found: "\\" + found.group(), text)
