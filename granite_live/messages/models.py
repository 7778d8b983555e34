"""Messages about models and their comparison."""

from __future__ import annotations

from granite_live.messages import MessageCode


class ModelMessage(MessageCode):
    """Installed models."""

    PUBLISHED_GRAPHS_USED = "The published graphs are used. {reason}"
    PREPARING_CRASHED = "Preparing the model ended unexpectedly; the memory may be full."
    FIX_RIGHTS_OR_CHOOSE_FOLDER = "correct its permissions, or choose a model by its folder"
    FIX_RIGHTS = "correct its permissions"
    NONE_INSTALLED = (
        "No model is installed: install one, or choose a model's folder in the settings."
    )
    MODELS_FOLDER_UNREADABLE = (
        "The folder of installed models, {models}, cannot be read ({reason}): {remedy}."
    )
    OUT_OF_MEMORY_CLOSE_PROGRAMS = (
        "There is not enough free memory for the model: close other programs."
    )
    WITH_REASON = "{subject} ({reason})"


class ChoiceMessage(MessageCode):
    """Why a model, a tier and a provider were chosen."""

    SMALLEST = "It is the smallest tier and needs the least memory on a processor."
    NO_ROOM = "{reason} But it needs {needed_gb:.1f} GB on the disk, and {free_gb:.1f} GB are free."
    LITTLE_MEMORY = (
        "It is the smallest tier, but {memory_gb:.1f} GB of memory are hardly enough for it: "
        "the computer may become slow."
    )
    LITTLE_GRAPHICS_MEMORY = (
        "The graphics card has too little memory for the model, so the processor is used."
    )
    COREML_TAKES_LITTLE = (
        "CoreML supports only {share:.0%} of the model here, so the processor is used."
    )
    ONLY_TIER = "It is the only tier in this bundle."
    MOST_EXACT = "It is the most accurate of the available tiers."
    QUICKEST = "It is the fastest tier on this processor, which multiplies integers fast."
    AS_ASKED = "{what} as requested."
    COREML_SHARE = "CoreML supports {share:.0%} of the model's operators here."
    NVIDIA = "An NVIDIA card with {memory_gb:.0f} GB is available."


class ProviderMessage(MessageCode):
    """onnxruntime's execution providers."""

    NODES = "{nodes} nodes"
    NODES_IN_ONE_PART = "{nodes} nodes in 1 part"
    NODES_IN_PARTS = "{nodes} nodes in {parts} parts"
    INSTALL_CUDA = "install Granite Live with the extra 'cuda' on a machine with an NVIDIA GPU"
    MACOS_ONLY = "it is available only on macOS"
    UNKNOWN = "There is no provider {wanted!r}: choose one of {choices} with --provider."
    COULD_NOT_OPEN_GRAPH = (
        "{provider} could not open {graph}, so it runs on the processor: {reason}"
    )
    TOOK_NO_PART = "{provider} does not support any part of {graph}, so it runs on the processor."
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
        "The sound must be one channel of floating-point samples from -1 to 1, not {dtype} of "
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
    NO_ALIGNMENT = (
        "Texts cannot be aligned: the graphs prepared for this device do not return the scores "
        "that it needs. Choose the published graphs or another device."
    )
    RECOGNIZER_CLOSED = "The recognizer is closed: load it again."
    GRAPH_FAILED = (
        "onnxruntime failed in {graph}: {reason} Check the bundle with 'granite-live models "
        "verify'."
    )
    SOUND_TOO_LONG_FOR_GRAPH = (
        "The {graph} was prepared for {max_rows} rows and {max_slots} slots, but this sound has "
        "{rows} rows and {slots} slots."
    )
    IMPOSSIBLE_ENCODER_SHAPE = (
        "The encoder of {path} returns {frames} CTC frames and {embeddings} audio rows for "
        "{rows} feature rows, which is not possible: it is a different kind of model."
    )
    MEASURING_THREADS = (
        "Measuring the best number of threads for this computer (only once, takes some seconds)."
    )
    THREADS_ONE_CORE = "there is only one core"
    THREADS_SMALL_MODEL = "one for each core; nothing is measured for a model this small"
    THREADS_MEASURED = "measured on this computer: {timings}"
    THREADS_MEASURED_LIVE = (
        "measured on this computer: {timings}; one core is left for other programs"
    )
    THREADS_NOT_MEASURED = "nothing was measured"


class PrivacyMessage(MessageCode):
    """Libraries that would send data."""

    IMPORTED_ELSEWHERE = (
        "Another module imported onnxruntime, possibly with telemetry on, so it is not used: "
        "import it through granite_live.models.onnx_runtime."
    )
    TELEMETRY_ON = (
        "onnxruntime would send telemetry, so it is not loaded: the variable {variable} is "
        "{value}, but must be {needed!r}."
    )


class FormMessage(MessageCode):
    """How exact a model's prepared graphs are, and how fast."""

    MOST_ACCURATE = "Most accurate (8-bit)"
    ACCURATE = "Accurate (8-bit)"
    QUICK = "Quick (8-bit)"
    FULL = "Full precision"
    FASTER = "{form}, {times:.2g}x faster than speech on this computer"
    AS_FAST = "{form}, about as fast as speech on this computer"
    SLOWER = "{form}, slower than speech on this computer ({times:.2g}x)"
    MEASURING = "Measuring how fast the model is on this computer."
    NO_SAMPLE = (
        "The samples of speech that come with Granite Live cannot be read, so the speed of the "
        "model is not measured: install Granite Live again."
    )


class OptimizeMessage(MessageCode):
    """Prepared graphs."""

    PROVIDER_DOES_NOT_WORK = (
        "{provider} does not work on this computer, so {graph} is not prepared for it."
    )
    GRAPH_FAILED = "onnxruntime cannot prepare {graph}: {reason}."
    COMPILING_FAILED = "{provider} cannot compile {graph}: {reason}."
    UNKNOWN_FORM = "The {graph} has a structure that cannot be prepared ({reason})."
    UNKNOWN_AXES = "The input {input!r} has axes of unknown lengths."
    WRONG_AXIS = "An axis of the input {input!r} is {length}, not {expected}."
    FIXED_LENGTHS_FAILED = "onnxruntime cannot set fixed lengths: {reason}."
    NOT_EQUAL = "The prepared graphs give a different text than the published graphs: {reason}."
    RUN_FAILED = "onnxruntime cannot run {graph}: {reason}."
    NO_INTEGER_PRODUCTS = "The {graph} has no 8-bit products that can be made more exact."
    NOT_NEARER = (
        "The {graph} did not become more exact: it differs from its exact weights by "
        "{prepared:.2%}, the published one by {published:.2%}; {equal_prepared:.1%} and "
        "{equal_published:.1%} of the tokens are equal."
    )
    NEARER = (
        "the {graph} differs from its exact weights by {prepared:.2%} instead of {published:.2%}; "
        "{equal_prepared:.1%} instead of {equal_published:.1%} of the tokens are equal"
    )
    LESS_EXACT_FORM = "{reason} The model is prepared with the published rounding."
    TIER_NOT_PREPARED = "The tier {tier} is not prepared{why}: use --tier {tiers}."
    CHANGED_SINCE = (
        "The prepared graphs in {folder} have changed since they were made: prepare the model "
        "again."
    )
    PROVIDER_NOT_SUPPORTED = (
        "Graphs can be prepared only for processors, CUDA and CoreML, not for {provider}: use "
        "--provider cpu."
    )
    NO_ROOM = (
        "Preparing the model needs {needed_gb:.1f} GB in {folder}, but {free_gb:.1f} GB are free."
    )
    FOLDER_UNWRITABLE = "The graphs cannot be prepared in {folder}: {reason}."
    HAS_BRANCHES = "The {graph} has branches, which cannot be given fixed lengths."
    COMPARING = "Comparing with the published graphs."
    COMPARING_EXACT = "Comparing with the exact weights on samples of speech."
    PREPARING = "Preparing the {graph} of {model} ({tier}) for this computer."
    COMPILING = "Compiling graph {number} of {count}; this takes minutes."
    DIFFERENCE = (
        "audio rows differ by {difference:.1e}; {drafted:.0%} of the draft's tokens and "
        "{edited:.0%} of the final text's tokens are equal"
    )
    ONE_AT_A_TIME = "{reason} The model is prepared for one utterance at a time."
    SINGLE_PRECISION = ", because a processor computes it in single precision"
    FOR_PLACE = " for {place}"


class ComparisonMessage(MessageCode):
    """Models compared on recordings with known text."""

    TEXT_UNREADABLE = "'{path}' cannot be read ({reason})."
    TEXT_NOT_UTF8 = "'{path}' is not UTF-8 text: save it as UTF-8 first."
    FOLDER_UNREADABLE = "The folder '{path}' cannot be read ({reason})."
    NO_PAIRS = (
        "There is no recording with its text in '{path}': put the text of talk.wav into talk.txt "
        "beside it."
    )
    NO_CORRECTED_LINES = (
        "No line of your sessions was corrected by hand and still has its sound: correct some "
        "lines, or compare on recordings with known text."
    )
    SAMPLES_MISSING = "The sample recordings are missing ({reason}): install the program again."
    NO_SUCH_TIER = "No model to compare has the tier {tier}: choose {have}."
    CHART_TITLE = "Wrong words with 95 % intervals, and speed against speech"
    STOPPED = "The comparison was stopped."
