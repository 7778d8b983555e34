"""A tier that failed its check is remembered, as long as its files are those that failed."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.bundle_variants import copied
from helpers.messages import shows

from granite_live.messages.store import CheckMessage
from granite_live.models.store import BundleStore, import_bundle
from granite_live.models.store.store import read_record, write_record
from granite_live.models.store.verification import failed_check, failed_check_reason, note_check
from granite_live.util import paths


@pytest.fixture
def mine(bundle_dir: Path) -> Path:
    return import_bundle(BundleStore(paths.models_dir()), bundle_dir, "mine").path


def test_a_fault_stays_until_a_check_passes(mine: Path) -> None:
    assert failed_check_reason(mine, "int8") == ""
    note_check(mine, "int8", "it is damaged")
    assert failed_check_reason(mine, "int8") == "it is damaged"
    assert failed_check_reason(mine, "fp32") == ""
    note_check(mine, "int8")
    assert failed_check_reason(mine, "int8") == ""


def test_other_files_are_another_model(mine: Path) -> None:
    note_check(mine, "int8", "it is damaged")
    weights = mine / "int8" / "editor.onnx_data"
    weights.write_bytes(weights.read_bytes() + b"x")
    assert failed_check_reason(mine, "int8") == ""


def test_a_check_that_passed_is_in_the_record(mine: Path) -> None:
    old = read_record(mine, "int8")
    assert old is not None
    write_record(mine, type(old)(old.bundle, "int8", "", None, "", "long ago", old.files))
    note_check(mine, "int8", "it is damaged")
    noted = read_record(mine, "int8")
    assert noted is not None
    assert noted.checked == "long ago"
    note_check(mine, "int8")
    noted = read_record(mine, "int8")
    assert noted is not None
    assert noted.checked.startswith("2")
    assert [one.name for one in BundleStore(paths.models_dir()).installed()] == ["mine"]


def test_a_model_elsewhere_is_remembered_and_not_written_to(
    bundle_dir: Path, tmp_path: Path
) -> None:
    there = copied(bundle_dir, tmp_path / "there", "int8")
    before = sorted(there.rglob("*"))
    note_check(there, "int8", "it is damaged")
    assert failed_check_reason(there, "int8") == "it is damaged"
    assert sorted(there.rglob("*")) == before
    assert f"verify {there} --tier int8" in str(failed_check(there, "int8", "x"))
    assert "download" not in str(failed_check(there, "int8", "x"))


def test_the_remedy_for_an_installed_one(mine: Path) -> None:
    said = str(failed_check(mine, "int8", "it is damaged"))
    assert said.startswith("mine (int8) failed its check: it is damaged.")
    assert shows(said, CheckMessage.AGAIN, name="mine", tier="int8")
    assert shows(said, CheckMessage.AGAIN_OR_DOWNLOAD)


def test_a_damaged_note_is_none(mine: Path, caplog: pytest.LogCaptureFixture) -> None:
    note_check(mine, "int8", "it is damaged")
    (paths.models_dir() / ".faults.json").write_text("[1, 2")
    assert failed_check_reason(mine, "int8") == ""
    assert "is not used" in caplog.text


def test_what_cannot_be_noted_is_logged(
    mine: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("granite_live.models.store.verification.write_json", full)
    note_check(mine, "int8", "it is damaged")
    assert "could not be stored" in caplog.text
