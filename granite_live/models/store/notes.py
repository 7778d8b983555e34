"""Small files of what was found out and can be found out again: their loss costs time only."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from granite_live.models.store.disk import write_json

T = TypeVar("T")
_log = logging.getLogger(__name__)


def read_notes(path: Path, understand: Callable[[Any], T], nothing: T) -> T:
    """Return what `understand` makes of the JSON at `path`; `nothing` if it is missing or damaged.

    Args:
        path: The file.
        understand: May raise ValueError, KeyError, TypeError or AttributeError over what is not
            as it was written.
        nothing: What there is without such a file.
    """
    try:
        return understand(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return nothing
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        _log.warning("%s is not used: %s", path, error)
        return nothing


def set_damaged_aside(
    path: Path,
    understand: Callable[[Any], object],
    loss: str = "It is measured again when it is needed.",
) -> str:
    """Rename a damaged file so that its name has the time.

    Args:
        path: The file.
        understand: See `read_notes`.
        loss: A sentence on what its loss means.

    Returns:
        A sentence for the user, "" if the file is sound, missing, or cannot be read.
    """
    try:
        understand(json.loads(path.read_text("utf-8")))
    except OSError:
        return ""
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        stamp = datetime.now(UTC).strftime("%Y-%m-%d_%H-%M-%S-%f")
        aside = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
        try:
            path.replace(aside)
        except OSError as refused:
            return f"'{path}' is damaged and cannot be set aside ({refused.strerror}). {loss}"
        _log.warning("%s was damaged (%s) and is now %s", path, error, aside)
        return f"'{path}' was damaged. {loss} The old file is '{aside}'."
    return ""


def keep_notes(path: Path, value: object) -> None:
    """Write the file whole or not at all, and make its folder; where that fails it is logged."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, value)
    except OSError as error:
        _log.warning("%s could not be written: %s", path, error)
