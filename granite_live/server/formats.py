"""Transcripts in the forms of OpenAI's API, at once or while they are made."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from typing import Any

from granite_live.server.guard import ApiError
from granite_live.server.upload import Upload
from granite_live.transcript.export import render
from granite_live.transcript.model import RecordingTranscript

FORMATS = ("json", "text", "srt", "verbose_json", "vtt")
GRANULARITIES = ("segment", "word")
_LEAST = 1e-6


def checked_parameters(form: Upload) -> tuple[str, frozenset[str]]:
    """Return the response format and the granularities of a request.

    `model` must be there, but there is only one; `language`, `prompt` and what OpenAI may add are
    passed over.

    Raises:
        ApiError: A parameter is missing or wrong.
    """
    if form.file is None:
        raise _wrong("file", "The field 'file' is missing.")
    if not form.field("model"):
        raise _wrong("model", "The field 'model' is missing.")
    wanted = form.field("response_format") or "json"
    if wanted not in FORMATS:
        raise _wrong(
            "response_format", f"'{wanted[:40]}' is not one of the formats {', '.join(FORMATS)}."
        )
    _check_temperature(form.field("temperature"))
    name = "timestamp_granularities"
    granularities = [*form.fields.get(f"{name}[]", []), *form.fields.get(name, [])]
    for one in granularities:
        if one not in GRANULARITIES:
            raise _wrong(f"{name}[]", f"'{one[:40]}' is neither 'word' nor 'segment'.")
    if granularities and wanted != "verbose_json":
        raise _wrong(f"{name}[]", "Timestamps need the response_format 'verbose_json'.")
    return wanted, frozenset(granularities or ["segment"])


def _check_temperature(text: str | None) -> None:
    try:
        value = float(text or 0)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise _wrong("temperature", "'temperature' is not a number from 0 to 1.")


def _wrong(param: str, message: str) -> ApiError:
    return ApiError(400, message, code="invalid_value", param=param)


def text_of(transcript: RecordingTranscript, wanted: str) -> str:
    """Return the transcript as text, srt or vtt."""
    return f"{transcript.text}\n" if wanted == "text" else render(transcript, wanted)


def json_of(
    transcript: RecordingTranscript, wanted: str, granularities: frozenset[str], language: str
) -> dict[str, Any]:
    """Return the transcript as json or verbose_json.

    Segments are utterances. `confidence` (0..1) is an addition; `avg_logprob` is its logarithm.
    """
    if wanted == "json":
        return {"text": transcript.text}
    found: dict[str, Any] = {
        "task": "transcribe",
        "language": language,
        "duration": round(transcript.duration_s, 3),
        "text": transcript.text,
    }
    spoken = [one for one in transcript.utterances if one.text]
    if "segment" in granularities:
        found["segments"] = [
            {
                "id": number,
                "seek": 0,
                "start": round(one.start_s, 3),
                "end": round(one.end_s, 3),
                "text": one.text,
                "tokens": list(one.token_ids),
                "temperature": 0.0,
                "avg_logprob": round(math.log(max(_LEAST, one.confidence)), 4),
                "compression_ratio": 1.0,
                "no_speech_prob": 0.0,
                "confidence": round(one.confidence, 4),
            }
            for number, one in enumerate(spoken)
        ]
    if "word" in granularities:
        found["words"] = [
            {
                "word": word.text,
                "start": round(word.start_s, 3),
                "end": round(word.end_s, 3),
                "confidence": round(word.confidence, 4),
            }
            for one in spoken
            for word in one.words
        ]
    return found


class TextStream:
    """Passes texts from a job's thread to the event loop.

    Texts that a slow client has not taken yet are joined to one, so that never more waits than the
    whole text of the recording.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._has_news = asyncio.Event()
        self._texts: list[str] = []
        self._last: dict[str, Any] | None = None

    def add(self, text: str) -> None:
        """Add an utterance's text, from any thread."""
        self._loop.call_soon_threadsafe(self._add, text)

    def end(self, last: dict[str, Any]) -> None:
        """End the stream with an event. For the event loop's thread."""
        self._last = last
        self._has_news.set()

    async def events(self) -> AsyncIterator[dict[str, Any]]:
        """Yield the new text as events of OpenAI's API, then the last event."""
        separator = ""
        while True:
            await self._has_news.wait()
            self._has_news.clear()
            texts, self._texts = self._texts, []
            if texts:
                delta = separator + " ".join(texts)
                yield {"type": "transcript.text.delta", "delta": delta}
                separator = " "
            if self._last is not None and not self._texts:
                yield self._last
                return

    def _add(self, text: str) -> None:
        self._texts.append(text)
        self._has_news.set()
