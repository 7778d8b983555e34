"""Shared helpers of the download tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from granite_live.models.download import DownloadTimeouts
from granite_live.models.store import BundleStore
from helpers.hub_server import FakeHub, serving, small_files, write_catalog

SHORT_TIMEOUTS = DownloadTimeouts(
    connect_s=5.0,
    stall_s=0.5,
    slow_window_s=0.3,
    slow_bytes_s=1000.0,
    first_wait_s=0.0,
    max_wait_s=0.0,
)

Fetch = Callable[..., Path]
_CERTIFICATES = Path(__file__).parents[1] / "data" / "unused_authority.pem"


@contextmanager
def only_hub(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, *tiers: str, catalog_in: Path | None = None
) -> Iterator[FakeHub]:
    """Yield a hub with these tiers of the bundle; HF_ENDPOINT points to it.

    `catalog_in` is a folder for a catalog of it, which replaces the program's own.
    """
    if catalog_in is not None:
        catalog = write_catalog(catalog_in / "catalog.toml")
        monkeypatch.setattr("granite_live.models.catalog.catalog_path", lambda: catalog)
    monkeypatch.delenv("HF_TOKEN", raising=False)
    # The hub is asked in plain HTTP, but each client reads all certificates: 0.07 s for the
    # system's.
    monkeypatch.setenv("SSL_CERT_FILE", str(_CERTIFICATES))
    with serving(FakeHub(small_files(bundle, *tiers))) as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running


def is_whole(store: BundleStore, hub: FakeHub, tier: str = "int8") -> bool:
    """Return whether the installed tier equals the hub's files, and no partial file is left."""
    folder = store.root / "small"
    mine = [path for path in hub.files if "/" not in path or path.startswith(f"{tier}/")]
    wanted = [path for path in mine if path not in ("export.py", "special_tokens_map.json")]
    return all((folder / path).read_bytes() == hub.files[path] for path in wanted)
