"""What is known of the window that has the focus."""

from __future__ import annotations

from granite_live.desktop.platform import FocusedWindow


def test_windows_of_one_program_share_the_front_of_their_numbers() -> None:
    target = FocusedWindow("0x600007", "Field", is_own=False, program_mask=0xFFE0_0000)
    assert target.is_same_program(0x600007)
    assert target.is_same_program(0x7FFFFF)
    assert not target.is_same_program(0x800007)


def test_where_numbers_tell_nothing_every_program_may_be_the_one() -> None:
    assert FocusedWindow("4711", "Notes", is_own=False).is_same_program(0x800007)
