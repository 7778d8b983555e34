"""Sentences for the user about events and states."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from granite_live.gui.live_session import Activity
from granite_live.gui.messages import in_words
from granite_live.messages import as_clause, joined, without
from granite_live.session import events
from granite_live.transcript.model import ModelInfo

_PLACES = {"CPU": "CPU", "CUDA": "CUDA", "CoreML": "CoreML", "Dml": "DirectML"}


def activity(what: Activity) -> str:
    """Return the sentence for an activity while there is no session state."""
    return {
        Activity.IDLE: QCoreApplication.translate("Words", "Ready"),
        Activity.STARTING: QCoreApplication.translate("Words", "Opening the input…"),
        Activity.RUNNING: QCoreApplication.translate("Words", "Waiting for the input…"),
        Activity.PAUSED: QCoreApplication.translate("Words", "Paused. Nothing is recorded."),
        Activity.STOPPING: QCoreApplication.translate("Words", "Finishing what was said…"),
    }[what]


def state(event: events.StateChanged, *, is_loaded: bool, told: str = "") -> str:
    """Return a short sentence for a session's state; `told` is a reason shown elsewhere."""
    match event.state:
        case "waiting" if told and event.detail == told:
            return activity(Activity.RUNNING)
        case "listening" if not is_loaded:
            return QCoreApplication.translate("Words", "Listening. The model is loading…")
        case "listening":
            return QCoreApplication.translate("Words", "Listening")
        case "catching_up":
            return QCoreApplication.translate("Words", "Listening. The text is catching up…")
        case "paused":
            return activity(Activity.PAUSED)
        case "stopping":
            return activity(Activity.STOPPING)
        case "recording_only":
            return QCoreApplication.translate("Words", "Recording without text")
    return in_words(event.detail)


def model_line(model: ModelInfo, threads: int) -> str:
    """Return the model's tier, device and threads, such as "int8 on CPU, 2 threads"."""
    places = [name.removesuffix("ExecutionProvider") for name in model.providers.values()]
    where = ", ".join(_PLACES.get(place, place) for place in dict.fromkeys(places)) or "?"
    if threads == 1:
        text = QCoreApplication.translate("Words", "{0} on {1}, 1 thread")
        return text.format(model.tier, where)
    text = QCoreApplication.translate("Words", "{0} on {1}, {2} threads")
    return text.format(model.tier, where, threads)


def trouble(event: events.SessionEvent) -> str:
    """Return the problem that an event reports, "" for none."""
    translate = QCoreApplication.translate
    match event:
        case events.DeviceLost(device=device, reason=reason):
            return in_words(reason) or translate("Words", "{0} gives no sound.").format(device)
        case events.WorkerRestarted(reason=reason):
            text = translate("Words", "The recogniser was started again ({0}). Nothing is lost.")
            return text.format(in_words(as_clause(reason)))
        case events.ModelRejected(reason=reason):
            text = translate("Words", "The other model cannot be used ({0}). This one goes on.")
            return text.format(in_words(as_clause(reason)))
        case (
            events.DiskChanged(detail=detail)
            | events.AudioGap(detail=detail)
            | events.PartFailed(detail=detail)
        ):
            return in_words(detail)
        case events.StateChanged(state="recording_only", detail=detail):
            return in_words(detail)
        case events.StateChanged(state="stopping", detail=detail):
            return in_words(without(detail, events.STOPPING_SENTENCE))
        case events.ModelReady(notes=notes):
            return in_words(joined(notes))
        case events.SessionClosed():
            return _lost(event)
    return ""


def _lost(event: events.SessionClosed) -> str:
    """Return what a session has lost, "" for nothing."""
    translate = QCoreApplication.translate
    number = QLocale().toString
    found = []
    if event.samples_lost:
        text = translate("Words", "{0} s of sound were lost{1}.")
        found.append(text.format(number(event.samples_lost / 16000, "f", 1), _where(event)))
    if event.texts_lost:
        text = translate("Words", "{0} texts could not be written to the disk.")
        found.append(text.format(number(event.texts_lost)))
    if event.needs_recovery and not event.failed:
        text = translate("Words", "The session is not finished: recover it when the disk has room.")
        found.append(text)
    return " ".join(found)


def _where(event: events.SessionClosed) -> str:
    """Return the first lost stretches, to follow their sum."""
    translate = QCoreApplication.translate
    number = QLocale().toString
    found = []
    for one in event.lost[:3]:
        start_s, end_s = number(one.start_s, "f", 1), number(one.end_s, "f", 1)
        if one.reason == "disk":
            text = translate("Words", "from {0} s to {1} s, because the disk took no more")
        elif one.reason == "suspended":
            text = translate(
                "Words", "at {0} s, because the program was stopped or the computer too busy"
            )
        else:
            text = translate("Words", "at {0} s, because the computer was too busy")
        found.append(text.format(start_s, end_s))
    if len(event.lost) > len(found):
        found.append("…")
    return "".join(f"; {one}" for one in found)
