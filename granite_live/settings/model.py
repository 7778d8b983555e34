"""The user's settings: their defaults and ranges, and the file that stores them."""

from __future__ import annotations

import json
import logging
import shutil
import stat
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from granite_live.messages import joined
from granite_live.messages.settings import SettingsMessage
from granite_live.settings.kinds import (
    ChoiceValue,
    ColorValue,
    NumberValue,
    PairListValue,
    Pairs,
    PathValue,
    Retention,
    RetentionValue,
    SwitchValue,
    TextValue,
    ValueType,
    invalid_value_clause,
    invalid_value_error,
)
from granite_live.util import paths
from granite_live.util.errors import SettingsError
from granite_live.util.files import damaged_name, save_private_json

MAX_EDITING_PASSES = 20

_KINDS: dict[str, ValueType] = {
    "keep": RetentionValue(),
    "input_device": TextValue(),
    "input_kind": ChoiceValue(("microphone", "system")),
    "with_system_sound": SwitchValue(),
    "keep_echo": SwitchValue(),
    "open_early": SwitchValue(),
    "silence_ms": NumberValue(200, 5_000, "milliseconds"),
    "detector": ChoiceValue(("silero", "webrtc")),
    "model_path": PathValue(),
    "tier": ChoiceValue(("", "fp32", "fp16w", "int8")),
    "provider": ChoiceValue(("auto", "cpu", "cuda", "coreml")),
    "skip_editor": ChoiceValue(("off", "safe", "fast")),
    "editing_passes": NumberValue(1, MAX_EDITING_PASSES, "passes"),
    "language": ChoiceValue(("system", "en", "de")),
    "appearance": ChoiceValue(("system", "light", "dark")),
    "font_family": TextValue(),
    "font_size_pt": NumberValue(8, 48, "points"),
    "line_spacing": NumberValue(1.0, 3.0, "lines", is_whole=False),
    "replacements": PairListValue("heard", "written", may_be_empty=True),
    "sentence_case": SwitchValue(),
    "shortcuts": PairListValue("action", "keys", is_unique=True, may_be_empty=True),
    "live_export": PathValue(),
    "live_export_lines": NumberValue(0, 100, "lines"),
    "subtitle_rules": ChoiceValue(("standard", "bbc", "netflix", "phone")),
    "offer_model": SwitchValue(),
    "captions_lines": NumberValue(1, 4, "lines"),
    "captions_font_family": TextValue(),
    "captions_font_size_px": NumberValue(16, 200, "pixels"),
    "captions_colour": ColorValue(),
    "captions_outline_px": NumberValue(0, 20, "pixels"),
    "captions_background_colour": ColorValue(),
    "captions_opacity_percent": NumberValue(0, 100, "percent"),
    "captions_click_through": SwitchValue(),
    "dictation_key": TextValue(),
    "dictation_mode": ChoiceValue(("hold", "toggle")),
    "dictation_delivery": ChoiceValue(("paste", "type", "copy")),
    "dictation_quick": SwitchValue(),
    "dictation_silence_ms": NumberValue(200, 5_000, "milliseconds"),
    "spoken_editing": SwitchValue(),
    "dictation_at_start": SwitchValue(),
    "stay_in_tray": SwitchValue(),
    "serve": SwitchValue(),
    "serve_port": NumberValue(1, 65_535, "port"),
    "idle_minutes": NumberValue(0, 10_000, "minutes"),
    "hook_command": TextValue(),
    "hook_url": TextValue(),
    "hook_texts": ChoiceValue(("all", "final", "session", "file")),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. Creating it with an invalid value raises SettingsError.

    Attributes:
        keep: Retention of finished sessions.
        input_device: Id of the input device, "" for the default of its kind.
        input_kind: Kind of the default device: "microphone" or "system" (the computer's output).
        with_system_sound: Record the computer's output beside a microphone, on its own track.
        keep_echo: Transcribe also what the microphone picks up from the loudspeakers.
        open_early: Whether the window holds the input open while it has the focus.
        silence_ms: Silence that ends an utterance.
        detector: Voice activity detector.
        model_path: Folder of the model bundle, "" for the installed one, else the demo.
        tier: Tier of the bundle, "" for the one that suits the machine.
        provider: Execution provider.
        skip_editor: How certain a draft must be to skip the editor; "off" for never.
        editing_passes: Maximum number of editor passes. More than 1 lets the editor read its own
            text again until it stays the same, which some models use to correct more words.
        language: Language of the window: "system", "en" or "de"; applies after a restart.
        appearance: "system", "light" or "dark".
        font_family: Font of the transcript, "" for the system's.
        font_size_pt: Font size of the transcript.
        line_spacing: Line spacing of the transcript, in lines.
        replacements: Recognized texts and their replacements, "" to remove the text.
        sentence_case: Whether to capitalize the text of a model that writes lower case.
        shortcuts: Actions with other than their default keys; "" for none.
        live_export: A text file that follows each session, "" for none.
        live_export_lines: How many of the last lines it contains, 0 for all.
        subtitle_rules: Rules of subtitles that are not chosen otherwise: length of a line, times,
            reading speed and gaps.
        offer_model: Whether the window offers to download the full model, or its missing files.
        captions_lines: Number of lines in the caption window.
        captions_font_family: Font of the captions, "" for the transcript's.
        captions_font_size_px: Font size of the captions.
        captions_colour: Color of the captions' final text.
        captions_outline_px: Width of the outline around the captions' letters, 0 for none.
        captions_background_colour: Background color of the captions.
        captions_opacity_percent: Opacity of the captions' background.
        captions_click_through: Whether clicks reach the windows below the captions.
        dictation_key: Global hotkey for dictation, "" for none.
        dictation_mode: "hold" the hotkey while speaking, or "toggle": press to begin and to end.
        dictation_delivery: Whether dictated text is pasted, typed, or only copied.
        dictation_quick: Whether dictation ends utterances sooner and skips the editor more often.
        dictation_silence_ms: Silence that ends an utterance in quick dictation.
        spoken_editing: Whether "new line" and similar phrases are commands in dictation.
        dictation_at_start: Whether the dictation window opens at the start of the program.
        stay_in_tray: Whether closing the window leaves the program in the system tray.
        serve: Whether the window serves captions and transcription to programs of this computer.
        serve_port: Port of that service.
        idle_minutes: Time without speech or work after which the model is freed; 0 for never.
        hook_command: Command that the window runs with texts on its standard input, "" for none.
        hook_url: Address of this computer that gets the texts, "" for none.
        hook_texts: The texts of the hook: "final" texts, those of a "session" or "file", or "all".
        others: Values written by a newer version; they stay in the file.
    """

    keep: Retention = field(default_factory=Retention)
    input_device: str = ""
    input_kind: str = "microphone"
    with_system_sound: bool = False
    keep_echo: bool = False
    open_early: bool = False
    silence_ms: int = 600
    detector: str = "silero"
    model_path: str = ""
    tier: str = ""
    provider: str = "auto"
    skip_editor: str = "safe"
    editing_passes: int = 1
    language: str = "system"
    appearance: str = "system"
    font_family: str = ""
    font_size_pt: int = 14
    line_spacing: float = 1.5
    replacements: Pairs = ()
    sentence_case: bool = True
    shortcuts: Pairs = ()
    live_export: str = ""
    live_export_lines: int = 2
    subtitle_rules: str = "standard"
    offer_model: bool = True
    captions_lines: int = 2
    captions_font_family: str = ""
    captions_font_size_px: int = 56
    captions_colour: str = "#ffffff"
    captions_outline_px: int = 3
    captions_background_colour: str = "#000000"
    captions_opacity_percent: int = 70
    captions_click_through: bool = False
    dictation_key: str = "Ctrl+Alt+Space"
    dictation_mode: str = "hold"
    dictation_delivery: str = "paste"
    dictation_quick: bool = True
    dictation_silence_ms: int = 300
    spoken_editing: bool = False
    dictation_at_start: bool = False
    stay_in_tray: bool = False
    serve: bool = False
    serve_port: int = 8917
    idle_minutes: int = 10
    hook_command: str = ""
    hook_url: str = ""
    hook_texts: str = "all"
    others: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check every value.

        Raises:
            SettingsError: A value is invalid; the message names it and the allowed values.
        """
        for name, kind in _KINDS.items():
            value = getattr(self, name)
            try:
                kind.check(value)
            except ValueError as error:
                raise invalid_value_error(name, repr(value), error) from error

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of all settings."""
        return tuple(_KINDS)

    @classmethod
    def check_name(cls, name: str) -> None:
        """Check that there is a setting called `name`.

        Raises:
            SettingsError: There is none.
        """
        if name not in _KINDS:
            known = ", ".join(_KINDS)
            raise SettingsError(SettingsMessage.UNKNOWN(name=name, known=known))

    def text_of(self, name: str) -> str:
        """Return the setting `name` as a user types it."""
        return _KINDS[name].text(getattr(self, name))

    def changed(self, name: str, text: str) -> Self:
        """Return the settings with `name` set to the value that `text` represents.

        Raises:
            SettingsError: The setting does not exist, or the text is invalid.
        """
        self.check_name(name)
        try:
            value = _KINDS[name].parse(text)
        except ValueError as error:
            raise invalid_value_error(name, repr(text), error) from error
        return replace(self, **{name: value})

    @classmethod
    def from_stored(cls, stored: dict[str, Any]) -> tuple[Self, tuple[str, ...]]:
        """Return the settings in a JSON object, and a clause for each invalid value.

        Invalid values become defaults; of pairs, such as replacements, only invalid ones are lost.
        """
        known: dict[str, Any] = {}
        unusable = []
        for name, kind in _KINDS.items():
            if name not in stored:
                continue
            try:
                value = kind.read(stored[name])
                kind.check(value)
            except (ValueError, SettingsError) as error:
                unusable.append(invalid_value_clause(name, repr(stored[name]), error))
                value = kind.usable_part(stored[name])
            if value is not None:
                known[name] = value
        others = {name: value for name, value in stored.items() if name not in _KINDS}
        return cls(**known, others=others), tuple(unusable)

    def stored(self) -> dict[str, Any]:
        """Return the values other than defaults, and `others`, as a JSON object."""
        usual = type(self)()
        changed = (name for name in _KINDS if getattr(self, name) != getattr(usual, name))
        return {**self.others, **{one: _KINDS[one].write(getattr(self, one)) for one in changed}}


_log = logging.getLogger(__name__)


class DamagedSettingsError(SettingsError):
    """The file can be read but does not contain settings. `reason` says why."""

    def __init__(self, path: Path, reason: str) -> None:
        self.reason = reason.rstrip(".")
        super().__init__(SettingsMessage.DAMAGED(path=path, reason=self.reason))


def settings_path() -> Path:
    """Return the path of the settings file. It may not exist yet."""
    return paths.config_dir() / "settings.json"


def read_settings() -> tuple[Settings, tuple[str, ...]]:
    """Return the stored settings, and clauses on values that cannot be used.

    An invalid value, such as one of a newer version, does not affect the others: it is replaced by
    its default, and a clause such as "the setting tier cannot be 'int4': choose ..." describes it.
    Without a file all values are defaults.

    Raises:
        DamagedSettingsError: The file has other content.
        SettingsError: The file cannot be read.
    """
    path = settings_path()
    try:
        is_file = stat.S_ISREG(path.stat().st_mode)  # reading a named pipe would block forever
        content = path.read_bytes() if is_file else b""
    except FileNotFoundError:
        return Settings(), ()
    except OSError as error:
        raise SettingsError(SettingsMessage.UNREADABLE(path=path, reason=error.strerror)) from error
    if not is_file:
        raise SettingsError(SettingsMessage.NOT_A_FILE(path=path))
    if not content:
        raise DamagedSettingsError(path, SettingsMessage.FILE_EMPTY())
    try:
        # From bytes, because json detects UTF-8 with a byte order mark, UTF-16 and UTF-32.
        stored = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DamagedSettingsError(path, str(error)) from error
    if not isinstance(stored, dict):
        raise DamagedSettingsError(path, SettingsMessage.NOT_JSON_OBJECT())
    return Settings.from_stored(stored)


def load_settings() -> Settings:
    """Return the stored settings; invalid values are logged and replaced by defaults. Never raises.

    For use after the start of a front end, which has informed the user already.
    """
    try:
        settings, unusable = read_settings()
    except SettingsError as error:
        _log.warning("Using the default settings: %s", error)
        return Settings()
    for clause in unusable:
        _log.warning("Using a default value: %s", clause)
    return settings


def load_or_back_up() -> tuple[Settings, str]:
    """Return the stored settings, and a sentence for the user if they are partly unusable.

    The unusable file is kept once under a name with the time: a file with other content is renamed;
    one with some invalid values is copied, and its other values stay stored. A file that cannot be
    read stays. Never raises because of the file.
    """
    path = settings_path()
    aside = damaged_name(path)
    try:
        settings, unusable = read_settings()
    except DamagedSettingsError as error:
        try:
            path.replace(aside)
        except OSError as refused:
            return Settings(), SettingsMessage.DEFAULTS_NOT_SET_ASIDE(reason=error, refused=refused)
        return Settings(), SettingsMessage.ALL_REPLACED(reason=error.reason, aside=aside)
    except SettingsError as error:
        return Settings(), SettingsMessage.DEFAULTS_UNTIL_THEN(reason=error)
    if not unusable:
        return settings, ""
    reasons = joined(unusable, "; ")
    try:
        shutil.copy2(path, aside)
        save_settings(settings)
    except (OSError, SettingsError):
        return settings, SettingsMessage.SOME_UNUSABLE(reasons=reasons)
    return settings, SettingsMessage.SOME_REPLACED(reasons=reasons, aside=aside)


def save_settings(settings: Settings) -> None:
    """Write the settings atomically, readable by their owner only.

    Raises:
        SettingsError: They cannot be written.
    """
    path = settings_path()
    try:
        save_private_json(path, settings.stored(), indent=2)
    except OSError as error:
        raise SettingsError(SettingsMessage.UNWRITABLE(path=path, reason=error.strerror)) from error
