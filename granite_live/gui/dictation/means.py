"""The platform services that dictation needs, loaded on first use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from granite_live.desktop.hotkeys.protocol import GlobalKeys
from granite_live.desktop.text_input.protocol import Hands
from granite_live.gui.dictation.deliveries import Carrier


class Closing(Carrier, Protocol):
    """A delivery worker with a thread of its own."""

    def close(self, timeout_s: float) -> bool:
        """End the thread; return whether that was done in time."""


@dataclass(frozen=True, slots=True)
class Means:
    """Factories of the platform services; tests pass their own."""

    open_hands: Callable[[], Hands]
    open_keys: Callable[[], GlobalKeys]
    make_carrier: Callable[[Hands], Closing]
    """Creates the worker, which closes the text input that it is given."""


def real_means() -> Means:
    """Return the services of this computer; their packages are imported on first use."""
    return Means(_open_hands, _open_keys, _make_carrier)


def _open_hands() -> Hands:
    from granite_live.desktop.text_input import open_hands

    return open_hands()


def _open_keys() -> GlobalKeys:
    from granite_live.desktop.hotkeys import open_global_keys

    return open_global_keys()


def _make_carrier(hands: Hands) -> Closing:
    from granite_live.gui.delivery.courier import Courier

    return Courier(hands)
