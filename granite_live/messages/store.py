"""Messages about store."""

from __future__ import annotations

from granite_live.messages import MessageCode


class StoreMessage(MessageCode):
    """The folder of installed models, and imports into it."""

    BUSY_DOWNLOADING = "is fetching this model already; wait for it, or end it first"
    DISK_FULL = "the disk is full; make room"
    QUOTA_USED_UP = "your share of the disk is used up; make room"
    READ_ONLY_DISK = "the disk can only be read; point GRANITE_LIVE_HOME to another one"
    NO_WRITE_PERMISSION = (
        "it may not be written to; mend its rights, or point GRANITE_LIVE_HOME elsewhere"
    )
    FILE_IN_PLACE = "a file is in its place; move it away"
    MEASURED_AGAIN = "It is measured again when it is needed."
    BUSY_CHANGING = "is changing the installed models; try again later"
    NOTES_DAMAGED = "'{path}' was damaged. {loss} The old file is '{aside}'."
    FOLDER_UNUSABLE = "The models' folder {folder} cannot be used: {reason}."
    BUSY = "Another Granite Live {what}."
    NOTES_NOT_SET_ASIDE = "'{path}' is damaged and cannot be set aside ({reason}). {loss}"
    BUSY_IMPORTING = "is importing a model; wait for it, or end it first"
    BAD_NAME = "A model cannot be called {name!r}: use letters, digits, '-', '_' and '.'."
    FILES_TOO_LARGE = "{path} holds files that are far too large for a bundle."
    NO_ROOM = (
        "There is not enough room in {folder}: importing {path} takes {needed}, {free} are free."
    )
    PACKED_FILE_WRONG = "{path} is damaged: {file} in it is not whole ({reason})."
    IMPORT_STOPPED = "The import was stopped; nothing of it stays."
    PACKED_FILE_UNREADABLE = "{path} is damaged: {file} cannot be read."
    UNSAFE = "{path} is not safe to import: {file!r} in it {reason}."
    NOTHING_THERE = "There is nothing at {path}: give the bundle's folder or archive."
    NOT_AN_ARCHIVE = (
        "{path} is damaged or no archive that can be read ({reason}): pack the bundle as "
        ".zip, .tar or .tar.gz, or give its folder."
    )
    ENCRYPTED = "{path} is encrypted: unpack it and import the folder."
    UNSAFE_LINK = "{reason}: this is not safe to import."
    NOT_INSTALLED = "There is no installed model called {name!r}; there is: {known}."
    RECORD_DAMAGED = (
        "The record {path} is damaged ({reason}): remove the tier and download it again."
    )
    BUSY_WITH_IT = "is busy with it"
    TIER_INSTALLED = (
        "{model} has the tier {tier} already: remove it first with 'granite-live models "
        "remove {model} --tier {tier}'."
    )
    VERSIONS_DIFFER = (
        "{file} differs from that of the new tier, so the two are of different versions: "
        "remove the installed one first with 'granite-live models remove {name}'."
    )
    TIER_NOT_INSTALLED = "{name} has no tier {tier!r} installed; it has {present}."
    NOTHING_INSTALLED = "Nothing was installed: get that model once more, or import another one."
    TOO_MANY_FILES = "is one of {count:,} files"
    MAY_BE_TWICE = "may be there twice"
    LEADS_OUTSIDE = "leads outside of the folder"
    NO_PLAIN_FILE = "is no plain file"
    FAR_TOO_LARGE = "is far too large"


class CheckMessage(MessageCode):
    """Checks of a model."""

    DIFFERS_BY = "differs by at most {largest:.2g}"
    FILES_UNCHANGED = "{count} files hold what they held when they came"
    FILES_WITHOUT_RECORD = "put there by hand: nobody noted what they should be"
    ENDED_WITHOUT_ANSWER = "the check ended without an answer"
    MODEL_CHECK_CRASHED = (
        "The check of {path} ended without an answer, as it does when a model is damaged or "
        "the memory is full: download the model again."
    )
    SPEED = "{sound_s:.1f} s of sound in {took_s:.1f} s"
    SHAPE_DIFFERS = "shape {shape}, expected {expected}"
    TRANSCRIPT = "it wrote: {text}"
    INTEGER_TIER = "integer tier: reported only"
    INPUT_FEATURES = "input features"
    ATTENTION_MASK = "attention mask"
    FILE_DAMAGED = "{path} is damaged: download the bundle again."
    AUDIO_EMBEDDINGS = "audio embeddings"
    WRONG_SIZE = "it has {size:,} bytes instead of {expected:,}"
    FAILED = "{name} ({tier}) failed its check: {fault}. It is not used: {advice}."
    FAULTS_FORGOTTEN = (
        "Which models failed their check is not known any more: check them again with "
        "'granite-live models verify'."
    )
    SHA256_DIFFERS = "its SHA-256 is another one"
    CHECKSUM_DIFFERS = "its checksum is another one"
    MISSING = "it is missing"
    UNREADABLE = "it cannot be read: {reason}"
    AGAIN = "check it again with 'granite-live models verify {name} --tier {tier}'"
    AGAIN_OR_DOWNLOAD = (
        "check it again with 'granite-live models verify {name} --tier {tier}', or fetch it "
        "again with 'granite-live models download'"
    )
