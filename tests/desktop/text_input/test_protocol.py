"""What is known of the window that has the focus."""

from __future__ import annotations

from granite_live.desktop.platform import Target


def test_windows_of_one_program_share_the_front_of_their_numbers() -> None:
    target = Target("0x600007", "Field", is_own=False, program_mask=0xFFE0_0000)
    assert target.has_program_of(0x600007)
    assert target.has_program_of(0x7FFFFF)
    assert not target.has_program_of(0x800007)


def test_where_numbers_tell_nothing_every_program_may_be_the_one() -> None:
    assert Target("4711", "Notes", is_own=False).has_program_of(0x800007)
