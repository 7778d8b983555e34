"""Fixtures for all tests: the committed bundle, its variants, a recognizer per tier."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from helpers.bundle_variants import without_shift

# Collecting makes a million objects and no garbage worth looking for.
gc.disable()

if TYPE_CHECKING:
    from helpers.hub_server import FakeHub
    from helpers.prepared_recognizers import PutPrepared

    from granite_live.asr import Recognizer
    from granite_live.models.bundle import Bundle, Form

# Shared machines are slow now and then, so the duration of an example is no failure.
hypothesis.settings.register_profile("granite", deadline=None, max_examples=20)
# `make soak` looks at more: --hypothesis-profile thorough.
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=500)
hypothesis.settings.load_profile("granite")

BUNDLE = Path(__file__).parent / "data" / "bundle"
EOS = 510
"""`<|end_of_text|>` of the committed bundle."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--scale", type=float, default=1.0, help="Length of the soak tests, 1 is full")


ALL_CORES = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set[int]()


def pytest_configure() -> None:
    """Give each of several test processes a core of its own, and all that it starts the same.

    The threads of onnxruntime spin while they wait. Those of two processes on the same cores would
    take most of the time from each other.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker and ALL_CORES:
        number = int(worker.removeprefix("gw"))
        os.sched_setaffinity(0, {sorted(ALL_CORES)[number % len(ALL_CORES)]})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mix the tests of whole programs, which often wait, with those that compute.

    The former come in the first four fifths: they take longest, and all processes should end
    together.
    """
    by_file: dict[Path, list[pytest.Item]] = {}
    for item in items:
        by_file.setdefault(item.path, []).append(item)
    places: dict[Path, float] = {}
    for is_program, share in ((True, 0.8), (False, 1.0)):
        files = [path for path in by_file if ("end_to_end" in path.parts) is is_program]
        places.update((path, share * at / len(files)) for at, path in enumerate(files))
    items[:] = [item for path in sorted(by_file, key=places.__getitem__) for item in by_file[path]]


def pytest_collection_finish() -> None:
    """Look for garbage from now on, but not among what has been collected, which stays."""
    gc.freeze()
    gc.enable()


@pytest.fixture
def all_cores() -> Iterator[None]:
    """Let a test, and all that it starts, use every core."""
    if not ALL_CORES:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, ALL_CORES)
    yield
    os.sched_setaffinity(0, before)


@pytest.fixture
def scale(request: pytest.FixtureRequest) -> float:
    """The duration of soak tests, as a share of their full duration."""
    return float(request.config.getoption("--scale"))


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Return a function that prints a line for the person who runs the soak tests."""

    def line(text: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()

    return line


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An iterator of new folders. `mktemp` looks through those of all earlier tests each time."""
    folder = tmp_path_factory.mktemp("h")

    def numbered() -> Iterator[Path]:
        for number in count():
            path = folder / str(number)
            path.mkdir(0o700)
            yield path

    return numbered()


@pytest.fixture(autouse=True)
def _own_home(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Isolate every test from the models and logs of the user who runs it."""
    monkeypatch.setenv("GRANITE_LIVE_HOME", str(next(_homes)))


@pytest.fixture(scope="session")
def two_sentences(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A WAV file of the first two sentences of the sample: 9 s."""
    from helpers.segment_sounds import read
    from helpers.speech_scenes import write

    from granite_live.util.paths import assets_dir

    path = tmp_path_factory.mktemp("speech") / "two-sentences.wav"
    write(path, read(assets_dir() / "samples" / "welcome.flac")[: 9 * 16_000])
    return path


@pytest.fixture(scope="session")
def first_sentence(two_sentences: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A WAV file of the first sentence of the sample: 5 s."""
    from helpers.segment_sounds import read
    from helpers.speech_scenes import write

    path = tmp_path_factory.mktemp("speech") / "first-sentence.wav"
    write(path, read(two_sentences)[: 5 * 16_000])
    return path


@pytest.fixture(scope="session")
def bundle_dir() -> Path:
    """The committed bundle of random weights: fp32, int8, fp16w. Do not write into it."""
    return BUNDLE


@pytest.fixture
def hub(bundle_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """A hub with the committed bundle in int8 and fp32, and nothing else in its catalog."""
    from helpers.download_runs import only_hub

    with only_hub(bundle_dir, monkeypatch, "int8", "fp32", catalog_in=tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def put_prepared(bundle_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> PutPrepared:
    """Return a function that puts a prepared tier of the committed bundle into the test's home.

    Each form of a tier is prepared once per run, whatever the number of processes, and copied.
    """
    from filelock import FileLock

    from granite_live.models.opening import open_bundle
    from granite_live.models.optimize import find_prepared, prepare_tier
    from granite_live.util.paths import data_dir

    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def put(tier: str, form: Form | None = None) -> Bundle:
        published = open_bundle(bundle_dir, tier)
        home = shared / f"prepared-{tier}-{form}"
        with FileLock(f"{home}.lock"), pytest.MonkeyPatch.context() as patch:
            patch.setenv("GRANITE_LIVE_HOME", str(home))
            prepare_tier(published, form=form)
            made = data_dir() / "prepared"
        shutil.copytree(made, data_dir() / "prepared", dirs_exist_ok=True)
        found = find_prepared(published, form=form)
        assert found is not None
        return found

    return put


@pytest.fixture(scope="session")
def no_shift_bundle_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same model (fp32 only) whose CTC head has V classes: the blank is eos, no shift."""
    return without_shift(BUNDLE, tmp_path_factory.mktemp("variants") / "no_shift", EOS)


@pytest.fixture(scope="session")
def load_recognizer() -> Iterator[Callable[[Path, str], Recognizer]]:
    """Return a loader `(bundle path, tier) -> Recognizer` that loads each once per run."""
    from granite_live.asr import Recognizer
    from granite_live.models.opening import open_bundle

    loaded: dict[tuple[Path, str], Recognizer] = {}

    def load(path: Path, tier: str) -> Recognizer:
        if (path, tier) not in loaded:
            bundle = open_bundle(path, tier)
            loaded[path, tier] = Recognizer.load(bundle, provider="cpu", intra_op_threads=1)
        return loaded[path, tier]

    yield load
    for recognizer in loaded.values():
        recognizer.close()


@pytest.fixture(scope="session", params=["fp32", "int8", "fp16w"])
def tier(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def recognizer(
    load_recognizer: Callable[[Path, str], Recognizer], bundle_dir: Path, tier: str
) -> Recognizer:
    """A recognizer of the committed bundle; tests that use it run once per tier."""
    return load_recognizer(bundle_dir, tier)
