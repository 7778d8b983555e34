"""A real Chromium without a screen, controlled through its DevTools protocol."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from helpers.waiting import WAIT_S, changes_in, until

BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or ""


class Page:
    """The open page."""

    def __init__(self, socket: Any) -> None:
        self._socket, self._number = socket, 0

    def open(self, address: str) -> None:
        """Go to an address; return when its document replaces the present one."""
        found = self._call("Page.navigate", url=address)
        assert "errorText" not in found, found

    def run(self, script: str) -> Any:
        """Return the value of a script; it waits for promises."""
        found = self._call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def wait_for(self, condition: str) -> None:
        """Wait until a script's value is true, looked at whenever the page changes."""
        self.run(
            f"new Promise(done => {{ const look = () => {{ if ({condition}) {{ done(true);"
            f" watching.disconnect(); }} }};"
            f"const watching = new MutationObserver(look); watching.observe(document,"
            f" {{ childList: true, subtree: true, characterData: true, attributes: true }});"
            f"document.addEventListener('readystatechange', look); look(); }})"
        )

    def heap_bytes(self) -> int:
        """Return the size of the script's objects after a garbage collection."""
        self._call("HeapProfiler.collectGarbage")
        return int(self._call("Runtime.getHeapUsage")["usedSize"])

    def save_picture(self, path: Path) -> None:
        """Write what the page looks like, with transparency, as PNG."""
        color = {"r": 0, "g": 0, "b": 0, "a": 0}
        self._call("Emulation.setDefaultBackgroundColorOverride", color=color)
        found = self._call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(found["data"]))

    def _call(self, method: str, **params: Any) -> Any:
        self._number += 1
        request = {"id": self._number, "method": method, "params": params}
        self._socket.send(json.dumps(request))
        while True:
            answer = json.loads(self._socket.recv(WAIT_S))
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]


@contextmanager
def opened_page(profile: Path, address: str, *options: str) -> Iterator[Page]:
    """Open a page in a browser of its own; skip the test if there is none."""
    if not BROWSER:
        pytest.skip("needs Chromium (on Debian: chromium)")
    client = pytest.importorskip("websockets.sync.client")
    profile.mkdir(exist_ok=True)
    port_file = profile / "DevToolsActivePort"
    with changes_in(profile) as news:
        process = subprocess.Popen(
            [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-background-networking", f"--user-data-dir={profile}",
             "--remote-debugging-port=0", "--window-size=1280,360", *options, "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            until(
                lambda: port_file.exists() and "\n" in port_file.read_text(),
                "the start of the browser",
                news,
                process=process.pid,
            )
            port = port_file.read_text().split("\n")[0]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=WAIT_S) as answer:
                (page, *_others) = [one for one in json.load(answer) if one["type"] == "page"]
            with client.connect(page["webSocketDebuggerUrl"], max_size=None) as socket:
                opened = Page(socket)
                opened.open(address)
                yield opened
        finally:
            process.kill()
            process.wait()
