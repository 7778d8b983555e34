"""Plan a download: revision, files and checksums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from granite_live.models.catalog import CatalogBundle
from granite_live.models.download.memory import Memory
from granite_live.models.download.sources import Listing, Source, missing
from granite_live.models.files import FileFacts
from granite_live.util.errors import DownloadError


@dataclass(frozen=True, slots=True)
class Plan:
    """The files of a tier, required ones first. `news` is a listing to record."""

    revision: str | None
    files: tuple[FileFacts, ...]
    news: Listing | None = None


def make_plan(
    bundle: CatalogBundle,
    tier: str,
    source: Source,
    memory: Memory,
    ask: Callable[..., object],
    *,
    newest: bool = False,
) -> Plan:
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
    known = None if newest else memory.recall(bundle)
    news = None
    if source.names_revisions:
        if known is None or missing(bundle, tier, known.files):
            asked = bundle.revision if known is None or known.revision is None else known.revision
            news = known = source.listing(bundle, tier, asked, ask)
            _check_whole(bundle, tier, source, news.files)
        revision, files = known.revision, known.files
    else:
        listing = source.listing(bundle, tier, bundle.revision, ask)
        _check_whole(bundle, tier, source, listing.files)
        proofs = {} if known is None else {one.path: one for one in known.files}
        revision = None
        files = tuple(proofs.get(one.path, one) for one in listing.files)
    taken = [_sure(bundle, one) for one in files if bundle.takes(one.path, tier)]
    # In the catalog's order: small files come first, so that a wrong address shows early.
    order = {path: place for place, path in enumerate(bundle.needed_paths(tier))}
    taken.sort(key=lambda one: (order.get(one.path, len(order)), one.path))
    return Plan(revision, tuple(taken), news)


def _check_whole(
    bundle: CatalogBundle, tier: str, source: Source, files: tuple[FileFacts, ...]
) -> None:
    lacking = missing(bundle, tier, files)
    if lacking:
        raise DownloadError(
            f"{source.origin} has no {lacking[0]}, which {bundle.id} in {tier} needs: choose "
            f"another tier with --tier, or take the model from elsewhere with --from."
        )


def _sure(bundle: CatalogBundle, facts: FileFacts) -> FileFacts:
    """Return the facts with the published checksum, which a source must not contradict."""
    published = bundle.sha256.get(facts.path)
    if published is None or facts.sha256 == published:
        return facts
    if facts.sha256 is not None:
        raise DownloadError(
            f"{facts.path} at the source is not the file that was published: take the model from "
            f"elsewhere with --from."
        )
    return replace(facts, sha256=published)
