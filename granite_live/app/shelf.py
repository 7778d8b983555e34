"""The inventory of models: installed, available, recommended and in use."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.app import shelf_tiers
from granite_live.app.fetching import ModelDownload, Progress
from granite_live.app.models import ModelChoice, choose_model, stored_model
from granite_live.app.preparing import Preparation
from granite_live.app.shelf_tiers import Shelf
from granite_live.app.verifying import Verification
from granite_live.settings import load_settings
from granite_live.util import paths
from granite_live.util.errors import BundleError, GraniteError

if TYPE_CHECKING:
    from granite_live.models.catalog import CatalogBundle
    from granite_live.models.selection import Choice, MachineFacts
    from granite_live.models.store import Store


class ModelShelf:
    """The models and the operations on them. Every method may take seconds; use a thread."""

    def __init__(self) -> None:
        self._measuring = threading.Lock()
        self._facts: MachineFacts | None = None

    def look(self) -> Shelf:
        """Return the inventory. The machine is measured once.

        Raises:
            GraniteError: The models folder, the catalog or the settings cannot be read.
        """
        from granite_live.models.catalog import find_bundle, load_catalog

        store, usual = self._store(), find_bundle()
        store.sweep()
        used = _used()
        advice = self._advice(usual)
        here, catalog = store.installed(), load_catalog()
        tiers = [
            *shelf_tiers.installed(here),
            *shelf_tiers.elsewhere(used, store.root),
            *shelf_tiers.demo(),
            *shelf_tiers.to_be_had(catalog, here, store),
        ]
        use = store.disk_use()
        return Shelf(
            tuple(shelf_tiers.marked(tiers, used, catalog, (usual.id, advice.tier))),
            store.root,
            use.free_bytes,
            sum(one.fetched_bytes for one in tiers),
            advice.reason,
        )

    def downloading(
        self, model: str, tier: str, tell: Callable[[Progress], None], place: str | None = None
    ) -> ModelDownload:
        """Return the task that downloads a tier, see `ModelDownload`."""
        return ModelDownload(model, tier, tell, place)

    def verifying(self, path: Path, tier: str, tell: Callable[[int, int], None]) -> Verification:
        """Return the task that checks an installed tier, see `Verification`."""
        return Verification(path, tier, tell)

    def preparing(self, choice: ModelChoice, tell: Callable[[str], None]) -> Preparation:
        """Return the task that optimizes an installed tier for this machine, see `Preparation`."""
        return Preparation(choice.path, choice.tier, choice.provider, tell)

    def remove(self, model: str, tier: str) -> int:
        """Remove a tier and its optimized graphs; return the number of freed bytes.

        Raises:
            BundleError: The tier is not installed, or another program uses it.
        """
        from granite_live.models.optimize import sweep_prepared

        return self._store().remove(model, tier) + sweep_prepared()

    def discard_unfinished(self) -> int:
        """Remove the files of interrupted downloads; return the number of freed bytes.

        Raises:
            BundleError: The folder cannot be read.
        """
        return self._store().discard_incoming()

    def take_in(
        self,
        path: Path,
        tell: Callable[[int, int], None],
        stopped: threading.Event | None = None,
    ) -> ModelChoice:
        """Import the bundle in a folder or an archive; return its default tier.

        Args:
            path: The folder, .zip, .tar or .tar.gz.
            tell: Receives the number of copied bytes and the total.
            stopped: Cancels the import when set; nothing is kept then.

        Raises:
            ImportStoppedError: `stopped` was set.
            BundleError: The bundle is unsafe, incomplete or invalid, or the disk is too full.
        """
        from granite_live.models.store import import_bundle

        is_stopped = (stopped or threading.Event()).is_set
        here = import_bundle(self._store(), path, report=tell, is_stopped=is_stopped)
        return choose_model(here.path)

    def choice(self, path: Path, tier: str) -> ModelChoice:
        """Return a tier of an installed model for use in a session.

        Raises:
            BundleError: The tier is unusable.
        """
        settings = load_settings()
        return choose_model(
            path, tier, settings.provider, settings.skip_editor, settings.editing_passes
        )

    def wished(self, choice: ModelChoice) -> tuple[str, str]:
        """Return the settings `model_path` and `tier` that select this model.

        Both are "" if it is the default: it can then be removed without leaving a setting that
        names a missing model.
        """
        try:
            usual = choose_model(None, None, load_settings().provider)
        except BundleError:
            return str(choice.path), choice.tier
        if (usual.path.resolve(), usual.tier) == (choice.path.resolve(), choice.tier):
            return "", ""
        return str(choice.path), choice.tier

    def _store(self) -> Store:
        from granite_live.models.store import Store

        return Store(paths.models_dir())

    def _advice(self, bundle: CatalogBundle) -> Choice:
        from granite_live.models.selection import advise, measure
        from granite_live.models.store.disk import free_bytes, telling

        with self._measuring:
            if self._facts is None:
                self._facts = measure(paths.models_dir())
            with telling(paths.models_dir()):
                facts = replace(self._facts, free_disk_bytes=free_bytes(paths.models_dir()))
        return advise(bundle, facts)


def _used() -> ModelChoice | None:
    """Return the model that a new session would use, None if none is usable."""
    try:
        return stored_model()
    except GraniteError:
        return None
