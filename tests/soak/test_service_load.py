"""The service under load: many recordings among hostile requests, and half an hour of events."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import psutil
import pytest
from helpers.chromium import opened_page
from helpers.served import Served, require_service, running_service
from helpers.sine_recordings import write_wav
from helpers.waiting import WAIT_S

from granite_live.audio.files import read_audio
from granite_live.session.events import DraftText, FinalText
from granite_live.util import paths
from granite_live.util.pcm import to_int16

pytestmark = pytest.mark.soak

FILES, HOSTILE = 200, 20

EVENTS = 30 * 60 * 5
"""Of half an hour: five drafts each second, as the longest utterances have."""
MIB = 1 << 20
BOUNDARY = "a-boundary"
_TYPE = f"multipart/form-data; boundary={BOUNDARY}"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with running_service(tmp_path / "home", "--max-upload", "2") as service:
        yield service
        assert service.left_files() == []
        assert service.stop() == 0
        assert list((service.home / "server").iterdir()) == []


def form(sound: bytes) -> bytes:
    return (
        (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="model"\r\n\r\nm\r\n'
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
        ).encode()
        + sound
        + f"\r\n--{BOUNDARY}--\r\n".encode()
    )


def post(served: Served, body: bytes, **headers: str) -> int:
    """Send a form until it is not told to come again; return the status."""
    usual = {"Authorization": f"Bearer {served.token}", "Content-Type": _TYPE}
    while True:
        with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=600)) as one:
            # It may be refused before all of it was sent; then the answer is there.
            with suppress(ConnectionError):
                one.request("POST", "/v1/audio/transcriptions", body, usual | headers)
            response = one.getresponse()
            response.read()
            if response.status != 429:
                return response.status
            time.sleep(float(response.headers["Retry-After"]) / 10)


def hostile(served: Served, number: int) -> int:
    """Send one of the hostile requests; return the status, 0 if the connection is closed."""
    match number % 5:
        case 0:
            return post(served, form(b"no sound" * 500))
        case 1:
            return post(served, form(b"x"), Authorization="Bearer wrong")
        case 2:
            return post(served, form(b"x"), Host="evil.example")
        case 3:
            return post(served, b"x" * 10, **{"Content-Length": "99999999999"})
        case _:
            with socket.create_connection(("127.0.0.1", served.port), WAIT_S) as one:
                one.sendall(b"POST / HTTP/1.1\r\nHost: loc")  # and then nothing
                return len(one.recv(1))


def memory_of(served: Served) -> float:
    """Return the memory of the service and its worker in MiB."""
    process = psutil.Process(served.process.pid)
    return sum(one.memory_info().rss for one in (process, *process.children())) / MIB


def test_two_hundred_recordings_among_hostile_requests(
    served: Served, scale: float, say: Callable[[str], None], tmp_path: Path
) -> None:
    sound = to_int16(read_audio(paths.assets_dir() / "samples" / "welcome.flac", 16_000))
    body = form(write_wav(tmp_path / "short.wav", sound[:32_000]).read_bytes())
    count = max(20, int(FILES * scale))
    with ThreadPoolExecutor(24) as pool:
        warm = max(10, count // 4)
        assert set(pool.map(lambda _n: post(served, body), range(warm))) == {200}
        before_mib = memory_of(served)
        good = [pool.submit(post, served, body) for _ in range(count - warm)]
        bad = [pool.submit(hostile, served, number) for number in range(HOSTILE)]
        assert {one.result() for one in good} == {200}
        assert {one.result() for one in bad} <= {0, 400, 401, 403, 413}
    after_mib = memory_of(served)
    say(f"{count} recordings: {before_mib:.0f} MiB after a quarter, {after_mib:.0f} MiB at the end")
    assert after_mib < before_mib * 1.1 + 10


def test_half_an_hour_of_events_in_chromium(
    tmp_path: Path, bundle_dir: Path, scale: float, say: Callable[[str], None]
) -> None:
    require_service()
    from granite_live.app.factory import SessionSettings
    from granite_live.server.application import ServerSettings
    from granite_live.server.running import HostedService
    from granite_live.session.messages import ModelSpec

    def settings(folder: Path) -> ServerSettings:
        spec = ModelSpec(str(bundle_dir), "int8", "cpu", 1)
        return ServerSettings(spec, SessionSettings(), "test", folder)

    events = max(500, int(EVENTS * scale))
    with HostedService(settings, 0, pytest.fail) as service, ExitStack() as stack:
        url = f"{service.address}/captions?keep=1&lines=3"
        page = stack.enter_context(opened_page(tmp_path / "profile", url))
        page.wait_for("document.body && document.body.dataset.connected === 'yes'")

        def shown(until: int) -> tuple[int, float]:
            """Return the elements of the page and its heap in MiB once a text is spoken."""
            page.wait_for(f"document.getElementById('spoken').textContent.includes('no. {until}.')")
            elements = page.run("document.getElementsByTagName('*').length")
            return elements, page.heap_bytes() / MIB

        first = (0, 0.0)
        for number in range(events):
            utterance = number // 5
            if number % 5 < 4:
                service.post(DraftText(number / 5, utterance, 0.0, f"draft {number}", 0))
            else:
                text = f"This is no. {utterance}."
                service.post(FinalText(number / 5, utterance, 0.0, 1.0, text, (), 0.9, text))
                if utterance % 20 == 19:
                    found = shown(utterance)
                    first = first if first[0] else found
        say(f"{events} events: {first[1]:.2f} MiB at first, {found[1]:.2f} MiB at the end")
        assert found[0] <= first[0] + 3
        assert found[1] < first[1] * 1.2 + 1
