"""The folder of installed models: what is in it, what goes, and two programs at once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.bundle_variants import copied
from helpers.messages import sentence, shows

from granite_live.messages.store import CheckMessage, StoreMessage
from granite_live.models.disk import size_text, store_lock, task_lock, write_json
from granite_live.models.layout import FileInfo
from granite_live.models.store import BundleStore, check_files, import_bundle
from granite_live.models.store.store import RECORD_NAME, TierRecord, read_record
from granite_live.models.store.verification import hash_file
from granite_live.util.errors import BundleError


@pytest.fixture
def store(tmp_path: Path) -> BundleStore:
    return BundleStore(tmp_path / "models")


@pytest.fixture
def small(bundle_dir: Path, tmp_path: Path) -> Path:
    """A bundle with int8 and fp16w."""
    return copied(bundle_dir, tmp_path / "small", "int8", "fp16w")


def tiers_of(store: BundleStore, name: str) -> tuple[str, ...]:
    return tuple(tier.name for tier in store.find(name).tiers)


def test_nothing_is_installed_where_there_is_no_folder(store: BundleStore) -> None:
    assert store.installed() == ()
    assert store.disk_use().free_bytes > 0
    with pytest.raises(
        BundleError, match=sentence(StoreMessage.NOT_INSTALLED, name="x", known="none")
    ):
        store.find("x")
    assert not store.root.exists()


def test_what_is_there_is_listed(store: BundleStore, small: Path) -> None:
    import_bundle(store, small, "one")
    shutil.copytree(small, store.root / "by-hand")
    (store.root / "empty").mkdir()
    (store.root / "a file").touch()
    (store.root / ".hidden").mkdir()
    by_hand, empty, one = store.installed()
    assert [by_hand.name, empty.name, one.name] == ["by-hand", "empty", "one"]
    assert [tier.record for tier in by_hand.tiers] == [None, None]
    assert "not a model bundle" in empty.problem
    assert one.tier("int8") is not None
    assert one.tier("fp32") is None
    record = read_record(one.path, "int8")
    assert record is not None
    assert record.size_bytes == sum((small / f.path).stat().st_size for f in record.files)
    assert not any(file.path.startswith("fp16w/") for file in record.files)


def test_tiers_are_removed_one_by_one(store: BundleStore, small: Path) -> None:
    import_bundle(store, small, "one")
    freed = store.remove("one", "int8")
    assert freed >= sum(file.stat().st_size for file in (small / "int8").iterdir())
    assert tiers_of(store, "one") == ("fp16w",)
    with pytest.raises(
        BundleError, match=sentence(StoreMessage.TIER_NOT_INSTALLED, tier="int8", present="fp16w")
    ):
        store.remove("one", "int8")
    store.remove("one", "fp16w")
    assert store.installed() == ()
    assert store.disk_use().incoming_bytes == 0


def test_a_whole_bundle_is_removed(store: BundleStore, small: Path) -> None:
    import_bundle(store, small, "one")
    import_bundle(store, small, "two")
    store.remove("one")
    assert [one.name for one in store.installed()] == ["two"]


def test_tiers_of_one_model_join(store: BundleStore, bundle_dir: Path, tmp_path: Path) -> None:
    import_bundle(store, copied(bundle_dir, tmp_path / "a", "int8"), "one")
    import_bundle(store, copied(bundle_dir, tmp_path / "b", "fp32"), "one")
    assert tiers_of(store, "one") == ("fp32", "int8")
    with pytest.raises(BundleError, match=sentence(StoreMessage.TIER_INSTALLED, tier="fp32")):
        import_bundle(store, copied(bundle_dir, tmp_path / "c", "fp32"), "one")


def test_tiers_of_two_versions_do_not(store: BundleStore, bundle_dir: Path, tmp_path: Path) -> None:
    import_bundle(store, copied(bundle_dir, tmp_path / "a", "int8"), "one")
    other = copied(bundle_dir, tmp_path / "b", "fp32")
    config = other / "tokenizer_config.json"
    config.write_text(config.read_text() + "\n")
    with pytest.raises(BundleError, match=sentence(StoreMessage.VERSIONS_DIFFER)):
        import_bundle(store, other, "one")
    assert tiers_of(store, "one") == ("int8",)


def test_a_tier_is_taken_out_of_sight_to_be_mended(store: BundleStore, small: Path) -> None:
    import_bundle(store, small, "one")
    out = store.incoming / "out"
    store.move_tier_out("one", "int8", out)
    assert tiers_of(store, "one") == ("fp16w",)
    assert (out / "int8" / "encoder.onnx").exists()
    assert (out / "tokenizer.json").exists()
    store.install_tier(out, "one")
    assert tiers_of(store, "one") == ("fp16w", "int8")
    record = read_record(store.root / "one", "int8")
    assert record is not None
    assert check_files(store.root / "one", record) == []


def test_every_damage_is_found(store: BundleStore, small: Path) -> None:
    path = import_bundle(store, small, "one").path
    record = read_record(path, "int8")
    assert record is not None
    read: list[int] = []
    assert check_files(path, record, report=read.append) == []
    assert sum(read) == record.size_bytes
    (path / "tokenizer.json").unlink()
    editor = path / "int8" / "editor.onnx_data"
    content = bytearray(editor.read_bytes())
    content[1000] ^= 1
    editor.write_bytes(content)
    encoder = path / "int8" / "encoder.onnx_data"
    encoder.write_bytes(encoder.read_bytes()[:-1])
    found = {one.path: one.fault for one in check_files(path, record)}
    assert found["tokenizer.json"] == CheckMessage.MISSING()
    assert found["int8/editor.onnx_data"] == CheckMessage.SHA256_DIFFERS()
    assert shows(
        found["int8/encoder.onnx_data"], CheckMessage.WRONG_SIZE, size=629315, expected=629316
    )
    assert len(found) == 3
    quick = check_files(path, record, sizes_only=True)
    assert {one.path for one in quick} == {"tokenizer.json", "int8/encoder.onnx_data"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": 2}',
        "[" * 100_000,
        "x" * (2 << 20),
        '{"format": 1, "files": [{"path": "../x", "size_bytes": 1, "sha256": "0"}]}',
        '{"format": 1, "files": [{"path": "x", "size_bytes": -1, "sha256": "0"}]}',
        '{"format": 1, "files": [{"path": 1}]}',
        '{"format": 1, "files": 3}',
    ],
)
def test_a_damaged_record_is_told(store: BundleStore, small: Path, text: str) -> None:
    path = import_bundle(store, small, "one").path
    (path / "int8" / RECORD_NAME).write_text(text)
    assert shows(store.installed()[0].problem, StoreMessage.RECORD_DAMAGED)


def test_git_names_a_content_as_git_does(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"hello\n")
    # What `git hash-object` says of it.
    known = "ce013625030ba8dba906f756967f9e9ca394464a"
    assert hash_file(file, FileInfo("file", 6, git_sha1=known)).fault() == ""
    wrong = FileInfo("file", 6, git_sha1="0" * 40)
    assert hash_file(file, wrong).fault() == CheckMessage.CHECKSUM_DIFFERS()
    assert shows(
        hash_file(file, FileInfo("file", 7, git_sha1=known)).fault(),
        CheckMessage.WRONG_SIZE,
        size=6,
        expected=7,
    )


def test_another_program_waits_and_is_told(store: BundleStore) -> None:
    code = (
        "import sys; from pathlib import Path; from granite_live.models.disk import *\n"
        "with store_lock(Path(sys.argv[1])): print('mine', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(store.root)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == "mine\n"
        with (
            pytest.raises(
                BundleError, match=sentence(StoreMessage.BUSY, what=StoreMessage.BUSY_CHANGING())
            ),
            store_lock(store.root, wait_s=0.0),
        ):
            pytest.fail("two programs at once")
        other.kill()
    with store_lock(store.root, wait_s=5.0), task_lock(store.root, store.incoming / "x.lock", ""):
        assert (store.root / ".incoming").is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="rights mean something else there")
def test_a_folder_in_the_way_is_told(store: BundleStore, small: Path) -> None:
    store.root.write_text("a file")
    with pytest.raises(
        BundleError,
        match=sentence(StoreMessage.FOLDER_UNUSABLE, reason=StoreMessage.FILE_IN_PLACE()),
    ):
        import_bundle(store, small, "one")


def test_json_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write_json(path, [1])
    with pytest.raises(TypeError):
        write_json(path, object())
    assert path.read_text() == "[\n 1\n]"
    assert [one.name for one in tmp_path.iterdir()] == ["x.json"]


def test_sizes_as_people_say_them() -> None:
    sizes = [size_text(one) for one in (2_500_000_000, 26_000_000, 1_500, 12)]
    assert sizes == ["2.5 GB", "26.0 MB", "1.5 kB", "12 bytes"]


def test_a_record_knows_its_size() -> None:
    assert TierRecord("b", "int8", "", None, "", "", ()).size_bytes == 0
