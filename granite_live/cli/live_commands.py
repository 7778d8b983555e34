"""`granite-live listen`, `devices` and `recover`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import typer

from granite_live.cli.exit_status import (
    EXIT_BROKEN_PIPE,
    EXIT_INCOMPLETE,
    require_open,
    run_guarded,
)
from granite_live.cli.live_output import LiveOutput
from granite_live.cli.options import (
    AsHeard,
    AudioTrack,
    BundlePath,
    Device,
    EditingPasses,
    Graphs,
    GraphsName,
    Json,
    Keep,
    Provider,
    ProviderName,
    Quiet,
    Realtime,
    Save,
    Seconds,
    SkipEditor,
    SkipEditorName,
    SourceFile,
    SystemSound,
    Threads,
    Tier,
    parse_track,
)
from granite_live.cli.signals import StopRequest, run_stoppable
from granite_live.cli.terminal import Notes
from granite_live.util.errors import GraniteError
from granite_live.util.printable import printable

if TYPE_CHECKING:
    from rich.console import Console

    from granite_live.app.factory import SessionSettings
    from granite_live.audio.journal import UnfinishedSession
    from granite_live.session.messages import ModelSpec
    from granite_live.settings import Settings


def listen(
    device: Device = None,
    system_sound: SystemSound = False,
    source: SourceFile = None,
    realtime: Realtime = False,
    audio_track: AudioTrack = None,
    seconds: Seconds = None,
    bundle: BundlePath = None,
    tier: Tier = None,
    provider: Provider = None,
    threads: Threads = None,
    graphs: Graphs = GraphsName.auto,
    skip_editor: SkipEditor = None,
    editing_passes: EditingPasses = None,
    as_json: Json = False,
    save: Save = None,
    keep: Keep = None,
    as_heard: AsHeard = False,
    quiet: Quiet = False,
) -> None:
    """Turn live sound into text while you speak.

    What no option says the settings do: see 'settings'.

    Ctrl-C stops listening and waits for the last words; a second one leaves at once. Exit code
    0: all is there. 1: text or sound is missing; standard error says what. 2: no session could be
    recorded.
    """
    if sum([device is not None, system_sound, source is not None]) > 1:
        raise typer.BadParameter("give one of --device, --system-sound and --source")
    if audio_track is not None and source is None:
        raise typer.BadParameter("--audio-track is for --source: an input has no tracks")
    from granite_live.cli.listen import ListenRequest
    from granite_live.cli.listen import listen as run
    from granite_live.cli.options import stored_settings, tell_settings
    from granite_live.cli.terminal import Notes

    def work() -> int:
        require_open(sys.stdout)
        notes = Notes(sys.stderr, quiet=quiet)
        stored = stored_settings(sys.stderr)
        if not quiet:
            tell_settings(
                *(stored, sys.stderr),
                bundle=bundle,
                skip_editor=skip_editor,
                editing_passes=editing_passes,
                as_heard=as_heard,
            )
        request = ListenRequest(
            settings=stored,
            model=_model(
                stored,
                notes,
                bundle,
                tier,
                provider,
                threads,
                graphs,
                skip_editor,
                editing_passes,
            ),
            device=device,
            system_sound=system_sound,
            source=source,
            realtime=realtime,
            audio_track=parse_track(audio_track),
            seconds=seconds,
            as_json=as_json,
            save=save,
            keep=keep,
            as_heard=as_heard,
        )
        return run_stoppable(lambda stop: run(request, stop, sys.stdout, sys.stderr, quiet=quiet))

    raise typer.Exit(run_guarded(work))


def devices() -> None:
    """List the inputs: microphones, and the computer's own sound."""

    def work() -> int:
        from granite_live.cli.terminal import PlainConsole

        return show_devices(PlainConsole())

    raise typer.Exit(run_guarded(work))


def recover(
    bundle: BundlePath = None,
    tier: Tier = None,
    provider: Provider = None,
    threads: Threads = None,
    graphs: Graphs = GraphsName.auto,
    skip_editor: SkipEditor = None,
    editing_passes: EditingPasses = None,
    save: Save = None,
    quiet: Quiet = False,
) -> None:
    """Finish sessions that a crash left behind: transcribe what has no text yet.

    Ctrl-C leaves what is not finished for another time. Exit code 0: nothing is unfinished any
    more. 1: something is. 2: nothing could be done.
    """

    def work() -> int:
        from granite_live.cli.options import stored_settings, tell_settings
        from granite_live.cli.terminal import Notes

        require_open(sys.stdout)
        notes = Notes(sys.stderr, quiet=quiet)
        stored = stored_settings(sys.stderr)
        if not quiet:
            tell_settings(
                *(stored, sys.stderr),
                bundle=bundle,
                skip_editor=skip_editor,
                editing_passes=editing_passes,
            )
        model = _model(
            stored, notes, bundle, tier, provider, threads, graphs, skip_editor, editing_passes
        )
        return run_stoppable(
            lambda stop: recover_sessions(
                model, stored, save, stop, sys.stdout, sys.stderr, quiet=quiet
            )
        )

    raise typer.Exit(run_guarded(work))


def _model(
    stored: Settings,
    notes: Notes,
    path: Path | None,
    tier: str | None,
    provider: ProviderName | None,
    threads: int | None,
    graphs: GraphsName,
    skip_editor: SkipEditorName | None = None,
    editing_passes: int | None = None,
) -> ModelSpec:
    """Choose the bundle and prepare its graphs, so that errors appear before recording starts."""
    from granite_live.cli.model_loading import choose_bundle, prepare_graphs
    from granite_live.cli.options import ModelOptions
    from granite_live.session.messages import ModelSpec

    wanted = ModelOptions.of(stored, path, tier, provider)
    suited = choose_bundle(
        wanted.bundle, wanted.tier, notes, provider=wanted.provider, is_wish=wanted.is_wish
    )
    bundle, choice = suited.bundle, suited.choice
    form = str(graphs)
    if graphs is GraphsName.prepared:
        form = prepare_graphs(bundle, choice.provider, notes)
    return ModelSpec(
        str(bundle.path.absolute()),
        bundle.tier,
        choice.provider,
        threads,
        form,
        str(skip_editor or stored.skip_editor),
        is_tier_asked=choice.is_tier_asked,
        is_provider_asked=choice.is_provider_asked,
        editing_passes=editing_passes or stored.editing_passes,
    )


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
    console.print("* is the one that is taken where none of its kind is named.")
    return 0


def recover_sessions(
    model: ModelSpec,
    settings: Settings,
    root: Path | None,
    stop: StopRequest,
    out: TextIO,
    err: TextIO,
    *,
    quiet: bool = False,
) -> int:
    """Finish every unfinished session in `root` (None: the program's folder).

    A stop request leaves the current and the remaining sessions unfinished.

    Returns:
        The exit code: 0 if nothing is unfinished, 1 if something is or texts could not be written,
            141 if the reader of `out` has closed it.

    Raises:
        AudioError: The sessions folder cannot be read.
        StopRequested: The user stopped the command.
    """
    from granite_live.app.factory import SessionSettings
    from granite_live.audio.journal import find_unfinished
    from granite_live.cli.listen import Keeping
    from granite_live.cli.live_output import TextView

    notes = Notes(err, quiet=quiet)
    keeping, chosen = Keeping.of(root, settings), SessionSettings.of(settings)
    found = find_unfinished(root)
    if not found:
        notes.say("Nothing to recover: every session is finished.")
        return 0
    left = 0
    with LiveOutput(TextView(out, notes), out, notes) as output:
        for one in found:
            stop.check()
            left += not _recover(one, model, chosen, stop, output, notes)
    stop.check()
    keeping.tidy(notes)
    if output.is_reader_gone:
        return EXIT_BROKEN_PIPE
    return EXIT_INCOMPLETE if left or output.failure else 0


def _recover(
    one: UnfinishedSession,
    model: ModelSpec,
    chosen: SessionSettings,
    stop: StopRequest,
    output: LiveOutput,
    notes: Notes,
) -> bool:
    """Finish one session; return whether it is complete."""
    from granite_live.app.factory import RECOGNISER_FACTORY, make_cutter
    from granite_live.app.listeners import polishing
    from granite_live.audio.journal import open_for_recovery
    from granite_live.session.recovery import Interruption, recover

    notes.say(f"{one.path}: {one.duration_s:.1f} s of sound")
    interruption = Interruption()
    stop.notify(interruption.interrupt)
    try:
        done = recover(
            open_for_recovery(one.path),
            make_cutter(chosen),
            RECOGNISER_FACTORY,
            model,
            polishing(chosen.polish, output.show),
            interruption=interruption,
        )
    except GraniteError as error:
        notes.error(str(error))
        return False
    if not done.is_searched:
        notes.warn(f"{one.path}: not finished; it was stopped before all speech was found.")
        return False
    if done.unfinished:
        notes.warn(f"{one.path}: {done.unfinished} of {done.missing} utterances have no text.")
        return False
    notes.say(f"{one.path}: finished; {done.missing} utterances were transcribed.")
    return True
