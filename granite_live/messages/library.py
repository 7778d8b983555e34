"""Messages about library."""

from __future__ import annotations

from granite_live.messages import MessageCode


class LibraryMessage(MessageCode):
    """The list of stored sessions."""

    SOUND_DELETED_NOT_PLAYED = "The sound of this session was deleted, so it cannot be played."
    SESSIONS_UNREADABLE = (
        "The sessions in '{root}' cannot be read ({reason}): check the permissions of that folder."
    )
    CANCELED_AT = "Canceled at {done} of {total}: the text ends there."
    NOT_CANCELED = "This session is not a file that was canceled, so there is nothing to continue."
    FILE_GONE = "'{name}' is no longer in {folder}: put it back there to continue."
    SESSION_UNFINISHED_OR_IN_USE = (
        "This session is unfinished or in use by another program: recover it first."
    )
    SESSION_UNFINISHED = "This session is unfinished: recover it first."
    SOUND_DELETED_NOT_HEARD = (
        "The sound of this session was deleted, so it cannot be transcribed again."
    )
    SOUND_DELETED_NOT_SEARCHED = "The sound of this session was deleted, so it cannot be searched."
    NO_SEARCH_BY_SOUND = (
        "This model's graphs do not return the scores that a search by sound needs: choose another "
        "provider."
    )
    OTHER_SAMPLE_RATE = (
        "A recording of {rate} Hz cannot be searched with this model: choose another model."
    )
    LIST_NAME = "The list of your sessions in '{folder}'"
    LIST_UNUSABLE = (
        "{what} cannot be used ({reason}): check the disk and the permissions of that folder."
    )
    LIST_DAMAGED = "{what} is damaged ({reason}): the next start creates a new list."
    LIST_IN_USE = "{what} is in use by another program ({reason}): try again in a moment."
    DISK_FULL = "{what} cannot be written because the disk is full: free some space and try again."
    FOLDER_UNUSABLE = (
        "The list of your sessions in '{folder}' cannot be used ({reason}): check the disk and "
        "the permissions of that folder."
    )
    NEWER_LIST = (
        "The list of your sessions in '{folder}' was created by a newer Granite Live (version "
        "{version} of the list; this program supports version {known}): use the newer program, "
        "or set GRANITE_LIVE_HOME to another folder."
    )
    SPLIT_BETWEEN_WORDS = "A line can only be split between two words."
    LINE_NOT_FINAL = (
        "This line is still being transcribed: change it when its text is final, in a moment."
    )
    LIST_REBUILT = (
        "The list of your sessions was damaged and was rebuilt from the recordings; titles and "
        "corrections are in the old file, '{aside}' in '{folder}'."
    )
    MERGE_OF_TWO_SIDES = "Only lines of the same side of a meeting can be merged."
    ME = "Me"
    OTHERS = "Others"
    NOTHING_TO_MERGE = "This is the last line: there is no next line to merge with."
    SEVERAL_SESSIONS = "Only lines of the same session can be changed together."
    LIST_COMPLETE_AGAIN = "The list of sessions is complete again."
    RECORDED_ALL_THE_SAME = "{reason} The session is still recorded."
    LINE_GONE = "This line no longer exists."
    SESSION_GONE = "The session is no longer in the list."
    LINE_CHANGED = "This step cannot be undone or redone because the line has changed since."
    SESSION_RUNNING = "This session is running: stop it before you delete it."
    BEING_OPENED = "being opened"
    BEING_RENEWED = "being rebuilt"
