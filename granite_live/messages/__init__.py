"""Messages for users: a code, named arguments, and the English sentence made of them.

The modules of this package are the catalog: one class for each part of the program, one member
for each message. Errors, states and notes are messages. They are strings, so that a terminal or
a log takes them as they are; the window translates them by their codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from numbers import Integral, Real
from typing import Any, Self

Argument = str | int | float | Sequence["Argument"]
"""What a message keeps of an argument: a number, a text, a message, or several of them."""

_JOINED = "joined"
"""The code of messages that stand one after the other."""


class Message(str):
    """An English sentence that knows its code and its arguments.

    An argument may be a message itself. Formatting a message into another string, or joining
    strings, yields a plain string, which has no translation: pass messages on as arguments of
    another message, or use `joined`.
    """

    __slots__ = ("arguments", "code")

    code: str
    arguments: Mapping[str, Argument]

    def __new__(cls, text: str, code: str, arguments: Mapping[str, Argument]) -> Self:
        """Make a message of its parts. Call a `MessageCode` or `joined` instead."""
        message = super().__new__(cls, text)
        message.code = code
        message.arguments = arguments
        return message

    def __getnewargs__(self) -> tuple[str, str, Mapping[str, Argument]]:  # type: ignore[override]
        """Return what `pickle` and `copy` need."""
        return self[:], self.code, self.arguments

    def __str__(self) -> str:
        """Return the message itself, so that `str` keeps its code."""
        return self


class MessageCode(Enum):
    """One message of the catalog. The value is its English sentence, a format for its arguments."""

    @property
    def code(self) -> str:
        """The name of the message in all languages, for example ``audio.no_input``."""
        return f"{type(self).__name__.removesuffix('Message').lower()}.{self.name.lower()}"

    def __call__(self, **arguments: object) -> Message:
        """Return the message with its arguments.

        Numbers, texts and messages are kept as they are, errors by their message, and everything
        else by its text. Raises KeyError if an argument is missing.
        """
        kept = {name: _kept(argument) for name, argument in arguments.items()}
        return Message(self.value.format(**kept), self.code, kept)


class ListMessage(MessageCode):
    """Lists within messages."""

    OR = "{first} or {last}"


def joined(messages: Iterable[str], separator: str = " ") -> str:
    """Return messages one after the other, as one message."""
    parts = list(messages)
    if len(parts) == 1:
        return parts[0]
    return Message(separator.join(parts), _JOINED, {"parts": parts, "separator": separator})


def without(message: str, part: str) -> str:
    """Return a message that `joined` made, without one of its parts. "" if it is that part."""
    if message == part:
        return ""
    if not isinstance(message, Message) or message.code != _JOINED:
        return message
    parts = message.arguments["parts"]
    assert isinstance(parts, list)
    return joined((one for one in parts if one != part), str(message.arguments["separator"]))


def has_code(message: str, code: MessageCode) -> bool:
    """Return whether a message is of this code, or was `joined` from one of it."""
    if not isinstance(message, Message):
        return False
    parts = message.arguments["parts"] if message.code == _JOINED else ()
    assert isinstance(parts, list | tuple)
    return message.code == code.code or any(
        isinstance(part, Message) and part.code == code.code for part in parts
    )


def alternatives(texts: Iterable[str]) -> str:
    """Return texts of which the user may choose one, such as ``a, b or c``."""
    *others, last = texts
    return ListMessage.OR(first=", ".join(others), last=last) if others else last


def as_clause(error: object) -> str:
    """Return a message without its final period, to stand within another one."""
    message = str(error)
    text = message.rstrip(".")
    if isinstance(message, Message):
        return Message(text, message.code, message.arguments)
    return text


def replaced(message: str, old: str, new: str) -> str:
    """Return the message with `new` for each `old` in it and its arguments."""
    text = message[:].replace(old, new)
    if not isinstance(message, Message):
        return text
    if message == old:
        return new
    arguments = {
        name: replaced(one, old, new) if isinstance(one, str) else one
        for name, one in message.arguments.items()
    }
    return Message(text, message.code, arguments)


def encoded(value: Any) -> Any:
    """Return JSON values with each message as an object that keeps its code and arguments."""
    if isinstance(value, Message):
        return {"text": value[:], "code": value.code, "arguments": encoded(value.arguments)}
    if isinstance(value, Mapping):
        return {name: encoded(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [encoded(one) for one in value]
    return value


def decoded(value: Any) -> Any:
    """Return the JSON values that `encoded` was given; its tuples are lists."""
    if isinstance(value, list):
        return [decoded(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"text", "code", "arguments"}:
        return Message(value["text"], value["code"], decoded(value["arguments"]))
    return {name: decoded(one) for name, one in value.items()}


def translated(message: str, sentence_of: Callable[[str], str | None]) -> str:
    """Return a message in another language, by its code.

    `sentence_of` returns the sentence of a code, with its arguments in braces. What is no message,
    or has no such sentence, stays as it is.
    """
    if not isinstance(message, Message):
        return message
    arguments = {name: _translated(one, sentence_of) for name, one in message.arguments.items()}
    if message.code == _JOINED:
        parts = arguments["parts"]
        assert isinstance(parts, list)
        text = str(arguments["separator"]).join(map(str, parts))
    else:
        sentence = sentence_of(message.code)
        if sentence is None:
            return message
        text = sentence.format(**arguments)
    return text if message.endswith(".") else text.rstrip(".")  # `as_clause`


def _kept(argument: object) -> Argument:
    if isinstance(argument, str | int | float):
        return argument
    if isinstance(argument, Real):  # of numpy
        return int(argument) if isinstance(argument, Integral) else float(argument)
    return str(argument)


def _translated(argument: Argument, sentence_of: Callable[[str], str | None]) -> Argument:
    if isinstance(argument, str):
        return translated(argument, sentence_of)
    if isinstance(argument, int | float):
        return argument
    return [_translated(one, sentence_of) for one in argument]
