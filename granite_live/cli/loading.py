"""Loads the recogniser that a request asks for and says what really runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from granite_live.cli.bundles import choose_bundle
from granite_live.cli.notes import Notes
from granite_live.cli.request import TranscribeRequest
from granite_live.errors import GraniteError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from granite_live.bundle import Bundle
    from granite_live.speech import Recognizer
    from granite_live.transcript.model import ModelInfo, Transcript


class RecognizerLike(Protocol):
    """What the commands need of a recogniser; `granite_live.speech.Recognizer` has it."""

    threads: int

    @property
    def sample_rate_hz(self) -> int:
        """The rate of the waveforms it takes."""

    @property
    def max_samples(self) -> int:
        """The longest waveform to give at once."""

    @property
    def gather_s(self) -> float:
        """Seconds of sound worth giving at once; 0 if one waveform after the other does."""

    @property
    def provider_notes(self) -> tuple[str, ...]:
        """Why something else runs than what was asked for."""

    @property
    def model_info(self) -> ModelInfo:
        """Which model it is, and where each graph runs."""

    def transcribe_many(self, waveforms: Sequence[NDArray[np.float32]]) -> list[Transcript]:
        """Return the texts of waveforms [each shape=(samples,)]."""


def load_recognizer(request: TranscribeRequest, notes: Notes) -> Recognizer:
    """Open the request's bundle and its sessions.

    Raises:
        BundleError: The bundle cannot be used.
        ProviderError: onnxruntime cannot run it.
    """
    from granite_live.composition import open_suited

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
        editing_passes=request.editing_passes,
    )


def prepare_graphs(bundle: Bundle, provider: str, notes: Notes) -> str:
    """Make the bundle's prepared graphs if need be; return the form of graphs to use.

    That is "prepared", or "published" after a warning if they cannot be made.
    """
    from granite_live.bundle.prepare import prepare_tier
    from granite_live.speech.providers import first_choice

    try:
        prepare_tier(bundle, first_choice(provider, bundle.tier), notes.say)
    except GraniteError as error:
        notes.warn(f"The published graphs are used. {error}")
        return "published"
    return "prepared"


def describe(recognizer: RecognizerLike) -> str:
    """Return what runs where, such as `int8 on CPU, 2 threads`."""
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
