"""Python and the packages that the program stands on."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterator
from importlib import metadata

from granite_live.app.doctor.findings import Facts, Finding, Status

_NAME = "granite-live"
_REMEDY = "Install Granite Live again."


def python(version: tuple[int, ...] = sys.version_info[:3]) -> Finding:
    """Look at the version of Python."""
    text = ".".join(map(str, version))
    facts: Facts = {"version": text, "bits": platform.architecture()[0]}
    if (3, 11) <= version[:2] <= (3, 13):
        return Finding("Python", Status.OK, f"{text} in {sys.prefix}", facts=facts)
    remedy = "Install Granite Live with Python 3.11, 3.12 or 3.13."
    return Finding("Python", Status.BROKEN, f"{text} is not supported", remedy, facts)


def packages(
    requirements: list[str] | None = None,
    installed: Callable[[str], str] = metadata.version,
) -> Iterator[Finding]:
    """Look whether every package is here in a version that will do.

    Args:
        requirements: As in a package's metadata; None takes this program's own.
        installed: Returns a package's version, or raises PackageNotFoundError.
    """
    from packaging.requirements import Requirement

    if requirements is None:
        try:
            requirements = metadata.requires(_NAME) or []
        except metadata.PackageNotFoundError:
            detail = "Granite Live itself is not installed as a package"
            yield Finding("packages", Status.NOTE, detail, _REMEDY, {"installed": False})
            return
    wanted = [Requirement(text) for text in requirements]
    wanted = [one for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
    good = 0
    for one in wanted:
        try:
            version = installed(one.name)
        except metadata.PackageNotFoundError:
            facts: Facts = {"package": one.name, "version": None}
            yield Finding("packages", Status.BROKEN, f"{one.name} is missing", _REMEDY, facts)
            continue
        if one.specifier.contains(version, prereleases=True):
            good += 1
            continue
        yield Finding(
            "packages", Status.BROKEN, f"{one.name} is {version}, it must be {one.specifier}",
            _REMEDY, {"package": one.name, "version": version},
        )  # fmt: skip
    if good == len(wanted):
        here: Facts = {"good": good, "onnxruntime": _version("onnxruntime")}
        yield Finding("packages", Status.OK, f"all {good} are here", facts=here)


def _version(name: str) -> str:
    for candidate in (name, f"{name}-gpu"):
        try:
            return metadata.version(candidate)
        except metadata.PackageNotFoundError:
            continue
    return "none"
