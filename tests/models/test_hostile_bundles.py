"""Damaged and malicious bundles: one clear error that names the file, before any session exists.

Everything goes through `open_bundle`; building an onnxruntime session fails the test.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import onnx
import pytest
from helpers.bundle_variants import as_hub_cache, copied, with_metadata, write_json
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from granite_live.models.bundle import Bundle
from granite_live.models.onnx_runtime import ort as onnxruntime
from granite_live.models.opening import open_bundle
from granite_live.util.errors import BundleError

GRAPHS = ("encoder", "embed_tokens", "editor")
JSON_FILES = ("tokenizer_config.json", "preprocessor_config.json", "granite_export_metadata.json")
REMEDIES = ("Download the bundle again", "Correct it", "give the", "choose one of")


@pytest.fixture(autouse=True)
def _no_session(monkeypatch: pytest.MonkeyPatch) -> None:
    def built(*_: Any, **__: Any) -> None:
        pytest.fail("a session was built on a bundle that was being checked")

    monkeypatch.setattr(onnxruntime, "InferenceSession", built)


@pytest.fixture
def copy(bundle_dir: Path, tmp_path: Path) -> Path:
    """A bundle with the fp32 tier alone, to be damaged."""
    return copied(bundle_dir, tmp_path / "bundle", "fp32")


def refused(bundle: Path, *names: str) -> str:
    """Assert that the bundle is refused, with a message that names `names` and a remedy."""
    with pytest.raises(BundleError) as caught:
        open_bundle(bundle)
    message = str(caught.value)
    for name in names:
        assert name in message
    assert any(remedy in message for remedy in REMEDIES), message
    assert "\n" not in message
    assert len(message) < 1000, "hostile text of any length must not fill the screen"
    return message


def opens_or_is_refused(bundle: Path) -> Bundle | None:
    """Assert that nothing but a bundle or a `BundleError` that names it comes of `bundle`."""
    try:
        opened = open_bundle(bundle)
        opened.tokenizer_file.read()
    except BundleError as error:
        message = str(error)
    else:
        return opened
    assert str(bundle) in message
    return None


def graph(bundle: Path, name: str = "encoder") -> Path:
    return bundle / "fp32" / f"{name}.onnx"


def change(path: Path, edit: Callable[[onnx.ModelProto], None]) -> None:
    """Edit a graph in place; its sidecar stays as it is."""
    model = onnx.load(str(path), load_external_data=False)
    edit(model)
    path.write_bytes(model.SerializeToString())


def external(model: onnx.ModelProto) -> Iterator[TensorProto]:
    return (t for t in model.graph.initializer if t.data_location == TensorProto.EXTERNAL)


def set_entry(tensor: TensorProto, key: str, value: str | None) -> None:
    kept = [(e.key, e.value) for e in tensor.external_data if e.key != key]
    del tensor.external_data[:]
    for k, v in [*kept, *([] if value is None else [(key, value)])]:
        tensor.external_data.add(key=k, value=v)


def change_first_external(path: Path, **entries: str | None) -> None:
    def edit(model: onnx.ModelProto) -> None:
        tensor = next(external(model))
        for key, value in entries.items():
            set_entry(tensor, key, value)

    change(path, edit)


# ---------------------------------------------------------------- the sound ones


def test_the_undamaged_copy_opens(copy: Path) -> None:
    bundle = open_bundle(copy)
    assert (bundle.tiers, bundle.tier, bundle.eos_id) == (("fp32",), "fp32", 510)


def test_the_hub_cache_of_links_opens(bundle_dir: Path, tmp_path: Path) -> None:
    snapshot = as_hub_cache(bundle_dir, tmp_path / "models--someone--model", "fp32", "int8")
    assert (snapshot / "fp32" / "encoder.onnx").is_symlink()
    assert open_bundle(snapshot).tiers == ("fp32", "int8")
    (snapshot / "fp32" / "encoder.onnx_data").resolve().unlink()
    with pytest.raises(BundleError, match=r"encoder\.onnx_data"):
        open_bundle(snapshot, "fp32")


def test_a_tier_linked_from_another_disk_opens(bundle_dir: Path, tmp_path: Path) -> None:
    """Ten gigabytes are moved to another disk and linked: whole folders, not single files."""
    elsewhere = copied(bundle_dir, tmp_path / "elsewhere", "fp32")
    linked = copied(bundle_dir, tmp_path / "bundle")
    (linked / "fp32").symlink_to(elsewhere / "fp32")
    assert open_bundle(linked).tier == "fp32"


# ---------------------------------------------------------------- files


def test_nothing_there(tmp_path: Path) -> None:
    refused(tmp_path / "none", "none")


def test_an_empty_folder(tmp_path: Path) -> None:
    refused(tmp_path, tmp_path.name)


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "model.zip").write_bytes(b"PK")
    refused(tmp_path / "model.zip", "model.zip")


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("damage", ["missing", "empty", "folder", "random", "text", "loop"])
def test_a_graph_that_is_none(copy: Path, name: str, damage: str) -> None:
    path = graph(copy, name)
    path.unlink()
    if damage == "empty":
        path.touch()
    elif damage == "folder":
        path.mkdir()
    elif damage == "random":
        path.write_bytes(bytes((i * 7919 + i // 251) % 256 for i in range(20_000)))
    elif damage == "text":
        path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    elif damage == "loop":
        path.symlink_to(path)
    refused(copy, f"{name}.onnx")


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_cut_at_any_length(copy: Path, name: str) -> None:
    path = graph(copy, name)
    whole = path.read_bytes()
    size = len(whole)
    lengths = {*range(0, 12), *range(size - 16, size), *range(0, size, max(1, size // 20))}
    for length in sorted(lengths):
        path.write_bytes(whole[:length])
        refused(copy, f"{name}.onnx")


@pytest.mark.parametrize("name", GRAPHS)
def test_weights_missing_or_cut(copy: Path, name: str) -> None:
    data = graph(copy, name).with_suffix(".onnx_data")
    whole = data.read_bytes()
    for length in (0, 1, len(whole) // 2, len(whole) - 1):
        data.write_bytes(whole[:length])
        refused(copy, f"{name}.onnx_data")
    data.unlink()
    refused(copy, f"{name}.onnx_data")
    data.mkdir()
    refused(copy, f"{name}.onnx_data")


def test_longer_weights_are_no_damage(copy: Path) -> None:
    """Some writers pad the file to a page."""
    with graph(copy).with_suffix(".onnx_data").open("ab") as file:
        file.write(b"\0" * 4096)
    assert open_bundle(copy).tier == "fp32"


# ---------------------------------------------------------------- what a graph says of its weights

_OUTSIDE = [
    "../../etc/passwd",
    "../../../../../../../../etc/passwd",
    "/etc/passwd",
    "..\\..\\windows\\win.ini",
    "C:\\windows\\win.ini",
    "C:/windows/win.ini",
    "\\\\server\\share\\file",
    "sub/../../../x",
    "../tokenizer.json",
    "file:///etc/passwd",
    "",
    ".",
    "..",
    "a\0b",
    "x" * 5000,
    "/dev/zero",
]


@pytest.mark.parametrize("location", _OUTSIDE)
def test_weights_outside_the_bundle(copy: Path, location: str) -> None:
    for name in GRAPHS:
        path = graph(copy, name)
        whole = path.read_bytes()
        change_first_external(path, location=location)
        refused(copy, f"{name}.onnx")
        path.write_bytes(whole)


def test_no_location_at_all(copy: Path) -> None:
    change_first_external(graph(copy), location=None)
    refused(copy, "encoder.onnx")


@pytest.mark.parametrize("relative", [True, False])
def test_weights_that_are_a_link_out_of_the_bundle(
    copy: Path, tmp_path: Path, relative: bool
) -> None:
    data = graph(copy).with_suffix(".onnx_data")
    secret = tmp_path / "secret"
    data.rename(secret)
    data.symlink_to(os.path.relpath(secret, data.parent) if relative else secret)
    refused(copy, "encoder.onnx_data", str(secret))


def test_weights_in_a_folder_that_is_a_link_out_of_the_bundle(copy: Path, tmp_path: Path) -> None:
    data = graph(copy).with_suffix(".onnx_data")
    (tmp_path / "outside").mkdir()
    data.rename(tmp_path / "outside" / data.name)
    (data.parent / "sub").symlink_to(tmp_path / "outside")

    def edit(model: onnx.ModelProto) -> None:
        for tensor in external(model):
            set_entry(tensor, "location", f"sub/{data.name}")

    change(graph(copy), edit)
    refused(copy, data.name)


_HUGE = [
    {"offset": str(2**63 - 1)},
    {"offset": str(2**64)},
    {"offset": "9" * 5000},
    {"offset": "-1"},
    {"offset": "-9223372036854775808"},
    {"offset": "0x10"},
    {"offset": "1e3"},
    {"offset": "\u0665"},
    {"offset": ""},
    {"length": str(2**62)},
    {"length": str(2**64 + 4)},
    {"length": "-4"},
    {"length": "0"},
    {"length": "4"},
    {"length": "many"},
    {"length": None, "offset": str(2**40)},
]


@pytest.mark.parametrize("entries", _HUGE, ids=lambda e: str(e)[:40])
def test_impossible_offsets_and_lengths(copy: Path, entries: dict[str, str | None]) -> None:
    change_first_external(graph(copy), **entries)
    refused(copy, "encoder.onnx")


@pytest.mark.parametrize(
    "dims", [[2**62, 2**62], [2**63 - 1], [-1], [-5, -5], [2**31, 2**31], [0], [1] * 3]
)
@pytest.mark.parametrize("with_length", [True, False])
def test_impossible_sizes_of_weights(copy: Path, dims: list[int], with_length: bool) -> None:
    def edit(model: onnx.ModelProto) -> None:
        tensor = next(external(model))
        tensor.dims[:] = dims
        if not with_length:
            set_entry(tensor, "length", None)

    change(graph(copy), edit)
    if not with_length and min(dims) in (0, 1):
        # Nothing on disk contradicts so small a tensor; its place in the graph does.
        open_bundle(copy)
    else:
        refused(copy, "encoder.onnx")


def test_weights_inside_the_graph_that_do_not_fill_their_shape(copy: Path) -> None:
    def edit(model: onnx.ModelProto) -> None:
        inside = [t for t in model.graph.initializer if t.HasField("raw_data") and t.raw_data]
        inside[0].raw_data = inside[0].raw_data[:-1]

    change(graph(copy), edit)
    refused(copy, "encoder.onnx")


@pytest.mark.parametrize("data_type", [0, 99, -1, 2**31 - 1])
def test_weights_of_no_known_type(copy: Path, data_type: int) -> None:
    def edit(model: onnx.ModelProto) -> None:
        next(external(model)).data_type = data_type

    change(graph(copy), edit)
    refused(copy, "encoder.onnx")


def _outside_tensor(name: str) -> TensorProto:
    tensor = TensorProto(name=name, data_type=TensorProto.UINT8, dims=[16])
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../etc/passwd")
    return tensor


def _as_constant(model: onnx.ModelProto) -> None:
    node = helper.make_node("Constant", [], ["stolen"], name="stolen")
    node.attribute.append(helper.make_attribute("value", _outside_tensor("stolen")))
    model.graph.node.insert(0, node)


def _in_a_branch(model: onnx.ModelProto) -> None:
    branch = onnx.GraphProto(name="branch")
    branch.initializer.append(_outside_tensor("stolen"))
    node = helper.make_node("If", ["c"], ["d"], name="if", then_branch=branch, else_branch=branch)
    model.graph.node.insert(0, node)


def _as_sparse(model: onnx.ModelProto) -> None:
    sparse = model.graph.sparse_initializer.add()
    sparse.values.CopyFrom(_outside_tensor("stolen"))
    sparse.indices.CopyFrom(helper.make_tensor("at", TensorProto.INT64, [16], range(16)))
    sparse.dims[:] = [16]


def _as_sparse_constant(model: onnx.ModelProto) -> None:
    node = helper.make_node("Constant", [], ["stolen"], name="stolen")
    attribute = node.attribute.add(name="sparse_value", type=onnx.AttributeProto.SPARSE_TENSOR)
    attribute.sparse_tensor.values.CopyFrom(_outside_tensor("stolen"))
    attribute.sparse_tensor.dims[:] = [16]
    model.graph.node.insert(0, node)


def _in_a_function(model: onnx.ModelProto) -> None:
    node = helper.make_node("Constant", [], ["stolen"], name="stolen")
    node.attribute.append(helper.make_attribute("value", _outside_tensor("stolen")))
    opset = helper.make_opsetid("", 20)
    model.functions.append(helper.make_function("own", "Steal", [], ["stolen"], [node], [opset]))
    model.opset_import.append(helper.make_opsetid("own", 1))


@pytest.mark.parametrize(
    "hide", [_as_constant, _in_a_branch, _as_sparse, _as_sparse_constant, _in_a_function]
)
def test_a_way_out_that_hides(copy: Path, hide: Callable[[onnx.ModelProto], None]) -> None:
    change(graph(copy), hide)
    refused(copy, "encoder.onnx", "outside")


# ---------------------------------------------------------------- what a graph takes and gives

_INPUTS = [
    ("encoder", "input_features"),
    ("encoder", "attention_mask"),
    ("embed_tokens", "input_ids"),
    ("editor", "inputs_embeds"),
    ("editor", "position_ids"),
    ("editor", "attention_mask"),
]
_OUTPUTS = [
    ("encoder", "bpe_logits_dense"),
    ("encoder", "bpe_mask"),
    ("encoder", "audio_embeds"),
    ("encoder", "audio_lengths"),
    ("embed_tokens", "inputs_embeds"),
    ("editor", "logits"),
]


def _values(model: onnx.ModelProto, name: str) -> Iterator[onnx.ValueInfoProto]:
    return (v for v in [*model.graph.input, *model.graph.output] if v.name == name)


@pytest.mark.parametrize(("name", "value"), _INPUTS + _OUTPUTS)
def test_another_name(copy: Path, name: str, value: str) -> None:
    def edit(model: onnx.ModelProto) -> None:
        for info in _values(model, value):
            info.name = "something_else"

    change(graph(copy, name), edit)
    refused(copy, f"{name}.onnx", value)


@pytest.mark.parametrize(("name", "value"), _INPUTS + _OUTPUTS)
def test_another_rank(copy: Path, name: str, value: str) -> None:
    path = graph(copy, name)
    whole = path.read_bytes()

    def less(model: onnx.ModelProto) -> None:
        for info in _values(model, value):
            del info.type.tensor_type.shape.dim[0]

    def more(model: onnx.ModelProto) -> None:
        for info in _values(model, value):
            info.type.tensor_type.shape.dim.add(dim_value=1)

    for edit in (less, more):
        path.write_bytes(whole)
        change(path, edit)
        refused(copy, f"{name}.onnx", value)


@pytest.mark.parametrize(("name", "value"), _INPUTS + _OUTPUTS)
def test_no_shape_at_all(copy: Path, name: str, value: str) -> None:
    """What the nodes tell may stand in for an output's shape, nothing for an input's."""

    def edit(model: onnx.ModelProto) -> None:
        for info in _values(model, value):
            info.type.tensor_type.ClearField("shape")

    change(graph(copy, name), edit)
    if (name, value) in _INPUTS:
        refused(copy, f"{name}.onnx", value)
    else:
        bundle = opens_or_is_refused(copy)
        assert bundle is None or (bundle.vocab_size, bundle.embedding_dim) == (512, 64)


@pytest.mark.parametrize(("name", "value"), _INPUTS + _OUTPUTS)
def test_another_type(copy: Path, name: str, value: str) -> None:
    for kind in (TensorProto.FLOAT16, TensorProto.INT32, TensorProto.STRING, 0, 77):

        def edit(model: onnx.ModelProto, kind: int = kind) -> None:
            for info in _values(model, value):
                info.type.tensor_type.elem_type = kind

        change(graph(copy, name), edit)
        refused(copy, f"{name}.onnx", value)


def test_a_sequence_in_place_of_a_tensor(copy: Path) -> None:
    def edit(model: onnx.ModelProto) -> None:
        for info in _values(model, "audio_embeds"):
            info.type.sequence_type.elem_type.tensor_type.elem_type = TensorProto.FLOAT

    change(graph(copy), edit)
    refused(copy, "encoder.onnx", "audio_embeds")


def test_an_input_nobody_knows(copy: Path) -> None:
    def edit(model: onnx.ModelProto) -> None:
        model.graph.input.append(helper.make_tensor_value_info("past", TensorProto.FLOAT, [1]))

    change(graph(copy, "editor"), edit)
    refused(copy, "editor.onnx", "past")


@pytest.mark.parametrize(
    ("name", "value", "width"),
    [
        ("encoder", "bpe_logits_dense", 511),
        ("encoder", "bpe_logits_dense", 514),
        ("encoder", "bpe_logits_dense", 0),
        ("encoder", "bpe_logits_dense", -1),
        ("encoder", "audio_embeds", 65),
        ("embed_tokens", "inputs_embeds", 63),
        ("editor", "inputs_embeds", 2**40),
        ("editor", "logits", 100),
        ("encoder", "input_features", 161),
    ],
)
def test_widths_that_do_not_fit_together(copy: Path, name: str, value: str, width: int) -> None:
    def edit(model: onnx.ModelProto) -> None:
        for info in _values(model, value):
            info.type.tensor_type.shape.dim[-1].dim_value = width

    change(graph(copy, name), edit)
    refused(copy, str(copy))


# ---------------------------------------------------------------- tokenizer and configuration


def test_no_tokenizer(copy: Path) -> None:
    (copy / "tokenizer.json").unlink()
    refused(copy, "tokenizer.json")


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.7, 0.999])
def test_a_tokenizer_cut_short(copy: Path, share: float) -> None:
    path = copy / "tokenizer.json"
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    refused(copy, "tokenizer.json")


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"null", b"[]", b"{}", b'{"model": {"type": "BPE"}}', b"[" * 200_000],
    ids=["bytes", "null", "list", "object", "half", "deep"],
)
def test_a_tokenizer_that_is_none(copy: Path, content: bytes) -> None:
    (copy / "tokenizer.json").write_bytes(content)
    refused(copy, "tokenizer.json")


@pytest.mark.parametrize("change_by", [-40, 1, 200])
def test_a_tokenizer_of_another_size(copy: Path, change_by: int) -> None:
    path = copy / "tokenizer.json"
    content = json.loads(path.read_text("utf-8"))
    added = content["added_tokens"]
    if change_by < 0:
        eos = [token for token in added if token["content"] == "<|end_of_text|>"]
        content["added_tokens"] = eos
        content["model"]["merges"] = []
        content["model"]["vocab"] = {
            token: i for token, i in content["model"]["vocab"].items() if i < 256
        }
    for i in range(change_by):
        added.append({**added[0], "id": 512 + i, "content": f"more{i}"})
    path.write_text(json.dumps(content), "utf-8")
    refused(copy, "tokenizer.json", "512")


def state_eos(bundle: Path, number: str) -> None:
    """State the id of the eos token, so that the tokenizer need not be read for it."""
    path = bundle / "tokenizer_config.json"
    content = json.loads(path.read_text("utf-8"))
    content["added_tokens_decoder"] = {number: {"content": content["eos_token"]}}
    write_json(path, content)


def test_an_eos_that_is_stated_spares_the_reading_of_the_tokenizer(copy: Path) -> None:
    state_eos(copy, "510")
    whole = (copy / "tokenizer.json").read_bytes()
    (copy / "tokenizer.json").write_bytes(whole[:1000])
    opened = open_bundle(copy)
    assert opened.eos_id == 510
    with pytest.raises(BundleError, match=re.escape(str(copy / "tokenizer.json"))):
        opened.tokenizer_file.read()
    (copy / "tokenizer.json").write_bytes(whole)
    assert opened.tokenizer.token_to_id("<|end_of_text|>") == 510


def test_an_eos_that_is_stated_wrongly_is_refused_with_the_tokenizer(copy: Path) -> None:
    state_eos(copy, "509")
    with pytest.raises(BundleError, match="510"):
        open_bundle(copy).tokenizer_file.read()


@pytest.mark.parametrize("number", ["512", "9" * 9])
def test_an_eos_beyond_the_vocabulary_is_refused(copy: Path, number: str) -> None:
    state_eos(copy, number)
    refused(copy, "tokenizer", "eos")


@pytest.mark.parametrize("number", ["", "-1", "x", "\u00b2", "9" * 5000])
def test_an_eos_that_is_stated_without_sense_is_looked_up(copy: Path, number: str) -> None:
    state_eos(copy, number)
    assert open_bundle(copy).eos_id == 510


def test_no_eos_anywhere(copy: Path) -> None:
    write_json(copy / "tokenizer_config.json", {"tokenizer_class": "GPT2Tokenizer"})
    (copy / "special_tokens_map.json").unlink()
    refused(copy, "tokenizer_config.json", "eos")


@pytest.mark.parametrize("eos", ["<|nobody_knows|>", "", 5, [], {"content": 7}, None])
def test_an_eos_the_tokenizer_does_not_know(copy: Path, eos: object) -> None:
    for name in ("tokenizer_config.json", "special_tokens_map.json"):
        write_json(copy / name, {"eos_token": eos})
    refused(copy, "tokenizer", "eos")


@pytest.mark.parametrize("name", JSON_FILES)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b'{"a": 1,}',
        b"[1, 2]",
        b'"text"',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"a": ' + b"9" * 6000 + b"}",
    ],
    ids=["empty", "open", "bytes", "comma", "list", "text", "deep list", "deep", "long number"],
)
def test_broken_json(copy: Path, name: str, content: bytes) -> None:
    (copy / name).write_bytes(content)
    refused(copy, name)


@pytest.mark.parametrize("name", JSON_FILES)
def test_a_folder_in_place_of_json(copy: Path, name: str) -> None:
    (copy / name).unlink()
    (copy / name).mkdir()
    refused(copy, name)


@pytest.mark.parametrize(
    "value",
    [
        *("NaN", "Infinity", "-Infinity", "-12.0", "0", "-0.0", "1e999", "1e-400", "1" + "0" * 400),
        *('"12"', "true", "[12]", "{}"),
    ],
)
def test_a_multiplier_that_is_no_number(copy: Path, value: str) -> None:
    text = f'{{"embedding_multiplier": {value}}}'
    (copy / "granite_export_metadata.json").write_text(text, "utf-8")
    refused(copy, "multiplier")


@pytest.mark.parametrize("name", ["scale_projected_embeddings", "drafts_are_plain"])
@pytest.mark.parametrize("value", ["yes", 1, 0, "true", [], {"a": 1}])
def test_what_is_neither_true_nor_false(copy: Path, name: str, value: object) -> None:
    write_json(copy / "granite_export_metadata.json", {name: value})
    refused(copy, name)


@pytest.mark.parametrize(
    ("metadata", "multiplier", "scaled"),
    [
        (None, 12.0, True),
        ({}, 12.0, True),
        ({"embedding_multiplier": None, "scale_projected_embeddings": None}, 12.0, True),
        ({"text_config": {"embedding_multiplier": 6}}, 6.0, True),
        ({"config": {"text_config": {"embedding_multiplier": 1.5}}}, 1.5, True),
        ({"graphs": [{"embedding_multiplier": 2.0}]}, 2.0, True),
        ({"embedding_multiplier": 3, "scale_projected_embeddings": False}, 3.0, False),
    ],
)
def test_what_the_metadata_says_or_does_not_say(
    bundle_dir: Path, tmp_path: Path, metadata: object, multiplier: float, scaled: bool
) -> None:
    bundle = open_bundle(with_metadata(bundle_dir, tmp_path / "bundle", metadata))
    assert (bundle.embedding_multiplier, bundle.scale_projected_embeddings) == (multiplier, scaled)


@pytest.mark.parametrize(
    "change_to",
    [
        {"hop_length": 0},
        {"hop_length": -160},
        {"hop_length": "160"},
        {"n_fft": 10**9},
        {"n_fft": 1.5},
        {"n_fft": True},
        {"win_length": 1024},
        {"n_mels": 7},
        {"n_mels": 10**30},
        {"sampling_rate": 0},
        {"sampling_rate": 10**12},
    ],
    ids=str,
)
def test_an_impossible_front_end(copy: Path, change_to: dict[str, object]) -> None:
    path = copy / "preprocessor_config.json"
    write_json(path, json.loads(path.read_text("utf-8")) | change_to)
    refused(copy, "preprocessor_config.json")


@pytest.mark.parametrize("value", [0, -1, "4096", 1.5, True, []])
def test_an_impossible_context(copy: Path, value: object) -> None:
    write_json(copy / "config.json", {"max_position_embeddings": value})
    refused(copy, "max_position_embeddings", "config.json")


# ---------------------------------------------------------------- by chance


_PROPERTY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("name", GRAPHS)
@_PROPERTY
@given(data=st.data())
def test_flipped_bytes_open_or_are_refused(copy: Path, name: str, data: st.DataObject) -> None:
    path = graph(copy, name)
    whole = path.read_bytes()
    flip = st.tuples(st.integers(0, len(whole) - 1), st.integers(1, 255))
    damaged = bytearray(whole)
    for at, by in data.draw(st.lists(flip, min_size=1, max_size=4)):
        damaged[at] ^= by
    path.write_bytes(damaged)
    try:
        bundle = opens_or_is_refused(copy)
    finally:
        path.write_bytes(whole)
    assert bundle is None or bundle.tier == "fp32"


@pytest.mark.parametrize(
    "kind", ["initializer", "location", "input", "output", "node", "dimension", "key"]
)
def test_names_that_are_no_text(copy: Path, kind: str) -> None:
    """The parser hands strings that are not UTF-8 on as bytes."""
    path = graph(copy, "embed_tokens")
    marker = "QQQQ"

    def edit(model: onnx.ModelProto) -> None:
        if kind == "initializer":
            model.graph.initializer[0].name = marker
        elif kind == "location":
            set_entry(model.graph.initializer[0], "location", marker)
        elif kind == "key":
            model.graph.initializer[0].external_data.add(key=marker, value="0")
        elif kind == "node":
            model.graph.node[0].name = marker
        elif kind == "dimension":
            model.graph.input[0].type.tensor_type.shape.dim[0].dim_param = marker
        else:
            getattr(model.graph, kind)[0].name = marker

    change(path, edit)
    path.write_bytes(path.read_bytes().replace(marker.encode(), b"\xff\xfe\x80Q"))
    if kind in ("location", "input", "output"):
        refused(copy, "embed_tokens.onnx")
    else:  # names that nothing here depends on
        opens_or_is_refused(copy)


@_PROPERTY
@given(st.binary(max_size=400))
def test_random_bytes_are_refused(copy: Path, content: bytes) -> None:
    path = graph(copy, "embed_tokens")
    whole = path.read_bytes()
    path.write_bytes(content)
    try:
        refused(copy, "embed_tokens.onnx")
    finally:
        path.write_bytes(whole)


_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
_KEYS = st.sampled_from(
    [
        "embedding_multiplier",
        "scale_projected_embeddings",
        "max_position_embeddings",
        "model",
        "drafts_are_plain",
    ]
)
_JSON = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=8,
)


@_PROPERTY
@given(_JSON)
def test_any_json_opens_or_is_refused(copy: Path, value: object) -> None:
    write_json(copy / "config.json", value)
    bundle = opens_or_is_refused(copy)
    assert bundle is None or bundle.max_positions > 0
