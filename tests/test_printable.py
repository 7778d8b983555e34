"""External text cannot control a terminal, and stays distinguishable."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_live.util.printable import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("talk.wav", "talk.wav"),
        ("Grüße 日本 🎤.wav", "Grüße 日本 🎤.wav"),
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("a\nb\rc\td", r"a\nb\rc\td"),
        ("\x9b2J\x7f", r"\x9b2J\x7f"),
        (os.fsdecode(b"caf\xe9.wav"), r"caf\xe9.wav"),
        ("\ud83d", r"\ud83d"),
        ("gpj\u202eexe", r"gpj\u202eexe"),
        ("a\u2028b", r"a\u2028b"),
        (r"C:\Users\new", r"C:\Users\new"),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_a_path_is_taken_too() -> None:
    assert printable(Path("a\x07b")) == r"a\x07b"


@given(st.text(st.characters(categories=None)))
def test_no_control_character_is_left_and_twice_changes_nothing(text: str) -> None:
    shown = printable(text)
    assert not {unicodedata.category(one) for one in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert printable(shown) == shown
