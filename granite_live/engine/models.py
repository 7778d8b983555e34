"""Which model a session uses: the one that was chosen, else the newest installed, else the demo."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live import paths, resources
from granite_live.errors import BundleError

if TYPE_CHECKING:
    from granite_live.bundle import Bundle
    from granite_live.live.messages import ModelSpec

_log = logging.getLogger(__name__)

PUBLISHED_BUNDLE = "smcleod/ibm-granite-speech-4.1-2b-nar-onnx"
"""The model on the Hugging Face hub."""


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model that was opened and checked, not loaded."""

    path: Path
    name: str
    tier: str
    tiers: tuple[str, ...]
    is_demo: bool
    provider: str = "auto"

    @property
    def spec(self) -> ModelSpec:
        """What the worker is told."""
        from granite_live.live.messages import ModelSpec

        return ModelSpec(str(self.path.absolute()), self.tier, self.provider)


def choose_model(
    path: Path | None = None, tier: str | None = None, provider: str = "auto"
) -> ModelChoice:
    """Open the bundle at `path`, else the newest installed one, else the demo.

    Raises:
        BundleError: The chosen bundle cannot be used, or there is none at all.
    """
    from granite_live.bundle import open_bundle
    from granite_live.speech.providers import prefers_accelerator

    accelerator = tier is None and prefers_accelerator(provider)
    if path is not None:
        bundle = open_bundle(path, tier, accelerator=accelerator)
    else:
        bundle = newest_installed(tier, _log.warning, accelerator=accelerator) or open_bundle(
            demo_path(), tier, accelerator=accelerator
        )
    return ModelChoice(
        bundle.path, bundle.name, bundle.tier, tuple(bundle.tiers), bundle.is_demo, provider
    )


def newest_installed(
    tier: str | None,
    warn: Callable[[str], None],
    *,
    accelerator: bool,
    remedy: str = "mend its rights, or choose a model by its folder",
) -> Bundle | None:
    """Return the newest folder in the models' folder that is a usable bundle.

    `remedy` is what its reader can do where that folder cannot be read.

    Raises:
        BundleError: That folder cannot be read.
    """
    from granite_live.bundle import open_bundle

    for folder in _newest_first(paths.models_dir(), remedy):
        try:
            return open_bundle(folder, tier, accelerator=accelerator)
        except BundleError as error:
            warn(f"an installed model is passed over. {error}")
    return None


def all_models(path: Path | None = None, provider: str = "auto") -> tuple[ModelChoice, ...]:
    """Return every tier of every bundle that can be used: `path`, the installed ones, the demo.

    What cannot be used is passed over. May take a second.

    Raises:
        BundleError: There is none at all.
    """
    from granite_live.bundle import open_bundle

    folders = [] if path is None else [path]
    folders += _newest_first(paths.models_dir(), "mend its rights")
    reason = BundleError("There is no model: install one, or choose its folder in the settings.")
    try:
        folders.append(demo_path())
    except BundleError as error:
        reason = error
    found: dict[tuple[Path, str], ModelChoice] = {}
    for folder in folders:
        try:
            bundle = open_bundle(folder)
        except BundleError as error:
            _log.warning("a model is passed over. %s", error)
            reason = error
            continue
        for tier in bundle.tiers:
            choice = ModelChoice(
                *(bundle.path, bundle.name, tier, tuple(bundle.tiers), bundle.is_demo, provider)
            )
            found.setdefault((bundle.path.resolve(), tier), choice)
    if not found:
        raise reason
    return tuple(found.values())


def demo_path() -> Path:
    """Return the demo model's folder.

    Raises:
        BundleError: It is missing.
    """
    try:
        return resources.demo_bundle_dir()
    except FileNotFoundError as error:
        raise BundleError(f"{error}.") from error


def _newest_first(models: Path, remedy: str) -> list[Path]:
    try:
        # A name with a dot in front is what is on its way, not what is installed.
        folders = [entry for entry in models.iterdir() if entry.is_dir() and entry.name[0] != "."]
        return sorted(folders, key=lambda entry: entry.stat().st_mtime_ns, reverse=True)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BundleError(
            f"The folder of installed models, {models}, cannot be read ({error.strerror}): "
            f"{remedy}."
        ) from error
