"""Messages about hooks: commands and addresses that get texts."""

from __future__ import annotations

from granite_live.messages import MessageCode


class HookMessage(MessageCode):
    """A hook cannot be called, or its call failed."""

    BAD_COMMAND = "The command '{command}' of the hook cannot be read ({reason}): check its quotes."
    BAD_URL = (
        "The address '{url}' of the hook is not one of this computer: use one such as "
        "http://127.0.0.1:8000/text."
    )
    FAILED = (
        "The hook failed for a {kind} ({reason}): check what it calls. Further failures are not "
        "shown."
    )
    TOO_SLOW = (
        "The hook is too slow: {count} texts wait, and further ones are not passed on until it "
        "catches up."
    )
    TIME_LIMIT = "no end after {seconds:.0f} s"
    EXIT_CODE = "exit code {code} {said}"
    BAD_ANSWER = "no valid answer: {reason}"
