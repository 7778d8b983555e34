"""`granite-live listen`: stream text from a microphone, the system's sound or a file."""

from __future__ import annotations

import logging
import shlex
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self, TextIO

from granite_live.cli.exit_status import EXIT_BROKEN_PIPE, EXIT_INCOMPLETE
from granite_live.cli.live_output import LiveEventOutput
from granite_live.cli.signals import StopRequest
from granite_live.cli.terminal import Messages
from granite_live.settings import Keep, Retention, Settings
from granite_live.util.errors import AudioError
from granite_live.util.printable import printable

if TYPE_CHECKING:
    from rich.console import Console

    from granite_live.audio.devices import DeviceWatcher
    from granite_live.audio.source import AudioSource
    from granite_live.cli.live_output import EventView
    from granite_live.session.events import SessionEvent
    from granite_live.session.messages import ModelSpec
    from granite_live.session.session import Session


_log = logging.getLogger(__name__)


@contextmanager
def input_source(
    device: str | None,
    *,
    system_sound: bool,
    settings: Settings | None = None,
    warn: Callable[[str], object] = _log.warning,
) -> Iterator[AudioSource]:
    """Open a microphone or the system's sound.

    Args:
        device: An id or a part of a name. Only this input is used, even if it disconnects.
        system_sound: Use the default system sound input.
        settings: Select the input if neither is given. While that input is not connected, the
            default is recorded, as in the window.
        warn: Receives a sentence if that is so at the start.

    Raises:
        AudioError: The input does not exist, or this computer cannot record.
    """
    from granite_live.audio.inputs import watch_inputs

    watcher = watch_inputs()
    try:
        if device is None and not system_sound:
            yield _default_input(watcher, settings or Settings(), warn)
        else:
            yield _requested_input(watcher, device)
    finally:
        watcher.close()


@contextmanager
def system_source() -> Iterator[AudioSource]:
    """Open the system's sound, to record it beside a microphone.

    Raises:
        AudioError: This computer cannot record it.
    """
    from granite_live.audio.inputs import watch_inputs

    watcher = watch_inputs()
    try:
        yield _requested_input(watcher, None)
    finally:
        watcher.close()


def _requested_input(watcher: DeviceWatcher, device: str | None) -> AudioSource:
    """Return the named input; None selects the default system sound."""
    from granite_live.audio.capture import open_input
    from granite_live.audio.devices import DeviceKind, find_input

    if device is not None:
        return open_input(watcher, device=find_input(watcher.devices(), device))
    _check_system_sound(watcher)
    return open_input(watcher, kind=DeviceKind.SYSTEM)


def _default_input(
    watcher: DeviceWatcher, settings: Settings, warn: Callable[[str], object]
) -> AudioSource:
    from granite_live.audio.capture import open_input

    wanted = settings.input_device
    for device in watcher.devices():
        if device.id == wanted:
            return open_input(watcher, device=device, allow_default=True)
    if wanted:
        warn(f"The input in your settings, '{wanted}', is not connected: the default is used.")
    if settings.input_kind == "system":
        return _requested_input(watcher, None)
    return open_input(watcher)


@contextmanager
def file_source(
    path: Path, *, realtime: bool, audio_track: int | str | None
) -> Iterator[AudioSource]:
    """Open a recording.

    Raises:
        AudioError: It cannot be read; raised before a session starts.
    """
    from granite_live.audio.file_source import FileSource
    from granite_live.audio.files import open_audio

    open_audio(path, audio_track=audio_track).close()
    yield FileSource(path, realtime=realtime, audio_track=audio_track)


def _check_system_sound(watcher: DeviceWatcher) -> None:
    from granite_live.audio.devices import DeviceKind

    if not any(device.kind is DeviceKind.SYSTEM for device in watcher.devices()):
        raise AudioError(
            "The computer's own sound cannot be recorded here: that takes PulseAudio or PipeWire "
            "on Linux; elsewhere install a loopback device, such as BlackHole on macOS, and "
            "choose it with --device."
        )


# A file's audio exists anyway, so its journal is synced rarely.
_SYNC_FAST_EVERY_S = 10.0


@dataclass(frozen=True, slots=True)
class ListenRequest:
    """The parsed command line; `settings` apply where an option is missing.

    `device` is an id or a part of a name, `keep` "all", "text" or "30-days" for this session.
    `keep_echo` overrides the setting; `as_heard` disables text polishing.
    """

    model: ModelSpec
    settings: Settings = field(default_factory=Settings)
    device: str | None = None
    system_sound: bool = False
    with_system_sound: bool = False
    keep_echo: bool | None = None
    source: Path | None = None
    realtime: bool = False
    audio_track: int | str | None = None
    seconds: float | None = None
    as_json: bool = False
    save: Path | None = None
    keep: str | None = None
    as_heard: bool = False
    hook: str = ""
    hook_url: str = ""


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
    from granite_live.app.factory import make_session
    from granite_live.app.hooks import Hook, SessionHook, start_hook
    from granite_live.audio.journal import Journal
    from granite_live.cli.remote_control import RemoteControl
    from granite_live.cli.stored_settings import session_settings

    notes = Messages(err, quiet=quiet)
    keeping = SessionRetention.from_settings(request.save, request.settings, request.keep)
    keeping.delete_expired(notes)
    chosen = session_settings(request.settings, as_heard=request.as_heard)
    chosen = replace(chosen, keep_sound=keeping.keeps_sound)
    if request.keep_echo is not None:
        chosen = replace(chosen, keep_echo=request.keep_echo)
    hooked = start_hook(Hook(request.hook, request.hook_url), notes.warn)
    view, is_file = _view(request, out, notes), request.source is not None
    with (
        hooked or nullcontext(),
        open_source(request, notes) as source,
        system_source() if request.with_system_sound else nullcontext() as second,
        LiveEventOutput(view, out, notes, is_file=is_file) as output,
    ):
        journal = Journal.create(
            request.save,
            sync_every_s=_sync_every_s(request),
            origin=source.origin,
            keep=None if keeping.override is None else str(keeping.override),
            system_source="" if second is None else second.origin.name,
        )
        try:
            follow = SessionHook(lambda: hooked)

            def show(event: SessionEvent) -> None:
                output.show(event)
                follow.show(event)

            remote = RemoteControl(show)
            session = make_session(source, request.model, journal, remote.show, chosen, second)
        except BaseException:
            journal.discard()
            raise
        stop.notify(session.stop, lambda: session.stop(keep_unfinished=True))
        with remote.controlling(session):
            run(session, request.seconds)
    if session.packing_error:
        notes.warn(session.packing_error)
    what = "session" if keeping.keeps_sound else "session's text"
    notes.info(f"The {what} is kept in {journal.path}.")
    keeping.delete_expired(notes)
    missing = output.missing()
    for sentence in missing:
        notes.warn(sentence)
    if output.is_text_missing:
        where = "" if request.save is None else f" --save {shlex.quote(str(request.save))}"
        notes.warn(f"granite-live recover{where} creates the missing text.")
    if stop.is_abandon_requested:
        return 128 + stop.number
    if output.is_pipe_closed:
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


def open_source(request: ListenRequest, notes: Messages) -> AbstractContextManager[AudioSource]:
    """Open the recording or the input of a request."""
    if request.source is not None:
        return file_source(
            request.source, realtime=request.realtime, audio_track=request.audio_track
        )
    return input_source(
        request.device,
        system_sound=request.system_sound,
        settings=_input_settings(request),
        warn=notes.warn,
    )


def _input_settings(request: ListenRequest) -> Settings:
    """Return the settings that choose the input: a microphone, if the other side is added."""
    if request.with_system_sound and request.settings.input_kind == "system":
        return replace(request.settings, input_kind="microphone", input_device="")
    return request.settings


def _view(request: ListenRequest, out: TextIO, notes: Messages) -> EventView:
    from granite_live.cli.live_output import SIDES, JsonView, TerminalView, TextView

    if request.as_json:
        return JsonView(out)
    sides = SIDES if request.with_system_sound else {}
    if out.isatty():
        from granite_live.cli.terminal import PlainConsole

        return TerminalView(PlainConsole(out), sides)
    return TextView(out, notes, sides)


@dataclass(frozen=True, slots=True)
class SessionRetention:
    """The retention of the sessions in `root` (None: the program's folder).

    The setting applies to the program's folder only; sessions saved elsewhere are deleted only by
    their own retention.
    """

    root: Path | None
    default: Retention
    override: Retention | None = None

    @classmethod
    def from_settings(cls, root: Path | None, settings: Settings, wish: str | None = None) -> Self:
        """Return it for a folder and the option for one session ("text", "7-days").

        Raises:
            SettingsError: The option is invalid.
        """
        parsed = None if wish is None else Retention.parse(wish)
        return cls(root, settings.keep if root is None else Retention(), parsed)

    @property
    def keeps_sound(self) -> bool:
        """Whether the recording of a new session is kept after its end."""
        return (self.override or self.default).keep is not Keep.TEXT

    def delete_expired(self, notes: Messages) -> None:
        """Delete expired sessions; report what cannot be deleted."""
        from granite_live.audio.journal import sessions_dir
        from granite_live.audio.journal.retention import apply_retention

        root = sessions_dir() if self.root is None else self.root
        try:
            outcome = apply_retention(root, self.default)
        except OSError as error:
            notes.warn(f"The sessions in '{root}' cannot be searched ({error.strerror}).")
            return
        for failure in outcome.failures:
            notes.warn(failure)


def show_devices(console: Console) -> int:
    """Print the inputs with the defaults marked; return the exit code (1 for no input).

    Raises:
        AudioError: The sound system does not answer.
    """
    from rich.table import Table
    from rich.text import Text

    from granite_live.audio.inputs import list_inputs

    devices = list_inputs()
    if not devices:
        console.print("No inputs: plug in a microphone, or start the sound server.")
        return 1
    table = Table(box=None, pad_edge=False)
    for title in ("", "Name", "Hears", "Rate", "Channels", "Id"):
        table.add_column(title, overflow="fold")
    for device in devices:
        table.add_row(
            "*" if device.is_default else "",
            Text(printable(device.name) + (" (muted)" if device.is_muted else "")),
            device.kind.value,
            f"{device.sample_rate_hz:,} Hz",
            str(device.channels),
            Text(printable(device.id)),
        )
    console.print(table)
    console.print("* is the default of its kind.")
    return 0
