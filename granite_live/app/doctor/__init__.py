"""Check whether everything works on this computer, and say what to do about what does not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from granite_live.app.doctor.checks import CheckFinding, Facts, Status, redact, report
from granite_live.util.errors import GraniteError, SettingsError
from granite_live.util.logs import log_exception

__all__ = ["CheckFinding", "diagnostic_report", "run_checks"]

DoctorCheck = Callable[[], Iterable[CheckFinding]]


def run_checks(looks: dict[str, DoctorCheck] | None = None) -> Iterator[CheckFinding]:
    """Yield the findings as they are made. Takes some seconds; errors of checks become findings.

    Args:
        looks: The checks by name; None runs all of them.
    """
    for name, look in (looks or all_checks()).items():
        try:
            yield from look()
        except GraniteError as error:
            facts: Facts = {"problem": redact(error)}
            yield CheckFinding(name, Status.BROKEN, str(error), "See the details.", facts)
        except Exception as error:  # A check that raises is a finding, not the end of the others.
            yield _defect(name, error)


def all_checks() -> dict[str, DoctorCheck]:
    """Return all checks by name."""
    from granite_live.app.doctor import checks, model_check, package
    from granite_live.app.models import ModelRequest
    from granite_live.settings import load_settings

    return {
        "Granite Live": lambda: [package.check_package()],
        "Python": lambda: [checks.check_python()],
        "packages": checks.check_packages,
        "providers": checks.check_providers,
        "display": lambda: [checks.check_display()],
        "folders": checks.check_folders,
        "disk": lambda: [checks.check_disk()],
        "settings": check_settings,
        "sound": checks.check_sound,
        "model": lambda: model_check.check_model(ModelRequest.of(load_settings())),
    }


def diagnostic_report() -> str:
    """Return JSON for a bug report, without names, paths and texts. Takes about a second.

    Records nothing and loads no model, unlike `granite-live doctor --json`.
    """
    quick = {name: look for name, look in all_checks().items() if name not in {"sound", "model"}}
    return json.dumps(report(run_checks(quick)), indent=1)


def check_settings() -> Iterator[CheckFinding]:
    """Check that the settings can be read and used."""
    from granite_live.settings import read_settings, settings_path

    try:
        _, unusable = read_settings()
    except SettingsError as error:
        remedy = "Correct the file or delete it; if it is deleted, the default settings are used."
        yield CheckFinding(
            "settings", Status.BROKEN, str(error), remedy, {"problem": redact(error)}
        )
        return
    if unusable:
        detail = f"{settings_path()}: {'; '.join(unusable)}"
        remedy = (
            "The default values are used for them. Change them in the window or with 'settings'."
        )
        yield CheckFinding("settings", Status.NOTE, detail, remedy, {"unusable": len(unusable)})
    else:
        yield CheckFinding("settings", Status.OK, str(settings_path()))


def _defect(name: str, error: Exception) -> CheckFinding:
    facts: Facts = {"problem": f"{type(error).__name__}: {redact(error)}"}
    detail = f"this check failed ({type(error).__name__}: {error})"
    try:
        remedy = f"This is a bug; please report it with the details in {log_exception(error)}."
    except OSError:
        remedy = "This is a bug; please report it."
    return CheckFinding(name, Status.BROKEN, detail, remedy, facts)
