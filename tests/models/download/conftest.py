"""A hub of one's own, and a download from it with little patience."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from helpers.download_runs import SHORT_TIMEOUTS, Fetch, only_hub
from helpers.hub_server import FakeHub, write_catalog

from granite_live.models.catalog import find_bundle
from granite_live.models.download import DownloadTimeouts, TierDownload, open_source
from granite_live.models.download.control import DownloadControl, Event
from granite_live.models.store import BundleStore


@pytest.fixture
def hub(bundle_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """A hub with the committed bundle in int8 and fp16w; HF_ENDPOINT points to it."""
    with only_hub(bundle_dir, monkeypatch, "int8", "fp16w") as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> BundleStore:
    return BundleStore(tmp_path / "models")


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    return write_catalog(tmp_path / "catalog.toml")


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def fetch(store: BundleStore, catalog: Path, events: list[Event]) -> Fetch:
    """Return a function that downloads a tier."""

    def run(
        tier: str = "int8",
        place: str | None = None,
        *,
        control: DownloadControl | None = None,
        timeouts: DownloadTimeouts = SHORT_TIMEOUTS,
        newest: bool = False,
        tell: Callable[[Event], None] | None = None,
    ) -> Path:
        bundle = find_bundle("small", catalog)
        source = open_source(bundle, place, timeouts)
        try:
            return TierDownload(
                store, bundle, tier, source, tell or events.append,
                control=control, timeouts=timeouts, newest=newest,
            ).run()  # fmt: skip
        finally:
            source.close()

    return run
