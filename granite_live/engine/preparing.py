"""Prepares an installed model for this machine, in a process of its own: it takes minutes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.engine.apart import Apart, DiedError, StoppedApartError, Tell, serve
from granite_live.errors import BundleError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


@dataclass(frozen=True, slots=True)
class Prepared:
    """What came of it. Without `is_ready` the model works as it was published.

    `sentence` says why it is not ready, "" where nothing had to be done or the user ended it.
    """

    is_ready: bool
    sentence: str = ""
    was_stopped: bool = False


class Preparation:
    """One preparation. `tell` is called in the thread of `run`, `stop` from any."""

    def __init__(
        self, path: Path, tier: str, provider: str, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        """Prepare it; nothing happens yet.

        Args:
            path: The bundle's folder.
            tier: One of its tiers.
            provider: What it is to run on: "cpu", "cuda" or "coreml".
            tell: Hears sentences on what is done.
        """
        self._tier, self._provider, self._tell = tier, provider, tell
        self._apart = Apart(main, (str(path), tier, provider), "granite-prepare")

    def run(self) -> Prepared:
        """Make the graphs, unless they are there. Whatever goes wrong, the model stays usable."""
        from granite_live.bundle.prepare import can_prepare, sweep_prepared
        from granite_live.speech.providers import first_choice

        if not can_prepare(self._tier, first_choice(self._provider, self._tier)):
            return Prepared(is_ready=False)
        try:
            self._apart.run(self._tell)
        except StoppedApartError:
            outcome = Prepared(is_ready=False, was_stopped=True)
        except DiedError:
            outcome = Prepared(False, "Preparing ended without an answer, as when memory is full.")
        except BundleError as error:
            outcome = Prepared(False, str(error))
        else:
            return Prepared(is_ready=True)
        finally:
            # Of one that was ended. On Ctrl-C too.
            sweep_prepared()
        return outcome

    def stop(self) -> None:
        """End it soon, now or when it begins; returns at once."""
        self._apart.stop()


def main(line: Connection, path: str, tier: str, provider: str) -> None:
    """Prepare a tier and tell it through `line`. The target of the spawned process."""
    serve(line, lambda tell: _prepare(Path(path), tier, provider, tell))


def _prepare(path: Path, tier: str, provider: str, tell: Tell) -> None:
    from granite_live.bundle import open_bundle
    from granite_live.bundle.prepare import prepare_tier
    from granite_live.speech.providers import first_choice

    prepare_tier(open_bundle(path, tier), first_choice(provider, tier), tell)
