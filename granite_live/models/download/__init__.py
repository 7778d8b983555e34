"""Download models. The only package that opens a network connection. Entry: `TierDownload`."""

from granite_live.models.download.job import TierDownload
from granite_live.models.download.open_source import open_source
from granite_live.models.download.retries import DownloadTimeouts

__all__ = ["DownloadTimeouts", "TierDownload", "open_source"]
