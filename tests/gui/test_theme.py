"""Every text color is readable on every background that it is used on."""

from __future__ import annotations

import pytest

from granite_live.gui.theme import DARK, GRID_PX, LIGHT, MOTION_MS, Colors, Theme, contrast

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
