"""Make external text (file, device and model names) safe to show on one terminal line."""

from __future__ import annotations

import os
import re

# Characters that reorder the surrounding text on a terminal or in a window.
_BIDI_CONTROLS = "\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSAFE = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029{_BIDI_CONTROLS}\ud800-\udfff\ufeff]")
_SHORT = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}


def printable(text: str | os.PathLike[str]) -> str:
    r"""Return `text` with all characters escaped that could control a terminal or break a line.

    Control characters become `\x1b`, `\n` and the like. A byte of a file name that is not UTF-8
    becomes `\xff`; Unicode line separators, direction marks and lone surrogates become `\u2028`.
    Applying the function twice changes nothing.
    """
    return _UNSAFE.sub(_escaped, os.fspath(text))


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if 0xDC80 <= code <= 0xDCFF:  # a byte that Python could not decode (surrogateescape)
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
