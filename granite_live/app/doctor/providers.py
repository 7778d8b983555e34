"""What onnxruntime really runs on: asked of a session on each, not of the library's build."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from granite_live.app.doctor.findings import Facts, Finding, Status, scrubbed
from granite_live.models.devices import COREML, CPU, CUDA
from granite_live.models.selection.measuring import look_at_accelerators
from granite_live.models.selection.probing import Probe, available, probe
from granite_live.models.selection.processor import integer_products
from granite_live.util.cores import default_threads

_REMEDIES = {
    CUDA: "Update the NVIDIA driver, and install Granite Live with the extra 'cuda'; until then "
    "the processor is used.",
    COREML: "The processor is used instead.",
}


def providers(
    built_with: tuple[str, ...] | None = None,
    run: Callable[..., Probe] = probe,
) -> Iterator[Finding]:
    """Run a small graph on every provider that we know and that the library claims to have.

    What comes of it is what the next decision of what to run on uses.
    """
    names = available() if built_with is None else built_with
    known = look_at_accelerators(names, run, again=True)
    probes = {CPU: run(CPU, None)} if CPU in names else {}
    for name, found in {**probes, **known.probes}.items():
        facts: Facts = {"share": round(found.share, 3), "problem": scrubbed(found.problem)}
        topic = name.removesuffix("ExecutionProvider")
        if found.works:
            detail = f"a session runs, {found.share:.0%} of it there{_more(name, known.vram_bytes)}"
            yield Finding(topic, Status.OK, detail, facts=facts)
        elif name == CPU:
            remedy = "Install onnxruntime again; on Windows install the Visual C++ runtime."
            yield Finding(topic, Status.BROKEN, found.problem, remedy, facts)
        else:
            detail = found.problem or "a session gives it nothing to do"
            yield Finding(topic, Status.NOTE, detail, _REMEDIES[name], facts)
    if CPU not in names:
        yield Finding("CPU", Status.BROKEN, "onnxruntime does not have it", "Install it again.")


def _more(name: str, vram_bytes: int | None) -> str:
    if name == CPU:
        products = ", ".join(sorted(integer_products())) or "none known"
        return f"; {default_threads()} cores, integer products: {products}"
    if name == CUDA and vram_bytes is not None:
        return f"; {vram_bytes / 1e9:.0f} GB"
    return ""
