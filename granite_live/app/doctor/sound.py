"""Whether there is something to listen to, and whether sound comes from it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from granite_live.app.doctor.findings import Facts, Finding, Status, scrubbed
from granite_live.app.inputs import Inputs
from granite_live.util.errors import AudioError

if TYPE_CHECKING:
    from granite_live.audio.source import Source

_LONGEST_S = 6.0  # the first sound takes up to two seconds where a server has to wake
_ENOUGH_S = 1.0
_QUEUE_BLOCKS = 1000
_REMEDY = (
    "Recordings can be transcribed without one. To listen, connect a microphone, and allow this "
    "program to use it in the system's privacy settings."
)


def sound(make_inputs: Callable[[Callable[[], None]], Inputs] = Inputs) -> Iterator[Finding]:
    """List the inputs and listen to the default one for a second. Nothing is kept."""
    inputs = make_inputs(lambda: None)
    try:
        inputs.open()
        known = inputs.known()
        microphones = sum(not one.is_system_sound for one in known)
        facts: Facts = {"microphones": microphones, "system_sounds": len(known) - microphones}
        if not microphones:
            yield Finding("inputs", Status.NOTE, "there is no microphone", _REMEDY, facts)
            return
        names = ", ".join(one.name for one in known if not one.is_system_sound)
        yield Finding("inputs", Status.OK, names, facts=facts)
        yield _heard(inputs.source(None, system_sound=False))
    except AudioError as error:
        yield Finding("inputs", Status.NOTE, str(error), _REMEDY, {"problem": scrubbed(error)})
    finally:
        inputs.close()


def _heard(source: Source) -> Finding:
    """Listen until a second of sound came, or nothing does."""
    from granite_live.audio.source import Block, Notice, SoundQueue, SourceNews

    sink = SoundQueue(_QUEUE_BLOCKS)
    deadline = threading.Timer(_LONGEST_S, source.stop)
    heard_s = loudest = 0.0
    problem = ""
    source.start(sink)
    deadline.start()
    try:
        while heard_s < _ENOUGH_S:
            item = sink.get()
            if isinstance(item, Block):
                heard_s += len(item.samples) / item.sample_rate_hz
                loudest = max(loudest, float(abs(item.samples).max(initial=0.0)))
            elif isinstance(item, Notice):
                problem = item.detail or problem
                if item.news is SourceNews.ENDED:
                    break
    finally:
        deadline.cancel()
        source.stop()
        deadline.join()
    facts: Facts = {"heard_s": round(heard_s, 2), "is_silent": loudest == 0.0}
    if heard_s == 0.0:
        detail = f"{source.name} gives no sound. {problem}".strip()
        return Finding("listening", Status.NOTE, detail, _REMEDY, facts)
    if loudest == 0.0:
        detail = f"{source.name} gives nothing but zeros"
        return Finding("listening", Status.NOTE, detail, "Look whether it is muted.", facts)
    return Finding("listening", Status.OK, f"{source.name} gives sound", facts=facts)
