"""The download of the real model and the list of models: every state, light, dark and at 200 %."""

from __future__ import annotations

from helpers.scripted_inventory import GOOD, installed
from PySide6.QtWidgets import QMessageBox
from scene import Photographer, Scene

from granite_live.app.model_tasks import DownloadPhase, DownloadStatus

_HALF = DownloadStatus(DownloadPhase.DOWNLOADING, 1_250_000_000, 2_500_000_000, 11_400_000.0, 110.0)
_LOOKS: tuple[tuple[str, tuple[int, int], dict[str, object]], ...] = (
    ("", (1120, 720), {}),
    ("-dark", (1120, 720), {"appearance": "dark"}),
    ("-200", (1500, 1000), {"font_size_pt": 28}),
)


def model_offer(p: Photographer) -> None:
    """The offer of the real model, its download, and each possible end."""
    for suffix, size, settings in _LOOKS:
        _offer(p, suffix, Scene(p, size, is_new=True, **settings))


def model_list(p: Photographer) -> None:
    """All models, a check with its table, and the question before one is removed."""
    for suffix, size, settings in _LOOKS:
        _list(p, suffix, Scene(p, size, **settings))


def _offer(p: Photographer, suffix: str, scene: Scene) -> None:
    scene.engine.is_demo = True
    scene.open()
    offer, shelf = scene.window.session_view.offer, scene.engine.model_inventory
    p.wait(offer.isVisible)
    p.take(scene.window, f"model-offer{suffix}")
    offer.accept_button.click()
    p.wait(lambda: shelf.downloads)
    shelf.downloads[-1].tell(_HALF)
    p.take(scene.window, f"model-download{suffix}")
    offer.task.pause_button.click()
    p.take(scene.window, f"model-paused{suffix}")
    shelf.begun_bytes = _HALF.done_bytes
    shelf.downloads[-1].fail(
        "There is no connection to https://huggingface.co: connect this computer, then go on."
    )
    p.wait(offer.problem.isVisible)
    p.take(scene.window, f"model-failed{suffix}")
    scene.close()


def _list(p: Photographer, suffix: str, scene: Scene) -> None:
    shelf = scene.engine.model_inventory
    shelf.here = [installed(), installed("fp32", 9_800_000_000)]
    shelf.holds_checks = True
    scene.open()
    desk = scene.application.controller.models
    desk.open()
    dialog = desk.dialog
    p.wait(lambda: dialog.rows)
    p.take(dialog, f"models{suffix}")
    dialog.rows[0].check.click()
    p.wait(lambda: shelf.checks)
    shelf.checks[-1].tell(1_600_000_000, 2_500_000_000)
    p.take(dialog, f"models-checking{suffix}")
    shelf.checks[-1].end(GOOD)
    p.wait(dialog.verdict.isVisible)
    p.take(dialog, f"models-checked{suffix}")
    dialog.rows[1].remove.click()
    box = dialog.findChild(QMessageBox)
    p.take(box, f"models-remove{suffix}")
    box.reject()
    dialog.close()
    scene.close()
