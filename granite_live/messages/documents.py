"""Sentences within exported documents, and messages about subtitle files."""

from __future__ import annotations

from granite_live.messages import MessageCode


class DocumentMessage(MessageCode):
    """Sentences that the program adds to the words of a document."""

    TRANSCRIBED = "{duration} of sound, transcribed by Granite Live."
    TRANSCRIBED_WITH = "{duration} of sound, transcribed by Granite Live with {model}."
    TRANSCRIBED_WITH_DEMO = (
        "{duration} of sound, transcribed by Granite Live with its small English demo model "
        "({tier}), which is not Granite."
    )
    NOTHING_SAID = "Nothing was said."


class SubtitleMessage(MessageCode):
    """Files of subtitles, and the rules that they break."""

    UNREADABLE = "'{path}' cannot be read ({reason})."
    NOT_UTF8 = "'{path}' is not UTF-8 text: save it as UTF-8 first."
    NO_SUBTITLES = (
        "There are no subtitles in '{path}': give a file in the form SubRip (.srt), WebVTT (.vtt) "
        "or SubStation Alpha (.ass, .ssa)."
    )
    NO_WORDS = "There are no words in '{path}': give a file with the text of the recording."
    BEFORE_THE_RECORDING = (
        "Cue {number} of '{path}' would begin {seconds:.3f} s before the recording: shift it less."
    )
    PROBLEM = "cue {number} at {time}: {problem}"
    EMPTY = "it has no text"
    TOO_MANY_LINES = "{lines} lines, {limit} are allowed"
    LINE_TOO_LONG = "line {line} has {chars} characters, {limit} are allowed"
    NO_DURATION = "it ends {seconds:.3f} s before it begins"
    TOO_SHORT = "shown for {seconds:.3f} s, at least {limit:.3f} s are required"
    TOO_LONG = "shown for {seconds:.3f} s, at most {limit:.3f} s are allowed"
    TOO_FAST = "{speed:.1f} characters a second, {limit} can be read"
    WORDS_TOO_FAST = "{ms} ms for each word, at least {limit} ms are required"
    OVERLAP = "it begins {seconds:.3f} s before the cue before it ends"
    GAP_TOO_SHORT = "{seconds:.3f} s after the cue before it, at least {limit:.3f} s are required"
    GAP_NOT_CLOSED = (
        "{seconds:.3f} s after the cue before it: a gap under {limit:.3f} s must be closed"
    )
