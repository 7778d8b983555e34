"""Choose and load the model for a command, and say what really runs."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.app.models import ModelRequest, select_model
from granite_live.cli.signals import StopRequest
from granite_live.cli.stored_settings import TranscribeRequest
from granite_live.cli.terminal import Messages
from granite_live.util import paths
from granite_live.util.errors import GraniteError

if TYPE_CHECKING:
    from granite_live.app.file_transcription import FileRecognizer
    from granite_live.asr import Recognizer
    from granite_live.models.bundle import Bundle
    from granite_live.models.selection import SelectedModel
    from granite_live.models.store import BundleStore
    from granite_live.util.errors import BundleError


def choose_bundle(request: ModelRequest, notes: Messages) -> SelectedModel:
    """Open the requested model; report which one is used, and why.

    Raises:
        BundleError: The chosen bundle is unusable, or there is none at all.
    """
    named = "the model of your settings" if request.path is not None else "an installed model"

    def warn(error: BundleError) -> None:
        nonlocal named
        notes.warn(f"{named} was skipped. {error}")
        named = "an installed model"

    suited = select_model(request, warn, remedy="give a bundle with --bundle PATH")
    for sentence in suited.skipped:
        notes.warn(sentence)
    bundle, choice = suited.bundle, suited.choice
    place, reason = choice.provider, choice.reason
    if _is_missing(request.provider, bundle.tier):
        place, reason = "cpu", f"{request.provider} was requested, but is not available."
    notes.info(f"Model: {bundle.name}, {bundle.tier} on {place}, in {bundle.path}. {reason}")
    if bundle.is_demo:
        _print_demo_notice("as asked" if request.path == bundle.path else _demo_reason(), notes)
    return suited


def _is_missing(provider: str, tier: str) -> bool:
    """Return whether the installed onnxruntime lacks the requested provider."""
    if provider in ("auto", "cpu"):
        return False
    from granite_live.asr.providers import CPU, first_provider

    return first_provider(provider, tier) == CPU


def _demo_reason() -> str:
    from granite_live.util.paths import models_dir

    is_alone = not any(models_dir().glob("[!.]*/"))
    return f"no other model {'is installed' if is_alone else 'can be used'}"


def _print_demo_notice(origin: str, notes: Messages) -> None:
    from granite_live.app.models import PUBLISHED_BUNDLE

    notes.info(
        f"This is the small English demo model, not Granite ({origin}): expect mistakes. "
        f"For Granite, run 'granite-live models download' (it downloads {PUBLISHED_BUNDLE} from "
        f"the Hugging Face hub), or give a bundle's folder with --bundle PATH."
    )


def load_recognizer(request: TranscribeRequest, notes: Messages, stop: StopRequest) -> Recognizer:
    """Open the request's bundle and its onnxruntime sessions.

    Raises:
        BundleError: The bundle is unusable.
        ProviderError: onnxruntime cannot run it.
        StopRequested: A signal arrived while graphs were prepared.
    """
    from granite_live.app.factory import open_selected
    from granite_live.asr import RecognizerOptions
    from granite_live.settings.vocabulary import Term

    wanted = ModelRequest(
        request.bundle, request.tier, request.provider or "auto", request.is_from_settings
    )
    suited = choose_bundle(wanted, notes)
    graphs = request.graphs
    if graphs == "prepared":
        graphs = prepare_graphs(suited.bundle, suited.choice.provider, notes, stop)
    options = RecognizerOptions(request.skip_editor or "off", request.editing_passes or 1)
    if request.part_s is not None:
        options = replace(options, part_s=request.part_s)
    return open_selected(
        suited,
        request.threads,
        graphs,
        notes.info,
        options=options,
        vocabulary=[Term.parse(line) for line in request.vocabulary],
    )


def prepare_graphs(bundle: Bundle, provider: str, notes: Messages, stop: StopRequest) -> str:
    """Prepare the bundle's graphs if needed; return the form of graphs to use.

    That is "prepared", or "published" after a warning if preparing failed.

    Raises:
        StopRequested: A signal arrived; nothing half-made stays.
    """
    from granite_live.app.model_tasks import ModelPreparation
    from granite_live.asr.providers import first_provider
    from granite_live.models.optimize import check_possible, find_prepared

    place = first_provider(provider, bundle.tier)
    if find_prepared(bundle, place) is not None:
        return "prepared"
    try:
        check_possible(bundle.tier, place)
    except GraniteError as error:
        problem = str(error)
    else:
        preparation = ModelPreparation(bundle.path, bundle.tier, provider, notes.info)
        stop.notify(preparation.stop)
        problem = preparation.run().sentence
        stop.check()
        stop.defer()
    if problem:
        notes.warn(f"The published graphs are used. {problem}")
        return "published"
    return "prepared"


def describe(recognizer: FileRecognizer) -> str:
    """Return tier, provider and threads, such as `int8 on CPU, 2 threads`."""
    info = recognizer.model_info
    places = {
        graph: name.replace("ExecutionProvider", "") for graph, name in info.providers.items()
    }
    if len(set(places.values())) == 1:
        where = next(iter(places.values()))
    else:
        where = ", ".join(f"{place} ({graph})" for graph, place in places.items())
    threads = "1 thread" if recognizer.threads == 1 else f"{recognizer.threads} threads"
    return f"{info.tier} on {where}, {threads}"


def open_store() -> BundleStore:
    """Return the store of installed models, after removing leftovers of killed processes."""
    from granite_live.models.store import BundleStore

    store = BundleStore(paths.models_dir())
    store.remove_leftovers()
    return store


def find_bundle_folder(name: str | None, tier: str | None) -> tuple[Path, str | None]:
    """Return the folder of an installed model, of any bundle, or of the model in use.

    Raises:
        BundleError: The name does not exist.
    """
    from granite_live.app.models import stored_model
    from granite_live.cli.stored_settings import stored_settings
    from granite_live.models.layout import is_name

    if name is None:
        stored_settings(sys.stderr)
        used = stored_model()
        return used.path, tier or used.tier
    if is_name(name) and not Path(name).exists():
        return open_store().find(name).path, tier
    return Path(name), tier
