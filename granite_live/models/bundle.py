"""What an opened bundle says of itself: frozen, complete, and already checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from granite_live.models.metadata import TokenizerFile


@dataclass(frozen=True, slots=True)
class FrontEnd:
    """The log-mel front end's parameters. Lengths are in samples."""

    sample_rate_hz: int = 16000
    n_fft: int = 512
    win_length: int = 400
    hop_length: int = 160
    n_mels: int = 80
    frame_stack: int = 2
    """Mel frames stacked into one row of `input_features`."""

    @property
    def samples_per_row(self) -> int:
        """Audio samples per row of `input_features`."""
        return self.hop_length * self.frame_stack

    @property
    def feature_dim(self) -> int:
        """Width of one row of `input_features`."""
        return self.n_mels * self.frame_stack


@dataclass(frozen=True, slots=True)
class CtcMapping:
    """How the classes of the CTC head map to token ids.

    `blank` is the blank's class; class `c` is token `c - shift`.
    """

    blank: int
    shift: int

    def __str__(self) -> str:
        if self.shift:
            return f"blank is class {self.blank}, class c is token c - {self.shift}"
        return f"blank is class {self.blank} (the eos token), class c is token c"


class Form(Enum):
    """How the graphs of a bundle were made."""

    PUBLISHED = "published"
    PREPARED = "prepared"
    """Prepared for a CPU: the graphs return the best classes."""
    ROW_SCALED = "row_scaled"
    """As `PREPARED`, from int8: each row of activations is quantized with its own scale."""
    TWO_TERMS = "two_terms"
    """As `ROW_SCALED`, and what rounding leaves of each row is quantized and multiplied too."""
    JOINT = "joint"
    """Prepared for devices that process several utterances at once."""
    FIXED = "fixed"
    """Prepared for devices that compile a graph for fixed lengths."""


EXACT_FORMS = frozenset({Form.ROW_SCALED})
"""Forms whose integer products must be made exact, see `make_integers_exact`."""


@dataclass(frozen=True, slots=True, order=True)
class FixedGraph:
    """A graph of `Form.FIXED`: its number of audio rows and, for the editor, of slots.

    `rows` are feature rows for the encoder, audio rows for the editor. The weights are the
    published ones, in the folder `weights`.
    """

    rows: int
    slots: int
    path: Path
    weights: Path


@dataclass(frozen=True, slots=True)
class SharedWeights:
    """The folder of the published weights that a prepared graph uses, and their bytes."""

    folder: Path
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """An opened tier of a model bundle."""

    path: Path
    name: str
    tier: str
    tiers: tuple[str, ...]
    graphs: Mapping[str, Path]
    """Graph name ("encoder", "embed_tokens", "editor") to its .onnx file."""
    front_end: FrontEnd
    ctc: CtcMapping
    eos_id: int
    eos_token: str
    vocab_size: int
    """Classes of the editor's head. The tokenizer may have fewer (padding)."""
    embedding_dim: int
    embedding_multiplier: float
    scale_projected_embeddings: bool
    max_positions: int
    """The editor's context: audio rows plus slots of one utterance."""
    is_demo: bool
    drafts_are_plain: bool
    """Whether drafts lack the capitals and punctuation that the editor writes."""
    tokenizer_file: TokenizerFile = field(repr=False, compare=False)
    form: Form = Form.PUBLISHED
    speed: float | None = None
    """Seconds of speech that a prepared form transcribes in a second here; None: unknown."""
    fixed: Mapping[str, tuple[FixedGraph, ...]] = field(default_factory=dict)
    """For `Form.FIXED`: encoder and editor graphs by length, the shortest first."""
    weights: Mapping[str, SharedWeights] = field(default_factory=dict)
    """Weights of graphs that are not in the graph's folder (forms with row scales)."""

    @property
    def tokenizer(self) -> Tokenizer:
        """The tokenizer, read at the first use.

        Raises:
            BundleError: Its file is damaged or of another model.
        """
        return self.tokenizer_file.read()

    @property
    def prepared(self) -> bool:
        """Whether `graphs` were made for this machine instead of published."""
        return self.form is not Form.PUBLISHED


CPU = "CPUExecutionProvider"
CUDA = "CUDAExecutionProvider"
COREML = "CoreMLExecutionProvider"

COMPILED = "compiled"
"""The folder next to graphs prepared for CoreML in which CoreML caches compiled models."""

# The older NeuralNetwork format lacks most operators of these graphs.
_COREML_OPTIONS = {"ModelFormat": "MLProgram", "MLComputeUnits": "ALL"}


def device_options(provider: str, compiled: Path | None = None) -> dict[str, str]:
    """Return the options of a provider; `compiled` is CoreML's cache folder."""
    if provider != COREML:
        return {}
    if compiled is None:
        return dict(_COREML_OPTIONS)
    return {**_COREML_OPTIONS, "ModelCacheDirectory": str(compiled)}


def providers_with_fallback(provider: str) -> list[str]:
    """Return the provider list for a session: the provider, then the CPU as fallback."""
    return [CPU] if provider == CPU else [provider, CPU]


def first_line(error: BaseException) -> str:
    """Return the first line of an error's text without its final period.

    The further lines are onnxruntime's source locations.
    """
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(". ")


def set_weights_folder(options: Any, folder: Path) -> None:
    """Make a session of a graph given as bytes find its weight files in `folder`."""
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(folder)
    )


def limit_spinning(options: Any) -> None:
    """Let the idle threads of a session sleep after 1 ms.

    onnxruntime's own limit is 50 ms: each thread spins as long when its graph is opened, and
    whenever a step of a run needs one thread only.
    """
    options.add_session_config_entry("session.intra_op.spin_duration_us", "1000")


def make_integers_exact(options: Any) -> None:
    """Make integer products of a session exact on CPUs whose 16-bit sums would saturate.

    onnxruntime then shifts signed weights to unsigned ones when the graph is opened.
    """
    options.add_session_config_entry("session.x64quantprecision", "1")
