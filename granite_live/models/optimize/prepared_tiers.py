"""Storage of prepared tiers: found by key, created atomically."""

from __future__ import annotations

import json
import logging
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_live.messages import alternatives
from granite_live.messages.models import OptimizeMessage
from granite_live.models.bundle import COREML, CPU, CUDA, Form
from granite_live.models.disk import folder_bytes
from granite_live.models.optimize import dependencies, recipe
from granite_live.models.optimize.form_speed import (
    QUICK_ENOUGH,
    choose_row_scales,
    measure_choice,
    read_manifest,
    read_speeds,
    write_manifest,
)
from granite_live.models.optimize.recipe import with_prepared_graphs
from granite_live.util.errors import BundleError
from granite_live.util.paths import data_dir

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from granite_live.models.bundle import Bundle

_Sounds = Callable[[], Sequence["NDArray[np.float32]"]]

GRAPH_FORMS = ("auto", "published", "prepared")
"""The user's choices. "auto" uses prepared graphs if they exist, and prepares nothing."""

_PART = ".part"
# A CPU computes fp16w in fp32: prepared, it would be an fp32 tier.
_TIERS = {CPU: ("int8", "fp32"), CUDA: ("fp16w",), COREML: ("fp16w",)}
# Best form first. An unknown kind of model may support only the last.
_FORMS = {CPU: (Form.PREPARED,), CUDA: (Form.JOINT, Form.PREPARED), COREML: (Form.FIXED,)}
_INT8_FORMS = (Form.ROW_SCALED, Form.PREPARED)
# Made together with another form.
_BESIDE = {Form.TWO_TERMS: Form.ROW_SCALED}
_SECOND_BEST = {
    Form.ROW_SCALED: OptimizeMessage.LESS_EXACT_FORM,
    Form.JOINT: OptimizeMessage.ONE_AT_A_TIME,
}
_WHERE = {CUDA: "CUDA", COREML: "CoreML"}
_ROOM = {"int8": 2.2, "fp32": 1.1, "fp16w": 1.1}
# The outlier channels' weights in fp32, twice; other tiers than int8 get weights in 8 bits besides.
_ROW_SCALED_ROOM = {"int8": 0.3, "fp32": 0.35, "fp16w": 0.7}
_COMPILED_ROOM = 2.1  # CoreML stores the weights again in the compiled graph of each size


def can_prepare(tier: str, provider: str = CPU) -> bool:
    """Return whether preparing that tier for `provider` gains anything."""
    return tier in _TIERS.get(provider, ())


def find_prepared(bundle: Bundle, provider: str = CPU, form: Form | None = None) -> Bundle | None:
    """Return the bundle with its prepared graphs, None if there are none or they are outdated.

    Arguments as for `prepare_tier`.
    """
    try:
        if form is not None:
            return _first_opened(bundle, _sources(bundle, provider, form), form)
        ready = None
        if can_prepare(bundle.tier, provider):
            ready = _first_opened(bundle, _sources(bundle, provider, None), None)
        if provider != CPU or bundle.tier == "int8":
            return ready
        # Full precision is used if it is quick enough, or if nobody wanted 8-bit weights.
        if ready is not None and (ready.speed or 0.0) >= QUICK_ENOUGH:
            return ready
        return _first_opened(bundle, _sources(bundle, CPU, Form.ROW_SCALED), None) or ready
    except OSError:
        return None  # opening the published graphs reports the error


def prepare_tier(
    bundle: Bundle,
    provider: str = CPU,
    tell: Callable[[str], None] = lambda _: None,
    form: Form | None = None,
    sounds: _Sounds = tuple,
    measure: Callable[[Bundle], float] | None = None,
) -> Bundle:
    """Return the bundle with its prepared graphs, making them if needed.

    Args:
        bundle: An opened tier with its published graphs.
        provider: onnxruntime's provider name.
        tell: Called with a sentence at each step, as this takes a while.
        form: The form of the graphs; None chooses the best for the provider. Row scales need a
            CPU; a tier other than int8 gets 8-bit weights with them.
        sounds: Returns features of speech [each shape=(1, T, F)], on which int8 graphs are compared
            and their outlier channels are found; without any, noise is used.
        measure: Returns the speed of a form on this CPU [seconds of speech a second]. Without it,
            int8 gets the form that is quick on every machine.

    Raises:
        BundleError: The graphs cannot be made. No partial result stays; the published graphs work.
    """
    if form is None:
        check_possible(bundle.tier, provider)
    try:
        sources = _sources(bundle, provider, form)
        with _making(_home(bundle, sources[0])):
            if _first_opened(bundle, sources, form) is None:
                _make_first(bundle, sources, tell, sounds)
    except OSError as error:
        raise BundleError(
            OptimizeMessage.FOLDER_UNWRITABLE(folder=data_dir(), reason=error.strerror or error)
        ) from error

    def find() -> Bundle | None:
        return _first_opened(bundle, sources, form)

    made = find() if measure is None or provider != CPU else measure_choice(find, measure)
    if made is None:
        where = data_dir() / "prepared"
        raise BundleError(OptimizeMessage.CHANGED_SINCE(folder=where))
    return made


def remove_stale_prepared() -> int:
    """Remove prepared tiers whose source tier is gone; return the freed bytes.

    Does nothing while a tier is being prepared, because preparing ends with a sweep.
    """
    from filelock import Timeout

    root = data_dir() / "prepared"
    if not root.is_dir():
        return 0
    try:
        with _making(root / "any").acquire(timeout=0):
            gone = [one for one in root.iterdir() if one.is_dir() and _is_stale(one)]
            freed = sum(folder_bytes(one) for one in gone)
            for one in gone:
                shutil.rmtree(one, ignore_errors=True)
            return freed
    except (Timeout, OSError) as error:
        logging.getLogger(__name__).warning("nothing prepared was removed: %s", error)
        return 0


def _sources(bundle: Bundle, provider: str, form: Form | None) -> list[dict[str, Any]]:
    """Return the keys of the forms for a provider, best first."""
    best = _INT8_FORMS if bundle.tier == "int8" else _FORMS[provider]
    forms = best if form is None else (_BESIDE.get(form, form),)
    return dependencies.describe_sources(bundle, provider, forms)


def _first_opened(
    bundle: Bundle, sources: Sequence[Mapping[str, Any]], form: Form | None
) -> Bundle | None:
    opened = (_opened(bundle, _home(bundle, source), source, form) for source in sources)
    return next((one for one in opened if one is not None), None)


def _home(bundle: Bundle, source: Mapping[str, Any]) -> Path:
    name = re.sub(r"[^A-Za-z0-9.]+", "-", bundle.path.resolve().name).strip("-.") or "model"
    return data_dir() / "prepared" / f"{name}-{bundle.tier}-{dependencies.digest(dict(source))}"


def _making(home: Path) -> Any:
    from filelock import FileLock

    home.parent.mkdir(parents=True, exist_ok=True)
    # The second process waits and then finds the finished result.
    return FileLock(home.parent / ".lock", thread_local=False)


def _opened(
    bundle: Bundle, home: Path, source: Mapping[str, Any], asked: Form | None
) -> Bundle | None:
    manifest = read_manifest(home)
    if manifest.get("source") != json.loads(json.dumps(source)):
        return None
    sizes = manifest.get("bytes", {})
    # onnxruntime memory-maps these files: a truncated file would crash the process.
    if not sizes or any(_size(home / name) != size for name, size in sizes.items()):
        return None
    speeds = read_speeds(manifest)
    form = asked or Form(source["form"])
    if form is Form.ROW_SCALED and asked is None:
        form = choose_row_scales(speeds)
    found = with_prepared_graphs(bundle, home, form, manifest.get("weights", {}))
    return replace(found, speed=speeds.get(form))


def _make_first(
    bundle: Bundle,
    sources: Sequence[Mapping[str, Any]],
    tell: Callable[[str], None],
    sounds: _Sounds,
) -> None:
    """Make the best form that can be made.

    Raises:
        BundleError: No form can be made.
    """
    *better, last = sources
    for source in better:
        try:
            _make(bundle, _home(bundle, source), source, tell, sounds)
        except BundleError as error:
            tell(_SECOND_BEST[Form(source["form"])](reason=error))
        else:
            return
    _make(bundle, _home(bundle, last), last, tell, sounds)


def _make(
    bundle: Bundle,
    home: Path,
    source: Mapping[str, Any],
    tell: Callable[[str], None],
    sounds: _Sounds,
) -> None:
    from granite_live.models.optimize.building import make_graphs

    form = Form(source["form"])
    _check_room(bundle, home.parent, form)
    part = home.with_name(home.name + _PART)
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    try:
        heard = sounds() if form is Form.ROW_SCALED else ()
        made = make_graphs(bundle, part, source, tell, heard)
        sizes = {one.name: one.stat().st_size for one in sorted(part.iterdir()) if one.is_file()}
        manifest = {"source": source, "bytes": sizes, **made}
        write_manifest(part, manifest)
        shutil.rmtree(home, ignore_errors=True)  # an incomplete or outdated folder
        part.rename(home)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    _sweep(home)


def check_possible(tier: str, provider: str) -> None:
    """Raise if that tier is not prepared for `provider`.

    Raises:
        BundleError: The message says why, and what to do.
    """
    if provider not in _TIERS:
        raise BundleError(OptimizeMessage.PROVIDER_NOT_SUPPORTED(provider=provider))
    if tier in _TIERS[provider]:
        return
    why = (
        OptimizeMessage.SINGLE_PRECISION()
        if provider == CPU
        else OptimizeMessage.FOR_PLACE(place=_WHERE[provider])
    )
    raise BundleError(
        OptimizeMessage.TIER_NOT_PREPARED(tier=tier, why=why, tiers=alternatives(_TIERS[provider]))
    )


def _check_room(bundle: Bundle, folder: Path, form: Form) -> None:
    room = _COMPILED_ROOM if form is Form.FIXED else _ROOM[bundle.tier]
    if form is Form.ROW_SCALED:
        room = _ROW_SCALED_ROOM[bundle.tier]
    needed = int(room * sum(recipe.weights_bytes(bundle, n) for n in recipe.REWRITTEN))
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise BundleError(
            OptimizeMessage.NO_ROOM(
                needed_gb=needed / 1000000000.0, folder=folder, free_gb=free / 1000000000.0
            )
        )


def _sweep(home: Path) -> None:
    """Remove outdated versions, leftovers of killed processes, and tiers whose source is gone."""
    here = read_manifest(home).get("source", {})
    for other in home.parent.iterdir():
        if other == home or not other.is_dir():
            continue
        if _is_outdated(read_manifest(other).get("source", {}), here) or _is_stale(other):
            shutil.rmtree(other, ignore_errors=True)


def _is_outdated(source: Mapping[str, Any], here: Mapping[str, Any]) -> bool:
    """Return whether it is an outdated version for the same tier and provider.

    Another form with the same sources is not outdated.
    """
    if any(source.get(key) != here.get(key) for key in ("source", "tier", "provider")):
        return False
    return {**source, "form": here.get("form")} != here


def _is_stale(folder: Path) -> bool:
    """Return whether it is a partial result, its tier is gone, or its manifest lacks a form."""
    source = read_manifest(folder).get("source", {})
    tier = Path(source.get("source", "")) / source.get("tier", "?")
    return folder.name.endswith(_PART) or not tier.is_dir() or "form" not in source


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
