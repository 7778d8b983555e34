"""Messages about the comparison of models."""

from __future__ import annotations

from granite_live.messages import MessageCode


class ComparisonMessage(MessageCode):
    """Models compared on recordings with known text."""

    TEXT_UNREADABLE = "'{path}' cannot be read ({reason})."
    TEXT_NOT_UTF8 = "'{path}' is not UTF-8 text: save it as UTF-8 first."
    FOLDER_UNREADABLE = "The folder '{path}' cannot be read ({reason})."
    NO_PAIRS = (
        "There is no recording with its text in '{path}': put the text of talk.wav into talk.txt "
        "beside it."
    )
    NO_CORRECTED_LINES = (
        "No line of your sessions was corrected by hand and still has its sound: correct some "
        "lines, or compare on recordings with known text."
    )
    SAMPLES_MISSING = "The sample recordings are missing ({reason}): install the program again."
    NO_SUCH_TIER = "No model to compare has the tier {tier}: choose {have}."
    CHART_TITLE = "Wrong words with 95 % intervals, and speed against speech"
    STOPPED = "The comparison was stopped."
