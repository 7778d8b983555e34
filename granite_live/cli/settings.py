"""`granite-live settings`: shows and changes the stored settings."""

from __future__ import annotations

import sys
from typing import Annotated, TextIO

import typer

from granite_live.cli.exit_status import run_guarded
from granite_live.util.printable import printable


def settings(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Setting to show or change, such as keep.")
    ] = None,
    value: Annotated[
        str | None,
        typer.Argument(
            metavar="VALUE", help="New value; for keep: all, text, or days such as 30-days."
        ),
    ] = None,
) -> None:
    """Show the settings, or change one.

    Without a name all settings are shown. They are the same as in the window, and apply to
    commands unless an option says otherwise.

    keep says what is kept of finished sessions: all, text (the sound is deleted when every
    utterance has its text), or a number of days (1 to 99999) after which a session is deleted.

    Numbers have ranges. silence_ms and dictation_silence_ms: 200 to 5000. editing_passes: 1 to 20.
    font_size_pt: 8 to 48. line_spacing: 1 to 3. live_export_lines: 0 to 100. captions_lines: 1 to
    4. captions_font_size_px: 16 to 200. captions_outline_px: 0 to 20. captions_opacity_percent: 0
    to 100. serve_port: 1 to 65535. idle_minutes: 0 to 10000.
    """
    raise typer.Exit(run_guarded(lambda: show_or_change(name, value, sys.stdout, sys.stderr)))


def show_or_change(name: str | None, value: str | None, out: TextIO, err: TextIO) -> int:
    """Change `name` to `value`, or show one or all settings; return the exit code.

    Raises:
        SettingsError: The name or value is invalid, or the file cannot be read or written.
    """
    from granite_live.cli.stored_settings import stored_settings
    from granite_live.settings import Settings, read_settings, save_settings, settings_path

    current = stored_settings(err)
    if name is not None and value is not None:
        read_settings()  # raises if unreadable: replacing the file would lose the other settings
        save_settings(current.changed(name, value))
        return 0
    if name is not None:
        Settings.check_name(name)
        out.write(f"{printable(current.text_of(name))}\n")
        return 0
    out.write(f"{printable(settings_path())}\n")
    for one in Settings.names():
        out.write(f"{one} = {printable(current.text_of(one))}\n")
    return 0
