"""Messages about store."""

from __future__ import annotations

from granite_live.messages import MessageCode


class StoreMessage(MessageCode):
    """The folder of installed models, and imports into it."""

    BUSY_DOWNLOADING = "is already downloading this model; wait for it, or stop it first"
    DISK_FULL = "the disk is full; free some space"
    QUOTA_USED_UP = "your disk quota is used up; free some space"
    READ_ONLY_DISK = "the disk is read-only; set GRANITE_LIVE_HOME to a folder on another disk"
    NO_WRITE_PERMISSION = (
        "you do not have permission to write to it; correct its permissions, or set "
        "GRANITE_LIVE_HOME to another folder"
    )
    FILE_IN_PLACE = "a file has that name; move the file away"
    MEASURED_AGAIN = "It is measured again when it is needed."
    BUSY_CHANGING = "is changing the installed models; try again later"
    NOTES_DAMAGED = "'{path}' was damaged. {loss} The old file is '{aside}'."
    FOLDER_UNUSABLE = "The folder of models, {folder}, cannot be used: {reason}."
    BUSY = "Another Granite Live {what}."
    NOTES_NOT_SET_ASIDE = "'{path}' is damaged and cannot be renamed ({reason}). {loss}"
    BUSY_IMPORTING = "is importing a model; wait for it, or stop it first"
    BAD_NAME = "A model cannot be called {name!r}: use letters, digits, '-', '_' and '.'."
    FILES_TOO_LARGE = "{path} contains files that are much too large for a bundle."
    NO_ROOM = (
        "There is not enough space in {folder}: importing {path} needs {needed}, but {free} are "
        "free."
    )
    PACKED_FILE_WRONG = "{path} is damaged: {file} in it is incomplete ({reason})."
    IMPORT_STOPPED = "The import was stopped; nothing was installed."
    PACKED_FILE_UNREADABLE = "{path} is damaged: {file} cannot be read."
    UNSAFE = "{path} is not safe to import: {file!r} in it {reason}."
    NOTHING_THERE = "{path} does not exist: give a bundle's folder or archive."
    NOT_AN_ARCHIVE = (
        "{path} is damaged or is not a readable archive ({reason}): pack the bundle as .zip, "
        ".tar or .tar.gz, or give its folder."
    )
    ENCRYPTED = "{path} is encrypted: unpack it and import the folder."
    UNSAFE_LINK = "{reason}: this is not safe to import."
    NOT_INSTALLED = "There is no installed model called {name!r}; installed: {known}."
    RECORD_DAMAGED = (
        "The record {path} is damaged ({reason}): remove the tier and download it again."
    )
    BUSY_WITH_IT = "is using it"
    TIER_INSTALLED = (
        "The tier {tier} of {model} is already installed: remove it first with 'granite-live "
        "models remove {model} --tier {tier}'."
    )
    VERSIONS_DIFFER = (
        "{file} differs between the installed tier and the new tier, so their versions differ: "
        "remove the installed tier first with 'granite-live models remove {name}'."
    )
    TIER_NOT_INSTALLED = "The tier {tier!r} of {name} is not installed; installed: {present}."
    NOTHING_INSTALLED = (
        "No model was installed: download or copy this model again, or import another one."
    )
    TOO_MANY_FILES = "is one of {count:,} files"
    MAY_BE_TWICE = "may be contained twice"
    LEADS_OUTSIDE = "leads outside the folder"
    NO_PLAIN_FILE = "is not a regular file"
    FAR_TOO_LARGE = "is much too large"


class CheckMessage(MessageCode):
    """Checks of a model."""

    DIFFERS_BY = "differs by at most {largest:.2g}"
    FILES_UNCHANGED = "{count} files are unchanged since the installation"
    FILES_WITHOUT_RECORD = "installed by hand, so their checksums are not known"
    ENDED_WITHOUT_ANSWER = "the check ended unexpectedly"
    MODEL_CHECK_CRASHED = (
        "The check of {path} ended unexpectedly; the model may be damaged or the memory full: "
        "download the model again."
    )
    SPEED = "{sound_s:.1f} s of sound in {took_s:.1f} s"
    SHAPE_DIFFERS = "shape {shape}, expected {expected}"
    TRANSCRIPT = "it recognized: {text}"
    INTEGER_TIER = "integer tier: only reported"
    INPUT_FEATURES = "input features"
    ATTENTION_MASK = "attention mask"
    FILE_DAMAGED = "{path} is damaged: download the bundle again."
    AUDIO_EMBEDDINGS = "audio embeddings"
    WRONG_SIZE = "it has {size:,} bytes instead of {expected:,}"
    FAILED = "{name} ({tier}) failed its check: {fault}. It is not used: {advice}."
    FAULTS_FORGOTTEN = (
        "The list of models that failed their check was lost: check them again with "
        "'granite-live models verify'."
    )
    SHA256_DIFFERS = "its SHA-256 checksum is wrong"
    CHECKSUM_DIFFERS = "its checksum is wrong"
    MISSING = "it is missing"
    UNREADABLE = "it cannot be read: {reason}"
    AGAIN = "check it again with 'granite-live models verify {name} --tier {tier}'"
    AGAIN_OR_DOWNLOAD = (
        "check it again with 'granite-live models verify {name} --tier {tier}', or download it "
        "again with 'granite-live models download'"
    )
