"""Download one tier: plan, fetch, check, install in one step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from granite_live.messages.download import DownloadMessage
from granite_live.messages.store import StoreMessage
from granite_live.models.catalog import CatalogBundle
from granite_live.models.disk import free_bytes, size_text, task_lock, translate_disk_errors
from granite_live.models.download.control import (
    DownloadControl,
    DownloadFinished,
    DownloadPlanned,
    Event,
)
from granite_live.models.download.fetching import FileDownloader, TransferMeter
from granite_live.models.download.http import Listing, ModelSource, missing_files
from granite_live.models.download.retries import DownloadTimeouts, RetryPolicy
from granite_live.models.download.staging import PinnedRevisions, StagingFolder
from granite_live.models.layout import TIERS, FileInfo, FileRecord, total_bytes
from granite_live.models.opening import open_bundle
from granite_live.models.store.store import (
    BundleStore,
    TierRecord,
    now_text,
    read_record,
    write_record,
)
from granite_live.models.store.verification import check_files, name_origin_in_errors
from granite_live.util.errors import BundleError, DownloadError


@dataclass(frozen=True, slots=True)
class DownloadPlan:
    """The files of a tier, required ones first. `listing_to_pin` is a listing to record."""

    revision: str | None
    files: tuple[FileInfo, ...]
    listing_to_pin: Listing | None = None


def plan_download(
    bundle: CatalogBundle,
    tier: str,
    source: ModelSource,
    memory: PinnedRevisions,
    ask: Callable[..., object],
    *,
    newest: bool,
) -> DownloadPlan:
    """Return what to fetch; asks the source only for what is not recorded.

    Args:
        bundle: A catalog bundle.
        tier: One of its tiers.
        source: The download source.
        memory: The recorded listings.
        ask: Calls a function with retries.
        newest: Ignore the recorded revision.

    Raises:
        DownloadError: The source lacks a required file or contradicts a checksum.
    """
    bundle.tier(tier)
    known = None if newest else memory.pinned_listing(bundle)
    news = None
    if source.names_revisions:
        if known is None or missing_files(bundle, tier, known.files):
            asked = bundle.revision if known is None or known.revision is None else known.revision
            news = known = source.listing(bundle, tier, asked, ask)
            _check_complete(bundle, tier, source, news.files)
        revision, files = known.revision, known.files
    else:
        listing = source.listing(bundle, tier, bundle.revision, ask)
        _check_complete(bundle, tier, source, listing.files)
        proofs = {} if known is None else {one.path: one for one in known.files}
        revision = None
        files = tuple(proofs.get(one.path, one) for one in listing.files)
    taken = [
        _with_published_checksum(bundle, one) for one in files if bundle.includes(one.path, tier)
    ]
    # In the catalog's order: small files come first, so that a wrong address shows early.
    order = {path: place for place, path in enumerate(bundle.required_paths(tier))}
    taken.sort(key=lambda one: (order.get(one.path, len(order)), one.path))
    return DownloadPlan(revision, tuple(taken), news)


def _check_complete(
    bundle: CatalogBundle, tier: str, source: ModelSource, files: tuple[FileInfo, ...]
) -> None:
    lacking = missing_files(bundle, tier, files)
    if lacking:
        raise DownloadError(
            DownloadMessage.FILE_LACKING(
                origin=source.origin, file=lacking[0], model=bundle.id, tier=tier
            )
        )


def _with_published_checksum(bundle: CatalogBundle, facts: FileInfo) -> FileInfo:
    """Return the facts with the published checksum, which a source must not contradict."""
    published = bundle.sha256.get(facts.path)
    if published is None or facts.sha256 == published:
        return facts
    if facts.sha256 is not None:
        raise DownloadError(DownloadMessage.NOT_THE_PUBLISHED_FILE(file=facts.path))
    return replace(facts, sha256=published)


_KEPT_FREE_BYTES = 200 << 20  # programs fail on a full disk


def check_disk_space(
    folder: Path, total_bytes: int, have_bytes: int, preparing_factor: float
) -> None:
    """Check that the missing files and their preparing fit on the disk.

    Args:
        folder: The models' folder.
        total_bytes: Size of the tier and the shared files.
        have_bytes: How much of it is on the disk.
        preparing_factor: See `CatalogTier`.

    Raises:
        DownloadError: There is too little space.
        BundleError: The free space cannot be read.
    """
    missing = max(0, total_bytes - have_bytes)
    preparing = int(total_bytes * preparing_factor)
    with translate_disk_errors(folder):
        free = free_bytes(folder)
    if missing + preparing + _KEPT_FREE_BYTES > free:
        raise DownloadError(
            DownloadMessage.NO_ROOM(
                folder=folder,
                missing=size_text(missing),
                preparing=size_text(preparing),
                free=size_text(free),
            )
        )


_REMEDY = DownloadMessage.NOTHING_INSTALLED()


class TierDownload:
    """The download of one tier from a source into the store."""

    def __init__(
        self,
        store: BundleStore,
        bundle: CatalogBundle,
        tier: str,
        source: ModelSource,
        tell: Callable[[Event], None],
        *,
        control: DownloadControl | None = None,
        timeouts: DownloadTimeouts | None = None,
        newest: bool = False,
    ) -> None:
        """Prepare the download; `run` starts it.

        Args:
            store: The store to install into.
            bundle: A catalog bundle.
            tier: One of its tiers.
            source: The source; the caller closes it.
            tell: Receives all events, in the thread of `run`.
            control: Pauses and cancels the download.
            timeouts: Timeouts and retries.
            newest: Take the newest revision instead of the recorded one.
        """
        self._store = store
        self._bundle = bundle
        self._tier = tier
        self._source = source
        self._tell = tell
        self._control = control or DownloadControl()
        self._timeouts = timeouts or DownloadTimeouts()
        self._newest = newest
        self._target = store.root / bundle.id

    def run(self) -> Path:
        """Download the tier and return the bundle's folder. May take hours; a later run resumes.

        Raises:
            DownloadError: The download failed; the message says why and what to do.
            DownloadCanceledError: The user canceled.
            BundleError: The store cannot be used, or the files are not a valid bundle.
        """
        folder = self._store.download_folder(self._bundle.id, self._tier)
        busy = StoreMessage.BUSY_DOWNLOADING()
        with task_lock(self._store.root, folder.with_name(f"{folder.name}.lock"), busy):
            staging = StagingFolder(folder, self._source.origin)
            plan = self._plan()
            if self._is_installed(plan):
                self._tell(DownloadFinished(self._target, self._tier, 0))
                return self._target
            self._stage_damaged_tier(staging)
            fetched_bytes = self._fetch(plan, staging)
            staging.clear()
        self._tell(DownloadFinished(self._target, self._tier, fetched_bytes))
        return self._target

    def _plan(self) -> DownloadPlan:
        persistence = RetryPolicy(
            self._source.origin,
            self._timeouts,
            self._control,
            self._tell,
            self._timeouts.first_attempts,
        )
        memory = PinnedRevisions(self._store.root)
        plan = plan_download(
            self._bundle,
            self._tier,
            self._source,
            memory,
            persistence.call_with_retries,
            newest=self._newest,
        )
        self._refuse_mixture(plan)
        if plan.listing_to_pin is not None:
            memory.pin(self._bundle, plan.listing_to_pin)
        return plan

    def _refuse_mixture(self, plan: DownloadPlan) -> None:
        """Raise, before anything is fetched, if tiers of another revision are installed."""
        for tier in TIERS:
            record = read_record(self._target, tier)
            if record is not None and None not in (record.revision, plan.revision):
                if record.revision == plan.revision:
                    continue
                raise BundleError(
                    DownloadMessage.OTHER_REVISION_INSTALLED(
                        model=self._bundle.id, revision=record.revision
                    )
                )

    def _is_installed(self, plan: DownloadPlan) -> bool:
        record = read_record(self._target, self._tier)
        if record is None or check_files(self._target, record):
            return False
        known = {one.path: one for one in record.files}
        for facts in plan.files:
            here = known.get(facts.path)
            if here is None:
                if facts.path in self._bundle.required_paths(self._tier):
                    return False
                continue
            if facts.size_bytes not in (None, here.size_bytes):
                return False
            if facts.sha256 not in (None, here.sha256):
                return False
        return True

    def _stage_damaged_tier(self, staging: StagingFolder) -> None:
        """Move a damaged installed tier into the staging folder for repair."""
        if (self._target / self._tier).is_dir():
            self._store.move_tier_out(self._target.name, self._tier, staging.bundle)

    def _fetch(self, plan: DownloadPlan, staging: StagingFolder) -> int:
        """Fetch the missing files, verify and install all; return the transferred bytes."""
        records = staging.discard_all_but(plan.files)
        for facts in plan.files:
            if facts.path not in records:
                record = staging.copy_installed(facts, self._target / facts.path)
                if record is not None:
                    records[facts.path] = record
        have = sum(one.size_bytes for one in records.values())
        tier = self._bundle.tier(self._tier)
        total = total_bytes(plan.files)
        if any(one.size_bytes is None for one in plan.files):
            total = max(total, tier.about_bytes)
        check_disk_space(
            self._store.root, total, have + staging.part_bytes(), tier.preparing_factor
        )
        self._tell(
            DownloadPlanned(
                self._bundle.id, self._tier, self._source.origin, plan.revision,
                self._target, len(plan.files), have + staging.part_bytes(), total,
            )
        )  # fmt: skip
        meter = TransferMeter(total, have, self._tell)
        fetcher = FileDownloader(
            self._source, plan.revision, self._timeouts, self._control, meter, self._tell
        )
        for facts in plan.files:
            if facts.path not in records:
                record = fetcher.fetch(facts, staging.parts, staging.bundle / facts.path)
                staging.record_complete(record)
                records[facts.path] = record
                meter.send_progress(facts.path)
        self._install(plan, staging, tuple(records[one.path] for one in plan.files))
        return meter.fetched_bytes

    def _install(
        self, plan: DownloadPlan, staging: StagingFolder, files: tuple[FileRecord, ...]
    ) -> None:
        self._control.raise_if_canceled()
        with name_origin_in_errors(staging.bundle, self._source.origin, _REMEDY):
            came = open_bundle(staging.bundle, self._tier)
            came.tokenizer_file.read()
        if came.is_demo:
            raise BundleError(
                DownloadMessage.SOURCE_IS_DEMO(origin=self._source.origin, model=self._bundle.title)
            )
        record = TierRecord(
            bundle=self._bundle.id,
            tier=self._tier,
            origin=self._source.origin,
            revision=plan.revision,
            licence=self._bundle.license,
            checked=now_text(),
            files=files,
        )
        with translate_disk_errors(self._store.root):
            write_record(staging.bundle, record)
        self._store.install_tier(
            staging.bundle, self._target.name, frozenset(f.path for f in files)
        )
