"""Each look of the examination, over computers where all is well and where it is not."""

from __future__ import annotations

import getpass
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from helpers.messages import shows

from granite_live.app.doctor import CheckFinding, model_check, run_checks
from granite_live.app.doctor.checks import (
    Status,
    check_disk,
    check_display,
    check_folders,
    check_packages,
    check_providers,
    check_python,
    check_sound,
    has_failures,
    redact,
    report,
)
from granite_live.app.doctor.model_check import check_model
from granite_live.app.input_devices import AudioInput, InputDevices
from granite_live.app.models import ModelRequest
from granite_live.audio.source import AudioQueue, Notice, NoticeKind
from granite_live.cli.doctor import show
from granite_live.messages.models import ChoiceMessage
from granite_live.messages.store import CheckMessage
from granite_live.models.selection.machine_facts import ProbeResult
from granite_live.models.store import BundleStore, import_bundle
from granite_live.settings import settings_path
from granite_live.util import paths
from granite_live.util.errors import AudioError

CPU, CUDA = "CPUExecutionProvider", "CUDAExecutionProvider"


@pytest.fixture
def short_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the speed be measured with a second of speech."""
    monkeypatch.setattr(model_check, "_CLIP_S", 1.0)


def test_pythons() -> None:
    assert check_python((3, 12, 1)).status is Status.OK
    for version in ((3, 10, 9), (3, 14, 0), (2, 7, 18)):
        found = check_python(version)
        assert found.status is Status.BROKEN
        assert "3.11, 3.12 or 3.13" in found.remedy


def test_the_packages_that_are_here() -> None:
    (found,) = check_packages()
    assert found.status is Status.OK
    assert found.facts["onnxruntime"] == metadata.version("onnxruntime")


def test_packages_that_are_missing_or_of_another_version() -> None:
    versions = {"old": "1.0", "good": "2.1"}

    def installed(name: str) -> str:
        if name not in versions:
            raise metadata.PackageNotFoundError(name)
        return versions[name]

    wanted = ["old>=2", "good>=2,<3", "gone", "other>=9; python_version < '3'", "x; extra == 'x'"]
    found = list(check_packages(wanted, installed))
    assert [one.status for one in found] == [Status.BROKEN, Status.BROKEN]
    assert [one.detail for one in found] == ["old is 1.0, it must be >=2", "gone is missing"]
    assert [one.status for one in check_packages(wanted[1:2], installed)] == [Status.OK]


def test_displays() -> None:
    assert check_display({"DISPLAY": ":0"}).status is Status.OK
    if sys.platform.startswith("linux"):
        assert check_display({}).status is Status.NOTE


def test_folders_and_disk(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = list(check_folders({"good": tmp_path / "new" / "er", "bad": tmp_path / "file"}))
    assert [one.status for one in found] == [Status.OK, Status.BROKEN]
    assert "GRANITE_LIVE_HOME" in found[1].remedy
    assert not (tmp_path / "new").exists()
    assert all(one.status is Status.OK for one in check_folders())


@pytest.mark.parametrize(
    ("free", "status"),
    [(10**12, Status.OK), (10**9, Status.NOTE), (10**6, Status.BROKEN)],
)
def test_disks(monkeypatch: pytest.MonkeyPatch, free: int, status: Status) -> None:
    monkeypatch.setattr("granite_live.app.doctor.checks.free_bytes", lambda _folder: free)
    found = check_disk()
    assert found.status is status
    assert bool(found.remedy) is (status is not Status.OK)


def test_providers_here() -> None:
    first, *_others = check_providers()
    assert (first.topic, first.status) == ("CPU", Status.OK)


def test_providers_that_only_claim_to_work() -> None:
    def run(name: str, _options: object) -> ProbeResult:
        return (
            ProbeResult(1.0)
            if name == CPU
            else ProbeResult(0.0, "no driver in /usr/lib/secret/x.so")
        )

    cpu, cuda = check_providers((CUDA, CPU), run)
    assert (cpu.status, cuda.status) == (Status.OK, Status.NOTE)
    assert "NVIDIA driver" in cuda.remedy
    assert "secret" not in str(cuda.facts)
    (cpu, nothing) = check_providers((CUDA, CPU), lambda *_: ProbeResult(0.0))
    assert cpu.status is Status.BROKEN
    assert "nothing to do" in nothing.detail
    (none,) = check_providers((), lambda *_: ProbeResult(1.0))
    assert none.status is Status.BROKEN


class FakeSource:
    """Gives blocks at once, then waits to be stopped."""

    name = "Anna's microphone"

    def __init__(self, blocks: int, loudness: float) -> None:
        self._blocks, self._loudness = blocks, loudness
        self._sink: AudioQueue | None = None

    def start(self, sink: AudioQueue) -> None:
        self._sink = sink
        sink.notify(Notice(NoticeKind.ACTIVE, self.name))
        for _ in range(self._blocks):
            sink.offer(np.full((1600, 1), self._loudness, np.float32), 16_000)

    def stop(self) -> None:
        assert self._sink is not None
        self._sink.notify(Notice(NoticeKind.ENDED, self.name))


class FakeInputs(InputDevices):
    """One microphone, or none, or no sound system at all."""

    def __init__(self, source: FakeSource | None, error: str = "") -> None:
        super().__init__(lambda: None)
        self._source, self._error = source, error
        self.is_closed = False

    def open(self) -> None:
        if self._error:
            raise AudioError(self._error)

    def devices(self) -> tuple[AudioInput, ...]:
        if self._source is None:
            return ()
        return (AudioInput("id", self._source.name, is_system_sound=False, is_default=True),)

    def open_source(self, input_id: str | None, *, system_sound: bool) -> FakeSource:  # type: ignore[override]
        assert self._source is not None
        return self._source

    def close(self) -> None:
        self.is_closed = True


def looked(source: FakeSource | None, error: str = "") -> list[CheckFinding]:
    inputs = FakeInputs(source, error)
    found = list(check_sound(lambda _listener: inputs))
    assert inputs.is_closed
    return found


def test_a_microphone_that_gives_sound() -> None:
    inputs, listening = looked(FakeSource(20, 0.1))
    assert (inputs.status, listening.status) == (Status.OK, Status.OK)
    assert "Anna" in inputs.detail
    assert "Anna" not in json.dumps(report([inputs, listening]))


def test_a_microphone_that_is_muted_or_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    _inputs, listening = looked(FakeSource(20, 0.0))
    assert listening.status is Status.NOTE
    assert "muted" in listening.remedy
    monkeypatch.setattr("granite_live.app.doctor.checks._MAX_SECONDS", 0.05)
    _inputs, listening = looked(FakeSource(0, 0.0))
    assert listening.status is Status.NOTE
    assert "delivers no sound" in listening.detail


def test_no_microphone_and_no_sound_system() -> None:
    (none,) = looked(None)
    assert (none.status, none.facts["microphones"]) == (Status.NOTE, 0)
    (broken,) = looked(None, "PortAudio is not installed: install libportaudio2.")
    assert broken.status is Status.NOTE
    assert "libportaudio2" in broken.detail


@pytest.mark.usefixtures("short_sample")
def test_the_demo_model_works_but_is_the_demo() -> None:
    if not (paths.demo_bundle_dir() / "int8").is_dir():
        pytest.skip("no demo bundle in assets/demo")
    chosen, verified, prepared, speed = check_model(ModelRequest())
    assert (chosen.status, chosen.facts["is_demo"]) == (Status.NOTE, True)
    assert "models download" in chosen.remedy
    assert f"on cpu: {ChoiceMessage.ONLY_TIER()}" in chosen.detail
    assert verified.status is Status.OK
    assert (prepared.status, prepared.facts["prepared"]) == (Status.OK, False)
    assert speed.facts["providers"] == CPU
    factor = speed.facts["real_time_factor"]
    assert isinstance(factor, float)
    assert factor > 0


@pytest.mark.usefixtures("short_sample")
def test_an_installed_model(bundle_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = import_bundle(BundleStore(paths.models_dir()), bundle_dir, "mine")
    found = {one.topic: one for one in check_model(ModelRequest(tier="fp32"))}
    assert found["model"].status is Status.OK
    assert found["model verified"].status is Status.OK
    assert found["prepared graphs"].status is Status.NOTE
    assert "models prepare" in found["prepared graphs"].remedy
    assert found["speed"].status in (Status.OK, Status.NOTE)
    assert str(here.path) not in json.dumps(report(found.values()))
    weights = here.path / "fp32" / "editor.onnx_data"
    with weights.open("ab") as file:
        file.write(b"more")
    *_first, damaged = check_model(ModelRequest(tier="fp32"))
    assert damaged.status is Status.BROKEN
    assert "editor.onnx_data: it has" in damaged.detail
    # From now on another one is used, and that is said.
    passed_over, instead, *_rest = check_model(ModelRequest(tier="fp32"))
    assert passed_over.status is Status.NOTE
    assert shows(passed_over.detail, CheckMessage.FAILED, name="mine", tier="fp32")
    assert "is_demo" in instead.facts
    assert str(here.path) not in json.dumps(report([passed_over, instead]))
    shutil.rmtree(here.path / "fp32")
    (broken,) = check_model(ModelRequest(here.path, "fp32", is_from_settings=True))
    assert broken.status is Status.BROKEN


def test_a_look_that_fails_is_a_finding_and_the_others_go_on() -> None:
    def defect() -> Iterator[CheckFinding]:
        yield CheckFinding("a", Status.OK, "")
        raise ZeroDivisionError(f"of {getpass.getuser()} in {Path.home()}/private/x")

    def trouble() -> Iterator[CheckFinding]:
        raise AudioError("Connect something.")

    last = CheckFinding("d", Status.OK, "fine")
    looks: dict[str, Callable[[], Iterator[CheckFinding]]] = {
        "b": defect, "c": trouble, "d": lambda: iter([last]),
    }  # fmt: skip
    a, b, c, d = run_checks(dict(looks))
    assert [one.status for one in (a, b, c, d)] == [
        Status.OK, Status.BROKEN, Status.BROKEN, Status.OK,
    ]  # fmt: skip
    assert "please report it" in b.remedy
    assert "private" not in json.dumps(report([b]))
    assert "Traceback" in (paths.log_dir() / "granite-live.log").read_text()
    assert has_failures([a, b])
    assert not has_failures([a, d])


def test_damaged_settings_are_found_and_left_alone() -> None:
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().write_text("{")
    from granite_live.app.doctor import check_settings

    (found,) = check_settings()
    assert found.status is Status.BROKEN
    assert settings_path().read_text() == "{"


def test_what_is_private_is_scrubbed() -> None:
    text = redact(f"{Path.home()}/a/b: C:\\Users\\anna\\x and /usr/lib/y.so, 3.5 of 1/2")
    assert text == "<path>: <path> and <path>, 3.5 of 1/2"


def test_the_command_shows_each_line_with_its_remedy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    good = CheckFinding("one", Status.OK, "as it [should] be", facts={"n": 1})
    bad = CheckFinding("two", Status.BROKEN, "of /home/anna/x", "Mend it.", {"why": "so"})
    assert show([good], sys.stdout, as_json=False) == 0
    assert capsys.readouterr().out == "ok      one              as it [should] be\n"
    assert show([good, bad], sys.stdout, as_json=False) == 1
    assert capsys.readouterr().out.endswith("Mend it.\n")
    assert show([good, bad], sys.stdout, as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["findings"] == [
        {"topic": "one", "status": "ok", "n": 1},
        {"topic": "two", "status": "broken", "why": "so"},
    ]
    assert "anna" not in json.dumps(told)
