"""Messages about models."""

from __future__ import annotations

from granite_live.messages import MessageCode


class ModelMessage(MessageCode):
    """Installed models."""

    PUBLISHED_GRAPHS_USED = "The published graphs are used. {reason}"
    PREPARING_CRASHED = "Preparing ended without an answer, as when memory is full."
    FIX_RIGHTS_OR_CHOOSE_FOLDER = "mend its rights, or choose a model by its folder"
    FIX_RIGHTS = "mend its rights"
    NONE_INSTALLED = "There is no model: install one, or choose its folder in the settings."
    MODELS_FOLDER_UNREADABLE = (
        "The folder of installed models, {models}, cannot be read ({reason}): {remedy}."
    )
    OUT_OF_MEMORY_CLOSE_PROGRAMS = (
        "The model does not fit into the memory that is left: close what you can."
    )
    WITH_REASON = "{subject} ({reason})"


class ChoiceMessage(MessageCode):
    """Why a model, a tier and a provider were chosen."""

    SMALLEST = "It is the smallest and takes the least memory on a processor."
    NO_ROOM = "{reason} But it takes {needed_gb:.1f} GB of the disk and {free_gb:.1f} GB are free."
    LITTLE_MEMORY = (
        "It is the smallest, but {memory_gb:.1f} GB of memory are little for it: expect the "
        "computer to become slow."
    )
    LITTLE_GRAPHICS_MEMORY = (
        "The graphics card has too little memory for the model, so the processor is used."
    )
    COREML_TAKES_LITTLE = (
        "CoreML takes only {share:.0%} of the model here, so the processor is used."
    )
    ONLY_TIER = "It is the only tier there is."
    MOST_EXACT = "It is the most exact of those that are here."
    QUICKEST = "It is the quickest on this processor, which multiplies integers fast."
    AS_ASKED = "{what} as asked."
    COREML_SHARE = "CoreML takes {share:.0%} of the model's operators here."
    NVIDIA = "An NVIDIA card with {memory_gb:.0f} GB works here."


class ProviderMessage(MessageCode):
    """onnxruntime's execution providers."""

    NODES = "{nodes} nodes"
    NODES_IN_ONE_PART = "{nodes} nodes in 1 part"
    NODES_IN_PARTS = "{nodes} nodes in {parts} parts"
    INSTALL_CUDA = "install Granite Live with the extra 'cuda' on a machine with an NVIDIA GPU"
    MACOS_ONLY = "it exists on macOS only"
    UNKNOWN = "There is no provider {wanted!r}: choose one of {choices} with --provider."
    COULD_NOT_OPEN_GRAPH = (
        "{provider} could not open {graph}, so it runs on the processor: {reason}"
    )
    TOOK_NO_PART = "{provider} took no part of {graph}, so it runs on the processor."
    NOT_IN_ONNXRUNTIME = (
        "The installed onnxruntime has no {wanted} provider, so the processor is used: {reason}."
    )
    GRAPH_UNOPENABLE = (
        "onnxruntime cannot open {path}: {reason} Check the bundle with 'granite-live models "
        "verify'."
    )


class AsrMessage(MessageCode):
    """Sound and graphs that do not fit together."""

    WRONG_SOUND_FORMAT = (
        "The sound must be one channel of floating-point samples in -1..1, not {dtype} of "
        "shape {shape}: mix and convert it first."
    )
    DAMAGED_SOUND = (
        "The sound is damaged: sample {sample} (at {at_s:.3f} s) is {value}. Repair or "
        "convert the recording."
    )
    NO_VOCABULARY = (
        "The vocabulary is not used: the graphs prepared for this device do not return the scores "
        "that it needs. Choose the published graphs or another device."
    )
    RECOGNIZER_CLOSED = "The recognizer is closed: load it again."
    GRAPH_FAILED = (
        "onnxruntime failed in {graph}: {reason} Check the bundle with 'granite-live models "
        "verify'."
    )
    SOUND_TOO_LONG_FOR_GRAPH = (
        "The {graph} was prepared for {max_rows} rows and {max_slots} slots, this sound has "
        "{rows} and {slots}."
    )
    IMPOSSIBLE_ENCODER_SHAPE = (
        "The encoder of {path} makes {frames} CTC frames and {embeddings} audio rows of "
        "{rows} feature rows, which cannot be: it is another kind of model."
    )
    MEASURING_THREADS = "Measuring which number of threads suits this machine (once, some seconds)."
    THREADS_ONE_CORE = "there is one core"
    THREADS_SMALL_MODEL = "the cores there are, as so small a model is not measured"
    THREADS_MEASURED = "measured here: {timings}"
    THREADS_MEASURED_LIVE = "measured here: {timings}, a core is left to other programs"
    THREADS_NOT_MEASURED = "nothing was measured"


class PrivacyMessage(MessageCode):
    """Libraries that would send data."""

    IMPORTED_ELSEWHERE = (
        "onnxruntime was imported by another module, maybe with its telemetry on, so it is "
        "not used: import it through granite_live.models.onnx_runtime."
    )
    TELEMETRY_ON = (
        "onnxruntime would send telemetry, so it is not loaded: the variable {variable} is "
        "{value}, but must be {needed!r}."
    )


class OptimizeMessage(MessageCode):
    """Prepared graphs."""

    PROVIDER_DOES_NOT_WORK = "{provider} does not work here, so {graph} is not prepared for it."
    GRAPH_FAILED = "onnxruntime cannot prepare {graph}: {reason}"
    COMPILING_FAILED = "{provider} cannot compile {graph}: {reason}"
    UNKNOWN_FORM = "The {graph} is of a form that cannot be prepared ({reason})."
    UNKNOWN_AXES = "The input {input!r} has axes of unknown lengths."
    WRONG_AXIS = "An axis of the input {input!r} is {length}, not {expected}."
    FIXED_LENGTHS_FAILED = "onnxruntime cannot take fixed lengths: {reason}"
    NOT_EQUAL = "The prepared graphs do not say what the published ones say: {reason}."
    RUN_FAILED = "onnxruntime cannot run {graph}: {reason}"
    TIER_NOT_PREPARED = "The tier {tier} is not prepared{why}: use --tier {tiers}."
    CHANGED_SINCE = "What was prepared in {folder} has changed since: prepare it again."
    PROVIDER_NOT_SUPPORTED = (
        "Graphs are not prepared for {provider}, only for processors, CUDA and CoreML: use "
        "--provider cpu."
    )
    NO_ROOM = "Preparing needs {needed_gb:.1f} GB in {folder}, {free_gb:.1f} GB are free."
    FOLDER_UNWRITABLE = "The graphs cannot be prepared in {folder}: {reason}."
    HAS_BRANCHES = "The {graph} has branches, which cannot be given fixed lengths."
    COMPARING = "Comparing with the published graphs."
    PREPARING = "Preparing the {graph} of {model} ({tier}) for this machine."
    COMPILING = "Compiling graph {number} of {count}, which takes minutes."
    DIFFERENCE = (
        "audio rows differ by {difference:.1e}, {drafted:.0%} and {edited:.0%} tokens equal"
    )
    ONE_AT_A_TIME = "{reason} It is prepared for one utterance at a time."
    SINGLE_PRECISION = ", since a processor computes it in single precision"
    FOR_PLACE = " for {place}"
