"""The models of this computer: installed, available, suited to this machine."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.app.model_tasks import (
    DownloadStatus,
    ModelDownload,
    ModelPreparation,
    ModelVerification,
)
from granite_live.app.models import ModelChoice, ModelRequest, choose_model, demo_path, stored_model
from granite_live.settings import load_settings
from granite_live.util import paths
from granite_live.util.errors import BundleError, GraniteError

if TYPE_CHECKING:
    from granite_live.models.catalog import CatalogBundle
    from granite_live.models.selection import MachineFacts, TierChoice
    from granite_live.models.store import BundleStore, InstalledBundle, InstalledTier


_HUB = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class InventoryTier:
    """One tier of one model, installed or available.

    Attributes:
        model: The model's id in the store or the catalog, "" if it is in neither.
        title: The model's published name.
        tier: "int8", "fp32" or "fp16w".
        size_bytes: The size on the disk; before installation, the published size.
        path: The bundle's folder, None if not installed.
        downloaded_bytes: The bytes of an interrupted download.
        is_recommended: Whether the tier is recommended for this computer.
        is_in_use: Whether the next session uses it.
        is_demo: Whether it is the built-in demo model.
        is_removable: Whether it may be removed.
        origin: The URL or path of its source, "" if unknown.
        verified_at: When all bytes were last verified, "" if unknown.
        languages: Codes such as "en", empty if unknown.
        license: The license, "" if unknown.
        problem: Why it is unusable, "" if it is usable.
        fault: Why it failed its last check, "" if it did not; sessions skip it then.
        is_downloadable: Whether it can be downloaded again to repair it.
        reason: Why sessions use it, as a sentence, "" if they do not.
        speed: How exact and how fast it is on this computer, "" if unknown.
    """

    model: str
    title: str
    tier: str
    size_bytes: int
    path: Path | None = None
    downloaded_bytes: int = 0
    is_recommended: bool = False
    is_in_use: bool = False
    is_demo: bool = False
    is_removable: bool = False
    origin: str = ""
    verified_at: str = ""
    languages: tuple[str, ...] = ()
    license: str = ""
    problem: str = ""
    fault: str = ""
    is_downloadable: bool = False
    reason: str = ""
    speed: str = ""

    @property
    def is_installed(self) -> bool:
        """Whether the tier is installed."""
        return self.path is not None


@dataclass(frozen=True, slots=True)
class InventorySnapshot:
    """The inventory, installed tiers first.

    `reason` explains in a sentence why the recommended tier suits this computer, and whether the
    disk is too full for it.
    """

    tiers: tuple[InventoryTier, ...]
    folder: Path
    free_bytes: int
    unfinished_bytes: int
    reason: str

    @property
    def has_real_model(self) -> bool:
        """Whether a model other than the demo can be used."""
        return any(
            one.is_installed and not one.is_demo and not one.problem and not one.fault
            for one in self.tiers
        )

    @property
    def offered_download(self) -> InventoryTier | None:
        """The tier to offer for download: an interrupted one, else the recommended one, else None.

        If a real model is installed, only an interrupted download is offered.
        """
        begun = [one for one in self.tiers if not one.is_installed and one.downloaded_bytes]
        if begun:
            return max(begun, key=lambda one: one.downloaded_bytes)
        if self.has_real_model:
            return None
        return next(
            (one for one in self.tiers if one.is_recommended and not one.is_installed), None
        )


def external_model(used: ModelChoice | None, root: Path) -> Iterator[InventoryTier]:
    """Yield the model in use if it is outside the models folder."""
    from granite_live.models.disk import folder_bytes

    if used is not None and not used.is_demo and used.path.resolve().parent != root.resolve():
        size = folder_bytes(used.path / used.tier)
        yield InventoryTier("", used.name, used.tier, size, used.path)


def installed_tiers(here: tuple[InstalledBundle, ...]) -> Iterator[InventoryTier]:
    """Yield every tier in the store, and the unusable folders there."""
    from granite_live.models.opening import open_bundle

    for one in here:
        if one.problem:
            yield InventoryTier(
                one.name,
                one.name,
                "",
                one.size_bytes,
                one.path,
                is_removable=True,
                problem=one.problem,
            )
            continue
        for tier in one.tiers:
            shown = _installed_tier(one, tier)
            try:
                shown = replace(shown, title=open_bundle(one.path, tier.name).name)
            except BundleError as error:
                shown = replace(shown, problem=str(error))
            yield shown


def _installed_tier(one: InstalledBundle, tier: InstalledTier) -> InventoryTier:
    from granite_live.models.store.verification import failed_check_reason

    record = tier.record
    return InventoryTier(
        model=one.name,
        title=one.name,
        tier=tier.name,
        size_bytes=tier.size_bytes,
        path=one.path,
        is_removable=True,
        fault=failed_check_reason(one.path, tier.name),
        origin="" if record is None else record.origin,
        verified_at="" if record is None else record.checked,
        license="" if record is None else record.licence,
    )


def demo_tier() -> Iterator[InventoryTier]:
    """Yield the built-in model, if it exists."""
    from granite_live.models.disk import folder_bytes
    from granite_live.models.opening import open_bundle

    try:
        bundle = open_bundle(demo_path())
    except BundleError:
        return
    size = folder_bytes(bundle.path / bundle.tier)
    yield InventoryTier(
        "", bundle.name, bundle.tier, size, bundle.path, is_demo=True, languages=("en",)
    )


def downloadable_tiers(
    catalog: tuple[CatalogBundle, ...], here: tuple[InstalledBundle, ...], store: BundleStore
) -> Iterator[InventoryTier]:
    """Yield the catalog's tiers that are not installed."""
    hub = os.environ.get("HF_ENDPOINT", _HUB).rstrip("/")
    installed = {(one.name, tier.name) for one in here for tier in one.tiers}
    for bundle in catalog:
        for tier in bundle.tiers:
            if (bundle.id, tier.name) not in installed:
                yield InventoryTier(
                    model=bundle.id,
                    title=bundle.title,
                    tier=tier.name,
                    size_bytes=tier.about_bytes,
                    downloaded_bytes=store.fetched_bytes(bundle.id, tier.name),
                    origin=f"{hub}/{bundle.repository}",
                    languages=bundle.languages,
                    license=bundle.license,
                )


def mark_tiers(
    tiers: list[InventoryTier],
    used: ModelChoice | None,
    catalog: tuple[CatalogBundle, ...],
    advised: tuple[str, str],
) -> Iterator[InventoryTier]:
    """Yield all tiers, marked as in use, recommended and downloadable again."""
    in_use = None if used is None else (used.path.resolve(), used.tier)
    known = {(bundle.id, tier.name) for bundle in catalog for tier in bundle.tiers}
    for one in tiers:
        place = None if one.path is None else (one.path.resolve(), one.tier)
        is_in_use = place is not None and place == in_use
        yield replace(
            one,
            is_in_use=is_in_use,
            reason=used.reason if is_in_use and used is not None else "",
            speed=used.speed if is_in_use and used is not None else "",
            is_recommended=(one.model, one.tier) == advised,
            is_downloadable=(one.model, one.tier) in known,
        )


class ModelInventory:
    """The models and the operations on them. Every method may take seconds; use a thread."""

    def __init__(self) -> None:
        self._facts_lock = threading.Lock()
        self._facts: MachineFacts | None = None

    def read(self) -> InventorySnapshot:
        """Return the inventory. The machine is measured once.

        Raises:
            GraniteError: The models folder, the catalog or the settings cannot be read.
        """
        from granite_live.models.catalog import find_bundle, load_catalog

        store, usual = self._store(), find_bundle()
        store.remove_leftovers()
        used = _used()
        advice = self._recommendation(usual)
        here, catalog = store.installed(), load_catalog()
        tiers = [
            *installed_tiers(here),
            *external_model(used, store.root),
            *demo_tier(),
            *downloadable_tiers(catalog, here, store),
        ]
        use = store.disk_use()
        return InventorySnapshot(
            tuple(mark_tiers(tiers, used, catalog, (usual.id, advice.tier))),
            store.root,
            use.free_bytes,
            sum(one.downloaded_bytes for one in tiers),
            advice.reason,
        )

    def download_task(
        self,
        model: str,
        tier: str,
        tell: Callable[[DownloadStatus], None],
    ) -> ModelDownload:
        """Return the task that downloads a tier, see `ModelDownload`.

        Without a network it fails within 8 s, because somebody waits for the answer.
        """
        from granite_live.models.download.retries import DownloadTimeouts

        return ModelDownload(model, tier, tell, timeouts=DownloadTimeouts(3.0, first_attempts=2))

    def verification_task(
        self, path: Path, tier: str, tell: Callable[[int, int], None]
    ) -> ModelVerification:
        """Return the task that checks an installed tier, see `ModelVerification`."""
        return ModelVerification(path, tier, tell)

    def preparation_task(
        self, choice: ModelChoice, tell: Callable[[str], None]
    ) -> ModelPreparation:
        """Return the task that optimizes an installed tier for this machine, see
        `ModelPreparation`."""
        return ModelPreparation(choice.path, choice.tier, choice.provider, tell)

    def remove(self, model: str, tier: str) -> int:
        """Remove a tier and its optimized graphs; return the number of freed bytes.

        Raises:
            BundleError: The tier is not installed, or another program uses it.
        """
        from granite_live.models.optimize import remove_stale_prepared

        return self._store().remove(model, tier) + remove_stale_prepared()

    def discard_unfinished(self) -> int:
        """Remove the files of interrupted downloads; return the number of freed bytes.

        Raises:
            BundleError: The folder cannot be read.
        """
        return self._store().discard_incoming()

    def import_model(
        self,
        path: Path,
        on_progress: Callable[[int, int], None],
        stopped: threading.Event | None = None,
    ) -> ModelChoice:
        """Import the bundle in a folder or an archive; return its default tier.

        Args:
            path: The folder, .zip, .tar or .tar.gz.
            on_progress: Receives the number of copied bytes and the total.
            stopped: Cancels the import when set; nothing is kept then.

        Raises:
            ImportStoppedError: `stopped` was set.
            BundleError: The bundle is unsafe, incomplete or invalid, or the disk is too full.
        """
        from granite_live.models.store import import_bundle

        is_stopped = (stopped or threading.Event()).is_set
        here = import_bundle(self._store(), path, report=on_progress, is_stopped=is_stopped)
        return choose_model(ModelRequest(here.path))

    def open_tier(self, path: Path, tier: str) -> ModelChoice:
        """Return a tier of an installed model for use in a session.

        Raises:
            BundleError: The tier is unusable.
        """
        settings = load_settings()
        return choose_model(
            ModelRequest(path, tier, settings.provider),
            settings.skip_editor,
            settings.editing_passes,
        )

    def settings_for(self, choice: ModelChoice) -> tuple[str, str]:
        """Return the settings `model_path` and `tier` that select this model.

        Both are "" if it is the default: it can then be removed without leaving a setting that
        names a missing model.
        """
        try:
            usual = choose_model(ModelRequest(None, None, load_settings().provider))
        except BundleError:
            return str(choice.path), choice.tier
        if (usual.path.resolve(), usual.tier) == (choice.path.resolve(), choice.tier):
            return "", ""
        return str(choice.path), choice.tier

    def _store(self) -> BundleStore:
        from granite_live.models.store import BundleStore

        return BundleStore(paths.models_dir())

    def _recommendation(self, bundle: CatalogBundle) -> TierChoice:
        from granite_live.models.disk import free_bytes, translate_disk_errors
        from granite_live.models.selection import measure_machine, recommend_tier

        with self._facts_lock:
            if self._facts is None:
                self._facts = measure_machine(paths.models_dir())
            with translate_disk_errors(paths.models_dir()):
                facts = replace(self._facts, free_disk_bytes=free_bytes(paths.models_dir()))
        return recommend_tier(bundle, facts)


def _used() -> ModelChoice | None:
    """Return the model that a new session would use, None if none is usable."""
    try:
        return stored_model()
    except GraniteError:
        return None
