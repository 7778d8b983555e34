"""The prepared tiers that are kept: found by what they depend on, made whole or not at all."""

from __future__ import annotations

import json
import logging
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_live.bundle.description import Form
from granite_live.bundle.devices import COREML, CPU, CUDA
from granite_live.bundle.prepare import keys, recipe
from granite_live.bundle.prepare.placing import as_prepared
from granite_live.bundle.store.disk import folder_bytes
from granite_live.errors import BundleError
from granite_live.paths import data_dir

if TYPE_CHECKING:
    from granite_live.bundle.description import Bundle

GRAPH_FORMS = ("auto", "published", "prepared")
"""What a user may ask for. "auto" takes what is prepared already, and prepares nothing."""

_MANIFEST = "prepared.json"
_PART = ".part"
# fp16w is computed in single precision on a processor: prepared, it would be an fp32 tier.
_TIERS = {CPU: ("int8", "fp32"), CUDA: ("fp16w",), COREML: ("fp16w",)}
# The best first. A model of another kind may be fit for one utterance at a time only.
_FORMS = {CPU: (Form.PREPARED,), CUDA: (Form.JOINT, Form.PREPARED), COREML: (Form.FIXED,)}
_WHERE = {CUDA: "CUDA", COREML: "CoreML"}
_ROOM = {"int8": 2.2, "fp32": 1.1, "fp16w": 1.1}
_COMPILED_ROOM = 2.1  # CoreML has the weights again in what it compiles of each length


def can_prepare(tier: str, provider: str = CPU) -> bool:
    """Return whether graphs of that tier gain anything by being prepared for `provider`."""
    return tier in _TIERS.get(provider, ())


def find_prepared(bundle: Bundle, provider: str = CPU, form: Form | None = None) -> Bundle | None:
    """Return the bundle with its prepared graphs, if they exist and still belong to it.

    Arguments as for `prepare_tier`.
    """
    if form is None and not can_prepare(bundle.tier, provider):
        return None
    try:
        sources = _sources(bundle, provider, form)
    except OSError:
        return None  # whoever opens the published graphs meets the same, and says so
    return _first_opened(bundle, sources)


def prepare_tier(
    bundle: Bundle,
    provider: str = CPU,
    tell: Callable[[str], None] = lambda _: None,
    form: Form | None = None,
) -> Bundle:
    """Return the bundle with its prepared graphs, which are made first if need be.

    Args:
        bundle: An opened tier, with its published graphs.
        provider: onnxruntime's name of what it is to run on.
        tell: Hears sentences on what is done, as it takes a while.
        form: What the graphs shall be like; None: as suits the provider, if that gains anything.

    Raises:
        BundleError: They cannot be made. Nothing half-made stays; the published ones are usable.
    """
    if form is None:
        _check_possible(bundle.tier, provider)
    try:
        sources = _sources(bundle, provider, form)
        with _making(_home(bundle, sources[0])):
            found = _first_opened(bundle, sources)
            if found is not None:
                return found
            _make_first(bundle, sources, tell)
    except OSError as error:
        raise BundleError(
            f"The graphs cannot be prepared in {data_dir()}: {error.strerror or error}."
        ) from error
    made = _first_opened(bundle, sources)
    if made is None:
        where = data_dir() / "prepared"
        raise BundleError(f"What was prepared in {where} has changed since: prepare it again.")
    return made


def sweep_prepared() -> int:
    """Remove what was prepared of tiers that are not there any more; return the bytes freed.

    Does nothing while a tier is being prepared: whoever does that sweeps when it is done.
    """
    from filelock import Timeout

    root = data_dir() / "prepared"
    if not root.is_dir():
        return 0
    try:
        with _making(root / "any").acquire(timeout=0):
            gone = [one for one in root.iterdir() if one.is_dir() and _is_left_over(one)]
            freed = sum(folder_bytes(one) for one in gone)
            for one in gone:
                shutil.rmtree(one, ignore_errors=True)
            return freed
    except (Timeout, OSError) as error:
        logging.getLogger(__name__).warning("nothing prepared was removed: %s", error)
        return 0


def _sources(bundle: Bundle, provider: str, form: Form | None) -> list[dict[str, Any]]:
    """Return what the forms that suit a provider depend on, the best first."""
    forms = _FORMS[provider] if form is None else (form,)
    return keys.describe_sources(bundle, provider, forms)


def _first_opened(bundle: Bundle, sources: Sequence[Mapping[str, Any]]) -> Bundle | None:
    opened = (_opened(bundle, _home(bundle, source), source) for source in sources)
    return next((one for one in opened if one is not None), None)


def _home(bundle: Bundle, source: Mapping[str, Any]) -> Path:
    name = re.sub(r"[^A-Za-z0-9.]+", "-", bundle.path.resolve().name).strip("-.") or "model"
    return data_dir() / "prepared" / f"{name}-{bundle.tier}-{keys.digest(dict(source))}"


def _making(home: Path) -> Any:
    from filelock import FileLock

    home.parent.mkdir(parents=True, exist_ok=True)
    # Whoever comes second waits, and finds what it wants.
    return FileLock(home.parent / ".lock", thread_local=False)


def _opened(bundle: Bundle, home: Path, source: Mapping[str, Any]) -> Bundle | None:
    manifest = _read_manifest(home)
    if manifest.get("source") != json.loads(json.dumps(source)):
        return None
    sizes = manifest.get("bytes", {})
    # onnxruntime maps these files: one that was cut short would take the process with it.
    if not sizes or any(_size(home / name) != size for name, size in sizes.items()):
        return None
    return as_prepared(bundle, home, Form(source["form"]), manifest.get("weights", {}))


def _make_first(
    bundle: Bundle, sources: Sequence[Mapping[str, Any]], tell: Callable[[str], None]
) -> None:
    """Make the best form that can be made.

    Raises:
        BundleError: None can.
    """
    *better, last = sources
    for source in better:
        try:
            _make(bundle, _home(bundle, source), source, tell)
        except BundleError as error:
            tell(f"{error} It is prepared for one utterance at a time.")
        else:
            return
    _make(bundle, _home(bundle, last), last, tell)


def _make(
    bundle: Bundle, home: Path, source: Mapping[str, Any], tell: Callable[[str], None]
) -> None:
    from granite_live.bundle.prepare.making import make_graphs

    form = Form(source["form"])
    _check_room(bundle, home.parent, form)
    part = home.with_name(home.name + _PART)
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    try:
        made = make_graphs(bundle, part, source, tell)
        sizes = {one.name: one.stat().st_size for one in sorted(part.iterdir()) if one.is_file()}
        manifest = {"source": source, "bytes": sizes, **made}
        (part / _MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
        shutil.rmtree(home, ignore_errors=True)  # there, but not whole
        part.rename(home)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    _sweep(home)


def _check_possible(tier: str, provider: str) -> None:
    if provider not in _TIERS:
        raise BundleError(
            f"Graphs are not prepared for {provider}, only for processors, CUDA and CoreML: use "
            f"--provider cpu."
        )
    if tier in _TIERS[provider]:
        return
    single = ", since a processor computes it in single precision"
    why = single if provider == CPU else f" for {_WHERE[provider]}"
    raise BundleError(
        f"The tier {tier} is not prepared{why}: use --tier {' or '.join(_TIERS[provider])}."
    )


def _check_room(bundle: Bundle, folder: Path, form: Form) -> None:
    files = [f for n in recipe.REWRITTEN for f in bundle.graphs[n].parent.glob(f"{n}.*")]
    room = _COMPILED_ROOM if form is Form.FIXED else _ROOM[bundle.tier]
    needed = int(room * sum(file.stat().st_size for file in files))
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise BundleError(
            f"Preparing needs {needed / 1e9:.1f} GB in {folder}, {free / 1e9:.1f} GB are free."
        )


def _sweep(home: Path) -> None:
    """Remove what `home` replaces, what a kill left, and what belongs to no tier any more."""
    here = _read_manifest(home).get("source", {})
    for other in home.parent.iterdir():
        if other == home or not other.is_dir():
            continue
        if _is_outdated(_read_manifest(other).get("source", {}), here) or _is_left_over(other):
            shutil.rmtree(other, ignore_errors=True)


def _is_outdated(source: Mapping[str, Any], here: Mapping[str, Any]) -> bool:
    """Return whether it is of the same tier for the same provider, but not of this time.

    Another form of the tier, made of the same things, is as good as it was.
    """
    if any(source.get(key) != here.get(key) for key in ("source", "tier", "provider")):
        return False
    return {**source, "form": here.get("form")} != here


def _is_left_over(folder: Path) -> bool:
    """Return whether a kill left it, its tier is gone, or it is of a time before forms."""
    source = _read_manifest(folder).get("source", {})
    tier = Path(source.get("source", "")) / source.get("tier", "?")
    return folder.name.endswith(_PART) or not tier.is_dir() or "form" not in source


def _read_manifest(home: Path) -> dict[str, Any]:
    try:
        read = json.loads((home / _MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
