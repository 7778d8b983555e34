"""The models of this computer: what is here, what can be had, what suits it, and what is in use."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live import paths
from granite_live.engine.fetching import ModelDownload, Progress
from granite_live.engine.models import ModelChoice, choose_model, demo_path
from granite_live.engine.verifying import Verification
from granite_live.errors import BundleError, GraniteError
from granite_live.settings import Settings, load_settings

if TYPE_CHECKING:
    from granite_live.bundle.catalog import CatalogBundle
    from granite_live.bundle.choosing import Choice, MachineFacts
    from granite_live.bundle.store import Installed, InstalledTier, Store

_HUB = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class ShelfTier:
    """One tier of one model, on this computer or to be had.

    Attributes:
        model: What the store or the catalogue calls the model, "" where neither knows it.
        title: What its makers call it.
        tier: "int8", "fp32" or "fp16w".
        size_bytes: On the disk; where it is not here, what its makers say.
        path: The bundle's folder, None where it is not here.
        fetched_bytes: Of a download that was interrupted.
        is_advised: Whether it is what suits this computer.
        is_in_use: Whether the next session uses it.
        is_demo: Whether it is the small model that comes with the program.
        can_go: Whether it may be removed.
        origin: Where it came from, "" where nobody knows.
        checked: When all its bytes were last found right, "" where nobody knows.
        languages: Codes such as "en", empty where nobody says.
        licence: "" where nobody says.
        problem: Why it cannot be used, "" if it can.
    """

    model: str
    title: str
    tier: str
    size_bytes: int
    path: Path | None = None
    fetched_bytes: int = 0
    is_advised: bool = False
    is_in_use: bool = False
    is_demo: bool = False
    can_go: bool = False
    origin: str = ""
    checked: str = ""
    languages: tuple[str, ...] = ()
    licence: str = ""
    problem: str = ""

    @property
    def is_here(self) -> bool:
        """Whether it is on this computer."""
        return self.path is not None


@dataclass(frozen=True, slots=True)
class Shelf:
    """All of them, those that are here first.

    `reason` says in a sentence why the advised tier suits this computer, and whether there is
    too little room for it.
    """

    tiers: tuple[ShelfTier, ...]
    folder: Path
    free_bytes: int
    unfinished_bytes: int
    reason: str

    @property
    def has_real_model(self) -> bool:
        """Whether a model other than the demo can be used."""
        return any(one.is_here and not one.is_demo and not one.problem for one in self.tiers)

    @property
    def offered(self) -> ShelfTier | None:
        """What to offer: the rest of an interrupted download, else what suits, None if it is here.

        Without a real model only; with one, only what was interrupted.
        """
        begun = [one for one in self.tiers if not one.is_here and one.fetched_bytes]
        if begun:
            return max(begun, key=lambda one: one.fetched_bytes)
        if self.has_real_model:
            return None
        return next((one for one in self.tiers if one.is_advised and not one.is_here), None)


class ModelShelf:
    """What can be done with them. Everything may take seconds; call it in a thread."""

    def __init__(self) -> None:
        self._measuring = threading.Lock()
        self._facts: MachineFacts | None = None

    def look(self) -> Shelf:
        """Return what there is. The machine is measured once.

        Raises:
            GraniteError: The models' folder, the catalogue or the settings cannot be read.
        """
        from granite_live.bundle.catalog import find_bundle, load_catalog

        store, usual = self._store(), find_bundle()
        used = _used(load_settings())
        advice = self._advice(usual)
        here = store.installed()
        tiers = [
            *_installed(here),
            *_elsewhere(used, store.root),
            *_demo(),
            *_to_be_had(load_catalog(), here, store),
        ]
        use = store.disk_use()
        return Shelf(
            tuple(_marked(tiers, used, usual.id, advice.tier)),
            store.root,
            use.free_bytes,
            sum(one.fetched_bytes for one in tiers),
            advice.reason,
        )

    def downloading(
        self, model: str, tier: str, tell: Callable[[Progress], None], place: str | None = None
    ) -> ModelDownload:
        """Return what fetches a tier, see `ModelDownload`; nothing happens before its `run`."""
        return ModelDownload(model, tier, tell, place)

    def verifying(self, path: Path, tier: str, tell: Callable[[int, int], None]) -> Verification:
        """Return what checks an installed tier, see `Verification`."""
        return Verification(path, tier, tell)

    def remove(self, model: str, tier: str) -> int:
        """Remove a tier and what was prepared of it; return the bytes freed.

        Raises:
            BundleError: It is not here, or is in use elsewhere.
        """
        from granite_live.bundle.prepare import sweep_prepared

        return self._store().remove(model, tier) + sweep_prepared()

    def discard_unfinished(self) -> int:
        """Remove what interrupted downloads left; return the bytes freed.

        Raises:
            BundleError: The folder cannot be read.
        """
        return self._store().discard_incoming()

    def take_in(self, path: Path, tell: Callable[[int, int], None]) -> ModelChoice:
        """Import the bundle in a folder or an archive; return its usual tier.

        Args:
            path: The folder, .zip, .tar or .tar.gz.
            tell: Is told the bytes that are copied and how many there are.

        Raises:
            BundleError: It is not safe, not whole, not a bundle, or there is no room.
        """
        from granite_live.bundle.store import import_bundle

        return choose_model(import_bundle(self._store(), path, report=tell).path)

    def choice(self, path: Path, tier: str) -> ModelChoice:
        """Return a tier of an installed model as sessions take it.

        Raises:
            BundleError: It cannot be used.
            SettingsError: The settings cannot be read.
        """
        return choose_model(path, tier, load_settings().provider)

    def wished(self, choice: ModelChoice) -> tuple[str, str]:
        """Return the settings `model_path` and `tier` by which sessions use this model.

        Both are "" where it is what is used without a wish: so it can go without leaving one
        behind that cannot be met.

        Raises:
            SettingsError: The settings cannot be read.
        """
        try:
            usual = choose_model(None, None, load_settings().provider)
        except BundleError:
            return str(choice.path), choice.tier
        if (usual.path.resolve(), usual.tier) == (choice.path.resolve(), choice.tier):
            return "", ""
        return str(choice.path), choice.tier

    def _store(self) -> Store:
        from granite_live.bundle.store import Store

        return Store(paths.models_dir())

    def _advice(self, bundle: CatalogBundle) -> Choice:
        from granite_live.bundle.choosing import choose, measure
        from granite_live.bundle.store.disk import free_bytes, telling

        sizes = {t.name: int(t.about_bytes * (1 + t.preparing_factor)) for t in bundle.tiers}
        with self._measuring:
            if self._facts is None:
                self._facts = measure(paths.models_dir())
            with telling(paths.models_dir()):
                facts = replace(self._facts, free_disk_bytes=free_bytes(paths.models_dir()))
        return choose(facts, sizes)


def _used(settings: Settings) -> ModelChoice | None:
    """Return what a session would use now, None if that cannot be used."""
    path = Path(settings.model_path) if settings.model_path else None
    try:
        return choose_model(path, settings.tier or None, settings.provider)
    except GraniteError:
        return None


def _elsewhere(used: ModelChoice | None, root: Path) -> Iterator[ShelfTier]:
    """Yield what is used if it is a model in a folder of the user's own."""
    from granite_live.bundle.store.disk import folder_bytes

    if used is not None and not used.is_demo and used.path.resolve().parent != root.resolve():
        size = folder_bytes(used.path / used.tier)
        yield ShelfTier("", used.name, used.tier, size, used.path)


def _installed(here: tuple[Installed, ...]) -> Iterator[ShelfTier]:
    from granite_live.bundle import open_bundle

    for one in here:
        if one.problem:
            yield ShelfTier(
                one.name, one.name, "", one.size_bytes, one.path, can_go=True, problem=one.problem
            )
            continue
        for tier in one.tiers:
            shown = _shown(one, tier)
            try:
                shown = replace(shown, title=open_bundle(one.path, tier.name).name)
            except BundleError as error:
                shown = replace(shown, problem=str(error))
            yield shown


def _shown(one: Installed, tier: InstalledTier) -> ShelfTier:
    record = tier.record
    return ShelfTier(
        model=one.name,
        title=one.name,
        tier=tier.name,
        size_bytes=tier.size_bytes,
        path=one.path,
        can_go=True,
        origin="" if record is None else record.origin,
        checked="" if record is None else record.checked,
        licence="" if record is None else record.licence,
    )


def _demo() -> Iterator[ShelfTier]:
    from granite_live.bundle import open_bundle
    from granite_live.bundle.store.disk import folder_bytes

    try:
        bundle = open_bundle(demo_path())
    except BundleError:
        return
    size = folder_bytes(bundle.path / bundle.tier)
    yield ShelfTier(
        "", bundle.name, bundle.tier, size, bundle.path, is_demo=True, languages=("en",)
    )


def _to_be_had(
    catalog: tuple[CatalogBundle, ...], here: tuple[Installed, ...], store: Store
) -> Iterator[ShelfTier]:
    hub = os.environ.get("HF_ENDPOINT", _HUB).rstrip("/")
    installed = {(one.name, tier.name) for one in here for tier in one.tiers}
    for bundle in catalog:
        for tier in bundle.tiers:
            if (bundle.id, tier.name) not in installed:
                yield ShelfTier(
                    model=bundle.id,
                    title=bundle.title,
                    tier=tier.name,
                    size_bytes=tier.about_bytes,
                    fetched_bytes=store.fetched_bytes(bundle.id, tier.name),
                    origin=f"{hub}/{bundle.repository}",
                    languages=bundle.languages,
                    licence=bundle.licence,
                )


def _marked(
    tiers: list[ShelfTier], used: ModelChoice | None, usual: str, advised: str
) -> Iterator[ShelfTier]:
    in_use = None if used is None else (used.path.resolve(), used.tier)
    for one in tiers:
        place = None if one.path is None else (one.path.resolve(), one.tier)
        yield replace(
            one,
            is_in_use=place is not None and place == in_use,
            is_advised=(one.model, one.tier) == (usual, advised),
        )
