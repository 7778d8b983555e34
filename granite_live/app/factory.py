"""Build a session from its parts. Imported by both front ends.

Slow imports are inside the functions that need them.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from granite_live.messages.models import ModelMessage
from granite_live.settings import Keep, Settings
from granite_live.transcript.polish import Polish
from granite_live.util.errors import GraniteError

if TYPE_CHECKING:
    from granite_live.asr.recognizer import Recognizer, RecognizerOptions
    from granite_live.asr.threads import ThreadPlan
    from granite_live.audio.journal import Journal
    from granite_live.audio.source import AudioSource
    from granite_live.models.bundle import Bundle
    from granite_live.models.selection import SelectedModel
    from granite_live.session.echo import RemoveEcho
    from granite_live.session.events import SessionEvent
    from granite_live.session.messages import ModelSpec
    from granite_live.session.recovery import (
        RecoverableSession,
        RecoveryCancellation,
        RecoveryResult,
    )
    from granite_live.session.session import Session
    from granite_live.settings.vocabulary import Term
    from granite_live.vad.segmenter import Segmenter

RECOGNIZER_FACTORY = f"{__name__}:load_worker_recognizer"
"""The import path of the recognizer's factory, for the worker process of live sessions."""

FILE_RECOGNIZER_FACTORY = f"{__name__}:load_file_recognizer"
"""The import path of the recognizer's factory, for a worker process that transcribes files."""


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """The user's choices for a session.

    `silence_ms` of silence end an utterance; `detector` names the voice detector (None: the
    default); without `keep_sound` the recording is deleted when every utterance has its text.
    With `keep_echo` the microphone is transcribed with what it picks up from the loudspeakers.
    After `idle_s` seconds without speech the model is freed until the next utterance begins. Events
    are polished for the listener; the journal keeps the model's text.
    """

    silence_ms: int | None = None
    detector: str | None = None
    drafts: bool = True
    keep_sound: bool = True
    keep_echo: bool = False
    idle_s: float | None = None
    polish: Polish = field(default_factory=Polish)

    @classmethod
    def of(cls, stored: Settings, *, is_dictation: bool = False) -> Self:
        """Return the choices for a session, or a dictation session, by the stored settings."""
        is_quick = is_dictation and stored.dictation_quick
        return cls(
            silence_ms=stored.dictation_silence_ms if is_quick else stored.silence_ms,
            detector=stored.detector,
            keep_sound=stored.keep.keep is not Keep.TEXT,
            keep_echo=stored.keep_echo,
            idle_s=60.0 * stored.idle_minutes or None,
            polish=Polish(stored.replacements, stored.sentence_case),
        )


def open_selected(
    selected: SelectedModel,
    intra_op_threads: int | None = None,
    graphs: str = "auto",
    on_progress: Callable[[str], None] | None = None,
    *,
    live: bool = False,
    options: RecognizerOptions | None = None,
    vocabulary: Sequence[Term] = (),
) -> Recognizer:
    """Open the selected model; select again if CoreML takes too little of it.

    Only opening the model shows that. `provider_notes` then has the reason. `vocabulary` are the
    terms to listen for. For the other arguments see `open_recognizer`.

    Raises:
        GraniteError: Not even the published graphs can be used.
    """
    from granite_live.models.selection import reconsider

    def load(what: SelectedModel, notes: tuple[str, ...] = ()) -> Recognizer:
        opened = open_recognizer(
            what.bundle,
            what.choice.provider,
            intra_op_threads,
            graphs,
            on_progress,
            live=live,
            options=options,
            notes=notes,
        )
        if vocabulary:
            opened.use_vocabulary(vocabulary)
        return opened

    loaded = load(selected)
    if selected.choice.provider != "coreml":
        return loaded
    better = reconsider(selected, _coreml_share(loaded))
    if better is None:
        return loaded
    loaded.close()  # frees its memory first
    return load(better, (better.choice.reason,))


def open_recognizer(
    bundle: Bundle,
    provider: str = "auto",
    intra_op_threads: int | ThreadPlan | None = None,
    graphs: str = "auto",
    on_progress: Callable[[str], None] | None = None,
    *,
    live: bool = False,
    options: RecognizerOptions | None = None,
    notes: tuple[str, ...] = (),
) -> Recognizer:
    """Open a bundle with its published graphs, or with those prepared for this machine.

    Args:
        bundle: A bundle opened with its published graphs.
        provider: See `Recognizer.load`.
        intra_op_threads: See `Recognizer.load`. On the CPU None uses the number measured on this
            machine at the first use of a model.
        graphs: "published"; "prepared", which are made if missing; "auto" uses prepared graphs if
            they exist. If they fail, the published ones are used, and `provider_notes` says why.
        on_progress: Called with sentences while graphs are made and threads are measured.
        live: Whether a live session uses it, which leaves CPU cores to other programs.
        options: How the audio is treated; None for the defaults.
        notes: Sentences that come first in `provider_notes`.

    Raises:
        GraniteError: Not even the published graphs can be used.
    """
    from granite_live.app.model_speed import speech_features
    from granite_live.asr import Recognizer, RecognizerOptions
    from granite_live.asr.providers import first_provider
    from granite_live.models.optimize import find_prepared, prepare_tier

    def load(form: Bundle) -> Recognizer:
        threads = intra_op_threads or _plan_threads(form, provider, on_progress, live=live)
        loaded = Recognizer.load(form, provider, threads, options or RecognizerOptions(), notes)
        _keep_coreml_share(bundle, provider, loaded)
        return loaded

    if graphs != "published":
        place = first_provider(provider, bundle.tier)
        try:
            if graphs == "prepared":
                ready: Bundle | None = prepare_tier(
                    bundle,
                    place,
                    on_progress or (lambda _: None),
                    sounds=lambda: speech_features(bundle.front_end),
                )
            else:
                ready = find_prepared(bundle, place)
            if ready is not None:
                loaded = load(ready)
                # A measured speed may ask for another form, once for each form.
                while intra_op_threads is None and _measure(ready, place, loaded, on_progress):
                    better = find_prepared(bundle, place)
                    if better is None or better.form is ready.form:
                        break
                    loaded.close()  # frees its memory first
                    ready, loaded = better, load(better)
                return loaded
        except GraniteError as error:
            notes = (*notes, ModelMessage.PUBLISHED_GRAPHS_USED(reason=error))
    return load(bundle)


def _measure(
    prepared: Bundle, place: str, loaded: Recognizer, on_progress: Callable[[str], None] | None
) -> bool:
    """Measure and keep the speed of a prepared form on this CPU unless it is known.

    Return whether it was measured.
    """
    from granite_live.app.model_speed import measure_speed
    from granite_live.messages.models import FormMessage
    from granite_live.models.bundle import CPU
    from granite_live.models.optimize import note_speed

    if place != CPU or prepared.speed is not None:
        return False
    if on_progress is not None:
        on_progress(FormMessage.MEASURING())
    note_speed(prepared, measure_speed(loaded))
    return True


def _keep_coreml_share(bundle: Bundle, provider: str, loaded: Recognizer) -> None:
    """Store the share of the model that CoreML took, for the selection at the next start."""
    if provider == "coreml":
        from granite_live.models.selection.machine_facts import store_coreml_share

        store_coreml_share(bundle.path, bundle.tier, _coreml_share(loaded))


def _coreml_share(loaded: Recognizer) -> float:
    """Return the share of the model's nodes that CoreML took, 0..1."""
    from granite_live.models.bundle import COREML

    nodes = [one for placed in loaded.placement.values() for one in placed.items()]
    total = sum(placed.nodes for _name, placed in nodes)
    taken = sum(placed.nodes for name, placed in nodes if name == COREML)
    return taken / max(1, total)


def _plan_threads(
    bundle: Bundle, provider: str, on_progress: Callable[[str], None] | None, *, live: bool
) -> ThreadPlan | None:
    from granite_live.asr.providers import CPU, first_provider
    from granite_live.asr.thread_tuning import choose_threads

    if first_provider(provider, bundle.tier) != CPU:
        return None
    return choose_threads(bundle, live=live, on_progress=on_progress or (lambda _: None)).plan


def load_worker_recognizer(spec: ModelSpec) -> Recognizer:
    """Load the model for live sessions. Runs inside the worker process; see `session.protocols`.

    Raises:
        GraniteError: It cannot be loaded.
    """
    from granite_live.util.process import lower_priority, physical_core_count

    recognizer = _load(spec, live=True)
    alone = multiprocessing.parent_process() is not None  # nothing else runs in this process
    if alone and recognizer.threads >= physical_core_count():
        lower_priority()  # all cores are used, so give other programs priority
    return recognizer


def load_file_recognizer(spec: ModelSpec) -> Recognizer:
    """Load the model for files, with the threads and the priority that `transcribe` has.

    Raises:
        GraniteError: It cannot be loaded.
    """
    return _load(spec, live=False)


def _load(spec: ModelSpec, *, live: bool) -> Recognizer:
    from granite_live.asr import RecognizerOptions
    from granite_live.models.opening import open_bundle
    from granite_live.models.selection import SelectedModel, TierChoice, open_best_tier
    from granite_live.settings.vocabulary import Term
    from granite_live.util.process import physical_core_count

    path = Path(spec.bundle_path)
    if spec.tier is None or spec.provider == "auto":  # not selected yet
        suited = open_best_tier(path, spec.tier, spec.provider)
    else:
        decided = TierChoice(
            spec.tier,
            spec.provider,
            physical_core_count(),
            reason="",
            is_tier_asked=spec.is_tier_asked,
            is_provider_asked=spec.is_provider_asked,
        )
        suited = SelectedModel(open_bundle(path, spec.tier), decided)
    return open_selected(
        suited,
        spec.intra_op_threads,
        spec.graphs,
        live=live,
        options=RecognizerOptions(spec.skip_editor, spec.editing_passes),
        vocabulary=[Term.parse(line) for line in spec.vocabulary],
    )


def make_session(
    source: AudioSource,
    model: ModelSpec,
    journal: Journal,
    listener: Callable[[SessionEvent], None],
    settings: SessionSettings | None = None,
    system_source: AudioSource | None = None,
) -> Session:
    """Return a session, not yet started, that takes ownership of the sources and `journal`.

    With `system_source`, the computer's own output is recorded on the journal's second track.

    Raises:
        GraniteError: The voice detector cannot be loaded.
    """
    from granite_live.app.listeners import polish_events
    from granite_live.audio.resampling import Resampler
    from granite_live.session.lane import LaneParts
    from granite_live.session.session import SAMPLE_RATE_HZ, Session, SessionParts
    from granite_live.session.worker_process import WorkerTimeouts
    from granite_live.transcript.model import Track

    settings = settings or SessionSettings()
    second = None
    if system_source is not None:
        second = LaneParts(
            source=system_source,
            resampler=Resampler(SAMPLE_RATE_HZ),
            segmenter=make_segmenter(settings),
            read_older=partial(journal.read, track=Track.SYSTEM),
        )
    parts = SessionParts(
        source=source,
        resampler=Resampler(SAMPLE_RATE_HZ),
        journal=journal,
        read_older=journal.read,
        segmenter=make_segmenter(settings),
        factory=RECOGNIZER_FACTORY,
        model=model,
        drafts=settings.drafts,
        keep_sound=settings.keep_sound,
        system_sound=second,
        remove_echo=echo_remover(settings),
        cutter=None if second is None else make_segmenter(settings),
        timeouts=WorkerTimeouts(idle_s=settings.idle_s),
    )
    return Session(parts, polish_events(settings.polish, listener))


def transcribe_missing(
    session: RecoverableSession,
    model: ModelSpec,
    settings: SessionSettings,
    listener: Callable[[SessionEvent], None],
    cancellation: RecoveryCancellation,
) -> RecoveryResult:
    """Transcribe what a stored session lacks, as a session with these settings would.

    Raises:
        GraniteError: See `session.recovery.recover`, or the voice detector cannot be loaded.
    """
    from granite_live.app.listeners import polish_events
    from granite_live.session.recovery import recover

    return recover(
        session,
        make_segmenter(settings),
        RECOGNIZER_FACTORY,
        model,
        polish_events(settings.polish, listener),
        cancellation=cancellation,
        remove_echo=echo_remover(settings),
    )


def echo_remover(settings: SessionSettings) -> RemoveEcho | None:
    """Return what removes the loudspeakers' echo; None if the settings keep the echo."""
    if settings.keep_echo:
        return None
    from granite_live.audio.echo import remove_echo

    return remove_echo


def make_segmenter(settings: SessionSettings | None = None) -> Segmenter:
    """Return the segmenter for sessions, recovery and `transcribe`.

    Raises:
        GraniteError: The voice detector cannot be loaded.
    """
    from granite_live.vad.detectors import DEFAULT_DETECTOR, make_detector
    from granite_live.vad.events import SegmenterSettings
    from granite_live.vad.segmenter import Segmenter

    settings = settings or SessionSettings()
    chosen = SegmenterSettings()
    if settings.silence_ms is not None:
        keep_ms = min(chosen.keep_silence_ms, settings.silence_ms)
        chosen = SegmenterSettings(silence_ms=settings.silence_ms, keep_silence_ms=keep_ms)
    return Segmenter(make_detector(settings.detector or DEFAULT_DETECTOR), chosen)
