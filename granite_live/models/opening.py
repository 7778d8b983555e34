"""Open a bundle and check everything that can be checked without running the graphs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from granite_live.messages import alternatives
from granite_live.messages.bundle import BundleMessage
from granite_live.models import layout, metadata
from granite_live.models.bundle import Bundle, CtcMapping
from granite_live.models.graph_files import GraphInfo, TensorSpec, read_graph
from granite_live.models.layout import REMEDY
from granite_live.util.errors import BundleError

_Expected = Mapping[str, tuple[tuple[str, ...], int]]
"""Tensor name to (allowed dtypes, rank)."""

_F32, _I64 = ("float32",), ("int64",)
_INPUTS: Mapping[str, _Expected] = {
    "encoder": {"input_features": (_F32, 3), "attention_mask": (_I64, 2)},
    "embed_tokens": {"input_ids": (_I64, 2)},
    "editor": {
        "inputs_embeds": (_F32, 3),
        "position_ids": (_I64, 2),
        "attention_mask": (_F32, 4),
    },
}
_OUTPUTS: Mapping[str, _Expected] = {
    "encoder": {
        "bpe_logits_dense": (_F32, 3),
        # Bundles with bool and with float masks exist; the published metadata says float.
        "bpe_mask": (("bool", "float32"), 2),
        "audio_embeds": (_F32, 3),
        "audio_lengths": (_I64, 1),
    },
    "embed_tokens": {"inputs_embeds": (_F32, 3)},
    "editor": {"logits": (_F32, 3)},
}


@dataclass(frozen=True, slots=True)
class GraphSizes:
    """The model's dimensions, as stated by its graphs."""

    feature_dim: int
    ctc_classes: int
    embedding_dim: int
    vocab_size: int


def check_graph(name: str, graph: GraphInfo) -> None:
    """Check names, types and ranks of one graph.

    Raises:
        BundleError: An input or output is missing, unknown, or of another type or rank.
    """
    _check_side(graph, "input", graph.inputs, _INPUTS[name])
    _check_side(graph, "output", graph.outputs, _OUTPUTS[name])
    surplus = sorted(set(graph.inputs) - set(_INPUTS[name]))
    if surplus:
        raise BundleError(
            BundleMessage.UNKNOWN_INPUT(path=graph.path, name=surplus[0], remedy=REMEDY)
        )


def _check_side(
    graph: GraphInfo, side: str, found: Mapping[str, TensorSpec], expected: _Expected
) -> None:
    for name, (dtypes, rank) in expected.items():
        spec = found.get(name)
        if spec is None:
            have = ", ".join(sorted(found)) or "none"
            raise BundleError(
                BundleMessage.VALUE_MISSING(
                    path=graph.path, side=side, name=name, present=have, remedy=REMEDY
                )
            )
        if spec.dtype not in dtypes:
            raise BundleError(
                BundleMessage.WRONG_DTYPE(
                    path=graph.path,
                    side=side,
                    name=name,
                    dtype=spec.dtype,
                    expected=alternatives(dtypes),
                    remedy=REMEDY,
                )
            )
        if len(spec.shape) != rank:
            raise BundleError(
                BundleMessage.WRONG_RANK(
                    path=graph.path,
                    side=side,
                    name=name,
                    rank=len(spec.shape),
                    expected=rank,
                    remedy=REMEDY,
                )
            )


def read_sizes(graphs: Mapping[str, GraphInfo]) -> GraphSizes:
    """Return the model's dimensions from its three graphs.

    Raises:
        BundleError: A dimension is not stated, or two graphs disagree.
    """
    encoder, embed, editor = graphs["encoder"], graphs["embed_tokens"], graphs["editor"]
    return GraphSizes(
        feature_dim=_width((encoder, encoder.inputs["input_features"])),
        ctc_classes=_width((encoder, encoder.outputs["bpe_logits_dense"])),
        embedding_dim=_width(
            (editor, editor.inputs["inputs_embeds"]),
            (embed, embed.outputs["inputs_embeds"]),
            (encoder, encoder.outputs["audio_embeds"]),
        ),
        vocab_size=_width((editor, editor.outputs["logits"])),
    )


def _width(*places: tuple[GraphInfo, TensorSpec]) -> int:
    """Return the width that all `places` have.

    Exporters sometimes lose a shape, so one stated width is enough.
    """
    stated = [(graph, spec.shape[-1]) for graph, spec in places if spec.shape[-1]]
    if not stated:
        graph, spec = places[0]
        raise BundleError(
            BundleMessage.WIDTH_NOT_STATED(path=graph.path, name=spec.name, remedy=REMEDY)
        )
    (first, width), *others = stated
    for graph, other in others:
        if other != width:
            raise BundleError(
                BundleMessage.EMBEDDING_WIDTHS_DIFFER(
                    path=graph.path,
                    width=other,
                    other=first.path.name,
                    other_width=width,
                    remedy=REMEDY,
                )
            )
    assert width is not None
    return width


def ctc_mapping(graph: GraphInfo, sizes: GraphSizes, eos_id: int) -> CtcMapping:
    """Return the CTC head's dialect, decided by its width against the vocabulary.

    With one class more than the vocabulary, class 0 is the blank and tokens are shifted by one.
    With as many classes as the vocabulary, the eos token is the blank.

    Raises:
        BundleError: The head has any other width.
    """
    if sizes.ctc_classes == sizes.vocab_size + 1:
        return CtcMapping(blank=0, shift=1)
    if sizes.ctc_classes == sizes.vocab_size:
        return CtcMapping(blank=eos_id, shift=0)
    raise BundleError(
        BundleMessage.CTC_CLASSES_DIFFER(
            path=graph.path, classes=sizes.ctc_classes, vocabulary=sizes.vocab_size, remedy=REMEDY
        )
    )


def open_bundle(path: Path, tier: str | None = None) -> Bundle:
    """Validate one tier of the bundle at `path` and return its description.

    Reads no weights, and the tokenizer only if it must: see `Bundle.tokenizer`.

    Args:
        path: The bundle's directory.
        tier: "fp32", "fp16w" or "int8"; None takes the best for any CPU.

    Raises:
        BundleError: A file is missing, damaged or inconsistent; the message names it.
    """
    path = Path(path)
    tiers = layout.find_tiers(path)
    chosen = layout.choose_tier(tiers, tier)
    graphs = {
        name: read_graph(layout.graph_path(path, chosen, name), path) for name in layout.GRAPHS
    }
    for name, graph in graphs.items():
        check_graph(name, graph)
    sizes = read_sizes(graphs)
    eos, eos_id = metadata.eos_token(path)
    tokenizer = metadata.TokenizerFile(path, sizes.vocab_size, eos, eos_id)
    stated = metadata.ModelMetadata(path)
    multiplier, scaled = stated.embedding_scale()
    return Bundle(
        path=path,
        name=stated.model or path.absolute().name,
        tier=chosen,
        tiers=tiers,
        graphs={name: graph.path for name, graph in graphs.items()},
        front_end=metadata.front_end(path, sizes.feature_dim),
        ctc=ctc_mapping(graphs["encoder"], sizes, tokenizer.eos_id),
        eos_id=tokenizer.eos_id,
        eos_token=eos,
        vocab_size=sizes.vocab_size,
        embedding_dim=sizes.embedding_dim,
        embedding_multiplier=multiplier,
        scale_projected_embeddings=scaled,
        max_positions=stated.max_positions(),
        is_demo=stated.model == layout.DEMO_MODEL,
        drafts_are_plain=stated.drafts_are_plain(),
        tokenizer_file=tokenizer,
    )
