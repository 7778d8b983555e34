"""The requests and answers on the local socket: one JSON object on a line for each.

A request names the version of the protocol, a verb and perhaps an action:

    {"granite_live": 1, "verb": "captions", "action": "show"}

The answer has the state after the command, or why it was not done:

    {"granite_live": 1, "ok": true, "status": {"program": "window", "state": "listening", ...}}
    {"granite_live": 1, "ok": false, "error": "no_session", "message": "Nothing is being ..."}

Later versions may add fields, which are ignored here, but do not change these.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from granite_live.messages.control import ControlMessage

VERSION = 1
MAX_BYTES = 64_000
"""A longer request or answer is refused."""
_KEY = "granite_live"


class Verb(StrEnum):
    """What a running program can be asked to do."""

    TOGGLE = "toggle"
    START = "start"
    STOP = "stop"
    PAUSE = "pause"
    CANCEL = "cancel"
    CAPTIONS = "captions"
    DICTATE = "dictate"
    STATUS = "status"


ACTIONS: Mapping[Verb, tuple[str, ...]] = MappingProxyType(
    {Verb.CAPTIONS: ("show", "hide"), Verb.DICTATE: ("hold", "release")}
)
"""The actions of a verb; without an action it switches between the two."""


class RefusedError(Exception):
    """A request cannot be done. `error` is a code for programs, the message is for users."""

    def __init__(self, message: ControlMessage, **arguments: object) -> None:
        super().__init__(message(**arguments))
        self.error = message.name.lower()


@dataclass(frozen=True, slots=True)
class ControlRequest:
    """A command for the running program."""

    verb: Verb
    action: str = ""

    def to_line(self) -> bytes:
        """Return the request as a line of JSON."""
        fields = {_KEY: VERSION, "verb": str(self.verb)}
        return _line(fields | ({"action": self.action} if self.action else {}))

    @classmethod
    def parse(cls, value: Mapping[str, Any]) -> ControlRequest:
        """Return the request of a JSON object.

        Raises:
            RefusedError: It has another version, or an unknown verb or action.
        """
        version, verb, action = value.get(_KEY), value.get("verb"), value.get("action", "")
        if version != VERSION:
            raise RefusedError(
                ControlMessage.OTHER_VERSION, supported=VERSION, version=str(version)[:20]
            )
        if not isinstance(verb, str) or verb not in set(Verb):
            raise RefusedError(ControlMessage.NOT_A_COMMAND, verb=str(verb)[:40])
        known = Verb(verb)
        if action and action not in ACTIONS.get(known, ()):
            raise RefusedError(ControlMessage.NOT_AN_ACTION, action=str(action)[:40], verb=verb)
        return cls(known, action)


@dataclass(frozen=True, slots=True)
class Status:
    """What the running program does.

    Attributes:
        program: "window" or "listen".
        state: "idle", "starting", "listening", "paused" or "stopping".
        hears: Whether sound arrives from the input.
        captions: Whether captions are shown.
        dictates: Whether the user dictates now.
        pid: The process id.
        version: The version of the program.
    """

    program: str
    state: str
    hears: bool
    captions: bool
    dictates: bool
    pid: int
    version: str


@dataclass(frozen=True, slots=True)
class ControlAnswer:
    """The answer to a request: a status, or an error code with a sentence for the user."""

    status: Status | None = None
    error: str = ""
    message: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the command was done."""
        return self.status is not None

    @classmethod
    def refused(cls, error: RefusedError) -> ControlAnswer:
        """Return the answer for a request that cannot be done."""
        return cls(error=error.error, message=str(error.args[0]))

    def to_line(self) -> bytes:
        """Return the answer as a line of JSON."""
        fields: dict[str, Any] = {_KEY: VERSION, "ok": self.is_done}
        if self.status is not None:
            fields["status"] = asdict(self.status)
        else:
            fields |= {"error": self.error, "message": self.message}
        return _line(fields)

    @classmethod
    def parse(cls, line: bytes) -> ControlAnswer:
        """Return the answer of a line.

        Raises:
            ValueError: The line is no answer.
        """
        fields = json.loads(line)
        if not isinstance(fields, dict) or not isinstance(fields.get("ok"), bool):
            raise ValueError("the line is no answer")
        if not fields["ok"]:
            return cls(error=str(fields.get("error")), message=str(fields.get("message")))
        names = Status.__dataclass_fields__
        try:
            return cls(Status(**{name: fields["status"][name] for name in names}))
        except (KeyError, TypeError) as error:
            raise ValueError("the answer has no status") from error


def _line(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields).encode() + b"\n"
