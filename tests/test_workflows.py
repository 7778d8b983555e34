"""The hosted workflows run scripts of this repository, and the scripts of a release work here.

The workflows themselves cannot run here.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from granite_live import __version__

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the scripts are shell scripts")


def steps(path: Path) -> list[dict[str, Any]]:
    jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


def script(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(ROOT / "scripts" / name), *arguments], capture_output=True, text=True
    )


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_step_is_a_script_that_can_be_run_here(path: Path) -> None:
    commands = [step["run"].split()[0] for step in steps(path) if "run" in step]
    own = [command for command in commands if command != "gh"]
    assert own
    for command in own:
        assert command.startswith("scripts/")
        assert os.access(ROOT / command, os.X_OK)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_have_versions_and_jobs_end(path: Path) -> None:
    for step in steps(path):
        assert "uses" not in step or re.search(r"@v\d+$", step["uses"])
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


def test_every_supported_python_and_system_is_tested() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    matrix = workflow["jobs"]["test"]["strategy"]["matrix"]
    classifiers = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert matrix["python"] == re.findall(r"Python :: (3\.\d+)", classifiers)
    assert [system.split("-")[0] for system in matrix["os"]] == ["ubuntu", "macos", "windows"]


def test_notes_of_a_release_are_its_section_of_the_changelog() -> None:
    done = script("release_notes.sh", f"v{__version__}")
    assert done.returncode == 0
    assert "### Added" in done.stdout
    assert "## " not in re.sub(r"^### .*$", "", done.stdout, flags=re.MULTILINE)


def test_a_tag_that_is_not_the_version_is_refused() -> None:
    done = script("release_notes.sh", "v99.0.0")
    assert (done.returncode, done.stdout) == (1, "")
    assert "is not version 99.0.0" in done.stderr


def test_checksums_are_those_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "a program.tar.gz").write_bytes(b"one")
    (tmp_path / "b.whl").write_bytes(b"two")
    for _ in range(2):  # a second run does not list the list
        assert script("checksums.sh", str(tmp_path)).returncode == 0
    lines = (tmp_path / "SHA256SUMS").read_text().splitlines()
    assert [line.split(maxsplit=1) for line in lines] == [
        [hashlib.sha256(b"one").hexdigest(), "a program.tar.gz"],
        [hashlib.sha256(b"two").hexdigest(), "b.whl"],
    ]
