"""The notes beside prepared graphs, and which form's measured speed is enough for live use.

Speeds are kept in the manifest of a prepared tier, with the processor and the number of cores for
which they hold.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_live.messages.models import FormMessage
from granite_live.models.bundle import Form
from granite_live.models.optimize.dependencies import processor_features, processor_name
from granite_live.util.process import physical_core_count

if TYPE_CHECKING:
    from granite_live.models.bundle import Bundle


_NAME = "prepared.json"


def read_manifest(home: Path) -> dict[str, Any]:
    """Return the notes in the folder of a prepared tier, empty if there are none."""
    try:
        read = json.loads((home / _NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def write_manifest(home: Path, notes: Mapping[str, Any]) -> None:
    """Write the notes, replacing others atomically.

    Raises:
        OSError: They cannot be written; others stay.
    """
    from granite_live.util.files import write_atomically

    write_atomically(home / _NAME, json.dumps(notes, indent=1).encode())


QUICK_ENOUGH = 3.0
"""Seconds of speech that a live session's model must transcribe in a second.

Drafts read a growing utterance again and again, and the final text of 6 s should take 2 s at most.
"""
_PRICE = 2.0
"""Two terms take at most so many times the time of one, because the products take twice it."""


def read_speeds(manifest: Mapping[str, Any]) -> dict[Form, float]:
    """Return the speeds [seconds of speech a second] measured on this machine, by form."""
    noted = manifest.get("speeds", {})
    if not isinstance(noted, dict) or noted.get("machine") != _machine():
        return {}
    known = {form.value: form for form in Form}
    return {known[name]: float(times) for name, times in noted["forms"].items() if name in known}


def with_speed(manifest: Mapping[str, Any], form: Form, speed: float) -> dict[str, Any]:
    """Return the manifest with the speed of a form. Speeds of another machine are left out."""
    forms = {one.value: each for one, each in {**read_speeds(manifest), form: speed}.items()}
    return {**manifest, "speeds": {"machine": _machine(), "forms": forms}}


def choose_row_scales(speeds: Mapping[Form, float]) -> Form:
    """Return the most exact form with row scales that is quick enough.

    Two terms that were not measured are tried where one term is so quick that they will probably
    be quick enough.
    """
    if Form.TWO_TERMS in speeds:
        is_quick = speeds[Form.TWO_TERMS] >= QUICK_ENOUGH
    else:
        is_quick = speeds.get(Form.ROW_SCALED, 0.0) >= _PRICE * QUICK_ENOUGH
    return Form.TWO_TERMS if is_quick else Form.ROW_SCALED


def note_speed(prepared: Bundle, speed: float) -> None:
    """Keep the speed of a prepared form for the next `find_prepared`.

    If writing fails, it is measured again.
    """
    home = prepared.graphs["encoder"].parent
    try:
        write_manifest(home, with_speed(read_manifest(home), prepared.form, speed))
    except OSError as error:
        logging.getLogger(__name__).warning("the speed is not kept in %s: %s", home, error)


def measure_choice(
    find: Callable[[], Bundle | None], measure: Callable[[Bundle], float]
) -> Bundle | None:
    """Return what `find` finds after its speed, and that of what it finds then, is measured."""
    ready = find()
    for _ in Form:
        if ready is None or ready.speed is not None:
            break
        note_speed(ready, measure(ready))
        ready = find()
    return ready


def describe_speed(prepared: Bundle) -> str:
    """Return a line such as "Accurate (8-bit), 4x faster than speech on this computer".

    It is "" if the speed was not measured on this machine.
    """
    speed = prepared.speed
    if speed is None:
        return ""
    if prepared.tier == "int8":
        name = _EIGHT_BIT.get(prepared.form, FormMessage.QUICK)
    else:
        name = FormMessage.FULL
    if round(speed, 1) == 1:
        return FormMessage.AS_FAST(form=name())
    line = FormMessage.FASTER if speed > 1 else FormMessage.SLOWER
    return line(form=name(), times=speed)


_EIGHT_BIT = {Form.TWO_TERMS: FormMessage.MOST_ACCURATE, Form.ROW_SCALED: FormMessage.ACCURATE}


def _machine() -> list[str | int]:
    return [processor_name(), processor_features(), physical_core_count()]
