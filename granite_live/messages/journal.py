"""Messages about journal."""

from __future__ import annotations

from granite_live.messages import MessageCode


class JournalMessage(MessageCode):
    """The recording of a session on the disk."""

    WRITING_AGAIN = "The recording is being written to {folder} again; no sound was lost"
    DISK_FULL = "the disk is full: {reason}"
    DISK_FULL_KEPT_IN_MEMORY = (
        "The recording cannot be written to {folder} ({reason}). It is kept in memory, "
        "{unwritten_s:.1f} s so far: free {needed_mb} MB on that disk by deleting old sessions "
        "or other files"
    )
    UNWRITABLE_KEPT_IN_MEMORY = (
        "The recording cannot be written to {folder} ({reason}). It is kept in memory, "
        "{unwritten_s:.1f} s so far: check that disk and the permissions of the folder"
    )
    DISK_FULL_DROPPING = (
        "The recording cannot be written to {folder} ({reason}) and the memory for it is full, "
        "so the oldest unwritten sound is being lost: free {needed_mb} MB on that disk now"
    )
    UNWRITABLE_DROPPING = (
        "The recording cannot be written to {folder} ({reason}) and the memory for it is full, "
        "so the oldest unwritten sound is being lost: check that disk and the permissions of "
        "the folder now"
    )
    WRITING_AGAIN_AFTER_LOSS = (
        "The recording is being written to {folder} again; {lost_s:.1f} s of sound were lost "
        "and replaced by silence"
    )
    NOT_PACKED = (
        "The recording in '{folder}' cannot be converted to FLAC ({reason}) and is kept as it "
        "is: free some space on that disk, then recover the session"
    )
    NOT_REMOVED = (
        "The recording in '{folder}' cannot be removed ({reason}): check the permissions of "
        "that folder, or delete it yourself"
    )
    SOUND_UNREADABLE = (
        "The sound of the session in '{path}' cannot be read ({reason}): check the disk and the "
        "permissions of that folder."
    )
    CANNOT_RECORD = (
        "No session can be recorded in '{root}' ({reason}): free some space, or choose another "
        "folder with GRANITE_LIVE_HOME"
    )
    HEADER_MISSING = "the recording does not begin with its header"
    HEADER_DAMAGED = "the header of the recording is damaged"
    NEWER_FORMAT = (
        "the recording has format version {version}, but this program supports only version "
        "{known}: open it with the newer version of the program"
    )
    NOTHING_TO_RECOVER = "'{path}' contains no unfinished recording, so there is nothing to recover"
    SESSIONS_UNREADABLE = (
        "The sessions in '{root}' cannot be read ({reason}): check the permissions of that folder"
    )
    REST_NOT_WRITTEN = (
        "The rest of the recording cannot be written to '{path}' ({reason}): free some space on "
        "that disk, then open it again"
    )
    RUNNING_ELSEWHERE = "The session in '{path}' is running in another program: stop it there"
    UNOPENABLE = (
        "The session in '{path}' cannot be opened ({reason}): check the disk and the "
        "permissions of that folder"
    )
    TEXTS_NOT_DELETED = (
        "The texts of the session in '{folder}' cannot be deleted ({reason}): check the "
        "permissions of that folder, or delete it yourself."
    )
    SESSION_NOT_DELETED = (
        "The session in '{path}' cannot be deleted ({reason}): check the contents and the "
        "permissions of that folder, or delete it yourself."
    )
    LAST_PART_NOT_WRITTEN = (
        "{what} cannot be written to '{path}' ({reason}): free some space on that disk, then "
        "recover the session"
    )
    SOUND_ENDS_EARLY = (
        "the recording ends at sample {samples}, but samples up to {wanted} are needed: check "
        "the disk"
    )
    SOUND_SHRANK = "the recording became shorter while it was being read: check the disk"
    READ_FAILED = "the recording cannot be read ({reason}): check the disk"
    SOUND_NOT_KEPT = "The sound of the session in '{folder}' was deleted."
    SOUND_INCOMPLETE = "The sound in '{path}' is incomplete: check the disk."
    SOUND_WITHOUT_BEGINNING = "The sound in '{path}' is damaged: its beginning is missing."
    SOUND_UNREADABLE_NEAR = (
        "The sound in '{path}' cannot be read near {at_s:.1f} s ({reason}): check the disk."
    )
    UNKNOWN_REASON = "unknown reason"
    IS_PIPE = "it is a pipe, not a file"
    IS_FOLDER = "it is a folder, not a file"
    IS_DEVICE = "it is a device, not a file"
    IS_SOCKET = "it is a socket, not a file"
    IS_LINK = "it is a link, not a file"
    OTHER_USER = "it belongs to another user"
    NOT_A_FILE = "it is not a file"
    TAKEN_AT_ONCE = "another program opened it first"
    FLAC_DIFFERS = (
        "'{name}' differs from the recording near {at_s:.1f} s, so the recording is kept as it "
        "is: check the disk, then recover the session again"
    )
    RATE_ASSUMED = "{reason}; a sample rate of {rate_hz} Hz is assumed"
    LAST_SOUND = "The last sound of the session"
    LAST_TEXT = "The last text of the session"
