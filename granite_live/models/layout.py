"""Where files of a bundle lie, which names are safe, and which tier to take when none was asked
for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from granite_live.messages.bundle import BundleMessage
from granite_live.util.errors import BundleError

TIERS = ("fp32", "fp16w", "int8")
GRAPHS = ("encoder", "embed_tokens", "editor")

DEMO_MODEL = "granite-live demo"
"""The demo bundle's `model` in its metadata."""

REMEDY = BundleMessage.REMEDY()

# On CPUs with integer dot products int8 is fastest, and it needs a quarter of the memory. fp16w is
# last: onnxruntime casts its weights to fp32 at load, so it takes fp32's memory and time.
PROCESSOR_ORDER = ("int8", "fp32", "fp16w")
"""The tiers, best for a CPU first."""


def graph_path(bundle: Path, tier: str, graph: str) -> Path:
    """Return the path of `graph` of `tier`."""
    return bundle / tier / f"{graph}.onnx"


def find_tiers(bundle: Path) -> tuple[str, ...]:
    """Return the tiers of which `bundle` has at least one graph, in the order of `TIERS`.

    Raises:
        BundleError: The directory does not exist or has no tier.
    """
    if not bundle.exists():
        raise BundleError(BundleMessage.NOTHING_THERE(path=bundle))
    if not bundle.is_dir():
        raise BundleError(BundleMessage.IS_FILE(path=bundle))
    tiers = tuple(
        tier for tier in TIERS if any(graph_path(bundle, tier, g).exists() for g in GRAPHS)
    )
    if not tiers:
        hint = ""
        if bundle.name in TIERS and any((bundle / f"{g}.onnx").exists() for g in GRAPHS):
            hint = BundleMessage.LOOKS_LIKE_TIER(folder=bundle.absolute().parent)
        raise BundleError(
            BundleMessage.NO_TIERS(
                path=bundle, tiers=", ".join(f"{t}/" for t in TIERS), hint=hint or " " + REMEDY
            )
        )
    return tiers


def choose_tier(tiers: Sequence[str], wanted: str | None) -> str:
    """Return the tier to open: the requested one, else the best for any CPU.

    `models.selection` chooses for the machine at hand.

    Args:
        tiers: The bundle's tiers; at least one.
        wanted: The user's choice, or None.

    Raises:
        BundleError: The bundle has no such tier.
    """
    if wanted is None:
        return next(candidate for candidate in PROCESSOR_ORDER if candidate in tiers)
    if wanted not in tiers:
        raise BundleError(BundleMessage.NO_SUCH_TIER(tier=wanted, tiers=", ".join(tiers)))
    return wanted


MAX_FILE_BYTES = 64 << 30
"""The largest accepted file: six times the largest tier of the largest known bundle."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+@-]{0,99}")
_MAX_PATH_CHARS = 200
# Device names on Windows, with any extension.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FileInfo:
    """A file as described by its source or the catalog; None where unknown.

    `git_sha1` is git's blob id, which the hub reports for small files.
    """

    path: str
    size_bytes: int | None = None
    sha256: str | None = None
    git_sha1: str | None = None

    @property
    def has_checksum(self) -> bool:
        """Whether the content can be verified."""
        return self.sha256 is not None or self.git_sha1 is not None


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was when it was fully read after download."""

    path: str
    size_bytes: int
    sha256: str


def is_name(text: str) -> bool:
    """Return whether `text` is a valid, not hidden folder name on every system."""
    return (
        _NAME.fullmatch(text) is not None
        and not text.endswith(".")
        and _DEVICES.fullmatch(text) is None
    )


def is_sha256(value: object) -> bool:
    """Return whether `value` is a SHA-256 in lower-case hexadecimal digits."""
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None


def is_safe_path(path: object) -> bool:
    """Return whether `path` stays inside its folder on every system.

    Only ordinary names separated by "/" are allowed.
    """
    return (
        isinstance(path, str)
        and 0 < len(path) <= _MAX_PATH_CHARS
        and all(is_name(part) for part in path.split("/"))
    )


def is_size(value: object) -> bool:
    """Return whether `value` is a valid file size."""
    return type(value) is int and 0 <= value <= MAX_FILE_BYTES


def find_regular_file(root: Path, path: str) -> Path | None:
    """Return the regular file `path` in the folder `root`; None if there is none.

    A link may only lead into `root` or into the blobs of the hub's cache.

    Raises:
        ValueError: It is a link that leads elsewhere.
        OSError: The file cannot be read.
    """
    file = root / path
    if not file.is_file():
        return None
    real, folder = file.resolve(strict=True), root.resolve(strict=True)
    allowed = [folder]
    if folder.parent.name == "snapshots":
        allowed.append(folder.parent.parent / "blobs")
    if not any(real.is_relative_to(one) for one in allowed):
        raise ValueError(f"{file} is a link to {real}, outside of the bundle")
    return file


def total_bytes(files: Iterable[FileInfo]) -> int:
    """Return the sum of the known sizes."""
    return sum(one.size_bytes or 0 for one in files)
