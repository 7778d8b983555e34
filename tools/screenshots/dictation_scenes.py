"""Pictures of the dictation pad and of the tray's menu."""

from __future__ import annotations

from helpers.scripted_engine import INFO, final
from helpers.scripted_platform import FakePlatform
from PySide6.QtCore import QPoint
from scene import Photographer, Scene

from granite_live.gui.dictation.dictation import DictationState
from granite_live.messages.desktop import DesktopMessage
from granite_live.session import events

_SAID = ("Dear Anna,", "thank you for the apples, they were still warm from the sun.")


class PadScene(Scene):
    """A window with an open pad on a scripted platform."""

    def __init__(self, photographer: Photographer, **settings: object) -> None:
        self.platform = FakePlatform()
        super().__init__(photographer, means=self.platform.services, **settings)
        self.desk = self.application.auxiliary.dictation
        self.pad = self.desk.window
        self._said = 0

    def ready(self) -> None:
        """Open the pad and wait until it is ready."""
        self.open()
        self.desk.open()
        wait, session = self.photographer.wait, lambda: self.engine.sessions[-1]
        wait(lambda: self.engine.sessions and self.application.live.session_id)
        session().tell(events.ModelReady(0.2, INFO, 2, (), 0.1))
        wait(
            lambda: (
                self.desk.dictation.state is DictationState.READY and self.desk.dictation.is_loaded
            )
        )
        wait(lambda: self.desk.hotkey.keys and self.pad.target.text())

    def press(self) -> None:
        """Hold the key down."""
        self.platform.keys.press()
        self.photographer.wait(lambda: self.desk.dictation.state is DictationState.LISTENING)

    def say(self, *texts: str) -> None:
        """Dictate a text, and wait until it is delivered or refused."""
        for text in texts:
            self._said += 1
            self.engine.sessions[-1].tell(final(self._said, self._said * 4.0, text))
            known = len(self.desk.deliveries.texts.visible(99))
            self.photographer.wait(
                lambda known=known: (
                    len(self.desk.deliveries.texts.visible(99)) > known
                    and not self.desk.deliveries.is_waiting
                )
            )


def dictation(p: Photographer) -> None:
    """The pad: ready, during speech (light, dark, large), and after a window disappeared."""
    scene = PadScene(p)
    scene.ready()
    p.take(scene.pad, "dictation-ready")
    scene.close()
    for name, settings in (
        ("dictation-light", {}),
        ("dictation-dark", {"appearance": "dark"}),
        ("dictation-200", {"font_size_pt": 28}),
        ("dictation-german", {"language": "de"}),
    ):
        scene = PadScene(p, **settings)
        scene.ready()
        scene.press()
        scene.say(*_SAID)
        session = scene.engine.sessions[-1]
        session.tell(events.LevelMeasured(9.0, -18.0, -7.0, False))
        session.tell(events.DraftText(9.0, 3, 8.0, "the cake is in the oven and it", 5))
        p.wait(scene.pad.draft.isVisible)
        p.take(scene.pad, name)
        scene.platform.keys.release()
        scene.close()
    scene = PadScene(p, spoken_editing=True)
    scene.ready()
    scene.press()
    scene.say("Dear Anna.")
    scene.platform.sender.refusal = DesktopMessage.PASSWORD_FIELD(title="Letter - Writer")
    scene.say("Thank you for the apples.")
    scene.platform.sender.refusal = ""
    scene.say("See you soon.")
    session = scene.engine.sessions[-1]
    session.tell(
        final(4, 20.0, "Scratch that."),
        events.DeviceLost(21.0, "Headset", "Headset gives no sound any more: is it plugged in?"),
        events.StateChanged(21.0, "waiting", ""),
    )
    p.wait(lambda: scene.pad.message.isVisible() and scene.pad.problem.isVisible())
    p.take(scene.pad, "dictation-trouble")
    scene.platform.keys.release()
    scene.close()


def tray(p: Photographer) -> None:
    """The tray's menu during a session."""
    scene = Scene(p)
    scene.open()
    scene.listen(3)
    menu = scene.application.auxiliary.tray.menu
    menu.popup(scene.window.mapToGlobal(QPoint(40, 40)))
    p.take(menu, "tray-menu")
    menu.close()
    scene.close()
