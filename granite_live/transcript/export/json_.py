"""Write a transcript with all its data as one JSON object on one line."""

from __future__ import annotations

import json
from typing import Any

from granite_live.transcript.export.options import DEFAULT_OPTIONS, ExportOptions
from granite_live.transcript.model import (
    AudioSelection,
    ModelInfo,
    RecordingTranscript,
    Transcript,
    Word,
)

VERSION = 1
"""Changes when a member is removed or changes its meaning, not when one is added.

docs/transcript.schema.json describes the members.
"""

_GRAPHS = ("encoder", "embed_tokens", "editor")


def write_json(transcript: RecordingTranscript, _options: ExportOptions = DEFAULT_OPTIONS) -> str:
    """Return one JSON object and a line feed; several form a JSON Lines file.

    Times are seconds with three decimals; confidences have four.
    """
    data = {
        "version": VERSION,
        "audio": {
            "path": transcript.audio_path,
            "duration_s": _s(transcript.duration_s),
            **_sound(transcript.sound),
        },
        "bundle": _bundle(transcript.model),
        "text": transcript.text,
        "utterances": [_utterance(utterance) for utterance in transcript.utterances],
        "timing": _timing(transcript),
    }
    return json.dumps(data, ensure_ascii=False, allow_nan=False) + "\n"


def _sound(sound: AudioSelection | None) -> dict[str, Any]:
    if sound is None:
        return {}
    return {
        "track": {
            "number": sound.track,
            "count": sound.tracks,
            "language": sound.language or None,
        },
        "channels": [
            {"start_s": _s(use.start_s), "used": list(use.used), "of": list(use.of)}
            for use in sound.channels
        ],
    }


def _bundle(model: ModelInfo) -> dict[str, Any]:
    return {
        "path": model.path,
        "tier": model.tier,
        "providers": {graph: model.providers.get(graph) for graph in _GRAPHS},
        "ctc": {"blank": model.ctc_blank, "shift": model.ctc_shift},
    }


def _utterance(utterance: Transcript) -> dict[str, Any]:
    return {
        "start_s": _s(utterance.start_s),
        "end_s": _s(utterance.end_s),
        "text": utterance.text,
        "draft_text": utterance.draft_text,
        "token_ids": list(utterance.token_ids),
        "draft_token_ids": list(utterance.draft_token_ids),
        "confidence": round(utterance.confidence, 4),
        "words": [_word(word) for word in utterance.words],
        "editor_skipped": utterance.editor_skipped,
        "editing_passes": utterance.editing_passes,
        "track": utterance.track,
        "speaker": utterance.speaker or None,
    }


def _word(word: Word) -> dict[str, Any]:
    return {
        "text": word.text,
        "start_s": _s(word.start_s),
        "end_s": _s(word.end_s),
        "confidence": round(word.confidence, 4),
        "draft": word.draft,
        "replaced": word.replaced,
    }


def _timing(transcript: RecordingTranscript) -> dict[str, float]:
    timing = transcript.timing
    return {
        "load_s": _s(transcript.load_s),
        "features_s": _s(timing.features_s),
        "encoder_s": _s(timing.encoder_s),
        "editor_s": _s(timing.editor_s),
        "total_s": _s(timing.total_s),
        "real_time_factor": round(transcript.real_time_factor, 4),
    }


def _s(time_s: float) -> float:
    return round(float(time_s), 3)
