"""Measure `granite-live serve`: start to the first answer, throughput, and the cost of watchers.

    python benchmarks/bench_server.py [--rounds N] [--repeats N] [--watchers N]

The throughput is compared with that of `granite-live transcribe`, both in turns and without the
time for loading the model: each is the difference between a long and a short recording. Each round
gives a ratio of its own, because other programs slow both of its halves down alike.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import numpy as np
import psutil

from granite_live.audio.files import read_audio
from granite_live.util.paths import assets_dir
from granite_live.util.pcm import to_int16

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from helpers.sine_recordings import write_wav

RATE_HZ = 16_000
SAMPLE = assets_dir() / "samples" / "welcome.flac"
_PROGRAM = (sys.executable, "-m", "granite_live")


@contextmanager
def served(home: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run the service without a token; yield its process and port."""
    process = subprocess.Popen(
        [*_PROGRAM, "serve", "--port", "0", "--no-auth"],
        env=os.environ | {"GRANITE_LIVE_HOME": str(home)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if found := re.search(r"127\.0\.0\.1:(\d+)", line):
                yield process, int(found[1])
                break
    finally:
        process.terminate()
        process.wait()


def post(port: int, path: Path) -> float:
    """Transcribe a file with the service; return the seconds."""
    began = time.perf_counter()
    url = f"http://127.0.0.1:{port}/v1/audio/transcriptions"
    subprocess.run(
        ["curl", "--silent", "--fail", "--output", os.devnull, "--form", "model=any",
         "--form", f"file=@{path}", url],
        check=True,
    )  # fmt: skip
    return time.perf_counter() - began


def transcribe(home: Path, path: Path) -> float:
    """Transcribe a file with the command; return the seconds."""
    began = time.perf_counter()
    subprocess.run(
        [*_PROGRAM, "transcribe", "--quiet", "--restart", str(path)],
        env=os.environ | {"GRANITE_LIVE_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - began


async def watch(port: int, count: int, process: psutil.Process) -> tuple[float, int]:
    """Send the sample in real time to `count` watchers, which want no levels, as the caption page.

    Returns the share of a core that the service takes (without its worker), and the events that
    each watcher has received at least.
    """
    from websockets.asyncio.client import connect

    received = [0] * count
    writers = []

    async def read(number: int, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            received[number] += line.startswith(b"data:")

    tasks = []
    for number in range(count):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /v1/live/events?levels=0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        tasks.append(asyncio.ensure_future(read(number, reader)))
        writers.append(writer)
    sound = to_int16(read_audio(SAMPLE, RATE_HZ))
    step = RATE_HZ // 10
    async with connect(f"ws://127.0.0.1:{port}/v1/live") as socket:
        drained = asyncio.ensure_future(_drain(socket))
        await asyncio.sleep(3)  # the model is loaded meanwhile
        before, began = process.cpu_times(), time.perf_counter()
        for number, at in enumerate(range(0, len(sound), step)):
            await asyncio.sleep(max(0.0, began + number * 0.1 - time.perf_counter()))
            await socket.send(sound[at : at + step].tobytes())
        after, took_s = process.cpu_times(), time.perf_counter() - began
        await socket.send("end")
        await drained
    for writer in writers:
        writer.close()
    await asyncio.wait(tasks) if tasks else None
    used_s = after.user + after.system - before.user - before.system
    return used_s / took_s, min(received, default=0)


async def _drain(socket: object) -> None:
    async for _line in socket:  # type: ignore[attr-defined]
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=6, help="samples in the difference")
    parser.add_argument("--watchers", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        sample = read_audio(SAMPLE, RATE_HZ)
        short = write_wav(home / "short.wav", to_int16(sample))
        long = write_wav(home / "long.wav", to_int16(np.tile(sample, 1 + asked.repeats)))
        more_s = asked.repeats * len(sample) / RATE_HZ
        transcribe(home, short)  # measures the threads once
        began = time.perf_counter()
        with served(home) as (process, port):
            post(port, short)
            print(f"start to the first answer (20 s of sound): {time.perf_counter() - began:.2f} s")
            by_service, by_command = [], []
            for _ in range(asked.rounds):
                by_service.append(more_s / (post(port, long) - post(port, short)))
                by_command.append(more_s / (transcribe(home, long) - transcribe(home, short)))
            ratios = sorted(a / b for a, b in zip(by_service, by_command, strict=True))
            print(
                f"throughput: serve {median(by_service):.1f}x, "
                f"transcribe {median(by_command):.1f}x real time: {100 * median(ratios):.0f} % "
                f"(in {asked.rounds} rounds {100 * ratios[0]:.0f} to {100 * ratios[-1]:.0f} %)"
            )
            of_service = psutil.Process(process.pid)
            alone, _ = asyncio.run(watch(port, 0, of_service))
            busy, events = asyncio.run(watch(port, asked.watchers, of_service))
            print(
                f"live session: {100 * alone:.1f} % of a core without watchers, "
                f"{100 * busy:.1f} % with {asked.watchers} ({events} events each): "
                f"watching costs {100 * (busy - alone):.1f} %"
            )


if __name__ == "__main__":
    main()
