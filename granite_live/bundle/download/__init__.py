"""Download models. The only package that opens a network connection. Entry: `Download`."""

from granite_live.bundle.download.control import Control
from granite_live.bundle.download.job import Download
from granite_live.bundle.download.patience import Patience
from granite_live.bundle.download.sources import open_source

__all__ = ["Control", "Download", "Patience", "open_source"]
