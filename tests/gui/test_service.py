"""The switch of the service in the window: its addresses, and what watchers see."""

from __future__ import annotations

import http.client
import socket
import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from helpers.chromium import opened_page
from helpers.messages import shows
from helpers.scripted_engine import final
from helpers.waiting import WAIT_S
from helpers.window_driver import WindowDriver
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

from granite_live.gui.service.controller import ServiceController
from granite_live.gui.service.dialog import ServiceDialog, qr_pixmap
from granite_live.messages.control import ServerMessage

pytest.importorskip("starlette", reason="needs the extra 'server'")


@pytest.fixture
def port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        number: int = one.getsockname()[1]
        return number


@pytest.fixture
def service(driver: WindowDriver) -> ServiceController:
    return driver.application.controller.service


@pytest.fixture
def dialog(driver: WindowDriver, service: ServiceController, port: int) -> Iterator[ServiceDialog]:
    driver.application.preferences.change(serve_port=port)
    made = ServiceDialog(
        service, driver.application.preferences, lambda: "127.0.0.2", driver.window
    )
    made.show()
    yield made
    made.close()
    made.deleteLater()


def test_it_is_off_until_it_is_switched_on(
    driver: WindowDriver, service: ServiceController, dialog: ServiceDialog, port: int
) -> None:
    assert not service.address
    assert not dialog.captions.isEnabled()
    dialog.is_on.click()
    driver.until(lambda: service.address)
    assert dialog.captions.field.text() == f"http://127.0.0.1:{port}/captions?token={service.token}"
    dialog.captions.copy.click()
    assert QGuiApplication.clipboard().text() == dialog.captions.field.text()
    assert Path(dialog.token.field.text()).read_text().strip() == service.token
    dialog.is_on.click()
    driver.until(lambda: not service.address)
    assert driver.application.background.join(WAIT_S)
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        pass


def test_a_taken_port_is_a_sentence(
    driver: WindowDriver, service: ServiceController, dialog: ServiceDialog, port: int
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        dialog.is_on.click()
        driver.until(lambda: service.problem)
    assert shows(dialog.problem.text(), ServerMessage.PORT_UNUSABLE)
    assert not service.address


def test_watchers_see_the_session_of_the_window(
    driver: WindowDriver, service: ServiceController, dialog: ServiceDialog, port: int
) -> None:
    dialog.is_on.click()
    driver.until(lambda: service.address)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_S)
    with closing(connection):
        connection.request("GET", f"/v1/live/events?token={service.token}")
        with connection.getresponse() as response:
            assert response.readline() == b": watching\n"
            driver.until(lambda: service.watchers)
            assert "this computer" in dialog.watchers.text()
            session = driver.start()
            driver.say(session, final(1, 0.0, "It rains."))
            while b"It rains." not in (line := response.readline()):
                assert line


def test_sharing_asks_first(
    driver: WindowDriver, service: ServiceController, dialog: ServiceDialog
) -> None:
    dialog.is_on.click()
    driver.until(lambda: service.address)
    for answer in (QMessageBox.ButtonRole.RejectRole, QMessageBox.ButtonRole.AcceptRole):
        assert service.share is None
        assert dialog.qr_code.isHidden()
        dialog.share_button.click()
        box = dialog.findChild(QMessageBox)
        assert box is not None
        assert "127.0.0.2" in box.informativeText()
        (button,) = [one for one in box.buttons() if box.buttonRole(one) is answer]
        button.click()
        box.setParent(None)
        box.deleteLater()
    driver.until(lambda: service.share)
    assert service.share is not None
    assert dialog.phone.field.text() == service.share.url
    assert not dialog.qr_code.isHidden()
    assert dialog.qr_code.pixmap().toImage() == qr_pixmap(service.share.url, 4).toImage()
    dialog.share_button.click()
    assert service.share is None
    assert dialog.qr_code.isHidden()


def test_chromium_shows_the_captions_within_a_tenth_of_a_second_of_the_window(
    driver: WindowDriver, service: ServiceController, dialog: ServiceDialog, tmp_path: Path
) -> None:
    dialog.is_on.click()
    driver.until(lambda: service.address)
    session = driver.start()
    with opened_page(tmp_path / "profile", f"{service.captions_url}&keep=0&lines=20") as page:
        page.wait_for("document.body && document.body.dataset.connected === 'yes'")
        page.run(
            "window.seen = {}; new MutationObserver(() => document.querySelectorAll('#captions p')"
            ".forEach(one => window.seen[one.textContent] ??= Date.now()))"
            ".observe(document.getElementById('captions'), { childList: true, subtree: true })"
        )
        shown_s = {}
        for number in range(1, 21):
            text = f"This is sentence number {number}."
            driver.say(session, final(number, number * 3.0, text))
            shown_s[text] = time.time()
        page.wait_for(f"{len(shown_s)} <= document.querySelectorAll('#captions p').length")
        seen_ms = page.run("window.seen")
    later_s = [seen_ms[text] / 1000 - at_s for text, at_s in shown_s.items()]
    assert statistics.median(later_s) < 0.1, later_s
