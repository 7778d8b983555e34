"""`granite-live serve`: transcription for other programs on this computer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from granite_live.cli.exit_status import EXIT_INCOMPLETE, run_guarded
from granite_live.cli.options import (
    AsHeard,
    BundlePath,
    EditingPasses,
    Graphs,
    GraphsName,
    Provider,
    Quiet,
    SkipEditor,
    Threads,
    Tier,
    VocabularyFile,
    number_parser,
)
from granite_live.cli.signals import StopRequest, run_stoppable

if TYPE_CHECKING:
    from granite_live.cli.terminal import Messages
    from granite_live.server.application import ServerSettings
    from granite_live.server.live import Watcher

DEFAULT_PORT = 8917
DEFAULT_IDLE_MINUTES = 10


def serve(
    port: Annotated[
        int,
        typer.Option(
            parser=number_parser(int, 0, 65_535),
            metavar="PORT",
            help="Port on this computer's own address, 127.0.0.1. 0: any free one.",
        ),
    ] = DEFAULT_PORT,
    no_auth: Annotated[
        bool,
        typer.Option("--no-auth", help="Let every program of this computer in without the token."),
    ] = False,
    lan: Annotated[
        bool,
        typer.Option(
            "--lan",
            help="Show the captions to other devices of the local network, too; asks first.",
        ),
    ] = False,
    lan_address: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="This computer's address for --lan."),
    ] = "",
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Answer the question of --lan with yes.")
    ] = False,
    max_upload: Annotated[
        int,
        typer.Option(
            parser=number_parser(int, 1, 1_000_000, "megabytes"),
            metavar="MB",
            help="Refuse recordings that are larger.",
        ),
    ] = 2_000,
    idle_minutes: Annotated[
        int,
        typer.Option(
            parser=number_parser(int, 0, 10_000, "minutes"),
            metavar="N",
            help="Free the model after so long without work. 0: never.",
        ),
    ] = DEFAULT_IDLE_MINUTES,
    bundle: BundlePath = None,
    tier: Tier = None,
    provider: Provider = None,
    threads: Threads = None,
    graphs: Graphs = GraphsName.auto,
    skip_editor: SkipEditor = None,
    editing_passes: EditingPasses = None,
    vocabulary: VocabularyFile = None,
    as_heard: AsHeard = False,
    quiet: Quiet = False,
) -> None:
    """Serve other programs of this computer: transcription as with OpenAI's API, live events.

    Programs send the token of a file that only you can read, which is named at the start. Nothing
    outside of this computer can connect, unless --lan lets other devices read the captions. Ctrl-C
    ends the service. Exit code 0: ended by a signal. 1: the question of --lan was answered with
    no. 2: it could not be started.
    """

    def start() -> int:
        # Asked in the main thread, where Ctrl-C interrupts the question.
        shared = _shared_address(lan_address, is_agreed=yes) if lan else ""
        if lan and not shared:
            return EXIT_INCOMPLETE
        return run_stoppable(lambda stop: work(stop, shared))

    def work(stop: StopRequest, shared: str) -> int:
        stop.exit_on_first_signal()  # nothing is running yet
        from granite_live.server import require_libraries

        require_libraries()
        from dataclasses import replace

        from granite_live.cli.live_commands import selected_model
        from granite_live.cli.stored_settings import (
            ModelArguments,
            print_settings_in_effect,
            session_settings,
            stored_settings,
        )
        from granite_live.cli.terminal import Messages
        from granite_live.server.application import ServerSettings
        from granite_live.server.guard import load_token
        from granite_live.server.running import working_folder

        given = ModelArguments(
            *(bundle, tier, provider, threads, graphs, skip_editor, editing_passes, vocabulary)
        )
        notes = Messages(sys.stderr, quiet=quiet)
        stored = stored_settings(sys.stderr)
        if not quiet:
            print_settings_in_effect(stored, sys.stderr, given, as_heard=as_heard)
        spec = selected_model(stored, given, notes, stop)
        chosen = replace(session_settings(stored, as_heard=as_heard), keep_sound=False)
        token = "" if no_auth else load_token()
        with working_folder() as folder:
            settings = ServerSettings(
                spec=spec,
                session=chosen,
                model_name=Path(spec.bundle_path).name,
                folder=folder,
                token=token,
                max_body_bytes=max_upload * 1_000_000,
                idle_s=60.0 * idle_minutes or None,
                on_watchers=_WatcherNotes(notes).show,
            )
            return _serve(settings, port, shared, stop, notes)

    raise typer.Exit(run_guarded(start, uses_data=True))


def _shared_address(wanted: str, *, is_agreed: bool) -> str:
    """Return the address on which the captions are shared, "" if the user does not want that.

    Raises:
        ServerError: There is no network, or nobody to ask.
    """
    from granite_live.messages.control import ServerMessage
    from granite_live.server.network import first_local_address
    from granite_live.util.errors import ServerError

    address = wanted or first_local_address()
    if is_agreed:
        return address
    if not sys.stdin.isatty():
        raise ServerError(ServerMessage.NO_CONSENT())
    question = (
        f"Everybody in the network of {address} who has the link can read the captions, and they "
        "are sent unencrypted. Share them"
    )
    return address if typer.confirm(question, err=True) else ""


class _WatcherNotes:
    """Says which other devices watch whenever that changes."""

    def __init__(self, notes: Messages) -> None:
        self._notes = notes
        self._seen: tuple[Watcher, ...] = ()

    def show(self, watchers: tuple[Watcher, ...]) -> None:
        remote = tuple(one for one in watchers if one.is_remote)
        if remote == self._seen:
            return
        self._seen = remote
        seen = [f"{one.address} since {one.since.astimezone():%H:%M}" for one in remote]
        self._notes.info(f"Watching the captions: {', '.join(seen) or 'no other device'}")


def _serve(
    settings: ServerSettings, port: int, shared: str, stop: StopRequest, notes: Messages
) -> int:
    from granite_live.server.guard import token_path
    from granite_live.server.network import NetworkShare
    from granite_live.server.running import Server, open_socket

    with open_socket(port) as listener:
        server = Server(settings, listener)
        stop.notify(server.stop, server.abandon)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        access = f"token in {token_path()}" if settings.token else "without a token"

        def ready() -> None:
            if shared:
                share = NetworkShare(shared, listener.getsockname()[1])
                server.share(share)
                notes.info(f"Captions for other devices: {share.url}")
            notes.info(f"Serving {address}/v1 ({access}). Ctrl-C ends it.")

        server.run(ready)
    return 0
