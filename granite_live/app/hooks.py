"""Call a command or an address of this computer with each final text, session and file."""

from __future__ import annotations

import json
import os
import queue
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from granite_live.messages.control import HookMessage
from granite_live.session import events
from granite_live.util.errors import HookError
from granite_live.util.lifecycle import Closeable, ReportingThread


def check_url(url: str) -> SplitResult:
    """Return the parts of an address of this computer.

    A name other than localhost is refused, since it may lead elsewhere.

    Raises:
        HookError: It is another address, or not one of HTTP.
    """
    import ipaddress

    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
        is_here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_here = False
    if not is_here or parts.scheme != "http":
        raise HookError(HookMessage.BAD_URL(url=url))
    return parts


def post(url: str, body: Mapping[str, str], limit_s: float) -> None:
    """Send a JSON object; redirections are not followed.

    Raises:
        HookError: The answer is an error, or there is none in time.
        OSError: There is no connection.
    """
    import http.client  # the window starts without it

    parts = check_url(url)
    # "localhost" is not looked up, so that nobody can answer for it.
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
    connection = http.client.HTTPConnection(host, parts.port, timeout=limit_s)
    try:
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        headers = {"Content-Type": "application/json", "Host": parts.netloc}
        connection.request("POST", path, json.dumps(body, ensure_ascii=False).encode(), headers)
        status = connection.getresponse().status
    except TimeoutError as error:
        raise HookError(HookMessage.TIME_LIMIT(seconds=limit_s)) from error
    except http.client.HTTPException as error:
        raise HookError(HookMessage.BAD_ANSWER(reason=type(error).__name__)) from error
    finally:
        connection.close()
    if status >= 300:
        raise HookError(HookMessage.BAD_ANSWER(reason=f"HTTP {status}"))


HookKind = Literal["final", "session", "file"]

TIME_LIMIT_S = 10.0
"""A call that takes longer is ended."""
_WAITING = 100
_END_S = TIME_LIMIT_S + 2.0


@dataclass(frozen=True, slots=True)
class Hook:
    """What is called: a command, an address, or both; and with which texts.

    Attributes:
        command: A command line, split into words as in a shell, but not run by one.
        url: A loopback address that gets a POST request.
        kinds: The texts it is called with.
    """

    command: str = ""
    url: str = ""
    kinds: frozenset[HookKind] = frozenset({"final", "session", "file"})

    def check(self) -> None:
        """Check that it can be called.

        Raises:
            HookError: The command line has an open quote, or the address is not on loopback.
        """
        try:
            words = shlex.split(self.command)
        except ValueError as error:
            raise HookError(HookMessage.BAD_COMMAND(command=self.command, reason=error)) from error
        if self.command and not words:
            raise HookError(HookMessage.BAD_COMMAND(command=self.command, reason="empty"))
        if self.url:
            check_url(self.url)

    def __bool__(self) -> bool:
        """Return whether anything is called."""
        return bool(self.command or self.url)


@dataclass(frozen=True, slots=True)
class HookCall:
    """A text, and what is known of it; `details` has values by names in lower case."""

    kind: HookKind
    text: str
    details: Mapping[str, str] = field(default_factory=dict)


class HookRunner(Closeable):
    """Calls a hook. `call` never waits; texts that find the queue full are dropped and counted.

    Args:
        hook: What is called.
        on_problem: Receives a sentence for the first failure and for the first dropped text, in
            another thread.
        time_limit_s: Seconds after which a call is ended.
    """

    def __init__(
        self,
        hook: Hook,
        on_problem: Callable[[str], None],
        *,
        time_limit_s: float = TIME_LIMIT_S,
    ) -> None:
        hook.check()
        self._hook, self._on_problem, self._limit_s = hook, on_problem, time_limit_s
        self._waiting: queue.Queue[HookCall | None] = queue.Queue(_WAITING)
        self._has_failed = False
        self._is_closing = threading.Event()
        self.dropped = 0
        """The texts that were not passed on because too many waited."""
        self._thread = ReportingThread(self._run, name="hooks", daemon=True)
        self._thread.start()

    def call(self, kind: HookKind, text: str, **details: object) -> None:
        """Pass a text on if the hook wants its kind; from any thread."""
        if kind not in self._hook.kinds or not text or self._is_closing.is_set():
            return
        try:
            self._waiting.put_nowait(HookCall(kind, text, {k: str(v) for k, v in details.items()}))
        except queue.Full:
            self.dropped += 1
            if self.dropped == 1:
                self._on_problem(HookMessage.TOO_SLOW(count=_WAITING))

    def close(self, timeout_s: float = _END_S) -> None:
        """Pass on what waits for at most `timeout_s`, then drop the rest. Idempotent."""
        if self._is_closing.is_set():
            return
        try:
            self._waiting.put(None, timeout=timeout_s)
        except queue.Full:
            pass
        else:
            self._thread.join(timeout_s)
        self._is_closing.set()

    def _run(self) -> None:
        while (one := self._waiting.get()) is not None and not self._is_closing.is_set():
            try:
                if self._hook.command:
                    _run_command(self._hook.command, one, self._limit_s)
                if self._hook.url:
                    post(self._hook.url, _as_json(one), self._limit_s)
            except (OSError, HookError) as error:
                self._report(one, error)

    def _report(self, one: HookCall, error: Exception) -> None:
        if self._has_failed:
            return
        self._has_failed = True
        reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        self._on_problem(HookMessage.FAILED(kind=one.kind, reason=reason))


def hook_kinds(name: str) -> frozenset[HookKind]:
    """Return the kinds that a name in the settings means; "all" means all."""
    every: tuple[HookKind, ...] = ("final", "session", "file")
    return frozenset(kind for kind in every if name in (kind, "all"))


def start_hook(hook: Hook, on_problem: Callable[[str], None]) -> HookRunner | None:
    """Return a runner for a hook, None if it calls nothing.

    Raises:
        HookError: It can never be called.
    """
    return HookRunner(hook, on_problem) if hook else None


def _as_json(one: HookCall) -> dict[str, str]:
    return {"event": one.kind, "text": one.text, **one.details}


def _run_command(command: str, one: HookCall, limit_s: float) -> None:
    """Run a command with the text on its standard input.

    Raises:
        HookError: It failed or took too long.
        OSError: It cannot be started.
    """
    details = {"event": one.kind, **one.details}
    more = {f"GRANITE_LIVE_{name.upper()}": value for name, value in details.items()}
    process = subprocess.Popen(
        shlex.split(command),
        env=os.environ | more,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,  # so that all that it starts can be ended with it
    )
    with process:
        try:
            _out, said = process.communicate(f"{one.text}\n".encode(), limit_s)
        except subprocess.TimeoutExpired as error:
            _end(process)
            raise HookError(HookMessage.TIME_LIMIT(seconds=limit_s)) from error
    if process.returncode:
        lines = said.decode("utf-8", "replace").strip().splitlines()
        last = lines[-1][:200] if lines else ""
        raise HookError(HookMessage.EXIT_CODE(code=process.returncode, said=last))


def _end(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)


class SessionHook:
    """Calls a hook with each final text, and at the end with the text of the whole session."""

    def __init__(self, runner: Callable[[], HookRunner | None]) -> None:
        """`runner` returns what calls the hook, None if there is no hook now."""
        self._runner = runner
        self._texts: list[str] = []

    def show(self, event: events.SessionEvent) -> None:
        """Take the next event of a session; from one thread at a time."""
        runner = self._runner()
        if isinstance(event, events.FinalText) and event.text:
            self._texts.append(event.text)
            if runner is not None:
                runner.call(
                    "final",
                    event.text,
                    utterance=event.utterance,
                    start_s=f"{event.start_s:.3f}",
                    end_s=f"{event.end_s:.3f}",
                    confidence=f"{event.confidence:.4f}",
                )
        elif isinstance(event, events.SessionClosed):
            texts, self._texts = self._texts, []
            if runner is not None:
                runner.call("session", "\n".join(texts), utterances=len(texts))
