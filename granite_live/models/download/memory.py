"""Record of the hub's revisions and checksums, to detect later changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from granite_live.models.catalog import CatalogBundle
from granite_live.models.download.sources import Listing
from granite_live.models.files import FileFacts, is_safe_path, is_sha256, is_size
from granite_live.models.store.disk import telling, write_json
from granite_live.models.store.locks import store_lock
from granite_live.util.errors import DownloadError

_FORMAT = 1


class Memory:
    """The first-seen revisions and checksums, in a file of the models' folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = root / ".remembered.json"

    def recall(self, bundle: CatalogBundle) -> Listing | None:
        """Return the recorded listing of a bundle; None if there is none for this catalog entry.

        Raises:
            DownloadError: The file is damaged.
        """
        stated = self._read().get(bundle.id)
        if stated is None or stated["asked"] != f"{bundle.repository}@{bundle.revision}":
            return None
        return Listing(stated["revision"], tuple(_facts(one) for one in stated["files"]))

    def remember(self, bundle: CatalogBundle, listing: Listing) -> Listing:
        """Add a listing to the record and return the merged listing.

        Raises:
            DownloadError: The listing contradicts the record for the same revision.
            BundleError: The file cannot be written.
        """
        with store_lock(self._root), telling(self._root):
            known = self.recall(bundle)
            files: dict[str, FileFacts] = {}
            if known is not None and known.revision == listing.revision:
                files = {one.path: one for one in known.files}
            for one in listing.files:
                if files.setdefault(one.path, one) != one:
                    raise DownloadError(
                        f"{one.path} is not what it was, although its revision is the same "
                        f"({listing.revision}): do not trust this source; take the model from "
                        f"elsewhere with --from."
                    )
            merged = Listing(listing.revision, tuple(files.values()))
            everything = dict(self._read())
            everything[bundle.id] = {
                "asked": f"{bundle.repository}@{bundle.revision}",
                "revision": merged.revision,
                "files": [asdict(one) for one in merged.files],
            }
            write_json(self._path, {"format": _FORMAT, "bundles": everything})
        return merged

    def _read(self) -> Mapping[str, Any]:
        try:
            text = self._path.read_text(encoding="utf-8")
            stated = json.loads(text)
            if stated["format"] != _FORMAT:
                raise ValueError("it is of another version of Granite Live")
            bundles: Mapping[str, Any] = stated["bundles"]
            for one in bundles.values():
                if not isinstance(one["asked"], str) or not isinstance(one["revision"], str):
                    raise ValueError("it names no revision")
                for file in one["files"]:
                    _facts(file)
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise DownloadError(
                f"What is remembered of the models, {self._path}, cannot be used "
                f"({str(error)[:60]}): delete that file."
            ) from error
        return bundles


def _facts(stated: Mapping[str, Any]) -> FileFacts:
    facts = FileFacts(stated["path"], stated["size_bytes"], stated["sha256"], stated["git_sha1"])
    good = (
        is_safe_path(facts.path)
        and is_size(facts.size_bytes)
        and (facts.sha256 is None or is_sha256(facts.sha256))
        and (facts.git_sha1 is None or isinstance(facts.git_sha1, str))
    )
    if not good:
        raise ValueError(f"{str(facts.path)[:40]!r} is no file of a bundle")
    return facts
