"""`granite-live listen`: live text from a microphone, the system's sound or a file."""

from __future__ import annotations

import shlex
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from granite_live.cli.boundary import EXIT_BROKEN_PIPE, EXIT_INCOMPLETE
from granite_live.cli.live_output import LiveOutput
from granite_live.cli.notes import Notes
from granite_live.cli.signals import StopRequest
from granite_live.cli.sources import file_source, input_source
from granite_live.settings import Settings

if TYPE_CHECKING:
    from granite_live.audio.source import Source
    from granite_live.cli.live_view import View
    from granite_live.session.messages import ModelSpec
    from granite_live.session.session import Session

# A file's audio exists anyway, so its journal is synced rarely.
_SYNC_FAST_EVERY_S = 10.0


@dataclass(frozen=True, slots=True)
class ListenRequest:
    """The parsed command line; `settings` apply where an option is missing.

    `device` is an id or a part of a name, `keep` "all", "text" or "30-days" for this session.
    `as_heard` disables text polishing.
    """

    model: ModelSpec
    settings: Settings = field(default_factory=Settings)
    device: str | None = None
    system_sound: bool = False
    source: Path | None = None
    realtime: bool = False
    audio_track: int | str | None = None
    seconds: float | None = None
    as_json: bool = False
    save: Path | None = None
    keep: str | None = None
    as_heard: bool = False


def listen(
    request: ListenRequest, stop: StopRequest, out: TextIO, err: TextIO, *, quiet: bool = False
) -> int:
    """Run a session until its source ends, the time is up, or `stop` is requested.

    The first request stops capturing and waits for the remaining text; the second leaves it to
    `granite-live recover`.

    Returns:
        The exit code: 0 if all text was written, 1 if text or audio is missing, 141 if the reader
            of `out` has closed it, 128 + the signal after the second request.

    Raises:
        GraniteError: The device or file does not exist, or the session cannot be recorded.
    """
    from granite_live.app.composition import make_session
    from granite_live.audio.journal import Journal
    from granite_live.cli.keeping import Keeping
    from granite_live.cli.stored import session_settings

    notes = Notes(err, quiet=quiet)
    keeping = Keeping.of(request.save, request.settings, request.keep)
    keeping.tidy(notes)
    chosen = session_settings(request.settings, as_heard=request.as_heard)
    chosen = replace(chosen, keep_sound=keeping.keeps_sound)
    view, is_file = _view(request, out, notes), request.source is not None
    with (
        _source(request, notes) as source,
        LiveOutput(view, out, notes, is_file=is_file) as output,
    ):
        journal = Journal.create(
            request.save,
            sync_every_s=_sync_every_s(request),
            origin=source.origin,
            keep=None if keeping.wish is None else str(keeping.wish),
        )
        try:
            session = make_session(source, request.model, journal, output.show, chosen)
        except BaseException:
            journal.discard()
            raise
        stop.notify(session.stop, lambda: session.stop(keep_unfinished=True))
        run(session, request.seconds)
    if session.unpacked:
        notes.warn(session.unpacked)
    what = "session" if keeping.keeps_sound else "session's text"
    notes.say(f"The {what} is kept in {journal.path}.")
    keeping.tidy(notes)
    missing = output.missing()
    for sentence in missing:
        notes.warn(sentence)
    if output.is_text_missing:
        where = "" if request.save is None else f" --save {shlex.quote(str(request.save))}"
        notes.warn(f"granite-live recover{where} makes the missing text.")
    if stop.is_urgent:
        return 128 + stop.number
    if output.is_reader_gone:
        return EXIT_BROKEN_PIPE
    return EXIT_INCOMPLETE if missing else 0


def _sync_every_s(request: ListenRequest) -> float:
    from granite_live.audio.journal.recording import SYNC_EVERY_S

    # A file exists anyway: syncing every second would make the disk the bottleneck.
    fast = request.source is not None and not request.realtime
    return _SYNC_FAST_EVERY_S if fast else SYNC_EVERY_S


def run(session: Session, seconds: float | None) -> None:
    """Start the session, stop it after `seconds`, and wait for its end."""
    session.start()
    if seconds is None or not session.join(seconds):
        if seconds is not None:
            session.stop()
        session.join()


def _source(request: ListenRequest, notes: Notes) -> AbstractContextManager[Source]:
    if request.source is not None:
        return file_source(
            request.source, realtime=request.realtime, audio_track=request.audio_track
        )
    return input_source(
        request.device,
        system_sound=request.system_sound,
        settings=request.settings,
        warn=notes.warn,
    )


def _view(request: ListenRequest, out: TextIO, notes: Notes) -> View:
    from granite_live.cli.live_view import JsonView, TerminalView, TextView

    if request.as_json:
        return JsonView(out)
    if out.isatty():
        from granite_live.cli.console import PlainConsole

        return TerminalView(PlainConsole(out))
    return TextView(out, notes)
