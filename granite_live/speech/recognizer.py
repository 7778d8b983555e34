"""The recogniser: one bundle, opened, as a function from sound to text.

The call sequence is the published one; nothing is approximated. What it adds is
bookkeeping: times, confidences, and cutting sound that exceeds the editor's context.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from granite_live.bundle.description import Form
from granite_live.closing import Closing
from granite_live.errors import BundleError
from granite_live.speech import parts, providers
from granite_live.speech.certainty import Rule, rule_for
from granite_live.speech.draft import Draft
from granite_live.speech.editing import Editing
from granite_live.speech.features import LogMel, checked_waveform
from granite_live.speech.fixed_graphs import FixedGraphs
from granite_live.speech.graphs import Graphs
from granite_live.speech.joint_graphs import JointGraphs
from granite_live.speech.prepared_graphs import PreparedGraphs
from granite_live.speech.results import make_draft, make_transcript, unedited_transcript
from granite_live.speech.slots import slot_count
from granite_live.speech.threads import ThreadPlan, as_plan
from granite_live.transcript.model import ModelInfo, Timing, Transcript, joined

if TYPE_CHECKING:
    from granite_live.bundle.description import Bundle

# Feature rows of the trial run at load. A multiple of every pooling in use (2, 4 and 5
# rows), so that the lengths of its outputs give the poolings exactly.
_PROBE_ROWS = 60
# The share of the editor's context that audio rows may take in one part; the rest is for
# the slots. Speech makes about 6.5 slots a second against 10 audio rows, which is this.
_AUDIO_SHARE = 0.6
PART_S = 60.0
"""The longest part that a sound is cut into, where nothing else is asked for.

The context of the published model takes 245 s, for which its int8 tier works in several GB. The
encoder hears some seconds around each frame, so longer parts are no better understood.
"""

_GRAPHS: Mapping[Form, type[Graphs]] = {
    Form.PUBLISHED: Graphs,
    Form.PREPARED: PreparedGraphs,
    Form.JOINT: JointGraphs,
    Form.FIXED: FixedGraphs,
}


class Recognizer(Closing):
    """Transcribes utterances with one bundle. Use `load`; a context manager closes it.

    Not for use from several threads at once: onnxruntime would allow it, but the calls
    would fight for the same cores.
    """

    def __init__(
        self,
        bundle: Bundle,
        graphs: Graphs,
        threads: int,
        notes: Sequence[str] = (),
        certain: Rule | None = None,
        part_s: float = PART_S,
        editing_passes: int = 1,
    ) -> None:
        self._bundle = bundle
        self._part_s = part_s
        self._certain = certain
        self._notes = tuple(notes)
        self._graphs = graphs
        self._editing = Editing(bundle, graphs, editing_passes)
        self._features = LogMel(bundle.front_end)
        self.threads = threads
        self._rows_per_frame, self._rows_per_embedding = self._probe()
        if any(set(placed) != {providers.CPU} for placed in graphs.placement.values()):
            self._warm_up()

    @classmethod
    def load(
        cls,
        bundle: Bundle,
        provider: str = "auto",
        intra_op_threads: int | ThreadPlan | None = None,
        notes: Sequence[str] = (),
        skip_editor: str = "off",
        part_s: float = PART_S,
        editing_passes: int = 1,
    ) -> Self:
        """Open the bundle's graphs.

        Args:
            bundle: From `granite_live.bundle.open_bundle`.
            provider: "auto", "cpu", "cuda" or "coreml". One that cannot be had is
                replaced by the processor, and `provider_notes` says why.
            intra_op_threads: Threads of a matrix product, or a plan that also says how they
                wait; None takes the physical cores.
            notes: Sentences on what came before, to stand first in `provider_notes`.
            skip_editor: Which drafts are certain enough that the editor does not read them:
                "off" none, "safe" or "fast" (see `certainty`).
            part_s: The longest part [seconds] that longer sound is cut into. Memory grows with
                it; where the model takes less, parts are as long as it takes.
            editing_passes: How often the editor reads, at most: after the first pass it reads its
                own text, until that does not change any more.

        Raises:
            ValueError: `skip_editor` is none of these, or `editing_passes` is below 1.
            ProviderError: onnxruntime cannot open or run the graphs at all.
            BundleError: The graphs run, but their outputs make no sense together.
        """
        if editing_passes < 1:
            raise ValueError(f"editing_passes is {editing_passes}, it must be at least 1")
        certain = rule_for(skip_editor)
        threads = intra_op_threads or providers.default_threads()
        graphs = _GRAPHS[bundle.form](bundle, provider, threads)
        count = as_plan(threads).threads
        return cls(bundle, graphs, count, notes, certain, part_s, editing_passes)

    def close(self) -> None:
        """Give the model's memory back. Afterwards nothing can be transcribed."""
        self._graphs.close()

    @property
    def bundle(self) -> Bundle:
        """What was loaded."""
        return self._bundle

    @property
    def sample_rate_hz(self) -> int:
        """The rate the sound must have."""
        return self._bundle.front_end.sample_rate_hz

    @property
    def max_samples(self) -> int:
        """The longest sound that is transcribed whole; what is longer is cut into parts.

        It fits the editor's context at the pace of ordinary speech and the graphs, where their
        lengths are fixed, and it is no longer than the parts that `load` was asked for.
        """
        front_end = self._bundle.front_end
        context = int(_AUDIO_SHARE * self._bundle.max_positions * self._rows_per_embedding)
        asked = int(self._part_s * front_end.sample_rate_hz / front_end.samples_per_row)
        rows = min(context, asked)
        if self._graphs.most_rows is not None:
            rows = min(rows, self._graphs.most_rows)
        return max(2, rows) * front_end.samples_per_row

    @property
    def provider_notes(self) -> tuple[str, ...]:
        """Why something else runs than what was asked for, in sentences; mostly empty."""
        return (*self._notes, *self._graphs.notes)

    @property
    def placement(self) -> Mapping[str, Mapping[str, providers.Placed]]:
        """What of each graph is on which provider, as its session says."""
        return self._graphs.placement

    @property
    def model_info(self) -> ModelInfo:
        """Which model this is, and on what each of its graphs runs, as its session says."""
        bundle = self._bundle
        return ModelInfo(
            path=str(bundle.path),
            tier=bundle.tier,
            providers={
                name: providers.describe(placed) for name, placed in self._graphs.placement.items()
            },
            ctc_blank=bundle.ctc.blank,
            ctc_shift=bundle.ctc.shift,
            is_demo=bundle.is_demo,
        )

    @property
    def gather_s(self) -> float:
        """Seconds of sound worth collecting for one `transcribe_many`; 0 if one at a time does."""
        return self._graphs.gather_s

    def draft(self, waveform: NDArray[np.floating]) -> Draft:
        """Run the encoder and read its CTC head.

        Args:
            waveform: One utterance, mono, in -1..1, at `sample_rate_hz` [shape=(samples,)].
                Less than one feature row of it, down to nothing, is an empty draft.

        Raises:
            AudioError: The samples are not floating-point, not mono or not finite.
            ProviderError: onnxruntime failed.
        """
        return self.drafts([waveform])[0]

    def drafts(self, waveforms: Sequence[NDArray[np.floating]]) -> list[Draft]:
        """Return the drafts of several utterances, which may go through the encoder together.

        Each is told its share of the time. Arguments and errors as for `draft`.
        """
        sounds = [checked_waveform(one, self.sample_rate_hz) for one in waveforms]
        began = time.perf_counter()
        features = [self._features(sound) for sound in sounds]
        featured = time.perf_counter()
        encoded = iter(self._graphs.encode_many([one for one in features if one.shape[1]]))
        encoder_s = time.perf_counter() - featured
        frame_s = self._rows_per_frame * self._bundle.front_end.samples_per_row
        frame_s /= self.sample_rate_hz
        drafts = [
            make_draft(
                self._bundle,
                next(encoded) if rows.shape[1] else None,
                frame_s,
                len(sound) / self.sample_rate_hz,
                self._certain,
            )
            for sound, rows in zip(sounds, features, strict=True)
        ]
        spent = Timing(featured - began, encoder_s, 0.0, time.perf_counter() - began)
        whole = max(1, sum(one.shape[1] for one in features))
        return [
            replace(draft, timing=spent.share(rows.shape[1] / whole))
            for draft, rows in zip(drafts, features, strict=True)
        ]

    def edit(self, draft: Draft, hypothesis: Sequence[int] | None = None) -> Transcript:
        """Let the editor read the draft, or another hypothesis, beside the sound.

        Args:
            draft: From `draft`. If it is empty and there is no hypothesis, nothing was
                said: the editor is not run and the transcript is empty. If it is certain (see
                `load`), it is not run either, and the transcript says so.
            hypothesis: Token ids for the slots in place of the draft's, such as a user's
                correction. The editor reads them, however certain the draft is.

        Raises:
            ValueError: The hypothesis has an id outside the vocabulary, or draft and
                hypothesis exceed the editor's context (see `fits`).
            ProviderError: onnxruntime failed.
        """
        bundle = self._bundle
        ids = draft.token_ids if hypothesis is None else tuple(int(token) for token in hypothesis)
        if hypothesis is None and not ids:
            return self.unedited(draft)
        if hypothesis is None and self._is_certain(draft):
            return replace(self.unedited(draft), editor_skipped=True)
        if not all(0 <= token < bundle.vocab_size for token in ids):
            raise ValueError(f"hypothesis has an id outside 0..{bundle.vocab_size - 1}")
        return self._edited([(draft, ids)])[0]

    def edits(self, drafts: Sequence[Draft]) -> list[Transcript]:
        """Let the editor read several drafts, which may go through it together.

        Each is told its share of the time. Errors as for `edit`.
        """
        doubtful = {k: d for k, d in enumerate(drafts) if d.token_ids and not self._is_certain(d)}
        edited = self._edited([(draft, draft.token_ids) for draft in doubtful.values()])
        read = dict(zip(doubtful, edited, strict=True))
        return [read[k] if k in read else self.edit(one) for k, one in enumerate(drafts)]

    def unedited(self, draft: Draft) -> Transcript:
        """Return the draft itself as a transcript, for showing before the editor has run."""
        return unedited_transcript(self._bundle, draft)

    def transcribe(self, waveform: NDArray[np.floating]) -> Transcript:
        """Return the transcript of sound of any length: `draft`, then `edit`.

        Sound of more than `max_samples` is cut at its quietest places, never truncated.
        Arguments and errors as for `draft`.
        """
        sound = checked_waveform(waveform, self.sample_rate_hz)
        if len(sound) <= self.max_samples:
            return self._transcribe_part(sound)
        done = [
            self._transcribe_part(part.waveform).shifted(part.start_sample / self.sample_rate_hz)
            for part in parts.split(sound, self.max_samples, self.sample_rate_hz)
        ]
        return joined(done)

    def transcribe_many(self, waveforms: Sequence[NDArray[np.floating]]) -> list[Transcript]:
        """Return the transcripts of several sounds of any length; together where that is quicker.

        Arguments and errors as for `draft`.
        """
        if not self.gather_s:
            return [self.transcribe(one) for one in waveforms]
        short = [k for k, one in enumerate(waveforms) if len(one) <= self.max_samples]
        drafts = dict(zip(short, self.drafts([waveforms[k] for k in short]), strict=True))
        readable = {k: draft for k, draft in drafts.items() if self._is_readable(draft)}
        done = dict(zip(readable, self.edits(list(readable.values())), strict=True))
        return [done[k] if k in done else self.transcribe(one) for k, one in enumerate(waveforms)]

    def fits(self, draft: Draft, tokens: int | None = None) -> bool:
        """Say whether the draft (or `tokens` tokens in its place) fits the editor's context."""
        count = len(draft.token_ids) if tokens is None else tokens
        return self._editing.fits(draft, count)

    def _is_certain(self, draft: Draft) -> bool:
        if self._certain is None or draft.certainty is None:
            return False
        return self._certain.holds(draft.certainty)

    def _is_readable(self, draft: Draft) -> bool:
        """Say whether the editor can read the draft, or need not."""
        return not draft.token_ids or self.fits(draft)

    def _edited(self, given: Sequence[tuple[Draft, tuple[int, ...]]]) -> list[Transcript]:
        """Return what the editor makes of token ids beside the sound of a draft."""
        bundle = self._bundle
        for draft, ids in given:
            if not self.fits(draft, len(ids)):
                raise ValueError(
                    f"{len(draft.audio_rows)} audio rows and {slot_count(len(ids))} slots exceed "
                    f"what the editor takes (its context is {bundle.max_positions})"
                )
        if not given:
            return []
        began = time.perf_counter()
        read, passes = self._editing.read_until_unchanged(given)
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
            replace(one, timing=one.timing + spent.share(count / whole))
            for one, count in zip(transcripts, rows, strict=True)
        ]

    def _transcribe_part(self, sound: NDArray[np.float32]) -> Transcript:
        draft = self.draft(sound)
        if self._is_readable(draft):
            return self.edit(draft)
        # Someone speaks faster than the context allows for: half the sound has half the words.
        halves = parts.halves(sound, self.sample_rate_hz)
        return joined(
            [
                self._transcribe_part(half.waveform).shifted(
                    half.start_sample / self.sample_rate_hz
                )
                for half in halves
            ]
        )

    def _probe(self) -> tuple[float, float]:
        """Run the encoder once; return its feature rows per CTC frame and per audio row.

        It also pays onnxruntime's first-run costs before the first utterance has to.
        """
        rows = _PROBE_ROWS
        dim = self._bundle.front_end.feature_dim
        encoded = self._graphs.encode(np.zeros((1, rows, dim), np.float32))
        frames, embeddings = len(encoded.ctc_scores), encoded.audio_length
        if not 0 < frames <= rows or not 0 < embeddings <= rows or len(encoded.ctc_mask) != frames:
            raise BundleError(
                f"The encoder of {self._bundle.path} makes {frames} CTC frames and {embeddings} "
                f"audio rows of {rows} feature rows, which cannot be: it is another kind of model."
            )
        return rows / frames, rows / embeddings

    def _warm_up(self) -> None:
        """Run the editor once, as `_probe` the encoder: a device's first run takes far longer."""
        nothing = self.draft(np.zeros(0, np.float32))
        self._edited([(nothing, nothing.token_ids)])
