"""The settings: what there is, what is usual, what is allowed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Self

from granite_live.errors import SettingsError
from granite_live.settings.kinds import (
    Choice,
    Duration,
    Kind,
    Number,
    PairList,
    Pairs,
    Switch,
    Text,
    WholePath,
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
    "appearance": Choice(("system", "light", "dark")),
    "font_family": Text(),
    "font_size_pt": Number(8, 48, "points"),
    "line_spacing": Number(1.0, 3.0, "lines", is_whole=False),
    "replacements": PairList("heard", "written"),
    "sentence_case": Switch(),
    "shortcuts": PairList("action", "keys", is_unique=True, may_be_empty=True),
    "live_export": WholePath(),
    "live_export_lines": Number(0, 100, "lines"),
    "offer_model": Switch(),
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
        appearance: "system", "light" or "dark".
        font_family: Of the transcript, "" for the system's.
        font_size_pt: Of the transcript.
        line_spacing: Distance of lines, in lines.
        replacements: What is heard and what to write for it.
        sentence_case: Whether text of a model that writes lower case gets capitals.
        shortcuts: Actions and their keys where they are not the usual ones; "" for none.
        live_export: A text file that follows each session, "" for none.
        live_export_lines: How many of the last lines it holds, 0 for all.
        offer_model: Whether the window offers to fetch the real model, or the rest of one.
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
    def from_stored(cls, stored: dict[str, Any]) -> Self:
        """Return the settings in an object of JSON; what it does not name is as usual.

        Raises:
            SettingsError: A value cannot be used.
        """
        known = {name: _KINDS[name].read(stored[name]) for name in _KINDS if name in stored}
        return cls(**known, others={k: v for k, v in stored.items() if k not in _KINDS})

    def stored(self) -> dict[str, Any]:
        """Return what is not as usual as an object of JSON, and `others`."""
        usual = type(self)()
        changed = (name for name in _KINDS if getattr(self, name) != getattr(usual, name))
        return {**self.others, **{one: _KINDS[one].write(getattr(self, one)) for one in changed}}
