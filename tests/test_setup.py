"""The set-up script with a fake Debian and Python that record their calls.

`make run` and `make test` use the real ones.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

_ROOT = Path(__file__).parents[1]
_FOR_TESTS_ONLY = {"pulseaudio", "pulseaudio-utils", "xvfb", "xdotool", "openbox", "xterm"}

_DPKG_QUERY = """#!/bin/sh
for package in $INSTALLED; do printf '%s:installed ' "$package"; done
"""
_RECORDER = """#!/bin/sh
echo "$(basename "$0") $*" >> "$CALLS"
"""
# Creates an "environment" whose Python is this script, and says yes to all other questions. Under
# the name "old" it is another version, and "bare" can make no environment.
_PYTHON = """#!/bin/sh
[ "$1" = --version ] && { echo "Python 3.11.0"; exit; }
case "$(basename "$0") $*" in
    "old -c "*version_info* | "bare -c "*ensurepip*) exit 1 ;;
    *" -c "*) exit 0 ;;
esac
echo "$(basename "$0") $*" >> "$CALLS"
if [ "$2" = venv ]; then
    for folder; do :; done
    mkdir -p "$folder/bin" && cp "$0" "$folder/bin/python"
fi
# The index has uv.
case "$HAS_UV $*" in "yes "*--target*)
    while [ "$1" != --target ]; do shift; done
    mkdir -p "$2/bin" && cp "$UV" "$2/bin/uv" ;;
esac
"""
_UV = """#!/bin/sh
echo "uv $*" >> "$CALLS"
[ "$HAS_INDEX" = yes ] || exit
[ "$1" = venv ] || exit 0
for folder; do :; done
mkdir -p "$folder/bin" && cp "$(dirname "$UV")/python" "$folder/bin/python"
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the script is a shell script")


class Machine:
    """A simulated machine for the script."""

    def __init__(self, folder: Path) -> None:
        self._bin, self._calls = folder / "bin", folder / "calls"
        self._venv = folder / "venv"
        self._bin.mkdir()
        scripts = {"dpkg-query": _DPKG_QUERY, "apt-get": _RECORDER, "uv": _UV}
        scripts |= dict.fromkeys(("python", "old", "bare"), _PYTHON)
        scripts["sudo"] = _RECORDER
        scripts["id"] = '#!/bin/sh\necho "$USER_ID"\n'
        for name, text in scripts.items():
            (self._bin / name).write_text(text)
            (self._bin / name).chmod(0o755)

    def set_up(
        self,
        purpose: str,
        installed: Sequence[str] = (),
        *,
        user_id: int = 0,
        is_asked: bool = False,
        answer: str | None = None,
        has_uv: bool = True,
        has_index: bool = True,
        pythons: Sequence[str] = ("python",),
    ) -> list[str]:
        """Run the script; return the recorded calls.

        `is_asked` sets GRANITE_LIVE_SETUP; with an `answer` the script runs on a terminal. `has_uv`
        tells whether pip can get uv, `has_index` whether uv reaches an index. The `pythons` are
        tried in this order.
        """
        self._calls.write_text("")
        environment = {
            "PATH": f"{self._bin}{os.pathsep}{os.environ['PATH']}",
            "PYTHON": " ".join(str(self._bin / name) for name in pythons),
            "VENV": str(self._venv),
            "CALLS": str(self._calls),
            "INSTALLED": " ".join(installed),
            "USER_ID": str(user_id),
            "UV": str(self._bin / "uv"),
            "HAS_UV": "yes" if has_uv else "no",
            "HAS_INDEX": "yes" if has_index else "no",
            **({"GRANITE_LIVE_SETUP": "yes"} if is_asked else {}),
        }
        command = ["sh", str(_ROOT / "scripts/setup.sh"), purpose]
        if answer is None:
            subprocess.run(
                command,
                env=environment,
                check=True,
                capture_output=True,
                timeout=60,
                stdin=subprocess.DEVNULL,
            )
        else:
            _run_on_terminal(command, environment, answer)
        return self._calls.read_text().splitlines()


def _run_on_terminal(command: list[str], environment: dict[str, str], answer: str) -> None:
    import pty

    ours, theirs = pty.openpty()
    try:
        os.write(ours, answer.encode())
        subprocess.run(
            command,
            env=environment,
            check=True,
            timeout=60,
            stdin=theirs,
            stdout=subprocess.DEVNULL,
            stderr=theirs,
        )
    finally:
        os.close(ours)
        os.close(theirs)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    if shutil.which("cksum") is None:
        pytest.skip("needs cksum")
    return Machine(tmp_path)


def _packages(calls: Sequence[str]) -> set[str]:
    (install,) = [call for call in calls if call.startswith("apt-get install")]
    return {word for word in install.split()[2:] if not word.startswith("-")}


def test_running_needs_no_package_of_the_tests(machine: Machine) -> None:
    calls = machine.set_up("run")
    packages = _packages(calls)
    assert {"libportaudio2", "libasound2-plugins", "libegl1"} <= packages
    assert not packages & _FOR_TESTS_ONLY
    assert any("--requirement requirements/run.txt" in call for call in calls)
    assert not any("requirements/test.txt" in call for call in calls)


def test_testing_adds_a_sound_server_and_a_screen(machine: Machine) -> None:
    assert _packages(machine.set_up("test")) >= {"libportaudio2", *_FOR_TESTS_ONLY}


@pytest.mark.parametrize("purpose", ["run", "test"])
def test_no_package_is_ever_removed(machine: Machine, purpose: str) -> None:
    calls = machine.set_up(purpose)
    installs = [call for call in calls if call.startswith("apt-get install")]
    assert installs
    assert all("--no-remove" in call for call in installs)


@pytest.mark.parametrize("purpose", ["run", "test"])
@pytest.mark.parametrize(
    "server", ["pipewire", "pipewire-alsa", "pipewire-pulse", "pipewire-audio"]
)
def test_beside_pipewire_pulseaudio_is_not_installed(
    machine: Machine, purpose: str, server: str
) -> None:
    packages = _packages(machine.set_up(purpose, installed=[server]))
    assert not {"pulseaudio", "pulseaudio-utils"} & packages


def test_pipewires_way_from_alsa_is_enough(machine: Machine) -> None:
    assert "libasound2-plugins" not in _packages(machine.set_up("run", installed=["pipewire-alsa"]))


def test_a_user_is_only_told_what_to_install(machine: Machine) -> None:
    calls = machine.set_up("run", user_id=1000)
    assert not [call for call in calls if call.startswith(("apt-get", "sudo"))]


def test_a_user_who_asks_for_it_gets_the_packages(machine: Machine) -> None:
    calls = machine.set_up("run", user_id=1000, is_asked=True)
    assert [call for call in calls if call.startswith("sudo") and "libportaudio2" in call]


@pytest.mark.parametrize("user_id", [0, 1000])
@pytest.mark.parametrize(("answer", "installs"), [("\n", True), ("y\n", True), ("n\n", False)])
def test_on_a_terminal_the_user_decides(
    machine: Machine, user_id: int, answer: str, installs: bool
) -> None:
    calls = machine.set_up("run", user_id=user_id, answer=answer)
    found = [call for call in calls if "libportaudio2" in call and "install" in call]
    assert bool(found) is installs


def _installers(calls: Sequence[str]) -> list[str]:
    """Return which program was asked to install the libraries, call by call."""
    return [call.split()[0] for call in calls if "run.txt" in call or "--editable" in call]


def test_uv_installs_what_pip_would(machine: Machine) -> None:
    calls = machine.set_up("run")
    assert _installers(calls) == ["uv", "uv"]
    assert [call for call in calls if call.startswith("uv") and "--require-hashes" in call]


def test_pip_installs_where_uv_cannot_be_had(machine: Machine) -> None:
    assert _installers(machine.set_up("run", has_uv=False)) == ["python", "python"]


def test_pip_installs_where_uv_reaches_no_index(machine: Machine) -> None:
    calls = machine.set_up("run", has_index=False)
    assert _installers(calls) == ["uv", "python", "uv", "python"]


@pytest.mark.parametrize(
    ("pythons", "chosen"),
    [(("missing", "old", "bare", "python"), "python"), (("old", "bare"), "bare")],
)
def test_a_python_that_can_make_environments_is_preferred(
    machine: Machine, pythons: Sequence[str], chosen: str
) -> None:
    calls = machine.set_up("run", pythons=pythons, has_uv=False)
    assert [call.split()[0] for call in calls if " -m venv " in call] == [chosen]


@pytest.mark.parametrize("purpose", ["run", "test"])
def test_uv_makes_the_environment(machine: Machine, purpose: str) -> None:
    calls = machine.set_up(purpose)
    assert [call for call in calls if call.startswith("uv venv") and "--seed" in call]
    assert not [call for call in calls if " -m venv " in call]


@pytest.mark.parametrize("has_uv", [True, False])
def test_python_makes_the_environment_where_uv_cannot(machine: Machine, has_uv: bool) -> None:
    calls = machine.set_up("run", has_uv=has_uv, has_index=False)
    assert [call for call in calls if call.startswith("python -m venv --clear")]


def test_a_second_run_does_nothing(machine: Machine) -> None:
    machine.set_up("run")
    assert machine.set_up("run") == []


def test_system_packages_can_be_asked_for_later(machine: Machine) -> None:
    machine.set_up("run", user_id=1000)
    calls = machine.set_up("run", user_id=1000, is_asked=True)
    assert [call for call in calls if call.startswith("sudo") and "libportaudio2" in call]
    assert not [call for call in calls if call.startswith("python")]


def test_testing_after_running_installs_only_what_is_missing(machine: Machine) -> None:
    machine.set_up("run")
    calls = machine.set_up("test")
    assert not [call for call in calls if "venv" in call.split()[:3] or "run.txt" in call]
    assert [call for call in calls if "requirements/test.txt" in call]
    assert machine.set_up("run") == []


# -- installed packages ------------------------------------------------------------------------


def _locked(name: str) -> list[tuple[str, Version]]:
    text = (_ROOT / "requirements" / name).read_text()
    found = re.findall(r"^([A-Za-z0-9_.-]+)==([^ \\]+)", text, re.MULTILINE)
    return [(_normalized(package), Version(version)) for package, version in found]


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _declared() -> dict[str, list[Requirement]]:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text())
    server = project["project"]["optional-dependencies"]["server"]
    run = [Requirement(one) for one in [*project["project"]["dependencies"], *server]]
    dev = [Requirement(one) for one in project["dependency-groups"]["dev"]]
    return {"run.txt": run, "test.txt": [*run, *dev]}


@pytest.mark.parametrize("name", ["run.txt", "test.txt"])
def test_the_locked_versions_are_those_that_are_declared(name: str) -> None:
    """`make lock` follows changes of pyproject.toml."""
    locked = _locked(name)
    for requirement in _declared()[name]:
        versions = [v for package, v in locked if package == _normalized(requirement.name)]
        assert versions, f"{requirement.name} is not locked"
        for version in versions:
            assert requirement.specifier.contains(version), f"{requirement} against {version}"


def test_the_tests_run_with_what_users_run_with() -> None:
    assert set(_locked("run.txt")) <= set(_locked("test.txt"))


def test_every_dependency_is_capped() -> None:
    """An untested major version is not installed."""
    for requirement in _declared()["run.txt"]:
        assert any(one.operator in ("<", "<=", "==") for one in requirement.specifier), requirement


def test_pre_commit_runs_what_make_check_runs() -> None:
    script = (_ROOT / "scripts" / "check.sh").read_text()
    checked = [
        f"{tool}{arguments}"
        for tool, arguments in re.findall(r'^"\$bin/(.+?)"(.*?)(?: \|\| .*)?$', script, re.M)
    ]
    hooks = (_ROOT / ".pre-commit-config.yaml").read_text()
    assert len(checked) >= 4
    assert re.findall(r"entry: \.venv/bin/(.+)", hooks) == checked
