"""The caption page of the service in a real Chromium."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from helpers.chromium import Page, opened_page
from helpers.served import Served, running_service

from granite_live.audio.files import read_audio
from granite_live.util import paths
from granite_live.util.pcm import to_int16

SAMPLE = paths.assets_dir() / "samples" / "welcome.flac"
LINES = "[...document.querySelectorAll('#captions p')].map(one => one.textContent)"
SPOKEN = "[...document.querySelectorAll('#spoken p')].map(one => one.textContent)"
CONNECTED = "document.body && document.body.dataset.connected === 'yes'"

Open = Callable[[str], AbstractContextManager[Page]]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with running_service(tmp_path / "home") as service:
        yield service


@pytest.fixture
def open_captions(served: Served, tmp_path: Path) -> Open:
    def open_page(query: str) -> AbstractContextManager[Page]:
        address = f"http://127.0.0.1:{served.port}/captions?token={served.token}&{query}"
        return opened_page(tmp_path / f"profile-{time.monotonic_ns()}", address)

    return open_page


def speak(served: Served) -> None:
    """Send the sample as live sound until all of it has its text."""
    client = pytest.importorskip("websockets.sync.client")
    sound = to_int16(read_audio(SAMPLE, 16_000)).tobytes()
    with client.connect(f"ws://127.0.0.1:{served.port}/v1/live?token={served.token}") as socket:
        for at in range(0, len(sound), 32_000):
            socket.send(sound[at : at + 32_000])
        socket.send("end")
        assert list(socket)


def test_words_appear_while_they_are_spoken_and_for_whoever_comes_later(
    served: Served, open_captions: Open, tmp_path: Path
) -> None:
    with open_captions("lines=2&keep=0&dir=rtl&size=50&color=%23ffff00") as page:
        page.wait_for(CONNECTED)
        speak(served)
        page.wait_for(f"{SPOKEN}.length === 4")
        shown, spoken = page.run(LINES), page.run(SPOKEN)
        assert shown == spoken[-2:]
        assert "window" in spoken[0]
        assert page.run("document.getElementById('captions').dir") == "rtl"
        assert page.run("getComputedStyle(document.querySelector('#captions p')).fontSize") == (
            "50px"
        )
        page.save_picture(tmp_path / "captions.png")
    with open_captions("after=0&lines=4&keep=0&background=%23000000c0") as page:
        page.wait_for(f"{SPOKEN}.length === 4")
        assert page.run(LINES) == spoken
        page.save_picture(tmp_path / "later.png")


@pytest.mark.soak
def test_lines_go_after_they_were_read(served: Served, open_captions: Open) -> None:
    with open_captions("after=0&keep=1") as page:
        page.wait_for(CONNECTED)
        speak(served)
        page.wait_for(f"{SPOKEN}.length === 4")
        page.wait_for(f"{LINES}.length === 0")


def test_the_page_connects_again_after_a_restart(
    served: Served, open_captions: Open, tmp_path: Path
) -> None:
    with open_captions("lines=9&keep=0") as page:
        page.wait_for(CONNECTED)
        speak(served)
        page.wait_for(f"{SPOKEN}.length === 4")
        assert served.stop() == 0
        page.wait_for("!document.getElementById('state').hidden")
        with running_service(tmp_path / "home", "--port", str(served.port)) as again:
            page.wait_for(CONNECTED)
            speak(again)
            page.wait_for(f"{SPOKEN}.length === 8")


def test_the_settings_make_an_address(served: Served, open_captions: Open) -> None:
    with open_captions("settings") as page:
        page.wait_for("document.readyState === 'complete'")
        page.run(
            "document.querySelector('[name=size]').value = 77;"
            "document.querySelector('form').dispatchEvent(new Event('input'))"
        )
        address = page.run("document.getElementById('address').value")
        assert "size=77" in address
        assert f"token={served.token}" in address


def test_the_page_asks_no_one_else() -> None:
    page = (Path(paths.__file__).parents[1] / "server" / "captions.html").read_text("utf-8")
    assert not re.findall(r"https?://|src=|@import|url\(", page)
