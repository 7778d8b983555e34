"""Every text color is readable on every background that it is used on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from helpers.scripted_engine import final
from helpers.window_driver import WindowDriver
from PySide6.QtCore import QPoint
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget

from granite_live.gui.high_contrast import (
    SystemAppearance,
    SystemColors,
    high_contrast,
    make_theme,
)
from granite_live.gui.style_sheet import current_theme, palette
from granite_live.gui.theme import (
    DARK,
    GRID_PX,
    LIGHT,
    MOTION_MS,
    Appearance,
    Colors,
    Theme,
    contrast,
)
from granite_live.gui.transcript.speakers import speaker_color

INKS = ("text", "soft", "quiet", "draft", "accent_ink", "danger", "warning", "good")
GROUNDS = ("page", "panel", "raised", "hover", "selected")


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_inks_are_legible(colors: Colors, ink: str, ground: str) -> None:
    assert contrast(getattr(colors, ink), getattr(colors, ground)) >= 4.5


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_written_on_colour_is_legible(colors: Colors) -> None:
    for ground in (colors.accent, colors.accent_hover, colors.danger_fill):
        assert contrast(colors.on_accent, ground) >= 4.5
    for ground in (colors.found, colors.found_current):
        assert contrast(colors.text, ground) >= 4.5


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_a_draft_is_weaker_than_its_stable_part_and_that_than_final_text(colors: Colors) -> None:
    inks = [contrast(ink, colors.page) for ink in (colors.draft, colors.soft, colors.text)]
    assert inks == sorted(inks)
    assert inks[1] - inks[0] > 2
    assert inks[2] - inks[1] > 2


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("mark", ["focus", "soft", "quiet", "accent_ink"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_icons_and_the_focus_are_seen(colors: Colors, mark: str, ground: str) -> None:
    assert contrast(getattr(colors, mark), getattr(colors, ground)) >= 3


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["page", "panel"])
def test_edges_and_what_is_filled_stand_out(colors: Colors, ground: str) -> None:
    for mark in (colors.edge, colors.accent, colors.danger_fill):
        assert contrast(mark, getattr(colors, ground)) >= 3


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#336699", "#336699") == pytest.approx(1)


def test_sizes_grow_with_the_text() -> None:
    usual, double = Theme(), Theme(scale=2.0)
    assert double.body_px == 2 * usual.body_px
    assert double.px(GRID_PX) == 16


def test_nothing_moves_where_that_is_not_wanted() -> None:
    assert 0 < Theme().motion_ms == MOTION_MS < 200
    assert Theme(has_motion=False).motion_ms == 0


AQUATIC = SystemColors("#202020", "#ffffff", "#8ee3f0", "#263b50", "#75e9fc")
DESERT = SystemColors("#fffaef", "#3d3d3d", "#903909", "#fff5e3", "#1c5e75")
DUSK = SystemColors("#2d3236", "#ffffff", "#a1bfde", "#212d3b", "#70ebde")
NIGHT = SystemColors("#000000", "#ffffff", "#d6b4fd", "#2b2b2b", "#8080ff")
BLACK_ON_WHITE = SystemColors("#ffffff", "#000000", "#0000ff", "#ffffff", "#0000ff")
TOO_WEAK = SystemColors("#808080", "#909090", "#888888", "#888888", "#888888")
SYSTEMS = {
    "aquatic": AQUATIC,
    "desert": DESERT,
    "dusk": DUSK,
    "night": NIGHT,
    "white": BLACK_ON_WHITE,
    "weak": TOO_WEAK,
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_with_high_contrast_every_text_has_a_contrast_of_seven(name: str) -> None:
    colors = high_contrast(SYSTEMS[name])
    for ground in (*GROUNDS, "found", "found_current"):
        for ink in INKS:
            found = contrast(getattr(colors, ink), getattr(colors, ground))
            assert found >= 7, (ink, ground, found)
    for ground in (colors.accent, colors.accent_hover, colors.danger_fill):
        assert contrast(colors.on_accent, ground) >= 4.5
    for ground in GROUNDS:
        assert contrast(colors.focus, getattr(colors, ground)) >= 3
    for mark in (colors.edge, colors.line, colors.accent):
        assert contrast(mark, colors.page) >= 3


@pytest.mark.parametrize("system", [AQUATIC, DESERT, DUSK, NIGHT, BLACK_ON_WHITE])
def test_high_contrast_uses_the_colors_of_the_system(system: SystemColors) -> None:
    colors = high_contrast(system)
    assert (colors.page, colors.text, colors.accent) == (
        system.ground,
        system.text,
        system.highlight,
    )
    assert colors.selected != colors.page
    strengths = [contrast(ink, colors.page) for ink in (colors.draft, colors.soft, colors.text)]
    assert strengths == sorted(strengths)
    assert strengths[0] < strengths[2]


def test_the_colors_of_the_system_are_read_without_changing_the_programs(
    qapp: QApplication,
) -> None:
    own = palette(Theme(colors=high_contrast(DESERT)))
    qapp.setPalette(own)
    found = SystemAppearance().colors()
    assert found.ground != DESERT.ground
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == DESERT.ground
    qapp.setPalette(QPalette())


def test_without_the_wish_for_contrast_the_palettes_stay(qapp: QApplication) -> None:
    assert not SystemAppearance().wants_high_contrast()
    assert make_theme(Appearance.SYSTEM).colors in (LIGHT, DARK)


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=SYSTEMS.keys())
def test_with_high_contrast_every_speaker_has_a_readable_color(system: SystemColors) -> None:
    theme = Theme(colors=high_contrast(system))
    for number in range(6):
        assert contrast(speaker_color(theme, number), theme.colors.page) >= 7


class ScriptedAppearance(SystemAppearance):
    """A system whose wishes change while the program runs: Qt has no function that sets them."""

    def __init__(self) -> None:
        super().__init__()
        self.wanted: SystemColors | None = None

    def wish(self, wanted: SystemColors | None) -> None:
        self.wanted = wanted
        self.changed.emit()

    def is_dark(self) -> bool:
        return False

    def wants_high_contrast(self) -> bool:
        return self.wanted is not None

    def colors(self) -> SystemColors:
        return self.wanted or super().colors()


def color_at(driver: WindowDriver, widget: QWidget, x: int, y: int) -> str:
    picture = driver.window.grab().toImage()
    place = widget.mapTo(driver.window, QPoint(x, y)) * picture.devicePixelRatio()
    return picture.pixelColor(place).name()


def test_a_wish_for_contrast_that_comes_while_the_program_runs_is_followed_at_once(
    make_driver: Callable[..., WindowDriver],
) -> None:
    system = ScriptedAppearance()
    driver = make_driver(system=system)
    driver.hear(final(1, 0.0, "hello"))
    preferences, panel, bar = driver.application.preferences, driver.panel, driver.control_bar
    preferences.change(appearance="system")
    driver.until(lambda: current_theme().colors == LIGHT)
    system.wish(DESERT)
    assert current_theme().colors.page == DESERT.ground
    driver.until(lambda: color_at(driver, panel.viewport(), 2, 2) == DESERT.ground)
    assert color_at(driver, bar, 2, bar.height() // 2) == DESERT.ground
    system.wish(NIGHT)
    driver.until(lambda: color_at(driver, panel.viewport(), 2, 2) == NIGHT.ground)
    system.wish(None)
    driver.until(lambda: color_at(driver, panel.viewport(), 2, 2) == LIGHT.page)
    # An appearance that the user has chosen stays as it is.
    preferences.change(appearance="dark")
    system.wish(DESERT)
    assert current_theme().colors == DARK
