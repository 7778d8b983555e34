"""What the user has decided once and for all: a small file that every front end shares."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
from dataclasses import dataclass, field, fields, replace
from enum import Enum
from pathlib import Path
from typing import Any, Self

from granite_live import paths
from granite_live.errors import SettingsError

_DAYS = re.compile(r"(\d{1,5})-days?")


class Keep(Enum):
    """What is kept of finished sessions."""

    ALL = "all"
    TEXT = "text"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Retention:
    """How long sessions are kept; `days` counts for `Keep.DAYS` only.

    Raises:
        ValueError: Fewer than one day.
    """

    keep: Keep = Keep.ALL
    days: int = 30

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError(f"recordings can be kept for 1 day or more, not {self.days}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what "all", "text" or "30-days" means.

        Raises:
            SettingsError: It means nothing.
        """
        if text in (Keep.ALL.value, Keep.TEXT.value):
            return cls(Keep(text))
        found = _DAYS.fullmatch(text)
        if found is None or int(found[1]) < 1:
            raise SettingsError(
                f"There is no way to keep sessions called {text!r}: choose 'all', 'text', or a "
                f"number of days such as '30-days'."
            )
        return cls(Keep.DAYS, int(found[1]))

    def __str__(self) -> str:
        """Return the text that `parse` understands."""
        if self.keep is not Keep.DAYS:
            return str(self.keep.value)
        return "1-day" if self.days == 1 else f"{self.days}-days"


@dataclass(frozen=True, slots=True)
class Settings:
    """All of them. `others` is what a newer program wrote into the file; it stays there."""

    keep: Retention = field(default_factory=Retention)
    others: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names by which settings are changed."""
        return tuple(one.name for one in fields(cls) if one.name != "others")

    @classmethod
    def check_name(cls, name: str) -> None:
        """Do nothing if there is a setting called `name`.

        Raises:
            SettingsError: There is none.
        """
        if name not in cls.names():
            known = ", ".join(cls.names())
            raise SettingsError(f"There is no setting called {name!r}; there is: {known}.")

    def text_of(self, name: str) -> str:
        """Return the setting `name` as a user writes it."""
        return str(getattr(self, name))

    def changed(self, name: str, text: str) -> Self:
        """Return the settings with `name` set to what `text` means.

        Raises:
            SettingsError: There is no such setting, or the text means nothing.
        """
        self.check_name(name)
        return replace(self, keep=Retention.parse(text))


def settings_path() -> Path:
    """Return the settings' file. It need not exist yet."""
    return paths.config_dir() / "settings.json"


def load_settings() -> Settings:
    """Return the stored settings, or the usual ones where nothing is stored.

    Raises:
        SettingsError: The file cannot be read, or holds something else.
    """
    path = settings_path()
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise SettingsError(f"The settings in {path} cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise _damaged(path, str(error)) from error
    if not isinstance(stored, dict):
        raise _damaged(path, "it does not hold a JSON object")
    settings = Settings(others={k: v for k, v in stored.items() if k not in Settings.names()})
    for name in Settings.names():
        if name not in stored:
            continue
        try:
            settings = settings.changed(name, str(stored[name]))
        except SettingsError as error:
            raise _damaged(path, str(error)) from error
    return settings


def save_settings(settings: Settings) -> None:
    """Write the settings, whole or not at all, readable by their owner only.

    Raises:
        SettingsError: They cannot be written.
    """
    path = settings_path()
    known = {name: settings.text_of(name) for name in settings.names()}
    text = json.dumps({**settings.others, **known}, indent=2, ensure_ascii=False) + "\n"
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.touch(mode=0o600, exist_ok=False)
        with part.open("wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise SettingsError(
            f"The settings cannot be written to {path} ({error.strerror}): check the disk and your "
            f"rights to that folder."
        ) from error


def _damaged(path: Path, reason: str) -> SettingsError:
    return SettingsError(
        f"The settings in {path} cannot be used ({reason.rstrip('.')}): mend the file or delete it."
    )
