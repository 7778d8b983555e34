"""A meeting with both sides, and the dialogs for dates, texts and folders, in both languages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from helpers.scripted_engine import INFO, final
from PySide6.QtCore import QPoint
from scene import Photographer, Scene

from granite_live.app.input_devices import AudioInput
from granite_live.app.text_alignment import AlignedText, UnspokenText, UnwrittenSpeech
from granite_live.session import events
from granite_live.transcript.model import RecordingTranscript, Track, Transcript, distribute_time

_INPUTS = (
    AudioInput("desk", "Desk microphone", is_system_sound=False, is_default=True),
    AudioInput("monitor", "Loudspeakers", is_system_sound=True, is_default=True),
)
_SAID = (
    (Track.MICROPHONE, 0.5, "Good morning, can everybody hear me?"),
    (Track.SYSTEM, 4.0, "Yes, we hear you well. Shall we begin with the numbers of last week?"),
    (Track.MICROPHONE, 11.0, "Of course. I share my screen."),
    (Track.SYSTEM, 15.0, "The second table is the one that we need."),
)
_LOOKS = (
    ("", (1120, 720), {}),
    ("-dark", (1120, 720), {"appearance": "dark"}),
    ("-german", (1120, 720), {"language": "de"}),
    ("-german-dark", (1120, 720), {"language": "de", "appearance": "dark"}),
    ("-german-200", (1500, 1000), {"language": "de", "font_size_pt": 28}),
)


def meeting(p: Photographer) -> None:
    """Both sides while listening and afterwards, and the choice of the inputs."""
    for suffix, size, settings in _LOOKS:
        scene = Scene(p, size, with_system_sound=True, **settings)
        scene.engine.known = _INPUTS
        scene.open()
        bar = scene.window.control_bar
        p.wait(lambda bar=bar: bar.picker.records_both)
        bar.toggle()
        p.wait(lambda scene=scene: scene.engine.sessions)
        session = scene.engine.sessions[-1]
        session.tell(events.StateChanged(0.1, "listening", "Listening to a script."))
        for number, (track, start_s, text) in enumerate(_SAID, start=1):
            session.tell(replace(final(number, start_s, text), track=track))
        session.tell(
            events.LevelMeasured(18.0, -34.0, -26.0, False),
            events.LevelMeasured(18.0, -17.0, -9.0, False, False, Track.SYSTEM),
        )
        p.wait(bar.meter.system.isVisible)
        p.take(scene.window, f"meeting{suffix}")
        menu = bar.picker.menu()
        menu.popup(scene.window.mapToGlobal(QPoint(40, 40)))
        p.take(menu, f"meeting-inputs{suffix}")
        menu.close()
        scene.stop()
        p.wait(scene.window.session_view.playback_bar.side.isVisible)
        p.take(scene.window, f"meeting-playback{suffix}")
        scene.window.actions_by_id["export"].trigger()
        dialog = scene.dialog()
        dialog.choose("vtt")
        p.take(dialog, f"meeting-export{suffix}")
        scene.close()


def _aligned() -> AlignedText:
    lines = [
        Transcript.of_words(distribute_time(text.split(), start_s, start_s + 3.0))
        for _, start_s, text in _SAID
    ]
    return AlignedText(
        RecordingTranscript("talk.mp3", 20.0, tuple(lines), INFO),
        (UnspokenText(14.0, "and the third table"),),
        (UnwrittenSpeech(7.5, 9.0, "one moment please"),),
    )


def tasks(p: Photographer) -> None:
    """The dialogs that align a text, watch a folder and choose days."""
    for suffix, size, settings in _LOOKS:
        scene = Scene(p, size, **settings)
        scene.open()
        controller = scene.application.controller
        aligning = controller.alignment.open()
        aligning.align(Path("/home/anna/talk.mp3"), Path("/home/anna/talk.txt"))
        task = scene.engine.alignments[-1]
        p.wait(task.began.is_set)
        task.report(0.4)
        p.take(aligning, f"align-running{suffix}")
        task.end(_aligned())
        p.wait(aligning.save_button.isEnabled)
        p.take(aligning, f"align{suffix}")
        aligning.close()
        watching = controller.watch.open()
        watching.folder.setText("/home/anna/Recordings")
        p.take(watching, f"watch{suffix}")
        watching.close()
        scene.window.sidebar.arrange_menu.ask_days()
        p.take(scene.dialog(), f"days{suffix}")
        scene.close()
