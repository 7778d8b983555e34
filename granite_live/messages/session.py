"""Messages about session."""

from __future__ import annotations

from granite_live.messages import MessageCode


class SessionMessage(MessageCode):
    """A live session."""

    FILE_VANISHED = "'{name}' no longer exists, so the text ends at {end}."
    SOUND_UNREADABLE_RETRIED = (
        "The sound cannot be read ({reason}). It is tried again; other speech is transcribed "
        "meanwhile."
    )
    RECORDED_ALL_THE_SAME = "{reason} The sound is still recorded."
    WAITING_FOR = "Waiting for {source}."
    SEGMENTER_DEFECT = (
        "No more speech is detected because of an internal error ({reason}). The sound is still "
        "recorded."
    )
    ENDING_DEFECT = "The session did not end properly because of an internal error ({reason})."
    RECORDING_DEFECT = (
        "The recording ended because of an internal error ({reason}). The sound recorded so far "
        "is kept."
    )
    SOUND_SHORT = (
        "Only {found} of {wanted} samples from sample {start} on can be read: check the disk."
    )
    RECOGNIZER_FAILED = "The recognizer failed: {reason}."
    SOUND_UNREADABLE = "The sound cannot be read: {reason}."
    RECOGNIZER_UNSTARTABLE = "The recognizer cannot be started: {reason}."
    STANDBY_UNSTARTABLE = "The recognizer of that model cannot be started: {reason}."
    NOT_FINISHED = "The session could not be finished: {reason}."
    PACKING_DEFECT = (
        "The recording could not be compressed because of an internal error ({reason}). It is "
        "complete, and the next start compresses it."
    )
    FINISHING = "Finishing the last text."
    PAUSED = "Paused: nothing is recorded."
    LISTENING_LOADING = "Listening to {source} while the model loads."
    CATCHING_UP = "Listening to {source}; the text is a little behind."
    LISTENING = "Listening to {source}."
    MORE_LOST = "and {count} more places"
    SOUND_LOST = "{seconds:.1f} s of sound were lost; {stretches}."
    TEXTS_LOST = "{count} texts could not be written to the disk."
    LOST_DISK = "from {start_s:.1f} s to {end_s:.1f} s, because the disk accepted no more data"
    LOST_SUSPENDED = (
        "{seconds:.1f} s at {start_s:.1f} s, because the program was suspended or the computer "
        "was too busy"
    )
    LOST_BUSY = "{seconds:.1f} s at {start_s:.1f} s, because the computer was too busy"


class WorkerMessage(MessageCode):
    """The process of the recognizer. Most of these are parts of other messages."""

    NO_SIGN_OF_LIFE = "it stopped responding and was ended"
    HUNG = "it did not finish an utterance and was ended"
    PROCESS_NOT_STARTED = "the system cannot start a process for it ({reason})"
    DEFECT = "an internal error: {reason}"
    UTTERANCE_FAILED = "The recognizer failed on it: {reason}."
    FAILED = "it failed: {reason}"
    MODEL_TOO_LARGE = "There is not enough free memory for the model."
    LOADING_FAILED = "it failed to load the model: {reason}"
    OUT_OF_MEMORY = "There is not enough free memory."
    UNLOADABLE = "it cannot be loaded: {reason}"
    ENDED_BY_SIGNAL = "it was ended by signal {signal}"
    NOT_ENDED = "it could not be ended"
    EXIT_CODE = "it ended with exit code {code}"
    GAVE_NO_SIGN_OF_LIFE = "It stopped responding and was ended."
    MESSAGES_NOT_SENT = "its messages could not be sent: {reason}"
    STOPPED_WHILE_LOADING = "The recognizer of that model stopped while loading: {reason}."
    NO_MORE_ANSWERS = "it sent no more answers and was ended"
    BAD_MESSAGE = "it sent an invalid message ({reason})"


class AppMessage(MessageCode):
    """Tasks of the program."""

    LIVE_TEXT_DEFECT = "The live text is not written because of an internal error ({reason})."
    LIVE_TEXT_NOT_WRITTEN = "The live text is not written. {reason}"
    TASK_STOPPED = "{task} was stopped."
    TASK_CRASHED = "{task} ended unexpectedly."
    ASSETS_MISSING = (
        "The folder assets is missing beside {folder}: the installation is incomplete, so "
        "reinstall Granite Live."
    )
    DATA_IN_USE = (
        "A window or another command of Granite Live uses the data in '{folder}': end it first."
    )
    DATA_BEING_REMOVED = "Another command is removing data of Granite Live: try again in a moment."
    DATA_NOT_REMOVED = "'{path}' was not removed: {reason}."
    DEFECT = (
        "This failed because of an internal error in Granite Live; the log file has the details."
    )
