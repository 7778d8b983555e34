"""Normalize the language tags of audio tracks: `de`, `deu` and `ger` are one language."""

from __future__ import annotations

# ISO 639: the two-letter code, then the three-letter codes (terminological and, if different,
# bibliographic).
_CODES = (
    *("ar ara", "bg bul", "ca cat", "cs ces cze", "da dan", "de deu ger", "el ell gre"),
    *("en eng", "es spa", "et est", "eu eus baq", "fa fas per", "fi fin", "fr fra fre"),
    *("ga gle", "gl glg", "he heb", "hi hin", "hr hrv", "hu hun", "hy hye arm", "id ind"),
    *("is isl ice", "it ita", "ja jpn", "ka kat geo", "ko kor", "la lat", "lt lit", "lv lav"),
    *("mk mkd mac", "ms msa may", "mt mlt", "nb nob", "nl nld dut", "nn nno", "no nor"),
    *("pl pol", "pt por", "ro ron rum", "ru rus", "sk slk slo", "sl slv", "sq sqi alb"),
    *("sr srp", "sv swe", "ta tam", "th tha", "tr tur", "uk ukr", "ur urd", "vi vie"),
    *("cy cym wel", "zh zho chi"),
)
_CANONICAL = {code: codes.split()[0] for codes in _CODES for code in codes.split()}

# Tags for an unknown language: undetermined, multiple, no linguistic content.
_UNKNOWN = frozenset(("", "und", "mul", "zxx", "mis"))


def language_code(tag: str) -> str:
    """Return the language of a tag such as `eng`, `de-AT` or `ger`, "" if it names none.

    This is the two-letter code of ISO 639 if there is one, otherwise the lower-case tag.
    """
    primary = tag.strip().lower().replace("_", "-").split("-")[0]
    if primary in _UNKNOWN:
        return ""
    return _CANONICAL.get(primary, primary)
