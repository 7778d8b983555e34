"""Messages about bundle."""

from __future__ import annotations

from granite_live.messages import MessageCode


class BundleMessage(MessageCode):
    """Model bundles and their files."""

    SIZE_NOT_A_NUMBER = "{path} is damaged: {what} {value} of {tensor} is no size. {remedy}"
    EXTERNAL_LENGTH_WRONG = (
        "{path} is damaged: {name} has {length} bytes of data where its shape needs "
        "{needed}. {remedy}"
    )
    EXTERNAL_DATA_CUT = (
        "{path} is cut short: it has {size:,} bytes, {graph} needs at least {needed:,}. {remedy}"
    )
    NEGATIVE_SIZE = "{path} is damaged: {tensor} has a negative size. {remedy}"
    NO_TYPE = "{path} is damaged: {tensor} has no type. {remedy}"
    WEIGHTS_OUTSIDE = (
        "{path} keeps its weights at {location}, outside of the bundle: this is not safe to "
        "open. {remedy}"
    )
    LINK_OUTSIDE = (
        "{path} is a link to {target}, outside of the bundle: this is not safe to open. {remedy}"
    )
    FILE_MISSING = "{path} is missing. {remedy}"
    GRAPH_EMPTY = "{path} is empty or cut short: it holds no whole graph. {remedy}"
    INLINE_LENGTH_WRONG = (
        "{path} is damaged: {name} holds {length} bytes where its shape needs {needed}. {remedy}"
    )
    UNKNOWN_TYPE = "{path} is damaged: {tensor} has the unknown type {type}. {remedy}"
    EXTERNAL_DATA_MISSING = "{path} is missing, {graph} keeps its weights there. {remedy}"
    EXTERNAL_DATA_UNOPENABLE = (
        "{path} keeps its weights at {location}, which cannot be opened: {reason}. {remedy}"
    )
    FILE_UNREADABLE = "{path} cannot be read: {reason}. {remedy}"
    NOT_A_GRAPH = "{path} is damaged or not an ONNX graph. {remedy}"
    NOT_A_TENSOR = "{path} is damaged: {name} is not a tensor of a known type. {remedy}"
    REMEDY = "Download the bundle again, or choose another one with --bundle."
    NOTHING_THERE = "There is no model bundle at {path}: give the folder's path."
    IS_FILE = "{path} is a file, not a model bundle: give the bundle's folder."
    LOOKS_LIKE_TIER = " It looks like one tier: give the folder above it, {folder}."
    NO_TIERS = "{path} is not a model bundle: none of {tiers} holds a graph.{hint}"
    NO_SUCH_TIER = "The bundle has no tier {tier!r}: choose one of {tiers} with --tier."
    NO_EOS_TOKEN = "{path} names no eos_token. {remedy}"
    NOT_JSON_OBJECT = "{path} does not hold a JSON object. {remedy}"
    MEL_BANDS_DIFFER = (
        "{path} says {bands} mel bands, but the encoder takes {width} values a row, which is "
        "no multiple of it. {remedy}"
    )
    IMPOSSIBLE_FRONT_END = "{path} describes an impossible front end: {made}. {remedy}"
    NOT_A_POSITIVE_INTEGER = (
        "The {name} in {path} is {value}, it must be a whole number above zero. {remedy}"
    )
    TOKENIZER_SIZE_DIFFERS = (
        "{path} knows {size} tokens, the editor's head {vocabulary}: they are not of one "
        "model. {remedy}"
    )
    EOS_TOKEN_UNUSABLE = "{path} has no usable eos token {token!r} (id {found}). {remedy}"
    FILE_TOO_LARGE = "{path} is far too large for what it should hold. {remedy}"
    NOT_JSON = "{path} is damaged, it is not valid JSON. {remedy}"
    BAD_EMBEDDING_MULTIPLIER = (
        "The embedding_multiplier in {path} is {value}, it must be a number above zero. {remedy}"
    )
    NOT_A_BOOLEAN = "The {name} in {path} is {value}, it must be true or false. {remedy}"
    NOT_A_TOKENIZER = "{path} is damaged or not a tokenizer. {remedy}"
    CTC_CLASSES_DIFFER = (
        "{path}: the CTC head has {classes} classes, which fits no vocabulary of "
        "{vocabulary} tokens: these graphs are not of one model. {remedy}"
    )
    UNKNOWN_INPUT = (
        "{path} wants the input {name!r}, which this program does not know: it is another "
        "kind of model. {remedy}"
    )
    WIDTH_NOT_STATED = "{path} does not state the width of {name!r}. {remedy}"
    VALUE_MISSING = (
        "{path} has no {side} {name!r} (it has {present}): it is another kind of model. {remedy}"
    )
    WRONG_DTYPE = "{path}: the {side} {name!r} is {dtype}, it must be {expected}. {remedy}"
    WRONG_RANK = (
        "{path}: the {side} {name!r} has {rank} dimensions, it must have {expected}. {remedy}"
    )
    EMBEDDING_WIDTHS_DIFFER = (
        "{path} works with embeddings of {width} values, {other} with {other_width}: these "
        "graphs are not of one model. {remedy}"
    )
