"""Translatable sentences about the tracks, channels and times of recordings."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

RECORDING_SENTENCES = (
    QT_TRANSLATE_NOOP("Told", "{0}: {1}."),
    QT_TRANSLATE_NOOP("Told", "audio track {0} of {1} is transcribed"),
    QT_TRANSLATE_NOOP("Told", "{0} cannot be decoded here"),
    QT_TRANSLATE_NOOP("Told", "{0} is silent"),
    QT_TRANSLATE_NOOP("Told", "{0} are silent"),
    QT_TRANSLATE_NOOP("Told", "{0} has sound, too"),
    QT_TRANSLATE_NOOP("Told", "{0} have sound, too"),
    QT_TRANSLATE_NOOP("Told", "track {0}"),
    QT_TRANSLATE_NOOP("Told", "tracks {0}"),
    QT_TRANSLATE_NOOP("Told", "{0} has no audio track {1}; it has {2}."),
    QT_TRANSLATE_NOOP("Told", "number {0}"),
    QT_TRANSLATE_NOOP("Told", "in the language {0}"),
    QT_TRANSLATE_NOOP("Told", "{0}: the {1} is used, not the mix: {2}."),
    QT_TRANSLATE_NOOP("Told", "{0}: the {1} is used from {2} on, not the mix: {3}."),
    QT_TRANSLATE_NOOP("Told", "{0}: not always the mix of the channels is used: {1}."),
    QT_TRANSLATE_NOOP(
        "Told", "{0}: not always the mix of the channels is used: {1}; and {2} more changes."
    ),
    QT_TRANSLATE_NOOP("Told", "the {0} from {1}"),
    QT_TRANSLATE_NOOP("Told", "mix"),
    QT_TRANSLATE_NOOP("Told", "{0} channel"),
    QT_TRANSLATE_NOOP("Told", "{0} channels"),
    QT_TRANSLATE_NOOP("Told", "left"),
    QT_TRANSLATE_NOOP("Told", "right"),
    QT_TRANSLATE_NOOP("Told", "center"),
    QT_TRANSLATE_NOOP("Told", "the other channels are silent"),
    QT_TRANSLATE_NOOP("Told", "the channels cancel each other in a mix"),
    QT_TRANSLATE_NOOP("Told", "the other channels are noisier"),
    QT_TRANSLATE_NOOP(
        "Told",
        "{0}: its header tells of {1} of sound, but the file holds more; all of it was read.",
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "{0}: its clock jumps {1}, first at {2}, as where recordings were joined; the times go on "
        "without a break.",
    ),
    QT_TRANSLATE_NOOP("Told", "once"),
    QT_TRANSLATE_NOOP("Told", "{0} times"),
    QT_TRANSLATE_NOOP("Told", "'{0}' is no longer there, so that the text ends at {1}."),
    QT_TRANSLATE_NOOP(
        "Told",
        "'{0}' is not the recording that this session began with: open it again to transcribe it "
        "from its beginning.",
    ),
    QT_TRANSLATE_NOOP("Told", "'{0}' was damaged. {1} The old file is '{2}'."),
    QT_TRANSLATE_NOOP("Told", "'{0}' is damaged and cannot be set aside ({1}). {2}"),
    QT_TRANSLATE_NOOP("Told", "It is measured again when it is needed."),
    QT_TRANSLATE_NOOP(
        "Told",
        "Which models failed their check is not known any more: check them again with "
        "'granite-live models verify'.",
    ),
)
