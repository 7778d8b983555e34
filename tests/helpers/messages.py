"""Compare a text with a message of the catalog, so that tests do not repeat its sentences."""

from __future__ import annotations

import re
import string

from granite_live.messages import MessageCode


def arguments_of(sentence: str) -> tuple[str, ...]:
    """Return the names of the arguments in a sentence, each once, in their order."""
    names = (name for _text, name, _spec, _conversion in string.Formatter().parse(sentence))
    return tuple(dict.fromkeys(name for name in names if name))


class _Value:
    """An argument in a sentence: a mark that is replaced by a pattern."""

    def __init__(self, mark: str) -> None:
        self._mark = mark

    def __format__(self, spec: str) -> str:
        return self._mark

    def __repr__(self) -> str:
        return self._mark


def sentence(message: MessageCode, **arguments: object) -> re.Pattern[str]:
    """Return a pattern that finds a message of the catalog within a text.

    An argument may be a pattern itself. Arguments that are not given may have any value. The final
    period of the message may be missing, because it may be a clause of another one.
    """
    names = arguments_of(message.value)
    assert arguments.keys() <= set(names), f"{message.code} has the arguments {names}"
    values = dict(arguments)
    patterns = {}
    for number, name in enumerate(names):
        value = arguments.get(name, re.compile(".*"))
        if isinstance(value, re.Pattern):
            mark = chr(0xE000 + number)  # for private use
            values[name], patterns[mark] = _Value(mark), value.pattern
    text = re.escape(message.value.format(**values).rstrip("."))
    for mark, pattern in patterns.items():
        text = text.replace(mark, f"(?:{pattern})")
    return re.compile(text, re.DOTALL)


def shows(text: object, message: MessageCode, **arguments: object) -> bool:
    """Say whether a text has a message of the catalog in it. See `sentence`."""
    return sentence(message, **arguments).search(str(text)) is not None
