"""Messages about recording."""

from __future__ import annotations

from granite_live.messages import MessageCode


class RecordingMessage(MessageCode):
    """Recordings that are read, and notes on how they were read."""

    OTHER_CHANNELS_SILENT = "the other channels are silent"
    CHANNELS_CANCEL = "the channels cancel each other in a mix"
    OTHER_CHANNELS_NOISY = "the other channels are noisier"
    LEFT = "left"
    RIGHT = "right"
    CENTER = "center"
    MIX_NOT_ALWAYS_USED_MORE = (
        "{name}: not always the mix of the channels is used: {uses}; and {more} more changes."
    )
    CHANNEL_USED_SINCE = "{name}: {channel} is used from {since} on, not the mix: {reason}."
    CHANNELS_USED_SINCE = "{name}: {channels} are used from {since} on, not the mix: {reason}."
    CHANNEL_FROM = "{channel} from {start}"
    MIX_NOT_ALWAYS_USED = "{name}: not always the mix of the channels is used: {uses}."
    MIX = "the mix"
    CHANNEL = "the {channel} channel"
    CHANNELS = "the {channels} channels"
    NUMBERED_CHANNEL = "channel {number}"
    NUMBERED_CHANNELS = "channels {numbers}"
    CHANNEL_USED = "{name}: {channel} is used, not the mix: {reason}."
    CHANNELS_USED = "{name}: {channels} are used, not the mix: {reason}."
    ONE_PIECE = "1 piece"
    PIECES = "{count} pieces"
    PIECES_DAMAGED = (
        "{name} is damaged: {pieces} of it could not be decoded, the first at {first}; the "
        "rest was read."
    )
    GAP_FILLED = (
        "{name} holds no sound for {gap_s:.1f} s from {first} on; silence stands there to "
        "keep the times right."
    )
    NOT_NUMBERS = "{name} holds {count} samples that are not numbers; silence took their place."
    UNREADABLE_FROM = "{name} cannot be read beyond {start} ({reason}); everything before was read."
    END_MISSING = "its end is missing"
    NO_SOUND = "{name} holds no sound: it is 0 seconds long."
    HEADER_TOO_SHORT = (
        "{name}: its header tells of {header} of sound, but the file holds more; all of it "
        "was read."
    )
    ONCE = "once"
    TIMES = "{count} times"
    CLOCK_JUMPS = (
        "{name}: its clock jumps {times}, first at {first}, as where recordings were joined; "
        "the times go on without a break."
    )
    LAST_SECONDS_MISSING = "the last {seconds:.1f} s are missing"
    CUT_OFF = (
        "{name} was cut off: {missing}, as after a crash or a broken copy; everything up to "
        "{end} was read."
    )
    NOT_THE_SAME_FILE = (
        "'{name}' is not the recording that this session began with: open it again to "
        "transcribe it from its beginning."
    )
    READING_DEFECT = "{name} was not read to its end because of a defect ({reason})."
    CUT_OFF_BEFORE_SOUND = (
        "{name} was cut off before its first sound, as after a crash or a broken copy: use "
        "another copy of the recording."
    )
    ENCRYPTED = (
        "{name} is encrypted (protected against copying), so that its sound cannot be "
        "decoded: use a recording without protection."
    )
    NOTHING_DECODABLE = (
        "{name} is damaged: no part of its sound could be decoded ({reason}); use another "
        "copy of the recording."
    )
    UNREADABLE = "{name} cannot be read: {reason}."
    PLAYLIST = (
        "{name} is a list of other files or addresses, not a recording: give those files by name."
    )
    NOT_MEDIA = "{name} is not an audio or video file: give a recording."
    NO_AUDIO_TRACK = "{name} has no audio track: there is nothing to transcribe."
    STANDARD_INPUT = "Standard input"
    STANDARD_INPUT_EMPTY = "Standard input is empty: send a recording to it."
    IS_FOLDER = "{name} is a folder: give the recordings in it by name."
    NOT_ORDINARY_FILE = "{name} is not an ordinary file: save the sound to a file first."
    EMPTY = "{name} is empty (0 bytes): use another copy of the recording."
    LOOKS_LIKE_ADDRESS = "it looks like an address; download the file and give its path"
    CHECK_PATH = "check the path"
    NOT_FOUND = "{name} does not exist: {advice}."
    NO_READ_PERMISSION = "{name} may not be read: ask for read permission on it."
    UNOPENABLE = "{name} cannot be opened: {reason}."
    UNKNOWN_FORMAT = (
        "{name} is not an audio or video file of a known format: convert it, for example to "
        "WAV, FLAC or MP3."
    )
    MP4_INDEX_MISSING = (
        "{name} is an MP4 file whose index is missing or damaged, as after a broken copy or "
        "a crash while recording: use another copy of it."
    )
    STANDARD_INPUT_NOT_KEPT = (
        "Standard input cannot be kept in the folder '{folder}' ({reason}): free space "
        "there, or name another folder with TMPDIR."
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
        "{name} is coded in a way that cannot be decoded here: convert it, for example to "
        "WAV, FLAC or MP3."
    )
    TRACK_UNDECODABLE = "{track} cannot be decoded here"
    TRACK_SILENT = "{track} is silent"
    TRACKS_SILENT = "{tracks} are silent"
    TRACK_HAS_SOUND = "{track} has sound, too"
    TRACKS_HAVE_SOUND = "{tracks} have sound, too"
    DEFAULT = "default"
    BASS = "bass"
    BACK_LEFT = "back left"
    BACK_RIGHT = "back right"
    SIDE_LEFT = "side left"
    SIDE_RIGHT = "side right"
    BACK_CENTER = "back center"
    CODEC_OF_TRACK_UNKNOWN = (
        "{name} track {track} is coded in a way that cannot be decoded here: convert it, for "
        "example to WAV, FLAC or MP3."
    )
    NOT_CLOSED = "{name} could not be closed: reading it does not come to an end"
