"""`granite-live listen`, `devices` and `recover`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import typer

from granite_live.cli.exit_status import (
    EXIT_BROKEN_PIPE,
    EXIT_INCOMPLETE,
    require_open,
    run_guarded,
)
from granite_live.cli.options import (
    AsHeard,
    AudioTrack,
    BundlePath,
    Device,
    EditingPasses,
    Graphs,
    GraphsName,
    HookCommand,
    HookUrl,
    Json,
    Keep,
    KeepEcho,
    Provider,
    Quiet,
    Realtime,
    Save,
    Seconds,
    SkipEditor,
    SourceFile,
    SystemSound,
    Threads,
    Tier,
    VocabularyFile,
    WithSystemSound,
    parse_track,
)
from granite_live.cli.signals import StopRequest, run_stoppable
from granite_live.util.errors import GraniteError

if TYPE_CHECKING:
    from granite_live.app.factory import SessionSettings
    from granite_live.audio.journal import UnfinishedSession
    from granite_live.cli.live_output import LiveEventOutput
    from granite_live.cli.stored_settings import ModelArguments
    from granite_live.cli.terminal import Messages
    from granite_live.session.messages import ModelSpec
    from granite_live.settings import Settings


def listen(
    device: Device = None,
    system_sound: SystemSound = False,
    with_system_sound: WithSystemSound = None,
    keep_echo: KeepEcho = None,
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
    vocabulary: VocabularyFile = None,
    as_json: Json = False,
    save: Save = None,
    keep: Keep = None,
    as_heard: AsHeard = False,
    hook: HookCommand = "",
    hook_url: HookUrl = "",
    quiet: Quiet = False,
) -> None:
    """Turn live sound into text while you speak.

    Options that are not given follow the settings: see 'settings'.

    Ctrl-C stops listening and waits for the last words; a second one ends at once. Exit code 0:
    all text and sound is there. 1: some is missing; standard error says what. 2: no session could
    be recorded.
    """
    chooses = sum([device is not None, system_sound, source is not None])
    if chooses > 1:
        raise typer.BadParameter("give one of --device, --system-sound and --source")
    if with_system_sound and (system_sound or source is not None):
        raise typer.BadParameter("--with-system-sound is for a microphone")
    if audio_track is not None and source is None:
        raise typer.BadParameter("--audio-track is for --source: an input has no tracks")
    from granite_live.cli.listen import ListenRequest
    from granite_live.cli.listen import listen as run
    from granite_live.cli.stored_settings import (
        ModelArguments,
        print_settings_in_effect,
        stored_settings,
    )
    from granite_live.cli.terminal import Messages

    given = ModelArguments(
        *(bundle, tier, provider, threads, graphs, skip_editor, editing_passes, vocabulary)
    )

    def work(stop: StopRequest) -> int:
        stop.exit_on_first_signal()  # nothing is recorded yet
        require_open(sys.stdout)
        notes = Messages(sys.stderr, quiet=quiet)
        stored = stored_settings(sys.stderr)
        if not quiet:
            print_settings_in_effect(stored, sys.stderr, given, as_heard=as_heard)
        wants_both = with_system_sound
        if wants_both is None and not chooses and stored.input_kind == "microphone":
            wants_both = stored.with_system_sound
        request = ListenRequest(
            settings=stored,
            model=selected_model(stored, given, notes, stop),
            device=device,
            system_sound=system_sound,
            with_system_sound=bool(wants_both),
            keep_echo=keep_echo,
            source=source,
            realtime=realtime,
            audio_track=parse_track(audio_track),
            seconds=seconds,
            as_json=as_json,
            hook=hook,
            hook_url=hook_url,
            save=save,
            keep=keep,
            as_heard=as_heard,
        )
        stop.defer()
        return run(request, stop, sys.stdout, sys.stderr, quiet=quiet)

    raise typer.Exit(run_guarded(lambda: run_stoppable(work), uses_data=True))


def devices() -> None:
    """List the inputs: microphones, and the computer's own sound."""

    def work(stop: StopRequest) -> int:
        stop.exit_on_first_signal()  # read-only
        from granite_live.cli.listen import show_devices
        from granite_live.cli.terminal import PlainConsole

        return show_devices(PlainConsole())

    raise typer.Exit(run_guarded(lambda: run_stoppable(work)))


def recover(
    bundle: BundlePath = None,
    tier: Tier = None,
    provider: Provider = None,
    threads: Threads = None,
    graphs: Graphs = GraphsName.auto,
    skip_editor: SkipEditor = None,
    editing_passes: EditingPasses = None,
    save: Save = None,
    keep_echo: KeepEcho = None,
    quiet: Quiet = False,
) -> None:
    """Finish sessions that a crash left behind: transcribe what has no text yet.

    Ctrl-C leaves the rest for the next call. Exit code 0: all sessions are finished. 1: some are
    not. 2: nothing could be done.
    """

    def work(stop: StopRequest) -> int:
        stop.exit_on_first_signal()  # nothing is changed yet
        from granite_live.cli.stored_settings import (
            ModelArguments,
            print_settings_in_effect,
            stored_settings,
        )
        from granite_live.cli.terminal import Messages

        given = ModelArguments(
            *(bundle, tier, provider, threads, graphs, skip_editor, editing_passes)
        )
        require_open(sys.stdout)
        notes = Messages(sys.stderr, quiet=quiet)
        stored = stored_settings(sys.stderr)
        if not quiet:
            print_settings_in_effect(stored, sys.stderr, given)
        model = selected_model(stored, given, notes, stop)
        stop.defer()
        return recover_sessions(
            *(model, stored, save, stop, sys.stdout, sys.stderr), keep_echo=keep_echo, quiet=quiet
        )

    raise typer.Exit(run_guarded(lambda: run_stoppable(work), uses_data=True))


def selected_model(
    stored: Settings, given: ModelArguments, notes: Messages, stop: StopRequest
) -> ModelSpec:
    """Choose the bundle and prepare its graphs, so that errors appear before recording starts."""
    from granite_live.app.models import ModelRequest
    from granite_live.cli.model_loading import choose_bundle, prepare_graphs
    from granite_live.cli.stored_settings import vocabulary_lines
    from granite_live.session.messages import ModelSpec

    terms = vocabulary_lines(given.vocabulary, notes)
    request = ModelRequest.of(stored, given.bundle, given.tier, given.provider)
    suited = choose_bundle(request, notes)
    bundle, choice = suited.bundle, suited.choice
    form = str(given.graphs)
    if given.graphs == GraphsName.prepared:
        form = prepare_graphs(bundle, choice.provider, notes, stop)
    return ModelSpec(
        str(bundle.path.absolute()),
        bundle.tier,
        choice.provider,
        given.threads,
        form,
        str(given.skip_editor or stored.skip_editor),
        is_tier_asked=choice.is_tier_asked,
        is_provider_asked=choice.is_provider_asked,
        editing_passes=given.editing_passes or stored.editing_passes,
        vocabulary=terms,
    )


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
    from granite_live.cli.live_output import LiveEventOutput, TextView
    from granite_live.cli.terminal import Messages

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
    from granite_live.app.factory import transcribe_missing
    from granite_live.audio.journal import open_for_recovery
    from granite_live.session.recovery import RecoveryCancellation

    notes.info(f"{one.path}: {one.duration_s:.1f} s of sound")
    interruption = RecoveryCancellation()
    stop.notify(interruption.cancel)
    try:
        left = open_for_recovery(one.path)
        done = transcribe_missing(left, model, chosen, output.show, interruption)
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
