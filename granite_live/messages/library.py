"""Messages about library."""

from __future__ import annotations

from granite_live.messages import MessageCode


class LibraryMessage(MessageCode):
    """The list of stored sessions."""

    SOUND_DELETED_NOT_PLAYED = "The sound of this session is deleted: there is nothing to play."
    SESSIONS_UNREADABLE = "The sessions in '{root}' cannot be read ({reason}): ask for permission."
    CANCELED_AT = "{done} of {total}, canceled: the text ends there."
    SESSION_UNFINISHED_OR_IN_USE = (
        "This session is not finished, or another program uses it: recover it first."
    )
    SESSION_UNFINISHED = "This session is not finished: recover it before anything else."
    SOUND_DELETED_NOT_HEARD = "The sound of this session is deleted: there is nothing to hear."
    LIST_NAME = "The list of your sessions in '{folder}'"
    LIST_UNUSABLE = (
        "{what} cannot be used ({reason}): check the disk and your rights to that folder."
    )
    LIST_DAMAGED = "{what} is damaged ({reason}): a new list is made at the next start."
    LIST_IN_USE = "{what} is in use by another program ({reason}): try again in a moment."
    DISK_FULL = "{what} cannot be written, the disk is full: make room and try again."
    FOLDER_UNUSABLE = (
        "The list of your sessions in '{folder}' cannot be used ({reason}): check the disk "
        "and your rights to that folder."
    )
    NEWER_LIST = (
        "The list of your sessions in '{folder}' was made by a newer Granite Live (version "
        "{version} of the list, this program knows {known}): use that one, or set "
        "GRANITE_LIVE_HOME to another folder."
    )
    SPLIT_BETWEEN_WORDS = "A line can be split between two of its words only."
    LINE_NOT_FINAL = (
        "This line is still being worked on: change it when its text is final, in a moment."
    )
    LIST_REBUILT = (
        "The list of your sessions was damaged and was made anew from the recordings; titles "
        "and corrections are in the old file, '{aside}' in '{folder}'."
    )
    NOTHING_TO_MERGE = "There is no next line to merge with: this is the last line."
    SEVERAL_SESSIONS = "Lines are deleted from one session at a time."
    LIST_COMPLETE_AGAIN = "The list of sessions is complete again."
    RECORDED_ALL_THE_SAME = "{reason} The session itself is recorded all the same."
    LINE_GONE = "This line is not there any more."
    SESSION_GONE = "The session is not in the list any more."
    LINE_CHANGED = "This step cannot be repeated or undone: the line has changed since."
    SESSION_RUNNING = "This session is running: stop it before you delete it."
    BEING_OPENED = "being opened"
    BEING_RENEWED = "being renewed"
