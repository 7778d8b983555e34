"""Dictated texts arrive in other programs, on a screen in memory with a window manager."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.delivery_process import DriverProcess, running_driver
from helpers.text_field_programs import (
    FIELDS_NEED,
    can_run_fields,
    clipboard_holds,
    owned_clipboard,
    running_field,
    running_manager,
)
from helpers.x11_desktop import X11Desktop, running_desktop

pytestmark = pytest.mark.skipif(not can_run_fields(), reason=FIELDS_NEED)

TEXTS = (
    "Grüße aus Köln: Straße, Äpfel, Öl und Übermut! ",
    'Daß "es" {geht} [am] 24. — für 5 €, œuvre 😀👩‍💻🏳️‍🌈.\n',
    "Zum Schluß: äöüßÄÖÜ und 🎉.",
)


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[X11Desktop]:
    with running_desktop(tmp_path_factory.mktemp("screen")) as running:
        yield running


@pytest.fixture(scope="module")
def driven(desktop: X11Desktop) -> Iterator[DriverProcess]:
    """One program delivers for all tests, as it does for its user all day."""
    with running_driver(desktop) as driven:
        yield driven


@pytest.mark.parametrize("way", ["type", "paste"])
@pytest.mark.parametrize("kind", ["qt", "xterm", "gtk"])
def test_three_utterances_arrive_in_order_and_exact(
    desktop: X11Desktop, driven: DriverProcess, tmp_path: Path, kind: str, way: str
) -> None:
    with (
        owned_clipboard(desktop, "text"),
        running_field(kind, desktop, tmp_path) as field,
    ):
        before = clipboard_holds(desktop)
        for number, text in enumerate(TEXTS):
            driven.order("send", way, number, text)
        assert [driven.wait_for_answer() for _ in TEXTS] == [
            ["delivered", number, ""] for number in range(3)
        ]
        field.wait_for("".join(TEXTS))
        assert field.has_focus()
        assert clipboard_holds(desktop) == before
        assert {"text/html", "application/x-of-its-own", "UTF8_STRING"} <= before.keys()


@pytest.mark.parametrize("kind", ["image", "nothing"])
def test_a_paste_leaves_the_clipboard_as_it_was(
    desktop: X11Desktop, driven: DriverProcess, tmp_path: Path, kind: str
) -> None:
    with (
        owned_clipboard(desktop, kind),
        running_field("qt", desktop, tmp_path) as field,
    ):
        before = clipboard_holds(desktop)
        assert ("image/png" in before) is (kind == "image")
        driven.order("send", "paste", 1, "eins ")
        driven.order("send", "paste", 2, "zwei")
        assert [driven.wait_for_answer()[:2] for _ in range(2)] == [
            ["delivered", 1],
            ["delivered", 2],
        ]
        field.wait_for("eins zwei")
        assert clipboard_holds(desktop) == before


def test_a_clipboard_manager_is_not_taken_for_the_program_that_pastes(
    desktop: X11Desktop, driven: DriverProcess, tmp_path: Path
) -> None:
    with (
        owned_clipboard(desktop, "text"),
        running_manager(desktop) as manager,
        running_field("gtk", desktop, tmp_path) as field,
    ):
        before = clipboard_holds(desktop)
        for number, text in enumerate(TEXTS):
            driven.order("send", "paste", number, text)
        assert [driven.wait_for_answer() for _ in TEXTS] == [
            ["delivered", number, ""] for number in range(3)
        ]
        field.wait_for("".join(TEXTS))
        assert clipboard_holds(desktop) == before
        manager.kill()
        assert manager.stdout is not None
        assert repr(TEXTS[0]).encode() in manager.stdout.read()


def test_nobody_is_there_to_paste(
    desktop: X11Desktop, driven: DriverProcess, tmp_path: Path
) -> None:
    with owned_clipboard(desktop, "text"), running_manager(desktop):
        before = clipboard_holds(desktop)
        with running_field("deaf", desktop, tmp_path) as field:
            driven.order("send", "paste", 1, "für niemanden")
            said = driven.wait_for_answer()
            assert said[:2] == ["failed", 1]
            assert "'A field' did not accept the text" in said[2]
            assert field.has_focus()
            assert clipboard_holds(desktop) == before


def test_what_was_delivered_last_is_taken_back(
    desktop: X11Desktop, driven: DriverProcess, tmp_path: Path
) -> None:
    with running_field("gtk", desktop, tmp_path) as field:
        driven.order("send", "type", 1, "bleibt")
        driven.order("send", "paste", 2, " geht")
        driven.order("erase", 3, 5)
        assert [driven.wait_for_answer() for _ in range(3)] == [
            ["delivered", n, ""] for n in (1, 2, 3)
        ]
        field.wait_for("bleibt")


def test_a_text_for_a_window_that_lost_the_focus_is_copied(
    desktop: X11Desktop, driven: DriverProcess, tmp_path: Path
) -> None:
    with running_field("qt", desktop, tmp_path) as field:
        driven.order("aim")
        assert driven.wait_for_answer() == ["aimed"]
        with running_field("gtk", desktop, tmp_path, "Another") as other:
            driven.order("send", "paste", 1, "für das Feld")
            said = driven.wait_for_answer()
            assert said[:2] == ["delivered", 1]
            assert "'A field'" in said[2]
            assert "clipboard" in said[2]
            assert other.has_focus()
            desktop.press("ctrl+v")
            other.wait_for("für das Feld")
        assert field.text() == ""
