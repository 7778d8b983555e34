"""One process a form of the graphs, one after the other; then the forms side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from granite_live.app.bench.machine import describe_machine
from granite_live.app.bench.measuring import Length, Measured, Spec, measure
from granite_live.util.errors import ProviderError
from granite_live.util.processes import end_with_parent

REFERENCE = "published"


@dataclass(frozen=True, slots=True)
class FormResult:
    """One form at one length. `tokens_equal` to the published form; None if that was not run."""

    graphs: str
    tier: str
    seconds: float
    encoder_s: float
    editor_s: float
    host_s: float
    total_s: float
    real_time_factor: float
    load_s: float
    peak_rss_mb: float
    tokens_equal: bool | None
    ran_on: dict[str, str]
    editor_skipped: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the fields, rounded to what can be measured.

        That the editor was skipped is said where it was, and by no field elsewhere.
        """
        return {
            name: round(value, 5) if isinstance(value, float) else value
            for name, value in asdict(self).items()
            if name != "editor_skipped" or value
        }


def bench_forms(
    specs: Sequence[Spec], tell: Callable[[str], None]
) -> tuple[list[FormResult], dict[str, Any]]:
    """Measure each of `specs` and return the results with the machine they are of.

    Args:
        specs: Of one bundle and tier, in the order to run.
        tell: Hears a sentence before each, and what each has to say about itself.

    Raises:
        GraniteError: The model cannot be used, or its process ended (out of memory, mostly).
    """
    measured: list[Measured] = []
    for spec in specs:
        tell(f"Measuring the {spec.graphs} graphs ({spec.tier}).")
        measured.append(_in_own_process(spec))
        for note in measured[-1].notes:
            tell(note)
    reference = {
        length.seconds: length.token_ids
        for one in measured
        if not one.prepared
        for length in one.lengths
    }
    machine = describe_machine(measured[-1].threads)
    machine["threads_chosen"] = {_form(one): one.threading for one in measured}
    return list(_results(measured, reference)), machine


def _results(
    measured: Sequence[Measured], reference: dict[float, tuple[int, ...]]
) -> Iterator[FormResult]:
    for one in measured:
        for length in one.lengths:
            yield _result(one, length, reference.get(length.seconds))


def _result(one: Measured, length: Length, wanted: tuple[int, ...] | None) -> FormResult:
    return FormResult(
        graphs=_form(one),
        tier=one.tier,
        seconds=length.seconds,
        encoder_s=length.encoder_s,
        editor_s=length.editor_s,
        host_s=length.host_s,
        total_s=length.total_s,
        real_time_factor=length.total_s / length.seconds,
        load_s=length.load_s,
        peak_rss_mb=length.peak_rss_mb,
        tokens_equal=None if wanted is None else length.token_ids == wanted,
        ran_on=one.ran_on,
        editor_skipped=length.editor_skipped,
    )


def _form(one: Measured) -> str:
    return "prepared" if one.prepared else REFERENCE


def _in_own_process(spec: Spec) -> Measured:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    context = multiprocessing.get_context("spawn")
    # Also where this process is killed, or leaves at once on a signal.
    with ProcessPoolExecutor(1, mp_context=context, initializer=end_with_parent) as pool:
        try:
            return pool.submit(measure, spec).result()
        except BrokenProcessPool as error:
            raise ProviderError(
                f"The process that measured the {spec.graphs} graphs was ended by the system; "
                f"mostly that is a lack of memory: close other programs, or take another --tier."
            ) from error
