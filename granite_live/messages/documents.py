"""Sentences within the documents that a transcript is exported to."""

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
