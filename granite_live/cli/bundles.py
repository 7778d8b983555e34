"""Which model bundle a command uses, and what is said about the choice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from granite_live import paths, resources
from granite_live.cli.notes import Notes
from granite_live.errors import BundleError

if TYPE_CHECKING:
    from granite_live.bundle import Bundle

PUBLISHED_BUNDLE = "smcleod/ibm-granite-speech-4.1-2b-nar-onnx"


def choose_bundle(
    path: Path | None, tier: str | None, notes: Notes, *, accelerator: bool = False
) -> Bundle:
    """Open the bundle at `path`, else the newest installed one, else the demo, and say which.

    Raises:
        BundleError: The chosen bundle cannot be used, or there is none at all.
    """
    from granite_live.bundle import open_bundle

    if path is not None:
        bundle, origin = open_bundle(path, tier, accelerator=accelerator), "as asked"
    else:
        installed = _newest_installed(tier, notes, accelerator=accelerator)
        bundle = installed or open_bundle(_demo_path(), tier, accelerator=accelerator)
        origin = "the newest installed model" if installed else "no other model is installed"
    notes.say(f"Model: {bundle.name}, {bundle.tier} ({bundle.tier_reason}), in {bundle.path}")
    if bundle.is_demo:
        notes.say(
            f"This is the small English demo model, not Granite ({origin}): expect mistakes. "
            f"For Granite, download {PUBLISHED_BUNDLE} from the Hugging Face hub and give its "
            f"folder with --bundle PATH."
        )
    return bundle


def _newest_installed(tier: str | None, notes: Notes, *, accelerator: bool) -> Bundle | None:
    """Return the newest folder in the models' folder that is a usable bundle."""
    from granite_live.bundle import open_bundle

    for folder in _newest_first(paths.models_dir()):
        try:
            return open_bundle(folder, tier, accelerator=accelerator)
        except BundleError as error:
            notes.warn(f"an installed model is passed over. {error}")
    return None


def _newest_first(models: Path) -> list[Path]:
    try:
        folders = [entry for entry in models.iterdir() if entry.is_dir()]
        return sorted(folders, key=lambda entry: entry.stat().st_mtime_ns, reverse=True)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BundleError(
            f"The folder of installed models, {models}, cannot be read ({error.strerror}): "
            f"give a bundle with --bundle PATH."
        ) from error


def _demo_path() -> Path:
    try:
        return resources.demo_bundle_dir()
    except FileNotFoundError as error:
        raise BundleError(f"{error}.") from error
