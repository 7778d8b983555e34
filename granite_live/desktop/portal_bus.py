"""Requests to the XDG desktop portals, by which a Wayland desktop grants what it else forbids."""

from __future__ import annotations

import contextlib
import itertools
import secrets
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from granite_live.messages.desktop import PortalMessage
from granite_live.util.errors import GraniteError
from granite_live.util.lifecycle import Closeable, summarize_error

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.blocking import DBusConnection

PORTAL = "org.freedesktop.portal.Desktop"
APP_ID = "granite-live"
"""The name of the desktop entry, by which the desktop remembers what it granted."""
_OBJECT = "/org/freedesktop/portal/desktop"
_REQUEST = "org.freedesktop.portal.Request"
_SESSION = "org.freedesktop.portal.Session"
_REGISTRY = "org.freedesktop.host.portal.Registry"
_BUS = "org.freedesktop.DBus"
_REPLY_S = 25.0
"""D-Bus's usual limit for an answer without a dialog."""
DIALOG_S = 120.0
"""How long the user has to answer the desktop's dialog."""
_MAX_UNREAD = 1000

Options = Mapping[str, tuple[str, object]]
"""A D-Bus a{sv}: the type and the value of each option."""


class PortalError(GraniteError):
    """The portal is missing, does not answer, or refuses."""


class PortalConnection(Closeable):
    """A connection to the portals. For one thread at a time, except `abort`."""

    def __init__(self, address: str = "SESSION") -> None:
        """Connect to the session bus, or to the bus at an address such as "unix:path=/tmp/bus".

        Raises:
            PortalError: There is no bus, or no portal on it.
        """
        from jeepney.io.blocking import open_dbus_connection

        self._numbers = itertools.count(1)
        self._signals: deque[Message] = deque(maxlen=_MAX_UNREAD)
        self._is_aborted = threading.Event()
        try:
            self._bus: DBusConnection = open_dbus_connection(address)
        except (OSError, KeyError, RuntimeError, ValueError) as error:
            raise PortalError(PortalMessage.NO_BUS(reason=summarize_error(error))) from error
        try:
            self._connect()
        except BaseException:
            self._bus.close()
            raise

    def close(self) -> None:
        """Disconnect, which ends all sessions with the portals."""
        self._bus.close()

    def abort(self) -> None:
        """Make the call in another thread, and all later ones, raise `PortalError`."""
        self._is_aborted.set()
        with contextlib.suppress(OSError):  # disconnected already
            self._bus.sock.shutdown(socket.SHUT_RDWR)

    def property(self, interface: str, name: str) -> Any:
        """Return a property of a portal.

        Raises:
            PortalError: The portal is missing.
        """
        body = f"org.freedesktop.portal.{interface}", name
        (found,) = self._call(_OBJECT, f"{_BUS}.Properties", "Get", "ss", body)
        return found[1]

    def open_session(self, interface: str) -> str:
        """Return the handle of a new session.

        Raises:
            PortalError: See `request`.
        """
        token = ("s", f"granite{secrets.token_hex(8)}")
        results = self.request(interface, "CreateSession", options={"session_handle_token": token})
        return str(results["session_handle"][1])

    def request(
        self,
        interface: str,
        method: str,
        signature: str = "",
        body: tuple[object, ...] = (),
        options: Options | None = None,
        timeout_s: float = _REPLY_S,
    ) -> dict[str, tuple[str, Any]]:
        """Make a request and return its results, for which the portal may ask the user.

        Args:
            interface: The portal, such as "GlobalShortcuts".
            method: The method.
            signature: The D-Bus signature of `body`.
            body: The arguments before the options.
            options: The options without the request's handle.
            timeout_s: The time limit.

        Raises:
            PortalError: The portal is missing, does not answer, or the user refuses.
        """
        from jeepney import HeaderFields

        until_s = time.monotonic() + timeout_s
        token = f"granite{next(self._numbers)}"
        sender = self._bus.unique_name[1:].replace(".", "_")
        # Old portals return another path than the one that can be predicted since 0.9.
        paths = {f"{_OBJECT}/request/{sender}/{token}"}
        given = {"handle_token": ("s", token), **(options or {})}
        with self._receiving(_REQUEST, "Response") as responses:
            paths.add(self.call(interface, method, f"{signature}a{{sv}}", (*body, given))[0])
            while True:
                answer = self._next(responses, until_s - time.monotonic())
                if answer.header.fields[HeaderFields.path] in paths:
                    break
        code, results = answer.body
        if code != 0:
            raise PortalError(PortalMessage.REFUSED())
        return dict(results)

    def call(
        self, interface: str, method: str, signature: str, body: tuple[object, ...]
    ) -> tuple[Any, ...]:
        """Call a method of a portal that needs no answer of the user.

        Raises:
            PortalError: It failed.
        """
        name = f"org.freedesktop.portal.{interface}"
        return self._call(_OBJECT, name, method, signature, body)

    def signals(self, interface: str, session: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Yield the (name, arguments) of the session's signals until it ends.

        Raises:
            PortalError: The connection is lost.
        """
        from jeepney import HeaderFields

        name = f"org.freedesktop.portal.{interface}"
        with (
            self._receiving(name, queue=self._signals),
            self._receiving(_SESSION, "Closed", queue=self._signals),
            self._receiving(_BUS, "NameOwnerChanged", sender=_BUS, queue=self._signals),
        ):
            while True:
                signal = self._next(self._signals, None)
                fields = signal.header.fields
                kind = fields[HeaderFields.interface]
                if kind == _BUS and signal.body[0] == PORTAL:
                    return  # the portal has ended
                if kind == _SESSION and fields[HeaderFields.path] == session:
                    return
                if kind == name and signal.body[0] == session:
                    yield fields[HeaderFields.member], signal.body

    def _connect(self) -> None:
        """Find the portal or start it; receive its signals and the news of its end."""
        try:
            self._portal = self._owner()
        except PortalError:
            self._call_bus("StartServiceByName", "su", (PORTAL, 0))
            self._portal = self._owner()
        for rule in (
            f"type='signal',sender='{PORTAL}'",
            f"type='signal',sender='{_BUS}',member='NameOwnerChanged',arg0='{PORTAL}'",
        ):
            self._call_bus("AddMatch", "s", (rule,))
        with contextlib.suppress(PortalError):  # in a sandbox, and before version 1.20
            self._call(_OBJECT, _REGISTRY, "Register", "sa{sv}", (APP_ID, {}))

    def _owner(self) -> str:
        """Return the unique name of the portal, which no other program can have."""
        return str(self._call_bus("GetNameOwner", "s", (PORTAL,))[0])

    def _call_bus(self, method: str, signature: str, body: tuple[object, ...]) -> tuple[Any, ...]:
        return self._call("/org/freedesktop/DBus", _BUS, method, signature, body, name=_BUS)

    def _call(
        self,
        path: str,
        interface: str,
        method: str,
        signature: str,
        body: tuple[object, ...],
        *,
        name: str = PORTAL,
    ) -> tuple[Any, ...]:
        from jeepney import DBusAddress, MessageType, new_method_call

        address = DBusAddress(path, name, interface)
        message = new_method_call(address, method, signature or None, body)
        try:
            reply = self._bus.send_and_get_reply(message, timeout=_REPLY_S)
        except (OSError, ValueError) as error:
            raise self._lost(error) from error
        if reply.header.message_type is MessageType.error:
            reason = str(reply.body[0]) if reply.body else method
            raise PortalError(PortalMessage.FAILED(reason=reason))
        found: tuple[Any, ...] = reply.body
        return found

    @contextlib.contextmanager
    def _receiving(
        self,
        interface: str,
        member: str | None = None,
        sender: str = "",
        queue: deque[Message] | None = None,
    ) -> Iterator[deque[Message]]:
        """Collect the signals of the portal: other programs must not be able to make them up."""
        from jeepney import MatchRule

        rule = MatchRule(
            type="signal", sender=sender or self._portal, interface=interface, member=member
        )
        received: deque[Message] = deque(maxlen=_MAX_UNREAD) if queue is None else queue
        with self._bus.filter(rule, queue=received):
            yield received

    def _next(self, queue: deque[Message], timeout_s: float | None) -> Message:
        try:
            limit_s = None if timeout_s is None else max(0.0, timeout_s)
            return self._bus.recv_until_filtered(queue, timeout=limit_s)
        except (OSError, ValueError) as error:
            raise self._lost(error) from error

    def _lost(self, error: Exception) -> PortalError:
        if self._is_aborted.is_set():
            return PortalError(PortalMessage.CLOSED())
        if isinstance(error, TimeoutError):
            return PortalError(PortalMessage.NO_ANSWER())
        return PortalError(PortalMessage.FAILED(reason=summarize_error(error)))
