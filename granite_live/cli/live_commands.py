"""`granite-live listen`, `devices` and `recover`: their options, nothing more."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from granite_live.cli.boundary import run_guarded
from granite_live.cli.transcribe import ProviderName

if TYPE_CHECKING:
    from granite_live.live.messages import ModelSpec

BundlePath = Annotated[
    Path | None,
    typer.Option(
        "--bundle",
        metavar="PATH",
        help="Folder of a model bundle. Default: the installed one, else the demo.",
    ),
]
Tier = Annotated[str | None, typer.Option(metavar="fp32|fp16w|int8", help="Tier of the bundle.")]
Provider = Annotated[ProviderName, typer.Option(help="What to compute on.")]
Threads = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="Threads to compute with. Default: the physical cores."),
]
Save = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder of the sessions. Default: the program's own."),
]


def listen(
    device: Annotated[
        str | None,
        typer.Option(metavar="ID|NAME", help="Which input to record; see 'devices'."),
    ] = None,
    system_sound: Annotated[
        bool,
        typer.Option("--system-sound", help="Hear what the computer plays: meetings, videos."),
    ] = False,
    source: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Hear a recording instead of an input.")
    ] = None,
    realtime: Annotated[
        bool, typer.Option("--realtime", help="Hear the recording at the speed of life.")
    ] = False,
    seconds: Annotated[
        float | None, typer.Option(min=0.0, metavar="N", help="Stop after so many seconds.")
    ] = None,
    bundle: BundlePath = None,
    tier: Tier = None,
    provider: Provider = ProviderName.auto,
    threads: Threads = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print every event as a line of JSON.")
    ] = False,
    save: Save = None,
    keep: Annotated[
        str | None,
        typer.Option(
            metavar="all|text|N-days",
            help="What to keep of this session, and how long. Default: see 'settings'.",
        ),
    ] = None,
) -> None:
    """Turn live sound into text while you speak.

    Ctrl-C stops listening and waits for the last words; a second one leaves at once.
    """
    if sum([device is not None, system_sound, source is not None]) > 1:
        raise typer.BadParameter("give one of --device, --system-sound and --source")
    from granite_live.cli.listen import ListenRequest
    from granite_live.cli.listen import listen as run

    def work() -> int:
        request = ListenRequest(
            model=_model(bundle, tier, provider, threads),
            device=device,
            system_sound=system_sound,
            source=source,
            realtime=realtime,
            seconds=seconds,
            as_json=as_json,
            save=save,
            keep=keep,
        )
        return run(request, sys.stdout, sys.stderr)

    raise typer.Exit(run_guarded(work))


def devices() -> None:
    """List the inputs: microphones, and the computer's own sound."""

    def work() -> int:
        from rich.console import Console

        from granite_live.cli.devices import show_devices

        return show_devices(Console(highlight=False, emoji=False))

    raise typer.Exit(run_guarded(work))


def recover(
    bundle: BundlePath = None,
    tier: Tier = None,
    provider: Provider = ProviderName.auto,
    threads: Threads = None,
    save: Save = None,
) -> None:
    """Finish sessions that a crash left behind: transcribe what has no text yet."""

    def work() -> int:
        from granite_live.cli.recover import recover_sessions

        model = _model(bundle, tier, provider, threads)
        return recover_sessions(model, save, sys.stdout, sys.stderr)

    raise typer.Exit(run_guarded(work))


def _model(
    path: Path | None, tier: str | None, provider: ProviderName, threads: int | None
) -> ModelSpec:
    """Choose the bundle now: a wrong path is told before anything is recorded."""
    from granite_live.cli.bundles import choose_bundle
    from granite_live.cli.notes import Notes
    from granite_live.live.messages import ModelSpec
    from granite_live.speech.providers import prefers_accelerator

    bundle = choose_bundle(
        path,
        tier,
        Notes(sys.stderr),
        accelerator=tier is None and prefers_accelerator(provider.value),
    )
    return ModelSpec(str(bundle.path.absolute()), bundle.tier, provider.value, threads)
