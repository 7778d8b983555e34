"""A hub of one's own, and a download from it with little patience."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hub_downloads import IMPATIENT, Fetch, only_hub
from hub_server import Hub, write_catalog

from granite_live.models.catalog import find_bundle
from granite_live.models.download import Control, Download, Patience, open_source
from granite_live.models.download.control import Event
from granite_live.models.store import Store


@pytest.fixture
def hub(bundle_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub with the committed bundle in int8 and fp16w; HF_ENDPOINT points to it."""
    with only_hub(bundle_dir, monkeypatch, "int8", "fp16w") as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "models")


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    return write_catalog(tmp_path / "catalog.toml")


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def fetch(store: Store, catalog: Path, events: list[Event]) -> Fetch:
    """Return a function that downloads a tier."""

    def run(
        tier: str = "int8",
        place: str | None = None,
        *,
        control: Control | None = None,
        patience: Patience = IMPATIENT,
        newest: bool = False,
        tell: Callable[[Event], None] | None = None,
    ) -> Path:
        bundle = find_bundle("small", catalog)
        source = open_source(bundle, place, patience)
        try:
            return Download(
                store, bundle, tier, source, tell or events.append,
                control=control, patience=patience, newest=newest,
            ).run()  # fmt: skip
        finally:
            source.close()

    return run
