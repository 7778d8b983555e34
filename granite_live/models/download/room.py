"""Check the free disk space before a download."""

from __future__ import annotations

from pathlib import Path

from granite_live.models.store.disk import free_bytes, size_text, telling
from granite_live.util.errors import DownloadError

_KEPT_FREE_BYTES = 200 << 20  # programs fail on a full disk


def check_room(folder: Path, total_bytes: int, have_bytes: int, preparing_factor: float) -> None:
    """Check that the missing files and their preparing fit on the disk.

    Args:
        folder: The models' folder.
        total_bytes: Size of the tier and the shared files.
        have_bytes: How much of it is on the disk.
        preparing_factor: See `CatalogTier`.

    Raises:
        DownloadError: There is too little space.
        BundleError: The free space cannot be read.
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
