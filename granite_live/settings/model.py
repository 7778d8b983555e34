"""The settings: what there is, what is usual, what is allowed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Self

from granite_live.errors import SettingsError
from granite_live.settings.kinds import (
    Choice,
    Colour,
    Duration,
    Kind,
    Number,
    PairList,
    Pairs,
    Switch,
    Text,
    WholePath,
    clause,
    sentence,
)
from granite_live.settings.retention import Retention

# How each is stored, typed and checked.
_KINDS: dict[str, Kind] = {
    "keep": Duration(),
    "input_device": Text(),
    "input_kind": Choice(("microphone", "system")),
    "silence_ms": Number(200, 5_000, "milliseconds"),
    "detector": Choice(("silero", "webrtc")),
    "model_path": WholePath(),
    "tier": Choice(("", "fp32", "fp16w", "int8")),
    "provider": Choice(("auto", "cpu", "cuda", "coreml")),
    "skip_editor": Choice(("off", "safe", "fast")),
    "language": Choice(("system", "en", "de")),
    "appearance": Choice(("system", "light", "dark")),
    "font_family": Text(),
    "font_size_pt": Number(8, 48, "points"),
    "line_spacing": Number(1.0, 3.0, "lines", is_whole=False),
    "replacements": PairList("heard", "written", may_be_empty=True),
    "sentence_case": Switch(),
    "shortcuts": PairList("action", "keys", is_unique=True, may_be_empty=True),
    "live_export": WholePath(),
    "live_export_lines": Number(0, 100, "lines"),
    "offer_model": Switch(),
    "captions_lines": Number(1, 4, "lines"),
    "captions_font_family": Text(),
    "captions_font_size_px": Number(16, 200, "pixels"),
    "captions_colour": Colour(),
    "captions_outline_px": Number(0, 20, "pixels"),
    "captions_background_colour": Colour(),
    "captions_opacity_percent": Number(0, 100, "percent"),
    "captions_click_through": Switch(),
    "dictation_key": Text(),
    "dictation_mode": Choice(("hold", "toggle")),
    "dictation_delivery": Choice(("paste", "type", "copy")),
    "dictation_quick": Switch(),
    "dictation_silence_ms": Number(200, 5_000, "milliseconds"),
    "spoken_editing": Switch(),
    "dictation_at_start": Switch(),
    "stay_in_tray": Switch(),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """All of them. Values that cannot be used raise SettingsError when one is made.

    Attributes:
        keep: What is kept of finished sessions, and how long.
        input_device: Id of the input to listen to, "" for the default of its kind.
        input_kind: Whose default: "microphone" or "system" (what the computer plays).
        silence_ms: How much silence ends an utterance.
        detector: What finds speech.
        model_path: Folder of the model's bundle, "" for the installed one, else the demo.
        tier: Its tier, "" for the one that suits the machine.
        provider: What to compute on.
        skip_editor: How certain a draft must be for the editor not to read it; "off" for never.
        language: Of the window: "system", "en" or "de"; in force at its next start.
        appearance: "system", "light" or "dark".
        font_family: Of the transcript, "" for the system's.
        font_size_pt: Of the transcript.
        line_spacing: Distance of lines, in lines.
        replacements: What is heard and what to write for it, "" to leave it out.
        sentence_case: Whether text of a model that writes lower case gets capitals.
        shortcuts: Actions and their keys where they are not the usual ones; "" for none.
        live_export: A text file that follows each session, "" for none.
        live_export_lines: How many of the last lines it holds, 0 for all.
        offer_model: Whether the window offers to fetch the real model, or the rest of one.
        captions_lines: How many lines the caption window has.
        captions_font_family: Of the captions, "" for the transcript's.
        captions_font_size_px: Of the captions.
        captions_colour: Of the captions' final text.
        captions_outline_px: How wide the edge around the captions' letters is, 0 for none.
        captions_background_colour: Behind the captions.
        captions_opacity_percent: How much the captions' background covers.
        captions_click_through: Whether clicks reach what is below the captions.
        dictation_key: What is pressed to dictate while another program has the keys, "" for none.
        dictation_mode: "hold" it while speaking, or "toggle": press it to begin and to end.
        dictation_delivery: Whether dictated text is pasted, typed, or copied only.
        dictation_quick: Whether dictation ends utterances sooner and edits certain drafts less.
        dictation_silence_ms: How much silence ends an utterance then.
        spoken_editing: Whether "new line" and the like are commands in dictation.
        dictation_at_start: Whether the dictation pad opens with the program.
        stay_in_tray: Whether closing the window leaves the program in the system's tray.
        others: What a newer program wrote into the file; it stays there.
    """

    keep: Retention = field(default_factory=Retention)
    input_device: str = ""
    input_kind: str = "microphone"
    silence_ms: int = 600
    detector: str = "silero"
    model_path: str = ""
    tier: str = ""
    provider: str = "auto"
    skip_editor: str = "safe"
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
    others: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check every value.

        Raises:
            SettingsError: One cannot be used; it is named, and what is allowed.
        """
        for name, kind in _KINDS.items():
            value = getattr(self, name)
            try:
                kind.check(value)
            except ValueError as error:
                raise sentence(name, repr(value), error) from error

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names by which settings are changed."""
        return tuple(_KINDS)

    @classmethod
    def check_name(cls, name: str) -> None:
        """Do nothing if there is a setting called `name`.

        Raises:
            SettingsError: There is none.
        """
        if name not in _KINDS:
            known = ", ".join(_KINDS)
            raise SettingsError(f"There is no setting called {name!r}; there is: {known}.")

    def text_of(self, name: str) -> str:
        """Return the setting `name` as a user writes it."""
        return _KINDS[name].text(getattr(self, name))

    def changed(self, name: str, text: str) -> Self:
        """Return the settings with `name` set to what `text` means.

        Raises:
            SettingsError: There is no such setting, or the text means nothing.
        """
        self.check_name(name)
        try:
            value = _KINDS[name].parse(text)
        except ValueError as error:
            raise sentence(name, repr(text), error) from error
        return replace(self, **{name: value})

    @classmethod
    def from_stored(cls, stored: dict[str, Any]) -> tuple[Self, tuple[str, ...]]:
        """Return the settings in an object of JSON, and a clause for each that cannot be used.

        Those are as usual; of pairs, such as replacements, only the pairs that cannot be used go.
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
                unusable.append(clause(name, repr(stored[name]), error))
                value = kind.salvage(stored[name])
            if value is not None:
                known[name] = value
        others = {name: value for name, value in stored.items() if name not in _KINDS}
        return cls(**known, others=others), tuple(unusable)

    def stored(self) -> dict[str, Any]:
        """Return what is not as usual as an object of JSON, and `others`."""
        usual = type(self)()
        changed = (name for name in _KINDS if getattr(self, name) != getattr(usual, name))
        return {**self.others, **{one: _KINDS[one].write(getattr(self, one)) for one in changed}}
