"""Messages about audio."""

from __future__ import annotations

from granite_live.messages import MessageCode


class AudioMessage(MessageCode):
    """Microphones, other inputs, and playback."""

    DEVICE_NOT_CONNECTED = "{name} is not connected"
    NO_OUTPUT = (
        "No sound output was found: connect a loudspeaker or headphones, and on Linux check "
        "that PulseAudio or PipeWire is running."
    )
    NO_WAY_TO_SOUND_SERVER = (
        "{name} cannot be opened: PortAudio cannot connect to the sound server; on Debian or "
        "Ubuntu: sudo apt install libasound2-plugins"
    )
    SOUND_SYSTEM_STUCK = "the sound system does not respond; restart it or the computer"
    PORTAUDIO_MISSING_FOR_RECORDING = (
        "recording needs the PortAudio library, which is not installed; on Debian or Ubuntu: "
        "sudo apt install libportaudio2 libasound2-plugins"
    )
    STREAM_UNSTARTABLE = "the {what} cannot be started: {reason}"
    DEVICE_UNOPENABLE = "{name} cannot be opened: {reason}"
    DEFAULT_OUTPUT_UNOPENABLE = "The default sound output cannot be opened ({reason})."
    CAPTURE_DEFECT = "{name} failed because of an internal error ({reason})"
    THE_MICROPHONE = "the microphone"
    THE_SYSTEM_SOUND = "the system sound"
    DEVICE_NOT_CLOSED = "{name} does not respond and could not be closed."
    OVERFLOWS = "The system dropped sound {count} times because it is overloaded."
    NO_MORE_SOUND = "{name} no longer delivers sound; check that it is connected"
    SOUND_MISSING = (
        "{seconds:.1f} s of sound from {name} are missing, because the program was suspended or "
        "the computer was too busy."
    )
    ONLY_ZEROS = "{name} delivers silence; it is probably muted by a switch on the device"
    NO_SYSTEM_SOUND = (
        "the system sound cannot be recorded: there is no sound output or no sound server"
    )
    STREAM_ENDED = "the sound system ended the recording from {name}"
    NO_SOUND_SINCE_OPENED = (
        "{name} was opened but delivers no sound; another program may be using it"
    )
    NO_LONGER_DEFAULT = "{name} is no longer the default"
    COMPUTER_SLEPT = "The computer was asleep: {seconds:.0f} s were not recorded."
    MUTED = "{name} is muted in the system's sound settings; unmute it there"
    WAITING_FOR_DEVICE = "{name} is not connected; listening continues when it is connected"
    WAITING_FOR_ANY_MICROPHONE = (
        "no microphone is connected; listening starts when one is connected"
    )
    NO_LONGER_CONNECTED = "{name} is no longer connected"
    CHANGING_DEVICE = "switching to {name}"
    DEVICE_UNUSABLE = "{name} cannot be used: {reason}"
    NO_SUCH_INPUT = 'there is no input called "{wanted}"; available: {names}'
    SEVERAL_INPUTS = 'several inputs are called "{wanted}"; choose one by its id ({ids})'
    NO_INPUT = (
        "no microphone and no other input was found; connect one, and on Linux check that "
        "PulseAudio or PipeWire is running"
    )
    PLAYBACK_FAILED = "The sound cannot be played; the log file has the details."
    PORTAUDIO_MISSING_FOR_PLAYBACK = (
        "Playing sound needs the PortAudio library, which is not installed; on Debian or "
        "Ubuntu: sudo apt install libportaudio2 libasound2-plugins"
    )
    SOUND_SERVER_STUCK = (
        "the sound server (PulseAudio or PipeWire) does not respond; log out and in again, or "
        "restart it: systemctl --user restart pipewire-pulse pulseaudio"
    )
    NONE_AT_ALL = "none"
    THE_INPUT = "the input"
