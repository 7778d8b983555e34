"""The catalog of models that can be downloaded by name, read from catalog.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any

from granite_live.messages.download import DownloadMessage
from granite_live.models.layout import TIERS, is_name, is_safe_path, is_sha256
from granite_live.util.errors import BundleError


@dataclass(frozen=True, slots=True)
class CatalogTier:
    """A tier as described in the catalog.

    `preparing_factor` is the disk space for preparing the tier, as a multiple of its size.
    """

    name: str
    about_bytes: int
    preparing_factor: float


@dataclass(frozen=True, slots=True)
class CatalogBundle:
    """A model that can be downloaded by name; catalog.toml explains the fields."""

    id: str
    title: str
    repository: str
    revision: str
    license: str
    languages: tuple[str, ...]
    required: tuple[str, ...]
    optional: tuple[str, ...]
    tier_files: tuple[str, ...]
    tiers: tuple[CatalogTier, ...]
    sha256: Mapping[str, str] = field(default_factory=dict)
    """File path to its published checksum."""

    def tier(self, name: str) -> CatalogTier:
        """Return the tier with this name.

        Raises:
            BundleError: The bundle has no such tier.
        """
        for tier in self.tiers:
            if tier.name == name:
                return tier
        names = ", ".join(tier.name for tier in self.tiers)
        raise BundleError(DownloadMessage.NO_SUCH_TIER(model=self.id, tier=name, tiers=names))

    def required_paths(self, tier: str) -> tuple[str, ...]:
        """Return the files that `tier` requires, shared files first."""
        return (*self.required, *(f"{tier}/{name}" for name in self.tier_files))

    def optional_paths(self) -> tuple[str, ...]:
        """Return the optional files without wildcards, for sources that cannot list their files."""
        return tuple(path for path in self.optional if not set(path) & set("*?["))

    def includes(self, path: str, tier: str) -> bool:
        """Return whether `path` belongs to `tier` or to the files shared by all tiers."""
        return path in self.required_paths(tier) or any(
            fnmatchcase(path, pattern) for pattern in self.optional
        )


def catalog_path() -> Path:
    """Return the path of the catalog file."""
    return Path(__file__).with_name("catalog.toml")


def load_catalog(path: Path | None = None) -> tuple[CatalogBundle, ...]:
    """Return the models in the catalog at `path`, by default the program's own catalog.

    Raises:
        BundleError: The file is missing or invalid.
    """
    path = path or catalog_path()
    try:
        stated = tomllib.loads(path.read_text(encoding="utf-8"))
        found = tuple(_bundle(entry) for entry in stated["bundle"])
        if not found or len({one.id for one in found}) != len(found):
            raise ValueError("it needs bundles, each with an id of its own")
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        what = DownloadMessage.KEY_MISSING(key=error) if isinstance(error, KeyError) else str(error)
        raise BundleError(DownloadMessage.CATALOG_UNUSABLE(path=path, reason=what)) from error
    return found


def find_bundle(name: str | None = None, path: Path | None = None) -> CatalogBundle:
    """Return the bundle with the id or repository `name`; None means the first (default) bundle.

    Raises:
        BundleError: No bundle has this name, or the catalog cannot be used.
    """
    bundles = load_catalog(path)
    if name is None:
        return bundles[0]
    for bundle in bundles:
        if name in (bundle.id, bundle.repository):
            return bundle
    known = ", ".join(bundle.id for bundle in bundles)
    raise BundleError(DownloadMessage.NO_SUCH_MODEL(name=name, known=known))


def _bundle(entry: Mapping[str, Any]) -> CatalogBundle:
    texts = partial(_texts, entry)
    text = partial(_text, entry)
    bundle = CatalogBundle(
        id=text("id"),
        title=text("title"),
        repository=text("repository"),
        revision=text("revision"),
        license=text("licence"),
        languages=texts("languages"),
        required=texts("needed"),
        optional=texts("wanted"),
        tier_files=texts("tier_files"),
        tiers=tuple(_tier(name, stated) for name, stated in entry["tier"].items()),
        sha256=dict(entry.get("sha256", {})),
    )
    paths = (*bundle.required, *bundle.optional, *bundle.tier_files, *bundle.sha256)
    for path in paths:
        if not is_safe_path(path.replace("*", "x").replace("?", "x")):
            raise ValueError(f"{path!r} is no path inside a bundle")
    if not is_name(bundle.id):
        raise ValueError(f"the id {bundle.id!r} cannot be a folder's name")
    if not bundle.tiers or not all(is_sha256(one) for one in bundle.sha256.values()):
        raise ValueError(f"{bundle.id} has no tier, or a checksum that is none")
    return bundle


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry[name]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} must be a text")
    return value


def _texts(entry: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = entry[name]
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"{name} must be a list of texts")
    return tuple(value)


def _tier(name: str, stated: Mapping[str, Any]) -> CatalogTier:
    about, factor = stated["about_bytes"], stated["preparing_factor"]
    if name not in TIERS:
        raise ValueError(f"{name!r} is none of {', '.join(TIERS)}")
    if type(about) is not int or about <= 0 or not isinstance(factor, int | float) or factor < 0:
        raise ValueError(f"the sizes of {name} must be numbers above zero")
    return CatalogTier(name, about, float(factor))
