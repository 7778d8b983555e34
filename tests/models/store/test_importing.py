"""Bundles from folders and archives: taken in whole, or refused without a trace."""

from __future__ import annotations

import gzip
import io
import os
import random
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from helpers.bundle_variants import as_hub_cache, copied
from helpers.messages import sentence

from granite_live.messages.bundle import BundleMessage
from granite_live.messages.store import StoreMessage
from granite_live.models.opening import open_bundle
from granite_live.models.store import BundleStore, ImportStoppedError, import_bundle
from granite_live.models.store.packages import _LimitedReader, is_bundle_file
from granite_live.util.errors import BundleError


@pytest.fixture
def store(tmp_path: Path) -> BundleStore:
    return BundleStore(tmp_path / "models")


@pytest.fixture
def small(bundle_dir: Path, tmp_path: Path) -> Path:
    return copied(bundle_dir, tmp_path / "small", "int8")


def zipped(folder: Path, target: Path, prefix: str = "") -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, prefix + file.relative_to(folder).as_posix())
    return target


def tarred(folder: Path, target: Path, prefix: str = "") -> Path:
    with tarfile.open(target, "w:gz" if target.suffix == ".gz" else "w") as archive:
        archive.add(folder, prefix or ".")
    return target


def nothing_is_left(store: BundleStore) -> bool:
    return store.installed() == () and store.disk_use().incoming_bytes == 0


def test_a_folder(store: BundleStore, small: Path) -> None:
    (small / ".git").mkdir()
    (small / "int8" / "notes").mkdir()
    (small / "export.py").touch()
    told: list[tuple[int, int]] = []
    here = import_bundle(store, small, report=lambda done, total: told.append((done, total)))
    assert here.name == "small"
    assert told[-1][0] == told[-1][1] > 0
    assert open_bundle(here.path).tier == "int8"
    assert not (here.path / "export.py").exists()


def test_the_hubs_own_cache(store: BundleStore, bundle_dir: Path, tmp_path: Path) -> None:
    snapshot = as_hub_cache(bundle_dir, tmp_path / "cache", "int8")
    here = import_bundle(store, snapshot, "cached")
    assert open_bundle(here.path).tier == "int8"
    assert not any(file.is_symlink() for file in here.path.rglob("*"))


@pytest.mark.parametrize("prefix", ["", "some/where/"])
@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_archives(store: BundleStore, small: Path, tmp_path: Path, kind: str, prefix: str) -> None:
    pack = zipped if kind == "zip" else tarred
    here = import_bundle(store, pack(small, tmp_path / f"pack.{kind}", prefix))
    assert here.name == "pack"
    for file in small.rglob("*.onnx_data"):
        assert (here.path / file.relative_to(small)).read_bytes() == file.read_bytes()


def test_the_model_names_itself(store: BundleStore, small: Path) -> None:
    (small / "granite_export_metadata.json").write_text('{"model": "../My model!"}')
    assert import_bundle(store, small).name == "My-model"
    with pytest.raises(BundleError, match=sentence(StoreMessage.BAD_NAME, name="../x")):
        import_bundle(store, small, "../x")


def link_in_zip(folder: Path, target: Path) -> Path:
    zipped(folder, target)
    with zipfile.ZipFile(target, "a") as archive:
        info = zipfile.ZipInfo("config.json")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return target


def name_in_zip(name: str) -> Callable[[Path, Path], Path]:
    def make(folder: Path, target: Path) -> Path:
        zipped(folder, target)
        with zipfile.ZipFile(target, "a") as archive:
            archive.writestr(name, "x")
        return target

    return make


def tar_with(member: tarfile.TarInfo) -> Callable[[Path, Path], Path]:
    def make(folder: Path, target: Path) -> Path:
        with tarfile.open(target, "w") as archive:
            archive.add(folder, ".")
            archive.addfile(member, io.BytesIO(b"x" * min(member.size, 10)))
        return target

    return make


def tar_member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


@pytest.mark.parametrize(
    "make",
    [
        link_in_zip,
        name_in_zip("../x.json"),
        name_in_zip("/x.json"),
        name_in_zip("int8/../../x.json"),
        name_in_zip("C:/x.json"),
        name_in_zip("Tokenizer.json"),
        tar_with(tar_member("../x.json")),
        tar_with(tar_member("/x.json")),
        tar_with(tar_member("a\\..\\x.json")),
        tar_with(tar_member("config.json", tarfile.SYMTYPE, "/etc/passwd")),
        tar_with(tar_member("config.json", tarfile.LNKTYPE, "../../x")),
        tar_with(tar_member("config.json", tarfile.CHRTYPE)),
        tar_with(tar_member("config.json", tarfile.FIFOTYPE)),
    ],
)
def test_what_is_not_safe_is_refused(
    store: BundleStore, small: Path, tmp_path: Path, make: Callable[[Path, Path], Path]
) -> None:
    before = sorted(tmp_path.rglob("*"))
    pack = make(small, tmp_path / "hostile")
    with pytest.raises(BundleError, match=sentence(StoreMessage.UNSAFE)):
        import_bundle(store, pack)
    assert nothing_is_left(store)
    outside = [one for one in tmp_path.rglob("*") if not one.is_relative_to(store.root)]
    assert sorted(outside) == sorted([*before, pack])


def test_links_out_of_a_folder_are_refused(store: BundleStore, small: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("{}")
    (small / "config.json").symlink_to(tmp_path / "secret")
    with pytest.raises(BundleError, match=sentence(StoreMessage.UNSAFE_LINK)):
        import_bundle(store, small)
    assert nothing_is_left(store)


def test_sizes_are_bounded_before_anything_is_unpacked(store: BundleStore, tmp_path: Path) -> None:
    member = tarfile.TarInfo("tokenizer.json")
    member.size = 1 << 50
    pack = tmp_path / "huge.tar"
    pack.write_bytes(member.tobuf() + bytes(1024))
    with pytest.raises(BundleError, match=sentence(StoreMessage.FAR_TOO_LARGE)):
        import_bundle(store, pack)
    member.size = 60 << 30
    with gzip.open(tmp_path / "large.tar.gz", "wb") as file:
        file.write(member.tobuf() + bytes(1024))
    with pytest.raises(BundleError, match=f"{sentence(StoreMessage.NO_ROOM).pattern}|damaged"):
        import_bundle(store, tmp_path / "large.tar.gz")
    assert nothing_is_left(store)


def test_a_header_cannot_ask_for_all_memory(store: BundleStore, tmp_path: Path) -> None:
    member = tarfile.TarInfo("long name")
    member.type, member.size = tarfile.GNUTYPE_LONGNAME, 4 << 30
    pack = tmp_path / "bomb.tar.gz"
    with gzip.open(pack, "wb") as file:
        file.write(member.tobuf())
        for _ in range(40):
            file.write(bytes(1 << 20))
    with pytest.raises(BundleError, match="a header is far too large"):
        import_bundle(store, pack)


def test_a_zip_that_lies_about_its_sizes(store: BundleStore, small: Path, tmp_path: Path) -> None:
    pack = zipped(small, tmp_path / "lies.zip")
    content = bytearray(pack.read_bytes())
    with zipfile.ZipFile(pack) as archive:
        size = archive.getinfo("tokenizer.json").file_size
    # The central directory says that the tokenizer is shorter than it is.
    at = content.rindex(b"tokenizer.json", 0, content.rindex(b"tokenizer_config.json")) - 46 + 24
    assert int.from_bytes(content[at : at + 4], "little") == size
    content[at : at + 4] = (100).to_bytes(4, "little")
    pack.write_bytes(content)
    with pytest.raises(BundleError, match="is damaged"):
        import_bundle(store, pack)
    assert nothing_is_left(store)


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_any_damage_is_refused_without_a_trace(
    store: BundleStore, small: Path, tmp_path: Path, kind: str
) -> None:
    whole = (zipped if kind == "zip" else tarred)(small, tmp_path / f"pack.{kind}").read_bytes()
    pick = random.Random(7)
    said: list[str] = []
    for turn in range(25):
        content = bytearray(whole)
        if turn % 2:
            content = content[: pick.randrange(len(content))]
        else:
            at = pick.randrange(len(content))
            content[at : at + 64] = pick.randbytes(64)
        (tmp_path / "damaged").write_bytes(content)
        try:
            import_bundle(store, tmp_path / "damaged", "x")
        except BundleError as error:
            said.append(str(error))
        else:  # a tar has no checksums: weights may change and nobody can know
            shutil.rmtree(store.root)
        assert nothing_is_left(store)
    assert len(said) >= 12
    assert max(map(len, said)) < 500


@pytest.mark.parametrize("content", [b"", b"PK", b"\x1f\x8b\x08", b"text", bytes(20_000)])
def test_no_archive_at_all(store: BundleStore, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(BundleError):
        import_bundle(store, tmp_path / "file")
    with pytest.raises(BundleError, match=sentence(StoreMessage.NOTHING_THERE)):
        import_bundle(store, tmp_path / "none")
    assert nothing_is_left(store)


def test_what_is_no_whole_bundle_is_not_installed(
    store: BundleStore, small: Path, tmp_path: Path
) -> None:
    (small / "int8" / "editor.onnx_data").write_bytes(b"short")
    with pytest.raises(BundleError, match=sentence(BundleMessage.EXTERNAL_DATA_CUT)):
        import_bundle(store, small)
    (tmp_path / "nothing").mkdir()
    with pytest.raises(BundleError):
        import_bundle(store, tmp_path / "nothing")
    assert nothing_is_left(store)


def test_no_room_is_told_before_anything_is_written(
    store: BundleStore, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("granite_live.models.store.importing.free_bytes", lambda _folder: 1000)
    with pytest.raises(BundleError, match=sentence(StoreMessage.NO_ROOM, free="1.0 kB")):
        import_bundle(store, small)
    assert nothing_is_left(store)


def test_what_a_killed_import_left_is_cleared(store: BundleStore, small: Path) -> None:
    left = store.incoming / "import" / "bundle" / "int8"
    left.mkdir(parents=True)
    (left / "encoder.onnx").write_bytes(b"half")
    import_bundle(store, small, "one")
    assert store.disk_use().incoming_bytes == 0


def test_what_belongs_to_a_bundle() -> None:
    yes = ("tokenizer.json", "LICENSE", "int8/encoder.onnx", "test_fixtures/a.npy", "README.md")
    no = ("export.py", "int8/.granite-live.json", "a/b/c.json", "int4/encoder.onnx", ".x.json")
    assert all(is_bundle_file(path) for path in yes)
    assert not any(is_bundle_file(path) for path in no)
    assert os.sep == "/" or not is_bundle_file("int8\\encoder.onnx")


@pytest.mark.parametrize("kind", ["folder", "zip", "tar.gz"])
def test_stopped_in_the_middle_nothing_of_it_stays(
    store: BundleStore, small: Path, tmp_path: Path, kind: str
) -> None:
    makers = {"folder": lambda *_: small, "zip": zipped, "tar.gz": tarred}
    source = makers[kind](small, tmp_path / f"pack.{kind}")
    asked = 0

    def is_stopped() -> bool:
        nonlocal asked
        asked += 1
        return asked > 5

    with pytest.raises(ImportStoppedError, match=sentence(StoreMessage.IMPORT_STOPPED)):
        import_bundle(store, source, "mine", is_stopped=is_stopped)
    assert asked == 6
    assert not (store.incoming / "import").exists()
    assert store.installed() == ()
    assert import_bundle(store, source, "mine").name == "mine"


def test_interrupted_in_the_middle_nothing_of_it_stays(store: BundleStore, small: Path) -> None:
    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_bundle(store, small, report=interrupt)
    assert not (store.incoming / "import").exists()
    assert store.installed() == ()


def test_what_a_kill_left_goes_at_the_next_start_unless_somebody_is_at_it(
    store: BundleStore,
) -> None:
    left = store.incoming / "import" / "bundle"
    left.mkdir(parents=True)
    trash = store.root / ".trash" / "old"
    trash.mkdir(parents=True)
    download = store.download_folder("small", "int8")
    (download / "parts").mkdir(parents=True)
    with FileLock(store.incoming / "import.lock"):
        store.remove_leftovers()
        assert left.exists()
    store.remove_leftovers()
    assert not left.exists()
    assert not trash.exists()
    assert (download / "parts").exists()
    BundleStore(store.root / "nowhere").remove_leftovers()


def test_passing_over_much_can_be_stopped() -> None:
    asked: list[int] = []
    content = bytes(100 << 20)
    reader = _LimitedReader(io.BytesIO(content), lambda: asked.append(1))
    assert reader.seek(90 << 20) == 90 << 20
    assert len(asked) == 5
    assert reader.seek(0) == 0
    assert reader.seek(200 << 20) == 200 << 20
