"""`models download`, `list`, `where`, `import`, `remove`, and `verify` of installed models."""

from __future__ import annotations

import io
import re
import shutil
import sys
from pathlib import Path

import pytest
from helpers.bundle_variants import copied
from helpers.hub_server import FakeHub, HubFault
from helpers.messages import shows
from helpers.real_session import demo_model

from granite_live.app.model_tasks import ModelPreparation, PreparationResult
from granite_live.app.models import ModelRequest, choose_model, select_model
from granite_live.cli.main import run
from granite_live.messages.bundle import BundleMessage
from granite_live.messages.download import DownloadMessage
from granite_live.messages.models import ChoiceMessage, OptimizeMessage
from granite_live.messages.store import CheckMessage, StoreMessage
from granite_live.models.opening import open_bundle
from granite_live.models.optimize import find_prepared
from granite_live.models.store import BundleStore, import_bundle
from granite_live.util import paths
from granite_live.util.errors import BundleError
from granite_live.util.paths import demo_bundle_dir


def test_from_nothing_to_a_model_in_use(hub: FakeHub, capsys: pytest.CaptureFixture[str]) -> None:
    assert choose_model().is_demo
    assert run(["models", "list"]) == 0
    out, err = capsys.readouterr()
    assert "No model is installed" in out
    assert "models download small': A small one (fp32 4.0 kB" in out
    assert run(["models", "download", "--no-prepare"]) == 0
    out, err = capsys.readouterr()
    folder = paths.models_dir() / "small"
    assert out == f"A small one (int8) is installed in {folder}\n"
    assert "Tier int8: It is the" in err
    assert f"Downloading small (int8) from {hub.url}/someone/small" in err
    chosen = choose_model()
    assert (chosen.path, chosen.tier, chosen.is_demo) == (folder, "int8", False)
    assert run(["models", "list"]) == 0
    out, err = capsys.readouterr()
    assert "int8  1.2 MB  checked 2" in out
    assert "revision 0123456789ab" in out
    assert run(["models", "download", "--no-prepare", "small", "--tier", "int8"]) == 0
    assert "All files were already downloaded." in capsys.readouterr().err


def test_verify_reads_every_byte(hub: FakeHub, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models", "download", "--no-prepare", "--tier", "int8"]) == 0
    capsys.readouterr()
    # The server has no fixtures, so nothing can be compared, but every byte was checked.
    assert run(["models", "verify", "small"]) == 1
    assert shows(capsys.readouterr().err, CheckMessage.FILES_UNCHANGED)
    weights = paths.models_dir() / "small" / "int8" / "editor.onnx_data"
    content = bytearray(weights.read_bytes())
    content[9] ^= 1
    weights.write_bytes(content)
    assert run(["models", "verify", "small"]) == 1
    err = capsys.readouterr().err
    assert f"editor.onnx_data: {CheckMessage.SHA256_DIFFERS()}. Download it again with" in err
    assert run(["models", "download", "--no-prepare", "--tier", "int8"]) == 0
    assert run(["models", "verify", "small"]) == 1
    assert "other than when" not in capsys.readouterr().err


def test_trouble_is_one_line(hub: FakeHub, capsys: pytest.CaptureFixture[str]) -> None:
    hub.faults = [HubFault(status=401)]
    assert run(["models", "download", "--no-prepare", "--tier", "int8"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1].startswith("error: ")
    assert shows(
        err.splitlines()[-1], DownloadMessage.RESTRICTED, path=re.compile("someone/small/.*")
    )
    assert "Traceback" not in err
    assert run(["models", "download", "nothing"]) == 2
    assert shows(capsys.readouterr().err, DownloadMessage.NO_SUCH_MODEL, name="nothing")
    assert run(["models", "download", "--tier", "int4"]) == 2
    assert shows(capsys.readouterr().err, DownloadMessage.NO_SUCH_TIER, tier="int4")


def test_what_goes_wrong_but_passes_is_shown(
    hub: FakeHub, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.faults = [HubFault(flip=3), HubFault(cut=3)]
    assert run(["models", "download", "--no-prepare", "--tier", "int8"]) == 0
    err = capsys.readouterr().err
    assert shows(err, DownloadMessage.WRONG_FILE_RETRIED, file="tokenizer.json")
    assert shows(err, DownloadMessage.RETRYING, wait_s=1)


def test_import_and_remove(
    bundle_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = shutil.make_archive(
        str(tmp_path / "pack"), "gztar", copied(bundle_dir, tmp_path / "b", "int8", "fp32")
    )
    assert run(["models", "import", "--no-prepare", pack, "--name", "mine"]) == 0
    assert "Installed mine (fp32, int8)" in capsys.readouterr().out
    assert run(["models", "show", "mine", "--tier", "fp32"]) == 0
    assert shows(capsys.readouterr().out, ChoiceMessage.AS_ASKED, what="fp32")
    assert run(["models", "where"]) == 0
    assert capsys.readouterr().out == f"{paths.models_dir()}\n"
    assert run(["models", "remove", "mine", "--tier", "fp32", "--yes"]) == 0
    assert choose_model().tiers == ("int8",)
    assert run(["models", "remove", "mine", "--yes"]) == 0
    assert "were freed" in capsys.readouterr().out
    assert choose_model().is_demo
    assert run(["models", "remove", "mine", "--yes"]) == 2
    assert shows(capsys.readouterr().err, StoreMessage.NOT_INSTALLED, name="mine")
    assert run(["models", "remove"]) == 2


def test_what_is_unfinished_is_shown_not_used_and_can_go(
    hub: FakeHub, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.faults = [HubFault()] * 4 + [HubFault(status=404)]
    assert run(["models", "download", "--no-prepare", "--tier", "int8"]) == 2
    warned: list[BundleError] = []
    assert select_model(ModelRequest(), warn=warned.append).bundle.is_demo
    assert warned == []
    capsys.readouterr()
    assert run(["models", "list"]) == 0
    out = capsys.readouterr().out
    assert "Unfinished downloads take" in out
    assert run(["models", "remove", "--unfinished"]) == 0
    assert run(["models", "list"]) == 0
    assert "Unfinished" not in capsys.readouterr().out


def test_a_name_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models", "show", "nothing"]) == 2
    assert shows(capsys.readouterr().err, StoreMessage.NOT_INSTALLED, name="nothing")
    assert run(["models", "show", "./nothing"]) == 2
    assert shows(capsys.readouterr().err, BundleMessage.NOTHING_THERE)


def test_what_comes_is_prepared_and_in_use(
    hub: FakeHub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["models", "download", "--tier", "fp32"]) == 0
    err = capsys.readouterr().err
    assert shows(err, OptimizeMessage.PREPARING, graph="encoder")
    assert "is ready for this machine." in err
    chosen = choose_model()
    assert find_prepared(open_bundle(chosen.path, chosen.tier)) is not None
    outcome = PreparationResult(False, "There is no room.")
    monkeypatch.setattr(ModelPreparation, "run", lambda _self: outcome)
    assert run(["models", "prepare"]) == 1
    assert (
        "could not be prepared and is used as published. There is no room."
        in capsys.readouterr().err
    )


def test_a_server_without_checksums_is_told(
    hub: FakeHub, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without checksums nobody can notice a damaged byte."""
    place = f"{hub.url}/plain"
    assert run(["models", "download", "--no-prepare", "--tier", "int8", "--from", place]) == 0
    assert f"{place} names no checksums" in capsys.readouterr().err
    assert run(["models", "remove", "-y", "small"]) == 0
    assert run(["models", "download", "--no-prepare", "--tier", "int8"]) == 0
    assert "checksums" not in capsys.readouterr().err


def test_the_demo_is_not_called_granite(hub: FakeHub, capsys: pytest.CaptureFixture[str]) -> None:
    demo_model()
    demo = str(demo_bundle_dir())
    assert run(["models", "download", "--no-prepare", "--tier", "int8", "--from", demo]) == 2
    out, err = capsys.readouterr()
    assert shows(err, DownloadMessage.SOURCE_IS_DEMO, model="A small one")
    assert "is installed" not in out
    assert not (paths.models_dir() / "small").exists()


@pytest.mark.parametrize("missing", ["int8/encoder.onnx", "tokenizer.json", "int8", "config.json"])
def test_a_bundle_that_cannot_be_imported_is_named_where_the_user_has_it(
    bundle_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    folder = copied(bundle_dir, tmp_path / "mine", "int8")
    if missing == "config.json":
        missing = "preprocessor_config.json"
        (folder / missing).write_text("{")
    elif missing == "int8":
        shutil.rmtree(folder / missing)
        missing = ""
    else:
        (folder / missing).unlink()
    assert run(["models", "import", "--no-prepare", str(folder)]) == 2
    said = capsys.readouterr().err
    assert str(folder / missing) in said
    assert shows(said, StoreMessage.NOTHING_INSTALLED)
    assert ".incoming" not in said
    assert "--bundle" not in said


@pytest.mark.parametrize("answer", ["", "\n", "n\n"])
def test_removing_is_cancelled_quietly(
    bundle_dir: Path,
    answer: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The input ends, or the user presses Enter alone."""
    import_bundle(BundleStore(paths.models_dir()), bundle_dir, "mine")
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    assert run(["models", "remove", "mine"]) == 1
    assert "defect" not in capsys.readouterr().err
    assert (paths.models_dir() / "mine").is_dir()
