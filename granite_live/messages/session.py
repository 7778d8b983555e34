"""Messages about session."""

from __future__ import annotations

from granite_live.messages import MessageCode


class SessionMessage(MessageCode):
    """A live session."""

    FILE_VANISHED = "'{name}' is no longer there, so that the text ends at {end}."
    SOUND_UNREADABLE_RETRIED = (
        "The sound cannot be read ({reason}); it is tried again, and other speech is "
        "transcribed meanwhile."
    )
    RECORDED_ALL_THE_SAME = "{reason} The sound is recorded all the same."
    WAITING_FOR = "Waiting for {source}."
    SEGMENTER_DEFECT = (
        "No more speech is found because of a defect ({reason}). The sound is recorded all "
        "the same."
    )
    ENDING_DEFECT = "The session did not end in order because of a defect ({reason})."
    RECORDING_DEFECT = (
        "The recording ended because of a defect ({reason}). What was recorded is kept."
    )
    SOUND_SHORT = (
        "Only {found} of {wanted} samples from sample {start} on can be read: check the disk."
    )
    RECOGNIZER_FAILED = "The recogniser failed: {reason}."
    SOUND_UNREADABLE = "The sound cannot be read: {reason}."
    RECOGNIZER_UNSTARTABLE = "The recogniser cannot be started: {reason}."
    STANDBY_UNSTARTABLE = "Its recogniser cannot be started: {reason}."
    NOT_FINISHED = "The session could not be finished: {reason}."
    PACKING_DEFECT = (
        "The recording could not be packed because of a defect ({reason}). It is whole, and "
        "packed at the next start."
    )
    FINISHING = "Finishing what was said."
    PAUSED = "Paused: nothing is recorded."
    LISTENING_LOADING = "Listening to {source} while the model loads."
    CATCHING_UP = "Listening to {source}; the text is a little behind."
    LISTENING = "Listening to {source}."
    MORE_LOST = "and {count} more stretches"
    SOUND_LOST = "{seconds:.1f} s of sound were lost; {stretches}."
    TEXTS_LOST = "{count} texts could not be written to the disk."
    LOST_DISK = "from {start_s:.1f} s to {end_s:.1f} s, because the disk took no more"
    LOST_SUSPENDED = (
        "{seconds:.1f} s at {start_s:.1f} s, because the program was stopped or the computer "
        "was too busy"
    )
    LOST_BUSY = "{seconds:.1f} s at {start_s:.1f} s, because the computer was too busy"


class WorkerMessage(MessageCode):
    """The process of the recognizer. Most of these are parts of other messages."""

    NO_SIGN_OF_LIFE = "it gave no sign of life and was ended"
    HUNG = "it hung over an utterance and was ended"
    PROCESS_NOT_STARTED = "the system starts no process for it ({reason})"
    DEFECT = "a defect of Granite Live: {reason}"
    UTTERANCE_FAILED = "The recogniser failed over it: {reason}."
    FAILED = "it failed: {reason}"
    MODEL_TOO_LARGE = "The model does not fit into the memory that is left."
    LOADING_FAILED = "it failed to load the model: {reason}"
    OUT_OF_MEMORY = "The memory that is left does not suffice."
    UNLOADABLE = "it cannot be loaded: {reason}"
    ENDED_BY_SIGNAL = "it was ended by signal {signal}"
    NOT_ENDED = "it could not be ended"
    EXIT_CODE = "it ended with exit code {code}"
    GAVE_NO_SIGN_OF_LIFE = "It gave no sign of life and was ended."
    MESSAGES_NOT_SENT = "its messages could not be carried: {reason}"
    STOPPED_WHILE_LOADING = "Its recogniser stopped while it was loaded: {reason}."
    NO_MORE_ANSWERS = "it gave no more answers and was ended"
    BAD_MESSAGE = "it sent what is no message ({reason})"


class AppMessage(MessageCode):
    """Tasks of the program."""

    LIVE_TEXT_DEFECT = "The live text is not written because of a defect ({reason})."
    LIVE_TEXT_NOT_WRITTEN = "The live text is not written. {reason}"
    TASK_STOPPED = "{task} was stopped."
    TASK_CRASHED = "{task} ended without an answer."
    ASSETS_MISSING = (
        "assets/ is missing beside {folder}: the installation is incomplete, install Granite Live "
        "again."
    )
    DATA_IN_USE = (
        "A window or another command of Granite Live uses the data in '{folder}': end it first."
    )
    DATA_BEING_REMOVED = "Another command is removing data of Granite Live: try again in a moment."
    DATA_NOT_REMOVED = "'{path}' was not removed: {reason}."
    DEFECT = "That failed because of a defect in Granite Live; the log has the details."
