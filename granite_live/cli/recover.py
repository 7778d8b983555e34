"""`granite-live recover`: finishes sessions that a crash or a full disk left behind."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING

from granite_live.errors import GraniteError

if TYPE_CHECKING:
    from granite_live.live.messages import ModelSpec
    from granite_live.settings import Settings


def recover_sessions(
    model: ModelSpec, settings: Settings, root: Path | None, out: IO[str], err: IO[str]
) -> int:
    """Finish every unfinished session in `root` (None: the program's own).

    Returns the exit code: 0 if nothing is unfinished any more, else 1.

    Raises:
        AudioError: The folder of the sessions cannot be read.
    """
    from granite_live.audio.journal import find_unfinished, open_for_recovery
    from granite_live.cli.keeping import Keeping
    from granite_live.cli.live_view import TextView
    from granite_live.composition import RECOGNISER_FACTORY, SessionSettings, make_cutter
    from granite_live.live.recovery import recover
    from granite_live.transcript.polished_events import polishing

    keeping, chosen = Keeping.of(root, settings), SessionSettings.of(settings)
    show = polishing(chosen.polish, TextView(out, err).show)
    found = find_unfinished(root)
    if not found:
        err.write("Nothing to recover: every session is finished.\n")
        return 0
    left = 0
    for one in found:
        err.write(f"{one.path}: {one.duration_s:.1f} s of sound\n")
        try:
            done = recover(
                open_for_recovery(one.path),
                make_cutter(chosen),
                RECOGNISER_FACTORY,
                model,
                show,
            )
        except GraniteError as error:
            err.write(f"{error}\n")
            left += 1
            continue
        if done.unfinished:
            left += 1
            err.write(f"{one.path}: {done.unfinished} of {done.missing} utterances have no text.\n")
        else:
            err.write(f"{one.path}: finished; {done.missing} utterances were transcribed.\n")
    keeping.tidy(err)
    return 1 if left else 0
