"""Typing for other programs whatever the keyboard's layout is, and whatever is locked."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from helpers.delivery_process import DriverProcess, running_driver
from helpers.text_field_programs import FIELDS_NEED, can_run_fields, running_field
from helpers.waiting import WAIT_S
from helpers.x11_desktop import X11Desktop, running_desktop

pytestmark = pytest.mark.skipif(not can_run_fields(), reason=FIELDS_NEED)

TEXT = 'Zypern: "Größe" [42] {x} @home, 5 € = 7 $; ça & où? Ÿ|~^` 😀\n'
LONG = "Franz jagt im komplett verwahrlosten Taxi quer durch Bayern. ÄÖÜ äöü ß 0123456789 ABCXYZ"


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[X11Desktop]:
    with running_desktop(tmp_path_factory.mktemp("screen")) as running:
        yield running


@pytest.fixture(scope="module")
def driven(desktop: X11Desktop) -> Iterator[DriverProcess]:
    """One program delivers for all tests, as it does for its user all day."""
    with running_driver(desktop) as driven:
        yield driven


@contextmanager
def layout(desktop: X11Desktop, *options: str) -> Iterator[None]:
    """Let the keyboard have a layout."""

    def set_to(*words: str) -> None:
        environment = os.environ | desktop.environment
        subprocess.run(["setxkbmap", *words], env=environment, check=True, timeout=WAIT_S)

    set_to(*options)
    try:
        yield
    finally:
        set_to("us")


@pytest.mark.parametrize("name", [pytest.param("de", marks=pytest.mark.soak), "fr", "us"])
def test_a_layout_changes_nothing(
    desktop: X11Desktop, driven: DriverProcess, tmp_path: Path, name: str
) -> None:
    with (
        layout(desktop, name),
        running_field("qt", desktop, tmp_path) as field,
    ):
        driven.order("send", "type", 1, TEXT)
        driven.order("send", "type", 2, TEXT)
        assert [driven.wait_for_answer(), driven.wait_for_answer()] == [
            ["delivered", n, ""] for n in (1, 2)
        ]
        field.wait_for(TEXT + TEXT)


@pytest.mark.parametrize("kind", ["gtk", "xterm"])
def test_more_letters_than_there_are_unused_keys_arrive(
    desktop: X11Desktop, driven: DriverProcess, tmp_path: Path, kind: str
) -> None:
    # No letter of the text is on a Russian keyboard.
    with (
        layout(desktop, "ru"),
        running_field(kind, desktop, tmp_path) as field,
    ):
        driven.order("send", "type", 1, LONG)
        assert driven.wait_for_answer() == ["delivered", 1, ""]
        field.wait_for(LONG)


def test_caps_lock_is_on_again_afterwards(
    desktop: X11Desktop, driven: DriverProcess, tmp_path: Path
) -> None:
    with running_field("gtk", desktop, tmp_path) as field:
        desktop.do("key", "Caps_Lock")
        driven.order("send", "type", 1, "klein GROSS ä ")
        assert driven.wait_for_answer() == ["delivered", 1, ""]
        desktop.do("key", "x")
        field.wait_for("klein GROSS ä X")
        desktop.do("key", "Caps_Lock")
        desktop.do("key", "x")
        field.wait_for("klein GROSS ä Xx")
