"""Messages about other programs: commands for a running program, and hooks called by it."""

from __future__ import annotations

from granite_live.messages import MessageCode


class SocketMessage(MessageCode):
    """The local socket of the window or of `granite-live listen`."""

    FOLDER_UNUSABLE = (
        "The folder '{folder}' for the window's socket cannot be used ({reason}): set "
        "XDG_RUNTIME_DIR to a folder of yours."
    )
    FOLDER_NOT_OWN = (
        "The folder '{folder}' for the window's socket is a link or another user's: set "
        "XDG_RUNTIME_DIR to a folder of yours."
    )
    NOT_MADE = (
        "The socket '{path}' cannot be made ({reason}): look whether its folder is yours and has "
        "room."
    )
    OTHER_USER = (
        "The socket '{path}' belongs to a program of another user, who is not told which files "
        "you open: remove it, or set XDG_RUNTIME_DIR to a folder of yours."
    )
    NO_ANSWER = (
        "Another window of Granite Live is open but did not answer within {seconds:.0f} s: close "
        "it, or end that program, and start again."
    )
    FILES_NOT_OPENED = (
        "Another window of Granite Live is open but did not answer within {seconds:.0f} s, so it "
        "did not open the files: close it, or end that program, and start again."
    )


class ControlMessage(MessageCode):
    """A command for the running program."""

    NOT_RUNNING = (
        "Granite Live is not running: open its window, or run 'granite-live listen', and try again."
    )
    OTHER_USER = (
        "The socket '{path}' belongs to a program of another user: remove it, or set "
        "XDG_RUNTIME_DIR to a folder of yours."
    )
    NO_ANSWER = (
        "The running Granite Live did not answer within {seconds:.0f} s: try again, or end it if "
        "it hangs."
    )
    NOT_UNDERSTOOD = (
        "The running Granite Live did not understand the command: end it and start it again, so "
        "that both are of the same version."
    )
    OTHER_VERSION = (
        "The running Granite Live understands version {supported} of commands, not {version}: end "
        "it and start it again."
    )
    NOT_A_COMMAND = "'{verb}' is not a command of Granite Live."
    NOT_AN_ACTION = "'{action}' is not an action of the command {verb}."
    NO_SESSION = "Nothing is being recorded: run 'granite-live start' first."
    STOPPING = "The last session is still ending: try again in a moment."
    NO_DICTATION = "There is no dictation to cancel."
    WINDOW_ONLY = "'granite-live listen' cannot do this: open the window for the command {verb}."


class ServerMessage(MessageCode):
    """The service for other programs."""

    LIBRARIES_MISSING = (
        "The service needs libraries that are not installed. Install them with: {python} -m pip "
        "install {names}"
    )
    PORT_UNUSABLE = (
        "The port {port} of {address} cannot be used ({reason}): choose another port, or end the "
        "program that uses it."
    )
    NO_NETWORK = (
        "This computer has no address in a local network: connect it to one, then try again."
    )
    NO_CONSENT = (
        "--lan shows the captions to other devices, so it asks first: run it in a terminal, or "
        "add --yes."
    )
    DEFECT = "The service ended because of a defect ({reason}): switch it on again."
    TOKEN_UNUSABLE = (
        "The token of the service in '{path}' cannot be read or written ({reason}): check the "
        "permissions."
    )
    CLOSING = "The service is closing: the recording was not transcribed."
    TOKEN_EMPTY = "The file '{path}' has no token: delete it, so that a new one is made."
    FOLDER_UNUSABLE = (
        "The folder '{folder}' of the service cannot be used ({reason}): check its permissions."
    )


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
