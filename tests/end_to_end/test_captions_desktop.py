"""Captions on a screen with a window manager: above all, without the focus, where they were."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from helpers import fullscreen_program
from helpers.fullscreen_program import COLOUR, TITLE
from helpers.waiting import WAIT_S, changes_in, until
from helpers.x11_desktop import HEIGHT_PX, WIDTH_PX, X11Desktop, running_desktop, with_me

from granite_live.gui.theme import LIGHT
from granite_live.library import Library
from granite_live.settings import Settings, load_settings, save_settings
from granite_live.util import logs, paths

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs an X server")

_LOOK_EVERY_S = 0.05
_SMALL = ("40", "800", "840", "968", "1056", "600", "601", "605", "628")
"""Modes of 480 x 900 and 800 x 600: their clock, where lines and pictures begin and end."""


@dataclass(frozen=True)
class Area:
    """A part of the screen."""

    left: int
    top: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[int, int]:
        return self.left + self.width // 2, self.top + self.height // 2


class Room:
    """A screen, the program on it, and a program below."""

    def __init__(self, desktop: X11Desktop, folder: Path) -> None:
        self.desktop, self._folder = desktop, folder
        self.clicks = folder / "clicks"
        self.clicks.touch()
        self._started: list[subprocess.Popen[bytes]] = []
        self.id = self.captions = ""

    def run(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a program; what it says lies in a file."""
        with (self._folder / f"said-{len(self._started)}").open("wb") as said:
            environment = os.environ | self.desktop.environment
            process = subprocess.Popen(with_me(*command), env=environment, stdout=said, stderr=said)
        self._started.append(process)
        return process

    def start(self) -> subprocess.Popen[bytes]:
        """Start the program; the keys go to its window."""
        process = self.run(sys.executable, "-m", "granite_live", "window")
        self.id = self.desktop.find_window("Granite Live")
        self.enter(self.id)
        return process

    def enter(self, window: str) -> None:
        """Let the keys go to a window."""
        self.desktop.do("windowactivate", "--sync", window)

    def open_captions(self) -> Area:
        """Open them with their shortcut; return where they are."""
        self.desktop.press("ctrl+shift+l")
        self.captions = self.desktop.find_window("Captions")
        return self.area()

    def area(self) -> Area:
        """Return where the captions are."""
        lines = self.desktop.do("getwindowgeometry", "--shell", self.captions).splitlines()
        found = dict(line.split("=") for line in lines)
        return Area(*(int(found[name]) for name in ("X", "Y", "WIDTH", "HEIGHT")))

    def cover(self) -> str:
        """Fill the screen with another program, and wait until it has the keys."""
        self.run(sys.executable, fullscreen_program.__file__, str(self.clicks))
        below = self.desktop.find_window(TITLE)
        self.desktop.find_color(COLOUR, WIDTH_PX * HEIGHT_PX // 2)
        self.enter(below)
        return below

    def focus(self) -> tuple[str, str]:
        """Return who has the keys, as the X server and as the window manager say."""
        return self.desktop.do("getwindowfocus"), self.desktop.do("getactivewindow")

    def clicked(self, count: int) -> list[str]:
        """Wait for so many clicks below; return where they were."""
        with changes_in(self._folder) as news:
            until(lambda: self.clicks.read_text().count("\n") >= count, "a click", news)
        return self.clicks.read_text().splitlines()

    def wait(self, condition: Callable[[], object], what: str) -> None:
        """Wait for what nobody tells of: the screen is looked at again and again."""
        give_up_s = time.monotonic() + WAIT_S
        while not condition():
            assert time.monotonic() < give_up_s, f"{what} does not happen"
            time.sleep(_LOOK_EVERY_S)

    def screen(self, *words: str) -> None:
        """Change the screen."""
        environment = os.environ | self.desktop.environment
        subprocess.run(["xrandr", *words], env=environment, timeout=WAIT_S, check=True)

    def kill(self) -> None:
        """End everything."""
        for one in self._started:
            one.kill()
            one.wait(WAIT_S)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    paths.data_dir().mkdir(parents=True, exist_ok=True)
    logs.open_log().close()
    save_settings(Settings(appearance="light", captions_font_size_px=40))
    Library.open().close()
    with running_desktop(tmp_path) as desktop:
        made = Room(desktop, tmp_path)
        yield made
        made.kill()


def _is_above(room: Room, area: Area) -> bool:
    """Return whether all of the area is seen, and the program below everywhere else."""
    wanted = [int(COLOUR[at : at + 2], 16) for at in (1, 3, 5)]
    is_below = (room.desktop.picture() == wanted).all(axis=2)
    rows = slice(area.top, area.top + area.height)
    inside = is_below[rows, area.left : area.left + area.width]
    outside = int(is_below.sum()) - int(inside.sum())
    # The mouse is on the picture, too.
    return not inside.any() and outside > 0.999 * (is_below.size - inside.size)


def test_they_stay_above_a_full_screen_and_take_neither_focus_nor_clicks(room: Room) -> None:
    room.start()
    before = room.focus()
    area = room.open_captions()
    assert room.focus() == before
    below = room.cover()
    assert room.focus()[1] == below
    # Above, opaque since nothing composes this screen, and all around is the other program.
    room.wait(lambda: _is_above(room, area), "the captions above a full screen")
    assert (room.desktop.picture()[area.top + 3, area.left + 3] == 0).all()
    focus = room.focus()
    room.desktop.click(*area.middle)
    room.desktop.click(20, 20)
    assert room.clicked(1) == ["20 20"]
    assert room.focus() == focus
    # Their menu opens above as well, and takes keys as long as it is open only.
    x, y = area.middle
    room.desktop.do("mousemove", str(x), str(y), "click", "3")
    room.desktop.find_color(LIGHT.raised, 20_000)
    with changes_in(paths.config_dir()) as news:
        room.desktop.press("Down", "Down", "Return")
        until(lambda: load_settings().captions_lines == 1, "one line", news)
    room.wait(lambda: room.area().height < area.height, "lower captions")
    area = room.area()
    assert room.focus() == focus
    # From the main window clicks are let through, and reach the program below.
    room.enter(room.id)
    with changes_in(paths.config_dir()) as news:
        room.desktop.press("ctrl+shift+t")
        until(lambda: load_settings().captions_click_through, "the setting", news)
    room.enter(below)
    focus = room.focus()
    room.desktop.click(*area.middle)
    assert room.clicked(2)[1] == "{} {}".format(*area.middle)
    assert room.focus() == focus
    room.wait(lambda: _is_above(room, area), "the captions above a full screen")


def _drag(room: Room, area: Area, right: int = -60, down: int = -300) -> Area:
    """Drag the captions by their middle; return where they are then."""
    x, y = area.middle
    room.desktop.do("mousemove", str(x), str(y), "mousedown", "1")
    room.desktop.do("mousemove", str(x + right // 2), str(y + down // 2))
    room.desktop.do("mousemove", str(x + right), str(y + down), "mouseup", "1")
    moved = Area(area.left + right, area.top + down, area.width, area.height)
    room.wait(lambda: room.area() == moved, "the captions at their new place")
    return moved


def test_they_are_where_they_were_after_a_restart(room: Room) -> None:
    process = room.start()
    moved = _drag(room, room.open_captions())
    room.enter(room.id)
    room.desktop.press("alt+F4")
    assert process.wait(WAIT_S) == 0
    room.start()
    assert room.open_captions() == moved


needs_xrandr = pytest.mark.skipif(
    shutil.which("xrandr") is None, reason="needs (on Debian): x11-xserver-utils"
)


@needs_xrandr
@pytest.mark.soak
def test_they_leave_a_screen_that_goes_and_return_with_it(room: Room) -> None:
    # One screen of 480 pixels at the left, and beside it one that comes and goes.
    room.screen("--setmonitor", "left", f"480/120x{HEIGHT_PX}/240+0+0", "screen")
    beside = ("--setmonitor", "right", f"{WIDTH_PX - 480}/200x{HEIGHT_PX}/240+480+0", "none")
    room.screen(*beside)
    room.start()
    area = room.open_captions()
    there = _drag(room, area, 880 - area.middle[0], -100)
    assert there.left >= 480
    room.screen("--delmonitor", "right")
    room.wait(lambda: room.area().left + room.area().width <= 480, "the captions at the left")
    room.screen(*beside)
    room.wait(lambda: room.area() == there, "the captions at their old place")


@needs_xrandr
@pytest.mark.soak
def test_they_follow_a_screen_that_changes_and_come_back_with_it(room: Room) -> None:
    room.start()
    place = _drag(room, room.open_captions())
    room.screen("--newmode", "small", *_SMALL)
    room.screen("--addmode", "screen", "small")
    room.screen("--output", "screen", "--mode", "small")
    # The same shares of another screen; the letters keep their size.
    there = [share * 800 // WIDTH_PX for share in (place.left, place.width)]
    room.wait(lambda: abs(room.area().width - there[1]) <= 1, "the captions on a small screen")
    small = room.area()
    assert abs(small.left - there[0]) <= 1
    assert 0 <= small.top <= 600 - small.height == 600 - place.height
    room.screen("--output", "screen", "--mode", f"{WIDTH_PX}x{HEIGHT_PX}")
    room.wait(lambda: room.area() == place, "the captions at their old place")


def test_where_the_screen_is_composed_one_sees_through_them(room: Room) -> None:
    if shutil.which("xcompmgr") is None:
        pytest.skip("needs (on Debian): xcompmgr")
    save_settings(Settings(appearance="light", captions_opacity_percent=50))
    room.run("xcompmgr")
    room.start()
    area = room.open_captions()
    room.cover()

    def corner() -> list[int]:
        pixel = room.desktop.picture()[area.top + 3, area.left + 3]
        return [int(one) for one in pixel]

    full = int(COLOUR[3:5], 16)
    room.wait(lambda: abs(corner()[1] - full / 2) <= 2, "half of what is behind")
    assert corner()[::2] == [0, 0]
