"""The whole examination. Entry point: `examine`. A check that fails does not end the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from granite_live.app.doctor.findings import Facts, Finding, Status, scrubbed
from granite_live.util.errors import GraniteError, SettingsError
from granite_live.util.logs import log_exception

Look = Callable[[], Iterable[Finding]]


def examine(looks: dict[str, Look] | None = None) -> Iterator[Finding]:
    """Yield the findings as they are made. Takes some seconds; errors of checks become findings.

    Args:
        looks: The checks by name; None runs all of them.
    """
    for name, look in (looks or all_looks()).items():
        try:
            yield from look()
        except GraniteError as error:
            facts: Facts = {"problem": scrubbed(error)}
            yield Finding(name, Status.BROKEN, str(error), "See what it says.", facts)
        except Exception as error:  # A check that raises is a finding, not the end of the others.
            yield _defect(name, error)


def all_looks() -> dict[str, Look]:
    """Return all checks by name."""
    from granite_live.app.doctor import checks, model_check

    return {
        "Python": lambda: [checks.python()],
        "packages": checks.packages,
        "providers": checks.providers,
        "display": lambda: [checks.display()],
        "folders": checks.folders,
        "disk": lambda: [checks.disk()],
        "settings": settings,
        "sound": checks.sound,
        "model": lambda: model_check.model(*_chosen()),
    }


def settings() -> Iterator[Finding]:
    """Check that the settings can be read and used."""
    from granite_live.settings import read_settings, settings_path

    try:
        _, unusable = read_settings()
    except SettingsError as error:
        remedy = "Mend the file, or delete it: the usual settings are used then."
        yield Finding("settings", Status.BROKEN, str(error), remedy, {"problem": scrubbed(error)})
        return
    if unusable:
        detail = f"{settings_path()}: {'; '.join(unusable)}"
        remedy = "The usual values are used there. Change them in the window, or by 'settings'."
        yield Finding("settings", Status.NOTE, detail, remedy, {"unusable": len(unusable)})
    else:
        yield Finding("settings", Status.OK, str(settings_path()))


def _chosen() -> tuple[Path | None, str | None, str]:
    """Return the settings' model, tier and provider; the defaults if they are damaged."""
    from granite_live.settings import load_settings

    chosen = load_settings()
    path = Path(chosen.model_path) if chosen.model_path else None
    return path, chosen.tier or None, chosen.provider


def _defect(name: str, error: Exception) -> Finding:
    facts: Facts = {"problem": f"{type(error).__name__}: {scrubbed(error)}"}
    detail = f"this could not be looked at ({type(error).__name__}: {error})"
    try:
        remedy = f"This is a defect; please report it with the details in {log_exception(error)}."
    except OSError:
        remedy = "This is a defect; please report it."
    return Finding(name, Status.BROKEN, detail, remedy, facts)
