"""`granite-live recover`: finish sessions that a crash or a full disk left unfinished."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from granite_live.cli.exit_status import EXIT_BROKEN_PIPE, EXIT_INCOMPLETE
from granite_live.cli.live_output import LiveEventOutput
from granite_live.cli.signals import StopRequest
from granite_live.cli.terminal import Messages
from granite_live.util.errors import GraniteError

if TYPE_CHECKING:
    from granite_live.app.factory import SessionSettings
    from granite_live.audio.journal import UnfinishedSession
    from granite_live.session.messages import ModelSpec
    from granite_live.settings import Settings


def recover_sessions(
    model: ModelSpec,
    settings: Settings,
    root: Path | None,
    stop: StopRequest,
    out: TextIO,
    err: TextIO,
    *,
    keep_echo: bool | None = None,
    quiet: bool = False,
) -> int:
    """Finish every unfinished session in `root` (None: the program's folder).

    `keep_echo` overrides the setting. A stop request leaves the current and the remaining sessions
    unfinished.

    Returns:
        The exit code: 0 if nothing is unfinished, 1 if something is or texts could not be written,
            141 if the reader of `out` has closed it.

    Raises:
        AudioError: The sessions folder cannot be read.
        StopRequested: The user stopped the command.
    """
    from granite_live.app.factory import SessionSettings
    from granite_live.audio.journal import find_unfinished
    from granite_live.cli.listen import SessionRetention
    from granite_live.cli.live_output import TextView

    notes = Messages(err, quiet=quiet)
    if keep_echo is not None:
        settings = replace(settings, keep_echo=keep_echo)
    keeping, chosen = SessionRetention.from_settings(root, settings), SessionSettings.of(settings)
    found = find_unfinished(root)
    if not found:
        notes.info("Nothing to recover: every session is finished.")
        return 0
    left = 0
    with LiveEventOutput(TextView(out, notes), out, notes) as output:
        for one in found:
            stop.check()
            left += not _recover(one, model, chosen, stop, output, notes)
    stop.check()
    keeping.delete_expired(notes)
    if output.is_pipe_closed:
        return EXIT_BROKEN_PIPE
    return EXIT_INCOMPLETE if left or output.failure else 0


def _recover(
    one: UnfinishedSession,
    model: ModelSpec,
    chosen: SessionSettings,
    stop: StopRequest,
    output: LiveEventOutput,
    notes: Messages,
) -> bool:
    """Finish one session; return whether it is complete."""
    from granite_live.app.factory import RECOGNIZER_FACTORY, echo_remover, make_segmenter
    from granite_live.app.listeners import polish_events
    from granite_live.audio.journal import open_for_recovery
    from granite_live.session.recovery import RecoveryCancellation, recover

    notes.info(f"{one.path}: {one.duration_s:.1f} s of sound")
    interruption = RecoveryCancellation()
    stop.notify(interruption.cancel)
    try:
        done = recover(
            open_for_recovery(one.path),
            make_segmenter(chosen),
            RECOGNIZER_FACTORY,
            model,
            polish_events(chosen.polish, output.show),
            cancellation=interruption,
            remove_echo=echo_remover(chosen),
        )
    except GraniteError as error:
        notes.error(str(error))
        return False
    if not done.is_searched:
        notes.warn(f"{one.path}: not finished; it was stopped before all speech was detected.")
        return False
    if done.unfinished:
        notes.warn(f"{one.path}: {done.unfinished} of {done.missing} utterances have no text.")
        return False
    notes.info(f"{one.path}: finished; {done.missing} utterances were transcribed.")
    return True
