"""Download models. The only package that opens a network connection. Entry: `Download`."""

from granite_live.models.download.control import Control
from granite_live.models.download.job import Download
from granite_live.models.download.open_source import open_source
from granite_live.models.download.retries import Patience

__all__ = ["Control", "Download", "Patience", "open_source"]
