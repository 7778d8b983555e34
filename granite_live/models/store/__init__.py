"""The installed models: listed, checked, taken in and removed; never seen half done."""

from granite_live.models.store.importing import ImportStoppedError, import_bundle
from granite_live.models.store.store import Installed, InstalledTier, Store, TierRecord
from granite_live.models.store.verification import FileProblem, check_files

__all__ = [
    "FileProblem",
    "ImportStoppedError",
    "Installed",
    "InstalledTier",
    "Store",
    "TierRecord",
    "check_files",
    "import_bundle",
]
