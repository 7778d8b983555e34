"""`granite-live serve` with real clients: OpenAI's own, curl, and a WebSocket."""

from __future__ import annotations

import json
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from helpers.json_schemas import validator
from helpers.served import Served, running_service
from helpers.waiting import WAIT_S

from granite_live.audio.files import read_audio
from granite_live.cli.main import run
from granite_live.util import paths
from granite_live.util.pcm import to_int16

SAMPLE = paths.assets_dir() / "samples" / "welcome.flac"
SUBTITLES = ("srt", "vtt")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running_service(tmp_path_factory.mktemp("served")) as service:
        yield service
        assert service.left_files() == []
        assert service.stop() == 0
        assert list((service.home / "server").iterdir()) == []


@pytest.fixture(scope="module")
def transcribed(two_sentences: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What `transcribe` writes for the sample, by format."""
    found, folder = {}, tmp_path_factory.mktemp("transcribed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRANITE_LIVE_HOME", str(folder / "home"))
        for name in (*SUBTITLES, "json"):
            out = folder / f"sample.{name}"
            assert run(["transcribe", str(two_sentences), "--quiet", "--output", str(out)]) == 0
            found[name] = out.read_text(encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[Any]:
    openai = pytest.importorskip("openai", reason="needs OpenAI's client")
    with openai.OpenAI(base_url=served.url, api_key=served.token, max_retries=0) as made:
        yield made


def curl(served: Served, *arguments: str, token: str | None = None) -> tuple[int, str]:
    """Run curl; return the status of HTTP and the body."""
    bearer = f"Authorization: Bearer {served.token if token is None else token}"
    done = subprocess.run(
        ["curl", "--silent", "--write-out", "\n%{http_code}", "--header", bearer, *arguments],
        capture_output=True, text=True, timeout=WAIT_S, check=True,
    )  # fmt: skip
    body, _, code = done.stdout.rpartition("\n")
    return int(code), body


def test_openais_client_gets_every_format(
    client: Any, two_sentences: Path, transcribed: dict[str, str]
) -> None:
    with two_sentences.open("rb") as file:
        plain = client.audio.transcriptions.create(model="whisper-1", file=file)
    assert plain.text == json.loads(transcribed["json"])["text"]
    for name in ("text", *SUBTITLES):
        with two_sentences.open("rb") as file:
            text = client.audio.transcriptions.create(
                model="whisper-1", file=file, response_format=name
            )
        if name == "text":
            assert text.split() == plain.text.split()
        else:
            assert text == transcribed[name]


def test_openais_client_gets_words_and_segments(
    client: Any, two_sentences: Path, transcribed: dict[str, str]
) -> None:
    wanted = json.loads(transcribed["json"])
    with two_sentences.open("rb") as file:
        found = client.audio.transcriptions.create(
            model="whisper-1",
            file=file,
            response_format="verbose_json",
            timestamp_granularities=["word", "segment"],
            language="en",
            prompt="rain",
        )
    assert found.text == wanted["text"]
    assert found.duration == pytest.approx(wanted["audio"]["duration_s"], abs=0.001)
    assert [one.text for one in found.segments] == [one["text"] for one in wanted["utterances"]]
    words = [word for one in wanted["utterances"] for word in one["words"]]
    assert [one.word for one in found.words] == [word["text"] for word in words]
    assert found.words[0].start == pytest.approx(words[0]["start_s"], abs=0.001)
    assert 0 < found.words[0].confidence <= 1


def test_openais_client_gets_texts_as_they_are_made(client: Any) -> None:
    with SAMPLE.open("rb") as file:
        stream = client.audio.transcriptions.create(model="whisper-1", file=file, stream=True)
        news = list(stream)
    deltas = [one.delta for one in news if one.type == "transcript.text.delta"]
    assert 1 < len(deltas) <= 4  # what comes while the client is busy is joined
    assert news[-1].type == "transcript.text.done"
    assert news[-1].text == "".join(deltas)


def test_openais_client_lists_the_model(client: Any) -> None:
    (model,) = client.models.list().data
    assert client.models.retrieve(model.id).id == model.id


def test_openais_client_understands_errors(client: Any, served: Served, tmp_path: Path) -> None:
    import openai

    noise = tmp_path / "noise.mp3"
    noise.write_bytes(b"this is no sound" * 1000)
    with noise.open("rb") as file, pytest.raises(openai.BadRequestError) as caught:
        client.audio.transcriptions.create(model="whisper-1", file=file)
    assert caught.value.code == "invalid_file"
    assert str(tmp_path) not in str(caught.value)
    assert str(served.home) not in str(caught.value)
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-5")
    with pytest.raises(openai.AuthenticationError):
        openai.OpenAI(base_url=served.url, api_key="wrong", max_retries=0).models.list()


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({}, "model"),
        ({"model": "m", "response_format": "xml"}, "response_format"),
        ({"model": "m", "temperature": "hot"}, "temperature"),
        ({"model": "m", "timestamp_granularities[]": "word"}, "timestamp_granularities[]"),
    ],
)
def test_wrong_parameters_are_named(
    served: Served, two_sentences: Path, fields: dict[str, str], param: str
) -> None:
    options = [word for name, text in fields.items() for word in ("--form", f"{name}={text}")]
    url = f"{served.url}/audio/transcriptions"
    code, body = curl(served, *options, "--form", f"file=@{two_sentences}", url)
    error = json.loads(body)["error"]
    assert (code, error["type"], error["param"]) == (400, "invalid_request_error", param)


def test_unknown_parameters_are_passed_over(served: Served, two_sentences: Path) -> None:
    form = ["--form", "model=m", "--form", "new_in_2030=yes", "--form", f"file=@{two_sentences}"]
    code, body = curl(served, *form, f"{served.url}/audio/transcriptions")
    assert code == 200
    assert list(json.loads(body)) == ["text"]


def test_a_recording_can_arrive_without_a_length(served: Served, two_sentences: Path) -> None:
    """As from a program that makes it meanwhile."""
    chunked = ["--header", "Transfer-Encoding: chunked", "--form", "model=m"]
    code, body = curl(
        served, *chunked, "--form", f"file=@{two_sentences}", f"{served.url}/audio/transcriptions"
    )
    assert (code, list(json.loads(body))) == (200, ["text"])


def watch(served: Served, after: str = "") -> Any:
    headers = {"Authorization": f"Bearer {served.token}"}
    if after:
        headers["Last-Event-ID"] = after
    request = urllib.request.Request(f"{served.url}/live/events", headers=headers)
    return urllib.request.urlopen(request, timeout=WAIT_S)


def stream_events(lines: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the number and the data of each server-sent event."""
    number = ""
    for line in lines:
        name, _, rest = line.decode().rstrip("\n").partition(": ")
        if name == "id":
            number = rest
        elif name == "data":
            yield number, json.loads(rest)


def test_sound_sent_live_becomes_the_events_of_listen(
    served: Served, two_sentences: Path, transcribed: dict[str, str]
) -> None:
    client = pytest.importorskip("websockets.sync.client")
    sound = to_int16(read_audio(two_sentences, 16_000)).tobytes()
    watched: list[tuple[str, dict[str, Any]]] = []
    with watch(served) as stream:
        assert stream.readline() == b": watching\n"

        def follow() -> None:
            for one in stream_events(stream):
                watched.append(one)
                if one[1]["event"] == "closed":
                    return

        following = threading.Thread(target=follow)
        following.start()
        url = f"ws://127.0.0.1:{served.port}/v1/live?token={served.token}"
        with client.connect(url) as socket:
            for at in range(0, len(sound), 32_000):
                socket.send(sound[at : at + 32_000])
            socket.send("end")
            told = [json.loads(line) for line in socket]
        following.join(WAIT_S)
    schema = validator("events")
    for event in told:
        schema.validate(event)
    finals = [one["text"] for one in told if one["event"] == "final"]
    assert " ".join(finals) == json.loads(transcribed["json"])["text"]
    assert told[-1]["event"] == "closed"
    assert (told[-1]["samples_received"], told[-1]["samples_lost"]) == (len(sound) // 2, 0)
    assert [event for _number, event in watched] == told
    assert served.left_files() == []
    # Whoever was away gets what was missed, except levels.
    middle = next(number for number, event in watched if event["event"] == "final")
    missed = [
        event for number, event in watched
        if int(number) > int(middle) and event["event"] != "level"
    ]  # fmt: skip
    with watch(served, after=middle) as stream:
        again = stream_events(stream)
        assert [next(again)[1] for _ in missed] == missed


def test_only_one_program_sends_sound_at_a_time_and_may_just_go(served: Served) -> None:
    client = pytest.importorskip("websockets.sync.client")
    exceptions = pytest.importorskip("websockets.exceptions")
    url = f"ws://127.0.0.1:{served.port}/v1/live?token={served.token}"
    with client.connect(url) as first:
        first.recv(WAIT_S)
        with pytest.raises(exceptions.InvalidStatus):
            client.connect(url)
    with watch(served, after="0") as stream:
        for _number, event in stream_events(stream):
            if event["event"] == "closed" and event["samples_received"] == 0:
                break
    with client.connect(url) as again:
        assert json.loads(again.recv(WAIT_S))["event"] == "state"
        again.send("end")
        assert json.loads(list(again)[-1])["event"] == "closed"


def test_figures_for_prometheus(served: Served) -> None:
    code, body = curl(served, f"http://127.0.0.1:{served.port}/metrics")
    assert code == 200
    assert "\ngranite_live_files_waiting 0\n" in body
    assert curl(served, f"http://127.0.0.1:{served.port}/healthz", token="") == (
        200,
        '{"status":"ok"}',
    )


def test_nothing_outside_of_this_computer_can_connect(served: Served) -> None:
    process = psutil.Process(served.process.pid)
    listening = [one for one in process.net_connections() if one.status == psutil.CONN_LISTEN]
    assert [one.laddr.ip for one in listening] == ["127.0.0.1"]


def test_the_token_is_for_this_user_alone(served: Served) -> None:
    assert (served.home / "server-token").stat().st_mode & 0o777 == 0o600
