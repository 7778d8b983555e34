"""Messages about inputs, playback and audio files."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

SENTENCES = (
    QT_TRANSLATE_NOOP("Told", "{0} failed because of a defect ({1})"),
    QT_TRANSLATE_NOOP("Told", "{0} was not read to its end because of a defect ({1})."),
    QT_TRANSLATE_NOOP(
        "Told",
        "There is nothing to play sound on: connect a loudspeaker or headphones, and on Linux "
        "see that PulseAudio or PipeWire runs.",
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "{0} cannot be opened: PortAudio finds no way to the sound server; on Debian or Ubuntu: "
        "sudo apt install libasound2-plugins",
    ),
    QT_TRANSLATE_NOOP("Told", "{0} is not connected"),
    QT_TRANSLATE_NOOP("Told", "the sound system does not answer; restart it, or the computer"),
    QT_TRANSLATE_NOOP(
        "Told",
        "recording needs the PortAudio library, which is not installed; on Debian or Ubuntu: "
        "sudo apt install libportaudio2 libasound2-plugins",
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "Playing sound needs the PortAudio library, which is not installed; on Debian or "
        "Ubuntu: sudo apt install libportaudio2 libasound2-plugins",
    ),
    QT_TRANSLATE_NOOP("Told", "{0} cannot be opened: {1}"),
    QT_TRANSLATE_NOOP("Told", "The usual output cannot be opened ({0})."),
    QT_TRANSLATE_NOOP("Told", "{0} does not answer and could not be closed."),
    QT_TRANSLATE_NOOP("Told", "The system lost sound {0} times: it is overloaded."),
    QT_TRANSLATE_NOOP("Told", "{0} cannot be used: {1}"),
    QT_TRANSLATE_NOOP("Told", "the sound system has ended the recording from {0}"),
    QT_TRANSLATE_NOOP(
        "Told", "{0} was opened but gives no sound; is it in use by another program?"
    ),
    QT_TRANSLATE_NOOP("Told", "no sound arrives from {0} any more; is it still connected?"),
    QT_TRANSLATE_NOOP("Told", "The computer slept: {0} s were not recorded."),
    QT_TRANSLATE_NOOP(
        "Told",
        "{0} s of sound from {1} are missing, as when the program is stopped or the computer too "
        "busy.",
    ),
    QT_TRANSLATE_NOOP("Told", "{0} is no longer connected"),
    QT_TRANSLATE_NOOP("Told", "changing to {0}"),
    QT_TRANSLATE_NOOP("Told", "{0} is not the default any more"),
    QT_TRANSLATE_NOOP("Told", "{0} is muted in the system's sound settings; switch it on there"),
    QT_TRANSLATE_NOOP(
        "Told", "{0} gives nothing but zeros; it is probably muted by a switch of its own"
    ),
    QT_TRANSLATE_NOOP("Told", "{0} is not connected; listening goes on once it is"),
    QT_TRANSLATE_NOOP("Told", "no microphone is connected; listening begins once there is one"),
    QT_TRANSLATE_NOOP(
        "Told", "the system sound cannot be recorded: no sound output, or no sound server is there"
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "there is no microphone and no other input; connect one, and on Linux see that "
        "PulseAudio or PipeWire runs",
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "the sound server (PulseAudio or PipeWire) does not answer; log out and in again, or "
        "restart it: systemctl --user restart pipewire-pulse pulseaudio",
    ),
    QT_TRANSLATE_NOOP("Told", "The sound cannot be played; the log file says more."),
    QT_TRANSLATE_NOOP(
        "Told",
        "{0} is damaged: no part of its sound could be decoded ({1}); use another copy of the "
        "recording.",
    ),
    QT_TRANSLATE_NOOP("Told", "{0} cannot be read: {1}."),
    QT_TRANSLATE_NOOP(
        "Told",
        "{0} is a list of other files or addresses, not a recording: give those files by name.",
    ),
    QT_TRANSLATE_NOOP("Told", "{0} is not an audio or video file: give a recording."),
    QT_TRANSLATE_NOOP(
        "Told",
        "{0}{1} is coded in a way that cannot be decoded here: convert it, for example to WAV, "
        "FLAC or MP3.",
    ),
    QT_TRANSLATE_NOOP("Told", "{0} is a folder: give the recordings in it by name."),
    QT_TRANSLATE_NOOP("Told", "{0} is not an ordinary file: save the sound to a file first."),
    QT_TRANSLATE_NOOP("Told", "{0} is empty (0 bytes): use another copy of the recording."),
    QT_TRANSLATE_NOOP("Told", "it looks like an address; download the file and give its path"),
    QT_TRANSLATE_NOOP("Told", "check the path"),
    QT_TRANSLATE_NOOP("Told", "{0} does not exist: {1}."),
    QT_TRANSLATE_NOOP("Told", "{0} may not be read: ask for read permission on it."),
    QT_TRANSLATE_NOOP("Told", "{0} cannot be opened: {1}."),
    QT_TRANSLATE_NOOP(
        "Told",
        "{0} is not an audio or video file of a known format: convert it, for example to WAV, "
        "FLAC or MP3.",
    ),
    QT_TRANSLATE_NOOP("Told", "{0} has no audio track: there is nothing to transcribe."),
    QT_TRANSLATE_NOOP(
        "Told",
        "{0} is an MP4 file whose index is missing or damaged, as after a broken copy or a "
        "crash while recording: use another copy of it.",
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "{0} is damaged: {1} of it could not be decoded, the first at {2}; the rest was read.",
    ),
    QT_TRANSLATE_NOOP("Told", "1 piece"),
    QT_TRANSLATE_NOOP("Told", "{0} pieces"),
    QT_TRANSLATE_NOOP(
        "Told",
        "{0} holds no sound for {1} s from {2} on; silence stands there to keep the times right.",
    ),
    QT_TRANSLATE_NOOP(
        "Told", "{0} holds {1} samples that are not numbers; silence took their place."
    ),
    QT_TRANSLATE_NOOP("Told", "{0} cannot be read beyond {1} ({2}); everything before was read."),
    QT_TRANSLATE_NOOP("Told", "{0} holds no sound: it is 0 seconds long."),
    QT_TRANSLATE_NOOP(
        "Told",
        "{0} was cut off: {1}, as after a crash or a broken copy; everything up to {2} was read.",
    ),
    QT_TRANSLATE_NOOP("Told", "its end is missing"),
    QT_TRANSLATE_NOOP("Told", "the last {0} s are missing"),
)
