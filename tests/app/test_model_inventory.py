"""The window's view of the models, against a hub on loopback; no Qt."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from helpers.bundle_variants import copied
from helpers.download_runs import SHORT_TIMEOUTS
from helpers.hub_server import FakeHub, HubFault
from helpers.messages import sentence, shows

from granite_live.app.model_inventory import InventorySnapshot, InventoryTier, ModelInventory
from granite_live.app.model_tasks import (
    DownloadPhase,
    DownloadStatus,
    DownloadStoppedError,
    ModelDownload,
)
from granite_live.app.models import ModelRequest, choose_model, demo_path
from granite_live.messages.bundle import BundleMessage
from granite_live.messages.download import DownloadMessage
from granite_live.messages.store import StoreMessage
from granite_live.models.opening import open_bundle
from granite_live.models.optimize import prepare_tier
from granite_live.settings import Settings, save_settings
from granite_live.util import paths
from granite_live.util.errors import BundleError, DownloadError


@pytest.fixture
def inventory() -> ModelInventory:
    return ModelInventory()


def fetch(tier: str = "int8", told: list[DownloadStatus] | None = None) -> None:
    told = [] if told is None else told
    ModelDownload("small", tier, told.append, timeouts=SHORT_TIMEOUTS).run()


def one(inventory: InventorySnapshot, model: str, tier: str) -> InventoryTier:
    return next(t for t in inventory.tiers if (t.model, t.tier) == (model, tier))


def test_at_first_there_is_the_demo_and_what_suits_is_offered(
    hub: FakeHub, inventory: ModelInventory
) -> None:
    found = inventory.read()
    assert not found.has_real_model
    demo = found.tiers[0]
    assert (demo.is_demo, demo.is_in_use, demo.is_removable) == (True, True, False)
    offered = found.offered_download
    assert offered is not None
    assert (offered.model, offered.tier, offered.size_bytes) == ("small", "int8", 1000)
    assert (offered.is_recommended, offered.is_installed, offered.languages) == (
        True,
        False,
        ("en",),
    )
    assert found.reason.endswith(".")
    assert found.folder == paths.models_dir()
    assert hub.requests == []


def test_from_nothing_to_a_model_in_use(hub: FakeHub, inventory: ModelInventory) -> None:
    told: list[DownloadStatus] = []
    choice = ModelDownload("small", "int8", told.append, timeouts=SHORT_TIMEOUTS).run()
    assert (choice.path, choice.tier) == (paths.models_dir() / "small", "int8")
    assert told[0] == DownloadStatus()
    assert told[1].phase is DownloadPhase.DOWNLOADING
    done = [now.done_bytes for now in told]
    assert done == sorted(done)
    assert done[-1] == told[-1].total_bytes > 100_000
    found = inventory.read()
    assert found.has_real_model
    assert found.offered_download is None
    here = one(found, "small", "int8")
    assert (here.is_installed, here.is_in_use, here.is_removable) == (True, True, True)
    assert here.origin == f"{hub.url}/someone/small"
    assert here.verified_at.startswith("2")
    assert not one(found, "small", "fp32").is_installed


def test_an_interrupted_download_is_offered_and_goes_on(
    hub: FakeHub, inventory: ModelInventory
) -> None:
    hub.faults = [HubFault()] * 4 + [HubFault(status=404)]
    with pytest.raises(DownloadError):
        fetch("fp32")
    left = ModelInventory().read().offered_download  # as after a restart
    assert left is not None
    assert (left.tier, left.downloaded_bytes > 0) == ("fp32", True)
    sent = hub.sent()
    told: list[DownloadStatus] = []
    fetch("fp32", told)
    assert told[1].done_bytes == left.downloaded_bytes
    assert hub.sent() - sent == told[-1].total_bytes - left.downloaded_bytes
    assert inventory.read().offered_download is None


def test_what_is_left_of_a_download_can_go(hub: FakeHub, inventory: ModelInventory) -> None:
    hub.faults = [HubFault()] * 4 + [HubFault(status=404)]
    with pytest.raises(DownloadError):
        fetch("fp32")
    left = inventory.read().unfinished_bytes
    assert left > 0
    assert inventory.discard_unfinished() >= left
    found = inventory.read()
    assert (found.unfinished_bytes, one(found, "small", "fp32").downloaded_bytes) == (0, 0)


def test_it_pauses_goes_on_and_is_cancelled(hub: FakeHub) -> None:
    paused, told = threading.Event(), []

    def tell(now: DownloadStatus) -> None:
        told.append(now.phase)
        if now.done_bytes and len([one for one in told if one is DownloadPhase.DOWNLOADING]) == 2:
            download.pause()
        if now.phase is DownloadPhase.PAUSED:
            paused.set()

    download = ModelDownload("small", "int8", tell, timeouts=SHORT_TIMEOUTS)
    ended: list[object] = []

    def run() -> None:
        try:
            ended.append(download.run())
        except DownloadError as error:
            ended.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    assert paused.wait(30)
    asked = len(hub.requests)
    download.resume()
    thread.join(30)
    assert DownloadPhase.PAUSED in told
    assert len(hub.requests) > asked
    assert len(ended) == 1
    assert getattr(ended[0], "tier", "") == "int8"


def test_cancelled_it_keeps_what_came(hub: FakeHub, inventory: ModelInventory) -> None:
    def tell(now: DownloadStatus) -> None:
        if now.done_bytes > 100_000:
            download.cancel()

    download = ModelDownload("small", "fp32", tell, timeouts=SHORT_TIMEOUTS)
    with pytest.raises(DownloadStoppedError, match=sentence(DownloadMessage.STOPPED)):
        download.run()
    left = inventory.read().offered_download
    assert left is not None
    assert left.downloaded_bytes > 100_000


def test_what_passes_by_itself_is_a_sentence(hub: FakeHub) -> None:
    hub.faults = [HubFault(flip=3), HubFault(cut=3)]
    told: list[DownloadStatus] = []
    fetch("int8", told)
    sentences = [now.sentence for now in told if now.sentence]
    assert shows(sentences[0], DownloadMessage.WRONG_FILE_RETRIED)
    assert shows(sentences[1], DownloadMessage.RETRYING)
    assert [now.phase for now in told if now.sentence] == [
        DownloadPhase.DOWNLOADING,
        DownloadPhase.WAITING,
    ]
    assert told[-1].sentence == ""


def test_removing_a_tier_takes_what_was_prepared_of_it(
    bundle_dir: Path, tmp_path: Path, inventory: ModelInventory
) -> None:
    chosen = inventory.import_model(
        copied(bundle_dir, tmp_path / "b", "int8", "fp32"), lambda *_: None
    )
    prepare_tier(open_bundle(chosen.path, "fp32"))
    prepared = paths.data_dir() / "prepared"
    assert [entry for entry in prepared.iterdir() if entry.is_dir()]
    name = chosen.path.name
    assert inventory.remove(name, "fp32") > 0
    assert [entry for entry in prepared.iterdir() if entry.is_dir()] == []
    inventory.remove(name, "int8")
    assert [one.is_demo for one in inventory.read().tiers if one.is_installed] == [True]
    with pytest.raises(BundleError, match=sentence(StoreMessage.NOT_INSTALLED)):
        inventory.remove(name, "int8")


def test_an_archive_is_taken_in_and_a_broken_one_is_not(
    bundle_dir: Path, tmp_path: Path, inventory: ModelInventory
) -> None:
    folder = copied(bundle_dir, tmp_path / "b", "int8")
    told: list[tuple[int, int]] = []
    choice = inventory.import_model(
        Path(shutil.make_archive(str(tmp_path / "pack"), "zip", folder)),
        lambda done, total: told.append((done, total)),
    )
    assert choice.tier == "int8"
    assert told[-1][0] == told[-1][1] > 0
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"no archive")
    with pytest.raises(BundleError):
        inventory.import_model(broken, lambda *_: None)


def test_what_cannot_be_used_is_shown_with_its_reason(inventory: ModelInventory) -> None:
    (paths.models_dir() / "empty").mkdir(parents=True)
    found = inventory.read()
    empty = found.tiers[0]
    assert (empty.model, empty.is_removable) == ("empty", True)
    assert shows(empty.problem, BundleMessage.NO_TIERS)
    assert not found.has_real_model


def test_a_wish_is_stored_only_where_it_is_one(
    bundle_dir: Path, tmp_path: Path, inventory: ModelInventory
) -> None:
    assert inventory.settings_for(choose_model(ModelRequest(demo_path()))) == ("", "")
    chosen = inventory.import_model(
        copied(bundle_dir, tmp_path / "b", "int8", "fp32"), lambda *_: None
    )
    assert inventory.settings_for(choose_model(ModelRequest(chosen.path, "int8"))) == ("", "")
    assert inventory.settings_for(choose_model(ModelRequest(chosen.path, "fp32"))) == (
        str(chosen.path),
        "fp32",
    )
    assert inventory.settings_for(choose_model(ModelRequest(demo_path()))) == (
        str(demo_path()),
        "int8",
    )
    save_settings(Settings(model_path=str(chosen.path), tier="fp32"))
    used = [tier.tier for tier in inventory.read().tiers if tier.is_in_use]
    assert used == ["fp32"]
    save_settings(Settings(model_path=str(tmp_path / "gone")))
    assert not any(tier.is_in_use for tier in inventory.read().tiers)


def test_a_model_in_a_folder_of_ones_own_is_a_real_one(
    bundle_dir: Path, inventory: ModelInventory
) -> None:
    save_settings(Settings(model_path=str(bundle_dir), tier="fp32"))
    found = inventory.read()
    assert found.has_real_model
    assert found.offered_download is None
    used = next(tier for tier in found.tiers if tier.is_in_use)
    assert (used.path, used.tier, used.is_removable) == (bundle_dir, "fp32", False)
