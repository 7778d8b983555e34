"""A live session's worker lets others go first where it takes every core; a file's does not."""

from __future__ import annotations

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import psutil
import pytest

from granite_live.app import factory
from granite_live.session.messages import ModelSpec
from granite_live.util import process

pytestmark = pytest.mark.usefixtures("all_cores")


def _load(bundle: str, threads: int, cores: int, is_file: bool) -> int:
    """In a process of its own: load as the worker does, return the niceness."""
    from granite_live.asr import providers

    providers.physical_core_count = lambda: cores
    spec = ModelSpec(bundle, "fp32", "cpu", threads, "published")
    load = factory.load_file_recognizer if is_file else factory.load_worker_recognizer
    load(spec).close()
    return int(psutil.Process().nice())


@pytest.mark.skipif(sys.platform == "win32", reason="priorities have other numbers there")
def test_the_worker_stands_back_where_no_core_is_left(bundle_dir: Path) -> None:
    """One process after another model: once it stands back it does not come forward again."""
    before = psutil.Process().nice()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:

        def niceness(threads: int, *, is_file: bool) -> int:
            return pool.submit(_load, str(bundle_dir), threads, 2, is_file).result()

        assert niceness(2, is_file=True) == before
        assert niceness(1, is_file=False) == before
        assert niceness(2, is_file=False) == max(before, process.NICENESS)
    assert psutil.Process().nice() == before


def test_a_process_that_does_other_things_keeps_its_priority(bundle_dir: Path) -> None:
    before = psutil.Process().nice()
    factory.load_worker_recognizer(
        ModelSpec(str(bundle_dir), "fp32", "cpu", 64, "published")
    ).close()
    assert psutil.Process().nice() == before


def test_a_system_that_does_not_allow_it_is_no_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> int:
        raise psutil.AccessDenied(1)

    monkeypatch.setattr(psutil.Process, "nice", refuse)
    with caplog.at_level("WARNING"):
        process.lower_priority()
    assert "the priority stays as it is" in caplog.text
