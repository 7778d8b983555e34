"""Messages about recording."""

from __future__ import annotations

from granite_live.messages import MessageCode


class RecordingMessage(MessageCode):
    """Recordings that are read, and notes on how they were read."""

    OTHER_CHANNELS_SILENT = "the other channels are silent"
    CHANNELS_CANCEL = "mixing the channels would cancel the sound"
    OTHER_CHANNELS_NOISY = "the other channels are noisier"
    LEFT = "left"
    RIGHT = "right"
    CENTER = "center"
    MIX_NOT_ALWAYS_USED_MORE = (
        "{name}: the mix of the channels is not used all the time: {uses}; and {more} more changes."
    )
    CHANNEL_USED_SINCE = "{name}: from {since} on, {channel} is used instead of the mix: {reason}."
    CHANNELS_USED_SINCE = (
        "{name}: from {since} on, {channels} are used instead of the mix: {reason}."
    )
    CHANNEL_FROM = "{channel} from {start}"
    MIX_NOT_ALWAYS_USED = "{name}: the mix of the channels is not used all the time: {uses}."
    MIX = "the mix"
    CHANNEL = "the {channel} channel"
    CHANNELS = "the {channels} channels"
    NUMBERED_CHANNEL = "channel {number}"
    NUMBERED_CHANNELS = "channels {numbers}"
    CHANNEL_USED = "{name}: {channel} is used instead of the mix: {reason}."
    CHANNELS_USED = "{name}: {channels} are used instead of the mix: {reason}."
    ONE_PIECE = "1 piece"
    PIECES = "{count} pieces"
    PIECES_DAMAGED = (
        "{name} is damaged: {pieces} of it could not be decoded, the first at {first}. The rest "
        "was read."
    )
    GAP_FILLED = (
        "{name} contains no sound for {gap_s:.1f} s from {first} on. Silence fills the gap, so "
        "that the times are correct."
    )
    NOT_NUMBERS = (
        "{name} contains {count} samples that are not numbers. They were replaced by silence."
    )
    UNREADABLE_FROM = "{name} cannot be read beyond {start} ({reason}). The part before was read."
    END_MISSING = "its end is missing"
    NO_SOUND = "{name} contains no sound: it is 0 seconds long."
    HEADER_TOO_SHORT = (
        "{name}: the header states {header} of sound, but the file contains more. All of it was "
        "read."
    )
    ONCE = "once"
    TIMES = "{count} times"
    CLOCK_JUMPS = (
        "{name}: the time stamps jump {times}, first at {first}, probably because recordings "
        "were joined. The times in the text continue without a gap."
    )
    LAST_SECONDS_MISSING = "the last {seconds:.1f} s are missing"
    CUT_OFF = (
        "{name} is cut off: {missing}, probably because of a crash or an incomplete copy. "
        "Everything up to {end} was read."
    )
    NOT_THE_SAME_FILE = (
        "'{name}' is not the recording that this session started with: open it again to "
        "transcribe it from the beginning."
    )
    READING_DEFECT = "{name} was not read to the end because of an internal error ({reason})."
    CUT_OFF_BEFORE_SOUND = (
        "{name} is cut off before its first sound, probably because of a crash or an incomplete "
        "copy: use another copy of the recording."
    )
    ENCRYPTED = (
        "{name} is encrypted (copy-protected), so its sound cannot be decoded: use a recording "
        "without protection."
    )
    NOTHING_DECODABLE = (
        "{name} is damaged: none of its sound could be decoded ({reason}). Use another copy of "
        "the recording."
    )
    UNREADABLE = "{name} cannot be read: {reason}."
    PLAYLIST = (
        "{name} is a list of other files or addresses, not a recording: give the names of those "
        "files."
    )
    NOT_MEDIA = "{name} is not an audio or video file: choose a recording."
    NO_AUDIO_TRACK = "{name} has no audio track, so there is nothing to transcribe."
    STANDARD_INPUT = "Standard input"
    STANDARD_INPUT_EMPTY = "Standard input is empty: send a recording to it."
    IS_FOLDER = "{name} is a folder: give the names of the recordings in it."
    NOT_ORDINARY_FILE = "{name} is not a regular file: save the sound to a file first."
    EMPTY = "{name} is empty (0 bytes): use another copy of the recording."
    LOOKS_LIKE_ADDRESS = "it looks like an address; download the file and give its path"
    CHECK_PATH = "check the path"
    NOT_FOUND = "{name} does not exist: {advice}."
    NO_READ_PERMISSION = "{name} cannot be read: you do not have permission to read it."
    UNOPENABLE = "{name} cannot be opened: {reason}."
    UNKNOWN_FORMAT = (
        "{name} is not in a known audio or video format: convert it, for example to WAV, FLAC "
        "or MP3."
    )
    MP4_INDEX_MISSING = (
        "{name} is an MP4 file whose index is missing or damaged, probably because of an "
        "incomplete copy or a crash during the recording: use another copy of it."
    )
    STANDARD_INPUT_NOT_KEPT = (
        "Standard input cannot be stored in the folder '{folder}' ({reason}): free some space "
        "there, or choose another folder with TMPDIR."
    )
    STANDARD_INPUT_UNREADABLE = "Standard input cannot be read ({reason})."
    NOTE = "{name}: {parts}."
    TRACK_TAKEN = "audio track {track} of {count} is transcribed"
    TRACK = "track {track}"
    TRACKS = "tracks {tracks}"
    NUMBERED = "number {number}"
    IN_LANGUAGE = "in the language {language!r}"
    NO_SUCH_TRACK = "{name} has no audio track {kind}; it has {tracks}."
    CODEC_UNKNOWN = (
        "{name} uses a codec that cannot be decoded here: convert it, for example to WAV, FLAC "
        "or MP3."
    )
    TRACK_UNDECODABLE = "{track} cannot be decoded here"
    TRACK_SILENT = "{track} is silent"
    TRACKS_SILENT = "{tracks} are silent"
    TRACK_HAS_SOUND = "{track} also has sound"
    TRACKS_HAVE_SOUND = "{tracks} also have sound"
    DEFAULT = "default"
    BASS = "bass"
    BACK_LEFT = "back left"
    BACK_RIGHT = "back right"
    SIDE_LEFT = "side left"
    SIDE_RIGHT = "side right"
    BACK_CENTER = "back center"
    CODEC_OF_TRACK_UNKNOWN = (
        "{name}: track {track} uses a codec that cannot be decoded here: convert it, for "
        "example to WAV, FLAC or MP3."
    )
    NOT_CLOSED = "{name} could not be closed because reading it does not end"


class FolderMessage(MessageCode):
    """Folders that are watched for recordings."""

    UNWATCHABLE = "The folder '{folder}' cannot be watched ({reason})."
    GONE = "The folder '{folder}' was removed or renamed, so it is not watched any more."
