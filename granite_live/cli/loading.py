"""Loads the requested recognizer and describes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from granite_live.cli.bundles import choose_bundle
from granite_live.cli.notes import Notes
from granite_live.cli.request import TranscribeRequest
from granite_live.util.errors import GraniteError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from granite_live.asr import Recognizer
    from granite_live.models.description import Bundle
    from granite_live.transcript.model import ModelInfo, Transcript


class RecognizerLike(Protocol):
    """The recognizer interface of the commands, as in `granite_live.asr.Recognizer`."""

    threads: int

    @property
    def sample_rate_hz(self) -> int:
        """The sample rate of its waveforms in Hz."""

    @property
    def max_samples(self) -> int:
        """The longest waveform per call, in samples."""

    @property
    def gather_s(self) -> float:
        """Seconds of audio worth batching; 0 if batching does not help."""

    @property
    def provider_notes(self) -> tuple[str, ...]:
        """Why it runs on other providers than requested."""

    @property
    def model_info(self) -> ModelInfo:
        """The model and the provider of each graph."""

    def transcribe_many(self, waveforms: Sequence[NDArray[np.float32]]) -> list[Transcript]:
        """Return the texts of waveforms [each shape=(samples,)]."""


def load_recognizer(request: TranscribeRequest, notes: Notes) -> Recognizer:
    """Open the request's bundle and its onnxruntime sessions.

    Raises:
        BundleError: The bundle is unusable.
        ProviderError: onnxruntime cannot run it.
    """
    from granite_live.app.composition import open_suited

    suited = choose_bundle(
        request.bundle,
        request.tier,
        notes,
        provider=request.provider or "auto",
        is_wish=request.is_wish,
    )
    return open_suited(
        suited,
        request.threads,
        request.graphs,
        notes.say,
        skip_editor=request.skip_editor or "off",
        part_s=request.part_s,
        editing_passes=request.editing_passes or 1,
    )


def prepare_graphs(bundle: Bundle, provider: str, notes: Notes) -> str:
    """Prepare the bundle's graphs if needed; return the form of graphs to use.

    That is "prepared", or "published" after a warning if preparing failed.
    """
    from granite_live.asr.providers import first_choice
    from granite_live.models.optimize import prepare_tier

    try:
        prepare_tier(bundle, first_choice(provider, bundle.tier), notes.say)
    except GraniteError as error:
        notes.warn(f"The published graphs are used. {error}")
        return "published"
    return "prepared"


def describe(recognizer: RecognizerLike) -> str:
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
