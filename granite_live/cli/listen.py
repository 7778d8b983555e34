"""`granite-live listen`: from a microphone, the system's sound or a file to a stream of text."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from granite_live.cli.boundary import drop_stdout
from granite_live.cli.sources import file_source, input_source
from granite_live.settings import Settings

if TYPE_CHECKING:
    from granite_live.audio.source import Source
    from granite_live.cli.live_view import View
    from granite_live.live.events import Event
    from granite_live.live.messages import ModelSpec
    from granite_live.live.session import Session

# Windows does not interrupt a thread that waits for another without end; so Ctrl-C is
# looked for this often. Nothing else depends on it.
_INTERRUPTIBLE_S = 1.0
# How much of a file's sound may be on its way to the disk.
_SYNC_FAST_EVERY_S = 10.0


@dataclass(frozen=True, slots=True)
class ListenRequest:
    """What the user asked for; what is not asked for is as `settings` say.

    `device` is an id or a part of a name, `keep` "all", "text" or "30-days", for this session
    only. With `as_heard` texts stay the model's.
    """

    model: ModelSpec
    settings: Settings = field(default_factory=Settings)
    device: str | None = None
    system_sound: bool = False
    source: Path | None = None
    realtime: bool = False
    seconds: float | None = None
    as_json: bool = False
    save: Path | None = None
    keep: str | None = None
    as_heard: bool = False


def listen(request: ListenRequest, out: IO[str], err: IO[str]) -> int:
    """Run a session until its source ends, the time is up, or Ctrl-C; return the exit code.

    Raises:
        GraniteError: There is no such device or file, or no session can be recorded.
    """
    from granite_live.audio.journal import Journal
    from granite_live.cli.keeping import Keeping
    from granite_live.cli.stored import session_settings
    from granite_live.composition import make_session

    keeping = Keeping.of(request.save, request.settings, request.keep)
    keeping.tidy(err)
    chosen = session_settings(request.settings, as_heard=request.as_heard)
    chosen = replace(chosen, keep_sound=keeping.keeps_sound)
    with _source(request, err) as source, _view(request, out, err) as view:
        journal = Journal.create(
            request.save,
            sync_every_s=_sync_every_s(request),
            origin=source.origin,
            keep=None if keeping.wish is None else str(keeping.wish),
        )
        try:
            session = make_session(source, request.model, journal, quietly(view.show), chosen)
        except BaseException:
            journal.close()
            raise
        code = run(session, request.seconds, err)
    if session.unpacked:
        err.write(session.unpacked + "\n")
    what = "session" if keeping.keeps_sound else "session's text"
    err.write(f"The {what} is kept in {journal.path}.\n")
    keeping.tidy(err)
    return code


def _sync_every_s(request: ListenRequest) -> float:
    from granite_live.audio.journal.recording import SYNC_EVERY_S

    # A recording is there anyway: waiting for the disk at every second of it would only
    # make the disk the slowest part.
    fast = request.source is not None and not request.realtime
    return _SYNC_FAST_EVERY_S if fast else SYNC_EVERY_S


def run(session: Session, seconds: float | None, err: IO[str]) -> int:
    """Start the session, wait for its end, and return 0, or 130 after Ctrl-C twice.

    The first Ctrl-C stops listening and lets the text of what was said come; the second
    leaves that to `granite-live recover`.
    """
    session.start()
    until_s = None if seconds is None else time.monotonic() + seconds
    interrupted = 0
    while True:
        try:
            wait_s = _INTERRUPTIBLE_S
            if until_s is not None:
                wait_s = max(0.0, min(wait_s, until_s - time.monotonic()))
            if session.join(wait_s):
                return 130 if interrupted > 1 else 0
            if until_s is not None and time.monotonic() >= until_s:
                until_s = None
                session.stop()
        except KeyboardInterrupt:
            interrupted += 1
            until_s = None
            if interrupted > 1:
                err.write("Left as it is: 'granite-live recover' makes the missing text.\n")
            session.stop(keep_unfinished=interrupted > 1)


def _source(request: ListenRequest, err: IO[str]) -> AbstractContextManager[Source]:
    if request.source is not None:
        return file_source(request.source, realtime=request.realtime)
    return input_source(
        request.device,
        system_sound=request.system_sound,
        settings=request.settings,
        warn=lambda sentence: err.write(sentence + "\n"),
    )


@contextmanager
def _view(request: ListenRequest, out: IO[str], err: IO[str]) -> Iterator[View]:
    from granite_live.cli.live_view import JsonView, TerminalView, TextView

    view: View
    if request.as_json:
        view = JsonView(out)
    elif out.isatty():
        from rich.console import Console

        view = TerminalView(Console(file=out))
    else:
        view = TextView(out, err)
    try:
        yield view
    finally:
        view.close()


def quietly(show: Callable[[Event], None]) -> Callable[[Event], None]:
    """Return `show` so that a reader who went away (a closed pipe) ends only the showing.

    The session goes on: what is said is still recorded and transcribed.
    """
    gone = False

    def shown(event: Event) -> None:
        nonlocal gone
        if gone:
            return
        try:
            show(event)
        except BrokenPipeError:
            gone = True
            drop_stdout()

    return shown
