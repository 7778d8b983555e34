"""`granite-live search`: find where something was said in the stored sessions."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from granite_live.cli.exit_status import run_guarded
from granite_live.cli.options import (
    BundlePath,
    Graphs,
    GraphsName,
    Provider,
    Quiet,
    Threads,
    Tier,
    number_parser,
)
from granite_live.cli.signals import StopRequest, run_stoppable
from granite_live.util.printable import printable

if TYPE_CHECKING:
    from granite_live.app.sound_search import SoundSearchResult
    from granite_live.cli.stored_settings import TranscribeRequest

_MAX_LIMIT = 200


def search(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Word or phrase to find.")],
    by_sound: Annotated[
        bool,
        typer.Option(
            "--by-sound", help="Search the recordings, however TEXT was written. Takes minutes."
        ),
    ] = False,
    limit: Annotated[
        int,
        typer.Option(
            parser=number_parser(int, 1, _MAX_LIMIT, "places"),
            metavar="N",
            help=f"Show at most N places, 1 to {_MAX_LIMIT}.",
        ),
    ] = 20,
    bundle: BundlePath = None,
    tier: Tier = None,
    provider: Provider = None,
    threads: Threads = None,
    graphs: Graphs = GraphsName.auto,
    quiet: Quiet = False,
) -> None:
    """Find where something was said in the stored sessions.

    A line of the result has, with tabs between them: the start of the session, the time in its
    recording, a score from 0 to 1 (with --by-sound), and the words that are written there. The best
    places of a search by sound come first.

    Exit code 0: something was found. 1: nothing was found, or some recordings cannot be read. 2:
    the search failed.
    """
    from granite_live.cli.stored_settings import TranscribeRequest

    if not by_sound:
        raise typer.Exit(run_guarded(lambda: print_lines(text, limit, sys.stdout), uses_data=True))
    request = TranscribeRequest(
        (),
        bundle=bundle,
        tier=tier,
        provider=provider,
        threads=threads,
        graphs=graphs,
        quiet=quiet,
    )

    def work(stop: StopRequest) -> int:
        return search_by_sound(text, limit, request, stop, sys.stdout, sys.stderr)

    raise typer.Exit(run_guarded(lambda: run_stoppable(work), uses_data=True))


def print_lines(text: str, limit: int, out: TextIO) -> int:
    """Write the lines that have all words of `text`; return the exit code.

    Raises:
        GraniteError: The sessions cannot be read.
    """
    from granite_live.app.library_sync import open_library, stored_polish, sync_library

    with open_library()[0] as library:
        sync_library(library, stored_polish())
        found = library.search(text, limit=limit)
        for hit in found:
            session = library.session(hit.session_id)
            _write(out, session.started_at, hit.start_s, hit.snippet)
    return 0 if found else 1


def search_by_sound(
    text: str,
    limit: int,
    request: TranscribeRequest,
    stop: StopRequest,
    out: TextIO,
    err: TextIO,
) -> int:
    """Write the places that sound like `text`; return the exit code.

    Raises:
        GraniteError: `text` cannot be a term, or the sessions or the model cannot be used.
        StopRequested: The user stopped the command.
    """
    from granite_live.app.library_sync import open_library, stored_polish, sync_library
    from granite_live.app.sound_search import SoundSearch, sessions_with_sound
    from granite_live.cli.model_loading import load_recognizer
    from granite_live.cli.stored_settings import stored_settings, with_stored_model
    from granite_live.cli.terminal import Messages
    from granite_live.messages.settings import VocabularyMessage
    from granite_live.settings.vocabulary import Term
    from granite_live.util.errors import SettingsError

    notes = Messages(err, quiet=request.quiet)
    try:
        term = Term.parse(text)
    except ValueError as error:
        raise SettingsError(VocabularyMessage.BAD_TERM(text=text[:60], reason=error)) from error
    stored = stored_settings(err)
    with open_library()[0] as library:
        sync_library(library, stored_polish())
    sessions = sessions_with_sound()
    if not sessions:
        notes.warn("No session has its recording, so there is nothing to search.")
        return 1
    request = with_stored_model(request, stored)
    searching = SoundSearch(term, sessions)
    total_s = sum(line.end_s - line.start_s for one in sessions for line in one.lines)
    with load_recognizer(request, notes, stop) as recognizer:
        stop.notify(searching.stop)
        with notes.progress("Searching", total_s) as show:
            result = searching.run(recognizer, lambda share, _found: show(share * total_s))
        stop.check()
    for problem in result.problems:
        notes.warn(problem)
    _write_places(result, limit, out)
    return 0 if result.places and not result.problems else 1


def _write_places(result: SoundSearchResult, limit: int, out: TextIO) -> None:
    for place in result.places[:limit]:
        _write(out, place.session.started_at, place.start_s, place.written, place.score)


def _write(
    out: TextIO, started: datetime, start_s: float, written: str, score: float | None = None
) -> None:
    from granite_live.transcript.export.text_formats import format_clock

    columns = [started.astimezone().strftime("%Y-%m-%d %H:%M"), format_clock(start_s)]
    if score is not None:
        columns.append(f"{score:.2f}")
    out.write("\t".join([*columns, printable(written)]) + "\n")
