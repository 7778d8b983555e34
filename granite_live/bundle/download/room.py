"""Whether a model fits, told before anything is fetched."""

from __future__ import annotations

from pathlib import Path

from granite_live.bundle.store.disk import free_bytes, size_text, telling
from granite_live.errors import DownloadError

_KEPT_FREE_BYTES = 200 << 20  # a disk without any room disturbs everybody


def check_room(folder: Path, total_bytes: int, have_bytes: int, preparing_factor: float) -> None:
    """Do nothing if there is room for what is missing and for preparing it.

    Args:
        folder: The models' folder.
        total_bytes: Of the tier and the shared files.
        have_bytes: How much of it is here.
        preparing_factor: See `CatalogTier`.

    Raises:
        DownloadError: There is not.
        BundleError: The disk cannot be asked.
    """
    missing = max(0, total_bytes - have_bytes)
    preparing = int(total_bytes * preparing_factor)
    with telling(folder):
        free = free_bytes(folder)
    if missing + preparing + _KEPT_FREE_BYTES > free:
        raise DownloadError(
            f"There is not enough room in {folder}: {size_text(missing)} are missing and "
            f"{size_text(preparing)} are wanted for preparing the model, {size_text(free)} are "
            f"free. Make room, choose a smaller tier with --tier, or point GRANITE_LIVE_HOME to "
            f"another disk."
        )
