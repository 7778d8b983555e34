"""Open the source of a model: the hub or its mirror, a plain web address, or a folder."""

from __future__ import annotations

from pathlib import Path

from granite_live.messages.download import DownloadMessage
from granite_live.models.catalog import CatalogBundle
from granite_live.models.download.http import check_environment
from granite_live.models.download.hub import HubSource
from granite_live.models.download.plain_sources import FolderSource, WebSource
from granite_live.models.download.retries import DownloadTimeouts
from granite_live.models.download.sources import ModelSource
from granite_live.util.errors import DownloadError


def open_source(
    bundle: CatalogBundle, place: str | None = None, timeouts: DownloadTimeouts | None = None
) -> ModelSource:
    """Return the source for `bundle`.

    Args:
        bundle: The catalog bundle.
        place: A folder or the URL of a folder; None means the hub, or the mirror in HF_ENDPOINT.
        timeouts: Timeouts.

    Raises:
        DownloadError: The folder does not exist, the URL is invalid, or the environment names an
            unusable proxy or certificate.
    """
    timeouts = timeouts or DownloadTimeouts()
    if place is None:
        check_environment()
        return HubSource(bundle.repository, timeouts)
    if "://" in place:
        check_environment()
        return WebSource(place, timeouts)
    folder = Path(place).expanduser().absolute()
    if not folder.is_dir():
        raise DownloadError(DownloadMessage.NO_SOURCE_FOLDER(folder=folder))
    return FolderSource(folder)
