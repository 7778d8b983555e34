"""The bundle's JSON files and tokenizer, read defensively: they come from the network."""

from __future__ import annotations

import json
import math
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_live.messages.bundle import BundleMessage
from granite_live.models.bundle import FrontEnd
from granite_live.models.graph_files import quoted
from granite_live.models.layout import REMEDY
from granite_live.util.errors import BundleError

if TYPE_CHECKING:
    from tokenizers import Tokenizer


_MAX_JSON_BYTES = 64 << 20  # a tokenizer of 100,000 tokens has 7 MB
_DEFAULT_MULTIPLIER = 12.0  # Granite's, if the bundle does not state it
_DEFAULT_MAX_POSITIONS = 4096  # Granite's, if the bundle does not state it


def read_json(path: Path) -> Mapping[str, Any]:
    """Return the JSON object in `path`, or an empty one if the file does not exist.

    Raises:
        BundleError: The file is unreadable, too large, or not a JSON object.
    """
    try:
        if not path.exists():
            return {}
        if path.stat().st_size > _MAX_JSON_BYTES:
            raise BundleError(BundleMessage.FILE_TOO_LARGE(path=path, remedy=REMEDY))
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BundleError(
            BundleMessage.FILE_UNREADABLE(path=path, reason=error.strerror or error, remedy=REMEDY)
        ) from error
    except (ValueError, RecursionError) as error:
        raise BundleError(BundleMessage.NOT_JSON(path=path, remedy=REMEDY)) from error
    if not isinstance(value, dict):
        raise BundleError(BundleMessage.NOT_JSON_OBJECT(path=path, remedy=REMEDY))
    return value


def find(sources: Iterable[Mapping[str, Any]], *names: str) -> Any:
    """Return the value of the first of `names` at any depth of `sources`; None if there is none.

    Upstream configurations nest values (`text_config`, `melspec_kwargs`) and exporters flatten
    them, so each source is searched breadth first.
    """
    for source in sources:
        queue: deque[Any] = deque([source])
        while queue:
            level = queue.popleft()
            if isinstance(level, dict):
                for name in names:
                    if level.get(name) is not None:
                        return level[name]
                queue.extend(level.values())
            elif isinstance(level, list):
                queue.extend(level)
    return None


class ModelMetadata:
    """The bundle's metadata about the model; the export's metadata has precedence."""

    def __init__(self, path: Path) -> None:
        """Read the files.

        Raises:
            BundleError: A file cannot be read or is damaged.
        """
        self._path = path
        self._export = path / "granite_export_metadata.json"
        files = (self._export, path / "config.json")
        self._stated = {file: read_json(file) for file in files}

    @property
    def model(self) -> str | None:
        """The model's name, None if the export does not state it."""
        name = self._stated[self._export].get("model")
        return name if isinstance(name, str) and name else None

    def embedding_scale(self) -> tuple[float, bool]:
        """Return (embedding multiplier, whether audio rows are divided by it).

        Raises:
            BundleError: A value is invalid.
        """
        multiplier, file = self._value("embedding_multiplier", _DEFAULT_MULTIPLIER)
        if not _is_usable(multiplier):
            raise BundleError(
                BundleMessage.BAD_EMBEDDING_MULTIPLIER(
                    path=file, value=quoted(repr(multiplier)), remedy=REMEDY
                )
            )
        return float(multiplier), self._flag("scale_projected_embeddings", True)

    def drafts_are_plain(self) -> bool:
        """Return whether drafts lack the capitals and punctuation that the editor writes.

        Raises:
            BundleError: The value is invalid.
        """
        return self._flag("drafts_are_plain", False)

    def max_positions(self) -> int:
        """Return the editor's context in positions.

        Raises:
            BundleError: The value is invalid.
        """
        name = "max_position_embeddings"
        value, file = self._value(name, _DEFAULT_MAX_POSITIONS)
        return _positive(value, name, file)

    def _flag(self, name: str, default: bool) -> bool:
        value, file = self._value(name, default)
        if not isinstance(value, bool):
            raise BundleError(
                BundleMessage.NOT_A_BOOLEAN(
                    name=name, path=file, value=quoted(repr(value)), remedy=REMEDY
                )
            )
        return value

    def _value(self, name: str, default: Any) -> tuple[Any, Path]:
        """Return a value and the file that states it."""
        for file, stated in self._stated.items():
            value = find([stated], name)
            if value is not None:
                return value, file
        return default, self._path


def front_end(path: Path, feature_dim: int) -> FrontEnd:
    """Return the front end that makes rows of `feature_dim` values for the encoder.

    Raises:
        BundleError: The parameters are invalid or give rows of another size.
    """
    file = path / "preprocessor_config.json"
    source = [read_json(file)]
    known = FrontEnd()

    def number(default: int, *names: str) -> int:
        value = find(source, *names)
        return default if value is None else _positive(value, names[0], file)

    n_mels = number(known.n_mels, "n_mels", "num_mel_bins")
    if feature_dim % n_mels:
        raise BundleError(
            BundleMessage.MEL_BANDS_DIFFER(
                path=file, bands=n_mels, width=feature_dim, remedy=REMEDY
            )
        )
    made = FrontEnd(
        sample_rate_hz=number(known.sample_rate_hz, "sampling_rate", "sample_rate"),
        n_fft=number(known.n_fft, "n_fft"),
        win_length=number(known.win_length, "win_length"),
        hop_length=number(known.hop_length, "hop_length"),
        n_mels=n_mels,
        frame_stack=feature_dim // n_mels,
    )
    plausible = (
        made.win_length <= made.n_fft <= 1 << 16
        and made.hop_length <= made.n_fft
        and made.n_mels <= made.n_fft
        and 4000 <= made.sample_rate_hz <= 192_000
    )
    if not plausible:
        raise BundleError(BundleMessage.IMPOSSIBLE_FRONT_END(path=file, made=made, remedy=REMEDY))
    return made


def eos_token(path: Path) -> str:
    """Return the text of the end-of-sequence token, which is the editor's slot token.

    Raises:
        BundleError: The tokenizer files do not name one.
    """
    for name in ("tokenizer_config.json", "special_tokens_map.json"):
        value = read_json(path / name).get("eos_token")
        if isinstance(value, dict):  # a serialized AddedToken
            value = value.get("content")
        if isinstance(value, str) and value:
            return value
    raise BundleError(
        BundleMessage.NO_EOS_TOKEN(path=path / "tokenizer_config.json", remedy=REMEDY)
    )


def _is_usable(multiplier: object) -> bool:
    if isinstance(multiplier, bool) or not isinstance(multiplier, int | float):
        return False
    try:
        return 0 < float(multiplier) < math.inf
    except OverflowError:  # an integer of hundreds of digits
        return False


def _positive(value: object, name: str, file: Path) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise BundleError(
            BundleMessage.NOT_A_POSITIVE_INTEGER(
                name=name, path=file, value=quoted(repr(value)), remedy=REMEDY
            )
        )
    return value


# Vocabularies are padded to these multiples, so a head may be slightly wider.
_PADDING_MULTIPLES = (64, 128)


def load_tokenizer(path: Path, vocab_size: int) -> Tokenizer:
    """Return the tokenizer in the bundle `path`, which must fit a head of `vocab_size` classes.

    Raises:
        BundleError: The file is missing, damaged or of another model.
    """
    from tokenizers import Tokenizer

    file = path / "tokenizer.json"
    if not file.is_file():
        raise BundleError(BundleMessage.FILE_MISSING(path=file, remedy=REMEDY))
    try:
        tokenizer = Tokenizer.from_file(str(file))
    except BaseException as error:
        # A damaged file can make the native parser panic, which is not an Exception.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise BundleError(BundleMessage.NOT_A_TOKENIZER(path=file, remedy=REMEDY)) from error
    size = tokenizer.get_vocab_size(with_added_tokens=True)
    padded = {-(-size // multiple) * multiple for multiple in _PADDING_MULTIPLES}
    if vocab_size not in {size, *padded}:
        raise BundleError(
            BundleMessage.TOKENIZER_SIZE_DIFFERS(
                path=file, size=size, vocabulary=vocab_size, remedy=REMEDY
            )
        )
    return tokenizer


def token_id(tokenizer: Tokenizer, token: str, vocab_size: int, path: Path) -> int:
    """Return the id of `token`.

    Raises:
        BundleError: The tokenizer does not have the token, or its id is outside the vocabulary.
    """
    found = tokenizer.token_to_id(token)
    if found is None or found >= vocab_size:
        raise BundleError(
            BundleMessage.EOS_TOKEN_UNUSABLE(
                path=path / "tokenizer.json", token=token, found=found, remedy=REMEDY
            )
        )
    return found
