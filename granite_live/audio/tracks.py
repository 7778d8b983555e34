"""Choose which audio track of a file is transcribed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import av

from granite_live.messages import joined
from granite_live.messages.models import ModelMessage
from granite_live.messages.recording import RecordingMessage
from granite_live.util.errors import AudioError

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


_DISPOSITION = av.stream.Disposition
# Tracks that are not for listening to the recording: a director's commentary, a description of the
# picture for the blind, music and effects without voices. Integers, because a file may set bits
# that Python's Flag does not know.
_SECONDARY = (
    _DISPOSITION.comment
    | _DISPOSITION.visual_impaired
    | _DISPOSITION.descriptions
    | _DISPOSITION.clean_effects
    | _DISPOSITION.karaoke
).value
_DEFAULT = _DISPOSITION.default.value
# Files without flags have this in the title.
_SECONDARY_TITLES = ("comment", "kommentar", "descri", "audiodeskription")


@dataclass(frozen=True, slots=True)
class Track:
    """One audio track. `number` counts the audio tracks of the file from 1."""

    number: int
    index: int
    """The index among all streams of the container."""
    codec: str = ""
    """FFmpeg's name of the codec, "" if FFmpeg has no decoder for it."""
    language: str = ""
    """The tag in the file, "" if there is none."""
    title: str = ""
    is_default: bool = False
    is_secondary: bool = False
    """Whether it is a commentary, an audio description, or music without voices."""

    @property
    def is_decodable(self) -> bool:
        """Whether FFmpeg has a decoder."""
        return bool(self.codec)

    def __str__(self) -> str:
        """Return `2 (eng, "Interview", default)`."""
        title = f'"{self.title}"' if self.title else ""
        default = RecordingMessage.DEFAULT() if self.is_default else ""
        shown = joined(filter(None, (self.language, title, default)), ", ")
        return (
            ModelMessage.WITH_REASON(subject=self.number, reason=shown)
            if shown
            else str(self.number)
        )


def list_tracks(container: av.container.InputContainer) -> tuple[Track, ...]:
    """Return the audio tracks of an opened file, in its order."""
    return tuple(
        _track(number, stream) for number, stream in enumerate(container.streams.audio, start=1)
    )


def _track(number: int, stream: av.AudioStream) -> Track:
    # Unlike in PyAV's type hints, a track without a decoder has no context.
    context = getattr(stream, "codec_context", None)
    tags = {key.lower(): value for key, value in stream.metadata.items()}
    title = tags.get("title", "")
    disposition: Any = stream.disposition
    flags = int(getattr(disposition, "value", disposition))  # a plain number since PyAV 16
    language = tags.get("language", "")
    return Track(
        number=number,
        index=stream.index,
        codec="" if context is None else context.name,
        language=language if language_code(language) else "",
        title=title,
        is_default=bool(flags & _DEFAULT),
        is_secondary=bool(flags & _SECONDARY) or title.lower().startswith(_SECONDARY_TITLES),
    )


def parse_track_choice(text: str) -> int | str:
    """Return a track number from 1, or a language tag, from a user's input.

    Raises:
        ValueError: The text is neither.
    """
    text = text.strip()
    if text.isascii() and text.isdigit() and int(text) > 0:
        return int(text)
    if not text.replace("-", "").replace("_", "").isalpha() or not language_code(text):
        raise ValueError(f"{text!r} is neither a track number from 1 nor a language such as en")
    return text


def choose_track(
    name: str,
    tracks: Sequence[Track],
    choice: int | str | None = None,
    silent: Collection[int] = (),
) -> Track:
    """Return the track to transcribe.

    Args:
        name: The name of the file in messages.
        tracks: All audio tracks, at least one.
        choice: The user's choice: a number from 1 or a language tag.
        silent: The numbers of tracks without sound.

    Raises:
        AudioError: No track matches the choice, or no matching track can be decoded.
    """
    wanted = [track for track in tracks if _fits(track, choice)]
    if not wanted:
        kind = (
            RecordingMessage.NUMBERED(number=choice)
            if isinstance(choice, int)
            else RecordingMessage.IN_LANGUAGE(language=choice)
        )
        raise AudioError(
            RecordingMessage.NO_SUCH_TRACK(name=name, kind=kind, tracks=_list_all_tracks(tracks))
        )
    decodable = [track for track in wanted if track.is_decodable]
    if not decodable:
        if choice is None:
            raise AudioError(RecordingMessage.CODEC_UNKNOWN(name=name))
        track = wanted[0]
        raise AudioError(RecordingMessage.CODEC_OF_TRACK_UNKNOWN(name=name, track=track))
    return min(
        decodable,
        key=lambda track: (
            track.number in silent,
            track.is_secondary,
            not track.is_default,
            track.number,
        ),
    )


def choice_sentence(
    name: str, tracks: Sequence[Track], chosen: Track, silent: Collection[int]
) -> str:
    """Return a sentence on which of several tracks is transcribed, "" for one track."""
    if len(tracks) < 2:
        return ""
    others = [track for track in tracks if track is not chosen]
    undecodable = [track for track in others if not track.is_decodable]
    mute = [track for track in others if track.is_decodable and track.number in silent]
    audible = [track for track in others if track.is_decodable and track.number not in silent]
    parts = [RecordingMessage.TRACK_TAKEN(track=chosen, count=len(tracks))]
    if undecodable:
        parts.append(RecordingMessage.TRACK_UNDECODABLE(track=_list_tracks(undecodable)))
    if mute:
        named = _list_tracks(mute)
        parts.append(
            RecordingMessage.TRACK_SILENT(track=named)
            if len(mute) == 1
            else RecordingMessage.TRACKS_SILENT(tracks=named)
        )
    if audible:
        named = _list_tracks(audible)
        parts.append(
            RecordingMessage.TRACK_HAS_SOUND(track=named)
            if len(audible) == 1
            else RecordingMessage.TRACKS_HAVE_SOUND(tracks=named)
        )
    return RecordingMessage.NOTE(name=name, parts=joined(parts, "; "))


def _fits(track: Track, choice: int | str | None) -> bool:
    if choice is None:
        return True
    if isinstance(choice, int):
        return track.number == choice
    return bool(track.language) and language_code(track.language) == language_code(choice)


def _list_tracks(tracks: Sequence[Track]) -> str:
    named = joined(map(str, tracks), ", ")
    return (
        RecordingMessage.TRACK(track=named)
        if len(tracks) == 1
        else RecordingMessage.TRACKS(tracks=named)
    )


def _list_all_tracks(tracks: Iterable[Track]) -> str:
    return _list_tracks(tuple(tracks))
