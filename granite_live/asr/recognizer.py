"""The recognizer: transcribe audio with one opened bundle. Main entry point: `Recognizer.load`.

The calls are the published sequence without approximation. This module adds times, confidences and
the splitting of audio that exceeds the editor's context.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from granite_live.asr import providers, results
from granite_live.asr.certainty import load_thresholds
from granite_live.asr.editing import EditorPasses, slot_count
from granite_live.asr.features import LogMel, check_waveform
from granite_live.asr.graphs import Graphs, measure_pooling
from granite_live.asr.optimized_graphs import GRAPHS_BY_FORM
from granite_live.asr.results import (
    RecognizerDraft,
    make_draft,
    make_transcript,
    unedited_transcript,
)
from granite_live.asr.spotting.vocabulary import ActiveVocabulary
from granite_live.asr.threads import ThreadPlan, as_plan
from granite_live.messages.models import AsrMessage
from granite_live.transcript.model import ModelInfo, Timing, Transcript, joined
from granite_live.util.lifecycle import Closeable
from granite_live.util.process import trim_heap

if TYPE_CHECKING:
    from granite_live.asr.spotting.deciding import DecisionRule
    from granite_live.asr.spotting.spotter import SpottedTerm
    from granite_live.models.bundle import Bundle
    from granite_live.settings.vocabulary import Term

# The share of the editor's context for audio rows; the rest is for the slots. Speech makes about
# 6.5 slots a second against 10 audio rows.
_AUDIO_SHARE = 0.6
# The published model's context takes 245 s, but its int8 tier then needs several GB. The encoder
# attends to a few seconds around each frame, so longer parts do not improve the text.
_PART_S = 60.0


@dataclass(frozen=True, slots=True)
class RecognizerOptions:
    """How a recognizer treats audio.

    Attributes:
        skip_editor: Which drafts are certain enough to skip the editor: "off" none, "safe" or
            "fast" (see `certainty`). If the bundle says that its drafts are plain, none skips the
            editor, however certain its words are.
        editing_passes: The maximum number of editor passes. After the first pass the editor reads
            its own text until it no longer changes.
        part_s: The maximum part [seconds] into which longer audio is split. Memory grows with it;
            the model's own limit also applies.
    """

    skip_editor: str = "off"
    editing_passes: int = 1
    part_s: float = _PART_S


_USUAL = RecognizerOptions()

TermWriter = Callable[[RecognizerDraft, Transcript], Transcript]


def _as_recognized(_draft: RecognizerDraft, transcript: Transcript) -> Transcript:
    return transcript


class Recognizer(Closeable):
    """Transcribes utterances with one bundle. Create it with `load`; a context manager closes it.

    Do not share it between threads: the calls would compete for the same cores.
    """

    def __init__(
        self,
        bundle: Bundle,
        graphs: Graphs,
        threads: int,
        options: RecognizerOptions = _USUAL,
        notes: Sequence[str] = (),
    ) -> None:
        self._bundle = bundle
        self._part_s = options.part_s
        thresholds = load_thresholds(options.skip_editor)
        self._thresholds = None if bundle.drafts_are_plain else thresholds
        self._notes = tuple(notes)
        self._graphs = graphs
        self._editing = EditorPasses(bundle, graphs, options.editing_passes)
        self._features = LogMel(bundle.front_end)
        self.threads = threads
        self._with_terms: TermWriter = _as_recognized
        self._vocabulary: ActiveVocabulary | None = None
        self._rows_per_frame, self._rows_per_embedding = measure_pooling(graphs, bundle)
        if any(set(placed) != {providers.CPU} for placed in graphs.placement.values()):
            self._warm_up()

    @classmethod
    def load(
        cls,
        bundle: Bundle,
        provider: str = "auto",
        intra_op_threads: int | ThreadPlan | None = None,
        options: RecognizerOptions = _USUAL,
        notes: Sequence[str] = (),
    ) -> Self:
        """Open the bundle's graphs.

        Args:
            bundle: From `granite_live.models.opening.open_bundle`.
            provider: "auto", "cpu", "cuda" or "coreml". If unavailable, the CPU is used, and
                `provider_notes` says why.
            intra_op_threads: Threads of a matrix product, or a plan that also says how they
                wait; None uses the physical cores.
            options: How the audio is treated.
            notes: Sentences on earlier decisions, placed first in `provider_notes`.

        Raises:
            ValueError: There is no such `skip_editor`, or `editing_passes` is below 1.
            ProviderError: onnxruntime cannot open or run the graphs at all.
            BundleError: The tokenizer is damaged, or the graphs' outputs are inconsistent.
        """
        if options.editing_passes < 1:
            raise ValueError(f"editing_passes is {options.editing_passes}, it must be at least 1")
        threads = intra_op_threads or providers.physical_core_count()
        graphs = GRAPHS_BY_FORM[bundle.form](bundle, provider, threads)
        # Read by now, but for graphs that are opened one after the other.
        bundle.tokenizer_file.read()
        loaded = cls(bundle, graphs, as_plan(threads).threads, options, notes)
        # onnxruntime converts and packs the weights. The C library would keep what it frees then.
        trim_heap()
        return loaded

    def close(self) -> None:
        """Free the model's memory. Afterwards nothing can be transcribed."""
        self._graphs.close()

    def use_vocabulary(self, terms: Sequence[Term], rule: DecisionRule | None = None) -> None:
        """Write the terms where they were spoken (see `Word.replaced`); no terms end that.

        If the graphs do not return the scores for it, `provider_notes` says so.
        """
        self._with_terms = _as_recognized
        self._vocabulary = None
        self._graphs.watch(np.empty(0, np.int64))
        vocabulary = ActiveVocabulary(terms, self._bundle, rule) if terms else None
        if vocabulary is not None and self._graphs.watch(vocabulary.watched_classes):
            self._with_terms = self._vocabulary = vocabulary
        elif vocabulary is not None:
            self._notes = (*self._notes, AsrMessage.NO_VOCABULARY())

    def watch(self, classes: NDArray[np.int64]) -> bool:
        """Return the scores of `classes` with each draft; say whether the graphs can. No terms."""
        self.use_vocabulary(())
        return self._graphs.watch(classes)

    @property
    def has_vocabulary(self) -> bool:
        """Whether terms are in use, and the graphs return the scores for them."""
        return self._vocabulary is not None

    def spotted(self, draft: RecognizerDraft) -> list[SpottedTerm]:
        """Return where the terms in use may have been spoken, by the scores alone."""
        return [] if self._vocabulary is None else self._vocabulary.find(draft)

    @property
    def bundle(self) -> Bundle:
        """The loaded bundle."""
        return self._bundle

    @property
    def sample_rate_hz(self) -> int:
        """The sample rate that `draft` and `transcribe` expect."""
        return self._bundle.front_end.sample_rate_hz

    @property
    def max_samples(self) -> int:
        """The longest audio [samples] that is transcribed whole; longer audio is split.

        The limit is the smallest of the editor's context at ordinary speaking rate, the graphs'
        fixed lengths, and the `part_s` of the options.
        """
        front_end = self._bundle.front_end
        context = int(_AUDIO_SHARE * self._bundle.max_positions * self._rows_per_embedding)
        asked = int(self._part_s * front_end.sample_rate_hz / front_end.samples_per_row)
        rows = min(context, asked)
        if self._graphs.max_rows is not None:
            rows = min(rows, self._graphs.max_rows)
        return max(2, rows) * front_end.samples_per_row

    @property
    def provider_notes(self) -> tuple[str, ...]:
        """Sentences on why another provider runs than the requested one; usually empty."""
        return (*self._notes, *self._graphs.notes)

    @property
    def placement(self) -> Mapping[str, Mapping[str, providers.NodePlacement]]:
        """The nodes of each graph by provider, as reported by its session."""
        return self._graphs.placement

    @property
    def model_info(self) -> ModelInfo:
        """The model's description, with the providers on which each graph runs."""
        bundle = self._bundle
        return ModelInfo(
            path=str(bundle.path),
            tier=bundle.tier,
            providers={
                name: providers.describe_placement(placed)
                for name, placed in self._graphs.placement.items()
            },
            ctc_blank=bundle.ctc.blank,
            ctc_shift=bundle.ctc.shift,
            is_demo=bundle.is_demo,
        )

    @property
    def batch_window_s(self) -> float:
        """Seconds of audio worth collecting for `transcribe_many`; 0 if batches are no faster."""
        return self._graphs.batch_window_s

    def draft(self, waveform: NDArray[np.floating]) -> RecognizerDraft:
        """Run the encoder and decode its CTC head.

        Args:
            waveform: One utterance, mono, in -1..1, at `sample_rate_hz` [shape=(samples,)]. Audio
                shorter than one feature row, or empty, gives an empty draft.

        Raises:
            AudioError: The samples are not floating-point, not mono or not finite.
            ProviderError: onnxruntime failed.
        """
        return self.draft_many([waveform])[0]

    def draft_many(self, waveforms: Sequence[NDArray[np.floating]]) -> list[RecognizerDraft]:
        """Return the drafts of several utterances, encoded as a batch where the graphs allow it.

        Each draft's timing is its share of the total. Arguments and errors as for `draft`.
        """
        sounds = [check_waveform(one, self.sample_rate_hz) for one in waveforms]
        began = time.perf_counter()
        features = [self._features(sound) for sound in sounds]
        featured = time.perf_counter()
        encoded = iter(self._graphs.encode_many([one for one in features if one.shape[1]]))
        encoder_s = time.perf_counter() - featured
        row_s = self._bundle.front_end.samples_per_row / self.sample_rate_hz
        drafts = [
            make_draft(
                self._bundle,
                next(encoded) if rows.shape[1] else None,
                self._rows_per_frame * row_s,
                len(sound) / self.sample_rate_hz,
                self._thresholds,
            )
            for sound, rows in zip(sounds, features, strict=True)
        ]
        spent = Timing(featured - began, encoder_s, 0.0, time.perf_counter() - began)
        whole = max(1, sum(one.shape[1] for one in features))
        return [
            replace(draft, timing=spent.scaled(rows.shape[1] / whole))
            for draft, rows in zip(drafts, features, strict=True)
        ]

    def edit(self, draft: RecognizerDraft, hypothesis: Sequence[int] | None = None) -> Transcript:
        """Run the editor on the draft, or on another hypothesis for the same audio.

        Args:
            draft: From `draft`. If it is empty and there is no hypothesis, the editor does not run
                and the transcript is empty. If it is certain (see `RecognizerOptions`), the editor
                does not run, and the transcript has `editor_skipped` set.
            hypothesis: Token ids in place of the draft's, such as a user's correction. The editor
                always reads them, also if the draft is certain.

        Raises:
            ValueError: The hypothesis has an id outside the vocabulary, or draft and hypothesis
                exceed the editor's context (see `fits`).
            ProviderError: onnxruntime failed.
        """
        ids = draft.token_ids if hypothesis is None else tuple(int(token) for token in hypothesis)
        if hypothesis is None and not ids:
            return self.transcript_of_draft(draft)
        if hypothesis is None and self._is_certain(draft):
            draft_text = replace(self.transcript_of_draft(draft), editor_skipped=True)
            return self._with_terms(draft, draft_text)
        count = self._bundle.vocab_size
        if not all(0 <= token < count for token in ids):
            raise ValueError(f"hypothesis has an id outside 0..{count - 1}")
        edited = self._run_editor([(draft, ids)])[0]
        return edited if hypothesis is not None else self._with_terms(draft, edited)

    def edit_many(self, drafts: Sequence[RecognizerDraft]) -> list[Transcript]:
        """Run the editor on several drafts, as a batch where the graphs allow it.

        Each transcript's timing includes its share of the total. Errors as for `edit`.
        """
        doubtful = {k: d for k, d in enumerate(drafts) if d.token_ids and not self._is_certain(d)}
        edited = self._run_editor([(draft, draft.token_ids) for draft in doubtful.values()])
        read = dict(zip(doubtful, map(self._with_terms, doubtful.values(), edited), strict=True))
        return [read[k] if k in read else self.edit(one) for k, one in enumerate(drafts)]

    def transcript_of_draft(self, draft: RecognizerDraft) -> Transcript:
        """Return the draft as a transcript, to show before the editor has run."""
        return unedited_transcript(self._bundle, draft)

    def transcribe(self, waveform: NDArray[np.floating]) -> Transcript:
        """Return the transcript of audio of any length: `draft`, then `edit`.

        Audio longer than `max_samples` is split at its quietest places, never truncated. Arguments
        and errors as for `draft`.
        """
        sound = check_waveform(waveform, self.sample_rate_hz)
        if len(sound) <= self.max_samples:
            return self._transcribe_part(sound)
        done = [
            self._transcribe_part(part.waveform).shifted(part.start_sample / self.sample_rate_hz)
            for part in results.split(sound, self.max_samples, self.sample_rate_hz)
        ]
        return joined(done)

    def transcribe_many(self, waveforms: Sequence[NDArray[np.floating]]) -> list[Transcript]:
        """Return the transcripts of several recordings of any length, in batches if that is faster.

        Arguments and errors as for `draft`.
        """
        if not self.batch_window_s:
            return [self.transcribe(one) for one in waveforms]
        short = [k for k, one in enumerate(waveforms) if len(one) <= self.max_samples]
        drafts = dict(zip(short, self.draft_many([waveforms[k] for k in short]), strict=True))
        readable = {k: draft for k, draft in drafts.items() if self._fits_or_empty(draft)}
        done = dict(zip(readable, self.edit_many(list(readable.values())), strict=True))
        return [done[k] if k in done else self.transcribe(one) for k, one in enumerate(waveforms)]

    def fits(self, draft: RecognizerDraft) -> bool:
        """Return whether the draft fits the editor's context."""
        return self._editing.fits(draft, len(draft.token_ids))

    def _is_certain(self, draft: RecognizerDraft) -> bool:
        thresholds, certainty = self._thresholds, draft.certainty
        return thresholds is not None and certainty is not None and thresholds.is_certain(certainty)

    def _fits_or_empty(self, draft: RecognizerDraft) -> bool:
        return not draft.token_ids or self.fits(draft)

    def _run_editor(
        self, given: Sequence[tuple[RecognizerDraft, tuple[int, ...]]]
    ) -> list[Transcript]:
        """Run the editor on token ids and the audio of each draft."""
        bundle = self._bundle
        for draft, ids in given:
            if not self._editing.fits(draft, len(ids)):
                raise ValueError(
                    f"{len(draft.audio_rows)} audio rows and {slot_count(len(ids))} slots exceed "
                    f"what the editor takes (its context is {bundle.max_positions})"
                )
        if not given:
            return []
        began = time.perf_counter()
        read, passes = self._editing.edit_until_stable(given)
        editor_s = time.perf_counter() - began
        transcripts = [
            replace(make_transcript(bundle, draft, ids, edited), editing_passes=count)
            for (draft, ids), edited, count in zip(given, read, passes, strict=True)
        ]
        spent = Timing(0.0, 0.0, editor_s, time.perf_counter() - began)
        rows = [
            count * (len(draft.audio_rows) + slot_count(len(ids)))
            for (draft, ids), count in zip(given, passes, strict=True)
        ]
        whole = sum(rows)
        return [
            replace(one, timing=one.timing + spent.scaled(count / whole))
            for one, count in zip(transcripts, rows, strict=True)
        ]

    def _transcribe_part(self, sound: NDArray[np.float32]) -> Transcript:
        draft = self.draft(sound)
        if self._fits_or_empty(draft):
            return self.edit(draft)
        # The speech is too fast for the context. Half the audio has about half the words.
        rate_hz = self.sample_rate_hz
        halves = results.split_in_half(sound, rate_hz)
        done = [
            self._transcribe_part(half.waveform).shifted(half.start_sample / rate_hz)
            for half in halves
        ]
        return joined(done)

    def _warm_up(self) -> None:
        """Run the editor once, because a device's first run takes far longer."""
        nothing = self.draft(np.zeros(0, np.float32))
        self._run_editor([(nothing, nothing.token_ids)])
