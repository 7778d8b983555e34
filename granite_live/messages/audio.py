"""Messages about audio."""

from __future__ import annotations

from granite_live.messages import MessageCode


class AudioMessage(MessageCode):
    """Microphones, other inputs, and playback."""

    DEVICE_NOT_CONNECTED = "{name} is not connected"
    NO_OUTPUT = (
        "There is nothing to play sound on: connect a loudspeaker or headphones, and on "
        "Linux see that PulseAudio or PipeWire runs."
    )
    NO_WAY_TO_SOUND_SERVER = (
        "{name} cannot be opened: PortAudio finds no way to the sound server; on Debian or "
        "Ubuntu: sudo apt install libasound2-plugins"
    )
    SOUND_SYSTEM_STUCK = "the sound system does not answer; restart it, or the computer"
    PORTAUDIO_MISSING_FOR_RECORDING = (
        "recording needs the PortAudio library, which is not installed; on Debian or Ubuntu: "
        "sudo apt install libportaudio2 libasound2-plugins"
    )
    STREAM_UNSTARTABLE = "the {what} cannot be started: {reason}"
    DEVICE_UNOPENABLE = "{name} cannot be opened: {reason}"
    DEFAULT_OUTPUT_UNOPENABLE = "The usual output cannot be opened ({reason})."
    CAPTURE_DEFECT = "{name} failed because of a defect ({reason})"
    THE_MICROPHONE = "the microphone"
    THE_SYSTEM_SOUND = "the system sound"
    DEVICE_NOT_CLOSED = "{name} does not answer and could not be closed."
    OVERFLOWS = "The system lost sound {count} times: it is overloaded."
    NO_MORE_SOUND = "no sound arrives from {name} any more; is it still connected?"
    SOUND_MISSING = (
        "{seconds:.1f} s of sound from {name} are missing, as when the program is stopped or "
        "the computer too busy."
    )
    ONLY_ZEROS = "{name} gives nothing but zeros; it is probably muted by a switch of its own"
    NO_SYSTEM_SOUND = (
        "the system sound cannot be recorded: no sound output, or no sound server is there"
    )
    STREAM_ENDED = "the sound system has ended the recording from {name}"
    NO_SOUND_SINCE_OPENED = "{name} was opened but gives no sound; is it in use by another program?"
    NO_LONGER_DEFAULT = "{name} is not the default any more"
    COMPUTER_SLEPT = "The computer slept: {seconds:.0f} s were not recorded."
    MUTED = "{name} is muted in the system's sound settings; switch it on there"
    WAITING_FOR_DEVICE = "{name} is not connected; listening goes on once it is"
    WAITING_FOR_ANY_MICROPHONE = "no microphone is connected; listening begins once there is one"
    NO_LONGER_CONNECTED = "{name} is no longer connected"
    CHANGING_DEVICE = "changing to {name}"
    DEVICE_UNUSABLE = "{name} cannot be used: {reason}"
    NO_SUCH_INPUT = 'there is no input called "{wanted}"; there are: {names}'
    SEVERAL_INPUTS = 'several inputs are called "{wanted}": name one by its id ({ids})'
    NO_INPUT = (
        "there is no microphone and no other input; connect one, and on Linux see that "
        "PulseAudio or PipeWire runs"
    )
    PLAYBACK_FAILED = "The sound cannot be played; the log file says more."
    PORTAUDIO_MISSING_FOR_PLAYBACK = (
        "Playing sound needs the PortAudio library, which is not installed; on Debian or "
        "Ubuntu: sudo apt install libportaudio2 libasound2-plugins"
    )
    SOUND_SERVER_STUCK = (
        "the sound server (PulseAudio or PipeWire) does not answer; log out and in again, or "
        "restart it: systemctl --user restart pipewire-pulse pulseaudio"
    )
    NONE_AT_ALL = "none at all"
    THE_INPUT = "the input"
