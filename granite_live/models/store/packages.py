"""Packages to import a bundle from: folder, zip or tar. Their contents are not trusted."""

from __future__ import annotations

import contextlib
import gzip
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, cast

from granite_live.messages.store import StoreMessage
from granite_live.models.layout import MAX_FILE_BYTES, TIERS, find_regular_file, is_safe_path
from granite_live.util.errors import BundleError

MAX_ENTRIES = 10_000
"""The most files that an archive may hold; listing more could keep a program busy for days."""
_MAX_READ_BYTES = 16 << 20
DAMAGE = (
    tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError,
    OverflowError, NotImplementedError, RuntimeError, KeyError, IndexError,
)  # fmt: skip
"""Exceptions that archive readers raise for invalid data."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a package: its path in the bundle, and the size that the package states."""

    path: str
    size_bytes: int
    place: str


class Package(Protocol):
    """A package that holds a bundle."""

    def entries(self) -> list[Entry]:
        """Return the files that belong to the bundle, in the order in which to read them."""

    def open(self, entry: Entry) -> AbstractContextManager[IO[bytes]]:
        """Open an entry for reading."""


def is_bundle_file(path: str) -> bool:
    """Return whether a file with this path is part of a bundle."""
    if not is_safe_path(path):
        return False
    folder, _slash, name = path.rpartition("/")
    if folder:
        return folder in TIERS or folder == "test_fixtures"
    return name.endswith(".json") or name.startswith(("LICENSE", "NOTICE", "README"))


@contextmanager
def open_package(path: Path, proceed: Callable[[], None]) -> Iterator[Package]:
    """Open the package at `path`, a folder or an archive.

    `proceed` is called repeatedly while an archive is searched; an exception that it raises ends
    the search.

    Raises:
        BundleError: The package is missing, damaged, or unsafe.
    """
    if path.is_dir():
        yield _Folder(path)
        return
    if not path.is_file():
        raise BundleError(StoreMessage.NOTHING_THERE(path=path))
    with contextlib.ExitStack() as stack, _telling(path):
        file = stack.enter_context(path.open("rb"))
        magic = file.read(4)
        file.seek(0)
        if magic[:2] == b"PK":
            package: Package = _Zip(path, stack.enter_context(zipfile.ZipFile(file)))
        else:
            plain: IO[bytes] = file
            if magic[:2] == b"\x1f\x8b":
                plain = cast(IO[bytes], stack.enter_context(gzip.GzipFile(fileobj=file)))
            modest = cast(IO[bytes], _LimitedReader(plain, proceed))
            package = _Tar(path, stack.enter_context(tarfile.open(fileobj=modest, mode="r:")))
        inside = stack.pop_all()
    with inside:
        yield package


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def entries(self) -> list[Entry]:
        found = []
        for folder in (".", *TIERS, "test_fixtures"):
            if not (self._path / folder).is_dir():
                continue
            for file in sorted((self._path / folder).iterdir()):
                path = file.relative_to(self._path).as_posix()
                if not is_bundle_file(path) or file.is_dir():
                    continue
                try:
                    real = find_regular_file(self._path, path)
                except ValueError as error:
                    raise BundleError(StoreMessage.UNSAFE_LINK(reason=error)) from error
                if real is not None:
                    found.append(Entry(path, real.stat().st_size, path))
        return found

    def open(self, entry: Entry) -> AbstractContextManager[IO[bytes]]:
        with _telling(self._path):
            return (self._path / entry.place).open("rb")


class _Zip:
    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path = path
        self._archive = archive

    def entries(self) -> list[Entry]:
        members = self._archive.infolist()
        for member in members:
            mode = member.external_attr >> 16
            if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise _unsafe(self._path, member.filename, StoreMessage.NO_PLAIN_FILE())
            if member.flag_bits & 1:
                raise BundleError(StoreMessage.ENCRYPTED(path=self._path))
        files = [(one.filename, one.file_size) for one in members if not one.is_dir()]
        return _inside(self._path, files)

    def open(self, entry: Entry) -> AbstractContextManager[IO[bytes]]:
        with _telling(self._path):
            return self._archive.open(entry.place)


class _Tar:
    def __init__(self, path: Path, archive: tarfile.TarFile) -> None:
        self._path = path
        self._archive = archive
        self._members: dict[str, tarfile.TarInfo] = {}

    def entries(self) -> list[Entry]:
        files: list[tuple[str, int]] = []
        with _telling(self._path):
            for member in self._archive:
                if not (member.isreg() or member.isdir()):
                    raise _unsafe(self._path, member.name, StoreMessage.NO_PLAIN_FILE())
                # Let the user stop before the reader skips that many bytes.
                if not 0 <= member.size <= MAX_FILE_BYTES or len(files) > MAX_ENTRIES:
                    raise _unsafe(self._path, member.name, StoreMessage.FAR_TOO_LARGE())
                if member.isreg():
                    files.append((member.name, member.size))
                    self._members[member.name] = member
        return _inside(self._path, files)

    def open(self, entry: Entry) -> AbstractContextManager[IO[bytes]]:
        with _telling(self._path):
            stream = self._archive.extractfile(self._members[entry.place])
        assert stream is not None
        return stream


class _LimitedReader:
    """File wrapper that refuses large reads, because tarfile believes the lengths in its headers.

    A compressed archive must be read to skip a part; that is done in small pieces.
    """

    def __init__(self, stream: IO[bytes], proceed: Callable[[], None]) -> None:
        self._stream, self._proceed = stream, proceed
        self.tell = stream.tell

    def seek(self, place: int, whence: int = 0) -> int:
        if whence == 0:
            while (now := self._stream.tell()) + _MAX_READ_BYTES < place:
                self._proceed()
                if self._stream.seek(now + _MAX_READ_BYTES) == now:
                    break  # a position after the end
        return self._stream.seek(place, whence)

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _MAX_READ_BYTES:
            raise tarfile.ReadError("a header is far too large")
        return self._stream.read(size)


def _inside(path: Path, files: list[tuple[str, int]]) -> list[Entry]:
    """Return the entries of the bundle, which may lie in a folder of the package."""
    if len(files) > MAX_ENTRIES:
        raise _unsafe(path, files[0][0], StoreMessage.TOO_MANY_FILES(count=len(files)))
    for name, _size in files:
        parts = name.replace("\\", "/").split("/")
        if parts[0] == "" or ".." in parts or "\\" in name or ":" in parts[0] or "\0" in name:
            raise _unsafe(path, name, StoreMessage.LEADS_OUTSIDE())
    roots = [n.removesuffix("tokenizer.json") for n, _ in files if n.endswith("tokenizer.json")]
    root = min(roots, key=lambda one: (one.count("/"), one), default="")
    if root and not root.endswith("/"):
        root = ""
    found = [
        Entry(name.removeprefix(root), size, name)
        for name, size in files
        if name.startswith(root) and is_bundle_file(name.removeprefix(root))
    ]
    if len({one.path.casefold() for one in found}) != len(found):
        raise _unsafe(path, found[0].path, StoreMessage.MAY_BE_TWICE())
    return found


def _unsafe(path: Path, name: str, what: str) -> BundleError:
    return BundleError(StoreMessage.UNSAFE(path=path, file=name[:80], reason=what))


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except DAMAGE as error:
        raise BundleError(StoreMessage.NOT_AN_ARCHIVE(path=path, reason=str(error)[:80])) from error
