"""`granite-live models`: shows and verifies model bundles."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from granite_live.cli import models_store
from granite_live.cli.exit_status import run_guarded
from granite_live.cli.model_preparation import prepare
from granite_live.cli.models_store import download
from granite_live.cli.options import Quiet
from granite_live.cli.signals import StopRequest, run_stoppable
from granite_live.messages.store import CheckMessage
from granite_live.util.printable import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from granite_live.asr.verify import FixtureCheck
    from granite_live.cli.terminal import Messages
    from granite_live.models.bundle import Bundle
    from granite_live.models.store import FileProblem

# Wide enough that table rows are not wrapped in files and pipes.
_WIDTH_WITHOUT_TERMINAL = 160
_NOT_USED = "It is no longer used, unless a later check passes."

app = typer.Typer(help="Download, list, check, prepare and remove models.")
app.command()(download)
app.command()(prepare)
models_store.register(app)

BundlePath = Annotated[
    str | None,
    typer.Argument(
        metavar="[NAME|PATH]",
        help="An installed model, or the folder of a bundle. Default: the model that is used.",
    ),
]
Tier = Annotated[str | None, typer.Option(metavar="fp32|fp16w|int8", help="Tier of the bundle.")]


@app.callback(invoke_without_command=True)
def _start(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def show(bundle: BundlePath = None, tier: Tier = None) -> None:
    """Show what a bundle is and how it will be read."""

    def work(stop: StopRequest) -> int:
        stop.exit_on_first_signal()  # read-only
        from granite_live.cli.model_loading import find_bundle_folder

        return _show(*find_bundle_folder(bundle, tier))

    raise typer.Exit(run_guarded(lambda: run_stoppable(work)))


@app.command()
def verify(bundle: BundlePath = None, tier: Tier = None, quiet: Quiet = False) -> None:
    """Check every byte of an installed model, then run its own test fixtures and compare.

    Exit code 0: everything agrees. 1: something does not, or there was nothing to
    compare. 2: the bundle cannot be used.
    """

    def work(stop: StopRequest) -> int:
        stop.exit_on_first_signal()  # the verdict is written as a whole, at the end
        from granite_live.cli.model_loading import find_bundle_folder

        return _verify(*find_bundle_folder(bundle, tier), quiet=quiet)

    raise typer.Exit(run_guarded(lambda: run_stoppable(work), uses_data=True))


def _show(path: Path, tier: str | None) -> int:
    from granite_live.app.model_speed import speed_line
    from granite_live.models.opening import open_bundle
    from granite_live.models.selection import open_best_tier
    from granite_live.models.store.verification import FailedCheckError

    try:
        suited = open_best_tier(path, tier)
    except FailedCheckError as error:
        _console().print(_table({**_properties(open_bundle(path, tier)), "check": str(error)}))
        return 0
    choice = suited.choice
    threads = "1 thread" if choice.threads == 1 else f"up to {choice.threads} threads"
    decided = {
        "chosen tier": f"{choice.tier} on {choice.provider}, {threads}",
        "why": choice.reason,
        **({"speed": speed} if (speed := speed_line(suited.bundle, choice.provider)) else {}),
        **({"skipped": " ".join(suited.skipped)} if suited.skipped else {}),
    }
    _console().print(_table({**_properties(suited.bundle), **decided}))
    return 0


def _properties(bundle: Bundle) -> dict[str, str]:
    front = bundle.front_end
    return {
        "bundle": f"{bundle.name}" + (" (the small English demo, not Granite)" * bundle.is_demo),
        "path": str(bundle.path),
        "tiers": ", ".join(bundle.tiers),
        "size of the tier": _megabytes(bundle),
        "vocabulary": f"{bundle.vocab_size} tokens",
        "end of text": f"{bundle.eos_token}, token {bundle.eos_id}",
        "CTC head": str(bundle.ctc),
        "embeddings": f"{bundle.embedding_dim} wide, multiplier {bundle.embedding_multiplier:g}"
        + (
            ", audio rows are divided by it"
            if bundle.scale_projected_embeddings
            else ", audio rows are not divided by it"
        ),
        "context": f"{bundle.max_positions} positions",
        "front end": f"{front.sample_rate_hz} Hz, FFT {front.n_fft}, window {front.win_length}, "
        f"hop {front.hop_length}, {front.n_mels} mel bands, {front.frame_stack} frames a row",
    }


def _table(rows: dict[str, str]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows.items():
        table.add_row(name, Text(printable(value)))
    return table


def _megabytes(bundle: Bundle) -> str:
    folder = bundle.path / bundle.tier
    size = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    return f"{size / 1e6:,.1f} MB"


def _verify(path: Path, tier: str | None, *, quiet: bool) -> int:
    from granite_live.asr.verify import verify_fixtures as run_fixtures
    from granite_live.audio.files import read_audio
    from granite_live.cli.terminal import Messages
    from granite_live.models.opening import open_bundle
    from granite_live.models.store.verification import note_check

    bundle = open_bundle(path, tier)
    notes = Messages(sys.stderr, quiet=quiet)
    damage = _damage(bundle, notes)
    if damage:
        note_check(bundle.path, bundle.tier, f"{damage[0].path}: {damage[0].fault}")
        notes.warn(
            f"{bundle.path}, {bundle.tier}: {_count(len(damage), 'file')} not as "
            f"installed. {_NOT_USED}"
        )
        return 1
    checks = run_fixtures(bundle, read_audio)
    if checks and not quiet:
        _console().print(_comparison(checks))
    code, verdict = verification_summary(checks)
    failed = [check.item for check in checks if check.passed is False]
    note_check(bundle.path, bundle.tier, f"differs in {', '.join(failed)}" if failed else "")
    tell = notes.warn if code else notes.info
    tell(f"{bundle.path}, {bundle.tier}: {verdict}{f' {_NOT_USED}' if failed else ''}")
    return code


def _damage(bundle: Bundle, notes: Messages) -> list[FileProblem]:
    """Compare every byte with the installation record; return the files that differ."""
    from granite_live.cli.terminal import byte_progress
    from granite_live.models.store import check_files
    from granite_live.models.store.store import read_record

    record = read_record(bundle.path, bundle.tier)
    if record is None:
        return []
    done = 0
    with byte_progress("reading") as bar:

        def report(count: int) -> None:
            nonlocal done
            done += count
            bar.show(done, record.size_bytes)

        problems = check_files(bundle.path, record, report=report)
    for one in problems:
        notes.error(
            f"{bundle.path / one.path}: {one.fault}. Download it again with 'granite-live models "
            f"download --tier {bundle.tier}'."
        )
    if not problems:
        notes.info(f"{CheckMessage.FILES_UNCHANGED(count=len(record.files))}.")
    return problems


def _count(number: int, noun: str) -> str:
    return f"1 {noun} is" if number == 1 else f"{number} {noun}s are"


def verification_summary(checks: list[FixtureCheck]) -> tuple[int, str]:
    """Return the exit code for the checks and a sentence."""
    decided = [check.passed for check in checks if check.passed is not None]
    failed = decided.count(False)
    if failed:
        return 1, f"{failed} of {len(decided)} checks failed. Download the bundle again."
    if not decided:
        return 1, "nothing could be checked, because the bundle has no test_fixtures."
    return 0, f"all {len(decided)} checks passed."


def _comparison(checks: list[FixtureCheck]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    table.add_column("item", no_wrap=True)
    table.add_column("max abs error", justify="right")
    table.add_column("tolerance", justify="right")
    table.add_column("result")
    table.add_column("", overflow="fold")
    results = {True: ("pass", "green"), False: ("FAIL", "bold red"), None: ("reported", "")}
    for check in checks:
        table.add_row(
            printable(check.item), _number(check.max_abs_error), _number(check.tolerance),
            Text(*results[check.passed]), Text(printable(check.detail)),
        )  # fmt: skip
    return table


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2g}"


def _console() -> Console:
    from granite_live.cli.terminal import PlainConsole

    console = PlainConsole()
    return console if console.is_terminal else PlainConsole(width=_WIDTH_WITHOUT_TERMINAL)
