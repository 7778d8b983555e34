"""Converts a stored session to the transcript that the export writers take."""

from __future__ import annotations

from collections.abc import Sequence

from granite_live.library.records import Session, SourceKind, Utterance
from granite_live.transcript.model import (
    ModelInfo,
    RecordingTranscript,
    Transcript,
    mean_confidence,
)


def recording_of(session: Session, lines: Sequence[Utterance]) -> RecordingTranscript:
    """Return the session as a transcript with the user's edits, without token ids and timings."""
    is_file = session.source_kind is SourceKind.FILE
    model = session.model or ModelInfo(
        session.model_path, session.tier or "", {}, ctc_blank=0, ctc_shift=0
    )
    return RecordingTranscript(
        audio_path=session.source if is_file else session.journal,
        duration_s=max([session.duration_s, *(line.end_s for line in lines)]),
        utterances=tuple(map(transcript_of, lines)),
        model=model,
        title=session.title,
    )


def transcript_of(line: Utterance) -> Transcript:
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
    )
