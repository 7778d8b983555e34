"""Opens the library; rebuilds it from the journals if it is damaged."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.settings import load_settings
from granite_live.util.errors import GraniteError

if TYPE_CHECKING:
    from granite_live.library import Library
    from granite_live.transcript.polish import Polish

_log = logging.getLogger(__name__)


def open_library(path: Path | None = None, *, checks: bool = False) -> tuple[Library, str]:
    """Open the library, by default the program's; rebuild a damaged one from the journals.

    The damaged file is kept under another name. May take seconds.

    Args:
        path: The library's file.
        checks: Read the whole file to find hidden damage.

    Returns:
        The library, and a sentence for the user if it was damaged, else "".

    Raises:
        HistoryError: It cannot be opened, for another reason than damage.
    """
    from granite_live.app.adopting import adopt
    from granite_live.library import Library

    library, sentence = Library.open_or_renew(path, checks=checks)
    if sentence:
        try:
            adopt(library, stored_polish())
        except GraniteError as error:
            _log.warning("the new list of sessions is not complete. %s", error)
        except BaseException:
            library.close()
            raise
    return library, sentence


def stored_polish() -> Polish:
    """Return the text polishing that the settings select.

    Raises:
        SettingsError: The settings cannot be read.
    """
    from granite_live.app.composition import SessionSettings

    return SessionSettings.of(load_settings()).polish
