"""Stored sessions as transcripts, which `granite_live.transcript.export` writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from granite_live.library.records import SavedSession, SavedUtterance, SourceKind
from granite_live.messages.library import LibraryMessage
from granite_live.transcript.model import (
    ModelInfo,
    RecordingTranscript,
    Track,
    Transcript,
    mean_confidence,
)


def side_name(session: SavedSession, track: int) -> str:
    """Return the message that names the unnamed speakers of a track, "" with a single source."""
    if session.source_kind is not SourceKind.MEETING:
        return ""
    return LibraryMessage.ME() if track == Track.MICROPHONE else LibraryMessage.OTHERS()


def to_recording(session: SavedSession, lines: Sequence[SavedUtterance]) -> RecordingTranscript:
    """Return the session as a transcript with the user's edits, without token ids and timings.

    Lines of a meeting whose speaker is not named have the message of `side_name`.
    """
    is_file = session.source_kind is SourceKind.FILE
    model = session.model or ModelInfo(
        session.model_path, session.tier or "", {}, ctc_blank=0, ctc_shift=0
    )
    return RecordingTranscript(
        audio_path=session.source if is_file else session.journal,
        duration_s=max([session.duration_s, *(line.end_s for line in lines)]),
        utterances=tuple(
            replace(to_transcript(line), speaker=line.speaker or side_name(session, line.track))
            for line in lines
        ),
        model=model,
        title=session.title if is_file else session.heading,
    )


def to_transcript(line: SavedUtterance) -> Transcript:
    """Return a line as it is displayed."""
    words = line.shown_words
    return Transcript(
        start_s=line.start_s,
        end_s=line.end_s,
        text=line.text,
        token_ids=(),
        words=words,
        confidence=mean_confidence(words) if line.is_edited else line.confidence,
        draft_text=line.draft_text,
        draft_token_ids=(),
        editor_skipped=None,
        editing_passes=None,
        track=line.track,
        speaker=line.speaker,
    )
