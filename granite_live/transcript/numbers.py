"""Write spoken numbers as digits: "twenty-one people" as "21 people".

The rules are careful. Small numbers stay words, as in print ("one of them", "two dogs"), unless
they belong to a date, a time, a percentage or an amount of money.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from granite_live.transcript.model import RecordingTranscript, Transcript, Word
from granite_live.transcript.spelling import split_marks

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


_LARGEST_WORD = 12
"""Numbers up to this one stay words where nothing else is known."""
_LEAST_GROUPED = 10_000
_CENTURIES = range(11, 21)


@dataclass(frozen=True, slots=True)
class Replacement:
    """The words from `start` to `end` (exclusive) are written as `text`, marks included."""

    start: int
    end: int
    text: str


def with_digits(transcript: RecordingTranscript) -> RecordingTranscript:
    """Return the transcript with numbers as digits, unchanged if its language is not known."""
    language = guess_language(transcript.text)
    if language is None:
        return transcript
    said = tuple(_convert_utterance(one, language) for one in transcript.utterances)
    return replace(transcript, utterances=said)


def digits_in(text: str, language: str) -> str:
    """Return a text with its numbers as digits.

    Args:
        text: The text.
        language: "en", "de", "fr", "es" or "pt".
    """
    words = text.split()
    return " ".join(_joined(words, find_numbers(words, language)))


def _convert_utterance(utterance: Transcript, language: str) -> Transcript:
    texts = utterance.text.split()
    found = find_numbers(texts, language)
    if not found:
        return utterance
    text = " ".join(_joined(texts, found))
    if [word.text for word in utterance.words] != texts:
        return replace(utterance, text=text)
    words: list[Word] = []
    at = 0
    for one in found:
        words += utterance.words[at : one.start]
        first, last = utterance.words[one.start], utterance.words[one.end - 1]
        words.append(replace(first, text=one.text, end_s=last.end_s))
        at = one.end
    return replace(utterance, text=text, words=(*words, *utterance.words[at:]))


def _joined(words: Sequence[str], found: Sequence[Replacement]) -> Iterator[str]:
    at = 0
    for one in found:
        yield from words[at : one.start]
        yield one.text
        at = one.end
    yield from words[at:]


def find_numbers(words: Sequence[str], language: str) -> list[Replacement]:
    """Return the numbers to write as digits, in order."""
    try:
        from text_to_num import find_numbers as spoken_numbers
    except ImportError:  # it has no wheel for this computer
        return []
    tokens = [_Token(word) for word in words]
    spoken = [
        _Number(one.start, one.end, one.text, one.value, one.is_ordinal)
        for one in spoken_numbers(tokens, language, 0.0)
    ]
    return list(_Writer(tokens, spoken, LANGUAGES[language]).replacements())


class _Token:
    """A word without the marks around it."""

    def __init__(self, word: str) -> None:
        self.before, self.word, self.after = split_marks(word)

    def text(self) -> str:
        """Return the word for the parser of numbers."""
        return self.word

    def nt_separated(self, previous: _Token) -> bool:
        """Return whether a mark stands between this word and the one before it."""
        return bool(previous.after or self.before)

    def not_a_number_part(self) -> bool:
        """Return False: the parser decides."""
        return False

    @cached_property
    def lower(self) -> str:
        """The word in lower case."""
        return self.word.lower()


@dataclass(frozen=True, slots=True)
class _Number:
    start: int
    end: int
    text: str
    value: float
    is_ordinal: bool

    @property
    def is_whole(self) -> bool:
        return not self.is_ordinal and self.value == int(self.value)


class _Writer:
    """Decides how the numbers of one text are written."""

    def __init__(
        self, tokens: Sequence[_Token], numbers: Sequence[_Number], words: NumberWords
    ) -> None:
        self._tokens, self._numbers, self._language = tokens, numbers, words

    def replacements(self) -> Iterator[Replacement]:
        index = 0
        while index < len(self._numbers):
            number = self._numbers[index]
            following = self._numbers[index + 1] if index + 1 < len(self._numbers) else None
            if following is not None and (pair := self._pair(number, following)):
                yield pair
                index += 2
                continue
            if one := self._single(number):
                yield one
            index += 1

    def _pair(self, number: _Number, following: _Number) -> Replacement | None:
        """Return a year of two numbers or a time of day."""
        language = self._language
        if not number.is_whole or not following.is_whole:
            return None
        between = [one.lower for one in self._tokens[number.end : following.start]]
        has_mark = any(
            self._tokens[k].after or self._tokens[k + 1].before
            for k in range(number.start, following.end - 1)
        )
        hours, minutes = int(number.value), int(following.value)
        if has_mark or not 0 <= minutes <= 99:
            return None
        is_time = hours <= 24 and 0 <= minutes <= 59
        if between and " ".join(between) in language.hour_words and is_time:
            return self._made(number.start, following.end, language.time(hours, minutes))
        if between or not language.has_paired_years:
            return None
        after = self._word(following.end)
        if is_time and 1 <= hours <= 12 and minutes >= 10 and after in language.day_halves:
            return self._made(number.start, following.end, language.time(hours, minutes))
        if hours in _CENTURIES and minutes >= 10:
            return self._made(number.start, following.end, f"{hours}{minutes:02d}")
        return None

    def _single(self, number: _Number) -> Replacement | None:
        language = self._language
        last = self._tokens[number.end - 1].lower
        if last in language.scales:
            return self._scaled(number)
        after, text = self._word(number.end), self._grouped(number)
        is_followed = number.end < len(self._tokens) and not self._tokens[number.end - 1].after
        if number.is_ordinal:
            wanted = number.value > _LARGEST_WORD or self._is_beside_month(number)
        else:
            wanted = number.value > _LARGEST_WORD or not number.is_whole
            if is_followed and after in language.percent and number.is_whole | wanted:
                return self._made(number.start, number.end + 1, text + language.percent_sign)
            if is_followed and (sign := language.currencies.get(after)):
                return self._made(number.start, number.end + 1, language.money(text, sign))
            wanted |= is_followed and after in language.hour_words
            wanted |= language.has_cardinal_dates and self._is_beside_month(number)
        return self._made(number.start, number.end, text) if wanted else None

    def _scaled(self, number: _Number) -> Replacement | None:
        """Return "3 million" for three million; a scale alone stays a word."""
        from text_to_num import text2num

        head = [one.word for one in self._tokens[number.start : number.end - 1]]
        if not head or number.is_ordinal:
            return None
        try:
            value = text2num(" ".join(head), self._language.code)
        except ValueError:
            return None
        if int(value) == 1:
            return None
        return self._made(number.start, number.end - 1, str(int(value)))

    def _is_beside_month(self, number: _Number) -> bool:
        """Return whether a month follows, perhaps after "of"."""
        after = self._word(number.end)
        if after in self._language.of_words:
            return self._word(number.end + 1) in self._language.months
        return after in self._language.months - self._language.ambiguous_months

    def _grouped(self, number: _Number) -> str:
        if number.is_whole and number.value >= _LEAST_GROUPED:
            return f"{int(number.value):,}".replace(",", self._language.thousands_mark)
        return number.text

    def _word(self, place: int) -> str:
        return self._tokens[place].lower if place < len(self._tokens) else ""

    def _made(self, start: int, end: int, text: str) -> Replacement:
        return Replacement(
            start, end, f"{self._tokens[start].before}{text}{self._tokens[end - 1].after}"
        )
