"""Run a program under strace: which sockets it opens, and which files it writes.

Traces the kernel rather than Python, because native libraries have threads and sockets of their
own. Child processes are traced too.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from helpers.waiting import WAIT_S, changes_in

_CALL = re.compile(r"^(?P<pid>\d+) +(?P<name>\w+)\((?P<rest>.*)$")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FOLDER = re.compile(r"^[^\"]*?<([^>]*)>, ")
_WRITING = re.compile(r"\bO_(?:WRONLY|RDWR|CREAT|TRUNC|TMPFILE)\b")
_OPENS = {"open", "openat", "openat2"}
_MAKES = {"creat", "mkdir", "mkdirat", "mknod", "mknodat", "truncate"}
_NAMES = {"rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat"}
"""The last path of these calls is the new one."""
_STRACE = (
    "strace", "--follow-forks", "--seccomp-bpf", "--decode-fds=path", "--string-limit=4096",
    "--quiet=attach,personality", "--signal=none",
    # Not all of %file: a program that starts asks thousands of times whether a file is there.
    "--trace=%network," + ",".join(f"?{name}" for name in sorted(_OPENS | _MAKES | _NAMES)),
)  # fmt: skip
_LOCAL = {"AF_UNIX", "AF_LOCAL", "AF_NETLINK"}
# A name can also be resolved by a service of the system.
_RESOLVERS = ("systemd/resolve", "avahi")
CI_VARIABLES = (
    "CI", "TF_BUILD", "GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "TRAVIS", "JENKINS_URL",
    "CODEBUILD_BUILD_ID", "BUILDKITE", "TEAMCITY_VERSION", "APPVEYOR", "BITBUCKET_BUILD_NUMBER",
    "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI", "ORT_RUNNING_UNIT_TESTS",
)  # fmt: skip
"""If one of these is set, onnxruntime sends nothing, and a test would prove nothing."""
_HOME = {
    "HOME": "home", "TMPDIR": "temporary", "XDG_RUNTIME_DIR": "runtime",
    "XDG_CACHE_HOME": "home/.cache", "XDG_DATA_HOME": "home/.local/share",
    "XDG_CONFIG_HOME": "home/.config", "XDG_STATE_HOME": "home/.local/state",
}  # fmt: skip


def unavailable_reason() -> str:
    """Return a sentence on why no program can be traced here, "" if one can."""
    if not sys.platform.startswith("linux") or shutil.which("strace") is None:
        return "system calls are watched with strace, which is not here"
    tried = subprocess.run(
        [*_STRACE, f"--output={os.devnull}", sys.executable, "-c", ""],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    if tried.returncode:
        return f"strace may not watch programs here: {tried.stderr.strip()[:200]}"
    return ""


@dataclass(frozen=True, slots=True)
class SystemCall:
    """One system call."""

    pid: int
    name: str
    rest: str
    """The arguments and, if the call was not interrupted, the result, as strace prints them."""


class WatchedProcess:
    """A program with its own home folder, under strace."""

    def __init__(self, folder: Path, command: Sequence[str], *, stdout: int | IO[bytes]) -> None:
        """Start the program.

        Args:
            folder: The folder for its home, its temporary files and the log.
            command: The program and its arguments.
            stdout: As for `subprocess.Popen`.
        """
        self.folder = folder
        self._log = folder / "system-calls"
        self._log.touch()
        self.errors = folder / "errors"
        for name in set(_HOME.values()):
            (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        environment = {name: value for name, value in os.environ.items() if name not in _unset()}
        environment |= {name: str(folder / place) for name, place in _HOME.items()}
        environment |= {"PYTHONDONTWRITEBYTECODE": "1", "QT_QPA_PLATFORM": "offscreen"}
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [*_STRACE, f"--output={self._log}", *command],
                env=environment, stdout=stdout, stderr=errors, cwd=folder / "home",
                start_new_session=True,
            )  # fmt: skip

    def calls(self) -> Iterator[SystemCall]:
        """Yield the calls so far, in their order."""
        with self._log.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if found := _CALL.match(line):
                    yield SystemCall(int(found["pid"]), found["name"], found["rest"])

    def internet(self) -> list[str]:
        """Return the calls that request anything but a local socket."""
        found = []
        for call in self.calls():
            family = call.rest.split(",")[0]
            if (call.name == "socket" and family not in _LOCAL) or (
                call.name == "connect" and any(name in call.rest for name in _RESOLVERS)
            ):
                found.append(f"{call.name}({call.rest}")
        return found

    def written(self) -> set[Path]:
        """Return the paths that were to be created or opened for writing, successfully or not."""
        found = set()
        for call in self.calls():
            texts = _TEXT.findall(call.rest)
            if not texts:
                continue
            if call.name in _OPENS:
                if not _WRITING.search(call.rest[call.rest.find(texts[0]) :]):
                    continue
                path = texts[0]
            elif call.name in _MAKES:
                path = texts[0]
            elif call.name in _NAMES or (call.name == "bind" and "AF_UNIX" in call.rest):
                path = texts[-1]
            else:
                continue
            inside = _FOLDER.match(call.rest)
            base = inside[1] if inside and call.name.endswith(("at", "at2")) else self.folder
            found.add(Path(os.path.normpath(Path(base, path))))
        return found

    def hold(self, library: str, seconds: float, timeout_s: float = WAIT_S) -> None:
        """Wait until a process has had a native library open for this long [s]."""
        until_s = time.monotonic() + timeout_s
        rest = ""
        with changes_in(self.folder) as news, self._log.open(encoding="utf-8") as lines:
            while True:
                *complete, rest = (rest + lines.read()).split("\n")
                for line in complete:
                    call = _CALL.match(line)
                    opens = call and call["name"] == "openat" and library in call["rest"]
                    if call and opens and _lives_for(int(call["pid"]), seconds):
                        return
                said = self.errors.read_text(encoding="utf-8", errors="replace")
                assert self.process.poll() is None, f"the program has ended: {said}"
                left_s = until_s - time.monotonic()
                assert left_s > 0, f"{library} stays open nowhere in {timeout_s:.0f} s"
                if select.select([news], [], [], left_s)[0]:
                    os.read(news, 1 << 16)

    def interrupt(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        first = next(self.calls(), None)
        assert first is not None
        os.kill(first.pid, number)


@contextmanager
def watch_command(
    folder: Path, command: Sequence[str], *, stdout: int | IO[bytes] = subprocess.DEVNULL
) -> Iterator[WatchedProcess]:
    """Run a program under strace; at the end it is killed if it still runs."""
    watched = WatchedProcess(folder, command, stdout=stdout)
    with watched.process:
        try:
            yield watched
        finally:
            if watched.process.poll() is None:
                # strace would only detach from the programs.
                os.killpg(watched.process.pid, signal.SIGKILL)


def _lives_for(thread: int, seconds: float) -> bool:
    """Return whether the process of a thread survives this long [s], waiting for its end."""
    try:
        status = Path(f"/proc/{thread}/status").read_text(encoding="utf-8")
        process = os.pidfd_open(int(status.partition("Tgid:")[2].split()[0]))
    except (OSError, IndexError):
        return False  # it has ended already
    try:
        return not select.select([process], [], [], seconds)[0]
    finally:
        os.close(process)


def _unset() -> set[str]:
    ours = {name for name in os.environ if name.startswith(("GRANITE", "HF_", "ORT_"))}
    return ours | {*CI_VARIABLES, "DO_NOT_TRACK", "DISPLAY", "WAYLAND_DISPLAY", "PYTHONPATH"}
