"""The words around numbers in five languages, and a guess of a text's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_NARROW_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class NumberWords:
    """How a language writes numbers.

    Attributes:
        code: The language.
        common: Frequent words, by which the language is recognized.
        months: The names of the months, `ambiguous_months` those that are other words, too.
        of_words: Words between a day and its month.
        scales: Words such as million, which stay words.
        currencies: Words for money, and their signs.
        money: Returns an amount with its sign.
        percent: Words for percent; `percent_sign` with the space before it.
        hour_words: Words between hours and minutes.
        time: Returns a time of day.
        day_halves: Words after a time of day, such as p.m.
        thousands_mark: Separates groups of three digits.
        has_paired_years: Years are said as two numbers, "nineteen ninety-nine".
        has_cardinal_dates: Days are said as cardinal numbers.
    """

    code: str
    common: frozenset[str]
    months: frozenset[str]
    scales: frozenset[str]
    currencies: Mapping[str, str]
    percent: frozenset[str]
    ambiguous_months: frozenset[str] = frozenset()
    of_words: frozenset[str] = frozenset()
    money: Callable[[str, str], str] = lambda amount, sign: f"{amount}{_NARROW_SPACE}{sign}"
    percent_sign: str = f"{_NARROW_SPACE}%"
    hour_words: frozenset[str] = frozenset()
    time: Callable[[int, int], str] = lambda hours, minutes: f"{hours}:{minutes:02d}"
    day_halves: frozenset[str] = frozenset()
    thousands_mark: str = "."
    has_paired_years: bool = False
    has_cardinal_dates: bool = field(default=False)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_EURO = {"euro": "€", "euros": "€"}

LANGUAGES: Mapping[str, NumberWords] = {
    one.code: one
    for one in (
        NumberWords(
            "en",
            _set("the and of to is that was it in you for with this have are be on not"),
            _set(
                "january february march april may june july august september october november "
                "december"
            ),
            _set("hundred thousand million billion trillion millions billions"),
            {"dollar": "$", "dollars": "$", "pounds": "£", **_EURO},
            _set("percent"),
            ambiguous_months=_set("may march"),
            of_words=_set("of"),
            money=lambda amount, sign: f"{sign}{amount}",
            percent_sign="%",
            hour_words=_set("o'clock"),
            day_halves=_set("a.m p.m am pm"),
            thousands_mark=",",
            has_paired_years=True,
        ),
        NumberWords(
            "de",
            _set("der die das und ist nicht ein eine zu mit ich den von auf sich es wir dem"),
            _set(
                "januar februar märz april mai juni juli august september oktober november dezember"
            ),
            _set("million millionen milliarde milliarden tausend hundert"),
            {**_EURO, "dollar": "$"},
            _set("prozent"),
            hour_words=_set("uhr"),
            time=lambda hours, minutes: f"{hours}:{minutes:02d} Uhr",
        ),
        NumberWords(
            "fr",
            _set("le la les et est des une dans que il pour pas sur qui nous vous ce du"),
            _set(
                "janvier février mars avril mai juin juillet août septembre octobre novembre "
                "décembre"
            ),
            _set("million millions milliard milliards mille cent"),
            {**_EURO, "dollars": "$"},
            frozenset(),
            hour_words=_set("heures heure"),
            time=lambda hours, minutes: f"{hours}{_NARROW_SPACE}h{_NARROW_SPACE}{minutes:02d}",
            thousands_mark=_NARROW_SPACE,
            has_cardinal_dates=True,
        ),
        NumberWords(
            "es",
            _set("el los las y es que en una por con no se su para del al lo como"),
            _set(
                "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
                "diciembre"
            ),
            _set("millón millones mil cien"),
            {**_EURO, "dólares": "$"},
            frozenset(),
            of_words=_set("de"),
            has_cardinal_dates=True,
        ),
        NumberWords(
            "pt",
            _set("o os as e é que não uma em com para do da um no na se foi"),
            _set(
                "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
                "dezembro"
            ),
            _set("milhão milhões bilhão bilhões mil cem"),
            {**_EURO, "dólares": "$", "reais": "R$"},
            frozenset(),
            of_words=_set("de"),
            has_cardinal_dates=True,
        ),
    )
}

_LEAST_SHARE = 0.15
_LEAST_LEAD = 1.5


def guess_language(text: str) -> str | None:
    """Return the language of a text by its frequent words, None if that is not clear."""
    words = [word.strip(".,;:!?").lower() for word in text.split()]
    counts = sorted(
        (sum(word in one.common for word in words), one.code) for one in LANGUAGES.values()
    )
    (second, _), (most, code) = counts[-2:]
    is_clear = words and most >= _LEAST_SHARE * len(words) and most >= _LEAST_LEAD * second
    return code if is_clear and most else None
