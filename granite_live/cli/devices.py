"""`granite-live devices`: lists the inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from granite_live.util.printable import printable

if TYPE_CHECKING:
    from rich.console import Console


def show_devices(console: Console) -> int:
    """Print the inputs with the defaults marked; return the exit code (1 for no input).

    Raises:
        AudioError: The sound system does not answer.
    """
    from rich.table import Table
    from rich.text import Text

    from granite_live.audio.devices import list_inputs

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
