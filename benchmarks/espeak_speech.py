"""Synthetic speech of eSpeak NG, with the time of each word.

Needs the package espeakng-loader, which has the library and its data.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

_SYNCHRONOUS = 2
_PHONEME_EVENTS = 1
_UTF8 = 1
_RATE_PARAMETER = 1
_LIST_ENDED, _WORD, _PHONEME = 0, 1, 7
_CHUNK_MS = 200


@dataclass(frozen=True)
class SpokenWord:
    """A word and when it is said [seconds]."""

    text: str
    start_s: float
    end_s: float


class _Id(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    ]


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


class Espeak:
    """The synthesizer. One at a time in a process.

    Raises:
        ImportError: The package espeakng-loader is missing.
    """

    def __init__(self) -> None:
        import espeakng_loader

        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        self.rate_hz = self._library.espeak_Initialize(
            _SYNCHRONOUS, _CHUNK_MS, data, _PHONEME_EVENTS
        )
        if self.rate_hz <= 0:
            raise RuntimeError(f"eSpeak NG does not start with the data in {data!r}.")
        self._sound: list[NDArray[np.int16]] = []
        self._events: list[tuple[int, int, int, int, bytes]] = []
        # Kept, because the library calls it later.
        self._callback = _Callback(self._receive)
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(
        self, text: str, voice: str, words_per_minute: int
    ) -> tuple[NDArray[np.float32], list[SpokenWord]]:
        """Return a sentence at `rate_hz` without silence at its ends, and its words.

        A word ends where the next one or a pause begins.
        """
        self._sound, self._events = [], []
        if self._library.espeak_SetVoiceByName(voice.encode()):
            raise RuntimeError(f"eSpeak NG has no voice {voice!r}.")
        self._library.espeak_SetParameter(_RATE_PARAMETER, words_per_minute, 0)
        encoded = text.encode()
        self._library.espeak_Synth(
            encoded, ctypes.c_size_t(len(encoded) + 1), 0, 1, 0, _UTF8, None, None
        )
        sound = np.concatenate(self._sound).astype(np.float32) / 32768.0
        return self._trimmed(sound, self._words(text, len(sound)))

    def _receive(self, samples: object, count: int, events: object) -> int:
        if samples and count:
            view = np.ctypeslib.as_array(samples, shape=(count,))  # type: ignore[arg-type]
            self._sound.append(view.copy())
        number = 0
        while (event := events[number]).type != _LIST_ENDED:  # type: ignore[index]
            kept = (event.type, event.text_position, event.length, event.sample, event.id.string)
            self._events.append(kept)
            number += 1
        return 0

    def _words(self, text: str, length: int) -> list[SpokenWord]:
        """Return the words of the text whose start and end are known.

        The synthesizer says phrases such as "of the" as a unit and tells only its start, so the
        words of such a phrase are left out.
        """
        places = []
        at = 0
        for word in text.split():
            first = text.index(word, at)
            at = first + len(word)
            places.append((word, first, at))
        starts: list[int | None] = [None] * len(places)
        phonemes = []
        for kind, position, _, sample, name in self._events:
            if kind == _WORD:
                index = next((k for k, one in enumerate(places) if position - 1 < one[2]), None)
                if index is not None and starts[index] is None:
                    starts[index] = sample
            elif kind == _PHONEME:
                phonemes.append((sample, not name or name.startswith(b"_")))
        known = [(k, start) for k, start in enumerate(starts) if start is not None]
        found = []
        for place, (k, start) in enumerate(known):
            is_last = place + 1 == len(known)
            if (len(places) if is_last else known[place + 1][0]) != k + 1:
                continue
            limit = known[place + 1][1] if place + 1 < len(known) else length
            end = limit
            for sample, is_pause in reversed(phonemes):
                if sample < limit:
                    if not is_pause or sample <= start:
                        break
                    end = sample
            found.append(SpokenWord(places[k][0], start / self.rate_hz, end / self.rate_hz))
        return found

    def _trimmed(
        self, sound: NDArray[np.float32], words: list[SpokenWord]
    ) -> tuple[NDArray[np.float32], list[SpokenWord]]:
        loud = np.flatnonzero(np.abs(sound) > 0.003)
        first, last = int(loud[0]), int(loud[-1]) + 1
        move = partial(_moved, by_s=-first / self.rate_hz, end_s=(last - first) / self.rate_hz)
        return sound[first:last], list(map(move, words))


def _moved(word: SpokenWord, by_s: float, end_s: float) -> SpokenWord:
    start, end = (min(max(0.0, edge_s + by_s), end_s) for edge_s in (word.start_s, word.end_s))
    return SpokenWord(word.text, start, end)
