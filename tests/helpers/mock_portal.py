"""A private session bus, and portals on it that answer as they are told.

No desktop runs where the tests do. These portals follow the published interfaces, so they show that
the program speaks as those say, not that a certain desktop does.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from typing import Any

import pytest

from granite_live.util.lifecycle import ReportingThread
from helpers.waiting import WAIT_S

pytest.importorskip("jeepney", reason="Linux only")

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NAME = "org.freedesktop.portal.Desktop"
_OBJECT = "/org/freedesktop/portal/desktop"
_PREFIX = "org.freedesktop.portal"
_KEYBOARD_AND_POINTER = 3


@contextmanager
def private_bus() -> Iterator[str]:
    """Run a bus for this test; yield its address."""
    program = shutil.which("dbus-daemon")
    if program is None:
        pytest.skip("dbus-daemon is not installed")
    daemon = subprocess.Popen(
        [program, "--session", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
    finally:
        daemon.terminate()
        daemon.communicate(timeout=WAIT_S)


class MockPortal:
    """The portals for shortcuts and for typing. `calls` has each call's name and arguments."""

    def __init__(self, address: str) -> None:
        self.calls: Queue[tuple[str, tuple[Any, ...]]] = Queue()
        self.keys: list[int] = []
        """The keysyms that were pressed."""
        self.refused: set[str] = set()
        """The requests that the user refuses."""
        self.failing: set[str] = set()
        """The calls that fail."""
        self.unanswered: set[str] = set()
        """The requests whose dialog stays open."""
        self.properties = {
            "version": ("u", 1),
            "AvailableDeviceTypes": ("u", _KEYBOARD_AND_POINTER),
        }
        self.token = "token-1"
        self._session, self._client = "", ""
        self._bus: DBusConnection = open_dbus_connection(address)
        self._bus.send_and_get_reply(message_bus.RequestName(NAME))
        self._thread = ReportingThread(self._run, name="mock portal")
        self._thread.start()

    def close(self) -> None:
        self._bus.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._bus.close()

    def signal(self, interface: str, member: str, signature: str, *body: object) -> None:
        """Send a signal to the client of the last session."""
        self._send(_OBJECT, f"{_PREFIX}.{interface}", member, signature, body)

    def press(self) -> None:
        """The user presses the shortcut."""
        self.signal("GlobalShortcuts", "Activated", "osta{sv}", self._session, "dictate", 1, {})

    def release(self) -> None:
        """The user releases it."""
        self.signal("GlobalShortcuts", "Deactivated", "osta{sv}", self._session, "dictate", 2, {})

    def end_session(self) -> None:
        """The user revokes the permission."""
        self._send(self._session, f"{_PREFIX}.Session", "Closed", "", ())

    def wait_for(self, method: str) -> tuple[Any, ...]:
        """Return the arguments of the next call of a method."""
        while True:
            name, body = self.calls.get(timeout=WAIT_S)
            if name == method:
                return body

    def _run(self) -> None:
        try:
            while True:
                self._answer(self._bus.receive())
        except OSError:
            return

    def _answer(self, call: Message) -> None:
        fields = call.header.fields
        if call.header.message_type is not MessageType.method_call:
            return
        method, body = fields[HeaderFields.member], call.body
        self._client = fields[HeaderFields.sender]
        self.calls.put((method, body))
        if method == "Get" and body[1] in self.properties:
            self._bus.send(new_method_return(call, "v", (self.properties[body[1]],)))
        elif method == "Register":
            self._bus.send(new_method_return(call))
        elif method in self.failing or method == "Get":
            self._bus.send(new_error(call, f"{NAME}.Error.Failed", "s", ("No such thing",)))
        elif method == "NotifyKeyboardKeysym":
            if body[3] == 1:
                self.keys.append(body[2])
            self._bus.send(new_method_return(call))
        else:
            self._request(call, method, body)

    def _request(self, call: Message, method: str, body: tuple[Any, ...]) -> None:
        """Answer a request by its path, then with the signal `Response`."""
        options = body[-1]
        sender = self._client[1:].replace(".", "_")
        path = f"{_OBJECT}/request/{sender}/{options['handle_token'][1]}"
        self._bus.send(new_method_return(call, "o", (path,)))
        results: dict[str, tuple[str, object]] = {}
        if method == "CreateSession":
            self._session = f"{_OBJECT}/session/{sender}/{options['session_handle_token'][1]}"
            results["session_handle"] = "s", self._session
        elif method == "Start":
            results = {"devices": ("u", 1), "restore_token": ("s", self.token)}
        if method not in self.unanswered:
            answer = (1, {}) if method in self.refused else (0, results)
            self._send(path, f"{_PREFIX}.Request", "Response", "ua{sv}", answer)

    def _send(
        self, path: str, interface: str, member: str, signature: str, body: tuple[object, ...]
    ) -> None:
        emitter = DBusAddress(path, interface=interface)
        signal = new_signal(emitter, member, signature or None, body)
        signal.header.fields[HeaderFields.destination] = self._client
        self._bus.send(signal)
