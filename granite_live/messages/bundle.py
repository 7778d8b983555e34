"""Messages about bundle."""

from __future__ import annotations

from granite_live.messages import MessageCode


class BundleMessage(MessageCode):
    """Model bundles and their files."""

    SIZE_NOT_A_NUMBER = (
        "{path} is damaged: the {what} {value} of {tensor} is not a valid size. {remedy}"
    )
    EXTERNAL_LENGTH_WRONG = (
        "{path} is damaged: {name} has {length} bytes of data, but its shape requires {needed}. "
        "{remedy}"
    )
    EXTERNAL_DATA_CUT = (
        "{path} is incomplete: it has {size:,} bytes, but {graph} needs at least {needed:,}. "
        "{remedy}"
    )
    NEGATIVE_SIZE = "{path} is damaged: {tensor} has a negative size. {remedy}"
    NO_TYPE = "{path} is damaged: {tensor} has no type. {remedy}"
    WEIGHTS_OUTSIDE = (
        "{path} refers to weights at {location}, outside the bundle, which is not safe to open. "
        "{remedy}"
    )
    LINK_OUTSIDE = (
        "{path} is a link to {target}, outside the bundle, which is not safe to open. {remedy}"
    )
    FILE_MISSING = "{path} is missing. {remedy}"
    GRAPH_EMPTY = "{path} is empty or incomplete: it does not contain a complete graph. {remedy}"
    INLINE_LENGTH_WRONG = (
        "{path} is damaged: {name} contains {length} bytes, but its shape requires {needed}. "
        "{remedy}"
    )
    UNKNOWN_TYPE = "{path} is damaged: {tensor} has the unknown type {type}. {remedy}"
    EXTERNAL_DATA_MISSING = "{path} is missing, but {graph} needs the weights in it. {remedy}"
    EXTERNAL_DATA_UNOPENABLE = (
        "{path} refers to weights at {location}, which cannot be opened: {reason}. {remedy}"
    )
    FILE_UNREADABLE = "{path} cannot be read: {reason}. {remedy}"
    NOT_A_GRAPH = "{path} is damaged or is not an ONNX graph. {remedy}"
    NOT_A_TENSOR = "{path} is damaged: the type of the tensor {name} is unknown. {remedy}"
    REMEDY = "Download the bundle again, or choose another one with --bundle."
    NOTHING_THERE = "There is no model bundle at {path}: give the path of its folder."
    IS_FILE = "{path} is a file, not a model bundle: give the bundle's folder."
    LOOKS_LIKE_TIER = " It looks like a single tier: give the folder above it, {folder}."
    NO_TIERS = "{path} is not a model bundle: none of the folders {tiers} contains a graph.{hint}"
    NO_SUCH_TIER = "The bundle has no tier {tier!r}: choose one of {tiers} with --tier."
    NO_EOS_TOKEN = "{path} does not name an eos_token. {remedy}"
    NOT_JSON_OBJECT = "{path} does not contain a JSON object. {remedy}"
    MEL_BANDS_DIFFER = (
        "{path} gives {bands} mel bands, but the encoder takes {width} values per row, which is "
        "not a multiple of that. {remedy}"
    )
    IMPOSSIBLE_FRONT_END = (
        "{path} describes feature settings that are not possible: {made}. {remedy}"
    )
    NOT_A_POSITIVE_INTEGER = (
        "The {name} in {path} is {value}, but must be a whole number above zero. {remedy}"
    )
    TOKENIZER_SIZE_DIFFERS = (
        "{path} has {size} tokens, but the editor has {vocabulary}: they do not belong to the "
        "same model. {remedy}"
    )
    EOS_TOKEN_UNUSABLE = "The eos token {token!r} in {path} cannot be used (id {found}). {remedy}"
    FILE_TOO_LARGE = "{path} is much too large for its purpose. {remedy}"
    NOT_JSON = "{path} is damaged: it is not valid JSON. {remedy}"
    BAD_EMBEDDING_MULTIPLIER = (
        "The embedding_multiplier in {path} is {value}, but must be a number above zero. {remedy}"
    )
    NOT_A_BOOLEAN = "The {name} in {path} is {value}, but must be true or false. {remedy}"
    NOT_A_TOKENIZER = "{path} is damaged or is not a tokenizer. {remedy}"
    CTC_CLASSES_DIFFER = (
        "{path}: the CTC head has {classes} classes, which does not fit a vocabulary of "
        "{vocabulary} tokens: these graphs do not belong to the same model. {remedy}"
    )
    UNKNOWN_INPUT = (
        "{path} requires the input {name!r}, which this program does not know: it is a "
        "different kind of model. {remedy}"
    )
    WIDTH_NOT_STATED = "{path} does not state the width of {name!r}. {remedy}"
    VALUE_MISSING = (
        "{path} has no {side} {name!r} (it has {present}): it is a different kind of model. "
        "{remedy}"
    )
    WRONG_DTYPE = "{path}: the {side} {name!r} is {dtype}, but must be {expected}. {remedy}"
    WRONG_RANK = (
        "{path}: the {side} {name!r} has {rank} dimensions, but must have {expected}. {remedy}"
    )
    EMBEDDING_WIDTHS_DIFFER = (
        "{path} uses embeddings of {width} values, but {other} uses {other_width}: these graphs "
        "do not belong to the same model. {remedy}"
    )
