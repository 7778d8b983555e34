"""The painting of captions: faint drafts, outline, right-to-left text, stable rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from helpers.caption_pixels import count, pixels, said, shown
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from granite_live.gui.captions.appearance import CaptionStyle
from granite_live.gui.captions.band import CaptionView
from granite_live.gui.captions.rendering import FontRuler, RowRenderer
from granite_live.gui.captions.rows import CaptionRow, CaptionRows
from granite_live.gui.high_contrast import system_family
from granite_live.gui.theme import contrast

LOOK = CaptionStyle(2, "", 40, "#ffffff", 0, "#000000", 100)
WIDTH = 600


def with_family(look: CaptionStyle) -> CaptionStyle:
    """Return the look with the program's font, as the controller sets it."""
    values = {name: getattr(look, name) for name in CaptionStyle.__slots__}
    return CaptionStyle(**values | {"family": system_family()})


@pytest.fixture
def make_band(qtbot: QtBot) -> Callable[..., CaptionView]:
    def make(look: CaptionStyle = LOOK, *, has_motion: bool = False) -> CaptionView:
        made = CaptionView(with_family(look), has_motion=has_motion)
        qtbot.addWidget(made)
        made.resize(WIDTH, look.height_px)
        made.show()
        qtbot.waitExposed(made)
        return made

    return make


def rows_of(look: CaptionStyle, *texts: str, is_final: bool = True) -> CaptionRows:
    rows = CaptionRows(FontRuler(with_family(look), WIDTH), look.lines)
    rows.update([said(n, text, is_final=is_final) for n, text in enumerate(texts)])
    return rows


def ink(found: np.ndarray) -> np.ndarray:
    """Return where the image is not black."""
    return found.max(axis=-1) > 0


def test_a_draft_is_grey_and_its_final_stands_at_the_same_place(
    make_band: Callable[..., CaptionView],
) -> None:
    band = make_band()
    rows = rows_of(LOOK, "the trees were full", is_final=False)
    band.show_rows(rows.rows)
    draft = shown(band)
    assert count(draft, band.caption_style.draft_color) > 200
    assert count(draft, "#ffffff") == 0
    rows.update([said(0, "the trees were full")])
    band.show_rows(rows.rows)
    final = shown(band)
    assert count(final, "#ffffff") > 200
    assert count(final, band.caption_style.draft_color) < 50
    assert (ink(draft) == ink(final)).mean() > 0.999


@pytest.mark.parametrize(("colour", "edge"), [("#ffffff", "#000000"), ("#101010", "#ffffff")])
def test_an_outline_sets_letters_apart_from_whatever_is_behind(
    qapp: QApplication, colour: str, edge: str
) -> None:
    for outline_px in (0, 3):
        look = with_family(CaptionStyle(1, "", 40, colour, outline_px, "#808080", 0))
        assert look.outline_color == edge
        row = CaptionRow(1, rows_of(look, "outline").rows[-1].pieces, False, 0)
        image = pixels(RowRenderer(look, 1.0).picture(row))
        is_solid = image[..., 3] == 255
        assert count(image, colour) > 100
        assert (count(image[is_solid], edge) > 300) is bool(outline_px)


@pytest.mark.parametrize(
    ("text", "is_rtl"), [("Die Bäume", False), ("العصافير كثيرة", True), ("עצים רבים", True)]
)
def test_text_begins_on_its_own_side(
    make_band: Callable[..., CaptionView], text: str, is_rtl: bool
) -> None:
    band = make_band()
    band.show_rows(rows_of(LOOK, text).rows)
    columns = np.nonzero(ink(shown(band)).any(axis=0))[0]
    room = LOOK.side_px
    if is_rtl:
        assert WIDTH - room - 8 <= columns.max() <= WIDTH - room + 4
        assert columns.min() > WIDTH / 3
    else:
        assert room - 4 <= columns.min() <= room + 8
        assert columns.max() < WIDTH * 2 / 3


def test_the_last_row_is_at_the_bottom_and_every_row_has_its_place(
    make_band: Callable[..., CaptionView],
) -> None:
    band = make_band()
    rows = rows_of(LOOK, "one line")
    band.show_rows(rows.rows)
    levels = np.nonzero(ink(shown(band)).any(axis=1))[0]
    assert levels.min() >= LOOK.pad_px + LOOK.row_px
    rows.update([said(0, "one line and " + "more of it " * 4)])
    assert len(rows.visible) == 2
    band.show_rows(rows.rows)
    upper = ink(shown(band))[LOOK.pad_px : LOOK.pad_px + LOOK.row_px]
    assert upper.any()


def test_nothing_of_a_word_without_end_is_outside(make_band: Callable[..., CaptionView]) -> None:
    band = make_band()
    rows = rows_of(LOOK, "Donaudampfschifffahrtsgesellschaftskapitänsmützenständer" * 2)
    assert len(rows.rows) >= 3
    band.show_rows(rows.rows)
    found = ink(shown(band))
    assert found[:, LOOK.side_px : -LOOK.side_px].any()
    assert not found[:, :2].any()
    assert not found[:, -2:].any()


def test_a_long_word_is_cut_between_letters_and_nothing_is_lost(qapp: QApplication) -> None:
    ruler = FontRuler(with_family(LOOK), 200)
    word = "ö😀x̂" * 30
    pieces = ruler.cut(word)
    assert "".join(pieces) == word
    assert all(ruler.width_px(piece) <= ruler.room_px + 1 for piece in pieces)
    assert not any(piece.startswith("\u0302") for piece in pieces)
    assert ruler.cut("short") == ("short",)


def test_a_row_is_drawn_anew_only_when_it_changes(make_band: Callable[..., CaptionView]) -> None:
    band = make_band()
    rows = rows_of(LOOK, "the first line of all " * 2, "second")
    band.show_rows(rows.rows)
    before = [band.picture(row) for row in rows.visible]
    rows.update([said(0, "the first line of all " * 2), said(1, "second and more")])
    band.show_rows(rows.rows)
    after = [band.picture(row) for row in rows.visible]
    assert after[0] is before[0]
    assert after[1] is not before[1]


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_a_row_has_all_pixels_of_a_dense_screen(qapp: QApplication, ratio: float) -> None:
    look = with_family(CaptionStyle(1, "", 40, "#ffffff", 3, "#000000", 100))
    row = rows_of(look, "the trees were full").rows[-1]
    plain, dense = RowRenderer(look, 1.0).picture(row), RowRenderer(look, ratio).picture(row)
    assert dense.devicePixelRatio() == ratio
    assert dense.height() == round(look.row_px * ratio)
    assert dense.width() == pytest.approx(plain.width() * ratio, rel=0.02)


def test_rows_move_up_and_come_to_rest(qtbot: QtBot, make_band: Callable[..., CaptionView]) -> None:
    band = make_band(has_motion=True)
    rows = rows_of(LOOK, "a few words")
    band.show_rows(rows.rows, is_new_page=True)
    assert not band.is_moving
    rows.update([said(0, "a few words " * 6)])
    band.show_rows(rows.rows)
    assert band.is_moving
    qtbot.waitUntil(lambda: not band.is_moving)
    still = make_band()
    still.show_rows(rows.rows)
    assert (shown(band) == shown(still)).all()


def test_without_motion_rows_are_there_at_once(make_band: Callable[..., CaptionView]) -> None:
    band = make_band()
    rows = rows_of(LOOK, "a few words")
    band.show_rows(rows.rows)
    rows.update([said(0, "a few words " * 6)])
    band.show_rows(rows.rows)
    assert not band.is_moving


@pytest.mark.parametrize("percent", [0, 50, 100])
def test_the_background_covers_as_much_as_is_wanted(
    make_band: Callable[..., CaptionView], percent: int
) -> None:
    look = CaptionStyle(1, "", 40, "#ffffff", 0, "#204080", percent)
    band = make_band(look)
    band.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
    alpha = pixels(band.grab().toImage())[0, 0, 3]
    assert alpha == max(1, round(percent * 2.55))
    band.is_translucent = False
    assert count(shown(band)[:1], "#204080") == WIDTH


@pytest.mark.parametrize(
    ("colour", "background"),
    [("#ffffff", "#000000"), ("#000000", "#ffffff"), ("#ffff00", "#101030")],
)
def test_drafts_can_be_read_and_told_from_finals(colour: str, background: str) -> None:
    look = CaptionStyle(1, "", 40, colour, 0, background, 100)
    assert contrast(look.draft_color, background) >= 4.5
    assert contrast(look.draft_color, colour) >= 1.5


def test_where_nothing_can_be_read_well_a_draft_is_as_readable_as_it_can_be() -> None:
    look = CaptionStyle(1, "", 40, "#888888", 0, "#808080", 100)
    assert look.draft_color != look.color
