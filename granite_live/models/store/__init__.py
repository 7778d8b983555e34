"""Installed models: list, check, import and remove them, each change atomic."""

from granite_live.models.store.importing import ImportStoppedError, import_bundle
from granite_live.models.store.store import BundleStore, InstalledBundle, InstalledTier
from granite_live.models.store.verification import FileProblem, check_files

__all__ = [
    "BundleStore",
    "FileProblem",
    "ImportStoppedError",
    "InstalledBundle",
    "InstalledTier",
    "check_files",
    "import_bundle",
]
