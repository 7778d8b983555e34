"""Hooks: a command or an address of this computer gets texts, and can hold nothing up."""

from __future__ import annotations

import json
import os
import shlex
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue

import pytest
from helpers.messages import shows
from helpers.waiting import WAIT_S

from granite_live.app.hooks import Hook, HookRunner, SessionHook, hook_kinds, start_hook
from granite_live.messages.control import HookMessage
from granite_live.session.events import FinalText, SessionClosed
from granite_live.util.errors import HookError


def command(program: str, *words: object) -> str:
    return shlex.join([sys.executable, "-c", program, *map(str, words)])


WRITE = (
    "import os, sys; path = sys.argv[1];"
    "open(path, 'a').write(os.environ['GRANITE_LIVE_EVENT'] + ' ' +"
    "os.environ.get('GRANITE_LIVE_START_S', '-') + ' ' + sys.stdin.read())"
)


def final(number: int, text: str) -> FinalText:
    return FinalText(number + 1.0, number, float(number), number + 0.9, text, (), 0.9, text)


def closed(number: int) -> SessionClosed:
    return SessionClosed(9.0, number, 0, 160_000, 0, 0)


def test_a_command_gets_each_final_and_the_whole_session(tmp_path: Path) -> None:
    written, problems = tmp_path / "texts", list[str]()
    with HookRunner(Hook(command(WRITE, written)), problems.append) as runner:
        hooked = SessionHook(lambda: runner)
        for event in (final(1, "It rains."), final(2, ""), final(3, "Äpfel; $(rm)"), closed(3)):
            hooked.show(event)
    assert not problems
    assert written.read_text().splitlines() == [
        "final 1.000 It rains.",
        "final 3.000 Äpfel; $(rm)",
        "session - It rains.",
        "Äpfel; $(rm)",
    ]


@pytest.mark.parametrize("kind", ["final", "session", "file", "all"])
def test_only_the_wanted_kinds_are_passed_on(kind: str, tmp_path: Path) -> None:
    written = tmp_path / "texts"
    hook = Hook(command(WRITE, written), kinds=hook_kinds(kind))
    with HookRunner(hook, pytest.fail) as runner:
        runner.call("final", "one", start_s=1)
        runner.call("session", "two")
        runner.call("file", "three", file=tmp_path)
    found = [line.split()[0] for line in written.read_text().splitlines()]
    assert found == (["final", "session", "file"] if kind == "all" else [kind])


class Collector(BaseHTTPRequestHandler):
    """Collects what is posted."""

    bodies: Queue[dict[str, str]]
    status: int

    def do_POST(self) -> None:
        """Take a body."""
        self.bodies.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        if self.status == 302:
            self.send_header("Location", "http://192.0.2.1/")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[tuple[str, type[Collector]]]:
    handler = type("Handler", (Collector,), {"bodies": Queue(), "status": 204})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://localhost:{server.server_address[1]}/texts?from=here", handler
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_address_of_this_computer_gets_json(collector: tuple[str, type[Collector]]) -> None:
    url, handler = collector
    with HookRunner(Hook(url=url), pytest.fail) as runner:
        runner.call("file", "It rains.", file="/a/b.wav")
        found = handler.bodies.get(timeout=WAIT_S)
    assert found == {"event": "file", "text": "It rains.", "file": "/a/b.wav"}


@pytest.mark.parametrize("status", [302, 500])
def test_an_error_is_shown_once_and_a_redirection_is_not_followed(
    status: int, collector: tuple[str, type[Collector]]
) -> None:
    url, handler = collector
    handler.status = status
    problems: list[str] = []
    with HookRunner(Hook(url=url), problems.append) as runner:
        for _ in range(3):
            runner.call("final", "It rains.")
    assert handler.bodies.qsize() == 3
    (problem,) = problems
    assert shows(problem, HookMessage.FAILED)
    assert str(status) in problem


@pytest.mark.parametrize(
    "url",
    [
        *("https://127.0.0.1/", "http://192.168.1.2/", "http://example.org/", "127.0.0.1:80"),
        *("http://127.0.0.1.example.org/", "http://localhost:port/", "file:///etc/passwd"),
        "http://user@example.org@192.0.2.1/",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(HookError, match="not one of this computer"):
        start_hook(Hook(url=url), pytest.fail)


def test_nothing_is_started_without_a_hook_or_with_an_open_quote() -> None:
    assert start_hook(Hook(), pytest.fail) is None
    with pytest.raises(HookError, match="quotes"):
        start_hook(Hook("say 'hello"), pytest.fail)


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import sys; sys.exit('no such voice')", "no such voice"),
        ("import time; time.sleep(600)", "no end after"),
    ],
)
def test_a_failure_is_shown_once_and_ends_nothing(program: str, reason: str) -> None:
    problems: list[str] = []
    with HookRunner(Hook(command(program)), problems.append, time_limit_s=0.5) as runner:
        runner.call("final", "one")
        runner.call("final", "two")
    (problem,) = problems
    assert reason in problem


def test_a_command_that_does_not_exist_is_a_sentence() -> None:
    problems: list[str] = []
    with HookRunner(Hook("/no/such/program"), problems.append) as runner:
        runner.call("final", "one")
    (problem,) = problems
    assert "No such file" in problem


@pytest.mark.skipif(sys.platform == "win32", reason="uses a named pipe")
def test_a_slow_hook_holds_nothing_up_and_drops_are_counted(tmp_path: Path) -> None:
    gate, problems = tmp_path / "gate", list[str]()
    gate_program = "import sys; open(sys.argv[1]).read()"  # waits for a writer of the pipe
    os.mkfifo(gate)
    runner = HookRunner(Hook(command(gate_program, gate)), problems.append)
    runner.call("final", "text")
    with gate.open("w"):  # the command runs now
        for _ in range(200):
            runner.call("final", "text")
        assert runner.dropped == 100
        (problem,) = problems
        assert shows(problem, HookMessage.TOO_SLOW)
        runner.close(0.0)
    # The command ends, and what waited is dropped.
