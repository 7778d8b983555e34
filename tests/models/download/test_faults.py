"""Everything that may go wrong on the way: gone through, or told in one sentence."""

from __future__ import annotations

import errno
import os
import random
import re
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from helpers.download_runs import SHORT_TIMEOUTS, Fetch, is_whole
from helpers.hub_server import OTHER_COMMIT, FakeHub, HubFault, serving, small_files, write_catalog
from helpers.messages import sentence, shows

from granite_live.messages.download import DownloadMessage
from granite_live.messages.store import StoreMessage
from granite_live.models.download import DownloadTimeouts
from granite_live.models.download.control import (
    DownloadCanceledError,
    DownloadControl,
    DownloadPlanned,
    Event,
    FileRefetched,
    RetryScheduled,
)
from granite_live.models.download.http import check_redirects
from granite_live.models.download.retries import parse_retry_after
from granite_live.models.store import BundleStore
from granite_live.util.errors import BundleError, DownloadError, GraniteError

WEIGHTS = "int8/encoder.onnx_data"


def refetched(events: list[Event]) -> list[str]:
    return [one.file for one in events if isinstance(one, FileRefetched)]


def test_cut_at_many_places_nothing_is_sent_twice(
    hub: FakeHub, store: BundleStore, fetch: Fetch
) -> None:
    pick = random.Random(1)
    size = max(map(len, hub.files.values()))
    hub.faults = [HubFault(cut=pick.randrange(size)) for _ in range(30)]
    hub.faults[::5] = [HubFault(cut=0)] * 6
    fetch()
    assert is_whole(store, hub)
    for path, content in hub.files.items():
        assert hub.sent(f"/{path}") in (0, len(content))


def test_a_burst_of_busy_servers(
    hub: FakeHub, store: BundleStore, fetch: Fetch, events: list[Event]
) -> None:
    hub.listing_faults = [HubFault(status=503), HubFault(status=500)]
    hub.faults = [HubFault(status=status) for status in (429, 500, 502, 503, 504)]
    fetch()
    assert is_whole(store, hub)
    assert len([one for one in events if isinstance(one, RetryScheduled)]) == 7


def test_the_server_says_how_long_to_wait(
    hub: FakeHub, store: BundleStore, fetch: Fetch, events: list[Event]
) -> None:
    hub.faults = [HubFault(status=429, headers=(("Retry-After", "1"),))]
    fetch()
    assert is_whole(store, hub)
    assert [one for one in events if isinstance(one, RetryScheduled)] == [
        RetryScheduled(f"{DownloadMessage.SERVER_LIMITS_REQUESTS()} (429)", 1.0, 1)
    ]


def test_a_server_that_wants_to_be_left_alone_for_long(hub: FakeHub, fetch: Fetch) -> None:
    hub.faults = [HubFault(status=429, headers=(("Retry-After", "7200"),))]
    with pytest.raises(DownloadError, match=sentence(DownloadMessage.ASKED_TO_WAIT, minutes=120)):
        fetch()


def test_waiting_can_be_cancelled(hub: FakeHub, fetch: Fetch) -> None:
    hub.faults = [HubFault(status=429, headers=(("Retry-After", "500"),))]
    control = DownloadControl()

    def tell(event: Event) -> None:
        if isinstance(event, RetryScheduled):
            control.cancel()

    with pytest.raises(DownloadCanceledError):
        fetch(control=control, tell=tell)


def test_what_a_server_may_ask() -> None:
    assert parse_retry_after("120") == 120.0
    later = datetime.now(UTC) + timedelta(seconds=60)
    asked = parse_retry_after(format_datetime(later, usegmt=True))
    assert asked is not None
    assert 50 < asked <= 60
    assert parse_retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    for nonsense in (None, "", "-1", "soon", "9" * 400, "\u0663"):
        assert parse_retry_after(nonsense) is None


SMALL = re.compile("someone/small/.*")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            HubFault(status=401),
            sentence(DownloadMessage.RESTRICTED, path=SMALL, reason=re.compile(r".*401.*")),
        ),
        (HubFault(status=403), "HF_TOKEN"),
        (
            HubFault(status=404),
            sentence(
                DownloadMessage.NOT_ON_SERVER,
                path=SMALL,
                reason=re.compile(r".*404.*"),
                advice=DownloadMessage.ASK_FOR_NEWEST(),
            ),
        ),
        (HubFault(status=410), "--newest"),
        (
            HubFault(status=418),
            sentence(DownloadMessage.REFUSED, path=SMALL, reason=re.compile(r".*418.*")),
        ),
    ],
)
def test_what_the_user_must_do_is_told_at_once(
    hub: FakeHub, store: BundleStore, fetch: Fetch, fault: HubFault, words: str
) -> None:
    hub.faults = [HubFault(), fault]
    with pytest.raises(DownloadError, match=words) as told:
        fetch()
    assert "\n" not in str(told.value)
    assert len([one for one in hub.requests if "/resolve/" in one.path]) == 2
    fetch()
    assert is_whole(store, hub)


@pytest.mark.parametrize("status", [401, 404])
def test_a_list_that_is_refused(hub: FakeHub, fetch: Fetch, status: int) -> None:
    hub.listing_faults = [HubFault(status=status)]
    with pytest.raises(DownloadError, match=f"someone/small, revision main.*{status}"):
        fetch()


def test_a_stalled_server_is_left(hub: FakeHub, store: BundleStore, fetch: Fetch) -> None:
    hub.faults = [HubFault(), HubFault(stall=2000), HubFault(stall=0)]
    fetch()
    assert is_whole(store, hub)


def test_a_trickle_is_left_for_another_connection(
    hub: FakeHub, store: BundleStore, fetch: Fetch, events: list[Event]
) -> None:
    hub.faults = [HubFault(), HubFault(trickle_s=0.05)]
    fetch()
    assert is_whole(store, hub)
    (waiting,) = [one for one in events if isinstance(one, RetryScheduled)]
    assert shows(waiting.reason, DownloadMessage.TOO_SLOW)


def test_a_trickle_for_ever_is_told(hub: FakeHub, fetch: Fetch) -> None:
    hub.faults = [HubFault(trickle_s=0.05)] * 20
    with pytest.raises(
        DownloadError,
        match=sentence(DownloadMessage.NOT_NOW, reason=sentence(DownloadMessage.TOO_SLOW)),
    ):
        fetch()


def test_wrong_bytes_cost_that_one_file(
    hub: FakeHub, store: BundleStore, fetch: Fetch, events: list[Event]
) -> None:
    order = ["tokenizer.json", "tokenizer_config.json", "int8/encoder.onnx", WEIGHTS]
    hub.faults = [HubFault(), HubFault(), HubFault(), HubFault(flip=1000)]
    fetch()
    assert is_whole(store, hub)
    assert refetched(events) == [WEIGHTS]
    for path in order:
        copies = 2 if path == WEIGHTS else 1
        assert hub.sent(f"/{path}") == copies * len(hub.files[path])


@pytest.mark.parametrize("fault", [HubFault(extra=7), HubFault(flip=0), HubFault(flip=-1)])
def test_the_wrong_file_again_and_again_is_told(
    hub: FakeHub, store: BundleStore, fetch: Fetch, fault: HubFault
) -> None:
    hub.faults = [fault] * 3
    with pytest.raises(DownloadError, match=sentence(DownloadMessage.NEVER_RIGHT, attempts="3")):
        fetch()
    assert store.installed() == ()
    fetch()
    assert is_whole(store, hub)


def test_a_beginning_that_was_damaged_on_the_disk(
    hub: FakeHub, store: BundleStore, fetch: Fetch, events: list[Event]
) -> None:
    hub.faults = [HubFault()] * 3 + [HubFault(cut=100_000)] + [HubFault(status=418)]
    with pytest.raises(DownloadError):
        fetch()
    (part,) = store.incoming.rglob("*.part")
    content = bytearray(part.read_bytes())
    assert content
    content[0] ^= 1
    part.write_bytes(content)
    fetch()
    assert is_whole(store, hub)
    assert refetched(events) == [WEIGHTS]


def test_a_server_that_ignores_where_we_were(
    hub: FakeHub, store: BundleStore, fetch: Fetch
) -> None:
    hub.faults = [HubFault()] * 3 + [HubFault(cut=70_000), HubFault(no_range=True)]
    fetch()
    assert is_whole(store, hub)


def test_a_server_that_compresses_unasked(hub: FakeHub, store: BundleStore, fetch: Fetch) -> None:
    hub.faults = [
        HubFault(packed=True),
        HubFault(cut=30),
        HubFault(packed=True),
        HubFault(packed=True),
    ]
    fetch()
    assert is_whole(store, hub)


def test_an_address_without_encryption_is_not_followed_from_one_with() -> None:
    def hops(*schemes: str) -> Any:
        *before, last = (SimpleNamespace(url=SimpleNamespace(scheme=one)) for one in schemes)
        return SimpleNamespace(url=last.url, history=before)

    for good in (("https",), ("http",), ("http", "https"), ("https", "https")):
        check_redirects(hops(*good))
    for bad in (("https", "http"), ("https", "http", "https")):
        with pytest.raises(DownloadError, match=sentence(DownloadMessage.UNENCRYPTED_REDIRECT)):
            check_redirects(hops(*bad))


def test_a_redirect_is_followed(hub: FakeHub, store: BundleStore, fetch: Fetch) -> None:
    hub.faults = [HubFault(redirect=hub.url), HubFault()] * 4
    fetch()
    assert is_whole(store, hub)
    assert len(hub.asked("/cdn/")) == 4


def test_the_branch_moves_but_what_was_seen_first_counts(
    hub: FakeHub, store: BundleStore, fetch: Fetch, events: list[Event]
) -> None:
    hub.faults = [HubFault()] * 3 + [HubFault(cut=1000), HubFault(status=418)]
    with pytest.raises(DownloadError):
        fetch()
    hub.commit = OTHER_COMMIT
    hub.files["tokenizer_config.json"] += b"\n"
    with pytest.raises(DownloadError, match=sentence(DownloadMessage.ASK_FOR_NEWEST)):
        fetch()
    fetch(newest=True)
    assert is_whole(store, hub)
    planned = [one for one in events if isinstance(one, DownloadPlanned)]
    assert planned[-1].revision == OTHER_COMMIT
    # What did not change in the new revision was not fetched again.
    assert hub.sent("/tokenizer.json") == len(hub.files["tokenizer.json"])


def test_tiers_of_two_revisions_are_not_mixed(
    hub: FakeHub, store: BundleStore, fetch: Fetch
) -> None:
    fetch("int8")
    hub.commit = OTHER_COMMIT
    before = hub.sent()
    with pytest.raises(BundleError, match=sentence(DownloadMessage.OTHER_REVISION_INSTALLED)):
        fetch("fp16w", newest=True)
    assert hub.sent() == before
    hub.commit = "0123456789abcdef0123456789abcdef01234567"
    fetch("fp16w")
    assert is_whole(store, hub, "fp16w")


def test_a_file_may_not_change_under_its_revision(hub: FakeHub, fetch: Fetch) -> None:
    fetch("int8")
    hub.files["tokenizer.json"] += b" "
    with pytest.raises(
        DownloadError,
        match=sentence(DownloadMessage.FILE_CHANGED_WITHIN_REVISION, file="tokenizer.json"),
    ):
        fetch("fp16w")


def test_a_plain_folder_that_changes_meanwhile_gives_no_mixture(
    hub: FakeHub, store: BundleStore, fetch: Fetch
) -> None:
    place = f"{hub.url}/plain"
    config = "tokenizer_config.json"
    hub.faults = [HubFault(), HubFault(cut=20), HubFault(status=418)]
    with pytest.raises(DownloadError):
        fetch(place=place)
    old = hub.files[config]
    hub.files[config] = b" " * 10 + old
    fetch(place=place)
    assert is_whole(store, hub)


def put(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(listing: dict[str, Any]) -> None:
        for one in listing["siblings"]:
            if one["rfilename"] == "int8/encoder.onnx":
                one[name] = value

    return change


def more(**sibling: Any) -> Callable[[dict[str, Any]], None]:
    return lambda listing: listing["siblings"].append({"size": 1, "blobId": "0" * 40, **sibling})


@pytest.mark.parametrize(
    "change",
    [
        put("size", -1),
        put("size", None),
        put("size", "many"),
        put("size", 1 << 60),
        put("size", True),
        put("lfs", {"sha256": "../x", "size": 1, "pointerSize": 1}),
        put("lfs", "x"),
        put("rfilename", "int8/other"),
        put("rfilename", None),
        more(rfilename="tokenizer.json"),
        more(rfilename="../x.txt"),
        more(rfilename="..\\x.txt"),
        more(rfilename="C:x.txt"),
        more(rfilename="LICENSE", blobId=3),
        lambda listing: listing.update(sha=None),
        lambda listing: listing.update(siblings=None),
        lambda listing: listing.update(siblings=[{}]),
        lambda listing: listing.update(siblings=listing["siblings"] * 2000),
        lambda listing: listing.clear(),
    ],
)
def test_a_hostile_list_is_refused_in_a_sentence(
    hub: FakeHub, store: BundleStore, fetch: Fetch, change: Callable[[dict[str, Any]], None]
) -> None:
    hub.change_listing = change
    with pytest.raises(DownloadError) as told:
        fetch()
    assert "\n" not in str(told.value)
    assert len(str(told.value)) < 400
    assert hub.sent() == 0
    assert store.installed() == ()


def test_what_comes_whole_but_is_no_model_is_not_installed(
    hub: FakeHub, store: BundleStore, fetch: Fetch
) -> None:
    hub.files["int8/encoder.onnx"] = b"not a graph"
    with pytest.raises(BundleError, match=r"encoder\.onnx is damaged"):
        fetch()
    assert store.installed() == ()


def test_nobody_there(hub: FakeHub, store: BundleStore, fetch: Fetch, bundle_dir: Path) -> None:
    with serving(FakeHub(small_files(bundle_dir, "int8"))) as other:
        address = other.url
    with pytest.raises(
        DownloadError,
        match=sentence(DownloadMessage.NOT_NOW, reason=DownloadMessage.NO_CONNECTION()),
    ):
        fetch(place=address)
    assert store.installed() == ()


def test_a_full_disk_keeps_what_came(
    hub: FakeHub, store: BundleStore, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, room = os.write, 200_000

    def write(descriptor: int, data: bytes) -> int:
        nonlocal room
        if room <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = min(room, len(data))
        room -= taken
        return real(descriptor, data[:taken])

    with monkeypatch.context() as patch:
        patch.setattr("granite_live.models.download.fetching.os.write", write)
        with pytest.raises(
            DownloadError,
            match=sentence(
                DownloadMessage.UNWRITABLE,
                reason=StoreMessage.DISK_FULL(),
                rest=DownloadMessage.FETCHED_PART_STAYS(),
            ),
        ):
            fetch()
    assert store.installed() == ()
    before = len(hub.requests)
    fetch()
    assert is_whole(store, hub)
    assert any("range" in one.headers for one in hub.requests[before:])


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such file there")
def test_a_folder_that_cannot_be_written(fetch: Fetch, store: BundleStore, hub: FakeHub) -> None:
    store.root.parent.mkdir(exist_ok=True)
    store.root.symlink_to("/proc/self")
    with pytest.raises(GraniteError, match=sentence(StoreMessage.FOLDER_UNUSABLE)):
        fetch()
    assert hub.sent() == 0


@pytest.mark.parametrize("text", ["", "[]", '{"format": 1, "bundles": {"small": 3}}', "[" * 99999])
def test_a_damaged_memory_is_told(
    store: BundleStore, fetch: Fetch, hub: FakeHub, text: str
) -> None:
    store.root.mkdir(parents=True)
    (store.root / ".remembered.json").write_text(text)
    with pytest.raises(
        DownloadError,
        match=sentence(DownloadMessage.PINS_UNUSABLE, path=re.compile(r".*\.remembered\.json")),
    ):
        fetch()
    (store.root / ".remembered.json").unlink()
    fetch()
    assert is_whole(store, hub)


@pytest.mark.parametrize("seed", range(6))
def test_after_any_faults_the_store_holds_the_whole_tier_or_none(
    hub: FakeHub, store: BundleStore, fetch: Fetch, seed: int
) -> None:
    pick = random.Random(seed)
    sizes = [len(one) for one in hub.files.values()]
    for _run in range(4):
        hub.faults = [random_fault(pick, max(sizes)) for _ in range(pick.randrange(12))]
        try:
            fetch(
                timeouts=DownloadTimeouts(stall_s=0.3, attempts=2, first_wait_s=0.0, max_wait_s=0.0)
            )
        except DownloadError as error:
            told = str(error)
            assert store.installed() == (), told
        else:
            assert is_whole(store, hub)
    hub.faults = []
    fetch()
    assert is_whole(store, hub)
    assert store.disk_use().incoming_bytes == 0


def random_fault(pick: random.Random, size: int) -> HubFault:
    at = pick.randrange(size)
    return pick.choice(
        [
            HubFault(),
            HubFault(cut=at),
            HubFault(cut=at, no_range=True),
            HubFault(flip=at),
            HubFault(extra=at % 100 + 1),
            HubFault(status=pick.choice([429, 500, 503, 404, 401])),
            HubFault(stall=at),
            HubFault(redirect=""),
        ]
    )


def test_another_catalogue_forgets_what_was_remembered(
    hub: FakeHub, store: BundleStore, fetch: Fetch, catalog: Path
) -> None:
    fetch()
    shutil.rmtree(store.root / "small")
    write_catalog(catalog, revision=hub.commit)
    fetch()
    assert is_whole(store, hub)
    assert len(hub.asked("/api/")) == 2


def test_patience_grows_but_not_for_ever() -> None:
    timeouts = DownloadTimeouts(first_wait_s=1.0, max_wait_s=5.0)
    assert [timeouts.retry_wait_s(n, None) for n in (1, 2, 3, 4, 99)] == [1.0, 2.0, 4.0, 5.0, 5.0]
    assert timeouts.retry_wait_s(1, 60.0) == 60.0
    assert SHORT_TIMEOUTS.retry_wait_s(3, None) == 0.0
