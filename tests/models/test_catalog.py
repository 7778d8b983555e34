"""The list of models: what it says, and that nothing impossible in it is taken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from helpers.messages import sentence

from granite_live.messages.download import DownloadMessage
from granite_live.models import catalog
from granite_live.models.layout import GRAPHS, TIERS, find_regular_file, is_name, is_safe_path
from granite_live.util.errors import BundleError

ENTRY = """
[[bundle]]
id = "small"
title = "A small one"
repository = "someone/small"
revision = "main"
licence = "MIT"
languages = ["en"]
needed = ["tokenizer.json"]
wanted = ["LICENSE", "test_fixtures/*"]
tier_files = ["encoder.onnx"]
[bundle.tier.int8]
about_bytes = 10
preparing_factor = 0.5
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "catalog.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_usual_model_is_whole() -> None:
    bundle = catalog.find_bundle()
    assert bundle.repository == "smcleod/ibm-granite-speech-4.1-2b-nar-onnx"
    assert bundle.license == "Apache-2.0"
    assert set(bundle.languages) == {"en", "fr", "de", "es", "pt"}
    assert {tier.name for tier in bundle.tiers} == set(TIERS)
    assert bundle.tier("int8").about_bytes == 2_500_000_000
    for tier in TIERS:
        needed = bundle.required_paths(tier)
        assert {f"{tier}/{graph}.onnx" for graph in GRAPHS} <= set(needed)
        assert {f"{tier}/{graph}.onnx_data" for graph in GRAPHS} <= set(needed)
        assert "tokenizer.json" in needed


def test_only_the_shared_files_and_the_tier_belong_to_it() -> None:
    bundle = catalog.find_bundle()
    taken = [
        "int8/encoder.onnx_data",
        "tokenizer.json",
        "test_fixtures/sample_audio.wav",
        "LICENSE",
    ]
    assert all(bundle.includes(path, "int8") for path in taken)
    left = ["fp32/encoder.onnx", "export_nar_encoder.py", "int8/encoder.onnx.bak", "x/LICENSE"]
    assert not any(bundle.includes(path, "int8") for path in left)


def test_adding_a_bundle_is_adding_data(tmp_path: Path) -> None:
    path = written(tmp_path, ENTRY + ENTRY.replace('"small"', '"other"', 1))
    assert [one.id for one in catalog.load_catalog(path)] == ["small", "other"]
    other = catalog.find_bundle("other", path)
    assert other.required_paths("int8") == ("tokenizer.json", "int8/encoder.onnx")
    assert other.optional_paths() == ("LICENSE",)
    assert catalog.find_bundle("someone/small", path).id == "small"


def test_what_is_not_there_is_told_with_what_is(tmp_path: Path) -> None:
    path = written(tmp_path, ENTRY)
    with pytest.raises(
        BundleError,
        match=sentence(DownloadMessage.NO_SUCH_MODEL, name="big", known=re.compile(".*small.*")),
    ):
        catalog.find_bundle("big", path)
    with pytest.raises(
        BundleError, match=sentence(DownloadMessage.NO_SUCH_TIER, tier="fp32", tiers="int8")
    ):
        catalog.find_bundle("small", path).tier("fp32")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "small"', ""),
        ('id = "small"', 'id = "../small"'),
        ('id = "small"', 'id = ".hidden"'),
        ('"tokenizer.json"', '"../tokenizer.json"'),
        ('"tokenizer.json"', "1"),
        ('"LICENSE"', '"/etc/passwd"'),
        ('"encoder.onnx"', '"a\\\\b"'),
        ("[bundle.tier.int8]", "[bundle.tier.int4]"),
        ("about_bytes = 10", "about_bytes = -1"),
        ("about_bytes = 10", "about_bytes = true"),
        ("preparing_factor = 0.5", 'preparing_factor = "much"'),
        ("[[bundle]]", "[[bundles]]"),
        ("[[bundle]]", "bundle = 1\n[["),
        ("preparing_factor = 0.5", 'preparing_factor = 0.5\n[bundle.sha256]\n"x.json" = "abc"'),
    ],
)
def test_an_impossible_list_is_told_in_a_sentence(tmp_path: Path, old: str, new: str) -> None:
    assert old in ENTRY
    path = written(tmp_path, ENTRY.replace(old, new, 1))
    with pytest.raises(BundleError, match=sentence(DownloadMessage.CATALOG_UNUSABLE)):
        catalog.load_catalog(path)


def test_two_bundles_of_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="an id of its own"):
        catalog.load_catalog(written(tmp_path, ENTRY + ENTRY))


@pytest.mark.parametrize(
    "path",
    ["", "/a", "a/", "a//b", "..", "a/../b", "./a", "a\\b", "C:a", "a:b", "nul", "x/CON.json",
     "a\0b", "a\nb", "a.", ".a", "x" * 300, "ü", 3, None],
)  # fmt: skip
def test_paths_that_could_leave_a_folder_are_known(path: object) -> None:
    assert not is_safe_path(path)


def test_ordinary_paths_are_allowed() -> None:
    for path in ("tokenizer.json", "int8/encoder.onnx_data", "test_fixtures/a-b+c@1.npy"):
        assert is_safe_path(path)
    assert is_name("granite-speech-4.1-2b-nar")


def test_a_link_is_followed_only_where_the_hub_keeps_its_contents(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "tokenizer.json").symlink_to(secret)
    with pytest.raises(ValueError, match="outside of the bundle"):
        find_regular_file(folder, "tokenizer.json")
    cache = tmp_path / "cache"
    snapshot = cache / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (cache / "blobs").mkdir()
    (cache / "blobs" / "1").write_text("x")
    (snapshot / "tokenizer.json").symlink_to("../../blobs/1")
    assert find_regular_file(snapshot, "tokenizer.json") == snapshot / "tokenizer.json"
    assert find_regular_file(snapshot, "none.json") is None
