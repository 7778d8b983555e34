"""Selection of the bundle: the requested one, else the newest installed one, else the demo."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.messages import shows

from granite_live.app.models import PUBLISHED_BUNDLE, ModelRequest
from granite_live.cli.model_loading import choose_bundle
from granite_live.cli.terminal import Messages
from granite_live.messages.models import ChoiceMessage
from granite_live.util import paths
from granite_live.util.errors import BundleError

Choose = Callable[..., tuple[str, str]]


@pytest.fixture
def choose(bundle_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Choose:
    """Return a function that selects a bundle; the committed random bundle replaces the demo."""
    monkeypatch.setattr("granite_live.util.paths.demo_bundle_dir", lambda: bundle_dir)

    def call(path: Path | None = None, tier: str | None = None) -> tuple[str, str]:
        err = io.StringIO()
        bundle = choose_bundle(ModelRequest(path, tier), Messages(err)).bundle
        return str(bundle.path), err.getvalue()

    return call


def install(bundle: Path, name: str, age_s: int) -> Path:
    folder = paths.models_dir() / name
    shutil.copytree(bundle, folder)
    now = folder.stat().st_mtime
    os.utime(folder, (now - age_s, now - age_s))
    return folder


def test_asked_for(choose: Choose, bundle_dir: Path) -> None:
    path, said = choose(bundle_dir, "fp32")
    assert path == str(bundle_dir)
    assert said.count("\n") == 1
    assert "fp32 on cpu, in" in said
    assert said.endswith(f"{ChoiceMessage.AS_ASKED(what='fp32')}\n")
    with pytest.raises(BundleError):
        choose(bundle_dir / "none")


def test_newest_valid_installed_one(choose: Choose, bundle_dir: Path) -> None:
    install(bundle_dir, "old", 100)
    newer = install(bundle_dir, "newer", 10)
    broken = install(bundle_dir, "broken", 0)
    for encoder in broken.glob("*/encoder.onnx"):
        encoder.write_bytes(b"junk")
    path, said = choose()
    assert path == str(newer)
    assert "warning: an installed model was skipped." in said


def test_no_installed_one_means_the_demo(choose: Choose, bundle_dir: Path) -> None:
    paths.models_dir().mkdir(parents=True)
    (paths.models_dir() / "a file").touch()
    assert choose()[0] == str(bundle_dir)


def test_demo_is_called_what_it_is(bundle_dir: Path, tmp_path: Path) -> None:
    from granite_live.models.layout import DEMO_MODEL

    demo = tmp_path / "demo"
    shutil.copytree(bundle_dir, demo)
    (demo / "granite_export_metadata.json").write_text(f'{{"model": "{DEMO_MODEL}"}}')
    err = io.StringIO()
    assert choose_bundle(ModelRequest(demo), Messages(err)).bundle.is_demo
    assert "not Granite" in err.getvalue()
    assert PUBLISHED_BUNDLE in err.getvalue()
    assert "--bundle PATH" in err.getvalue()


def test_incomplete_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Path:
        raise FileNotFoundError("assets/ is missing: install it again")

    monkeypatch.setattr("granite_live.util.paths.demo_bundle_dir", missing)
    with pytest.raises(BundleError, match="install it again"):
        choose_bundle(ModelRequest(), Messages(io.StringIO()))


def test_a_provider_that_is_not_there_is_not_said_to_be_used(bundle_dir: Path) -> None:
    """CUDA on a computer without it; CoreML on a computer that is not a Mac."""
    from granite_live.models.selection.machine_facts import available_providers

    for provider, name in (("cuda", "CUDA"), ("coreml", "CoreML")):
        if f"{name}ExecutionProvider" in available_providers():
            continue
        err = io.StringIO()
        choose_bundle(ModelRequest(bundle_dir, "int8", provider), Messages(err))
        said = err.getvalue()
        assert f"int8 on cpu, in {bundle_dir}. {provider} was requested, but" in said
        assert not shows(said, ChoiceMessage.AS_ASKED)
