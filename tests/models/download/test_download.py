"""Fetching a tier when all goes well, from each kind of source."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.download_runs import Fetch, is_whole
from helpers.hub_server import COMMIT, FakeHub, HubFault, small_files, write_catalog
from helpers.messages import sentence

from granite_live.messages.download import DownloadMessage
from granite_live.messages.store import StoreMessage
from granite_live.models.download.control import (
    DownloadCanceledError,
    DownloadControl,
    DownloadFinished,
    DownloadPaused,
    DownloadPlanned,
    DownloadProgress,
    DownloadResumed,
    Event,
    FileRefetched,
)
from granite_live.models.opening import open_bundle
from granite_live.models.store import BundleStore, check_files
from granite_live.models.store.store import read_record
from granite_live.util.errors import BundleError, DownloadError


def test_a_tier_comes_with_the_shared_files_and_nothing_else(
    hub: FakeHub, store: BundleStore, fetch: Fetch, events: list[Event]
) -> None:
    path = fetch()
    assert path == store.root / "small"
    assert is_whole(store, hub)
    assert open_bundle(path).tiers == ("int8",)
    assert not (path / "export.py").exists()
    assert not any("fp16w" in one.path for one in hub.requests)
    record = read_record(path, "int8")
    assert record is not None
    assert (record.revision, record.licence) == (COMMIT, "MIT")
    assert record.origin == f"{hub.url}/someone/small"
    assert check_files(path, record) == []
    assert store.disk_use().incoming_bytes == 0
    planned, *_middle, finished = events
    assert isinstance(planned, DownloadPlanned)
    assert (planned.have_bytes, planned.revision) == (0, COMMIT)
    assert planned.total_bytes == record.size_bytes
    assert finished == DownloadFinished(path, "int8", record.size_bytes)
    done = [one.done_bytes for one in events if isinstance(one, DownloadProgress)]
    assert done == sorted(done)
    assert done[-1] == record.size_bytes


def test_what_is_here_is_not_fetched_again(hub: FakeHub, fetch: Fetch, events: list[Event]) -> None:
    fetch()
    sent = hub.sent()
    requests = len(hub.requests)
    path = fetch()
    assert hub.sent() == sent
    assert len(hub.requests) == requests  # what the files are is remembered too
    assert events[-1] == DownloadFinished(path, "int8", 0)


def test_a_second_tier_brings_its_own_files_only(
    hub: FakeHub, store: BundleStore, fetch: Fetch
) -> None:
    fetch("int8")
    before = len(hub.requests)
    path = fetch("fp16w")
    assert is_whole(store, hub, "int8")
    assert is_whole(store, hub, "fp16w")
    assert open_bundle(path).tiers == ("fp16w", "int8")
    asked = [one.path for one in hub.requests[before:] if "/resolve/" in one.path]
    assert asked
    assert all("/fp16w/" in one for one in asked)


def test_only_the_damaged_file_of_an_installed_tier_comes_again(
    hub: FakeHub, store: BundleStore, fetch: Fetch
) -> None:
    path = fetch()
    before = len(hub.requests)
    weights = path / "int8" / "editor.onnx_data"
    content = bytearray(weights.read_bytes())
    content[100] ^= 1
    weights.write_bytes(content)
    fetch()
    assert is_whole(store, hub)
    asked = [one.path for one in hub.requests[before:]]
    assert len(asked) == 1
    assert asked[0].endswith("int8/editor.onnx_data")


def test_a_damaged_shared_file_is_mended_for_all_tiers(
    hub: FakeHub, store: BundleStore, fetch: Fetch
) -> None:
    fetch("int8")
    path = fetch("fp16w")
    (path / "tokenizer.json").write_text("{}")
    fetch("int8")
    assert is_whole(store, hub, "int8")
    assert is_whole(store, hub, "fp16w")
    assert [one.name for one in store.find("small").tiers] == ["fp16w", "int8"]


def test_a_mirror_is_a_plain_folder_on_the_web(
    hub: FakeHub, store: BundleStore, fetch: Fetch
) -> None:
    path = fetch(place=f"{hub.url}/plain/")
    assert is_whole(store, hub)
    record = read_record(path, "int8")
    assert record is not None
    assert record.revision is None
    assert not hub.asked("/api/")
    assert check_files(path, record) == []


def test_a_server_that_knows_neither_ranges_nor_head(
    hub: FakeHub, store: BundleStore, fetch: Fetch
) -> None:
    hub.with_ranges = hub.with_head = False
    hub.faults = [HubFault(cut=100)]
    fetch(place=f"{hub.url}/plain")
    assert is_whole(store, hub)


def test_a_folder(store: BundleStore, hub: FakeHub, fetch: Fetch, bundle_dir: Path) -> None:
    path = fetch(place=str(bundle_dir))
    assert is_whole(store, hub)
    assert open_bundle(path).tier == "int8"
    assert not hub.requests


def test_what_the_hub_said_is_asked_of_every_other_source(
    hub: FakeHub, store: BundleStore, fetch: Fetch, tmp_path: Path, bundle_dir: Path
) -> None:
    fetch()
    store.remove("small")
    other = tmp_path / "other"
    for path, content in small_files(bundle_dir, "int8").items():
        (other / path).parent.mkdir(parents=True, exist_ok=True)
        (other / path).write_bytes(content)
    forged = bytearray((other / "int8/editor.onnx_data").read_bytes())
    forged[5] ^= 1
    (other / "int8/editor.onnx_data").write_bytes(forged)
    with pytest.raises(DownloadError, match=sentence(DownloadMessage.NEVER_RIGHT)):
        fetch(place=str(other))
    assert store.installed() == ()


def test_published_checksums_outrank_every_source(
    hub: FakeHub, fetch: Fetch, catalog: Path, store: BundleStore
) -> None:
    write_catalog(catalog, sha256=f'"int8/encoder.onnx" = "{"0" * 64}"')
    with pytest.raises(
        DownloadError,
        match=sentence(DownloadMessage.NOT_THE_PUBLISHED_FILE, file="int8/encoder.onnx"),
    ):
        fetch()
    assert store.installed() == ()
    assert hub.sent() == 0


@pytest.mark.parametrize(
    "place", ["ftp://host/x", "https://", "https://name:secret@host/x", "/no/such/folder"]
)
def test_places_that_are_none(fetch: Fetch, place: str) -> None:
    with pytest.raises(DownloadError) as told:
        fetch(place=place)
    assert "secret" not in str(told.value)


def test_a_folder_without_the_tier(fetch: Fetch, tmp_path: Path, bundle_dir: Path) -> None:
    with pytest.raises(
        DownloadError, match=sentence(DownloadMessage.FILE_LACKING, file="tokenizer.json")
    ):
        fetch(place=str(tmp_path))
    with pytest.raises(BundleError, match=sentence(DownloadMessage.NO_SUCH_TIER, tier="int4")):
        fetch("int4", str(bundle_dir))


def test_no_room_is_told_before_a_byte_is_fetched(
    hub: FakeHub, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("granite_live.models.download.job.free_bytes", lambda _folder: 10**6)
    with pytest.raises(DownloadError, match=sentence(DownloadMessage.NO_ROOM, free="1.0 MB")):
        fetch()
    assert hub.sent() == 0


def test_paused_it_holds_no_connection_and_goes_on_where_it_was(
    hub: FakeHub, store: BundleStore, fetch: Fetch, events: list[Event]
) -> None:
    hub.faults = [HubFault()] * 3 + [HubFault(stall=5000)]
    control = DownloadControl()
    told = threading.Event()

    def tell(event: Event) -> None:
        events.append(event)
        if isinstance(event, DownloadPaused):
            told.set()

    def pause_and_resume() -> None:
        hub.stalled.wait()
        control.pause()
        told.wait()
        control.resume()

    helper = threading.Thread(target=pause_and_resume)
    helper.start()
    fetch(control=control, tell=tell)
    helper.join()
    assert is_whole(store, hub)
    assert DownloadResumed() in events
    assert not any(isinstance(one, FileRefetched) for one in events)
    first, second = hub.asked("int8/encoder.onnx_data")
    assert first.sent_bytes == 5000
    # What had not reached us when the line was cut is asked for again.
    start = int(second.headers.get("range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
    assert start <= 5000
    assert second.sent_bytes == len(hub.files["int8/encoder.onnx_data"]) - start


def test_cancelled_it_ends_at_once_though_nothing_comes(
    hub: FakeHub, store: BundleStore, fetch: Fetch
) -> None:
    hub.faults = [HubFault(), HubFault(), HubFault(stall=10)]
    control = DownloadControl()
    helper = threading.Thread(target=lambda: (hub.stalled.wait(), control.cancel()))
    helper.start()
    with pytest.raises(DownloadCanceledError, match=sentence(DownloadMessage.STOPPED)):
        fetch(control=control)
    helper.join()
    assert store.installed() == ()
    sent = hub.sent()
    fetch()
    assert is_whole(store, hub)
    record = read_record(store.root / "small", "int8")
    assert record is not None
    # What had not reached us when the line was cut is asked for again.
    assert record.size_bytes <= hub.sent() <= record.size_bytes + 10
    assert sent < record.size_bytes


def test_cancelled_before_it_begins(hub: FakeHub, fetch: Fetch) -> None:
    control = DownloadControl()
    control.cancel()
    control.resume()
    with pytest.raises(DownloadCanceledError):
        fetch(control=control)
    assert not hub.requests


def test_a_token_goes_to_the_hub_only_and_into_no_file_or_log(
    hub: FakeHub,
    store: BundleStore,
    fetch: Fetch,
    events: list[Event],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    token = "hf_verysecrettoken"
    monkeypatch.setenv("HF_TOKEN", token)
    try:
        socket.getaddrinfo("localhost", None)
    except socket.gaierror:
        pytest.skip("this machine does not know the name localhost (no /etc/hosts)")
    elsewhere = hub.url.replace("127.0.0.1", "localhost")
    hub.faults = [HubFault(redirect=elsewhere), HubFault(), HubFault(redirect=hub.url)]
    with caplog.at_level(logging.DEBUG):
        fetch()
    assert is_whole(store, hub)
    with_token = [one.path for one in hub.requests if token in str(one.headers)]
    assert any("/api/" in one for one in with_token)
    assert any("/resolve/" in one for one in with_token)
    away = [one for one in hub.requests if one.headers["host"].startswith("localhost")]
    assert len(away) == 1
    assert token not in str(away[0].headers)
    assert token not in caplog.text
    assert token not in str(events)
    for file in store.root.rglob("*"):
        if file.is_file():
            assert token.encode() not in file.read_bytes()
    monkeypatch.setenv("HF_TOKEN", "")
    hub.faults = [HubFault(status=401)]
    store.remove("small")
    with pytest.raises(DownloadError, match="HF_TOKEN"):
        fetch()


def test_nobody_is_told_what_runs_here(
    hub: FakeHub, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AI_AGENT", "somebody")
    fetch()
    assert {one.path.split("/")[1] for one in hub.requests} == {"api", "someone"}
    assert len(hub.asked("/api/")) == 1
    for one in hub.requests:
        assert "somebody" not in str(one.headers)
        assert "granite-live" in one.headers["user-agent"]


def test_offline_mode_is_told(hub: FakeHub, fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(DownloadError, match=sentence(DownloadMessage.HUB_OFFLINE)):
        fetch()
    assert not hub.requests


def test_two_downloads_of_one_tier_at_once(hub: FakeHub, store: BundleStore, fetch: Fetch) -> None:
    second: list[str] = []

    def tell(event: Event) -> None:
        if isinstance(event, DownloadPlanned):
            with pytest.raises(BundleError, match=sentence(StoreMessage.BUSY_DOWNLOADING)) as told:
                fetch()
            second.append(str(told.value))

    fetch(tell=tell)
    assert len(second) == 1
    assert is_whole(store, hub)


def test_unfinished_downloads_can_be_thrown_away(
    hub: FakeHub, store: BundleStore, fetch: Fetch, make_cut: Callable[[], None]
) -> None:
    make_cut()
    with pytest.raises(DownloadError):
        fetch()
    assert store.disk_use().incoming_bytes > 1000
    assert store.discard_incoming() > 1000
    assert store.disk_use().incoming_bytes < 1000
    fetch()
    assert is_whole(store, hub)


@pytest.fixture
def make_cut(hub: FakeHub) -> Callable[[], None]:
    """Return what makes the fourth file end after 1500 bytes, again and again."""

    def cut() -> None:
        hub.faults = [HubFault()] * 3 + [HubFault(cut=1500)] + [HubFault(cut=0)] * 10

    return cut
