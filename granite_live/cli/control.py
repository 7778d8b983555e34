"""Commands for a running window or `granite-live listen`: start, stop, pause, captions, dictation.

A desktop's keyboard settings, a window manager or a macro keypad can run them.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from granite_live.cli.exit_status import print_error, run_guarded

if TYPE_CHECKING:
    from granite_live.app.control import ControlAnswer, ControlRequest, Status

EXIT_REFUSED = 1
"""The running program cannot do what was asked now; for `status`: nothing runs."""


def toggle() -> None:
    """Start recording in the running window, or stop it. 'listen' pauses and goes on instead.

    Exit code 0: done. 1: the running program cannot do this now. 2: none is running, or it does
    not answer.
    """
    _leave_with("toggle")


def start() -> None:
    """Start recording in the running window, or go on after a pause.

    Exit code 0: it records. 1: it cannot, and standard error says why. 2: nothing is running, or
    it does not answer.
    """
    _leave_with("start")


def stop() -> None:
    """End the recording of the running window or 'listen'. The last words still get their text.

    Exit code 0: it ends, or nothing was recorded. 2: nothing is running, or it does not answer.
    """
    _leave_with("stop")


def pause() -> None:
    """Pause the recording of the running window or 'listen'; 'start' goes on.

    Exit code 0: it is paused. 1: nothing is recorded. 2: nothing is running, or it does not
    answer.
    """
    _leave_with("pause")


def cancel() -> None:
    """Cancel the dictation: what was said since it began is not typed.

    Exit code 0: done. 1: nothing is being dictated. 2: no window is running, or it does not answer.
    """
    _leave_with("cancel")


def captions(
    show: Annotated[bool, typer.Option("--show", help="Show the captions.")] = False,
    hide: Annotated[bool, typer.Option("--hide", help="Hide the captions.")] = False,
) -> None:
    """Show or hide the captions of the running window.

    Exit code 0: done. 1: 'listen' is running, which has none. 2: nothing is running, or it does
    not answer.
    """
    if show and hide:
        raise typer.BadParameter("give one of --show and --hide")
    _leave_with("captions", "show" if show else "hide" if hide else "")


def dictate(
    hold: Annotated[
        bool, typer.Option("--hold", help="Start dictating, as when a key goes down.")
    ] = False,
    release: Annotated[
        bool, typer.Option("--release", help="End dictating, as when a key comes up.")
    ] = False,
) -> None:
    """Start or end dictating with the running window; the text goes where the focus is.

    Exit code 0: done. 1: 'listen' is running, which cannot do this. 2: nothing is running, or it
    does not answer.
    """
    if hold and release:
        raise typer.BadParameter("give one of --hold and --release")
    _leave_with("dictate", "hold" if hold else "release" if release else "")


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Show what the running window or 'listen' does.

    Exit code 0: one is running. 1: none is. 2: it does not answer.
    """

    def show() -> int:
        from granite_live.app.control import ControlRequest, Verb

        answer = _ask(ControlRequest(Verb.STATUS))
        running = None if answer is None else answer.status
        if running is None:
            sys.stdout.write('{"state": "not_running"}\n' if as_json else "not running\n")
            return EXIT_REFUSED
        sys.stdout.write(f"{json.dumps(asdict(running)) if as_json else _described(running)}\n")
        return 0

    raise typer.Exit(run_guarded(show))


def _described(running: Status) -> str:
    captions = "shown" if running.captions else "hidden"
    lines = [running.state, f"program: {running.program} {running.version}"]
    if running.program == "window":
        lines += [f"captions: {captions}", f"dictation: {'on' if running.dictates else 'off'}"]
    return "\n".join(lines)


def _leave_with(verb: str, action: str = "") -> None:
    def send() -> int:
        from granite_live.app.control import ControlRequest, Verb
        from granite_live.messages.control import ControlMessage
        from granite_live.util.errors import ControlError

        answer = _ask(ControlRequest(Verb(verb), action))
        if answer is None:
            raise ControlError(ControlMessage.NOT_RUNNING())
        if answer.is_done:
            return 0
        print_error(f"error: {answer.message}")
        return EXIT_REFUSED

    raise typer.Exit(run_guarded(send))


def _ask(request: ControlRequest) -> ControlAnswer | None:
    from granite_live.app.control import send_request

    return send_request(request)
