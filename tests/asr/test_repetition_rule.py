"""The rule in the demo model's editor graph that ends repetition loops."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import onnx
import pytest
from helpers.greedy_decoder import SpokenWords
from tokenizers import Tokenizer

from granite_live.models.onnx_runtime import ort
from granite_live.util.paths import demo_bundle_dir

SLOTS = 400
LAST_WIDTH = 384
Forbidding = Callable[[list[int]], list[set[int]]]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    if not (demo_bundle_dir() / "int8").is_dir():
        pytest.skip("assets/demo is missing: the demo bundle has not been built here")
    return Tokenizer.from_file(str(demo_bundle_dir() / "tokenizer.json"))


@pytest.fixture(scope="module")
def forbidden_by_graph(tokenizer: Tokenizer) -> Forbidding:
    """Return what the part of the graph behind its loop forbids at each place of a text."""
    path = demo_bundle_dir() / "int8" / "editor.onnx"
    model = onnx.load(str(path))
    graph = model.graph
    loop = next(k for k, node in enumerate(graph.node) if node.op_type == "Loop")
    # Behind the loop, and what widens stored weights; without the sound.
    nodes = [
        node
        for k, node in enumerate(graph.node)
        if k > loop or (node.op_type in {"Cast", "Mul"} and not _hears(node))
    ]
    del graph.node[:]
    graph.node.extend(nodes)
    del graph.input[:]
    integer, real = onnx.TensorProto.INT64, onnx.TensorProto.FLOAT
    for name, kind, shape in (
        ("text_end", integer, [None]),
        ("rows_end", real, [None, LAST_WIDTH]),
        ("limit", integer, []),
        ("count", integer, []),
    ):
        graph.input.append(onnx.helper.make_tensor_value_info(name, kind, shape))
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3  # it warns of every tensor of the other part
    session = ort.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )

    def forbid(tokens: list[int]) -> list[set[int]]:
        # Rows of zeros score 0 everywhere, but where a token is forbidden.
        logits = session.run(
            ["logits"],
            {
                "text_end": np.array([1, 2, *tokens], np.int64),
                "rows_end": np.zeros((len(tokens) + 1, LAST_WIDTH), np.float32),
                "limit": np.array(SLOTS, np.int64),
                "count": np.array(0, np.int64),
            },
        )[0][0]
        of_tokens = logits[1 : 2 * len(tokens) : 2]
        ever = (of_tokens < -1.0).all(axis=0)
        return [{int(t) for t in np.flatnonzero((row < -1.0) & ~ever)} for row in of_tokens]

    return forbid


def _hears(node: onnx.NodeProto) -> bool:
    return any(name.startswith("listen.") for name in node.input)


LEGITIMATE = (
    " It was very, very, very, very good.",
    " No, no, no! No one said that.",
    " My number is 0 0 0 0 7 7 7 7.",
    " Row, row, row your boat, row, row, row your boat, gently.",
    " Again and again and again.",
)


@pytest.mark.parametrize("text", LEGITIMATE)
def test_what_people_repeat_is_allowed(
    tokenizer: Tokenizer, forbidden_by_graph: Forbidding, text: str
) -> None:
    tokens = tokenizer.encode(text, add_special_tokens=False).ids
    assert tokenizer.decode(tokens).strip() == text.strip()
    for token, forbidden in zip(tokens, forbidden_by_graph(tokens), strict=True):
        assert token not in forbidden


@pytest.mark.parametrize(
    ("said", "next_word"),
    [
        (" the love of the Lord of the Lord, of the Lord", " of"),
        (" no no No, no", " NO"),
        (" Thank you for watching. Thank you for watching! thank you for watching", " Thank"),
        (" dup dup dup dup", " dup"),
    ],
)
def test_a_loop_goes_no_further(
    tokenizer: Tokenizer, forbidden_by_graph: Forbidding, said: str, next_word: str
) -> None:
    tokens = tokenizer.encode(said + next_word, add_special_tokens=False).ids
    forbidden = forbidden_by_graph(tokens)
    assert tokens[-1] in forbidden[-1]
    before = zip(tokens[:-1], forbidden[:-1], strict=True)
    assert all(token not in later for token, later in before)


def test_the_graph_and_the_reference_have_the_same_rule(
    tokenizer: Tokenizer, forbidden_by_graph: Forbidding
) -> None:
    words = SpokenWords(tokenizer)
    few = tokenizer.encode(" the The cat, sat.", add_special_tokens=False).ids
    rng = np.random.default_rng(5)
    found = 0
    for _ in range(8):
        phrases = [rng.choice(few, int(rng.integers(1, 18))).tolist() for _ in range(3)]
        tokens = [t for p in phrases for t in p * int(rng.integers(1, 6))][:190]
        for place, forbidden in enumerate(forbidden_by_graph(tokens)):
            wanted = set(words.said_too_often(tokens[:place]))
            if place:  # nothing but the rule
                assert forbidden == wanted
            found += bool(wanted)
    assert found > 50
