"""Check the installation, the computer, onnxruntime's providers and the sound input.

A finding is written twice: for the user, and without personal data for a public report.
"""

from __future__ import annotations

import getpass
import os
import platform
import re
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_live import __version__
from granite_live.app.input_devices import InputDevices
from granite_live.messages.download import DownloadMessage
from granite_live.models.bundle import COREML, CPU, CUDA
from granite_live.models.disk import folder_bytes, free_bytes, os_error_text, size_text
from granite_live.models.selection.machine_facts import (
    ProbeResult,
    available_providers,
    integer_instruction_sets,
    probe_accelerators,
    probe_provider,
)
from granite_live.util import paths
from granite_live.util.errors import AudioError
from granite_live.util.process import physical_core_count

if TYPE_CHECKING:
    from granite_live.audio.source import AudioSource


Fact = str | int | float | bool | None
Facts = dict[str, Fact]
_PATHS = re.compile(r"(?:[A-Za-z]:)?(?:[\\/][^\s'\",;:()\\/]+){2,}")


class Status(Enum):
    """State of a checked part."""

    OK = "ok"
    NOTE = "note"
    """Something optional is missing."""
    BROKEN = "broken"
    """The program cannot work."""


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One line of the examination.

    Attributes:
        topic: The checked part, in a word or two.
        status: Its state.
        detail: What was seen; may name the user's files and devices.
        remedy: A sentence that says what to do; "" if nothing needs to be done.
        facts: The same for a public report, without anything private.
    """

    topic: str
    status: Status
    detail: str
    remedy: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)


def has_failures(findings: Iterable[CheckFinding]) -> bool:
    """Return whether a required part does not work."""
    return any(one.status is Status.BROKEN for one in findings)


def report(findings: Iterable[CheckFinding]) -> dict[str, Any]:
    """Return what may go into a public report: no names, paths or texts of the user."""
    return {
        "granite_live": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "findings": [
            {"topic": one.topic, "status": one.status.value, **one.facts} for one in findings
        ],
    }


def redact(error: BaseException | str) -> str:
    """Return an error's text without paths and without the names of the user and the computer."""
    text = _PATHS.sub("<path>", str(error)).replace(str(Path.home()), "<path>")
    for name in (_user(), platform.node()):
        if len(name) > 2:
            text = re.sub(re.escape(name), "<name>", text, flags=re.IGNORECASE)
    return text[:300]


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name
        return "" if sys.platform != "win32" else "user"


_NAME = "granite-live"
_REINSTALL = "Reinstall Granite Live."


def check_python(version: tuple[int, ...] = sys.version_info[:3]) -> CheckFinding:
    """Check the version of Python."""
    text = ".".join(map(str, version))
    facts: Facts = {"version": text, "bits": platform.architecture()[0]}
    if (3, 11) <= version[:2] <= (3, 13):
        return CheckFinding("Python", Status.OK, f"{text} in {sys.prefix}", facts=facts)
    remedy = "Install Granite Live with Python 3.11, 3.12 or 3.13."
    return CheckFinding("Python", Status.BROKEN, f"{text} is not supported", remedy, facts)


def check_packages(
    requirements: list[str] | None = None,
    installed: Callable[[str], str] = metadata.version,
) -> Iterator[CheckFinding]:
    """Check that every required package is installed in a supported version.

    Args:
        requirements: As in a package's metadata; None uses this program's own.
        installed: Returns a package's version, or raises PackageNotFoundError.
    """
    from packaging.requirements import Requirement

    if requirements is None:
        try:
            requirements = metadata.requires(_NAME) or []
        except metadata.PackageNotFoundError:
            detail = "Granite Live itself is not installed as a package"
            yield CheckFinding("packages", Status.NOTE, detail, _REINSTALL, {"installed": False})
            return
    wanted = [Requirement(text) for text in requirements]
    wanted = [one for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
    good = 0
    for one in wanted:
        try:
            version = installed(one.name)
        except metadata.PackageNotFoundError:
            facts: Facts = {"package": one.name, "version": None}
            yield CheckFinding(
                "packages",
                Status.BROKEN,
                DownloadMessage.KEY_MISSING(key=one.name),
                _REINSTALL,
                facts,
            )
            continue
        if one.specifier.contains(version, prereleases=True):
            good += 1
            continue
        yield CheckFinding(
            "packages", Status.BROKEN, f"{one.name} is {version}, it must be {one.specifier}",
            _REINSTALL, {"package": one.name, "version": version},
        )  # fmt: skip
    if good == len(wanted):
        here: Facts = {"good": good, "onnxruntime": _version("onnxruntime")}
        yield CheckFinding("packages", Status.OK, f"all {good} are installed", facts=here)


def _version(name: str) -> str:
    for candidate in (name, f"{name}-gpu"):
        try:
            return metadata.version(candidate)
        except metadata.PackageNotFoundError:
            continue
    return "none"


_LITTLE_BYTES = 2 * 10**9
_TOO_LITTLE_BYTES = 100 * 10**6


def check_display(environment: Mapping[str, str] | None = None) -> CheckFinding:
    """Check whether a window can be shown."""
    environment = os.environ if environment is None else environment
    if not sys.platform.startswith("linux"):
        return CheckFinding("display", Status.OK, "of the system", facts={"kind": sys.platform})
    for name in ("WAYLAND_DISPLAY", "DISPLAY", "QT_QPA_PLATFORM"):
        if environment.get(name):
            detail = f"{name} is {environment[name]}"
            return CheckFinding("display", Status.OK, detail, facts={"kind": name})
    remedy = "The terminal's commands work without one: 'granite-live listen', 'transcribe'."
    return CheckFinding("display", Status.NOTE, "there is none", remedy, {"kind": None})


def check_folders(where: Mapping[str, Path] | None = None) -> Iterator[CheckFinding]:
    """Check that the program's folders can be written to."""
    where = where or {
        "data folder": paths.data_dir(),
        "settings folder": paths.config_dir(),
        "log folder": paths.log_dir(),
    }
    for topic, folder in where.items():
        try:
            _try_to_write(folder)
        except OSError as error:
            yield CheckFinding(
                topic, Status.BROKEN, f"{folder}: {os_error_text(error)}",
                "Correct its permissions, or set GRANITE_LIVE_HOME to a folder of yours.",
                {"problem": redact(error)},
            )  # fmt: skip
        else:
            yield CheckFinding(topic, Status.OK, str(folder))


def check_disk() -> CheckFinding:
    """Check the free space of the disk with the program's files."""
    folder = paths.data_dir()
    try:
        free = free_bytes(folder)
        models = folder_bytes(paths.models_dir())
    except OSError as error:
        facts: Facts = {"problem": redact(error)}
        return CheckFinding(
            "disk", Status.BROKEN, f"{folder}: {os_error_text(error)}", "Check the disk.", facts
        )
    detail = f"{size_text(free)} are free, the models take {size_text(models)}"
    status = Status.OK
    if free < _LITTLE_BYTES:
        status = Status.BROKEN if free < _TOO_LITTLE_BYTES else Status.NOTE
    remedy = "Free some space, or set GRANITE_LIVE_HOME to a folder on another disk."
    if status is Status.OK:
        remedy = ""
    return CheckFinding(
        "disk", status, detail, remedy, {"free_bytes": free, "models_bytes": models}
    )


def _try_to_write(folder: Path) -> None:
    """Write a file into the folder, or into the parent folder in which it would be created."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"x")


_REMEDIES = {
    CUDA: "Update the NVIDIA driver, and install Granite Live with the extra 'cuda'; until then "
    "the processor is used.",
    COREML: "The processor is used instead.",
}


def check_providers(
    built_with: tuple[str, ...] | None = None,
    run: Callable[..., ProbeResult] = probe_provider,
) -> Iterator[CheckFinding]:
    """Run a small graph on every known provider that onnxruntime offers.

    The results are stored for the next selection of a provider.
    """
    names = available_providers() if built_with is None else built_with
    known = probe_accelerators(names, run, again=True)
    probes = {CPU: run(CPU, None)} if CPU in names else {}
    for name, found in {**probes, **known.probes}.items():
        facts: Facts = {"share": round(found.share, 3), "problem": redact(found.problem)}
        topic = name.removesuffix("ExecutionProvider")
        if found.works:
            detail = f"a session runs, {found.share:.0%} of it there{_more(name, known.vram_bytes)}"
            yield CheckFinding(topic, Status.OK, detail, facts=facts)
        elif name == CPU:
            remedy = "Install onnxruntime again; on Windows install the Visual C++ runtime."
            yield CheckFinding(topic, Status.BROKEN, found.problem, remedy, facts)
        else:
            detail = found.problem or "a session gives it nothing to do"
            yield CheckFinding(topic, Status.NOTE, detail, _REMEDIES[name], facts)
    if CPU not in names:
        yield CheckFinding(
            "CPU", Status.BROKEN, "onnxruntime does not have it", "Install it again."
        )


def _more(name: str, vram_bytes: int | None) -> str:
    if name == CPU:
        products = ", ".join(sorted(integer_instruction_sets())) or "none known"
        return f"; {physical_core_count()} cores, integer products: {products}"
    if name == CUDA and vram_bytes is not None:
        return f"; {vram_bytes / 1e9:.0f} GB"
    return ""


_MAX_SECONDS = 6.0  # The first sound takes up to two seconds if a sound server has to start.
_ENOUGH_S = 1.0
_QUEUE_BLOCKS = 1000
_SOUND_REMEDY = (
    "Recordings can be transcribed without one. To listen, connect a microphone, and allow this "
    "program to use it in the system's privacy settings."
)


def check_sound(
    make_inputs: Callable[[Callable[[], None]], InputDevices] = InputDevices,
) -> Iterator[CheckFinding]:
    """List the inputs and listen to the default one for a second. Nothing is recorded."""
    inputs = make_inputs(lambda: None)
    try:
        inputs.open()
        known = inputs.devices()
        microphones = sum(not one.is_system_sound for one in known)
        facts: Facts = {"microphones": microphones, "system_sounds": len(known) - microphones}
        if not microphones:
            yield CheckFinding(
                "inputs", Status.NOTE, "there is no microphone", _SOUND_REMEDY, facts
            )
            return
        names = ", ".join(one.name for one in known if not one.is_system_sound)
        yield CheckFinding("inputs", Status.OK, names, facts=facts)
        yield _record_level(inputs.open_source(None, system_sound=False))
    except AudioError as error:
        yield CheckFinding(
            "inputs", Status.NOTE, str(error), _SOUND_REMEDY, {"problem": redact(error)}
        )
    finally:
        inputs.close()


def _record_level(source: AudioSource) -> CheckFinding:
    """Listen until a second of sound has arrived or the device stays silent."""
    from granite_live.audio.source import AudioBlock, AudioQueue, Notice, NoticeKind

    sink = AudioQueue(_QUEUE_BLOCKS)
    deadline = threading.Timer(_MAX_SECONDS, source.stop)
    heard_s = loudest = 0.0
    problem = ""
    source.start(sink)
    deadline.start()
    try:
        while heard_s < _ENOUGH_S:
            item = sink.get()
            if isinstance(item, AudioBlock):
                heard_s += len(item.samples) / item.sample_rate_hz
                loudest = max(loudest, float(abs(item.samples).max(initial=0.0)))
            elif isinstance(item, Notice):
                problem = item.detail or problem
                if item.kind is NoticeKind.ENDED:
                    break
    finally:
        deadline.cancel()
        source.stop()
        deadline.join()
    facts: Facts = {"heard_s": round(heard_s, 2), "is_silent": loudest == 0.0}
    if heard_s == 0.0:
        detail = f"{source.name} delivers no sound. {problem}".strip()
        return CheckFinding("listening", Status.NOTE, detail, _SOUND_REMEDY, facts)
    if loudest == 0.0:
        detail = f"{source.name} delivers silence"
        return CheckFinding("listening", Status.NOTE, detail, "Check whether it is muted.", facts)
    return CheckFinding("listening", Status.OK, f"{source.name} delivers sound", facts=facts)
