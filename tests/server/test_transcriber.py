"""The worker of the service: it is freed without work and started again by the next recording."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psutil
import pytest
from helpers.sine_recordings import write_wav
from helpers.synthetic_sounds import made_up_sound
from helpers.waiting import WAIT_S

from granite_live.app.factory import SessionSettings
from granite_live.session.messages import ModelSpec

pytest.importorskip("starlette", reason="needs the extra 'server'")

from granite_live.server.formats import TextStream
from granite_live.server.transcribing import Job, Transcriber


def test_the_model_is_freed_when_idle_and_loaded_by_the_next_recording(
    bundle_dir: Path, tmp_path: Path
) -> None:
    sound = write_wav(tmp_path / "sound.wav", made_up_sound(16_000, seed=1))
    spec = ModelSpec(str(bundle_dir), "int8", "cpu", 1)

    async def transcribe_twice() -> None:
        transcriber = Transcriber(spec, SessionSettings(), idle_s=0.0)
        assert not transcriber.is_loaded
        for _ in range(2):
            with sound.open("rb") as file:
                await transcriber.transcribe(Job(file))
            worker = psutil.Process(transcriber.worker_pid)
            await asyncio.to_thread(worker.wait, WAIT_S)
            await transcriber.close()
            assert not transcriber.is_loaded
        assert transcriber.done == 2

    asyncio.run(transcribe_twice())


def test_the_model_stays_while_its_time_is_not_over(bundle_dir: Path, tmp_path: Path) -> None:
    sound = write_wav(tmp_path / "sound.wav", made_up_sound(16_000, seed=1))
    spec = ModelSpec(str(bundle_dir), "int8", "cpu", 1)

    async def transcribe_twice() -> None:
        transcriber = Transcriber(spec, SessionSettings(), idle_s=600.0)
        pids = set()
        for _ in range(2):
            with sound.open("rb") as file:
                await transcriber.transcribe(Job(file))
            pids.add(transcriber.worker_pid)
        assert len(pids) == 1
        await transcriber.close()
        assert not psutil.pid_exists(pids.pop())

    asyncio.run(transcribe_twice())


def test_texts_that_a_slow_client_has_not_taken_are_joined() -> None:
    async def read_late() -> list[str]:
        stream = TextStream()
        for word in ("one", "two", "three"):
            await asyncio.to_thread(stream.add, word)
        found = []
        async for event in stream.events():
            found.append(event.get("delta", event["type"]))
            if len(found) == 1:
                stream.add("four")
                await asyncio.sleep(0)
                stream.end({"type": "end"})
        return found

    assert asyncio.run(read_late()) == ["one two three", " four", "end"]
