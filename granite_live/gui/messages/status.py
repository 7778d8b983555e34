"""Sentences for the user about events and states."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from granite_live.gui.live_session import SessionActivity
from granite_live.gui.messages import translate_message
from granite_live.messages import Message, MessageCode, as_clause, joined, without
from granite_live.messages.audio import AudioMessage
from granite_live.messages.session import SessionMessage
from granite_live.session import events
from granite_live.transcript.model import ModelInfo

_PLACES = {"CPU": "CPU", "CUDA": "CUDA", "CoreML": "CoreML", "Dml": "DirectML"}


def activity(what: SessionActivity) -> str:
    """Return the sentence for an activity while there is no session state."""
    return {
        SessionActivity.IDLE: QCoreApplication.translate("Words", "Ready"),
        SessionActivity.STARTING: QCoreApplication.translate("Words", "Starting the microphone…"),
        SessionActivity.RUNNING: QCoreApplication.translate("Words", "Waiting for the microphone…"),
        SessionActivity.PAUSED: QCoreApplication.translate("Words", "Paused, not recording"),
        SessionActivity.STANDBY: QCoreApplication.translate(
            "Words", "Ready. The microphone stays open for dictation, not recording."
        ),
        SessionActivity.STOPPING: QCoreApplication.translate("Words", "Finishing up…"),
    }[what]


def state(
    event: events.StateChanged, *, is_loaded: bool, has_heard: bool = True, shown_reason: str = ""
) -> str:
    """Return a short sentence for a session's state.

    Args:
        event: The state.
        is_loaded: Whether the model is loaded.
        has_heard: Whether sound has arrived before in this session.
        shown_reason: A reason that is shown elsewhere.
    """
    match event.state:
        case "waiting" if not has_heard and _is(event.detail, SessionMessage.WAITING_FOR):
            return activity(SessionActivity.STARTING)
        case "waiting" if shown_reason and event.detail == shown_reason:
            return activity(SessionActivity.RUNNING)
        case "listening" if not is_loaded:
            return QCoreApplication.translate("Words", "Listening. The model is loading…")
        case "listening":
            return QCoreApplication.translate("Words", "Listening")
        case "catching_up":
            return QCoreApplication.translate("Words", "Listening (catching up…)")
        case "paused":
            return activity(SessionActivity.PAUSED)
        case "stopping":
            return activity(SessionActivity.STOPPING)
        case "recording_only":
            return QCoreApplication.translate("Words", "Recording only, not transcribing")
    return translate_message(event.detail)


def model_line(model: ModelInfo, threads: int) -> str:
    """Return the model's tier, device and threads, such as "int8 on CPU, 2 threads"."""
    places = [name.removesuffix("ExecutionProvider") for name in model.providers.values()]
    where = ", ".join(_PLACES.get(place, place) for place in dict.fromkeys(places)) or "?"
    if threads == 1:
        text = QCoreApplication.translate("Words", "{0} on {1}, 1 thread")
        return text.format(model.tier, where)
    text = QCoreApplication.translate("Words", "{0} on {1}, {2} threads")
    return text.format(model.tier, where, threads)


def problem(event: events.SessionEvent) -> str:
    """Return the problem that an event reports, "" for none."""
    translate = QCoreApplication.translate
    match event:
        case events.DeviceLost(device=device, reason=reason):
            return translate_message(reason) or translate("Words", "No sound from {0}.").format(
                device
            )
        case events.WorkerRestarted(reason=reason):
            text = translate("Words", "The recognizer was restarted ({0}). No speech was lost.")
            return text.format(translate_message(as_clause(reason)))
        case events.ModelRejected(reason=reason):
            text = translate(
                "Words", "The other model cannot be used ({0}). The current model stays in use."
            )
            return text.format(translate_message(as_clause(reason)))
        case (
            events.DiskChanged(detail=detail)
            | events.AudioGap(detail=detail)
            | events.PartFailed(detail=detail)
        ):
            return translate_message(detail)
        case events.StateChanged(state="recording_only", detail=detail):
            return translate_message(detail)
        case events.StateChanged(state="stopping", detail=detail):
            return translate_message(without(detail, events.STOPPING_SENTENCE))
        case events.ModelReady(notes=notes):
            return translate_message(joined(notes))
        case events.SessionClosed():
            return _loss_sentence(event)
    return ""


def is_silence(reason: str) -> bool:
    """Return whether a device was reported only because it delivers zeros."""
    return _is(reason, AudioMessage.ONLY_ZEROS, AudioMessage.MUTED)


def _is(sentence: str, *wanted: MessageCode) -> bool:
    return isinstance(sentence, Message) and sentence.code in {one.code for one in wanted}


def _loss_sentence(event: events.SessionClosed) -> str:
    """Return what a session has lost, "" for nothing."""
    translate = QCoreApplication.translate
    number = QLocale().toString
    found = []
    if event.samples_lost:
        text = translate("Words", "{0} s of sound were lost{1}.")
        found.append(
            text.format(number(event.samples_lost / 16000, "f", 1), _loss_positions(event))
        )
    if event.texts_lost:
        text = translate("Words", "{0} texts could not be written to the disk.")
        found.append(text.format(number(event.texts_lost)))
    if event.needs_recovery and not event.failed:
        text = translate(
            "Words", "The session is unfinished: recover it when the disk has free space."
        )
        found.append(text)
    return " ".join(found)


def _loss_positions(event: events.SessionClosed) -> str:
    """Return the first lost stretches, to follow their sum."""
    translate = QCoreApplication.translate
    number = QLocale().toString
    found = []
    for one in event.lost[:3]:
        start_s, end_s = number(one.start_s, "f", 1), number(one.end_s, "f", 1)
        if one.reason == "disk":
            text = translate("Words", "from {0} s to {1} s, because the disk accepted no more data")
        elif one.reason == "suspended":
            text = translate(
                "Words", "at {0} s, because the program was suspended or the computer was too busy"
            )
        else:
            text = translate("Words", "at {0} s, because the computer was too busy")
        found.append(text.format(start_s, end_s))
    if len(event.lost) > len(found):
        found.append("…")
    return "".join(f"; {one}" for one in found)
