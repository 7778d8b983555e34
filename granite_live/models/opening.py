"""Open a bundle: find the tier and check everything that does not need a run."""

from __future__ import annotations

from pathlib import Path

from granite_live.models import contract, layout, metadata, tokens
from granite_live.models.description import Bundle
from granite_live.models.graph import read_graph


def open_bundle(path: Path, tier: str | None = None) -> Bundle:
    """Validate one tier of the bundle at `path` and return its description. Reads no weights.

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
        contract.check_graph(name, graph)
    sizes = contract.read_sizes(graphs)
    tokenizer = tokens.load_tokenizer(path, sizes.vocab_size)
    eos = metadata.eos_token(path)
    eos_id = tokens.token_id(tokenizer, eos, sizes.vocab_size, path)
    stated = metadata.ModelMetadata(path)
    multiplier, scaled = stated.embedding_scale()
    return Bundle(
        path=path,
        name=stated.model or path.absolute().name,
        tier=chosen,
        tiers=tiers,
        graphs={name: graph.path for name, graph in graphs.items()},
        front_end=metadata.front_end(path, sizes.feature_dim),
        ctc=contract.decide_ctc(graphs["encoder"], sizes, eos_id),
        eos_id=eos_id,
        eos_token=eos,
        vocab_size=sizes.vocab_size,
        embedding_dim=sizes.embedding_dim,
        embedding_multiplier=multiplier,
        scale_projected_embeddings=scaled,
        max_positions=stated.max_positions(),
        is_demo=stated.model == layout.DEMO_MODEL,
        tokenizer=tokenizer,
    )
